/* SPDX-License-Identifier: MIT */
#include "engine/trace.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/redact.h"
#include "base/text.h"
#include "engine/eval.h"

const char *const trace_form_names[TRACE_FORM_COUNT + 1] = {
    [TRACE_ALL] = "all",
    [TRACE_ANY] = "any",
    [TRACE_NOT] = "not",
    [TRACE_NAMED] = "named",
    [TRACE_COMPARE] = "compare",
    [TRACE_COUNT] = "count",
    [TRACE_ROW] = "row",
    [TRACE_CASE] = "case",
    [TRACE_PART] = "part",
    [TRACE_APPLIES] = "appliesTo",
    [TRACE_CONDITION] = "condition",
    [TRACE_VALUE] = "value",
    [TRACE_FACT] = "fact",
};

void trace_init(struct trace *trace, const struct playbook *playbook,
                struct truth (*walk)(struct scope *scope, const struct cond *cond), struct arena *arena)
{
    *trace = (struct trace){.arena = arena,
                            .walk = walk,
                            .conditions = arena_array(arena, playbook->condition_count, 1),
                            .values = arena_array(arena, playbook->value_count, 1),
                            .facts = arena_array(arena, playbook->fact_count, 1)};
}

/* --- nodes --- */

static size_t add_node(struct trace *trace, struct trace_node node)
{
    if (trace->nodes.count == LIMIT_TRACE_NODES) {
        trace->left_out++;
        return (size_t)TRACE_NO_NODE;
    }
    node.depth = trace->depth;
    *(struct trace_node *)arena_push(trace->arena, &trace->nodes, sizeof(node)) = node;
    return trace->nodes.count - 1;
}

struct trace_node *trace_node_at(struct trace *trace, size_t node)
{
    struct trace_node *nodes = trace->nodes.items;
    return node < trace->nodes.count ? &nodes[node] : NULL;
}

size_t trace_begin(struct trace *trace, enum trace_form form, const char *name)
{
    trace->depth = 0;
    trace->tree = add_node(trace, (struct trace_node){.form = form, .name = name});
    trace->depth = 1;
    return trace->tree;
}

/* --- values: redacted first, then cut, since half a secret is not known for one --- */

static const char *cut_text(struct arena *arena, const char *text)
{
    char kept[LIMIT_TRACE_TEXT_BYTES + sizeof("...")];
    size_t mark = arena_mark(arena);
    char *copy = arena_text(arena, text);
    redact_bytes(copy, strlen(copy));
    size_t size = text_cut(copy, LIMIT_TRACE_TEXT_BYTES);
    (void)snprintf(kept, sizeof(kept), "%.*s%s", (int)size, copy, copy[size] != '\0' ? "..." : "");
    arena_release(arena, mark);
    return arena_text(arena, kept);
}

/* Of rows their number: they stand by themselves where they matter. Of a list its beginning. */
static const char *shown_of(struct arena *arena, const struct value *value)
{
    enum { ELEMENTS = 16 };
    char number[32];
    if (!value->secret && value->base == TYPE_ROWS) {
        (void)snprintf(number, sizeof(number), "[%zu]", value->as.list.count);
        return arena_text(arena, number);
    }
    struct value part = *value;
    bool is_long = value->base == TYPE_LIST && value->as.list.count > ELEMENTS;
    part.as.list.count = is_long ? ELEMENTS : part.as.list.count;
    char kept[LIMIT_TRACE_TEXT_BYTES + sizeof("..., ...")];
    size_t mark = arena_mark(arena);
    const char *text = cut_text(arena, value_display(arena, is_long ? &part : value));
    (void)snprintf(kept, sizeof(kept), "%s%s", text, is_long ? ", ..." : "");
    arena_release(arena, mark);
    return arena_text(arena, kept);
}

struct trace_value trace_value(struct arena *arena, const struct value *value)
{
    struct trace_value told = {.value = *value};
    if (value->state == VALUE_UNKNOWN) {
        told.value = value_unknown(cut_text(arena, value->as.why));
    } else if (value->state == VALUE_KNOWN) {
        bool is_plain = !value->secret && (value->base == TYPE_BOOL || value->base == TYPE_INT);
        told.shown = shown_of(arena, value);
        told.value = is_plain ? *value : value_text(told.shown);
    }
    return told;
}

static const char *name_of(const struct expr *expr)
{
    return expr->form == EXPR_REF ? expr->ref.text : NULL;
}

/* --- what eval.c tells --- */

