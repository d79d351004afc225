/* SPDX-License-Identifier: MIT */
/* The law of undo: through a real journal in a file of its own. */
#ifndef AZMEND_TESTS_UNDO_H
#define AZMEND_TESTS_UNDO_H

#include "faults.h"

bool undo_holds(const struct law_case *law);

#endif
