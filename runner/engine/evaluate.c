/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "engine/eval.h"
#include "engine/refusal.h"
#include "engine/run.h"
#include "engine/say.h"

/* --- one finding --- */

static int word_of(struct scope *scope, const struct word_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++) {
        struct truth truth = condition_evaluate(scope, cases->items[i].when);
        if (truth.word == TRUTH_TRUE) {
            return cases->items[i].is;
        }
        if (truth.word == TRUTH_UNKNOWN) {
            break;
        }
    }
    return cases->otherwise;
}

/* What was seen when the finding was first seen: later, the texts would show the repaired machine. */
static void capture(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    struct scope *scope = &playbook->scope;
    struct evidence *evidence = arena_array(run->arena, finding->evidence_count, sizeof(*evidence));
    for (size_t i = 0; i < finding->evidence_count; i++) {
        evidence[i] =
            (struct evidence){.name = finding->evidence[i].text, .value = scope_ref(scope, &finding->evidence[i])};
    }
    record->title = say_spoken(scope, &finding->title);
    record->detail = say_spoken(scope, &finding->detail);
    record->evidence = evidence;
    record->evidence_count = finding->evidence_count;
}

/* Fixed by an earlier run, and not restarted since: it does not hold any more, and is not over yet. */
static bool awaits_restart(const struct run *run, const struct playbook *playbook, const struct finding *finding)
{
    const struct pending *pending = &run->options->pending;
    const char *boot_id = run->record->machine.boot_id;
    if (!finding->clears_after_reboot || pending->boot_id == NULL || boot_id == NULL ||
        !text_same(boot_id, pending->boot_id)) {
        return false;
    }
    const char *id = arena_format(run->arena, "%s.%s", playbook->id, finding->id);
    for (size_t i = 0; i < pending->count; i++) {
        if (text_same(pending->finding_ids[i], id)) {
            return true;
        }
    }
    return false;
}

/* It was allowed when it was tried: that nobody can tell any more, now that the fix failed, hides no failure. */
static enum truth_word refusal_of(const struct finding_run *state, enum truth_word refused)
{
    bool is_lost = state->tried && refused == TRUTH_UNKNOWN && state->when.word == TRUTH_UNKNOWN;
    return is_lost ? TRUTH_FALSE : refused;
}

static void evaluate_finding(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_run *state = &playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    struct refused refused = refused_now(run, &playbook->scope, finding, state);
    bool applies = playbook->applies.word == TRUTH_TRUE;
    state->when = applies ? condition_evaluate(&playbook->scope, finding->when) : playbook->applies;
    record->severity = (enum severity)word_of(&playbook->scope, &finding->severity);
    record->confidence = (enum confidence)word_of(&playbook->scope, &finding->confidence);
    bool is_carried = state->when.word == TRUTH_FALSE && awaits_restart(run, playbook->playbook, finding);
    state->input = (struct decide_input){
        .applies = playbook->applies.word != TRUTH_FALSE,
        .applies_unknown = playbook->applies.word == TRUTH_UNKNOWN,
        .when = state->when.word,
        .was_true = is_carried || (state->was_true && (run->host->changes > 0 || state->tried)),
        .refused = refusal_of(state, refused.word),
        .hands_off = refused.hands_off,
        .consent_missing = consent_missing(&playbook->scope, finding) < finding->need_count,
        .azure_proven = run->host->on_azure,
        .has_fix = finding->step_count > 0,
        .has_handoff = finding->handoff_count > 0,
        .mode = run->options->mode,
        .clears_after_reboot = finding->clears_after_reboot,
    };
    if ((state->when.word != TRUTH_FALSE || is_carried) && !state->captured) {
        capture(run, playbook, index);
        state->captured = state->when.word == TRUTH_TRUE;
    }
}

/* --- groups: the first true one wins, an earlier unknown bars its fix --- */

