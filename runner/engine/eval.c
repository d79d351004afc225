/* SPDX-License-Identifier: MIT */
#include "engine/eval.h"

#include <string.h>

#include "base/limits.h"

void scope_init(struct scope *scope, const struct playbook *playbook, struct arena *arena)
{
    *scope = (struct scope){
        .playbook = playbook,
        .arena = arena,
        .facts = arena_array(arena, playbook->fact_count, sizeof(struct value)),
        .values = arena_array(arena, playbook->value_count, sizeof(struct value)),
        .value_known = arena_array(arena, playbook->value_count, sizeof(bool)),
        .conditions = arena_array(arena, playbook->condition_count, sizeof(struct truth)),
        .condition_known = arena_array(arena, playbook->condition_count, sizeof(bool)),
    };
}

void scope_reset(struct scope *scope)
{
    memset(scope->value_known, 0, scope->playbook->value_count * sizeof(bool));
    memset(scope->condition_known, 0, scope->playbook->condition_count * sizeof(bool));
}

/* --- named values --- */

/* Rows are many: the trace is told of each by itself. */
static struct scope row_scope(const struct scope *scope)
{
    struct scope inner = *scope;
    inner.trace = NULL;
    return inner;
}

static struct value element_taken(const struct plan_value *plan, const struct value *element)
{
    return plan->take != NULL ? element->as.row.cells[*plan->take] : *element;
}

/* The elements for which `where` holds. An unknown one makes the whole unknown: it might belong. */
static struct value filter(struct scope *scope, const struct plan_value *plan, const struct value *elements,
                           size_t count)
{
    struct value *kept = arena_array(scope->arena, count, sizeof(*kept));
    size_t kept_count = 0;
    struct scope inner = row_scope(scope);
    struct trace_rows rows = trace_rows(scope->trace, (size_t)TRACE_NO_NODE);
    for (size_t i = 0; i < count; i++) {
        inner.item = &elements[i];
        struct truth truth = {.word = TRUTH_TRUE};
        if (plan->where != NULL) {
            truth = condition_evaluate(&inner, plan->where);
        }
        trace_row(&rows, &inner, plan->where, truth);
        if (truth.word == TRUTH_UNKNOWN) {
            return value_unknown(truth.why);
        }
        struct value taken = element_taken(plan, &elements[i]);
        if (truth.word == TRUTH_TRUE && taken.state == VALUE_UNKNOWN) {
            return taken;
        }
        if (truth.word == TRUTH_TRUE && taken.state == VALUE_KNOWN) {
            kept[kept_count++] = taken;
        }
    }
    if (plan->pick_all) {
        return plan->type.base == TYPE_ROWS ? value_rows(kept, kept_count)
                                            : value_list(plan->type.item, kept, kept_count);
    }
    if (kept_count > 1) {
        return value_unknown_format(scope->arena, "values.%s: %zu rows of table %s match, one is expected", plan->id,
                                    kept_count, plan->table->id);
    }
    return kept_count == 1 ? kept[0] : value_absent();
}

static struct value evaluate_each(struct scope *scope, const struct plan_value *plan)
{
    struct value list = scope_value(scope, plan->each);
    if (list.state != VALUE_KNOWN) {
        return list;
    }
    return filter(scope, plan, list.as.list.items, list.as.list.count);
}

static struct value evaluate_first(struct scope *scope, const struct plan_value *plan)
{
    for (size_t i = 0; i < plan->first_count; i++) {
        struct value value = scope_value(scope, plan->first[i]);
        trace_part(scope->trace, plan->first[i], &value);
        if (value.state != VALUE_ABSENT) {
            return value;
        }
    }
    return value_absent();
}

static struct value told_part(struct scope *scope, const struct expr *expr)
{
    struct value value = scope_value(scope, expr);
    trace_part(scope->trace, expr, &value);
    return value;
}

