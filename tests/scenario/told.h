/* SPDX-License-Identifier: MIT */
/* What a scenario says of the undisturbed run beyond findings and machine: what a finding tells, how often a thing was
 * tried. */
#ifndef AZMEND_TESTS_TOLD_H
#define AZMEND_TESTS_TOLD_H

#include "faults.h"

/* Are says and tried such as can be told? ERR_INVALID: with file, line and path. */
bool told_read(const struct scenario *scenario, struct err *err) MUST_CHECK;
bool told_holds(const struct law_case *law);

#endif
