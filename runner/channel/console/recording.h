/* SPDX-License-Identifier: MIT */
/* The command `record`: what this machine answers to the playbooks, as a machine document. */
#ifndef AZMEND_CHANNEL_CONSOLE_RECORDING_H
#define AZMEND_CHANNEL_CONSOLE_RECORDING_H

#include "channel/options/options.h"

/* To the file given, else to stdout. Read-only. Returns the exit code. */
int recording_run(const struct options *options, struct arena *arena);

#endif
