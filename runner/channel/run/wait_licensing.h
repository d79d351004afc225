/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the licensing service before anything is looked at: at a first boot it starts late, and "not yet" is not
 * "broken". A service that is stopped (it starts on demand), disabled or missing is not waited for, nor one that gives
 * any answer at all, an error included: what that means is for the playbooks.
 */
#ifndef AZMEND_CHANNEL_RUN_WAIT_LICENSING_H
#define AZMEND_CHANNEL_RUN_WAIT_LICENSING_H

#include "host/host.h"

/* At most wait_ms and one question (LIMIT_LICENSING_MS); the last minute before the deadline is for the looks. False:
 * it gave no answer in that time; go on all the same. */
bool wait_licensing(struct host *host, int64_t wait_ms);

#endif
