/* SPDX-License-Identifier: MIT */
/*
 * The last word when the process ends through must(), an exhausted arena or a library's exit(): one line of
 * azmend.result/1 on stdout, made of what was prepared beforehand, without any memory. Somebody always gets an answer.
 */
#ifndef AZMEND_CHANNEL_RUN_EMERGENCY_H
#define AZMEND_CHANNEL_RUN_EMERGENCY_H

#include "engine/record.h"

/* From now on a broken run says so on stdout. run_id NULL: none yet. */
void emergency_arm(enum run_mode mode, const char *run_id);
/* The result went out: nothing more is to be said. */
void emergency_disarm(void);
/* The line for `what`, into text; returns its length. For the hook, and for tests. */
size_t emergency_line(const char *what, char *text, size_t size);

#endif
