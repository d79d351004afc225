/* SPDX-License-Identifier: MIT */
/* Traces: why findings are as they are, as trees. */
#ifndef AZMEND_REPORT_TRACE_H
#define AZMEND_REPORT_TRACE_H

#include "json/writer.h"
#include "report/words.h"

/* For people; every line ends with a newline. */
void trace_text(struct buf *buf, const struct record *record, enum language language);
/* An array; without nodes (detail is short): each says how many are left out. */
void trace_write(struct writer *writer, const struct record *record, bool with_nodes);

#endif
