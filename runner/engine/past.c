/* SPDX-License-Identifier: MIT */
#include "engine/past.h"

#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/restore.h"

/* --- undo --- */

const char *const undo_outcome_names[UNDO_OUTCOME_COUNT + 1] = {"restored", "unneeded", "not_undone",
                                                                "diverged", "failed",   NULL};

/* What was written is told as the gate saw it, not as the earlier run's journal calls it. */
static const struct op *as_made(const struct host *host, const struct op *op, size_t ops_before)
{
    size_t count = host_op_count(host);
    if (count == ops_before) {
        return op;
    }
    const struct op *made = host_op(host, count - 1);
    struct op *told = arena_alloc(host->arena, sizeof(*told));
    *told = *op;
    told->shown_before = made->shown_after;
    told->shown_after = made->shown_before;
    return told;
}

/* Claimed only when it is seen, whatever was answered. */
static enum undo_outcome put_back(struct host *host, const struct op *op, struct err *err)
{
    const char *state = NULL;
    struct err unseen = {0};
    bool is_answered = host_restore(host, op, err);
    bool is_seen = host_state(host, op, &state, is_answered ? err : &unseen);
    if (is_seen && text_same(state, op->before)) {
        *err = (struct err){0};
        return UNDO_RESTORED;
    }
    if (is_seen && is_answered) {
        (void)err_set(err, ERR_IO, 0, "it was put back, and still does not stand as before");
    }
    return UNDO_FAILED;
}

/* As wanted; or as a change was left that was made in part. */
static bool is_as_left(const struct op *op, const char *state)
{
    return text_same(state, op->after) || (op->stands != NULL && text_same(state, op->stands));
}

static enum undo_outcome undo_op(struct host *host, const struct op *op, struct err *err)
{
    const char *state = NULL;
    if (op->class != OP_REVERSIBLE) {
        return UNDO_KEPT;
    }
    if (!host_state(host, op, &state, err)) {
        return UNDO_FAILED;
    }
    if (text_same(state, op->before)) {
        return UNDO_UNNEEDED;
    }
    return is_as_left(op, state) ? put_back(host, op, err) : UNDO_DIVERGED;
}

/* What cannot be read may be what was to be taken back. */
static enum verdict verdict_of_undo(const struct history_record *history, const struct undo_step *steps, size_t count)
{
    static const enum verdict verdicts[UNDO_OUTCOME_COUNT] = {
        [UNDO_RESTORED] = VERDICT_FIXED,     [UNDO_UNNEEDED] = VERDICT_HEALTHY, [UNDO_KEPT] = VERDICT_HEALTHY,
        [UNDO_DIVERGED] = VERDICT_NOT_FIXED, [UNDO_FAILED] = VERDICT_NOT_FIXED,
    };
    enum verdict worst = history->damaged > 0 ? VERDICT_UNDETERMINED : VERDICT_HEALTHY;
    for (size_t i = 0; i < count; i++) {
        enum verdict verdict = verdicts[steps[i].outcome];
        worst = verdict < worst ? verdict : worst;
    }
    return worst;
}

/* A change that failed was not made; one that is unknown may have been: looking tells. What ended with its run is over.
 */
static bool may_stand(const struct past_run *run, size_t index)
{
    const struct op *op = &run->journal.entries[index].op;
    bool is_undone = run->undone != NULL && run->undone[index];
    bool has_ended = host_is_passing(op) && text_same(op->after, "null");
    return !is_undone && !has_ended && op->outcome != OP_FAILED;
}

void past_undo(const struct past_run *run, struct host *host, struct arena *arena, struct record *record)
{
    size_t count = run != NULL ? run->journal.count : 0;
    struct undo_record *undo = arena_alloc(arena, sizeof(*undo));
    struct undo_step *steps = arena_array(arena, count, sizeof(*steps));
    undo->run_id = run != NULL ? run->id : NULL;
    undo->steps = steps;
    for (size_t i = count; i > 0; i--) {
        if (may_stand(run, i - 1)) {
            struct undo_step *step = &steps[undo->count++];
            const struct op *op = &run->journal.entries[i - 1].op;
            size_t ops_before = host_op_count(host);
            step->outcome = undo_op(host, op, &step->err);
            step->op = as_made(host, op, ops_before);
        }
    }
    record->undo = undo;
    record->changes = host->changes;
    record->verdict = verdict_of_undo(&record->history, steps, undo->count);
    record->duration_ms = host_now_ms(host) - host->started_ms;
}

/* --- a run that was cut off --- */

static void look_at(struct host *host, struct op *op)
{
    const char *state = NULL;
    if (!host_state(host, op, &state, &op->err)) {
        return;
    }
    if (text_same(state, op->before)) {
        op->outcome = OP_FAILED;
        (void)err_set(&op->err, ERR_INTERRUPTED, 0, "cut off before it was made");
    } else if (text_same(state, op->after)) {
        op->outcome = OP_DONE;
    } else {
        (void)err_set(&op->err, ERR_INTERRUPTED, 0, "cut off; it stands neither as before nor as wanted");
    }
}

void past_close(const struct past_run *run, const char *closed_by, struct host *host, struct arena *arena,
                struct record *ret_record)
{
    struct interrupted_record *interrupted = arena_alloc(arena, sizeof(*interrupted));
    struct op *ops = arena_array(arena, run->journal.count, sizeof(*ops));
    size_t changes = 0;
    for (size_t i = 0; i < run->journal.count; i++) {
        const struct journal_entry *entry = &run->journal.entries[i];
        ops[i] = entry->op;
        if (!entry->answered) {
            look_at(host, &ops[i]);
        }
        changes += ops[i].outcome != OP_FAILED && !host_is_passing(&ops[i]) ? 1 : 0;
    }
    *interrupted = (struct interrupted_record){.closed_by = closed_by, .ops = ops, .count = run->journal.count};
    *ret_record = (struct record){.run_id = run->id,
                                  .mode = run->journal.undoes != NULL ? MODE_UNDO : MODE_FIX,
                                  .verdict = VERDICT_FAILED,
                                  .changes = changes,
                                  .license.expires_in_days = -1,
                                  .host = host,
                                  .interrupted = interrupted};
    (void)err_set(&ret_record->err, ERR_INTERRUPTED, 0, "the process ended before the run did; run %s found it so",
                  closed_by);
}
