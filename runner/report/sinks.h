/* SPDX-License-Identifier: MIT */
/*
 * Where a result goes besides stdout and the state folder: one row a sink. A sink that fails says so and takes no
 * other along.
 */
#ifndef AZMEND_REPORT_SINKS_H
#define AZMEND_REPORT_SINKS_H

#include "report/report.h"

enum sink {
    SINK_RESULT,    /* azmend.result/1 as a file */
    SINK_EVENT_LOG, /* one event; its place is any text */
    SINK_HTML,
    SINK_EVIDENCE, /* calls libarchive: the last one, after everything else is out */
    SINK_COUNT
};
extern const char *const sink_names[SINK_COUNT]; /* for messages: the option */

/* place: a path. NULL: not asked for, which is success. What a file had before stays when it cannot be written. */
bool sink_write(enum sink sink, const struct report *report, const char *place, struct err *err) MUST_CHECK;

#endif
