/* SPDX-License-Identifier: MIT */
/*
 * What every machine usually has of what the playbooks look at, and a machine document need not say: one document for
 * each playbook that needs one, playbooks/usual/NAME.json, built in. What the machine document says goes first.
 */
#ifndef AZMEND_HOST_SIM_SIM_USUAL_H
#define AZMEND_HOST_SIM_SIM_USUAL_H

#include "host/sim/sim_private.h"
#include "json/embedded.h"

extern const struct embedded embedded_usual[]; /* sorted by name */

/* Behind the document's own sections: those that its "with" names, or all. */
bool sim_usual_load(struct sim *sim, struct err *err) MUST_CHECK;

#endif
