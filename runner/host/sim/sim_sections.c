/* SPDX-License-Identifier: MIT */
/* The sections of the document, a row of SIM_SECTIONS each. */
#include "host/sim/sim_private.h"

const struct sim_section *const sim_sections[] = {
#define SIM_SECTION(name) &sim_##name##_section,
    SIM_SECTIONS(SIM_SECTION)
#undef SIM_SECTION
};
