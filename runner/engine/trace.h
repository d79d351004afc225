/* SPDX-License-Identifier: MIT */
/*
 * What the evaluator tells of a condition while it walks it, part by part. There is no second evaluator: eval.c calls
 * these at every part, and with trace NULL nothing is told and nothing kept. Memory: the arena.
 */
#ifndef AZMEND_ENGINE_TRACE_H
#define AZMEND_ENGINE_TRACE_H

#include "engine/record.h"
#include "engine/truth.h"

struct scope;

enum trace_mention { TRACE_NEVER, TRACE_MENTIONED, TRACE_OPENED };

struct trace {
    struct arena *arena;
    struct arena_list nodes; /* struct trace_node, at most LIMIT_TRACE_NODES */
    unsigned depth;
    size_t left_out; /* nodes beyond that */
    size_t tree;     /* the node that begins the tree under way */
    /* enum trace_mention, one per named condition, value and fact of the playbook */
    unsigned char *conditions, *values, *facts;
    struct truth (*walk)(struct scope *scope, const struct cond *cond); /* condition_evaluate: a row is walked again */
};

enum { TRACE_NO_NODE = -1 };

/* walk: the evaluator, which stands above. */
void trace_init(struct trace *trace, const struct playbook *playbook,
                struct truth (*walk)(struct scope *scope, const struct cond *cond), struct arena *arena);
/* Begins a tree of its own, named so. */
size_t trace_begin(struct trace *trace, enum trace_form form, const char *name);
/* NULL where it did not fit. Until the next node is added. */
struct trace_node *trace_node_at(struct trace *trace, size_t node);
/* As a trace shows it; not secret any more, since what is secret is gone. */
struct trace_value trace_value(struct arena *arena, const struct value *value);

/* --- what eval.c tells; trace NULL: nobody listens --- */

/* A part begins, and what is told until it is closed stands beneath it. */
size_t trace_open(struct trace *trace, const struct scope *scope, const struct cond *cond);
size_t trace_case(struct trace *trace, size_t index);
void trace_close(struct trace *trace, size_t node, struct truth truth);
/* What a comparison, or a count, sees. */
void trace_compared(struct trace *trace, size_t node, const struct value *subject, const struct value *operand);
void trace_counted(struct trace *trace, size_t node, int64_t least, int64_t most);
/* What one case gives. */
void trace_part(struct trace *trace, const struct expr *expr, const struct value *value);
/* TRACE_CONDITION, TRACE_VALUE, TRACE_FACT: it is named here, so it is opened later. */
void trace_mention(struct trace *trace, enum trace_form form, uint32_t index);

/* The rows of a list, beneath this node; TRACE_NO_NODE: of the tree under way. */
struct trace_rows {
    struct trace *trace;
    size_t parent;
    size_t seen, shown, shown_false;
};
struct trace_rows trace_rows(struct trace *trace, size_t node);
/* The next row, inner->item, for which `where` (NULL: none) came to this: walked once more where it is shown. */
void trace_row(struct trace_rows *rows, const struct scope *inner, const struct cond *where, struct truth truth);

#endif
