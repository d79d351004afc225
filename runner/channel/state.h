/* SPDX-License-Identifier: MIT */
/*
 * The state folder of fix: the lock, and a folder for each run with its journal and its result.
 *
 *     DIR/lock                          a kernel lock; dies with the process
 *     DIR/runs/<runId>/journal.jsonl    host/journal.h
 *     DIR/runs/<runId>/result.json      azmend.result/1, whole
 */
#ifndef AZMEND_CHANNEL_STATE_H
#define AZMEND_CHANNEL_STATE_H

#include "base/arena.h"
#include "host/journal.h"
#include "host/port.h"

struct state {
    const char *folder; /* of this run; NULL: not open */
    struct port_lock *lock;
    struct journal *journal;
};

/* root NULL: the system's own place. ERR_BUSY names the holder; ERR_DENIED, ERR_IO: nothing can be kept there. */
bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
    MUST_CHECK;
void state_close(struct state *state); /* takes a zeroed one */
/* Writes result.json. */
bool state_keep_result(const struct state *state, struct arena *arena, const struct buf *result, struct err *err)
    MUST_CHECK;

#endif
