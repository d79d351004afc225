/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the network before anything is looked at: while a machine is provisioned, "not reachable yet" is not
 * "misconfigured". Asks IMDS and the system's resolver, both at once, again and again; any answer of IMDS, or an
 * address, is enough.
 */
#ifndef AZMEND_CHANNEL_RUN_WAIT_NETWORK_H
#define AZMEND_CHANNEL_RUN_WAIT_NETWORK_H

#include "host/host.h"

/*
 * At most wait_ms (0: not at all); the last minute before the deadline is for the looks. False: nobody answered in
 * that time; go on all the same.
 */
bool wait_network(struct host *host, int64_t wait_ms);

#endif
