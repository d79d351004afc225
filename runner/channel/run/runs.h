/* SPDX-License-Identifier: MIT */
/*
 * The earlier runs of a state folder. Whoever asks holds the lock, so a run without a result is one whose process
 * ended before it did.
 */
#ifndef AZMEND_CHANNEL_RUN_RUNS_H
#define AZMEND_CHANNEL_RUN_RUNS_H

#include "channel/run/state.h"
#include "engine/past.h"

/*
 * Writes the result of every run that left none, and sweeps its folder; an answer that its journal lost is added as
 * looking tells it. Looks at the machine, changes nothing. A run
 * with changes that is not known to be this VM's stays as it is, and is noted in the history.
 */
bool runs_close(const struct state *state, struct host *host, struct arena *arena, struct history_record *history,
                size_t *ret_count, struct err *err) MUST_CHECK;

/*
 * Removes the oldest runs over LIMIT_RUNS_CHANGED with changes and LIMIT_RUNS_QUIET without. An undo stays as long as
 * the run that it took back; what cannot be read, and what is not known to be this VM's, stays. ret_count: how many are
 * gone. Whoever asks holds the lock. Reads no journal as long as at most LIMIT_RUNS_CHANGED of them say something, and
 * then takes none of those for one without changes.
 */
bool runs_prune(const struct state *state, struct arena *arena, size_t *ret_count, struct err *err) MUST_CHECK;

/*
 * Removes every run that left nothing to undo, and with the last one all that is azmend's in the folder; ret_kept: how
 * many stay. A folder that is not there keeps none; a foreign one is told on stderr, stays, and is no failure. root
 * NULL: the system's own place. Takes the lock itself: ERR_BUSY.
 */
bool runs_forget(const char *root, struct arena *arena, size_t *ret_kept, struct err *err) MUST_CHECK;

/* What a removal came to, in runs. */
struct forgotten {
    size_t gone, kept; /* kept: something foreign is in them */
    bool was_there;    /* the folder */
};

/*
 * Before a VM becomes an image: removes every run, those with changes too, and then all that is azmend's in the folder.
 * A folder that is not there has nothing to remove. ERR_REFUSED: it is foreign, or a run was cut off and has to be
 * ended first. ERR_BUSY: a run is under way. root NULL: the system's own place.
 */
bool runs_seal(const char *root, struct arena *arena, struct forgotten *ret_forgotten, struct err *err) MUST_CHECK;

/*
 * The run that undo takes back: `wanted`, or the newest one with changes that can be read and is this VM's; NULL: there
 * is none, and what was passed over is noted in the history. Entries that an earlier undo put back are marked.
 * ERR_NOT_FOUND: no such run. ERR_REFUSED: it is an undo itself, or not known to be this VM's. ERR_INVALID: its journal
 * cannot be trusted; that of another run holds up nothing, since only what stands as the run left it is put back.
 */
bool runs_choose(const struct state *state, const char *wanted, struct arena *arena, struct history_record *history,
                 const struct past_run **ret_run, struct err *err) MUST_CHECK;

/* The newest run but `own` whose journal says something; NULL: none, or nobody can tell. Asks for no lock. */
const char *runs_last_change(const struct state *state, const char *own, struct arena *arena);

#endif
