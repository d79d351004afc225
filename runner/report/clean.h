/* SPDX-License-Identifier: MIT */
/*
 * Texts from anywhere, as people may see them: no secret, one line, no control character, no change of direction; in
 * English ASCII alone, because Run Command decodes with the OEM code page.
 */
#ifndef AZMEND_REPORT_CLEAN_H
#define AZMEND_REPORT_CLEAN_H

#include "base/buf.h"
#include "report/words.h"

/* A text as it may stand in the table, appended. */
void text_clean(struct buf *buf, const char *text, enum language language);
/* An indented line "LABEL: TEXT" of such texts; label NULL: none; text NULL: no line. */
void text_line(struct buf *buf, int indent, const char *label, const char *text, enum language language);

#endif
