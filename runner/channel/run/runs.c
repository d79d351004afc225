/* SPDX-License-Identifier: MIT */
#include "channel/run/runs.h"

#include "base/limits.h"
#include "base/text.h"
#include "channel/run/runs_read.h"
#include "channel/run/say.h"
#include "host/nouns/file/file.h"
#include "report/result.h"

/* --- closing --- */

static bool keep_result(const struct state *state, const struct record *record, struct arena *arena, struct err *err)
{
    struct buf result AUTO(buf_clear) = {0};
    return result_whole(&result, record, err) && state_keep_result(state, record->run_id, arena, &result, err);
}

static void note_other(struct history_record *history, const struct past_run *run)
{
    history->machine = run->journal.owner.machine;
    history->others++;
}

/*
 * The answer that was lost goes into its journal, as it was found: what happens to the machine from now on is not that
 * run's, and undo must neither take it back nor miss what was made. What looking does not tell stays open.
 */
static bool keep_answer(const struct state *state, const struct past_run *run, const struct op *found,
                        struct arena *arena, struct err *err)
{
    struct buf journal AUTO(buf_clear) = {0};
    struct buf whole AUTO(buf_clear) = {0};
    const char *at = state_file(run->id, STATE_JOURNAL, arena);
    if (!port_state_read(state->port, at, LIMIT_JOURNAL_BYTES, &journal, err)) {
        return false;
    }
    buf_init(&whole, LIMIT_JOURNAL_BYTES);
    buf_add(&whole, journal.bytes, run->journal.size);
    return !journal_answer(found, &whole) || port_state_replace(state->port, at, whole.bytes, whole.size, err);
}

static bool keep_answers(const struct state *state, const struct past_run *run, const struct op *found,
                         struct arena *arena, struct err *err)
{
    size_t last = run->journal.count - 1;
    bool is_lost = run->journal.count > 0 && !run->journal.entries[last].answered;
    return !is_lost || found[last].outcome == OP_UNKNOWN || keep_answer(state, run, &found[last], arena, err);
}

/* Its record, by looking at what it was about when it ended. */
static bool write_closed(const struct state *state, const struct past_run *run, const struct err *unread,
                         struct host *host, struct arena *arena, struct err *err)
{
    struct record record = {0};
    past_close(run, state->run_id, host, arena, &record);
    if (unread->code != ERR_NONE) {
        record.err = *unread;
    }
    return port_state_sweep(state->port, state_run(run->id, arena), arena, err) &&
           keep_answers(state, run, record.interrupted->ops, arena, err) && keep_result(state, &record, arena, err);
}

/* What closing needs of a run; what it left alone is noted. */
struct closing {
    const struct state *state;
    struct host *host;
    struct arena *arena;
    struct history_record *history;
    size_t count;
};

/* A journal that cannot be trusted is said, and holds up nothing: the machine itself shows what is still to be done. */
static bool close_run(struct closing *closing, const char *id, struct err *err)
{
    struct past_run run = {.id = id};
    struct err unread = {0};
    bool is_read = runs_read(closing->state, id, closing->arena, &run, &unread);
    if (is_read && runs_ownership(closing->state, &run) != OWNED_HERE) {
        note_other(closing->history, &run);
        return true;
    }
    closing->count++;
    return write_closed(closing->state, &run, &unread, closing->host, closing->arena, err);
}

bool runs_close(const struct state *state, struct host *host, struct arena *arena, struct history_record *history,
                size_t *ret_count, struct err *err)
{
    struct closing closing = {.state = state, .host = host, .arena = arena, .history = history};
    struct runs_listing listing = {0};
    if (!runs_list(state, arena, &listing, err)) {
        return false;
    }
    for (size_t i = 0; i < listing.count; i++) {
        const char *id = listing.names[i];
        bool open = !text_same(id, state->run_id) && !runs_exists(state, id, STATE_RESULT, arena);
        if (open && !close_run(&closing, id, err)) {
            return false;
        }
    }
    *ret_count = closing.count;
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
        complain(failed.text);
    }
    *ret_gone = is_gone;
    return true;
}

