/* SPDX-License-Identifier: MIT */
/* The machine a run works on: the one behind this process, or a machine document. */
#ifndef AZMEND_CHANNEL_RUN_MACHINE_H
#define AZMEND_CHANNEL_RUN_MACHINE_H

#include "channel/options/options.h"
#include "host/host.h"
#include "host/sim/sim.h"

struct machine {
    const struct host_ops *ops;
    void *backend;
    struct sim *sim; /* NULL: the real machine */
};

/* By --machine and --connect-to; without --machine the real one, or ERR_UNSUPPORTED on a system that azmend does not
 * repair. */
bool machine_open(const struct options *options, struct arena *arena, struct machine *ret_machine, struct err *err)
    MUST_CHECK;
void machine_close(struct machine *machine); /* takes a zeroed one */
/* May this process change the machine? Of a document: what it says under `elevated`. */
bool machine_is_elevated(const struct machine *machine, struct host *host);
/* The document as it stands now. */
bool machine_save(const struct machine *machine, const char *file, struct err *err) MUST_CHECK;

#endif
