/* SPDX-License-Identifier: MIT */
/*
 * The result, azmend.result/1: what went out of a run to whoever asked, as one JSON object. ASCII only.
 *
 * Not every channel takes the whole of it, so it has levels of detail. A reader sees in "detail" how much was left
 * out; what is there is never cut in the middle.
 */
#ifndef AZMEND_REPORT_RESULT_H
#define AZMEND_REPORT_RESULT_H

#include "engine/record.h"
#include "json/writer.h"

/* From everything to next to nothing; each level leaves out more than the one before. */
enum detail {
    DETAIL_ALL,
    DETAIL_NO_EVIDENCE, /* without evidence, the ids of absent findings, and commands as word lists */
    DETAIL_NO_PROSE,    /* without detail and why */
    DETAIL_NO_STEPS,    /* without steps and their changes */
    DETAIL_NO_COMMANDS, /* hand-overs by title */
    DETAIL_STATES,      /* findings by id, severity and state; healthy playbooks by id */
    DETAIL_COUNTS,      /* playbooks by verdict and number of findings in each state */
    DETAIL_VERDICT,     /* the verdict, the machine's name, numbers in all; long texts clipped */
    DETAIL_COUNT
};

void result_write(struct writer *writer, const struct record *record, enum detail detail);
/* The first level that fits into limit bytes, newline included. Replaces buf. DETAIL_VERDICT always fits into
 * LIMIT_STDOUT_BYTES. */
enum detail result_fit(struct buf *buf, const struct record *record, enum writer_layout layout, size_t limit);
/* The result for a file: indented, in LIMIT_RESULT_BYTES. ERR_MEMORY: buf holds none, and half of one is of no use. */
bool result_whole(struct buf *buf, const struct record *record, struct err *err) MUST_CHECK;
/* JSON Schema (2020-12) of the result at every level. */
void result_schema(struct writer *writer);

#endif
