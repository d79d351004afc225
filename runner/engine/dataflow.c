/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "engine/eval.h"
#include "engine/run.h"

/* --- inputs of one fact --- */

static bool inputs_are_known(const struct playbook_run *playbook, const struct fact *fact)
{
    if (fact->gated && !playbook->applies_known) {
        return false;
    }
    for (size_t i = 0; i < fact->after_count; i++) {
        if (playbook->facts[fact->after[i]].state != FACT_DONE) {
            return false;
        }
    }
    return true;
}

static void finish_fact(struct playbook_run *playbook, size_t index, struct value value)
{
    playbook->facts[index].state = FACT_DONE;
    playbook->scope.facts[index] = value;
}

/* Parameters of a look; unknown or out of range: false and why. */
static bool look_params(struct scope *scope, const struct fact *fact, struct value *params, const char **ret_why)
{
    const struct columns *columns = &fact->kind->params;
    for (size_t i = 0; i < columns->count; i++) {
        params[i] = fact->params[i] != NULL ? scope_value(scope, fact->params[i]) : value_absent();
        if (params[i].state == VALUE_UNKNOWN) {
            *ret_why = params[i].as.why;
            return false;
        }
        bool required = (columns->items[i].flags & COLUMN_REQUIRED) != 0;
        if (required && params[i].state == VALUE_ABSENT) {
            *ret_why = arena_format(scope->arena, "%s: its input %s is not set", fact->id, columns->items[i].name);
            return false;
        }
        if (!column_accepts(&columns->items[i], &params[i])) {
            *ret_why = arena_format(scope->arena, "%s: its input %s is out of range", fact->id, columns->items[i].name);
            return false;
        }
    }
    return true;
}

static struct look_entry *want(struct run *run, struct scope *scope, const struct fact *fact, const char **ret_why)
{
    struct value *params = arena_array(run->arena, fact->kind->params.count, sizeof(*params));
    return look_params(scope, fact, params, ret_why) ? looks_want(&run->looks, fact->kind, params) : NULL;
}

static void start_each(struct run *run, struct playbook_run *playbook, size_t index, const struct value *list)
{
    const struct fact *fact = &playbook->playbook->facts[index];
    struct fact_run *state = &playbook->facts[index];
    size_t count = list->as.list.count;
    if (count > LIMIT_FOR_EACH) {
        finish_fact(
            playbook, index,
            value_unknown_format(run->arena, "%s: forEach over more than %d elements", fact->id, (int)LIMIT_FOR_EACH));
        return;
    }
    state->each = list->as.list.items;
    state->count = count;
    state->entries = arena_array(run->arena, count, sizeof(struct look_entry *));
    struct scope inner = playbook->scope;
    for (size_t i = 0; i < count; i++) {
        const char *why = NULL;
        inner.item = &state->each[i];
        state->entries[i] = want(run, &inner, fact, &why);
        if (state->entries[i] == NULL) {
            finish_fact(playbook, index, value_unknown(why));
            return;
        }
    }
    state->state = FACT_LOOKING;
}

static void start_one(struct run *run, struct playbook_run *playbook, size_t index)
{
    struct fact_run *state = &playbook->facts[index];
    const char *why = NULL;
    struct look_entry *entry = want(run, &playbook->scope, &playbook->playbook->facts[index], &why);
    if (entry == NULL) {
        finish_fact(playbook, index, value_unknown(why));
        return;
    }
    state->entries = arena_array(run->arena, 1, sizeof(struct look_entry *));
    state->entries[0] = entry;
    state->count = 1;
    state->state = FACT_LOOKING;
}

/* What a fact is without looking: absent when its gate or `when` is false, unknown when those are. */
static bool is_settled(struct playbook_run *playbook, const struct fact *fact, struct value *ret_value)
{
    struct truth truth = {.word = TRUTH_TRUE};
    if (fact->gated) {
        truth = playbook->applies;
    }
    if (truth.word == TRUTH_TRUE && fact->when != NULL) {
        truth = condition_evaluate(&playbook->scope, fact->when);
    }
    *ret_value = truth.word == TRUTH_UNKNOWN ? value_unknown(truth.why) : value_absent();
    return truth.word != TRUTH_TRUE;
}

