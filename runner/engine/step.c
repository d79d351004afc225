/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/distance.h"
#include "engine/eval.h"
#include "engine/run.h"
#include "host/nouns/clock/clock.h"

static const char not_yet_told[] = "cannot be told before the changes planned ahead of it are made";

enum { WATCHED_PART_MS = 2000 }; /* so often whoever watches a wait is asked whether it shall end */

/* One step for one element of its forEach. */
struct attempt {
    struct run *run;
    struct playbook_run *playbook;
    const struct step *step;
    struct scope scope;
    struct value *params, *cells; /* wanted cells: absent where not asked for */
    bool *differs;
    struct look_entry *entry;
    struct step_record *record;
};

static void outcome(struct attempt *attempt, enum step_outcome word, enum err_code code, const char *why)
{
    attempt->record->outcome = word;
    attempt->record->err = (struct err){0};
    if (why != NULL) {
        (void)err_set(&attempt->record->err, code, 0, "%s", why);
    }
}

/* --- inputs --- */

static bool inputs_known(struct attempt *attempt)
{
    const struct kind *kind = attempt->step->kind;
    for (size_t i = 0; i < kind->params.count + kind->properties.count; i++) {
        bool is_param = i < kind->params.count;
        size_t k = is_param ? i : i - kind->params.count;
        const struct column *column = is_param ? &kind->params.items[k] : &kind->properties.items[k];
        const struct expr *expr = is_param ? attempt->step->params[k] : attempt->step->wanted[k];
        struct value *target = is_param ? &attempt->params[k] : &attempt->cells[k];
        if (expr == NULL) {
            continue;
        }
        *target = scope_value(&attempt->scope, expr);
        bool is_optional = is_param && (column->flags & COLUMN_REQUIRED) == 0;
        if (is_optional && target->state == VALUE_ABSENT) {
            continue; /* as in a look: not given */
        }
        if (target->state != VALUE_KNOWN || !column_accepts(column, target)) {
            const char *why = target->state == VALUE_UNKNOWN  ? target->as.why
                              : target->state == VALUE_ABSENT ? "it is not set"
                                                              : "it is out of range";
            outcome(attempt, STEP_NOT_RUN, ERR_INVALID,
                    arena_format(attempt->run->arena, "input %s: %s", column->name, why));
            return false;
        }
    }
    return true;
}

/* One property gets one wanted value a run; a second, different one is a conflict. */
static bool wish_is_new_or_same(struct attempt *attempt)
{
    const struct columns *properties = &attempt->step->kind->properties;
    for (size_t i = 0; i < properties->count; i++) {
        if (attempt->cells[i].state != VALUE_KNOWN) {
            continue;
        }
        const char *key = arena_format(attempt->run->arena, "%s\n%s", attempt->entry->key, properties->items[i].name);
        const struct value *earlier = map_find(&attempt->run->wishes, key);
        if (earlier == NULL || earlier->state == VALUE_ABSENT) {
            map_set(attempt->run->arena, &attempt->run->wishes, key, &attempt->cells[i]);
        } else if (!value_equal(earlier, &attempt->cells[i])) {
            outcome(attempt, STEP_CONFLICT, ERR_REFUSED,
                    arena_format(attempt->run->arena, "%s is wanted as %s by an earlier step of this run",
                                 properties->items[i].name, value_display(attempt->run->arena, earlier)));
            return false;
        }
    }
    return true;
}

/* A wish of that kind was for what was there before, and binds no later step. */
static void forget_wishes(struct run *run, const char *kind)
{
    static struct value forgotten = {.state = VALUE_ABSENT};
    size_t length = strlen(kind);
    for (size_t i = 0; i < run->wishes.capacity; i++) {
        struct map_slot *slot = &run->wishes.slots[i];
        if (slot->key != NULL && strncmp(slot->key, kind, length) == 0 && slot->key[length] == '\n') {
            slot->value = &forgotten;
        }
    }
}

