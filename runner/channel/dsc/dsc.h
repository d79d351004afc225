/* SPDX-License-Identifier: MIT */
/*
 * The command resource of Microsoft DSC 3: dsc get|test|set|schema.
 *
 *     stdin -> wanted -> a check (set with mode fix: an unattended fix) -> state -> one line on stdout -> exit code
 *
 * Errors are JSON lines on stderr, as DSC reads them.
 */
#ifndef AZMEND_CHANNEL_DSC_DSC_H
#define AZMEND_CHANNEL_DSC_DSC_H

#include "channel/options/options.h"

/* Returns the exit code: 0 whenever a diagnosis was completed, whatever it says. */
int dsc_run(const struct options *options, struct arena *arena);

#endif