static void start_fact(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct fact *fact = &playbook->playbook->facts[index];
    struct value value = value_absent();
    if (is_settled(playbook, fact, &value)) {
        finish_fact(playbook, index, value);
        return;
    }
    if (fact->for_each == NULL) {
        start_one(run, playbook, index);
        return;
    }
    struct value list = scope_value(&playbook->scope, fact->for_each);
    if (list.state != VALUE_KNOWN) {
        finish_fact(playbook, index, list);
        return;
    }
    start_each(run, playbook, index, &list);
}

/* --- answers --- */

static struct value each_row(struct run *run, const struct fact *fact, const struct value *element,
                             const struct look_entry *entry)
{
    size_t count = fact->columns->count;
    struct value *cells = arena_array(run->arena, count, sizeof(*cells));
    cells[0] = *element;
    for (size_t i = 1; i < count; i++) {
        cells[i] = entry->result.state == VALUE_KNOWN ? entry->result.as.row.cells[i - 1] : entry->result;
    }
    return value_row(fact->columns, cells);
}

static bool collect_fact(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct fact *fact = &playbook->playbook->facts[index];
    struct fact_run *state = &playbook->facts[index];
    for (size_t i = 0; i < state->count; i++) {
        if (state->entries[i]->state != LOOK_DONE) {
            return false;
        }
    }
    if (fact->for_each == NULL) {
        finish_fact(playbook, index, state->entries[0]->result);
        return true;
    }
    struct value *rows = arena_array(run->arena, state->count, sizeof(*rows));
    for (size_t i = 0; i < state->count; i++) {
        rows[i] = each_row(run, fact, &state->each[i], state->entries[i]);
    }
    finish_fact(playbook, index, value_rows(rows, state->count));
    return true;
}

/* --- the flow --- */

static bool open_gate(struct playbook_run *playbook)
{
    const struct playbook *plan = playbook->playbook;
    if (playbook->applies_known) {
        return false;
    }
    for (size_t i = 0; i < plan->fact_count; i++) {
        if (!plan->facts[i].gated && plan->applies_to != NULL && playbook->facts[i].state != FACT_DONE) {
            return false;
        }
    }
    playbook->applies = (struct truth){.word = TRUTH_TRUE};
    if (plan->applies_to != NULL) {
        playbook->applies = condition_evaluate(&playbook->scope, plan->applies_to);
    }
    playbook->applies_known = true;
    return true;
}

/* Starts and collects what can be; true when anything moved. */
static bool advance(struct run *run, struct playbook_run *playbook)
{
    bool moved = open_gate(playbook);
    for (size_t i = 0; i < playbook->playbook->fact_count; i++) {
        struct fact_run *state = &playbook->facts[i];
        if (state->state == FACT_PENDING && inputs_are_known(playbook, &playbook->playbook->facts[i])) {
            start_fact(run, playbook, i);
            moved = true;
        }
        if (state->state == FACT_LOOKING) {
            moved = collect_fact(run, playbook, i) || moved;
        }
    }
    return moved;
}

static void restart(struct playbook_run *playbook)
{
    scope_reset(&playbook->scope);
    playbook->applies_known = false;
    for (size_t i = 0; i < playbook->playbook->fact_count; i++) {
        playbook->facts[i] = (struct fact_run){.state = FACT_PENDING};
    }
}

void dataflow_run(struct run *run)
{
    for (size_t p = 0; p < run->plan->count; p++) {
        restart(&run->playbooks[p]);
    }
    bool waiting = true;
    while (waiting) {
        bool moved = true;
        while (moved) {
            moved = false;
            for (size_t p = 0; p < run->plan->count; p++) {
                moved = advance(run, &run->playbooks[p]) || moved;
            }
        }
        waiting = looks_wait(&run->looks);
    }
    for (size_t p = 0; p < run->plan->count; p++) {
        for (size_t i = 0; i < run->plan->playbooks[p].fact_count; i++) {
            must(run->playbooks[p].facts[i].state == FACT_DONE);
        }
    }
}
