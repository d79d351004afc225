/* SPDX-License-Identifier: MIT */
/*
 * What a scenario says of its run beyond findings and machine: what a finding tells, how sure it is, how often a thing
 * was tried.
 */
#ifndef AZMEND_CHANNEL_SCENARIO_TOLD_H
#define AZMEND_CHANNEL_SCENARIO_TOLD_H

#include "channel/scenario/outcome.h"

/* Are says, confidence and tried such as can be told? ERR_INVALID: with file, line and path. */
bool told_read(const struct scenario *scenario, struct err *err) MUST_CHECK;
bool told_holds(const struct outcome *outcome);
/* Adds a line to what is wrong; false. */
bool outcome_wrong(const struct outcome *outcome, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
