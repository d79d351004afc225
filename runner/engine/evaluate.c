/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "engine/eval.h"
#include "engine/run.h"
#include "engine/say.h"

static struct spoken say(struct scope *scope, const struct said *said)
{
    static const struct stand_ins en = {
        .absent = "(not set)", .unknown = "(unknown)", .empty = "none", .yes = "yes", .no = "no"};
    static const struct stand_ins ja = {
        .absent = "(未設定)", .unknown = "(不明)", .empty = "なし", .yes = "はい", .no = "いいえ"};
    return (struct spoken){.en = scope_say(scope, said->en, &en), .ja = scope_say(scope, said->ja, &ja)};
}

/* --- one finding --- */

static enum severity severity_of(struct scope *scope, const struct finding *finding)
{
    for (size_t i = 0; i < finding->severity_case_count; i++) {
        struct truth truth = condition_evaluate(scope, finding->severity_cases[i].when);
        if (truth.word == TRUTH_TRUE) {
            return finding->severity_cases[i].is;
        }
        if (truth.word == TRUTH_UNKNOWN) {
            break;
        }
    }
    return finding->severity;
}

static bool consent_missing(struct scope *scope, const struct finding *finding, size_t *ret_need)
{
    for (size_t i = 0; i < finding->need_count; i++) {
        struct ref ref = {.root = REF_PARAMETER, .index = finding->needs[i]};
        struct value value = scope_ref(scope, &ref);
        if (value.state != VALUE_KNOWN || !value.as.boolean) {
            *ret_need = finding->needs[i];
            return true;
        }
    }
    return false;
}

struct refused {
    enum truth_word word;
    bool hands_over;
    struct spoken reason;
};

/* The first refusal that is true, else the first that is unknown. */
static struct refused refused_by(struct scope *scope, const struct finding *finding)
{
    struct refused worst = {.word = TRUTH_FALSE};
    for (size_t i = 0; i < finding->refusal_count; i++) {
        struct truth truth = condition_evaluate(scope, finding->refusals[i].when);
        if (truth.word == TRUTH_TRUE) {
            return (struct refused){.word = TRUTH_TRUE,
                                    .hands_over = finding->refusals[i].hands_over,
                                    .reason = say(scope, &finding->refusals[i].reason)};
        }
        if (truth.word == TRUTH_UNKNOWN && worst.word == TRUTH_FALSE) {
            worst.word = TRUTH_UNKNOWN;
            worst.reason =
                (struct spoken){.en = arena_format(scope->arena, "not known whether it may be fixed: %s", truth.why),
                                .ja = arena_format(scope->arena, "修正してよいか判断できません: %s", truth.why)};
        }
    }
    return worst;
}

/* Why it is not fixed, from the first reason that decide_state takes. */
static struct spoken refusal_reason(struct scope *scope, const struct finding *finding, const struct finding_run *state)
{
    const struct decide_input *input = &state->input;
    struct arena *arena = scope->arena;
    struct refused refused = refused_by(scope, finding);
    size_t need = 0;
    if (!input->azure_proven && finding->step_count > 0) {
        return (struct spoken){.en = "this machine is not proven to be on Azure: check only",
                               .ja = "Azure 上のマシンと確認できないため、確認のみ行います"};
    }
    if (state->blocked_by != NULL && refused.word != TRUTH_TRUE) {
        return (struct spoken){
            .en = arena_format(arena, "not begun while %s is there, since it could not end well: that comes first",
                               state->blocked_by),
            .ja =
                arena_format(arena, "%s が解消されるまで完了できる見込みがないため、実行しません。先に解消してください",
                             state->blocked_by)};
    }
    if (refused.word != TRUTH_FALSE) {
        return refused.reason;
    }
    if (consent_missing(scope, finding, &need)) {
        const char *name = scope->playbook->parameters[need].column.name;
        return (struct spoken){
            .en = arena_format(arena, "needs consent: --parameter %s.%s=true", scope->playbook->id, name),
            .ja = arena_format(arena, "同意が必要です: --parameter %s.%s=true", scope->playbook->id, name)};
    }
    if (input->barred) {
        return (struct spoken){.en = "an earlier diagnosis of its group could not be ruled out",
                               .ja = "同じグループの先行する診断を除外できません"};
    }
    return (struct spoken){0};
}

