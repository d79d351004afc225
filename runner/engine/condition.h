/* SPDX-License-Identifier: MIT */
/*
 * Conditions: three-valued (Kleene) and pure. An absent subject makes `exists` and the positive operators false and
 * the negative ones true; an unknown one makes the comparison unknown. A count over t true and u unknown elements is
 * the interval [t, t+u].
 */
#ifndef AZMEND_ENGINE_CONDITION_H
#define AZMEND_ENGINE_CONDITION_H

#include "engine/scope.h"

/* One comparison; operand as the loader allows it for op. */
struct truth condition_compare(enum cond_op op, const struct value *subject, const struct value *operand);
/* least..most compared with number. */
enum truth_word condition_compare_interval(enum cond_op op, int64_t least, int64_t most, int64_t number);
enum truth_word truth_and(enum truth_word left, enum truth_word right);
enum truth_word truth_or(enum truth_word left, enum truth_word right);
enum truth_word truth_not(enum truth_word word);

struct truth condition_evaluate(struct scope *scope, const struct cond *cond);

#endif
