/* SPDX-License-Identifier: MIT */
/* Text to pointer, in the arena; exact bytes. Grows by doubling, never shrinks. */
#ifndef AZMEND_BASE_MAP_H
#define AZMEND_BASE_MAP_H

#include "base/arena.h"

struct map_slot {
    const char *key; /* NULL: free */
    void *value;
};

struct map {
    struct map_slot *slots;
    size_t capacity, count;
};

/* The value under key, or NULL. */
void *map_find(const struct map *map, const char *key);
/* Adds or replaces; key must live as long as the map; value is not NULL. */
void map_set(struct arena *arena, struct map *map, const char *key, void *value);

#endif
