/* SPDX-License-Identifier: MIT */
/* What --trace may name. */
#ifndef AZMEND_CHANNEL_RUN_TRACES_H
#define AZMEND_CHANNEL_RUN_TRACES_H

#include "channel/options/options.h"
#include "plan/plan.h"

/* A trace of what no playbook of the run has would say nothing: ERR_NOT_FOUND, with the nearest. ERR_INVALID: too many.
 */
bool traces_known(const struct option_texts *traces, const struct plan *plan, struct err *err) MUST_CHECK;

#endif
