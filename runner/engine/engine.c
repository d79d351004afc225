/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "base/limits.h"
#include "base/text.h"
#include "engine/decide.h"
#include "engine/run.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/firewall/firewall.h"

static void open_playbook(struct run *run, struct playbook_run *playbook, const struct playbook *plan,
                          struct playbook_record *record)
{
    *playbook = (struct playbook_run){.playbook = plan, .record = record};
    playbook->facts = arena_array(run->arena, plan->fact_count, sizeof(*playbook->facts));
    playbook->findings = arena_array(run->arena, plan->finding_count, sizeof(*playbook->findings));
    scope_init(&playbook->scope, plan, run->arena);
    *record = (struct playbook_record){.playbook = plan};
    record->findings = arena_array(run->arena, plan->finding_count, sizeof(*record->findings));
    for (size_t i = 0; i < plan->finding_count; i++) {
        record->findings[i].finding = &plan->findings[i];
    }
}

static void open_run(struct run *run, struct record *record)
{
    size_t count = run->plan->count;
    run->playbooks = arena_array(run->arena, count, sizeof(*run->playbooks));
    *record = (struct record){.run_id = run->options->run_id,
                              .started_utc_ms = host_utc_ms(run->host),
                              .mode = run->options->mode,
                              .channel = run->options->channel,
                              .host = run->host,
                              .clouds = run->plan->clouds,
                              .playbooks = arena_array(run->arena, count, sizeof(*record->playbooks)),
                              .playbook_count = count};
    record->license.expires_in_days = -1;
    for (size_t i = 0; i < count; i++) {
        open_playbook(run, &run->playbooks[i], &run->plan->playbooks[i], &record->playbooks[i]);
    }
}

static void keep_looks(struct run *run)
{
    struct look_entry *const *entries = run->looks.entries.items;
    size_t count = run->looks.entries.count;
    struct look_record *looks = arena_array(run->arena, count, sizeof(*looks));
    for (size_t i = 0; i < count; i++) {
        looks[i] = (struct look_record){entries[i]->kind, entries[i]->look.params, entries[i]->result};
    }
    run->record->looks = looks;
    run->record->look_count = count;
}

/* A fix runs once a pass, and again only if something was changed since. */
static bool is_due(const struct run *run, const struct finding_run *finding)
{
    return decide_runs(&finding->input) && !finding->input.explained &&
           (!finding->tried || run->host->generation > finding->tried_generation);
}

static bool is_explained_by(const struct finding *finding, const char *id)
{
    for (size_t i = 0; i < finding->explained_count; i++) {
        if (text_same(finding->explained_by[i].finding, id)) {
            return true;
        }
    }
    return false;
}

/* Is the fix of the finding with this id due, in one of the playbooks before `end`? */
static bool is_owed(const struct run *run, size_t end, const char *id, const char *not_explained_by)
{
    for (size_t p = 0; p < end; p++) {
        const struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            const struct finding *finding = &playbook->playbook->findings[i];
            if (text_same(finding->id, id)) {
                bool counts = not_explained_by == NULL || !is_explained_by(finding, not_explained_by);
                return counts && is_due(run, &playbook->findings[i]);
            }
        }
    }
    return false;
}

/*
 * What has to be gone is fixed first, and only then seen to be gone, wherever its playbook stands; but not what this
 * finding itself explains.
 */
static bool waits_for_blockers(const struct run *run, struct playbook_run *playbook, const struct finding *finding)
{
    if (!blockers_apply(playbook, finding)) {
        return false;
    }
    for (size_t i = 0; i < finding->blocked_count; i++) {
        if (is_owed(run, run->plan->count, finding->blocked_by[i], finding->id)) {
            return true;
        }
    }
    return false;
}

/* What an earlier playbook owes still, since it waits itself, and what would explain this finding. */
static bool waits_for_earlier(const struct run *run, size_t index, const struct finding *finding)
{
    for (size_t i = 0; i < finding->explained_count; i++) {
        if (is_owed(run, index, finding->explained_by[i].finding, NULL)) {
            return true;
        }
    }
    return false;
}

/* A plan fixes nothing, so it waits for nothing. */
static bool waits(const struct run *run, size_t index, size_t finding)
{
    struct playbook_run *playbook = &run->playbooks[index];
    const struct finding *plan = &playbook->playbook->findings[finding];
    return run->options->mode == MODE_FIX &&
           (waits_for_blockers(run, playbook, plan) || waits_for_earlier(run, index, plan));
}

static bool may_begin(struct run *run, const struct finding *finding)
{
    for (size_t i = 0; i < finding->step_count; i++) {
        if (step_is_over(run, &finding->steps[i])) {
            return false;
        }
    }
    return run_is_over(run).en == NULL || finding->step_count > 0;
}