static struct value evaluate_case(struct scope *scope, const struct plan_value *plan)
{
    for (size_t i = 0; i < plan->case_count; i++) {
        size_t node = trace_case(scope->trace, i);
        struct truth truth = condition_evaluate(scope, plan->cases[i].when);
        trace_close(scope->trace, node, truth);
        if (truth.word == TRUTH_UNKNOWN) {
            return value_unknown(truth.why);
        }
        if (truth.word == TRUTH_TRUE) {
            return told_part(scope, plan->cases[i].is);
        }
    }
    return plan->otherwise != NULL ? told_part(scope, plan->otherwise) : value_absent();
}

static struct value evaluate(struct scope *scope, const struct plan_value *plan)
{
    switch (plan->form) {
    case VALUE_OF_TABLE:
        return filter(scope, plan, plan->table->rows, plan->table->count);
    case VALUE_OF_EACH:
        return evaluate_each(scope, plan);
    case VALUE_FIRST_OF:
        return evaluate_first(scope, plan);
    case VALUE_CASE:
        return evaluate_case(scope, plan);
    }
    must_fail("a form of value", __FILE__, __LINE__);
}

void scope_open_value(struct scope *scope, uint32_t index)
{
    struct scope outer = *scope;
    outer.item = NULL;
    (void)evaluate(&outer, &scope->playbook->values[index]);
}

static struct value named_value(struct scope *scope, uint32_t index)
{
    trace_mention(scope->trace, TRACE_VALUE, index);
    if (!scope->value_known[index]) {
        struct scope outer = *scope;
        outer.item = NULL;
        outer.trace = NULL;
        scope->values[index] = evaluate(&outer, &scope->playbook->values[index]);
        scope->value_known[index] = true;
    }
    return scope->values[index];
}

/* --- refs and expressions --- */

static struct value root_value(struct scope *scope, const struct ref *ref)
{
    const struct parameter *parameter = NULL;
    switch (ref->root) {
    case REF_FACT:
        trace_mention(scope->trace, TRACE_FACT, ref->index);
        return scope->facts[ref->index];
    case REF_VALUE:
        return named_value(scope, ref->index);
    case REF_PARAMETER:
        parameter = &scope->playbook->parameters[ref->index];
        return parameter->given.state == VALUE_KNOWN ? parameter->given : parameter->otherwise;
    case REF_ITEM:
        must(scope->item != NULL);
        return *scope->item;
    }
    must_fail("a root of a ref", __FILE__, __LINE__);
}

struct value scope_ref(struct scope *scope, const struct ref *ref)
{
    struct value value = root_value(scope, ref);
    for (size_t i = 0; i < ref->path_count && value.state == VALUE_KNOWN; i++) {
        must(value.base == TYPE_ROW);
        value = value.as.row.cells[ref->path[i]];
    }
    value.secret = value.secret || ref->type.secret;
    return value;
}

static struct value list_value(struct scope *scope, const struct expr *expr)
{
    struct value *items = arena_array(scope->arena, expr->count, sizeof(*items));
    size_t count = 0;
    for (size_t i = 0; i < expr->count; i++) {
        struct value item = scope_value(scope, &expr->items[i]);
        if (item.state == VALUE_UNKNOWN) {
            return item;
        }
        if (item.state == VALUE_KNOWN) {
            items[count++] = item;
        }
    }
    return value_list(expr->type.item, items, count);
}

static struct value text_value(struct scope *scope, const struct expr *expr)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_TEXT_BYTES);
    bool secret = false;
    for (size_t i = 0; i < expr->count; i++) {
        struct value part = scope_value(scope, &expr->items[i]);
        if (part.state != VALUE_KNOWN) {
            return part;
        }
        secret = secret || part.secret;
        part.secret = false; /* the whole is secret; joining needs the text itself */
        buf_text(&buf, value_display(scope->arena, &part));
    }
    if (buf.failed) {
        return value_unknown("a text grew over its limit");
    }
    struct value value = value_text(arena_text(scope->arena, buf_string(&buf)));
    value.secret = secret;
    return value;
}

struct value scope_value(struct scope *scope, const struct expr *expr)
{
    switch (expr->form) {
    case EXPR_LITERAL:
        return expr->literal;
    case EXPR_REF:
        return scope_ref(scope, &expr->ref);
    case EXPR_LIST:
        return list_value(scope, expr);
    case EXPR_TEXT:
    case EXPR_OPTIONAL:
        return text_value(scope, expr);
    }
    must_fail("a form of expression", __FILE__, __LINE__);
}

