/* SPDX-License-Identifier: MIT */
#include "laws.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "channel/scenario/outcome.h"
#include "faults.h"
#include "kill.h"
#include "recorded.h"
#include "undo.h"

enum { LATE_MS = 1000 }; /* a run may take longer than its deadline */

const char *const law_names[LAW_COUNT + 1] = {"result",   "idempotent", "dry run",   "bounded", "undo",
                                              "recorded", "honest",     "converges", "resumes", NULL};

bool law_broken(const struct law_case *law, const char *format, ...)
{
    char why[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    printf("FAIL %s: %s: %s\n", law->scenario->name, law->name, why);
    (void)fflush(stdout);
    return false;
}

bool text_is_same(struct text left, struct text right)
{
    return left.size == right.size && memcmp(left.bytes, right.bytes, left.size) == 0;
}

bool law_same_machine(const struct law_case *law, const char *what, struct text expected, struct text is)
{
    const char *difference = text_difference(what, expected, is, law->arena);
    return difference == NULL || law_broken(law, "%s", difference);
}

static bool run(const struct law_case *law, struct text machine, enum run_mode mode, struct trial *ret_trial)
{
    struct err err = {0};
    struct trial_setup setup = {.scenario = law->scenario, .machine = machine, .mode = mode};
    return trial_run(&setup, law->arena, ret_trial, &err) || law_broken(law, "%s", err.text);
}

/* --- result --- */

static bool is_said(struct spoken spoken)
{
    return spoken.en != NULL && spoken.ja != NULL;
}

/* What is refused names a parameter or a step, and what comes of it with and without: in both languages. */
static bool choices_hold(const struct law_case *law)
{
    bool holds = true;
    for (size_t i = 0; i < law->first->record.playbook_count; i++) {
        const struct playbook_record *playbook = &law->first->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            bool told = finding->state != FINDING_REFUSED || finding->choice_count > 0;
            for (size_t k = 0; k < finding->choice_count; k++) {
                const struct choice_record *choice = &finding->choices[k];
                told = told && (choice->parameter != NULL || is_said(choice->step)) && is_said(choice->then) &&
                       is_said(choice->otherwise);
            }
            holds =
                (told || law_broken(law, "%s: refused, and no choice is told whole", finding->finding->id)) && holds;
        }
    }
    return holds;
}

static bool result_holds(const struct law_case *law)
{
    struct arena_list wrong = {0};
    const struct outcome outcome = {
        .scenario = law->scenario, .before = law->before, .run = law->first, .arena = law->arena, .wrong = &wrong};
    bool holds = outcome_holds(&outcome) && choices_hold(law);
    for (size_t i = 0; i < wrong.count; i++) {
        (void)law_broken(law, "%s", ((const char *const *)wrong.items)[i]);
    }
    return holds;
}

/* --- idempotent --- */

static bool idempotent_holds(const struct law_case *law)
{
    struct trial second;
    if (!run(law, law->first->saved, MODE_FIX, &second)) {
        return false;
    }
    if (second.record.changes != 0 || second.host.changes != 0) {
        const struct op *op = host_op(&second.host, 0);
        return law_broken(law, "the second fix made %zu changes, first %s %s", second.record.changes, op->verb,
                          op->target);
    }
    if (second.record.verdict == VERDICT_FIXED) {
        return law_broken(law, "the second fix says fixed");
    }
    return law_same_machine(law, "machine after the second fix", law->first->saved, second.saved);
}

/* A scenario that only looks is idempotent if fixing it twice is. */
static bool twice_holds(const struct law_case *law)
{
    struct trial fixed;
    struct law_case again = *law;
    if (trial_mode(law->scenario) == MODE_FIX) {
        return idempotent_holds(law);
    }
    again.first = &fixed;
    return run(law, law->before, MODE_FIX, &fixed) && idempotent_holds(&again);
}

/* --- dry run --- */

