/* SPDX-License-Identifier: MIT */
/* What of the earlier runs is of use to nobody any more. */
#include "base/limits.h"
#include "base/text.h"
#include "channel/run/runs.h"
#include "channel/run/runs_read.h"
#include "host/nouns/file/file.h"

enum use {
    USE_UNDO,   /* it changed something that could be put back */
    USE_MARK,   /* it is an undo: it says what of another run is put back already */
    USE_RESULT, /* it changed nothing: its result tells how things were */
    USE_PERSON, /* its journal cannot be read; a person may want to know why */
    USE_OTHER,  /* it is not known to be of this VM: not ours to remove */
    USE_COUNT
};

/* How many of each, the newest; a mark is as old as what it marks. */
static const size_t most[USE_COUNT] = {[USE_UNDO] = LIMIT_RUNS_CHANGED,
                                       [USE_RESULT] = LIMIT_RUNS_QUIET,
                                       [USE_MARK] = SIZE_MAX,
                                       [USE_PERSON] = SIZE_MAX,
                                       [USE_OTHER] = SIZE_MAX};

static enum use use_of(const struct state *state, const char *id, struct arena *arena, const char **ret_marks)
{
    struct past_run run = {0};
    struct err unread = {0};
    if (!runs_read(state, id, arena, &run, &unread)) {
        return USE_PERSON;
    }
    if (runs_ownership(state, &run) != OWNED_HERE) {
        return USE_OTHER;
    }
    *ret_marks = run.journal.undoes;
    return !runs_has_changes(&run) ? USE_RESULT : run.journal.undoes != NULL ? USE_MARK : USE_UNDO;
}

static bool drop(const struct state *state, const char *id, struct arena *arena, size_t *pruned, struct err *err)
{
    if (!runs_remove(state, state_run(id, arena), arena, err)) {
        return err_context(err, "run %s", id);
    }
    (*pruned)++;
    return true;
}

static bool drop_old(const struct state *state, const struct runs_listing *listing, struct arena *arena, size_t *pruned,
                     struct err *err)
{
    size_t seen[USE_COUNT] = {0};
    for (size_t i = listing->count; i > 0; i--) {
        const char *id = listing->names[i - 1];
        const char *marks = NULL;
        size_t mark = arena_mark(arena);
        enum use use = use_of(state, id, arena, &marks);
        bool is_old = !text_same(id, state->run_id) && ++seen[use] > most[use];
        if (is_old && !drop(state, id, arena, pruned, err)) {
            return false;
        }
        arena_release(arena, mark);
    }
    return true;
}

static bool is_there(const struct state *state, const char *id, struct arena *arena)
{
    struct file_facts facts = {0};
    struct err foreign = {0};
    return port_state_query(state->port, state_run(id, arena), &facts, &foreign) && facts.exists;
}

/* Behind drop_old: what is marked may be gone now. */
static bool drop_marks(const struct state *state, const struct runs_listing *listing, struct arena *arena,
                       size_t *pruned, struct err *err)
{
    for (size_t i = 0; i < listing->count; i++) {
        const char *id = listing->names[i];
        const char *marks = NULL;
        size_t mark = arena_mark(arena);
        bool is_mark = is_there(state, id, arena) && use_of(state, id, arena, &marks) == USE_MARK;
        bool is_gone = is_mark && !is_there(state, marks, arena);
        if (is_gone && !text_same(id, state->run_id) && !drop(state, id, arena, pruned, err)) {
            return false;
        }
        arena_release(arena, mark);
    }
    return true;
}

bool runs_prune(const struct state *state, struct arena *arena, size_t *ret_count, struct err *err)
{
    struct runs_listing listing = {0};
    size_t pruned = 0;
    if (!runs_list(state, arena, &listing, err) || !drop_old(state, &listing, arena, &pruned, err) ||
        !drop_marks(state, &listing, arena, &pruned, err)) {
        return false;
    }
    *ret_count = pruned;
    return true;
}
