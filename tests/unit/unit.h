/* SPDX-License-Identifier: MIT */
/* CUnit with messages: a failing row prints its name. */
#ifndef AZMEND_TESTS_UNIT_H
#define AZMEND_TESTS_UNIT_H

#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Adds a suite and its tests; open and close may be NULL. Ends the program when CUnit refuses. */
#define OPENED_SUITE(name, open, close, ...)                                                                           \
    do {                                                                                                               \
        static CU_TestInfo tests[] = {__VA_ARGS__, CU_TEST_INFO_NULL};                                                 \
        CU_SuiteInfo suites[] = {{.pName = (name), .pInitFunc = (open), .pCleanupFunc = (close), .pTests = tests},     \
                                 CU_SUITE_INFO_NULL};                                                                  \
        if (CU_register_suites(suites) != CUE_SUCCESS) {                                                               \
            fprintf(stderr, "cannot register suite %s\n", name);                                                       \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)
#define UNIT_SUITE(name, ...) OPENED_SUITE(name, NULL, NULL, __VA_ARGS__)
#define UNIT_TEST(function)                                                                                            \
    {                                                                                                                  \
        .pName = #function, .pTestFunc = (function)                                                                    \
    }

/* Asserts and prints the row's name when it fails. */
#define ROW_ASSERT(name, condition)                                                                                    \
    do {                                                                                                               \
        bool holds = (condition);                                                                                      \
        if (!holds) {                                                                                                  \
            printf("\n    row: %s: %s\n", (name), #condition);                                                         \
        }                                                                                                              \
        CU_ASSERT(holds);                                                                                              \
    } while (0)

#endif
