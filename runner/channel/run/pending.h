/* SPDX-License-Identifier: MIT */
/*
 * What waits for a restart, from one run to the next.
 *
 *     DIR/pending.json    {"pending":"azmend.pending/1","bootId":"...","findings":["PLAYBOOK.FINDING", ...]}
 *
 * A fix writes it before it changes anything that only a restart completes, and at its end as the end has it; every
 * run reads it. After a restart the boot id is another one, and nothing in it counts.
 */
#ifndef AZMEND_CHANNEL_RUN_PENDING_H
#define AZMEND_CHANNEL_RUN_PENDING_H

#include "channel/run/state.h"
#include "engine/engine.h"

struct pending_file {
    const struct state *state; /* NULL: nothing is kept */
    struct arena *arena;
    struct pending now; /* what stands in it */
};

/* Absent, foreign, or not to be understood: nothing is pending. state NULL, or not open: the same. */
void pending_open(const struct state *state, struct arena *arena, struct pending_file *ret_file);

/* The file's bytes; not to be understood: nothing is pending. */
struct pending pending_read(const char *bytes, size_t size, struct arena *arena);

/* --- by who holds the lock; ERR_LIMIT over LIMIT_PENDING, and what writing a file comes to --- */

/* What the engine takes: adds a finding. */
struct restart_sink pending_sink(struct pending_file *file);
/* What this run leaves pending or in doubt, and what earlier ones did in playbooks that it did not run. */
bool pending_keep(struct pending_file *file, const struct record *record, struct err *err) MUST_CHECK;

#endif
