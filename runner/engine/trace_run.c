/* SPDX-License-Identifier: MIT */
/*
 * A trace of a finding: its condition walked once more over the facts of the last pass, then each condition, value and
 * look that was named, once. Nothing of it is kept while a run is under way.
 */
#include "base/limits.h"
#include "base/text.h"
#include "engine/eval.h"
#include "engine/run.h"

struct walk {
    struct run *run;
    struct playbook_run *playbook;
    struct scope scope;
    struct trace trace;
};

/* --- one thing that was named --- */

static void open_condition(struct walk *walk, uint32_t index)
{
    const struct plan_condition *named = &walk->playbook->playbook->conditions[index];
    (void)trace_begin(&walk->trace, TRACE_CONDITION, named->id);
    struct truth truth = condition_evaluate(&walk->scope, named->cond);
    trace_close(&walk->trace, walk->trace.tree, truth);
}

static void open_value(struct walk *walk, uint32_t index)
{
    const struct plan_value *named = &walk->playbook->playbook->values[index];
    const struct ref ref = {.root = REF_VALUE, .index = index, .text = named->id, .type = named->type};
    struct value value = scope_ref(&walk->scope, &ref);
    (void)trace_begin(&walk->trace, TRACE_VALUE, named->id);
    struct trace_node *node = trace_node_at(&walk->trace, walk->trace.tree);
    if (node != NULL) {
        node->value = trace_value(walk->run->arena, &value);
    }
    scope_open_value(&walk->scope, index);
}

/* The parameters that the look was made with; a secret one is none of anybody's. */
static const char *with_of(struct walk *walk, const struct fact *fact, const struct fact_run *state)
{
    struct arena *arena = walk->run->arena;
    const struct columns *columns = &fact->kind->params;
    if (fact->for_each != NULL || state->count != 1 || columns->count == 0) {
        return NULL;
    }
    struct value *cells = arena_array(arena, columns->count, sizeof(*cells));
    for (size_t i = 0; i < columns->count; i++) {
        cells[i] = state->entries[0]->look.params[i];
        cells[i].secret = cells[i].secret || (columns->items[i].flags & COLUMN_SECRET) != 0;
    }
    struct value row = value_row(columns, cells);
    return trace_value(arena, &row).shown;
}

static void open_fact(struct walk *walk, uint32_t index)
{
    const struct fact *fact = &walk->playbook->playbook->facts[index];
    const struct fact_run *state = &walk->playbook->facts[index];
    const struct value *value = &walk->scope.facts[index];
    const char *with = with_of(walk, fact, state);
    (void)trace_begin(&walk->trace, TRACE_FACT, fact->id);
    struct trace_node *node = trace_node_at(&walk->trace, walk->trace.tree);
    if (node != NULL) {
        node->look = fact->kind->name;
        node->with = with;
        node->number = state->count;
        node->value.value = value->state == VALUE_KNOWN ? value_bool(true) : trace_value(walk->run->arena, value).value;
    }
    if (fact->when != NULL && value->state != VALUE_KNOWN) {
        (void)condition_evaluate(&walk->scope, fact->when);
    }
}

/* --- all of them; opening one may name another --- */

static bool open_named(struct walk *walk, unsigned char *list, size_t count,
                       void (*open_one)(struct walk *walk, uint32_t index))
{
    bool has_opened = false;
    for (size_t i = 0; i < count; i++) {
        if (list[i] == TRACE_MENTIONED) {
            list[i] = TRACE_OPENED;
            open_one(walk, (uint32_t)i);
            has_opened = true;
        }
    }
    return has_opened;
}

static void open_all(struct walk *walk)
{
    const struct playbook *plan = walk->playbook->playbook;
    while (open_named(walk, walk->trace.conditions, plan->condition_count, open_condition) ||
           open_named(walk, walk->trace.facts, plan->fact_count, open_fact) ||
           open_named(walk, walk->trace.values, plan->value_count, open_value)) {
    }
}

/* --- one finding --- */

static void walk_finding(struct walk *walk, const struct finding *finding)
{
    const struct playbook *plan = walk->playbook->playbook;
    if (plan->applies_to != NULL && walk->playbook->applies.word != TRUTH_TRUE) {
        (void)trace_begin(&walk->trace, TRACE_APPLIES, plan->id);
        trace_close(&walk->trace, walk->trace.tree, condition_evaluate(&walk->scope, plan->applies_to));
    }
    walk->trace.depth = 0;
    (void)condition_evaluate(&walk->scope, finding->when);
    open_all(walk);
}

/* The one that its group calls right instead. */
static const char *outranked_by(const struct playbook_run *playbook, size_t index)
{
    const struct finding *findings = playbook->playbook->findings;
    for (size_t i = 0; i < playbook->playbook->finding_count && playbook->findings[index].input.outranked; i++) {
        const struct decide_input *input = &playbook->findings[i].input;
        if (text_same(findings[i].group, findings[index].group) && input->when == TRUTH_TRUE && !input->outranked) {
            return findings[i].id;
        }
    }
    return NULL;
}

static struct trace_record record_of(struct run *run, struct playbook_run *playbook, size_t index)
{
    struct walk walk = {.run = run, .playbook = playbook, .scope = playbook->scope};
    struct trace_record record = {.playbook = playbook->playbook,
                                  .finding = &playbook->record->findings[index],
                                  .outranked_by = outranked_by(playbook, index),
                                  .left_out = 1};
    if (!arena_has(run->arena, LIMIT_ARENA_END_BYTES + LIMIT_TRACE_BYTES + 2 * run->refresh_bytes)) {
        return record;
    }
    trace_init(&walk.trace, playbook->playbook, condition_evaluate, run->arena);
    walk.scope.trace = &walk.trace;
    walk_finding(&walk, &playbook->playbook->findings[index]);
    record.nodes = walk.trace.nodes.items;
    record.count = walk.trace.nodes.count;
    record.left_out = walk.trace.left_out;
    return record;
}

static void trace_id(struct run *run, const char *id, struct arena_list *records)
{
    for (size_t p = 0; p < run->plan->count; p++) {
        struct playbook_run *playbook = &run->playbooks[p];
        for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
            if (text_same(playbook->playbook->findings[i].id, id)) {
                struct trace_record record = record_of(run, playbook, i);
                *(struct trace_record *)arena_push(run->arena, records, sizeof(record)) = record;
            }
        }
    }
}

void traces_record(struct run *run)
{
    struct arena_list records = {0};
    for (size_t i = 0; i < run->options->trace_count; i++) {
        trace_id(run, run->options->traces[i], &records);
    }
    run->record->traces = records.items;
    run->record->trace_count = records.count;
}
