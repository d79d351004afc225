/* SPDX-License-Identifier: MIT */
/* The pieces of a result; private to report/. */
#ifndef AZMEND_REPORT_RESULT_PARTS_H
#define AZMEND_REPORT_RESULT_PARTS_H

#include <stddef.h>

#include "report/result.h"

/* Room for a time as a text; an arena that formats it lies there, too. */
struct utc_text {
    _Alignas(max_align_t) char bytes[64];
};
/* NULL: nobody knows it, as of a run that was cut off. */
const char *result_utc(int64_t utc_ms, struct utc_text *text);

void result_known(struct writer *writer, const char *name, const char *text);
/* As result_known; at DETAIL_VERDICT clipped, so that the smallest result has a bound. */
void result_clipped(struct writer *writer, const char *name, const char *text, enum detail detail);
/* Nothing when there is no error. */
void result_error(struct writer *writer, const struct err *err, enum detail detail);
void result_change(struct writer *writer, const struct op *op);
void result_undo(struct writer *writer, const struct undo_record *undo, enum detail detail);
void result_interrupted(struct writer *writer, const struct interrupted_record *interrupted, enum detail detail);
/* Nothing when nothing was left alone. */
void result_history(struct writer *writer, const struct history_record *history, enum detail detail);
/* In every detail: names and addresses of it may have been set. Nothing where the run was given none. */
void result_clouds(struct writer *writer, const struct plan_clouds *clouds, enum detail detail);
/* In every detail: whoever reads that nothing was fixed has to see who did not want it. */
void result_narrowing(struct writer *writer, const struct narrowing *narrowing);
/* planId of a plan; of a fix that is held to one also what it was held to. In every detail. */
void result_approval(struct writer *writer, const struct record *record);
void result_finding(struct writer *writer, const struct host *host, const struct finding_record *finding,
                    enum detail detail);

#endif