/* What was seen when the finding first stood: later, the texts would show the repaired machine. */
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
    record->title = say(scope, &finding->title);
    record->detail = say(scope, &finding->detail);
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
    struct refused refused = refused_by(&playbook->scope, finding);
    size_t need = 0;
    bool applies = playbook->applies.word == TRUTH_TRUE;
    state->when = applies ? condition_evaluate(&playbook->scope, finding->when) : playbook->applies;
    record->severity = severity_of(&playbook->scope, finding);
    record->confidence = finding->confidence;
    bool is_carried = state->when.word == TRUTH_FALSE && awaits_restart(run, playbook->playbook, finding);
    state->input = (struct decide_input){
        .applies = playbook->applies.word != TRUTH_FALSE,
        .applies_unknown = playbook->applies.word == TRUTH_UNKNOWN,
        .when = state->when.word,
        .stood = is_carried || (state->stood && (run->host->changes > 0 || state->tried)),
        .refused = refusal_of(state, refused.word),
        .hands_over = refused.hands_over,
        .consent_missing = consent_missing(&playbook->scope, finding, &need),
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
        input->barred = doubt;
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
 * An outranked finding never stood, and one that is outranked later was the wrong name for what its group now calls
 * right: when the winner is fixed, it must not be claimed as fixed too.
 */
static void note_stood(struct playbook_run *playbook)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        struct finding_run *state = &playbook->findings[i];
        state->stood = state->when.word == TRUTH_TRUE ? !state->input.outranked : state->stood;
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
                map_set(run->arena, standing, playbook->playbook->findings[i].id, playbook);
            }
        }
    }
}

