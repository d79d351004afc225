/* SPDX-License-Identifier: MIT */
/*
 * Which findings of given playbooks no scenario has, and which have no near miss: a scenario in which a finding is
 * absent although its neighbourhood is touched. Those are named by nearMiss; without it `X-near-miss...` is one of the
 * findings that the scenarios `X...` of the same folder have. Memory: the arena.
 */
#ifndef AZMEND_CHANNEL_TOOLS_COVERAGE_H
#define AZMEND_CHANNEL_TOOLS_COVERAGE_H

#include "channel/scenario/scenario.h"

struct coverage_case;

struct coverage {
    const struct finding *const *findings;
    size_t finding_count;
    struct coverage_case *cases;
    size_t case_count, capacity;
};

/* playbooks: those whose findings count. */
void coverage_begin(const struct playbook *const *playbooks, size_t count, size_t scenario_count, struct arena *arena,
                    struct coverage *ret_coverage);
/* name: of the scenario, kept. */
void coverage_add(struct coverage *coverage, const struct scenario *scenario, const char *name);
/* Says of each what is missing; how often it had to. */
size_t coverage_tell(const struct coverage *coverage, void (*tell)(const char *text));

#endif
