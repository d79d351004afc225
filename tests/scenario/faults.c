/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/restore.h"
#include "host/sim/sim.h"
#include "met.h"
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
static bool claims_are_true(const struct law_case *law, const struct trial *faulty, const struct met_machine *left)
{
    const uint8_t *state = left->states;
    for (size_t i = 0; i < faulty->record.playbook_count; i++) {
        const struct playbook_record *playbook = &faulty->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++, state++) {
            const struct finding_record *finding = &playbook->findings[j];
            bool is_gone = finding->state == FINDING_ABSENT && !is_in_doubt(playbook, finding->finding);
            bool claims = finding->state == FINDING_FIXED || is_gone;
            if (claims && *state != FINDING_ABSENT) {
                return law_broken(law, "%s is called %s, and a second look says %s", finding->finding->id,
                                  finding_state_names[finding->state], finding_state_names[*state]);
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

static bool is_honest(const struct law_case *law, const struct trial *faulty, const struct met_machine *left)
{
    int expected = exit_code(faulty->record.verdict, (enum exit_style)law->scenario->options.exit_style);
    if (faulty->exit != expected) {
        return law_broken(law, "exit code %d with verdict %s", faulty->exit, verdict_names[faulty->record.verdict]);
    }
    return claims_are_true(law, faulty, left) && changes_are_counted(law, faulty) && law_output_holds(law, faulty);
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

/*
 * One undisturbed run, in which a child is forked at each point that is to fail: what led up to it is not run again.
 * The child goes on with the failure and judges what comes of it.
 */
struct forked {
    struct law_case *law;
    struct met *met;
    unsigned stride;
    bool is_late;   /* points behind a change, or between two parts of one; else host calls, before they do anything */
    uint64_t at;    /* counted from 1 */
    bool is_child;  /* this process is one, and what was to fail in it has failed */
    int broken;     /* bits of all children */
    unsigned shown; /* children that broke something */
    char what[64];
};

/* In the child: what a look at the machine says that the fault left. NULL: the law is broken. */
static struct met_machine *look_again(const struct forked *forked, const struct trial *faulty)
{
    struct trial look;
    struct err err = {0};
    struct law_case *law = forked->law;
    struct trial_setup looking = {.scenario = law->scenario, .machine = faulty->saved, .mode = MODE_CHECK};
    struct met_machine *machine = met_find(forked->met, faulty->saved);
    if (machine == NULL && trial_run(&looking, law->arena, &look, &err)) {
        machine = met_add(forked->met, faulty->saved, &look);
    }
    if (machine == NULL) {
        (void)law_broken(law, "%s", err.code != ERR_NONE ? err.text : "too many machines were met");
    }
    return machine;
}

/* In the child; its exit code. */
static int judge(const struct forked *forked, const struct trial *faulty)
{
    struct law_case *law = forked->law;
    law->name = arena_format(law->arena, "honest, %s", forked->what);
    struct met_machine *left = look_again(forked, faulty);
    if (left == NULL) {
        return CHILD_HONEST;
    }
    int broken = is_honest(law, faulty, left) ? 0 : CHILD_HONEST;
    law->name = arena_format(law->arena, "undo, %s", forked->what);
    bool is_undone = !forked->is_late || scenario_excludes(law->scenario, law_names[LAW_UNDO]);
    broken |= is_undone || undo_holds_late(law, forked->at) ? 0 : CHILD_HONEST;
    law->name = arena_format(law->arena, "converges, %s", forked->what);
    left->converges =
        left->converges || scenario_excludes(law->scenario, law_names[LAW_CONVERGES]) || converges(law, faulty);
    return broken | (left->converges ? 0 : CHILD_CONVERGES);
}

/* Exit code bits; a child that dies or hangs is not honest. */
static int ended(const struct forked *forked, pid_t child)
{
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        (WEXITSTATUS(status) & CHILD_ENDED) == 0) {
        forked->law->name = law_names[LAW_HONEST];
        (void)law_broken(forked->law, "%s: the run ends with wait status %d", forked->what, status);
        return CHILD_HONEST;
    }
    return WEXITSTATUS(status) & ~CHILD_ENDED;
}

/* False in a child: what is to happen here fails. Every stride-th is tried, the first one among them. */
static bool reach(void *context)
{
    struct forked *forked = context;
    if (forked->is_child) {
        return true;
    }
    forked->at++;
    if ((forked->at - 1) % forked->stride != 0 || forked->shown == FAILURES_SHOWN) {
        return true;
    }
    (void)snprintf(forked->what, sizeof(forked->what), "%s %" PRIu64 " fails",
                   forked->is_late ? "what follows change point" : "host call", forked->at);
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        forked->is_child = true;
        return false;
    }
    int broken = ended(forked, child);
    forked->law->points++;
    forked->broken |= broken;
    forked->shown += broken != 0 ? 1 : 0;
    return true;
}

/* Bits of what broke. */
static int fail_each(struct law_case *law, struct met *met, bool is_late, unsigned stride)
{
    struct forked forked = {.law = law, .met = met, .stride = stride, .is_late = is_late};
    const struct sim_watch watch = {
        .context = &forked, .calling = is_late ? NULL : reach, .passing = is_late ? reach : NULL};
    struct sim *sim AUTO(trial_close) = NULL;
    struct trial trial;
    struct err err = {0};
    struct trial_setup setup = {.scenario = law->scenario, .machine = law->before, .mode = trial_mode(law->scenario)};
    size_t mark = arena_mark(law->arena);
    if (!trial_open(&setup, law->arena, &sim, &err)) {
        (void)law_broken(law, "%s", err.text);
        return CHILD_HONEST;
    }
    sim_watch(sim, &watch);
    trial_on(sim, &setup, law->arena, &trial);
    if (forked.is_child) {
        int broken = judge(&forked, &trial);
        (void)fflush(stdout);
        _exit(broken | CHILD_ENDED);
    }
    arena_release(law->arena, mark);
    return forked.broken;
}

struct fault_verdict faults_check(struct law_case *law, unsigned stride)
{
    struct met *met = met_open();
    must(met != NULL);
    int broken = fail_each(law, met, false, stride) | fail_each(law, met, true, stride);
    met_close(met);
    return (struct fault_verdict){.honest = (broken & CHILD_HONEST) == 0, .converges = (broken & CHILD_CONVERGES) == 0};
}
