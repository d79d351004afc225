/* SPDX-License-Identifier: MIT */
/*
 * The state folder, for every command: the lock, and a folder for each run with its journal and its result.
 *
 *     DIR/lock                          a kernel lock; dies with the process
 *     DIR/runs/<runId>/journal.jsonl    host/journal.h
 *     DIR/runs/<runId>/result.json      azmend.result/1, whole
 *     DIR/runs/<runId>/recover.txt      how to end by hand what the run began: kinds/licensing/license_recover.h
 *     DIR/instances/<vmId>              channel/console/provision.h
 *     DIR/pending.json                  channel/run/pending.h
 *     DIR/distance.json                 channel/run/distance.h
 *     DIR/NAME.foreign-<16 hex>         what another user had put under one of these names; never read
 *
 * What another user can write is foreign (host/port_state.h): every command goes by it as if it were not there. A part
 * is named below DIR with '/' and reached through `port`, never by a path of its own; scripts/check state sees to it.
 */
#ifndef AZMEND_CHANNEL_RUN_STATE_H
#define AZMEND_CHANNEL_RUN_STATE_H

#include "base/arena.h"
#include "engine/record.h"
#include "host/journal.h"
#include "host/port_state.h"

/* What was renamed aside since the folder was opened. */
struct state_asides {
    struct arena *arena;
    struct aside_record items[LIMIT_ASIDE];
    size_t count;
};

struct state {
    const char *root;           /* DIR, for people */
    const char *run_id;         /* of this run */
    const char *folder;         /* of this run, for people; NULL: no run writes here */
    struct journal_owner owner; /* this VM, as far as it is known: state_own */
    struct port_state *port;    /* NULL: not open */
    struct port_lock *lock;
    struct journal *journal;
    struct state_asides *asides; /* memory: the arena; it outlives state_close */
};

/* To read: makes nothing, takes no lock. root NULL: the system's own place. ERR_NOT_FOUND; ERR_REFUSED: foreign. */
bool state_look(const char *root, struct arena *arena, struct state *ret_state, struct err *err) MUST_CHECK;
/*
 * For a run that writes. What is foreign is renamed aside and told, on stderr and in asides; what a killed run left
 * half-written is swept. ERR_BUSY names the holder; ERR_REFUSED: foreign and not to be renamed; ERR_DENIED, ERR_IO:
 * nothing can be kept.
 */
bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
    MUST_CHECK;
/* Whose the folder's runs have to be; before anything is read or journalled. The texts live as long as the state. */
void state_own(struct state *state, const struct journal_owner *owner);
/* The lock alone, as who: for what is no run. ERR_BUSY. */
bool state_lock(struct state *state, const char *who, struct arena *arena, struct err *err) MUST_CHECK;
void state_close(struct state *state); /* takes a zeroed one */
/* Writes the result.json of a run, this one or an earlier one: its record is closed then. */
bool state_keep_result(const struct state *state, const char *run_id, struct arena *arena, const struct buf *result,
                       struct err *err) MUST_CHECK;

/* --- names below DIR, for port_state_* --- */
#define STATE_LOCK "lock"
#define STATE_RUNS "runs"
#define STATE_INSTANCES "instances"
#define STATE_PENDING "pending.json"
#define STATE_DISTANCE "distance.json"
#define STATE_JOURNAL "journal.jsonl"
#define STATE_RESULT "result.json"
const char *state_run(const char *run_id, struct arena *arena);
const char *state_file(const char *run_id, const char *name, struct arena *arena);
/* A vmId in either case is the same one. */
const char *state_instance(const char *vm_id, struct arena *arena);
/* As a path, for people. */
const char *state_shown(const struct state *state, const char *at, struct arena *arena);

#endif
