/* SPDX-License-Identifier: MIT */
/* The playbooks of a run: fetched, read and checked. */
#ifndef AZMEND_CHANNEL_RUN_LOAD_H
#define AZMEND_CHANNEL_RUN_LOAD_H

#include "channel/options/options.h"
#include "intake/intake.h"
#include "plan/plan.h"

/* What --playbook names, or all that are built in, with the parameters of the command line. Memory: the arena. */
bool load_plan(const struct options *options, struct arena *arena, const struct plan **ret_plan, struct err *err)
    MUST_CHECK;
/* The same of what was collected already: those that are selected in it. */
bool load_collected(const struct intake *intake, const struct options *options, struct arena *arena,
                    const struct plan **ret_plan, struct err *err) MUST_CHECK;

#endif
