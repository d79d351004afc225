/* SPDX-License-Identifier: MIT */
/* What of the earlier runs is of use to nobody any more. */
#include <stdio.h>

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
    USE_UNREAD, /* its journal says something; not so many of them stand that one could go */
    USE_COUNT
};

/* How many of each, the newest; a mark is as old as what it marks. */
static const size_t most[USE_COUNT] = {
    [USE_UNDO] = LIMIT_RUNS_CHANGED, [USE_RESULT] = LIMIT_RUNS_QUIET, [USE_MARK] = SIZE_MAX,
    [USE_PERSON] = SIZE_MAX,         [USE_OTHER] = SIZE_MAX,          [USE_UNREAD] = SIZE_MAX};

enum { ID_SIZE = 64 }; /* of a run, twice over */

struct earlier {
    const char *id;
    enum use use;
    bool is_gone;
    char marks[ID_SIZE]; /* the run that an undo takes back */
};

struct pruning {
    const struct state *state;
    struct arena *arena;
    struct earlier *runs; /* the oldest first, without this one */
    size_t count, gone;
};

static enum use use_of(const struct pruning *pruning, struct earlier *earlier)
{
    struct past_run run = {0};
    struct err unread = {0};
    if (!runs_read(pruning->state, earlier->id, pruning->arena, &run, &unread)) {
        return USE_PERSON;
    }
    if (runs_ownership(pruning->state, &run) != OWNED_HERE) {
        return USE_OTHER;
    }
    if (!runs_has_changes(&run)) {
        return USE_RESULT;
    }
    bool is_undo = run.journal.undoes != NULL;
    (void)snprintf(earlier->marks, sizeof earlier->marks, "%s", is_undo ? run.journal.undoes : "");
    return is_undo ? USE_MARK : USE_UNDO;
}

/* The size of its journal tells of most what a reading of all of them would. */
static bool says_nothing(const struct pruning *pruning, const char *id)
{
    struct file_facts facts = {0};
    struct err foreign = {0};
    size_t mark = arena_mark(pruning->arena);
    const char *at = state_file(id, STATE_JOURNAL, pruning->arena);
    bool is_seen = port_state_query(pruning->state->port, at, &facts, &foreign);
    arena_release(pruning->arena, mark);
    return is_seen && (!facts.exists || facts.size_bytes == 0);
}

static void list_earlier(struct pruning *pruning, const struct runs_listing *listing)
{
    pruning->runs = arena_array(pruning->arena, listing->count, sizeof *pruning->runs);
    for (size_t i = 0; i < listing->count; i++) {
        const char *id = listing->names[i];
        if (!text_same(id, pruning->state->run_id)) {
            enum use use = says_nothing(pruning, id) ? USE_RESULT : USE_UNREAD;
            pruning->runs[pruning->count++] = (struct earlier){.id = id, .use = use};
        }
    }
}

/* Journals are read only when more of them stand there than are kept. */
static void read_journals(struct pruning *pruning)
{
    size_t unread = 0;
    for (size_t i = 0; i < pruning->count; i++) {
        unread += pruning->runs[i].use == USE_UNREAD ? 1 : 0;
    }
    for (size_t i = 0; i < pruning->count && unread > LIMIT_RUNS_CHANGED; i++) {
        if (pruning->runs[i].use == USE_UNREAD) {
            size_t mark = arena_mark(pruning->arena);
            pruning->runs[i].use = use_of(pruning, &pruning->runs[i]);
            arena_release(pruning->arena, mark);
        }
    }
}

static bool drop(struct pruning *pruning, struct earlier *earlier, struct err *err)
{
    size_t mark = arena_mark(pruning->arena);
    if (!runs_remove(pruning->state, state_run(earlier->id, pruning->arena), pruning->arena, err)) {
        return err_context(err, "run %s", earlier->id);
    }
    arena_release(pruning->arena, mark);
    earlier->is_gone = true;
    pruning->gone++;
    return true;
}

static bool drop_old(struct pruning *pruning, struct err *err)
{
    size_t seen[USE_COUNT] = {0};
    for (size_t i = pruning->count; i > 0; i--) {
        struct earlier *earlier = &pruning->runs[i - 1];
        if (++seen[earlier->use] > most[earlier->use] && !drop(pruning, earlier, err)) {
            return false;
        }
    }
    return true;
}

static bool is_there(const struct pruning *pruning, const char *id)
{
    struct file_facts facts = {0};
    struct err foreign = {0};
    size_t mark = arena_mark(pruning->arena);
    bool is_seen =
        port_state_query(pruning->state->port, state_run(id, pruning->arena), &facts, &foreign) && facts.exists;
    arena_release(pruning->arena, mark);
    return is_seen;
}

/* Behind drop_old: what is marked may be gone now. */
static bool drop_marks(struct pruning *pruning, struct err *err)
{
    for (size_t i = 0; i < pruning->count; i++) {
        struct earlier *earlier = &pruning->runs[i];
        bool is_mark = earlier->use == USE_MARK && !earlier->is_gone;
        if (is_mark && !is_there(pruning, earlier->marks) && !drop(pruning, earlier, err)) {
            return false;
        }
    }
    return true;
}

bool runs_prune(const struct state *state, struct arena *arena, size_t *ret_count, struct err *err)
{
    struct runs_listing listing = {0};
    struct pruning pruning = {.state = state, .arena = arena};
    if (!runs_list(state, arena, &listing, err)) {
        return false;
    }
    list_earlier(&pruning, &listing);
    read_journals(&pruning);
    if (!drop_old(&pruning, err) || !drop_marks(&pruning, err)) {
        return false;
    }
    *ret_count = pruning.gone;
    return true;
}