/* A new key brings another product with a KMS host of its own: what was wanted of the one before is over. */
static void forget_what_is_brought(struct attempt *attempt)
{
    const struct kind *kind = attempt->step->kind;
    for (size_t i = 0; i < kind->properties.count; i++) {
        const char *const *brings = attempt->step->wanted[i] != NULL ? kind->properties.items[i].brings : NULL;
        for (; brings != NULL && *brings != NULL; brings++) {
            distance_brought(attempt->run, *brings);
            if (!text_same(*brings, kind->name)) {
                forget_wishes(attempt->run, *brings);
            }
        }
    }
}

/* --- looking --- */

enum compared { COMPARED_SAME, COMPARED_DIFFERS, COMPARED_UNKNOWN };

static enum compared look_and_compare(struct attempt *attempt)
{
    const struct kind *kind = attempt->step->kind;
    attempt->entry = looks_want(&attempt->run->looks, kind, attempt->params);
    looks_finish(&attempt->run->looks, attempt->entry);
    const struct value *result = &attempt->entry->result;
    if (result->state == VALUE_UNKNOWN) {
        outcome(attempt, STEP_UNKNOWN, ERR_IO, result->as.why);
        return COMPARED_UNKNOWN;
    }
    enum compared compared = COMPARED_SAME;
    for (size_t i = 0; i < kind->properties.count; i++) {
        const struct value *is = &result->as.row.cells[i];
        attempt->differs[i] = false;
        if (attempt->cells[i].state != VALUE_KNOWN) {
            continue;
        }
        if (is->state == VALUE_UNKNOWN) {
            outcome(attempt, STEP_UNKNOWN, ERR_IO, is->as.why);
            return COMPARED_UNKNOWN;
        }
        attempt->differs[i] = !value_equal(is, &attempt->cells[i]);
        compared = attempt->differs[i] ? COMPARED_DIFFERS : compared;
    }
    return compared;
}

/* --- changing --- */

static bool set_once(struct attempt *attempt)
{
    struct wanted wanted = {.params = attempt->params,
                            .facts = attempt->entry->look.cells,
                            .cells = attempt->cells,
                            .differs = attempt->differs,
                            .arena = attempt->run->arena};
    struct err err = {0};
    if (attempt->step->kind->set(attempt->run->host, &wanted, &err)) {
        return true;
    }
    attempt->record->err = err;
    attempt->record->outcome = err.code == ERR_TIMEOUT ? STEP_UNKNOWN : STEP_FAILED;
    return false;
}

/* Sets, looks again, and claims only what is seen. */
static void change_once(struct attempt *attempt)
{
    bool set = set_once(attempt);
    if (attempt->run->options->mode == MODE_PLAN) {
        if (set) {
            outcome(attempt, STEP_WOULD_CHANGE, ERR_NONE, NULL);
            attempt->record->may_follow = preview_followers(attempt->run, attempt->step);
        }
        return;
    }
    struct err set_err = attempt->record->err;
    enum step_outcome set_outcome = attempt->record->outcome;
    enum compared compared = look_and_compare(attempt);
    if (!set) {
        attempt->record->outcome = set_outcome;
        attempt->record->err = set_err;
    } else if (compared == COMPARED_SAME) {
        outcome(attempt, STEP_CHANGED, ERR_NONE, NULL);
        forget_what_is_brought(attempt);
    } else if (compared == COMPARED_DIFFERS) {
        outcome(attempt, STEP_NOT_CONVERGED, ERR_IO, "it was set, and is still not so");
    }
}

/* --- retry --- */

int64_t retry_bound_ms(const struct retry *retry, int64_t attempt)
{
    int64_t bound = retry->first_seconds;
    for (int64_t i = 2; i < attempt && bound < retry->max_seconds; i++) {
        bound *= retry->factor;
    }
    return (bound < retry->max_seconds ? bound : retry->max_seconds) * 1000;
}

