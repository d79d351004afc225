/* SPDX-License-Identifier: MIT */
/*
 * A fix that is killed, and the next one. It is killed when an intent stands, at every host call of the change, before
 * its answer stands, and after. Between two changes neither the machine nor the journal changes, so that every look
 * leaves the same behind: there a sample of the host calls is enough, and where the scenario says "killed": "at every
 * call", it is each of them.
 */
#ifndef AZMEND_TESTS_KILL_H
#define AZMEND_TESTS_KILL_H

#include "faults.h"

/* Every stride-th of these points, each in a process of its own. */
bool kill_holds(struct law_case *law, unsigned stride);

#endif
