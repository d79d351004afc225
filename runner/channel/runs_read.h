/* SPDX-License-Identifier: MIT */
/* The folders of earlier runs, one by one; private to channel/runs*.c. */
#ifndef AZMEND_CHANNEL_RUNS_READ_H
#define AZMEND_CHANNEL_RUNS_READ_H

#include "channel/state.h"
#include "engine/past.h"

/* Names sort by time, the oldest first. */
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
/* The folder and its files, in the order of their names. */
bool runs_remove_folder(const char *folder, struct arena *arena, struct err *err) MUST_CHECK;

#endif
