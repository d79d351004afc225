/* SPDX-License-Identifier: MIT */
/*
 * One run from beginning to end, for whichever channel asks; it says nothing to anybody by itself.
 *
 *     intake -> plan -> machine -> (fix, undo: rights, lock, earlier runs) -> engine -> record -> result kept
 *
 *     struct session session AUTO(session_close) = {.options = ..., .arena = ..., .mode = ..., .channel = "console"};
 *     session_prepare -> session_run, or session_fail -> session_keep
 *
 * check and plan create no folder and take no lock.
 */
#ifndef AZMEND_CHANNEL_RUN_SESSION_H
#define AZMEND_CHANNEL_RUN_SESSION_H

#include "channel/run/distance.h"
#include "channel/run/machine.h"
#include "channel/run/pending.h"
#include "channel/run/state.h"
#include "engine/engine.h"
#include "engine/past.h"
#include "host/record/recorder.h"

struct session {
    const struct options *options; /* what the person or the settings said */
    struct arena *arena;
    enum run_mode mode;
    const char *channel; /* "console", "handler" */
    int64_t begun_ms;    /* monotonic: what a download took counts against the deadline */
    const char *id;      /* "20260115T080000Z-1a2b3c4d"; NULL: not chosen yet */
    uint64_t seed;
    const struct plan *plan; /* NULL: an undo asks no playbook */
    struct machine machine;
    struct recorder *recorder; /* writes each look down; NULL: none does */
    struct state state;
    bool has_looked; /* for the state folder */
    struct host host;
    struct record record;
    struct history_record history;  /* what of the earlier runs is left alone */
    struct narrowing narrowing;     /* what the owner of the VM leaves this run */
    const struct past_run *undone;  /* MODE_UNDO: what is taken back; NULL: nothing */
    struct machine_record identity; /* is_identified: as session_machine saw it */
    bool is_identified, has_waited;
    struct pending_file pending; /* what waits for a restart */
    struct distance distance;    /* what earlier runs asked and did */
};

/*
 * Each returns ENDING_NONE: go on. Anything else is how the run ended, and err says why. open: id, plan, machine,
 * rights; creates nothing. claim: fix and undo take the lock and their folder, and close what an earlier run left open.
 * prepare: both.
 */
enum ending session_open(struct session *session, struct err *err) MUST_CHECK;
/* The owner of the VM leaves this run nothing to do: it waits for nothing and opens no folder; session_run says so. */
bool session_is_off(const struct session *session);
enum ending session_claim(struct session *session, struct err *err) MUST_CHECK;
enum ending session_prepare(struct session *session, struct err *err) MUST_CHECK;

/* Between open and run, for who waits before the lock is taken: for the network, and for the machine's own place in
 * --splay. At most as long as the options say, and never into the last LIMIT_LOOKS_MS before the deadline. */
void session_wait_network(struct session *session);
void session_splay(struct session *session);
/* Which machine this is, looked at once. Never NULL; a member that is not known is. */
const struct machine_record *session_machine(struct session *session);
/* The state folder, to read: opened when it is first asked for. NULL: this run has none, or it is not there, or it is
 * foreign, which is told with --verbose. */
const struct state *session_state(struct session *session);

/* Waits first where nobody has yet. Fills the record; what goes wrong is in it. */
void session_run(struct session *session);
/* Fills the record of a run that ended before it began. */
void session_fail(struct session *session, const struct err *err);
/* The result into the state folder, where there is one, and into --result; after session_run also --save-machine. */
bool session_keep(struct session *session, struct err *err) MUST_CHECK;
void session_close(struct session *session); /* takes a zeroed one */

/* With --verbose a line on stderr. */
void session_say(const struct session *session, const char *text);

#endif
