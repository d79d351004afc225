/* SPDX-License-Identifier: MIT */
/*
 * The provisioning channel: a fix that is done once for each VM, from cloudbase-init, SetupComplete2.cmd or a VM
 * application, at a first boot that has neither network nor licensing service yet.
 *
 *     rights -> wait for the network, then for the licensing service -> vmId -> done before? repeat its result
 *     -> --splay -> lock -> fix -> result -> DIR/instances/<vmId>
 *
 * instances/<vmId> holds the run's last line, azmend.result/1, and is written last: a run that is killed leaves none,
 * and the next start begins anew, which closes the record of the killed one and finds done what it had done. Only a
 * verdict that another start would not better is kept; not_fixed, needs_azure_change, undetermined, needs_reboot and
 * failed are tried again at the next boot. A clone has a vmId of its own, so it is provisioned again whatever state
 * folder its image brought along. Where the vmId cannot be had (no IMDS), nothing is kept.
 */
#ifndef AZMEND_CHANNEL_CONSOLE_PROVISION_H
#define AZMEND_CHANNEL_CONSOLE_PROVISION_H

#include "channel/options/options.h"
#include "engine/record.h"

/* Returns the exit code. */
int provision_run(const struct options *options, struct arena *arena);
/* Of the bytes of an instance's record; false: they are not the last line of a run. */
bool provision_verdict(const char *bytes, size_t size, struct arena *arena, enum verdict *ret_verdict);

#endif
