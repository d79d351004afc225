/* SPDX-License-Identifier: MIT */
/*
 * The looks of a run: made once for the same kind and parameters, shared by all playbooks, repeated only when a noun
 * they read has changed. Local parts run at once; the rounds of all network parts wait together in one event loop.
 */
#ifndef AZMEND_ENGINE_LOOKS_H
#define AZMEND_ENGINE_LOOKS_H

#include "base/map.h"
#include "host/host.h"
#include "kinds/kind.h"

enum look_state { LOOK_IDLE, LOOK_RUNNING, LOOK_DONE };

struct look_entry {
    const struct kind *kind;
    const char *key;
    struct look look;
    enum look_state state;
    uint32_t generation;       /* of the host when the look began */
    struct net_reply *replies; /* what look.replies points to */
    size_t waiting;            /* replies of this round still out */
    struct value result;       /* DONE: ROW, or unknown */
};

struct looks {
    struct host *host;
    struct arena *arena;
    int64_t probe_ms;
    struct map by_key;         /* look_entry */
    struct arena_list entries; /* struct look_entry *, in the order they were first wanted */
    struct arena_list queue;   /* jobs not yet handed over: struct queued_job * */
    size_t queue_next;
    size_t running; /* network looks under way */
};

void looks_init(struct looks *looks, struct host *host, struct arena *arena, int64_t probe_ms);
/*
 * The look for these parameters (one value per kind->params), begun when it is new or stale. A local look is DONE on
 * return. The values must live as long as the run.
 */
struct look_entry *looks_want(struct looks *looks, const struct kind *kind, const struct value *params);
/* Waits until one more reply is in or has failed; false when no network look was under way. */
bool looks_wait(struct looks *looks);
/* Waits until this one is DONE. */
void looks_finish(struct looks *looks, struct look_entry *entry);

#endif
