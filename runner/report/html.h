/* SPDX-License-Identifier: MIT */
/*
 * The result as one page for people: worst findings first, each with what was seen, what was changed and what is left
 * to do. The page stands alone: no script, no link, nothing loaded from anywhere, and it forbids itself all of that;
 * every text from outside is escaped.
 */
#ifndef AZMEND_REPORT_HTML_H
#define AZMEND_REPORT_HTML_H

#include "base/buf.h"
#include "report/words.h"

/* Appends UTF-8. */
void html_write(struct buf *buf, const struct record *record, enum language language);

#endif