/* The first that stands and explains it now, or NULL. */
static const char *explained_by(struct scope *scope, const struct finding *finding, const struct map *standing)
{
    for (size_t i = 0; i < finding->explained_count; i++) {
        const struct explanation *by = &finding->explained_by[i];
        bool holds = by->when == NULL || condition_evaluate(scope, by->when).word == TRUTH_TRUE;
        if (holds && map_find(standing, by->finding) != NULL) {
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
            const struct finding *finding = &playbook->playbook->findings[i];
            const char *by = explained_by(&playbook->scope, finding, &standing);
            playbook->findings[i].input.explained = by != NULL;
            playbook->record->findings[i].explained_by = by;
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
        note_stood(playbook);
    }
    block(run);
    explain(run);
}

/* --- closing --- */

/* One argument of a command: known, and of its shape. NULL: not, and why. */
static const char *command_word(struct scope *scope, const struct expr *word, const char **ret_why)
{
    size_t count = word->form == EXPR_TEXT ? word->count : 1;
    const struct expr *parts = word->form == EXPR_TEXT ? word->items : word;
    for (size_t i = 0; i < count; i++) {
        struct value value = scope_value(scope, &parts[i]);
        if (value.state != VALUE_KNOWN) {
            *ret_why = arena_format(scope->arena, "%s is %s", parts[i].ref.text,
                                    value.state == VALUE_ABSENT ? "not set" : value.as.why);
            return NULL;
        }
        if (parts[i].form == EXPR_REF && value.base == TYPE_TEXT &&
            !shape_accepts(parts[i].type.shape, value.as.text)) {
            *ret_why = arena_format(scope->arena, "%s has not the shape of a safe argument", parts[i].ref.text);
            return NULL;
        }
    }
    struct value whole = scope_value(scope, word);
    return value_display(scope->arena, &whole);
}

static bool add_word(struct scope *scope, const struct expr *expr, struct arena_list *words, const char **ret_why)
{
    const char *word = command_word(scope, expr, ret_why);
    if (word != NULL) {
        *(const char **)arena_push(scope->arena, words, sizeof(word)) = word;
    }
    return word != NULL;
}

/* A list stands for as many words as it has elements. */
static bool add_words(struct scope *scope, const struct expr *expr, struct arena_list *words, const char **ret_why)
{
    if (expr->form != EXPR_REF || expr->type.base != TYPE_LIST) {
        return add_word(scope, expr, words, ret_why);
    }
    struct value list = scope_value(scope, expr);
    if (list.state != VALUE_KNOWN || list.as.list.count == 0 || list.as.list.count > LIMIT_COMMAND_WORDS) {
        const char *why = list.state == VALUE_UNKNOWN ? list.as.why : "empty, or over its limit";
        *ret_why = arena_format(scope->arena, "%s is %s", expr->ref.text, why);
        return false;
    }
    struct expr element = {.form = EXPR_REF, .type = {.base = TYPE_TEXT, .shape = expr->type.shape}};
    element.ref = (struct ref){.root = REF_ITEM, .text = expr->ref.text, .type = element.type};
    struct scope inner = *scope;
    for (size_t i = 0; i < list.as.list.count; i++) {
        inner.item = &list.as.list.items[i];
        if (!add_word(&inner, &element, words, ret_why)) {
            return false;
        }
    }
    return true;
}

static bool render_command(struct scope *scope, const struct handoff_run *run, struct handoff_command *ret_command,
                           const char **ret_why)
{
    struct arena_list words = {0};
    for (size_t i = 0; i < run->count; i++) {
        if (!add_words(scope, &run->words[i], &words, ret_why)) {
            return false;
        }
    }
    *ret_command = (struct handoff_command){.set = run->set, .words = words.items, .count = words.count};
    return true;
}

/* The commands of one run: one, one an element of its forEach, or none when its `when` is false. */
static bool render_run(struct scope *scope, const struct handoff_run *run, struct arena_list *commands,
                       const char **ret_why)
{
    struct truth truth = run->when != NULL ? condition_evaluate(scope, run->when) : (struct truth){.word = TRUTH_TRUE};
    if (truth.word != TRUTH_TRUE) {
        *ret_why = truth.why;
        return truth.word == TRUTH_FALSE;
    }
    if (run->for_each == NULL) {
        return render_command(scope, run, arena_push(scope->arena, commands, sizeof(struct handoff_command)), ret_why);
    }
    struct value list = scope_value(scope, run->for_each);
    if (list.state != VALUE_KNOWN || list.as.list.count > LIMIT_FOR_EACH) {
        *ret_why = list.state == VALUE_UNKNOWN ? list.as.why : "its forEach is not set or over its limit";
        return false;
    }
    struct scope inner = *scope;
    for (size_t i = 0; i < list.as.list.count; i++) {
        inner.item = &list.as.list.items[i];
        struct handoff_command *command = arena_push(scope->arena, commands, sizeof(*command));
        if (!render_command(&inner, run, command, ret_why)) {
            return false;
        }
    }
    return true;
}

static struct handoff_record render_handoff(struct scope *scope, const struct handoff *handoff)
{
    struct handoff_record record = {.title = say(scope, &handoff->title), .why = say(scope, &handoff->why)};
    struct arena_list commands = {0};
    for (size_t i = 0; i < handoff->run_count; i++) {
        if (!render_run(scope, &handoff->runs[i], &commands, &record.unknown)) {
            return record;
        }
    }
    record.commands = commands.items;
    record.count = commands.count;
    return record;
}

static void render_handoffs(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    struct handoff_record *handoffs = arena_array(run->arena, finding->handoff_count, sizeof(*handoffs));
    for (size_t i = 0; i < finding->handoff_count; i++) {
        handoffs[i] = render_handoff(&playbook->scope, &finding->handoffs[i]);
    }
    record->handoffs = handoffs;
    record->handoff_count = finding->handoff_count;
}

static void close_finding(struct run *run, struct playbook_run *playbook, size_t index)
{
    struct finding_run *state = &playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    record->state = decide_closed(decide_state(&state->input), record->finding->clears_with_run);
    if (record->state == FINDING_UNKNOWN) {
        const char *why = playbook->applies.word == TRUTH_UNKNOWN ? playbook->applies.why : state->when.why;
        record->reason = (struct spoken){.en = why};
    } else if (record->state == FINDING_REFUSED) {
        record->reason = refusal_reason(&playbook->scope, record->finding, state);
    } else if (record->state == FINDING_HANDED_OFF) {
        record->reason = refused_by(&playbook->scope, record->finding).reason;
    }
    if (record->state != FINDING_EXPLAINED) {
        record->explained_by = NULL;
    }
    if (run->options->mode == MODE_PLAN && decide_would_run(&state->input)) {
        finding_outlook(run, playbook, index);
    }
    if (decide_stands(record->state)) {
        render_handoffs(run, playbook, index);
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
        playbook->record->title = say(&playbook->scope, &playbook->playbook->title);
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            close_finding(run, playbook, i);
        }
        if (playbook->record->applies_unknown) {
            playbook->record->verdict = verdict_worst(playbook->record->verdict, VERDICT_UNDETERMINED);
        }
        run->record->verdict = verdict_worst(run->record->verdict, playbook->record->verdict);
    }
}