static bool keeps_none(const struct state *state, const char *id, struct arena *arena)
{
    (void)state;
    (void)id;
    (void)arena;
    return false;
}

static bool forget_runs(const struct state *state, bool (*is_kept)(const struct state *, const char *, struct arena *),
                        struct arena *arena, struct forgotten *forgotten, struct err *err)
{
    struct runs_listing listing = {0};
    struct err unlisted = {0};
    if (!runs_list(state, arena, &listing, &unlisted)) {
        bool is_nothing = unlisted.code == ERR_NOT_FOUND || unlisted.code == ERR_REFUSED;
        return is_nothing || err_set(err, unlisted.code, unlisted.os, "%s", unlisted.text);
    }
    for (size_t i = 0; i < listing.count; i++) {
        bool is_gone = false;
        if (!is_kept(state, listing.names[i], arena) &&
            !forget(state, state_run(listing.names[i], arena), arena, &is_gone, err)) {
            return false;
        }
        forgotten->kept += is_gone ? 0 : 1;
        forgotten->gone += is_gone ? 1 : 0;
    }
    return true;
}

/* By name, each of its own: what else stands in the folder is not azmend's, and stays with the folder. */
static bool forget_rest(const struct state *state, struct arena *arena, struct err *err)
{
    static const char *const files[] = {STATE_PENDING, STATE_DISTANCE, STATE_LOCK};
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

static bool forget_all(struct state *state, bool (*is_kept)(const struct state *, const char *, struct arena *),
                       struct arena *arena, struct forgotten *forgotten, struct err *err)
{
    if (!forget_runs(state, is_kept, arena, forgotten, err)) {
        return false;
    }
    port_lock_release(state->lock);
    state->lock = NULL;
    return forgotten->kept > 0 || forget_rest(state, arena, err);
}

bool runs_forget(const char *root, struct arena *arena, size_t *ret_kept, struct err *err)
{
    struct state state AUTO(state_close) = {0};
    struct forgotten forgotten = {0};
    struct err unread = {0};
    if (!state_look(root, arena, &state, &unread)) {
        if (unread.code == ERR_REFUSED) {
            complain(unread.text);
        } else if (unread.code != ERR_NOT_FOUND) {
            *err = unread;
            return false;
        }
        *ret_kept = 0;
        return true;
    }
    if (!state_lock(&state, "uninstall", arena, err) || !forget_all(&state, is_needed, arena, &forgotten, err)) {
        return false;
    }
    *ret_kept = forgotten.kept;
    return true;
}

/* What it began ends with the next fix; in an image nobody would know of it any more. */
static bool refuse_cut_off(const struct state *state, struct arena *arena, struct err *err)
{
    struct runs_listing listing = {0};
    struct err unlisted = {0};
    if (!runs_list(state, arena, &listing, &unlisted)) {
        return true; /* none, or a foreign one, which forget_runs tells */
    }
    for (size_t i = 0; i < listing.count; i++) {
        if (!runs_exists(state, listing.names[i], STATE_RESULT, arena)) {
            return err_set(err, ERR_REFUSED, 0, "run %s was cut off: run azmend fix first, which ends what it began",
                           listing.names[i]);
        }
    }
    return true;
}

bool runs_seal(const char *root, struct arena *arena, struct forgotten *ret_forgotten, struct err *err)
{
    struct state state AUTO(state_close) = {0};
    struct forgotten forgotten = {0};
    struct err unread = {0};
    if (!state_look(root, arena, &state, &unread)) {
        *ret_forgotten = forgotten;
        return unread.code == ERR_NOT_FOUND || err_set(err, unread.code, unread.os, "%s", unread.text);
    }
    if (!state_lock(&state, "seal", arena, err) || !refuse_cut_off(&state, arena, err) ||
        !forget_all(&state, keeps_none, arena, &forgotten, err)) {
        return false;
    }
    forgotten.was_there = true;
    *ret_forgotten = forgotten;
    return true;
}

/* --- choosing what to undo --- */

/* A damaged journal or the run of another VM is passed over, and said. */
static bool is_next(const struct state *state, const char *id, struct arena *arena, struct history_record *history,
                    struct past_run *ret_run)
{
    struct err unread = {0};
    if (!runs_read(state, id, arena, ret_run, &unread)) {
        history->run_id = history->damaged == 0 ? id : history->run_id;
        history->damaged++;
        return false;
    }
    if (ret_run->journal.undoes != NULL || !runs_has_changes(ret_run)) {
        return false;
    }
    bool is_own = runs_ownership(state, ret_run) == OWNED_HERE;
    if (!is_own) {
        history->machine = history->others == 0 ? ret_run->journal.owner.machine : history->machine;
        history->others++;
    }
    return is_own;
}

static void find_newest(const struct state *state, const struct runs_listing *listing, struct arena *arena,
                        struct history_record *history, struct past_run *ret_run)
{
    *history = (struct history_record){0}; /* of all of them, not only of those that are still open */
    for (size_t i = listing->count; i > 0; i--) {
        if (is_next(state, listing->names[i - 1], arena, history, ret_run)) {
            return;
        }
    }
    *ret_run = (struct past_run){0};
}

static bool check_named(const struct state *state, const struct past_run *run, struct err *err)
{
    const struct journal_owner *owner = &run->journal.owner;
    if (run->journal.undoes != NULL) {
        return err_set(err, ERR_REFUSED, 0, "undo %s: that run is an undo itself", run->id);
    }
    switch (runs_ownership(state, run)) {
    case OWNED_HERE:
        return true;
    case OWNED_ELSEWHERE:
        return err_set(err, ERR_REFUSED, 0, "undo %s: that run was made on another VM (%.60s)", run->id,
                       owner->machine != NULL ? owner->machine : owner->vm_id);
    case OWNED_UNKNOWN:
        break;
    }
    return err_set(err, ERR_REFUSED, 0, "undo %s: nothing tells whether that run was made on this VM", run->id);
}

static bool find_named(const struct state *state, const struct runs_listing *listing, const char *name,
                       struct arena *arena, struct past_run *ret_run, struct err *err)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (text_same(listing->names[i], name)) {
            return runs_read(state, name, arena, ret_run, err) && check_named(state, ret_run, err);
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "undo %.60s: there is no such run in %s", name,
                   state_shown(state, STATE_RUNS, arena));
}

