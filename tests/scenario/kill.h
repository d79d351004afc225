/* SPDX-License-Identifier: MIT */
/*
 * A fix that is killed, and the next one. Between two changes neither the machine nor the journal changes, so whatever
 * host call the process dies at there, it leaves the same behind: it is killed when the intent stands, at every host
 * call of the change, before its answer stands, and after.
 */
#ifndef AZMEND_TESTS_KILL_H
#define AZMEND_TESTS_KILL_H

#include "faults.h"

/* Every stride-th of these points, each in a process of its own. */
bool kill_holds(const struct law_case *law, unsigned stride);

#endif
