/* SPDX-License-Identifier: MIT */
#include "engine/decide.h"

const char *const run_mode_names[MODE_COUNT + 1] = {"check", "plan", "fix", "undo", NULL};
const char *const finding_state_names[FINDING_STATE_COUNT + 1] = {"absent",         "unknown",   "explained", "refused",
                                                                  "handed_off",     "present",   "would_fix", "fixed",
                                                                  "pending_reboot", "not_fixed", NULL};
const char *const step_outcome_names[STEP_OUTCOME_COUNT + 1] = {
    "unneeded", "would_change", "changed", "not_converged", "failed", "unknown", "not_run", "conflict", NULL};
const char *const verdict_names[VERDICT_COUNT + 1] = {"failed",
                                                      "not_fixed",
                                                      "needs_azure_change",
                                                      "needs_decision",
                                                      "undetermined",
                                                      "needs_reboot",
                                                      "would_fix",
                                                      "fixed",
                                                      "healthy",
                                                      "off",
                                                      NULL};

/* The first row that fits; a fix that is allowed to run ends as not_fixed until its condition is false. */
static enum finding_state state_while_true(const struct decide_input *input)
{
    if (input->explained) {
        return FINDING_EXPLAINED;
    }
    if (input->refused == TRUTH_TRUE && input->hands_off) {
        return FINDING_HANDED_OFF;
    }
    if (input->has_fix &&
        (input->refused != TRUTH_FALSE || input->consent_missing || input->earlier_unknown || !input->azure_proven)) {
        return FINDING_REFUSED;
    }
    if (input->refused == TRUTH_TRUE) {
        return FINDING_REFUSED;
    }
    if (!input->has_fix) {
        return input->has_handoff ? FINDING_HANDED_OFF : FINDING_PRESENT;
    }
    return input->mode == MODE_FIX ? FINDING_NOT_FIXED : FINDING_WOULD_FIX;
}

enum finding_state decide_state(const struct decide_input *input)
{
    if (!input->applies && !input->applies_unknown) {
        return FINDING_ABSENT;
    }
    if (input->outranked) {
        return FINDING_ABSENT;
    }
    if (input->applies_unknown || input->when == TRUTH_UNKNOWN) {
        bool in_doubt_after_fix = input->was_true && state_while_true(input) == FINDING_NOT_FIXED;
        return in_doubt_after_fix ? FINDING_NOT_FIXED : FINDING_UNKNOWN;
    }
    if (input->when == TRUTH_TRUE) {
        return state_while_true(input);
    }
    /* One without a fix of its own was not fixed: it has gone, with its cause or by itself. */
    if (!input->was_true || !input->has_fix) {
        return FINDING_ABSENT;
    }
    return input->clears_after_reboot ? FINDING_PENDING_REBOOT : FINDING_FIXED;
}

bool decide_runs(const struct decide_input *input)
{
    return input->mode != MODE_CHECK && input->applies && !input->applies_unknown && !input->outranked &&
           input->when == TRUTH_TRUE && input->has_fix &&
           (state_while_true(input) == FINDING_NOT_FIXED || state_while_true(input) == FINDING_WOULD_FIX);
}

bool decide_would_run(const struct decide_input *input)
{
    struct decide_input stands = *input;
    stands.applies_unknown = false;
    stands.when = TRUTH_TRUE;
    stands.earlier_unknown = false; /* by the same doubt */
    stands.refused = input->refused == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_FALSE;
    return decide_state(input) == FINDING_UNKNOWN && decide_runs(&stands);
}

enum finding_state decide_closed(enum finding_state state, bool clears_with_run)
{
    bool is_of_a_fix = state == FINDING_FIXED || state == FINDING_WOULD_FIX;
    return clears_with_run && is_of_a_fix ? FINDING_PRESENT : state;
}

bool decide_stands(enum finding_state state)
{
    return state == FINDING_PRESENT || state == FINDING_REFUSED || state == FINDING_HANDED_OFF ||
           state == FINDING_NOT_FIXED;
}

static const enum verdict verdicts[FINDING_STATE_COUNT][SEVERITY_COUNT] = {
    /*                            error                        warning                      info */
    [FINDING_ABSENT] = {VERDICT_HEALTHY, VERDICT_HEALTHY, VERDICT_HEALTHY},
    [FINDING_UNKNOWN] = {VERDICT_UNDETERMINED, VERDICT_HEALTHY, VERDICT_HEALTHY},
    [FINDING_EXPLAINED] = {VERDICT_HEALTHY, VERDICT_HEALTHY, VERDICT_HEALTHY},
    [FINDING_REFUSED] = {VERDICT_NEEDS_DECISION, VERDICT_HEALTHY, VERDICT_HEALTHY},
    [FINDING_HANDED_OFF] = {VERDICT_NEEDS_AZURE_CHANGE, VERDICT_NEEDS_AZURE_CHANGE, VERDICT_HEALTHY},
    [FINDING_PRESENT] = {VERDICT_NEEDS_DECISION, VERDICT_HEALTHY, VERDICT_HEALTHY},
    [FINDING_WOULD_FIX] = {VERDICT_WOULD_FIX, VERDICT_WOULD_FIX, VERDICT_WOULD_FIX},
    [FINDING_FIXED] = {VERDICT_FIXED, VERDICT_FIXED, VERDICT_FIXED},
    [FINDING_PENDING_REBOOT] = {VERDICT_NEEDS_REBOOT, VERDICT_NEEDS_REBOOT, VERDICT_NEEDS_REBOOT},
    [FINDING_NOT_FIXED] = {VERDICT_NOT_FIXED, VERDICT_NOT_FIXED, VERDICT_NOT_FIXED},
};

static const enum verdict verdicts_of_a_person[SEVERITY_COUNT] = {VERDICT_NEEDS_DECISION, VERDICT_NEEDS_DECISION,
                                                                  VERDICT_HEALTHY};

/* Or would have, were all known that they need. */
static bool has_commands(const struct finding_record *record)
{
    for (size_t i = 0; i < record->handoff_count; i++) {
        if (record->handoffs[i].count > 0 || record->handoffs[i].unknown != NULL) {
            return true;
        }
    }
    return false;
}

enum verdict verdict_of(const struct finding_record *record)
{
    if (record->state == FINDING_HANDED_OFF && !has_commands(record)) {
        return verdicts_of_a_person[record->severity];
    }
    return verdicts[record->state][record->severity];
}

enum verdict verdict_worst(enum verdict left, enum verdict right)
{
    return left < right ? left : right;
}
