/* SPDX-License-Identifier: MIT */
/* The laws under faults, and what they share with the others. */
#ifndef AZMEND_TESTS_FAULTS_H
#define AZMEND_TESTS_FAULTS_H

#include "laws.h"

struct law_case {
    const struct scenario *scenario;
    struct text before;        /* the machine as it begins, canonical */
    const struct trial *first; /* the undisturbed run */
    struct arena *arena;
    const char *name; /* of the law under test, for messages */
    unsigned points;  /* faults and kills tried so far */
};

/* Prints "FAIL scenario: law: why"; false. */
bool law_broken(const struct law_case *law, const char *format, ...) PRINTF_LIKE(2, 3);
bool law_same_machine(const struct law_case *law, const char *what, struct text expected, struct text is);
bool law_is_json(const struct law_case *law, struct text text, const char *what);
bool law_output_holds(const struct law_case *law, const struct trial *trial);
bool text_is_same(struct text left, struct text right);

struct fault_verdict {
    bool honest, converges;
};

/*
 * Every stride-th host call fails once before it does anything, and every stride-th change behind its effect or between
 * its parts, each in a process of its own that has a bounded time.
 */
struct fault_verdict faults_check(struct law_case *law, unsigned stride);

#endif
