/* SPDX-License-Identifier: MIT */
#include "engine/refusal.h"

#include "base/text.h"
#include "engine/eval.h"
#include "engine/say.h"

size_t consent_missing(struct scope *scope, const struct finding *finding)
{
    for (size_t i = 0; i < finding->need_count; i++) {
        struct ref ref = {.root = REF_PARAMETER, .index = finding->needs[i]};
        struct value value = scope_ref(scope, &ref);
        if (value.state != VALUE_KNOWN || !value.as.boolean) {
            return i;
        }
    }
    return finding->need_count;
}

struct refused refused_by(struct scope *scope, const struct finding *finding)
{
    struct refused worst = {.word = TRUTH_FALSE};
    for (size_t i = 0; i < finding->refusal_count; i++) {
        struct truth truth = condition_evaluate(scope, finding->refusals[i].when);
        if (truth.word == TRUTH_TRUE) {
            return (struct refused){.word = TRUTH_TRUE,
                                    .hands_off = finding->refusals[i].hands_off,
                                    .by = &finding->refusals[i],
                                    .reason = say_spoken(scope, &finding->refusals[i].reason)};
        }
        if (truth.word == TRUTH_UNKNOWN && worst.word == TRUTH_FALSE) {
            worst.word = TRUTH_UNKNOWN;
            worst.as = REFUSED_UNCHECKED;
            worst.reason = (struct spoken){
                .en = arena_format(scope->arena, "could not check whether it may be fixed: %s", truth.why),
                .ja = arena_format(scope->arena, "修正してよいか判断できません: %s", truth.why)};
        }
    }
    return worst;
}

/* NULL: the owner of the VM denies no part of its fix. Else the name of what is denied. */
static const char *denied_part(const struct narrowing *narrowing, const struct finding *finding)
{
    if (narrowing_names(narrowing->findings, narrowing->finding_count, finding->id)) {
        return finding->id;
    }
    for (size_t i = 0; i < finding->step_count; i++) {
        if (narrowing_names(narrowing->nouns, narrowing->noun_count, finding->steps[i].kind->name)) {
            return finding->steps[i].kind->name;
        }
    }
    return NULL;
}

/* In the plan, or what the plan said may be due behind it: a rebuild without its key would leave the VM without one. */
static bool is_approved(const struct narrowing *narrowing, const struct finding *finding)
{
    bool follows = true;
    for (size_t i = 0; i < finding->step_count; i++) {
        follows =
            follows && narrowing_names(narrowing->followers, narrowing->follower_count, finding->steps[i].kind->name);
    }
    return follows || narrowing_names(narrowing->approved, narrowing->approved_count, finding->id);
}

/* Nobody takes away what a group needs to its end, or what was tried for it: a rebuild without its key is worse. */
static bool ends_a_group(const struct run *run, const struct finding *finding, const struct finding_run *state)
{
    bool ends = state->tried;
    for (size_t i = 0; i < finding->step_count && !ends; i++) {
        ends = step_ends_group(run, &finding->steps[i]);
    }
    return ends;
}

struct refused refused_now(const struct run *run, struct scope *scope, const struct finding *finding,
                           const struct finding_run *state)
{
    const struct narrowing *narrowing = run->options->narrowing;
    if (narrowing == NULL || finding->step_count == 0 || ends_a_group(run, finding, state)) {
        return refused_by(scope, finding);
    }
    if (narrowing->approved != NULL && !is_approved(narrowing, finding)) {
        return (struct refused){
            .word = TRUTH_TRUE,
            .as = REFUSED_NOT_PLANNED,
            .reason = {.en = "it is not in the approved plan: plan again to approve it",
                       .ja = "承認された計画に含まれていません。plan を再実行して承認してください"}};
    }
    const char *part = denied_part(narrowing, finding);
    if (part == NULL) {
        return refused_by(scope, finding);
    }
    return (struct refused){
        .word = TRUTH_TRUE,
        .as = REFUSED_BY_OWNER,
        .reason = {.en = arena_format(scope->arena, "the policy for azmend on this VM denies it (%s)", part),
                   .ja = arena_format(scope->arena, "この VM の azmend のポリシーで拒否されています (%s)", part)}};
}

