/* SPDX-License-Identifier: MIT */
/*
 * Machines that were met already. Most faults leave one of a few machines behind, and what a look at a machine says and
 * where the next run ends depends on its document alone: each is found out once, by whichever child meets it first.
 */
#ifndef AZMEND_TESTS_MET_H
#define AZMEND_TESTS_MET_H

#include "channel/scenario/trial.h"

enum { MET_MACHINES = 512, MET_FINDINGS = 256 };

struct met_machine {
    uint64_t hash; /* of its document; that two of them are alike in it would hide a failure, and is no more likely than
                      1 : 2^64 */
    uint8_t states[MET_FINDINGS]; /* enum finding_state, in the order of the plan */
    bool converges;               /* known to; false: not tried, or it does not */
};

/* Shared by a process and its children, which take turns. */
struct met {
    size_t count;
    struct met_machine machines[MET_MACHINES];
};

struct met *met_open(void); /* NULL: the system gives no memory */
void met_close(struct met *met);
/* NULL: met for the first time. */
struct met_machine *met_find(struct met *met, struct text document);
/* look: what a check of it came to. NULL: there is no room for one more. */
struct met_machine *met_add(struct met *met, struct text document, const struct trial *look);

#endif