static void rank_groups(struct playbook_run *playbook)
{
    bool won = false;
    bool doubt = false;
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        const struct finding *finding = &playbook->playbook->findings[i];
        struct decide_input *input = &playbook->findings[i].input;
        if (finding->group == NULL || finding->group_index == 0) {
            won = false;
            doubt = false;
        }
        if (finding->group == NULL) {
            continue;
        }
        input->outranked = won;
        input->earlier_unknown = doubt;
        if (doubt && !won && input->when == TRUTH_TRUE) {
            playbook->record->findings[i].confidence = CONFIDENCE_POSSIBLE;
        }
        won = won || input->when == TRUTH_TRUE;
        doubt = doubt || input->when == TRUTH_UNKNOWN;
    }
    /* Once one has won, the unknown ones before it are no answer of their own. */
    won = false;
    for (size_t i = playbook->playbook->finding_count; i-- > 0;) {
        const struct finding *finding = &playbook->playbook->findings[i];
        struct decide_input *input = &playbook->findings[i].input;
        input->outranked = finding->group != NULL && (input->outranked || (won && input->when == TRUTH_UNKNOWN));
        won = finding->group != NULL && finding->group_index > 0 && (won || input->when == TRUTH_TRUE);
    }
}

/*
 * An outranked finding was never present, and one that is outranked later was the wrong name for what its group now
 * calls right: when the winner is fixed, it must not be claimed as fixed too.
 */
static void note_true(struct playbook_run *playbook)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        struct finding_run *state = &playbook->findings[i];
        state->was_true = state->when.word == TRUTH_TRUE ? !state->input.outranked : state->was_true;
    }
}

/* --- explanations: from the states before any explanation, so that order does not matter --- */

static void note_standing(struct run *run, struct map *standing)
{
    for (size_t p = 0; p < run->plan->count; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            enum finding_state state = decide_state(&playbook->findings[i].input);
            bool trying = state == FINDING_NOT_FIXED && !playbook->findings[i].tried;
            if (decide_stands(state) && !trying) {
                map_set(run->arena, standing, playbook->playbook->findings[i].id, &playbook->record->findings[i]);
            }
        }
    }
}

/* A suspicion keeps no fix from being tried, and a look from promising one. */
static bool is_tried_first(const struct run *run, const struct explanation *by, const struct finding_run *state)
{
    return by->try_first && !state->tried && run->options->mode != MODE_CHECK;
}

/* The first that stands and explains it now, or NULL. A piece of information explains no error and no warning away. */
static const char *explained_by(const struct run *run, struct playbook_run *playbook, size_t index,
                                const struct map *standing)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    enum severity severity = playbook->record->findings[index].severity;
    struct scope *scope = &playbook->scope;
    for (size_t i = 0; i < finding->explained_count; i++) {
        const struct explanation *by = &finding->explained_by[i];
        const struct finding_record *cause = map_find(standing, by->finding);
        if (cause == NULL || (cause->severity == SEVERITY_INFO && severity != SEVERITY_INFO) ||
            is_tried_first(run, by, &playbook->findings[index])) {
            continue;
        }
        if (by->when == NULL || condition_evaluate(scope, by->when).word == TRUTH_TRUE) {
            return by->finding;
        }
    }
    return NULL;
}

bool blockers_apply(struct playbook_run *playbook, const struct finding *finding)
{
    return finding->blocked_when == NULL ||
           condition_evaluate(&playbook->scope, finding->blocked_when).word == TRUTH_TRUE;
}

static const char *blocked_by(struct playbook_run *playbook, const struct finding *finding, const struct map *standing)
{
    if (!blockers_apply(playbook, finding)) {
        return NULL;
    }
    for (size_t i = 0; i < finding->blocked_count; i++) {
        if (map_find(standing, finding->blocked_by[i]) != NULL) {
            return finding->blocked_by[i];
        }
    }
    return NULL;
}

/* What could be told before anything was begun is not taken back by a look that fails later. */
static bool holds_now(const struct run *run, const struct finding *finding, const struct finding_run *state,
                      const struct map *standing)
{
    bool is_in_doubt =
        finding->holds_unknown && host_op_count(run->host) == 0 && decide_state(&state->input) == FINDING_UNKNOWN;
    return finding->holds_fixes && (is_in_doubt || map_find(standing, finding->id) != NULL);
}

/* The finding that stands and keeps every fix of this run from being begun, or NULL. */
static const char *fixes_held_by(const struct run *run, const struct map *standing)
{
    for (size_t p = 0; p < run->plan->count; p++) {
        const struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            if (holds_now(run, &playbook->playbook->findings[i], &playbook->findings[i], standing)) {
                return playbook->playbook->findings[i].id;
            }
        }
    }
    return NULL;
}

