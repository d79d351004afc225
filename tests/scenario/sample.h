/* SPDX-License-Identifier: MIT */
/* Which scenarios are laid over one another: pairs and triples on one base machine, drawn from a seed. */
#ifndef AZMEND_TESTS_SAMPLE_H
#define AZMEND_TESTS_SAMPLE_H

#include "overlay.h"

struct pair {
    uint16_t first, second; /* parts */
};

struct sample {
    const struct part *parts;
    size_t part_count;
    struct pair *pairs; /* all of one base */
    size_t pair_count;
    uint64_t seed;
    size_t machines; /* from pair_count on: every pair once, then triples; fewer: two of three are pairs */
};

/* parts: as they were loaded. Memory: the arena. */
void sample_init(struct sample *sample, const struct part *parts, size_t part_count, struct arena *arena);
/* The same index of the same sample gives the same overlay, in whichever order they are asked for. */
void sample_draw(const struct sample *sample, size_t index, struct overlay *ret_overlay);

#endif