/* Is there a step in the plan that says that nothing gives it back? finding, ensure NULL: any. */
static bool plan_says(const struct trial *plan, const char *finding, const char *ensure, enum op_class class)
{
    for (size_t i = 0; i < plan->record.playbook_count; i++) {
        const struct playbook_record *playbook = &plan->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *named = &playbook->findings[j];
            const struct step_record *steps = named->steps.items;
            bool is_it = finding == NULL || text_same(named->finding->id, finding);
            for (size_t k = 0; is_it && k < named->steps.count; k++) {
                if ((ensure == NULL || text_same(steps[k].ensure, ensure)) && trial_class(plan, &steps[k]) >= class) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* As surely as it then turns out; what only came up on the way, behind a step that was declared, follows from that. */
static bool is_declared(const struct law_case *law, const struct trial *plan, const char *finding, const char *ensure,
                        enum op_class class)
{
    bool came_up = trial_state(plan, finding) == FINDING_ABSENT && plan_says(plan, NULL, NULL, OP_ONE_WAY);
    return came_up || plan_says(plan, finding, ensure, class) ||
           law_broken(law, "%s: %s is %s, and no plan said so", finding, ensure, op_class_names[class]);
}

static bool finding_is_declared(const struct law_case *law, const struct trial *plan, const struct trial *fix,
                                const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    bool holds = true;
    for (size_t i = 0; i < finding->steps.count; i++) {
        enum op_class class = trial_class(fix, &steps[i]);
        holds =
            (class == OP_REVERSIBLE || is_declared(law, plan, finding->finding->id, steps[i].ensure, class)) && holds;
    }
    return holds;
}

static bool declared_holds(const struct law_case *law, const struct trial *plan)
{
    struct trial fix;
    bool holds = run(law, law->before, MODE_FIX, &fix);
    for (size_t i = 0; holds && i < fix.record.playbook_count; i++) {
        const struct playbook_record *playbook = &fix.record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            holds = finding_is_declared(law, plan, &fix, &playbook->findings[j]) && holds;
        }
    }
    return holds;
}

static bool dry_run_holds(const struct law_case *law)
{
    bool holds = true;
    for (enum run_mode mode = MODE_CHECK; mode <= MODE_PLAN; mode++) {
        struct trial dry;
        if (!run(law, law->before, mode, &dry)) {
            return false;
        }
        if (dry.record.changes != 0 || dry.host.changes != 0) {
            holds = law_broken(law, "%s counts %zu changes", run_mode_names[mode], dry.record.changes);
        }
        holds = law_same_machine(law, run_mode_names[mode], law->before, dry.saved) && holds;
        holds = (mode != MODE_PLAN || declared_holds(law, &dry)) && holds;
    }
    return holds;
}

/* --- bounded --- */

bool law_is_json(const struct law_case *law, struct text text, const char *what)
{
    struct json_source source = {.file = what, .limit = LIMIT_RESULT_BYTES};
    const struct json *json = NULL;
    struct err err = {0};
    if (!json_load(text.bytes, text.size, &source, law->arena, &json, &err)) {
        return law_broken(law, "%s", err.text);
    }
    return json->type == JSON_OBJECT || law_broken(law, "%s is no object", what);
}

bool law_output_holds(const struct law_case *law, const struct trial *trial)
{
    struct text line = trial->console;
    while (line.size > 0 && line.bytes[line.size - 1] == '\n') {
        line.size--;
    }
    for (size_t i = line.size; i > 0; i--) {
        if (line.bytes[i - 1] == '\n') {
            line = (struct text){.bytes = line.bytes + i, .size = line.size - i};
            break;
        }
    }
    if (trial->console.size > LIMIT_STDOUT_BYTES) {
        return law_broken(law, "stdout gets %zu bytes", trial->console.size);
    }
    if (trial->record.duration_ms > law->scenario->options.deadline_ms + LATE_MS) {
        return law_broken(law, "the run takes %" PRId64 " ms, and its deadline is %" PRId64 " ms",
                          trial->record.duration_ms, law->scenario->options.deadline_ms);
    }
    return law_is_json(law, line, "the last line") && law_is_json(law, trial->whole, "the whole result");
}

static bool bounded_holds(const struct law_case *law)
{
    if (law->first->peak > LIMIT_ARENA_BYTES / 2) {
        return law_broken(law, "the arena's peak is %zu bytes, over half of its cap", law->first->peak);
    }
    return law_output_holds(law, law->first);
}

/* --- all of them --- */

/* A law that the scenario excludes is not counted at all. */
static void count(struct law_totals *totals, const struct law_case *law, enum law which, bool holds)
{
    if (!scenario_excludes(law->scenario, law_names[which])) {
        totals->passed += holds ? 1 : 0;
        totals->failed += holds ? 0 : 1;
    }
}

static void check_faults(struct law_case *law, unsigned stride, struct law_totals *totals)
{
    if (scenario_excludes(law->scenario, law_names[LAW_HONEST])) {
        return;
    }
    struct fault_verdict verdict = faults_check(law, stride);
    count(totals, law, LAW_HONEST, verdict.honest);
    count(totals, law, LAW_CONVERGES, verdict.converges);
    totals->faults += law->points;
}

static void check_kills(struct law_case *law, unsigned stride, struct law_totals *totals)
{
    law->name = law_names[LAW_RESUMES];
    law->points = 0;
    bool is_excluded = scenario_excludes(law->scenario, law->name);
    count(totals, law, LAW_RESUMES, is_excluded || kill_holds(law, stride));
    totals->kills += law->points;
}

/* What is to come out is looked at each time, and costs no run of its own. */
static bool is_in_turn(const struct law_choice *choice, enum law law)
{
    if (choice->only != NULL) {
        return text_same(choice->only, law_names[law]);
    }
    return law == LAW_RESULT || law == LAW_BOUNDED || (choice->turn + (size_t)law) % choice->laws == 0;
}

void laws_check(const struct scenario *scenario, const struct law_choice *choice, struct arena *arena,
                struct law_totals *totals)
{
    static bool (*const holds[LAW_HONEST])(const struct law_case *) = {
        [LAW_RESULT] = result_holds,   [LAW_IDEMPOTENT] = twice_holds, [LAW_DRY_RUN] = dry_run_holds,
        [LAW_BOUNDED] = bounded_holds, [LAW_UNDO] = undo_holds,        [LAW_RECORDED] = recorded_holds,
    };
    size_t mark = arena_mark(arena);
    struct trial first;
    struct err err = {0};
    struct law_case law = {.scenario = scenario, .first = &first, .arena = arena, .name = law_names[LAW_RESULT]};
    arena->peak = mark;
    totals->scenarios++;
    bool opened =
        trial_canonical(scenario, scenario->machine, arena, &law.before, &err) || law_broken(&law, "%s", err.text);
    if (!opened || !run(&law, law.before, trial_mode(scenario), &first)) {
        totals->failed += LAW_COUNT;
    } else {
        for (enum law i = LAW_RESULT; i < LAW_HONEST; i++) {
            law.name = law_names[i];
            if (is_in_turn(choice, i)) {
                bool is_excluded = scenario_excludes(scenario, law.name);
                count(totals, &law, i, is_excluded || holds[i](&law));
            }
        }
        if (choice->stride > 0 && choice->only == NULL) {
            check_faults(&law, choice->stride, totals);
            check_kills(&law, choice->stride, totals);
        }
    }
    arena_release(arena, mark);
}