/* splitmix64 (Sebastiano Vigna, public domain description): jitter wants spread, not secrecy. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t word = (*state += 0x9E3779B97F4A7C15ULL);
    word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ (word >> 27U)) * 0x94D049BB133111EBULL;
    return word ^ (word >> 31U);
}

int64_t retry_wait_ms(const struct retry *retry, int64_t attempt, uint64_t *random)
{
    return (int64_t)(next_random(random) % (uint64_t)(retry_bound_ms(retry, attempt) + 1));
}

static bool wants_retry(struct attempt *attempt)
{
    const struct retry *retry = &attempt->step->retry;
    enum step_outcome word = attempt->record->outcome;
    bool is_worth_it = word == STEP_NOT_CONVERGED || word == STEP_FAILED;
    if (!is_worth_it || attempt->record->attempts >= retry->attempts || attempt->run->options->mode == MODE_PLAN) {
        return false;
    }
    if (retry->while_true == NULL) {
        return true;
    }
    run_refresh(attempt->run);
    return condition_evaluate(&attempt->playbook->scope, retry->while_true).word == TRUTH_TRUE;
}

static void wait_before_retry(struct attempt *attempt)
{
    int64_t wait_ms = retry_wait_ms(&attempt->step->retry, attempt->record->attempts + 1, &attempt->run->random);
    struct host *host = attempt->run->host;
    int64_t part = host->progress.waiting != NULL ? WATCHED_PART_MS : wait_ms;
    for (int64_t left = wait_ms; left > 0 && !step_is_over(attempt->run, attempt->step); left -= part) {
        host_sleep_ms(host, left < part ? left : part);
    }
}

/* What a group wants to its end is begun although the run is asked to end. */
bool step_is_over(struct run *run, const struct step *step)
{
    return run_is_over(run).en != NULL && !step_ends_group(run, step);
}

static void run_attempt(struct attempt *attempt)
{
    if (!inputs_known(attempt)) {
        return;
    }
    enum compared compared = look_and_compare(attempt);
    if (compared == COMPARED_UNKNOWN || !wish_is_new_or_same(attempt)) {
        return;
    }
    if (compared == COMPARED_SAME) {
        outcome(attempt, STEP_UNNEEDED, ERR_NONE, NULL);
        return;
    }
    for (;;) {
        if (step_is_over(attempt->run, attempt->step)) {
            if (attempt->record->attempts == 0) {
                enum err_code code = host_is_over(attempt->run->host) ? ERR_TIMEOUT : ERR_LIMIT;
                outcome(attempt, STEP_NOT_RUN, code, run_is_over(attempt->run).en);
            }
            return; /* what the last try came to stays said */
        }
        attempt->record->attempts++;
        change_once(attempt);
        if (!distance_answered(attempt->run, attempt->step, attempt->entry) || !wants_retry(attempt)) {
            return;
        }
        wait_before_retry(attempt);
    }
}

/* --- a finding's steps --- */

static bool step_succeeded(enum step_outcome word)
{
    return word == STEP_UNNEEDED || word == STEP_CHANGED || word == STEP_WOULD_CHANGE;
}

static const char *item_shown(struct run *run, const struct step *step, const struct value *item)
{
    if (item == NULL) {
        return NULL;
    }
    struct value shown = *item;
    shown.secret = shown.secret || step->for_each->type.secret;
    return value_display(run->arena, &shown);
}

/* A plan changes nothing: what a step needs may be there only when what is planned before it has been made. */
static bool is_behind_planned(const struct run *run, const struct finding_record *finding)
{
    const struct step_record *first = finding->steps.items;
    return run->options->mode == MODE_PLAN && finding->steps.count > 0 && first->op_first < host_op_count(run->host);
}

/* It cannot be told yet, and so is not failed: what it wants, and what may follow, is said all the same. */
static void tell_later(struct attempt *attempt, const struct finding_record *finding)
{
    struct step_record *record = attempt->record;
    bool is_told = step_succeeded(record->outcome) || record->outcome == STEP_CONFLICT;
    if (!is_told && is_behind_planned(attempt->run, finding)) {
        (void)err_context(&record->err, "%s", not_yet_told);
        preview_step(attempt->run, &attempt->scope, finding->finding, attempt->step, record);
    }
}

