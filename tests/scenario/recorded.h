/* SPDX-License-Identifier: MIT */
/* The law "recorded": laws.h. */
#ifndef AZMEND_TESTS_RECORDED_H
#define AZMEND_TESTS_RECORDED_H

#include "faults.h"

bool recorded_holds(const struct law_case *law);

#endif
