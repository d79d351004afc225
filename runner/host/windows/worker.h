/* SPDX-License-Identifier: MIT */
/*
 * Work on a thread that may never come back: what takes too long is abandoned, and the one who lets go last frees it.
 * A struct worker is the first member of what the work needs, on the heap; the worker touches nothing else.
 */
#ifndef AZMEND_HOST_WINDOWS_WORKER_H
#define AZMEND_HOST_WINDOWS_WORKER_H

#include "host/windows/backend.h"

struct worker {
    bool (*work)(struct worker *worker, struct err *err);
    void (*drop)(struct worker *worker); /* what the work holds, and the memory itself */
    LONG owners;                         /* 0 until it runs */
    HANDLE done;
    bool succeeded;
    struct err err;
};

/* Waits at most timeout_ms. False: what the work said, or ERR_TIMEOUT: abandoned, and it may still come to pass. */
bool worker_run(struct worker *worker, const char *what, int64_t timeout_ms, struct err *err) MUST_CHECK;
/* The caller's part; after worker_run or instead of it. */
void worker_release(struct worker *worker);

#endif
