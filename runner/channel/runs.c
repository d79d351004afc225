/* SPDX-License-Identifier: MIT */
#include "channel/runs.h"

#include "base/limits.h"
#include "base/text.h"
#include "channel/console.h"
#include "channel/runs_read.h"
#include "host/file.h"
#include "report/result.h"

/* --- closing --- */

static bool keep_result(const struct state *state, const struct record *record, struct arena *arena, struct err *err)
{
    struct buf result AUTO(buf_clear) = {0};
    return result_whole(&result, record, err) && state_keep_result(state, record->run_id, arena, &result, err);
}

/* A journal that cannot be trusted is said, and holds up nothing: the machine itself shows what is still to be done. */
static bool close_run(const struct state *state, const char *id, struct host *host, struct arena *arena,
                      struct err *err)
{
    struct past_run run = {.id = id};
    struct record record = {0};
    struct err unread = {0};
    bool is_read = runs_read(state, id, arena, &run, &unread);
    past_close(&run, state->run_id, host, arena, &record);
    if (!is_read) {
        record.err = unread;
    }
    return keep_result(state, &record, arena, err);
}

bool runs_close(const struct state *state, struct host *host, struct arena *arena, size_t *ret_count, struct err *err)
{
    struct runs_listing listing = {0};
    size_t count = 0;
    if (!runs_list(state, arena, &listing, err)) {
        return false;
    }
    for (size_t i = 0; i < listing.count; i++) {
        const char *id = listing.names[i];
        bool open = !text_same(id, state->run_id) && !runs_exists(state, id, STATE_RESULT, arena);
        if (open && (!port_state_sweep(state->port, state_run(id, arena), arena, err) ||
                     !close_run(state, id, host, arena, err))) {
            return false;
        }
        count += open ? 1 : 0;
    }
    *ret_count = count;
    return true;
}

/* --- the last change --- */

const char *runs_last_change(const struct state *state, const char *own, struct arena *arena)
{
    struct runs_listing listing = {0};
    struct err err = {0};
    if (!runs_list(state, arena, &listing, &err)) {
        return NULL;
    }
    for (size_t i = listing.count; i > 0; i--) {
        const char *id = listing.names[i - 1];
        struct file_facts facts = {0};
        bool is_seen = port_state_query(state->port, state_file(id, STATE_JOURNAL, arena), &facts, &err);
        if (is_seen && facts.exists && facts.size_bytes > 0 && !text_same(id, own)) {
            return id;
        }
    }
    return NULL;
}

/* --- forgetting --- */

/* A journal that cannot be read may be of use to a person. */
static bool is_needed(const struct state *state, const char *id, struct arena *arena)
{
    struct past_run run = {0};
    struct err unread = {0};
    return !runs_read(state, id, arena, &run, &unread) || runs_has_changes(&run);
}

/* What cannot go because something foreign is in it stays, and is told. */
static bool forget(const struct state *state, const char *at, struct arena *arena, bool *ret_gone, struct err *err)
{
    struct err failed = {0};
    bool is_gone = runs_remove(state, at, arena, &failed) || failed.code == ERR_NOT_FOUND;
    if (!is_gone && failed.code != ERR_REFUSED) {
        *err = failed;
        return false;
    }
    if (!is_gone) {
        console_complain(failed.text);
    }
    *ret_gone = is_gone;
    return true;
}

static bool forget_runs(const struct state *state, struct arena *arena, size_t *kept, struct err *err)
{
    struct runs_listing listing = {0};
    struct err unlisted = {0};
    if (!runs_list(state, arena, &listing, &unlisted)) {
        bool is_nothing = unlisted.code == ERR_NOT_FOUND || unlisted.code == ERR_REFUSED;
        return is_nothing || err_set(err, unlisted.code, unlisted.os, "%s", unlisted.text);
    }
    for (size_t i = 0; i < listing.count; i++) {
        bool is_gone = false;
        if (!is_needed(state, listing.names[i], arena) &&
            !forget(state, state_run(listing.names[i], arena), arena, &is_gone, err)) {
            return false;
        }
        *kept += is_gone ? 0 : 1;
    }
    return true;
}

