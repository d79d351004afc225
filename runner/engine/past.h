/* SPDX-License-Identifier: MIT */
/* Earlier runs, by their journals: taking one back, and closing the record of one that was cut off. */
#ifndef AZMEND_ENGINE_PAST_H
#define AZMEND_ENGINE_PAST_H

#include "engine/record.h"
#include "host/journal_read.h"

struct past_run {
    const char *id;
    struct journal_record journal;
    const bool *undone; /* by entry: an earlier undo has put it back; NULL: there was none */
};

/*
 * Puts back what the run changed, the last change first, each only where it stands as the run left it. Changes nothing
 * but through the gate, so the Azure switch must be open. Fills undo, changes and verdict of the record: fixed when
 * something was put back, healthy when nothing was left to do, not_fixed when something diverged or failed, and
 * undetermined when the history of the record names a journal that cannot be trusted.
 * run NULL: there is none.
 */
void past_undo(const struct past_run *run, struct host *host, struct arena *arena, struct record *record);

/* The record of a run that left none: what it was about when it ended is found by looking. Changes nothing. */
void past_close(const struct past_run *run, const char *closed_by, struct host *host, struct arena *arena,
                struct record *ret_record);

#endif
