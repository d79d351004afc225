/* SPDX-License-Identifier: MIT */
/*
 * The channel of the guest agent: azmend as a VM extension handler with a single configuration.
 *
 * install: may this machine be repaired at all, and by whoever starts this?
 *
 * enable: settings N -> status N. Called again at every boot and whenever the agent likes: a number that was handled
 * shows its result once more. The run is a worker's; enable waits for it for --inline, then leaves it at work. One that
 * was cut off is begun again by the next enable, a few times.
 *
 * disable: the worker is asked to end, waited for, in the end killed; no status is left transitioning.
 *
 * update: called on the new version: takes over what the old one has handled.
 *
 * uninstall: all state goes but what undo needs, and it says where that is.
 *
 * worker N: what enable starts.
 *
 * Exit codes: 0 the status says the rest; 51 this system is not supported; 52 no rights, or no handler's folder around;
 * 1 anything else. Only enable and disable write a status, and never over a terminal one: an update or a disable must
 * not hide what the settings came to.
 *
 * The commands stand in the package's HandlerManifest.json as any command line, so that --machine FILE there makes a
 * whole life cycle run on a simulated machine; the program itself knows of no test.
 */
#ifndef AZMEND_CHANNEL_HANDLER_HANDLER_H
#define AZMEND_CHANNEL_HANDLER_HANDLER_H

#include "channel/options/options.h"

/* Returns the exit code. */
int handler_run(const struct options *options, struct arena *arena);

#endif