static struct refused refused_for_consent(struct scope *scope, const struct finding *finding, size_t need)
{
    const char *name = scope->playbook->parameters[finding->needs[need]].column.name;
    return (struct refused){
        .word = TRUTH_TRUE,
        .as = REFUSED_NO_CONSENT,
        .reason = {
            .en =
                arena_format(scope->arena, "requires your approval: --parameter %s.%s=true", scope->playbook->id, name),
            .ja = arena_format(scope->arena, "承認が必要です: --parameter %s.%s=true", scope->playbook->id, name)}};
}

/* The first reason that decide_state takes. */
static struct refused first_reason(const struct run *run, struct scope *scope, const struct finding *finding,
                                   const struct finding_run *state)
{
    const char *blocker = state->blocked_by;
    struct refused refused = refused_now(run, scope, finding, state);
    size_t need = consent_missing(scope, finding);
    if (!state->input.azure_proven && finding->step_count > 0) {
        return (struct refused){.as = REFUSED_NOT_AZURE,
                                .reason = {.en = "not confirmed to be an Azure VM: azmend only checks",
                                           .ja = "Azure VM と確認できないため、確認のみ行います"}};
    }
    if (blocker != NULL && refused.word != TRUTH_TRUE) {
        return (struct refused){
            .as = REFUSED_BLOCKED,
            .reason = {
                .en =
                    arena_format(scope->arena, "resolve %s first: until then this fix could not be completed", blocker),
                .ja = arena_format(scope->arena,
                                   "%s が解消されるまで完了できる見込みがないため、実行しません。先に解消してください",
                                   blocker)}};
    }
    if (refused.word != TRUTH_FALSE) {
        return refused;
    }
    if (need < finding->need_count) {
        return refused_for_consent(scope, finding, need);
    }
    refused.as = REFUSED_IN_DOUBT;
    if (state->input.earlier_unknown) {
        refused.reason = (struct spoken){.en = "another possible cause has to be ruled out first",
                                         .ja = "先に、考えられる別の原因を除外する必要があります"};
    }
    return refused;
}

/* --- what may be decided --- */

/* The engine's own, where no playbook says more. */
static const struct choice_record own_choices[REFUSED_AS_COUNT] = {
    [REFUSED_UNCHECKED] = {.step = {"Correct what could not be checked (see the reason above), then run azmend again",
                                    "確認できなかった原因 (上の理由) を取り除き、azmend を再実行する"},
                           .then = {"azmend can tell whether the fix is safe, and makes it if it is.",
                                    "安全に修正できるかどうかを判断し、安全であれば修正します。"},
                           .otherwise = {"azmend does not make this fix.", "azmend はこの修正を行いません。"}},
    [REFUSED_NOT_PLANNED] = {.step = {"Run azmend plan again, and approve the new plan",
                                      "azmend plan を再実行し、新しい計画を承認する"},
                             .then = {"azmend makes this fix as part of the new plan.",
                                      "新しい計画の一部として修正します。"},
                             .otherwise = {"azmend makes only what was approved.", "承認された変更だけを行います。"}},
    [REFUSED_BY_OWNER] =
        {.step =
             {"Have the owner of the VM change its policy for azmend (the tag azmend, or the policy in the registry)",
              "VM の所有者に、azmend のポリシー (タグ azmend またはレジストリのポリシー) の変更を依頼する"},
         .then = {"azmend makes this fix.", "azmend が修正します。"},
         .otherwise = {"azmend only reports it.", "azmend は報告だけを行います。"}},
    [REFUSED_NOT_AZURE] =
        {.step = {"If this is an Azure VM, make IMDS (169.254.169.254) reachable, then run azmend again",
                  "Azure VM の場合は、IMDS (169.254.169.254) に接続できるようにして azmend を再実行する"},
         .then = {"azmend can tell that it is an Azure VM, and makes this fix.",
                  "Azure VM であることを確認し、修正します。"},
         .otherwise = {"azmend only checks.", "azmend は確認だけを行います。"}},
    [REFUSED_BLOCKED] = {.step = {"Resolve the finding that is named in the reason, then run azmend fix again",
                                  "理由に示された検出項目を解消し、azmend fix を再実行する"},
                         .then = {"azmend makes this fix.", "azmend が修正します。"},
                         .otherwise = {"azmend does not begin this fix, since it could not be completed.",
                                       "完了できないため、azmend はこの修正を開始しません。"}},
    [REFUSED_NO_CONSENT] = {.then = {"azmend makes this fix.", "azmend が修正します。"},
                            .otherwise = {"azmend changes nothing here.", "azmend は何も変更しません。"}},
    [REFUSED_IN_DOUBT] =
        {.step = {"Correct what could not be checked (see the findings that were not checked), then run azmend again",
                  "確認できなかった検出項目の原因を取り除き、azmend を再実行する"},
         .then = {"azmend can tell which cause it is, and makes the fix if it is this one.",
                  "原因を特定し、この項目が原因であれば修正します。"},
         .otherwise = {"azmend does not make this fix.", "azmend はこの修正を行いません。"}},
};

