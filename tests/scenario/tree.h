/* SPDX-License-Identifier: MIT */
/* The scenarios of this tree: their base machines stand beside them, their playbooks are what the words name. */
#ifndef AZMEND_TESTS_TREE_H
#define AZMEND_TESTS_TREE_H

#include "channel/scenario/scenario.h"

/* root: the folder of all scenarios; path: of this one, below it. */
bool scenario_load(const char *root, const char *path, struct arena *arena, struct scenario *ret_scenario,
                   struct err *err) MUST_CHECK;

#endif