static bool fix_due(struct run *run, size_t index, bool only_untried)
{
    struct playbook_run *playbook = &run->playbooks[index];
    bool tried = false;
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        struct finding_run *finding = &playbook->findings[i];
        bool is_begun = is_due(run, finding) && !(only_untried && finding->tried) &&
                        may_begin(run, &playbook->playbook->findings[i]);
        if (is_begun && !waits(run, index, i)) {
            finding_fix(run, playbook, i);
            run->judged = false;
            tried = true;
        }
    }
    return tried;
}

/*
 * What a later playbook changed may have uncovered a fault that an earlier one fixes, and what comes next is built on
 * that one: a new key brings a product with a KMS host of its own, which is looked at before it is asked. Each fix that
 * was never tried is tried once: that is the bound.
 */
static bool go_back(struct run *run, size_t before)
{
    for (size_t p = 0; p < before; p++) {
        if (fix_due(run, p, true)) {
            return true;
        }
    }
    return false;
}

static bool run_pass(struct run *run)
{
    bool tried = false;
    for (size_t p = 0; p < run->plan->count; p++) {
        run_refresh(run);
        while (go_back(run, p)) {
            tried = true;
            run_refresh(run);
        }
        tried = fix_due(run, p, false) || tried;
    }
    return tried;
}

/* What was only for the run goes with it. What stays all the same is found, and taken away, by the next run. */
static void end_passing(struct run *run)
{
    struct err err = {0};
    bool is_left = run->host->has_probe_rule && !host_firewall_end_probe(run->host, &err);
    if (is_left && !host_firewall_end_probe(run->host, &err)) { /* once more */
        run->record->verdict = verdict_worst(run->record->verdict, VERDICT_NOT_FIXED);
    }
}

/* Opens the record, and looks for the first time. */
static void begin(struct run *run)
{
    static const enum gate_mode modes[MODE_COUNT] = {
        [MODE_CHECK] = GATE_LOOK, [MODE_PLAN] = GATE_PLAN, [MODE_FIX] = GATE_CHANGE, [MODE_UNDO] = GATE_CHANGE};
    must(run->host->mode == modes[run->options->mode]);
    run->random = run->options->seed;
    open_run(run, run->record);
    looks_init(&run->looks, run->host, run->arena, run->options->probe_ms);
    machine_look(run);
    run_refresh(run);
}

static void end(struct run *run)
{
    keep_looks(run);
    run->record->changes = run->host->changes;
    run->record->duration_ms = host_now_ms(run->host) - run->host->started_ms;
}

void engine_identify(struct host *host, const struct engine_options *options, struct arena *arena,
                     struct record *ret_record)
{
    static const struct plan nothing = {0};
    struct run run = {.plan = &nothing, .host = host, .options = options, .arena = arena, .record = ret_record};
    begin(&run);
    end(&run);
    ret_record->verdict = VERDICT_HEALTHY;
}

/* Those of its playbooks that have a finding which holds fixes. */
static struct plan holding(const struct plan *plan, struct arena *arena)
{
    struct playbook *playbooks = arena_array(arena, plan->count, sizeof *playbooks);
    size_t count = 0;
    for (size_t p = 0; p < plan->count; p++) {
        bool holds = false;
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            holds = holds || plan->playbooks[p].findings[i].holds_fixes;
        }
        if (holds) {
            playbooks[count++] = plan->playbooks[p];
        }
    }
    return (struct plan){.playbooks = playbooks, .count = count};
}

const char *engine_held_by(const struct plan *plan, struct host *host, const struct engine_options *options,
                           struct arena *arena)
{
    struct record record = {0};
    const struct plan part = holding(plan, arena);
    struct run run = {.plan = &part, .host = host, .options = options, .arena = arena, .record = &record};
    must(options->mode == MODE_CHECK && host->mode == GATE_LOOK);
    if (part.count == 0) {
        return NULL;
    }
    open_run(&run, &record);
    looks_init(&run.looks, host, arena, options->probe_ms);
    run_refresh(&run);
    return findings_held_by(&run);
}

void engine_run(const struct plan *plan, struct host *host, const struct engine_options *options, struct arena *arena,
                struct record *ret_record)
{
    struct run run = {.plan = plan, .host = host, .options = options, .arena = arena, .record = ret_record};
    begin(&run);
    size_t passes = options->mode == MODE_CHECK ? 0 : options->mode == MODE_PLAN ? 1 : LIMIT_PASSES;
    while (ret_record->passes < passes && run_pass(&run)) {
        ret_record->passes++;
    }
    run_refresh(&run);
    findings_close(&run);
    traces_record(&run);
    end_passing(&run);
    end(&run);
}
