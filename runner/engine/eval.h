/* SPDX-License-Identifier: MIT */
/*
 * The one evaluator of expressions and conditions. They see the facts of their playbook, the values computed from them
 * (once), the parameters, and the item of a forEach. Evaluation is pure; memory: the arena.
 */
#ifndef AZMEND_ENGINE_EVAL_H
#define AZMEND_ENGINE_EVAL_H

#include "engine/trace.h"
#include "engine/truth.h"

struct scope {
    const struct playbook *playbook;
    struct arena *arena;
    struct value *facts;  /* one per fact: ROW, ROWS, absent (its `when` is false) or unknown */
    struct value *values; /* one per value, valid where value_known */
    bool *value_known;
    struct truth *conditions; /* one per named condition, valid where condition_known */
    bool *condition_known;
    const struct value *item; /* NULL: none */
    struct trace *trace;      /* NULL: nobody listens; else each condition is walked whole */
};

void scope_init(struct scope *scope, const struct playbook *playbook, struct arena *arena);
/* Forgets computed values and conditions: facts have changed. */
void scope_reset(struct scope *scope);

struct value scope_ref(struct scope *scope, const struct ref *ref);
/* Unknown when a part is unknown, absent when a part of a text is absent; absent elements of a list fall out. */
struct value scope_value(struct scope *scope, const struct expr *expr);
/* The named value once more, part by part, for the trace that listens. */
void scope_open_value(struct scope *scope, uint32_t index);
/* Three-valued, see engine/truth.h; a count over t true and u unknown elements is the interval [t, t+u]. */
struct truth condition_evaluate(struct scope *scope, const struct cond *cond);

#endif
