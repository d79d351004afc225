/* SPDX-License-Identifier: MIT */
/*
 * Where a machine stands in a window of time: by its identity, so that a fleet spreads evenly and a machine that
 * starts again keeps its place.
 */
#ifndef AZMEND_CHANNEL_RUN_SPLAY_H
#define AZMEND_CHANNEL_RUN_SPLAY_H

#include <stdint.h>

/* At least 0, less than window_ms; 0 for no window. Pure. */
int64_t splay_place(const char *identity, int64_t window_ms);

#endif
