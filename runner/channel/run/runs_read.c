/* SPDX-License-Identifier: MIT */
#include "channel/run/runs_read.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/file/file.h"
#include "host/restore.h"

static bool is_run(const struct state *state, const char *name, struct arena *arena)
{
    struct file_facts facts = {0};
    struct err foreign = {0};
    return !text_contains(name, PORT_STATE_ASIDE) &&
           port_state_query(state->port, state_run(name, arena), &facts, &foreign) && facts.exists &&
           facts.form == FILE_IS_FOLDER;
}

bool runs_list(const struct state *state, struct arena *arena, struct runs_listing *ret_listing, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_state_list(state->port, STATE_RUNS, arena, &names, &count, err)) {
        return false;
    }
    const char **ours = arena_array(arena, count, sizeof(*ours));
    struct runs_listing listing = {.names = ours};
    for (size_t i = 0; i < count; i++) {
        size_t mark = arena_mark(arena);
        if (is_run(state, names[i], arena)) {
            ours[listing.count++] = names[i];
        }
        arena_release(arena, mark);
    }
    *ret_listing = listing;
    return true;
}

bool runs_exists(const struct state *state, const char *id, const char *file, struct arena *arena)
{
    struct file_facts facts = {0};
    struct err unread = {0};
    return port_state_query(state->port, state_file(id, file, arena), &facts, &unread) && facts.exists &&
           facts.form == FILE_IS_REGULAR;
}

/* A run that ended before it had a journal changed nothing. */
bool runs_read(const struct state *state, const char *id, struct arena *arena, struct past_run *ret_run,
               struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const char *at = state_file(id, STATE_JOURNAL, arena);
    const char *shown = state_shown(state, at, arena);
    struct file_facts facts = {0};
    struct journal_record journal = {0};
    if (!port_state_query(state->port, at, &facts, err)) {
        return false;
    }
    if (facts.exists && (!port_state_read(state->port, at, LIMIT_JOURNAL_BYTES, &bytes, err) ||
                         !journal_read(buf_string(&bytes), bytes.size, shown, arena, &journal, err))) {
        return false;
    }
    *ret_run = (struct past_run){.id = id, .journal = journal};
    return true;
}

bool runs_has_changes(const struct past_run *run)
{
    bool is_left = false; /* what should have ended with the run */
    for (size_t i = 0; i < run->journal.count; i++) {
        const struct op *op = &run->journal.entries[i].op;
        if (op->outcome == OP_FAILED) {
            continue;
        }
        if (!host_is_passing(op)) {
            return true;
        }
        is_left = !text_same(op->after, "null");
    }
    return is_left;
}

enum ownership runs_ownership(const struct state *state, const struct past_run *run)
{
    return run->journal.count == 0 && run->journal.undoes == NULL
               ? OWNED_HERE
               : journal_ownership(&run->journal.owner, &state->owner);
}

/* The journal goes first by its name: killed in between, a run without one has its result and changed nothing. */
bool runs_remove(const struct state *state, const char *at, struct arena *arena, struct err *err)
{
    struct runs_listing files = {0};
    if (!port_state_list(state->port, at, arena, &files.names, &files.count, err)) {
        return false;
    }
    for (size_t i = 0; i < files.count; i++) {
        if (!port_state_remove(state->port, arena_format(arena, "%s/%s", at, files.names[i]), err)) {
            return false;
        }
    }
    return port_state_remove_folder(state->port, at, err);
}
