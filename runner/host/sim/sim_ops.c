/* SPDX-License-Identifier: MIT */
/*
 * What the simulated machine supplies. Whatever changes it passes a point behind its effect, so that a test can let it
 * fail there: an answer never says whether a change was made.
 */
#include "host/sim/sim_private.h"

#define NOUN_TABLE(upper, lower) .lower = &sim_##lower##_ops,
const struct host_ops sim_ops = {.name = "sim", NOUNS(NOUN_TABLE)};
#undef NOUN_TABLE
