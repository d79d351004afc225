/* SPDX-License-Identifier: MIT */
/* The documents of the evidence; private to report/evidence*.c. Each appends its own and names no secret. */
#ifndef AZMEND_REPORT_EVIDENCE_PARTS_H
#define AZMEND_REPORT_EVIDENCE_PARTS_H

#include "base/buf.h"
#include "report/report.h"

struct event_excerpt;

void evidence_case(struct buf *buf, const struct record *record);
void evidence_configuration(struct buf *buf, const struct report *report);
void evidence_looks(struct buf *buf, const struct record *record);
/* Whole events; the document says how many of how many it shows. */
void evidence_events(struct buf *buf, const struct event_excerpt *excerpt);

#endif
