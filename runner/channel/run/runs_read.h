/* SPDX-License-Identifier: MIT */
/* The folders of earlier runs, one by one; private to channel/runs*.c. */
#ifndef AZMEND_CHANNEL_RUN_RUNS_READ_H
#define AZMEND_CHANNEL_RUN_RUNS_READ_H

#include "channel/run/state.h"
#include "engine/past.h"

/* Names sort by time, the oldest first. What is foreign, or no folder, is not among them. */
struct runs_listing {
    const char *const *names;
    size_t count;
};
bool runs_list(const struct state *state, struct arena *arena, struct runs_listing *ret_listing, struct err *err)
    MUST_CHECK;
/* A run that ended before it had a journal changed nothing. ERR_INVALID: its journal cannot be trusted. */
bool runs_read(const struct state *state, const char *id, struct arena *arena, struct past_run *ret_run,
               struct err *err) MUST_CHECK;
bool runs_has_changes(const struct past_run *run);
/* Is there such a file of the run, and is it ours? */
bool runs_exists(const struct state *state, const char *id, const char *file, struct arena *arena);
/* A folder below DIR and its files, in the order of their names. ERR_REFUSED: something foreign is in it. */
bool runs_remove(const struct state *state, const char *at, struct arena *arena, struct err *err) MUST_CHECK;
/* A run that changed nothing is of this VM as much as of any other. */
enum ownership runs_ownership(const struct state *state, const struct past_run *run);

#endif
