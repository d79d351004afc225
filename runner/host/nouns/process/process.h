/* SPDX-License-Identifier: MIT */
/*
 * Programs without an interface but their command line (fclip.exe; claim: programs.fclip-text). By full path and argv,
 * never through a shell; no input, no window; the first LIMIT_CHILD_BYTES of the output are kept; at most
 * LIMIT_CHILD_MS, then the program and all that it started are ended. What a program does to the machine nobody knows:
 * a run is one-way and nothing repeats it. Source:
 * https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw and
 * https://learn.microsoft.com/windows/win32/procthread/job-objects
 */
#ifndef AZMEND_HOST_NOUNS_PROCESS_PROCESS_H
#define AZMEND_HOST_NOUNS_PROCESS_PROCESS_H

#include "host/host.h"

struct process_order {
    const char *program; /* full path, or from %SystemRoot% and its like */
    const char *const *arguments;
    size_t argument_count;
    int64_t timeout_ms; /* the gate's: already cut to the deadline */
};

struct process_result {
    uint32_t exit_code;
    const char *output; /* standard output and error as they came, as decode_text reads them */
};

/* A run of this run: kept, so that a look can tell what came of it. */
struct process_run {
    const char *program;
    int64_t utc_ms; /* when it began */
    bool ended;     /* false: overdue and ended by us, or it did not start */
    struct process_result result;
};

/* What a backend supplies. */
struct process_ops {
    /* At most order->timeout_ms, then it is ended: ERR_TIMEOUT. */
    bool (*run)(void *backend, const struct process_order *order, struct arena *arena,
                struct process_result *ret_result, struct err *err);
};

/* A change (one way). True: it ran to its end, whatever its exit code. ERR_TIMEOUT: it was ended. ERR_NOT_FOUND. */
bool host_process_run(struct host *host, const struct process_order *order, struct err *err) MUST_CHECK;
/* The last run of the program in this run; NULL: none. */
const struct process_run *host_process_last(const struct host *host, const char *program);

#endif
