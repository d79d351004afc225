/* SPDX-License-Identifier: MIT */
/*
 * Waiting for Windows Setup before anything is looked at: at a first boot it may still run, and while it does no fix is
 * begun (playbook windows-setup). What is missing or cannot be read is not waited for; an upgrade and servicing are not
 * either: they end with a restart, and with this run.
 */
#ifndef AZMEND_CHANNEL_RUN_WAIT_SETUP_H
#define AZMEND_CHANNEL_RUN_WAIT_SETUP_H

#include "host/host.h"

/* At most wait_ms; the last minute before the deadline is for the looks. False: it is not finished; go on all the same,
 * and keep nothing of this run as the last word on this machine. */
bool wait_setup(struct host *host, int64_t wait_ms);

#endif
