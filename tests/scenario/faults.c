/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/restore.h"
#include "undo.h"

enum {
    CHILD_SECONDS = 60,
    CHILD_HONEST = 1, /* exit code bits of a child: what broke */
    CHILD_CONVERGES = 2,
    CHILD_ENDED = 64,   /* always set: a run that ends by itself exits otherwise */
    FAILURES_SHOWN = 3, /* of one scenario: the rest is most often the same mistake */
};

/*
 * A diagnosis that is only possible says so: an earlier one of its group, reported as absent, was not ruled out. And
 * one that was tried in vain is still wrong, though the next run, which knows nothing of that try, may name it
 * otherwise.
 */
static bool is_in_doubt(const struct playbook_record *playbook, const struct finding *absent)
{
    for (size_t i = 0; absent->group != NULL && i < playbook->playbook->finding_count; i++) {
        const struct finding_record *other = &playbook->findings[i];
        bool stands = other->state != FINDING_ABSENT && other->state != FINDING_UNKNOWN;
        bool is_open = other->confidence == CONFIDENCE_POSSIBLE || other->state == FINDING_NOT_FIXED;
        if (text_same(other->finding->group, absent->group) && stands && is_open) {
            return true;
        }
    }
    return false;
}

/* What a finding calls fixed or absent must be gone when somebody looks again; "unknown" claims nothing. */
static bool claims_are_true(const struct law_case *law, const struct trial *faulty, const struct trial *look)
{
    for (size_t i = 0; i < faulty->record.playbook_count; i++) {
        const struct playbook_record *playbook = &faulty->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            enum finding_state state = trial_state(look, finding->finding->id);
            bool is_gone = finding->state == FINDING_ABSENT && !is_in_doubt(playbook, finding->finding);
            bool claims = finding->state == FINDING_FIXED || is_gone;
            if (claims && state != FINDING_ABSENT) {
                return law_broken(law, "%s is called %s, and a second look says %s", finding->finding->id,
                                  finding_state_names[finding->state], finding_state_names[state]);
            }
        }
    }
    return true;
}

/* Changes that were made and changes that were counted are the same ones, but for those that end with the run. */
static bool changes_are_counted(const struct law_case *law, const struct trial *faulty)
{
    size_t made = 0;
    for (size_t i = 0; i < host_op_count(&faulty->host); i++) {
        const struct op *op = host_op(&faulty->host, i);
        made += op->outcome != OP_FAILED && op->outcome != OP_PLANNED && !host_is_passing(op) ? 1 : 0;
    }
    if (faulty->record.changes != made || faulty->host.changes != made) {
        return law_broken(law, "%zu changes made, %zu in the record", made, faulty->record.changes);
    }
    if (made == 0) {
        return law_same_machine(law, "machine without a counted change", law->before, faulty->saved);
    }
    return trial_mode(law->scenario) == MODE_FIX || law_broken(law, "a dry run made %zu changes", made);
}

static bool is_honest(const struct law_case *law, const struct trial *faulty, const struct trial *look)
{
    int expected = exit_code(faulty->record.verdict, (enum exit_style)law->scenario->options.exit_style);
    if (faulty->exit != expected) {
        return law_broken(law, "exit code %d with verdict %s", faulty->exit, verdict_names[faulty->record.verdict]);
    }
    return claims_are_true(law, faulty, look) && changes_are_counted(law, faulty) && law_output_holds(law, faulty);
}

static bool converges(const struct law_case *law, const struct trial *faulty)
{
    struct trial next;
    struct err err = {0};
    struct trial_setup again = {.scenario = law->scenario, .machine = faulty->saved, .mode = trial_mode(law->scenario)};
    if (!trial_run(&again, law->arena, &next, &err)) {
        return law_broken(law, "%s", err.text);
    }
    return law_same_machine(law, "machine after the next run", law->first->saved, next.saved);
}

/* What fails, once. */
struct fault {
    const char *what;
    uint64_t call;  /* this host call, before it does anything; 0: none */
    uint64_t point; /* at this point behind a change, or between two parts of one; 0: none */
};

/* Runs in the child; returns its exit code. */
static int fail_once(struct law_case *law, const struct fault *fault)
{
    struct trial faulty = {0};
    struct trial look;
    struct err err = {0};
    law->name = arena_format(law->arena, "honest, %s", fault->what);
    struct trial_setup failing = {.scenario = law->scenario,
                                  .machine = law->before,
                                  .mode = trial_mode(law->scenario),
                                  .fail = fault->call,
                                  .fail_late = fault->point};
    struct trial_setup looking = {.scenario = law->scenario, .mode = MODE_CHECK};
    bool ran = trial_run(&failing, law->arena, &faulty, &err);
    looking.machine = faulty.saved;
    if (!ran || !trial_run(&looking, law->arena, &look, &err)) {
        (void)law_broken(law, "%s", err.text);
        return CHILD_HONEST;
    }
    int broken = is_honest(law, &faulty, &look) ? 0 : CHILD_HONEST;
    law->name = arena_format(law->arena, "undo, %s", fault->what);
    bool is_undone = fault->point == 0 || scenario_excludes(law->scenario, law_names[LAW_UNDO]);
    broken |= is_undone || undo_holds_late(law, fault->point) ? 0 : CHILD_HONEST;
    law->name = arena_format(law->arena, "converges, %s", fault->what);
    bool is_excluded = scenario_excludes(law->scenario, law_names[LAW_CONVERGES]);
    return broken | (is_excluded || converges(law, &faulty) ? 0 : CHILD_CONVERGES);
}

/* Exit code bits; a child that dies or hangs is not honest. */
static int fail_in_child(struct law_case *law, const struct fault *fault)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        int broken = fail_once(law, fault);
        (void)fflush(stdout);
        _exit(broken | CHILD_ENDED);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        (WEXITSTATUS(status) & CHILD_ENDED) == 0) {
        law->name = law_names[LAW_HONEST];
        (void)law_broken(law, "%s: the run ends with wait status %d", fault->what, status);
        return CHILD_HONEST;
    }
    return WEXITSTATUS(status) & ~CHILD_ENDED;
}

/* Every stride-th call or point, the first one among them. */
static int fail_each(struct law_case *law, bool is_late, uint64_t count, unsigned stride)
{
    int broken = 0;
    unsigned shown = 0;
    char what[64];
    for (uint64_t at = 1; at <= count && shown < FAILURES_SHOWN; at += stride) {
        (void)snprintf(what, sizeof(what), "%s %" PRIu64 " fails", is_late ? "what follows change point" : "host call",
                       at);
        const struct fault fault = {.what = what, .call = is_late ? 0 : at, .point = is_late ? at : 0};
        int bits = fail_in_child(law, &fault);
        law->points++;
        broken |= bits;
        shown += bits != 0 ? 1 : 0;
    }
    return broken;
}

struct fault_verdict faults_check(struct law_case *law, unsigned stride)
{
    int broken = fail_each(law, false, law->first->calls, stride) | fail_each(law, true, law->first->points, stride);
    return (struct fault_verdict){.honest = (broken & CHILD_HONEST) == 0, .converges = (broken & CHILD_CONVERGES) == 0};
}