/* By name, each of its own: what else stands in the folder is not azmend's, and stays with the folder. */
static bool forget_rest(const struct state *state, struct arena *arena, struct err *err)
{
    static const char *const files[] = {STATE_PENDING, STATE_LOCK};
    bool is_gone = false;
    struct err unmoved = {0};
    if (!forget(state, STATE_INSTANCES, arena, &is_gone, err) || !port_state_sweep(state->port, "", arena, err)) {
        return false;
    }
    (void)!port_state_remove_folder(state->port, STATE_RUNS, &unmoved);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct err failed = {0};
        if (!port_state_remove(state->port, files[i], &failed) && failed.code != ERR_REFUSED) {
            *err = failed;
            return false;
        }
    }
    (void)!port_state_remove_folder(state->port, "", &unmoved);
    return true;
}

static bool forget_all(struct state *state, struct arena *arena, size_t *kept, struct err *err)
{
    if (!state_lock(state, "uninstall", arena, err) || !forget_runs(state, arena, kept, err)) {
        return false;
    }
    port_lock_release(state->lock);
    state->lock = NULL;
    return *kept > 0 || forget_rest(state, arena, err);
}

bool runs_forget(const char *root, struct arena *arena, size_t *ret_kept, struct err *err)
{
    struct state state AUTO(state_close) = {0};
    struct err unread = {0};
    size_t kept = 0;
    if (!state_look(root, arena, &state, &unread)) {
        if (unread.code == ERR_REFUSED) {
            console_complain(unread.text);
        } else if (unread.code != ERR_NOT_FOUND) {
            *err = unread;
            return false;
        }
        *ret_kept = 0;
        return true;
    }
    if (!forget_all(&state, arena, &kept, err)) {
        return false;
    }
    *ret_kept = kept;
    return true;
}

/* --- choosing what to undo --- */

static bool find_newest(const struct state *state, const struct runs_listing *listing, struct arena *arena,
                        struct past_run *ret_run, struct err *err)
{
    for (size_t i = listing->count; i > 0; i--) {
        struct past_run run = {0};
        size_t mark = arena->used;
        if (!runs_read(state, listing->names[i - 1], arena, &run, err)) {
            return false;
        }
        if (run.journal.undoes == NULL && runs_has_changes(&run)) {
            *ret_run = run;
            return true;
        }
        arena->used = mark;
    }
    *ret_run = (struct past_run){0};
    return true;
}

static bool find_named(const struct state *state, const struct runs_listing *listing, const char *name,
                       struct arena *arena, struct past_run *ret_run, struct err *err)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (text_same(listing->names[i], name)) {
            return runs_read(state, name, arena, ret_run, err) &&
                   (ret_run->journal.undoes == NULL ||
                    err_set(err, ERR_REFUSED, 0, "undo %s: that run is an undo itself", name));
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "undo %.60s: there is no such run in %s", name,
                   state_shown(state, STATE_RUNS, arena));
}

/* Of all runs, not only of later names: a clock may have been set back in between. */
static bool mark_undone(const struct state *state, const struct runs_listing *listing, const struct past_run *run,
                        struct arena *arena, bool *undone, struct err *err)
{
    for (size_t i = 0; i < listing->count; i++) {
        struct past_run undo = {0};
        size_t mark = arena->used;
        if (!runs_read(state, listing->names[i], arena, &undo, err)) {
            return false;
        }
        for (size_t j = 0; text_same(undo.journal.undoes, run->id) && j < undo.journal.count; j++) {
            const struct op *op = &undo.journal.entries[j].op;
            if (op->outcome == OP_DONE && op->undoes >= 1 && op->undoes <= run->journal.count) {
                undone[op->undoes - 1] = true;
            }
        }
        arena->used = mark;
    }
    return true;
}

bool runs_choose(const struct state *state, const char *wanted, struct arena *arena, const struct past_run **ret_run,
                 struct err *err)
{
    struct runs_listing listing = {0};
    struct past_run *run = arena_alloc(arena, sizeof(*run));
    if (!runs_list(state, arena, &listing, err) ||
        !(wanted != NULL ? find_named(state, &listing, wanted, arena, run, err)
                         : find_newest(state, &listing, arena, run, err))) {
        return false;
    }
    bool *undone = arena_array(arena, run->journal.count, sizeof(*undone));
    if (run->journal.count > 0 && !mark_undone(state, &listing, run, arena, undone, err)) {
        return false;
    }
    run->undone = undone;
    *ret_run = run->id != NULL ? run : NULL;
    return true;
}