/* --- conditions --- */

static struct truth count_evaluate(struct scope *scope, const struct cond *cond, size_t node)
{
    struct value counted = scope_ref(scope, &cond->subject);
    struct value number = scope_value(scope, cond->operand);
    trace_compared(scope->trace, node, &counted, &number);
    if (counted.state == VALUE_UNKNOWN || number.state == VALUE_UNKNOWN) {
        return truth_unknown(counted.state == VALUE_UNKNOWN ? counted.as.why : number.as.why);
    }
    if (number.state == VALUE_ABSENT) {
        return truth_compare(cond->op, &number, &number);
    }
    size_t count = counted.state == VALUE_KNOWN ? counted.as.list.count : 0;
    int64_t least = 0;
    int64_t most = 0;
    const char *why = NULL;
    struct scope inner = row_scope(scope);
    struct trace_rows rows = trace_rows(scope->trace, node);
    for (size_t i = 0; i < count; i++) {
        inner.item = &counted.as.list.items[i];
        struct truth truth = cond->count > 0 ? condition_evaluate(&inner, &cond->items[0]) : truth_known(true);
        trace_row(&rows, &inner, cond->count > 0 ? &cond->items[0] : NULL, truth);
        least += truth.word == TRUTH_TRUE ? 1 : 0;
        most += truth.word != TRUTH_FALSE ? 1 : 0;
        why = why == NULL && truth.word == TRUTH_UNKNOWN ? truth.why : why;
    }
    trace_counted(scope->trace, node, least, most);
    struct truth result = {.word = truth_compare_interval(cond->op, least, most, number.as.integer)};
    result.why = result.word == TRUTH_UNKNOWN ? why : NULL;
    return result;
}

/* --- the tree: depth and chains are bounded by the loader --- */

static struct truth junction(struct scope *scope, const struct cond *cond)
{
    bool all = cond->form == COND_ALL;
    struct truth result = truth_known(all);
    for (size_t i = 0; i < cond->count; i++) {
        struct truth truth = condition_evaluate(scope, &cond->items[i]);
        const char *why = result.why != NULL ? result.why : truth.why;
        result.word = all ? truth_and(result.word, truth.word) : truth_or(result.word, truth.word);
        result.why = result.word == TRUTH_UNKNOWN ? why : NULL;
        if (result.word == (all ? TRUTH_FALSE : TRUTH_TRUE) && scope->trace == NULL) {
            break;
        }
    }
    return result;
}

static struct truth named(struct scope *scope, uint32_t index)
{
    trace_mention(scope->trace, TRACE_CONDITION, index);
    if (!scope->condition_known[index]) {
        struct scope outer = *scope;
        outer.item = NULL;
        outer.trace = NULL;
        scope->conditions[index] = condition_evaluate(&outer, scope->playbook->conditions[index].cond);
        scope->condition_known[index] = true;
    }
    return scope->conditions[index];
}

static struct truth holds(struct scope *scope, const struct cond *cond, size_t node)
{
    struct value subject;
    struct value operand;
    switch (cond->form) {
    case COND_ALL:
    case COND_ANY:
        return junction(scope, cond);
    case COND_NOT:
        return truth_negate(condition_evaluate(scope, &cond->items[0]));
    case COND_NAMED:
        return named(scope, cond->named);
    case COND_COMPARE:
        subject = scope_ref(scope, &cond->subject);
        operand = scope_value(scope, cond->operand);
        trace_compared(scope->trace, node, &subject, &operand);
        return truth_compare(cond->op, &subject, &operand);
    case COND_COUNT:
        return count_evaluate(scope, cond, node);
    }
    must_fail("a form of condition", __FILE__, __LINE__);
}

struct truth condition_evaluate(struct scope *scope, const struct cond *cond)
{
    size_t node = trace_open(scope->trace, scope, cond);
    struct truth truth = holds(scope, cond, node);
    trace_close(scope->trace, node, truth);
    return truth;
}
