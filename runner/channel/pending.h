/* SPDX-License-Identifier: MIT */
/*
 * What waits for a restart, from one run to the next.
 *
 *     DIR/pending.json    {"pending":"azmend.pending/1","bootId":"...","findings":["PLAYBOOK.FINDING", ...]}
 *
 * A fix writes it; every run reads it. After a restart the boot id is another one, and nothing in it counts.
 */
#ifndef AZMEND_CHANNEL_PENDING_H
#define AZMEND_CHANNEL_PENDING_H

#include "engine/engine.h"

/* Absent, or not to be understood: nothing is pending. root: the state folder. */
void pending_read(const char *root, struct arena *arena, struct pending *ret_pending);
/* What this run leaves pending, and what earlier ones did in playbooks that it did not run. By who holds the lock. */
bool pending_keep(const char *root, const struct pending *earlier, const struct record *record, struct arena *arena,
                  struct err *err) MUST_CHECK;

#endif
