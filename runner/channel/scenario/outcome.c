/* SPDX-License-Identifier: MIT */
#include "channel/scenario/outcome.h"

#include <inttypes.h>
#include <string.h>

#include "channel/scenario/told.h"

static size_t line_length(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL ? strlen(line) : (size_t)(end - line);
}

const char *text_difference(const char *what, struct text expected, struct text is, struct arena *arena)
{
    const char *left = expected.bytes;
    const char *right = is.bytes;
    if (expected.size == is.size && memcmp(left, right, is.size) == 0) {
        return NULL;
    }
    while (*left != '\0' && *right != '\0' && line_length(left) == line_length(right) &&
           memcmp(left, right, line_length(left)) == 0) {
        left += line_length(left) + (left[line_length(left)] != '\0');
        right += line_length(right) + (right[line_length(right)] != '\0');
    }
    return arena_format(arena, "%s: expected '%.*s', is '%.*s'", what, (int)line_length(left), left,
                        (int)line_length(right), right);
}

static const char *expected_state(const struct scenario *scenario, const char *finding)
{
    for (size_t i = 0; i < scenario->finding_count; i++) {
        if (text_same(scenario->findings[i].finding, finding)) {
            return scenario->findings[i].state;
        }
    }
    return finding_state_names[FINDING_ABSENT];
}

static bool findings_hold(const struct outcome *outcome)
{
    bool holds = true;
    for (size_t i = 0; i < outcome->run->record.playbook_count; i++) {
        const struct playbook_record *playbook = &outcome->run->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            const char *expected = expected_state(outcome->scenario, finding->finding->id);
            const char *is = finding_state_names[finding->state];
            if (!text_same(expected, is)) {
                holds = outcome_wrong(outcome, "%s: expected %s, is %s%s%s", finding->finding->id, expected, is,
                                      finding->reason.en != NULL ? ": " : "",
                                      finding->reason.en != NULL ? finding->reason.en : "");
            }
        }
    }
    return holds;
}

enum op_class trial_class(const struct trial *trial, const struct step_record *step)
{
    enum op_class worst = step->preview != NULL ? step->preview->class : OP_REVERSIBLE;
    for (size_t i = 0; i < step->op_count; i++) {
        enum op_class class = host_op(&trial->host, step->op_first + i)->class;
        worst = class > worst ? class : worst;
    }
    return worst;
}

/* "ENSURE OUTCOME CLASS, ...": every step of the finding. */
static const char *steps_of(const struct outcome *outcome, const char *finding)
{
    const char *text = "";
    for (size_t i = 0; i < outcome->run->record.playbook_count; i++) {
        const struct playbook_record *playbook = &outcome->run->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct step_record *steps = playbook->findings[j].steps.items;
            bool is_it = text_same(playbook->findings[j].finding->id, finding);
            for (size_t k = 0; is_it && k < playbook->findings[j].steps.count; k++) {
                text = arena_format(outcome->arena, "%s%s%s %s %s", text, k > 0 ? ", " : "", steps[k].ensure,
                                    step_outcome_names[steps[k].outcome],
                                    op_class_names[trial_class(outcome->run, &steps[k])]);
            }
        }
    }
    return text;
}

static bool steps_hold(const struct outcome *outcome)
{
    bool holds = true;
    const struct json *expected = outcome->scenario->steps;
    for (size_t i = 0; expected != NULL && i < expected->count; i++) {
        const struct json *member = &expected->as.items[i];
        const char *is = steps_of(outcome, member->name);
        if (!text_same(member->as.text, is)) {
            holds = outcome_wrong(outcome, "steps of %s: expected '%s', are '%s'", member->name, member->as.text, is);
        }
    }
    return holds;
}

static bool machine_holds(const struct outcome *outcome)
{
    struct json_source source = {.file = outcome->scenario->name, .limit = LIMIT_MACHINE_BYTES};
    const struct json *before = NULL;
    struct text expected = outcome->before;
    struct err err = {0};
    if (outcome->scenario->changes != NULL &&
        (!json_load(outcome->before.bytes, outcome->before.size, &source, outcome->arena, &before, &err) ||
         !merge_patch(before, outcome->scenario->changes, outcome->arena, &expected, &err) ||
         !trial_canonical(outcome->scenario, expected, outcome->arena, &expected, &err))) {
        return outcome_wrong(outcome, "changes: %s", err.text);
    }
    const char *difference = text_difference("machine afterwards", expected, outcome->run->saved, outcome->arena);
    return difference == NULL || outcome_wrong(outcome, "%s", difference);
}

bool outcome_holds(const struct outcome *outcome)
{
    const struct scenario *scenario = outcome->scenario;
    const struct record *record = &outcome->run->record;
    const char *verdict = verdict_names[record->verdict];
    bool holds = findings_hold(outcome) && steps_hold(outcome) && told_holds(outcome) && machine_holds(outcome);
    if (!text_same(verdict, scenario->verdict)) {
        holds = outcome_wrong(outcome, "verdict: expected %s, is %s%s%s", scenario->verdict, verdict,
                              record->err.code != ERR_NONE ? ": " : "", record->err.text);
    }
    int64_t expected = scenario->exit >= 0 ? scenario->exit : outcome->run->exit;
    if (expected != outcome->run->exit) {
        holds = outcome_wrong(outcome, "exit code: expected %" PRId64 ", is %d", expected, outcome->run->exit);
    }
    if (scenario->changes_count >= 0 && (size_t)scenario->changes_count != record->changes) {
        holds =
            outcome_wrong(outcome, "changes: expected %" PRId64 ", are %zu", scenario->changes_count, record->changes);
    }
    if (outcome->run->unscripted != NULL) {
        holds = outcome_wrong(outcome, "the machine document does not mention %s", outcome->run->unscripted);
    }
    return holds;
}
