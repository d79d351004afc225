/* SPDX-License-Identifier: MIT */
/* All that a run left, for the sinks that go beyond the result itself. */
#ifndef AZMEND_REPORT_REPORT_H
#define AZMEND_REPORT_REPORT_H

#include "base/arena.h"
#include "report/words.h"

/* An option as it took effect. No secret may stand here. */
struct report_option {
    const char *name, *value;
};

/* A file of this machine that belongs to the run, or to the one before it; who keeps it reads it. */
struct report_file {
    const char *name; /* in the archive: "journal.jsonl" */
    const char *at;   /* for `read`; one that is not there is left out, and that is said */
};

struct report {
    struct arena *arena;
    const struct record *record;
    enum language language;
    const char *command;
    const struct report_option *options;
    size_t option_count;
    const struct report_file *files;
    size_t file_count;
    bool (*read)(const void *context, const char *at, size_t limit, struct buf *ret_bytes, struct err *err);
    const void *context; /* of read */
};

#endif
