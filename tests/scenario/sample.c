/* SPDX-License-Identifier: MIT */
#include "sample.h"

enum { OFF_AZURE_EVERY = 16, TRIPLE_EVERY = 3 };

/* splitmix64 (Steele, Lea, Flood 2014: Fast Splittable Pseudorandom Number Generators). */
static uint64_t next(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

void sample_init(struct sample *sample, const struct part *parts, size_t part_count, struct arena *arena)
{
    sample->parts = parts;
    sample->part_count = part_count;
    sample->pair_count = 0;
    sample->pairs = arena_array(arena, part_count * part_count / 2 + 1, sizeof(*sample->pairs));
    for (size_t i = 0; i < part_count; i++) {
        for (size_t j = i + 1; j < part_count; j++) {
            if (text_same(parts[i].base, parts[j].base)) {
                sample->pairs[sample->pair_count++] = (struct pair){(uint16_t)i, (uint16_t)j};
            }
        }
    }
}

/* One more of the same base, or none where the first that is drawn is in the overlay already. */
static void add_third(const struct sample *sample, uint64_t *state, struct overlay *overlay)
{
    const struct part *third = NULL;
    do {
        third = &sample->parts[next(state) % sample->part_count];
    } while (!text_same(third->base, overlay->parts[0]->base));
    if (third != overlay->parts[0] && third != overlay->parts[1]) {
        overlay->parts[overlay->count++] = third;
    }
}

void sample_draw(const struct sample *sample, size_t index, struct overlay *ret_overlay)
{
    uint64_t state = sample->seed ^ ((uint64_t)index << 20);
    bool has_all = sample->machines >= sample->pair_count;
    bool is_triple = has_all ? index >= sample->pair_count : next(&state) % TRIPLE_EVERY == 0;
    size_t drawn = has_all && !is_triple ? index : next(&state) % sample->pair_count;
    const struct pair *pair = &sample->pairs[drawn];
    bool is_swapped = next(&state) % 2 == 0;
    const struct part *first = &sample->parts[is_swapped ? pair->second : pair->first];
    const struct part *second = &sample->parts[is_swapped ? pair->first : pair->second];
    *ret_overlay = (struct overlay){
        .parts = {first, second}, .count = 2, .is_off_azure = next(&state) % OFF_AZURE_EVERY == 0 && is_triple};
    if (is_triple) {
        add_third(sample, &state, ret_overlay);
    }
}