const char *findings_held_by(struct run *run)
{
    struct map standing = {0};
    note_standing(run, &standing);
    return fixes_held_by(run, &standing);
}

/* What was begun earlier and has to end whole is not held either: its own blockers say so. */
static bool is_held(struct playbook_run *playbook, const struct finding *finding, const struct finding_run *state)
{
    return finding->step_count > 0 && !state->tried && blockers_apply(playbook, finding);
}

/* What was tried already is judged by what came of it. */
static void block(struct run *run)
{
    struct map standing = {0};
    note_standing(run, &standing);
    const char *held_by = fixes_held_by(run, &standing);
    for (size_t p = 0; p < run->plan->count; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            struct finding_run *state = &playbook->findings[i];
            const struct finding *finding = &playbook->playbook->findings[i];
            state->blocked_by = state->tried ? NULL : blocked_by(playbook, finding, &standing);
            if (state->blocked_by == NULL && is_held(playbook, finding, state)) {
                state->blocked_by = held_by;
            }
            state->input.refused = state->blocked_by != NULL ? TRUTH_TRUE : state->input.refused;
        }
    }
}

/* What is blocked stands, and explains in its turn. */
static void explain(struct run *run)
{
    struct map standing = {0};
    note_standing(run, &standing);
    for (size_t p = 0; p < run->plan->count && standing.count > 0; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            struct finding_record *record = &playbook->record->findings[i];
            record->explained_by = explained_by(run, playbook, i, &standing);
            playbook->findings[i].input.explained = record->explained_by != NULL;
        }
    }
}

void findings_evaluate(struct run *run)
{
    for (size_t p = 0; p < run->plan->count; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            evaluate_finding(run, playbook, i);
        }
        rank_groups(playbook);
        note_true(playbook);
    }
    block(run);
    explain(run);
}

/* --- closing --- */

static void close_finding(struct run *run, struct playbook_run *playbook, size_t index)
{
    struct finding_run *state = &playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    record->state = decide_closed(decide_state(&state->input), record->finding->clears_with_run);
    if (record->state == FINDING_UNKNOWN) {
        const char *why = playbook->applies.word == TRUTH_UNKNOWN ? playbook->applies.why : state->when.why;
        record->reason = (struct spoken){.en = why};
    } else if (record->state == FINDING_REFUSED) {
        refusal_record(run, &playbook->scope, state, record);
    } else if (record->state == FINDING_HANDED_OFF) {
        refusal_hands_off(&playbook->scope, record);
    } else if (record->state == FINDING_NOT_FIXED && state->held.en != NULL) {
        record->reason = state->held;
    } else if (record->state == FINDING_NOT_FIXED && !state->tried) {
        record->reason = run_is_over(run);
    }
    if (record->state != FINDING_EXPLAINED) {
        record->explained_by = NULL;
    }
    if (run->options->mode == MODE_PLAN && decide_would_run(&state->input)) {
        preview_finding(run, playbook, index);
    }
    if (decide_stands(record->state)) {
        handoffs_render(run, playbook, index);
    }
    run->record->reboot_required = run->record->reboot_required || record->state == FINDING_PENDING_REBOOT;
    playbook->record->verdict = verdict_worst(playbook->record->verdict, verdict_of(record));
}

void findings_close(struct run *run)
{
    run->record->verdict = VERDICT_HEALTHY;
    for (size_t p = 0; p < run->plan->count; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        playbook->record->verdict = VERDICT_HEALTHY;
        playbook->record->applies = playbook->applies.word != TRUTH_FALSE;
        playbook->record->applies_unknown = playbook->applies.word == TRUTH_UNKNOWN;
        playbook->record->title = say_spoken(&playbook->scope, &playbook->playbook->title);
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            close_finding(run, playbook, i);
        }
        if (playbook->record->applies_unknown) {
            playbook->record->verdict = verdict_worst(playbook->record->verdict, VERDICT_UNDETERMINED);
        }
        run->record->verdict = verdict_worst(run->record->verdict, playbook->record->verdict);
    }
}
