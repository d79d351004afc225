/* SPDX-License-Identifier: MIT */
#include "channel/run/unfinished.h"

#include "base/text.h"
#include "channel/run/runs_read.h"
#include "host/nouns/licensing/licensing.h"
#include "kinds/licensing/license_recover.h"

/* Was the old Tokens.dat moved, or may it have been? What had not begun needs no telling. */
static bool may_have_moved(const struct past_run *run)
{
    for (size_t i = 0; i < run->journal.count; i++) {
        const struct op *op = &run->journal.entries[i].op;
        if (text_same(op->verb, "rename") && op->outcome != OP_FAILED) {
            return true;
        }
    }
    return false;
}

/* Of this VM: a clone has its own key, and its own history. */
static bool is_cut_off(const struct state *state, const char *id, struct arena *arena)
{
    struct past_run run = {0};
    struct err unread = {0};
    return runs_read(state, id, arena, &run, &unread) && runs_ownership(state, &run) != OWNED_ELSEWHERE &&
           may_have_moved(&run);
}

/* The newest earlier run; NULL: none. */
static const char *find_cut_off(const struct state *state, const struct runs_listing *noted, struct arena *arena)
{
    for (size_t i = noted->count; i > 0; i--) {
        const char *id = noted->names[i - 1];
        if (!text_same(id, state->run_id != NULL ? state->run_id : "") && is_cut_off(state, id, arena)) {
            return id;
        }
    }
    return NULL;
}

/* The runs that left word how to end a rebuild by hand. */
static bool list_noted(const struct state *state, struct arena *arena, struct runs_listing *ret_noted)
{
    struct runs_listing listing = {0};
    struct err unlisted = {0};
    if (!runs_list(state, arena, &listing, &unlisted)) {
        return false;
    }
    const char **names = arena_array(arena, listing.count, sizeof *names);
    *ret_noted = (struct runs_listing){.names = names};
    for (size_t i = 0; i < listing.count; i++) {
        if (runs_exists(state, listing.names[i], RECOVER_NAME, arena)) {
            names[ret_noted->count++] = listing.names[i];
        }
    }
    return ret_noted->count > 0;
}

static bool has_windows_key(const struct licensing_products *keyed)
{
    for (size_t i = 0; i < keyed->count; i++) {
        if (licensing_is_windows(&keyed->items[i]) && !keyed->items[i].is_addon) {
            return true;
        }
    }
    return false;
}

/* A word that nobody needs any more; what cannot be removed is told by the next run again, which finds the key too. */
static void remove_notes(const struct state *state, const struct runs_listing *noted, struct arena *arena)
{
    for (size_t i = 0; i < noted->count; i++) {
        struct err kept = {0};
        (void)!port_state_remove(state->port, state_file(noted->names[i], RECOVER_NAME, arena), &kept);
    }
}

void unfinished_tell(const struct state *state, struct host *host, struct arena *arena, struct history_record *history)
{
    struct runs_listing noted = {0};
    struct licensing_products keyed = {0};
    struct err unread = {0};
    if (!list_noted(state, arena, &noted)) {
        return;
    }
    bool is_read = host_licensing_keyed(host, &keyed, &unread);
    if (is_read && has_windows_key(&keyed)) {
        if (state->lock != NULL) {
            remove_notes(state, &noted, arena);
        }
        return;
    }
    history->rebuild_run = find_cut_off(state, &noted, arena);
    if (history->rebuild_run != NULL) {
        history->has_no_key = is_read;
        history->rebuild_note = state_shown(state, state_file(history->rebuild_run, RECOVER_NAME, arena), arena);
    }
}
