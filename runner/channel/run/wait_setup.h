/* SPDX-License-Identifier: MIT */
/*
 * Waiting for what keeps every fix from being begun, before anything else is looked at: at a first boot Windows Setup
 * may still run. Which findings these are the playbooks say (holdsFixes); one that cannot be told is waited for where
 * it holds too (holdsUnknown).
 */
#ifndef AZMEND_CHANNEL_RUN_WAIT_SETUP_H
#define AZMEND_CHANNEL_RUN_WAIT_SETUP_H

#include "plan/plan.h"

struct host;

/*
 * At most wait_ms; the last minute before the deadline is for the looks. Each look gives its memory back. Returns the
 * id of the finding that still holds them, which is the plan's, or NULL: go on all the same, and keep nothing of this
 * run as the last word on this machine. probe_ms: as in engine_options.
 */
const char *wait_setup(struct host *host, const struct plan *plan, int64_t probe_ms, int64_t wait_ms);

#endif
