/* SPDX-License-Identifier: MIT */
/*
 * seal: before a VM becomes an image, everything that azmend remembers of it goes. Safe to run twice.
 * stdout: one line for people, then {"result":"azmend.seal/1","outcome":"sealed"|"nothing","runs":N}.
 */
#ifndef AZMEND_CHANNEL_CONSOLE_SEAL_H
#define AZMEND_CHANNEL_CONSOLE_SEAL_H

#include "channel/options/options.h"

/* Returns the exit code: 0; 4 while a run is under way; 1: something stays, and stderr says what. */
int seal_run(const struct options *options, struct arena *arena);

#endif