static struct trace_node part_of(const struct scope *scope, const struct cond *cond)
{
    static const enum trace_form forms[] = {
        [COND_ALL] = TRACE_ALL,     [COND_ANY] = TRACE_ANY,         [COND_NOT] = TRACE_NOT,
        [COND_NAMED] = TRACE_NAMED, [COND_COMPARE] = TRACE_COMPARE, [COND_COUNT] = TRACE_COUNT,
    };
    must((size_t)cond->form < COUNT_OF(forms));
    struct trace_node node = {.form = forms[cond->form]};
    if (cond->form == COND_NAMED) {
        node.name = scope->playbook->conditions[cond->named].id;
    } else if (cond->form == COND_COMPARE || cond->form == COND_COUNT) {
        node.name = cond->subject.text;
        node.op = cond_op_names[cond->op];
        node.operand_name = name_of(cond->operand);
    }
    return node;
}

/* Deeper than what did not fit nothing fits either. */
static size_t open_node(struct trace *trace, struct trace_node node)
{
    size_t at = add_node(trace, node);
    trace->depth++;
    return at;
}

size_t trace_open(struct trace *trace, const struct scope *scope, const struct cond *cond)
{
    return trace != NULL ? open_node(trace, part_of(scope, cond)) : (size_t)TRACE_NO_NODE;
}

size_t trace_case(struct trace *trace, size_t index)
{
    return trace != NULL ? open_node(trace, (struct trace_node){.form = TRACE_CASE, .number = index + 1})
                         : (size_t)TRACE_NO_NODE;
}

static void tell_truth(struct trace *trace, size_t at, struct truth truth)
{
    struct trace_node *node = trace_node_at(trace, at);
    if (node != NULL) {
        node->truth = truth_names[truth.word];
        node->why = truth.word == TRUTH_UNKNOWN && truth.why != NULL ? cut_text(trace->arena, truth.why) : NULL;
    }
}

void trace_close(struct trace *trace, size_t node, struct truth truth)
{
    if (trace != NULL) {
        tell_truth(trace, node, truth);
        trace->depth--;
    }
}

void trace_compared(struct trace *trace, size_t at, const struct value *subject, const struct value *operand)
{
    struct trace_node *node = trace != NULL ? trace_node_at(trace, at) : NULL;
    if (node != NULL) {
        node->value = trace_value(trace->arena, subject);
        node->operand = trace_value(trace->arena, operand);
    }
}

void trace_counted(struct trace *trace, size_t at, int64_t least, int64_t most)
{
    struct trace_node *node = trace != NULL ? trace_node_at(trace, at) : NULL;
    struct value number = value_count((size_t)least, most > least);
    if (node != NULL) {
        node->value = trace_value(trace->arena, &number);
    }
}

void trace_part(struct trace *trace, const struct expr *expr, const struct value *value)
{
    if (trace != NULL) {
        (void)add_node(
            trace,
            (struct trace_node){.form = TRACE_PART, .name = name_of(expr), .value = trace_value(trace->arena, value)});
    }
}

void trace_mention(struct trace *trace, enum trace_form form, uint32_t index)
{
    if (trace == NULL) {
        return;
    }
    unsigned char *list = form == TRACE_CONDITION ? trace->conditions
                          : form == TRACE_VALUE   ? trace->values
                                                  : trace->facts;
    list[index] = list[index] == TRACE_NEVER ? TRACE_MENTIONED : list[index];
}

/* --- rows --- */

struct trace_rows trace_rows(struct trace *trace, size_t node)
{
    bool is_tree = trace != NULL && node == (size_t)TRACE_NO_NODE;
    return (struct trace_rows){.trace = trace, .parent = is_tree ? trace->tree : node};
}

static bool is_shown(const struct trace_rows *rows, struct truth truth)
{
    return rows->shown < LIMIT_TRACE_ROWS && (truth.word != TRUTH_FALSE || rows->shown_false < LIMIT_TRACE_FALSE_ROWS);
}

static void show_row(struct trace_rows *rows, const struct scope *inner, const struct cond *where, struct truth truth)
{
    struct trace *trace = rows->trace;
    struct scope scope = *inner;
    size_t node = open_node(
        trace,
        (struct trace_node){.form = TRACE_ROW, .number = rows->seen, .value = trace_value(trace->arena, inner->item)});
    scope.trace = trace;
    if (where != NULL) {
        (void)trace->walk(&scope, where);
    }
    trace_close(trace, node, truth);
    rows->shown++;
    rows->shown_false += truth.word == TRUTH_FALSE ? 1 : 0;
}

void trace_row(struct trace_rows *rows, const struct scope *inner, const struct cond *where, struct truth truth)
{
    if (rows->trace == NULL) {
        return;
    }
    rows->seen++;
    struct trace_node *parent = trace_node_at(rows->trace, rows->parent);
    if (is_shown(rows, truth)) {
        show_row(rows, inner, where, truth);
    } else if (parent != NULL) {
        parent->left_out++;
    }
}
