/* SPDX-License-Identifier: MIT */
/*
 * The state folder of fix and undo: the lock, and a folder for each run with its journal and its result.
 *
 *     DIR/lock                          a kernel lock; dies with the process
 *     DIR/runs/<runId>/journal.jsonl    host/journal.h
 *     DIR/runs/<runId>/result.json      azmend.result/1, whole
 *     DIR/instances/<vmId>              channel/provision.h
 *     DIR/pending.json                  channel/pending.h
 */
#ifndef AZMEND_CHANNEL_STATE_H
#define AZMEND_CHANNEL_STATE_H

#include "base/arena.h"
#include "host/journal.h"
#include "host/port.h"

struct state {
    const char *root;   /* DIR */
    const char *run_id; /* of this run */
    const char *folder; /* of this run; NULL: not open */
    struct port_lock *lock;
    struct journal *journal;
};

/* Sweeps what a killed run left half-written. root NULL: the system's own place. ERR_BUSY names the holder; ERR_DENIED,
 * ERR_IO: nothing can be kept there. */
bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
    MUST_CHECK;
/* The lock alone, as who: for what is no run. ERR_BUSY. */
bool state_lock(const char *root, const char *who, struct arena *arena, struct port_lock **ret_lock, struct err *err)
    MUST_CHECK;
void state_close(struct state *state); /* takes a zeroed one */
/* Writes the result.json of a run, this one or an earlier one: its record is closed then. */
bool state_keep_result(const struct state *state, const char *run_id, struct arena *arena, const struct buf *result,
                       struct err *err) MUST_CHECK;
/* "DIR/runs", "DIR/runs/<runId>", "DIR/runs/<runId>/NAME". */
const char *state_runs(const struct state *state, struct arena *arena);
const char *state_folder(const struct state *state, const char *run_id, struct arena *arena);
const char *state_path(const struct state *state, const char *run_id, const char *name, struct arena *arena);
/* "DIR/instances", "DIR/instances/<vmId>": a vmId in either case is the same one. */
const char *state_instances(const char *root, struct arena *arena);
const char *state_instance(const char *root, const char *vm_id, struct arena *arena);
#define STATE_JOURNAL "journal.jsonl"
#define STATE_RESULT "result.json"
#define STATE_PENDING "pending.json"

#endif