static bool run_step(struct run *run, struct playbook_run *playbook, struct finding_record *finding,
                     const struct step *step, const struct value *item)
{
    const struct kind *kind = step->kind;
    struct step_record *record = arena_push(run->arena, &finding->steps, sizeof(*record));
    struct step_record work = {.ensure = kind->name, .op_first = host_op_count(run->host)};
    *record = work; /* where the changes of this finding begin */
    struct attempt attempt = {.run = run,
                              .playbook = playbook,
                              .step = step,
                              .scope = playbook->scope,
                              .params = arena_array(run->arena, kind->params.count, sizeof(struct value)),
                              .cells = arena_array(run->arena, kind->properties.count, sizeof(struct value)),
                              .differs = arena_array(run->arena, kind->properties.count, sizeof(bool)),
                              .record = &work};
    int64_t began = host_now_ms(run->host);
    attempt.scope.item = item;
    work.item = item_shown(run, step, item);
    run_attempt(&attempt);
    tell_later(&attempt, finding);
    work.op_count = host_op_count(run->host) - work.op_first;
    work.duration_ms = host_now_ms(run->host) - began;
    *record = work;
    return step_succeeded(work.outcome);
}

static struct step_record *skip_step(struct run *run, struct finding_record *finding, const struct step *step,
                                     const char *why)
{
    struct step_record *record = arena_push(run->arena, &finding->steps, sizeof(*record));
    *record =
        (struct step_record){.ensure = step->kind->name, .outcome = STEP_NOT_RUN, .op_first = host_op_count(run->host)};
    (void)err_set(&record->err, ERR_REFUSED, 0, "%s", why);
    return record;
}

/* Behind a step that did not succeed; in a plan it may succeed once what is planned before it has been made. */
static void skip_behind(struct run *run, struct playbook_run *playbook, struct finding_record *finding,
                        const struct step *step, const char *why)
{
    bool is_behind = is_behind_planned(run, finding);
    struct step_record *record = skip_step(run, finding, step, why);
    if (is_behind) {
        (void)err_context(&record->err, "%s", not_yet_told);
        preview_step(run, &playbook->scope, finding->finding, step, record);
    }
}

/* All elements of one step; the steps behind a failed one are not run. */
static bool run_elements(struct run *run, struct playbook_run *playbook, struct finding_record *finding,
                         const struct step *step)
{
    if (step->for_each == NULL) {
        return run_step(run, playbook, finding, step, NULL);
    }
    struct value list = scope_value(&playbook->scope, step->for_each);
    if (list.state != VALUE_KNOWN || list.as.list.count > LIMIT_FOR_EACH) {
        (void)skip_step(run, finding, step,
                        list.state == VALUE_UNKNOWN ? list.as.why : "its forEach is not set or over its limit");
        return false;
    }
    bool succeeded = true;
    for (size_t i = 0; i < list.as.list.count; i++) {
        succeeded = run_step(run, playbook, finding, step, &list.as.list.items[i]) && succeeded;
    }
    return succeeded;
}

/* Any fix may clear any finding that stands: those of the playbook, and those of others. */
static bool note_restarts(struct run *run, struct playbook_run *playbook, struct err *err)
{
    const struct restart_sink *sink = &run->options->restarts;
    const char *boot_id = run->record->machine.boot_id;
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        const struct finding *finding = &playbook->playbook->findings[i];
        struct finding_run *state = &playbook->findings[i];
        if (finding->clears_after_reboot && finding->step_count > 0 && state->was_true && !state->noted) {
            const char *id = arena_format(run->arena, "%s.%s", playbook->playbook->id, finding->id);
            state->noted = sink->note == NULL || boot_id == NULL || sink->note(sink->context, boot_id, id, err);
            if (!state->noted) {
                return false;
            }
        }
    }
    return true;
}

/* Why no step of a fix may begin; NULL: it may. */
static const char *why_not_begun(struct run *run)
{
    struct err err = {0};
    for (size_t p = 0; run->options->mode == MODE_FIX && p < run->plan->count; p++) {
        if (!note_restarts(run, &run->playbooks[p], &err)) {
            return arena_format(run->arena, "that it will wait for a restart cannot be written down: %s", err.text);
        }
    }
    return NULL;
}

void finding_fix(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    const char *why = why_not_begun(run);
    why = why == NULL ? distance_holds(run, playbook, index) : why;
    for (size_t i = 0; i < finding->step_count; i++) {
        if (why != NULL) {
            skip_behind(run, playbook, record, &finding->steps[i], why);
        } else if (!run_elements(run, playbook, record, &finding->steps[i])) {
            why = "an earlier step did not succeed";
        }
    }
    playbook->findings[index].tried = true;
    playbook->findings[index].tried_generation = run->host->generation;
}
