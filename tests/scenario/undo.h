/* SPDX-License-Identifier: MIT */
/* The law of undo: through a real journal in a file of its own. */
#ifndef AZMEND_TESTS_UNDO_H
#define AZMEND_TESTS_UNDO_H

#include "faults.h"

bool undo_holds(const struct law_case *law);
/* The same of a fix that fails behind a change: what was made is put back, whatever was answered. */
bool undo_holds_late(const struct law_case *law, uint64_t point);

#endif