/*
 * Of all runs, not only of later names: a clock may have been set back in between. What a damaged one put back stands
 * as before, which undo sees by itself.
 */
static void mark_undone(const struct state *state, const struct runs_listing *listing, const struct past_run *run,
                        struct arena *arena, bool *undone)
{
    for (size_t i = 0; i < listing->count; i++) {
        struct past_run undo = {0};
        struct err unread = {0};
        size_t mark = arena_mark(arena);
        bool is_undo = runs_read(state, listing->names[i], arena, &undo, &unread) &&
                       text_same(undo.journal.undoes, run->id) && runs_ownership(state, &undo) == OWNED_HERE;
        for (size_t j = 0; is_undo && j < undo.journal.count; j++) {
            const struct op *op = &undo.journal.entries[j].op;
            if (op->outcome == OP_DONE && op->undoes >= 1 && op->undoes <= run->journal.count) {
                undone[op->undoes - 1] = true;
            }
        }
        arena_release(arena, mark);
    }
}

bool runs_choose(const struct state *state, const char *wanted, struct arena *arena, struct history_record *history,
                 const struct past_run **ret_run, struct err *err)
{
    struct runs_listing listing = {0};
    struct past_run *run = arena_alloc(arena, sizeof(*run));
    if (!runs_list(state, arena, &listing, err) ||
        (wanted != NULL && !find_named(state, &listing, wanted, arena, run, err))) {
        return false;
    }
    if (wanted == NULL) {
        find_newest(state, &listing, arena, history, run);
    }
    bool *undone = arena_array(arena, run->journal.count, sizeof(*undone));
    if (run->journal.count > 0) {
        mark_undone(state, &listing, run, arena, undone);
    }
    run->undone = undone;
    *ret_run = run->id != NULL ? run : NULL;
    return true;
}
