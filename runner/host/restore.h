/* SPDX-License-Identifier: MIT */
/*
 * The way back of an op, for undo and for a run that was cut off: how the thing it changed stands now, and writing its
 * before-state again. Putting back is an ordinary change: it passes the gate and is journalled.
 */
#ifndef AZMEND_HOST_RESTORE_H
#define AZMEND_HOST_RESTORE_H

#include "host/host.h"

/*
 * The state now, in the notation of op->before and op->after, so that they compare byte for byte. Memory: the host's
 * arena. ERR_UNSUPPORTED: nothing tells how this one stands (installed licence files).
 */
bool host_state(struct host *host, const struct op *op, const char **ret_state, struct err *err) MUST_CHECK;
/*
 * Writes op->before. The caller has seen that the state is op->after. ERR_UNSUPPORTED: nothing gives this one back (a
 * key, an activation). ERR_INVALID: the op is not of the form that this gate journals.
 */
bool host_restore(struct host *host, const struct op *op, struct err *err) MUST_CHECK;
/* Does what it changes end with its run? Such a change counts as none, and undo never makes it again. */
bool host_is_passing(const struct op *op);

#endif