static void choice_say(struct scope *scope, const struct plan_choice *choice, struct choice_record *record)
{
    static const struct stand_ins plain = {
        .absent = "VALUE", .unknown = "VALUE", .empty = "VALUE", .yes = "true", .no = "false"};
    const char *value = choice->value != NULL ? scope_say(scope, choice->value, &plain) : "true";
    *record = (struct choice_record){
        .parameter = choice->parameter != NULL ? arena_format(scope->arena, "%s=%s", choice->parameter, value) : NULL,
        .step = say_spoken(scope, &choice->step),
        .then = say_spoken(scope, &choice->then),
        .otherwise = say_spoken(scope, &choice->otherwise)};
}

/* A parameter that is not given: what the playbook says of it, else what holds of any. */
static void needed_choice(struct scope *scope, const struct finding *finding, struct choice_record *record)
{
    size_t need = consent_missing(scope, finding);
    if (finding->need_choices[need] != NULL) {
        choice_say(scope, finding->need_choices[need], record);
        return;
    }
    *record = own_choices[REFUSED_NO_CONSENT];
    record->parameter =
        arena_format(scope->arena, "%s=true", scope->playbook->parameters[finding->needs[need]].column.name);
}

static void playbook_choices(struct scope *scope, const struct refusal *refusal, struct finding_record *record)
{
    struct choice_record *choices = arena_array(scope->arena, refusal->choice_count, sizeof(*choices));
    for (size_t i = 0; i < refusal->choice_count; i++) {
        choice_say(scope, refusal->choices[i], &choices[i]);
    }
    record->choices = choices;
    record->choice_count = refusal->choice_count;
}

void refusal_hands_off(struct scope *scope, struct finding_record *record)
{
    struct refused refused = refused_by(scope, record->finding);
    record->reason = refused.reason;
    if (refused.by != NULL) {
        playbook_choices(scope, refused.by, record);
    }
}

void refusal_record(const struct run *run, struct scope *scope, const struct finding_run *state,
                    struct finding_record *record)
{
    struct refused refused = first_reason(run, scope, record->finding, state);
    struct choice_record *choice = NULL;
    record->reason = refused.reason;
    if (refused.by != NULL) {
        playbook_choices(scope, refused.by, record);
        return;
    }
    choice = arena_alloc(scope->arena, sizeof(*choice));
    *choice = own_choices[refused.as];
    if (refused.as == REFUSED_NO_CONSENT) {
        needed_choice(scope, record->finding, choice);
    }
    record->choices = choice;
    record->choice_count = 1;
}
