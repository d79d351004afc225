/* SPDX-License-Identifier: MIT */
/*
 * Three-valued truth (Kleene), pure. An absent subject makes `exists` and the positive operators false and the negative
 * ones true; an unknown one makes the comparison unknown.
 */
#ifndef AZMEND_ENGINE_TRUTH_H
#define AZMEND_ENGINE_TRUTH_H

#include "plan/plan.h"

enum truth_word { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

struct truth {
    enum truth_word word;
    const char *why; /* UNKNOWN: the first reason */
};

extern const char *const truth_names[]; /* NULL-ended */

struct truth truth_known(bool holds);
struct truth truth_unknown(const char *why); /* why is kept, not copied */
struct truth truth_negate(struct truth truth);
/* One comparison; operand as the loader allows it for op. */
struct truth truth_compare(enum cond_op op, const struct value *subject, const struct value *operand);
/* least..most compared with number. */
enum truth_word truth_compare_interval(enum cond_op op, int64_t least, int64_t most, int64_t number);
enum truth_word truth_and(enum truth_word left, enum truth_word right);
enum truth_word truth_or(enum truth_word left, enum truth_word right);
enum truth_word truth_not(enum truth_word word);

#endif
