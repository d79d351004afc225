/* SPDX-License-Identifier: MIT */
/*
 * What an expression or condition sees: the facts of its playbook, the values computed from them (once), the
 * parameters, and the item of a forEach. Evaluation is pure; memory: the arena.
 */
#ifndef AZMEND_ENGINE_SCOPE_H
#define AZMEND_ENGINE_SCOPE_H

#include "plan/plan.h"

enum truth_word { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

struct truth {
    enum truth_word word;
    const char *why; /* UNKNOWN: the first reason */
};

struct scope {
    const struct playbook *playbook;
    struct arena *arena;
    struct value *facts;  /* one per fact: ROW, ROWS, absent (its `when` is false) or unknown */
    struct value *values; /* one per value, valid where value_known */
    bool *value_known;
    struct truth *conditions; /* one per named condition, valid where condition_known */
    bool *condition_known;
    const struct value *item; /* NULL: none */
};

void scope_init(struct scope *scope, const struct playbook *playbook, struct arena *arena);
/* Forgets computed values and conditions: facts have changed. */
void scope_reset(struct scope *scope);

struct value scope_ref(struct scope *scope, const struct ref *ref);
/* Unknown when a part is unknown, absent when a part of a text is absent; absent elements of a list fall out. */
struct value scope_value(struct scope *scope, const struct expr *expr);
/* What people read in place of a part that has no text of its own. */
struct stand_ins {
    const char *absent, *unknown, *empty; /* empty: a list without elements */
    const char *yes, *no;
};
/* For people. NULL expr: NULL. */
const char *scope_say(struct scope *scope, const struct expr *expr, const struct stand_ins *stand_ins);

#endif
