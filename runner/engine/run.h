/* SPDX-License-Identifier: MIT */
/* Inside the engine: a run under way. */
#ifndef AZMEND_ENGINE_RUN_H
#define AZMEND_ENGINE_RUN_H

#include "base/map.h"
#include "engine/decide.h"
#include "engine/engine.h"
#include "engine/looks.h"

enum fact_state { FACT_PENDING, FACT_LOOKING, FACT_DONE };

struct fact_run {
    enum fact_state state;
    struct look_entry **entries; /* one, or one per element of forEach */
    const struct value *each;    /* forEach: the elements */
    size_t count;
};

struct finding_run {
    struct truth when;
    struct decide_input input;
    bool was_true;          /* was true once */
    bool captured;          /* texts and evidence are in the record */
    const char *blocked_by; /* finding that keeps its fix from being begun; NULL: none */
    bool tried;
    bool noted;                /* written down: only a restart completes it */
    struct spoken held;        /* why an unattended run does not begin its fix now; both NULL: it does */
    uint32_t tried_generation; /* of the host after its last fix */
};

struct playbook_run {
    const struct playbook *playbook;
    struct playbook_record *record;
    struct scope scope;
    struct fact_run *facts;
    struct finding_run *findings;
    struct truth applies;
    bool applies_known;
};

struct run {
    const struct plan *plan;
    struct host *host;
    const struct engine_options *options;
    struct arena *arena;
    struct looks looks;
    struct playbook_run *playbooks;
    struct record *record;
    struct map wishes;         /* "kind params property" -> struct value: one wanted value a property a run */
    struct arena_list brought; /* const char *: kinds that a change of this run calls for */
    bool looked;               /* facts are as of `generation` */
    bool judged;               /* findings are as of the facts and the fixes tried */
    uint32_t generation;
    size_t refresh_bytes; /* of the arena: what the last refresh took, and what the next one will */
    uint64_t random;
};

/* dataflow.c: brings every fact up to date; looks that are neither new nor stale are not repeated. */
void dataflow_run(struct run *run);
/* evaluate.c: findings' conditions, states and captured texts from the facts as they are. */
void findings_evaluate(struct run *run);
/* evaluate.c: does what the finding is blocked by block it now? */
bool blockers_apply(struct playbook_run *playbook, const struct finding *finding);
/* evaluate.c: the finding that keeps every fix of this run from being begun, or NULL. */
const char *findings_held_by(struct run *run);
/* evaluate.c: last states, hand-overs, verdicts. */
void findings_close(struct run *run);
/* handoff.c: the hand-overs of a finding, into its record. */
void handoffs_render(struct run *run, struct playbook_run *playbook, size_t finding);
/*
 * step.c: no try of this step begins any more: the deadline has passed, a stop was asked for or memory is short, and no
 * group needs it.
 */
bool step_is_over(struct run *run, const struct step *step);
/* bounds.c: why no further fix begins, whoever's it is; both languages NULL: nothing keeps it. */
struct spoken run_is_over(const struct run *run);
/* A group is open behind its point of no return, and the step wants what belongs to it. */
bool step_ends_group(const struct run *run, const struct step *step);
/* step.c: runs all steps of a finding, appends to its record. */
void finding_fix(struct run *run, struct playbook_run *playbook, size_t finding);
/* preview.c: the steps of a finding that cannot be told yet, into its record. */
void preview_finding(struct run *run, struct playbook_run *playbook, size_t finding);
/* preview.c: a step that cannot be told yet: makes its record one that is not run, with what it wants and may bring up.
 */
void preview_step(struct run *run, struct scope *scope, const struct finding *finding, const struct step *step,
                  struct step_record *record);
/* preview.c: what a step may bring up in other findings of the plan, as a step_record has it. */
const char *preview_followers(struct run *run, const struct step *step);
/* step.c, for tests: upper bound in ms of the wait before try `attempt` (2 is the first repeat). */
int64_t retry_bound_ms(const struct retry *retry, int64_t attempt);
/* Drawn between 0 and that bound; random: the state of a generator, any seed. */
int64_t retry_wait_ms(const struct retry *retry, int64_t attempt, uint64_t *random);
/* machine.c: what the record says about the machine; opens the Azure switch. */
void machine_look(struct run *run);
void machine_record(struct run *run);
/* trace_run.c: what --trace asks for, into the record. */
void traces_record(struct run *run);
/* run.c: facts, then findings, when something has changed since. */
void run_refresh(struct run *run);

#endif
