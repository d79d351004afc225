/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 }; /* a power of two, as every later one */

/* FNV-1a: keys are names of a playbook, which is trusted with the machine anyway. */
static size_t hash(const char *key)
{
    uint64_t sum = 14695981039346656037u;
    for (; *key != '\0'; key++) {
        sum = (sum ^ (unsigned char)*key) * 1099511628211u;
    }
    return (size_t)(sum ^ (sum >> 32));
}

/* The slot that holds key, or the free one where it belongs; there is always a free one. */
static struct map_slot *slot_of(const struct map *map, const char *key)
{
    size_t at = hash(key) & (map->capacity - 1);
    while (map->slots[at].key != NULL && strcmp(map->slots[at].key, key) != 0) {
        at = (at + 1) & (map->capacity - 1);
    }
    return &map->slots[at];
}

static void grow(struct arena *arena, struct map *map)
{
    struct map larger = {.capacity = map->capacity == 0 ? FIRST_CAPACITY : map->capacity * 2, .count = map->count};
    larger.slots = arena_array(arena, larger.capacity, sizeof(*larger.slots));
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key != NULL) {
            *slot_of(&larger, map->slots[i].key) = map->slots[i];
        }
    }
    *map = larger;
}

void *map_find(const struct map *map, const char *key)
{
    return map->capacity == 0 ? NULL : slot_of(map, key)->value;
}

void map_set(struct arena *arena, struct map *map, const char *key, void *value)
{
    must(value != NULL);
    if (map->count >= map->capacity / 2) {
        grow(arena, map);
    }
    struct map_slot *slot = slot_of(map, key);
    if (slot->key == NULL) {
        slot->key = key;
        map->count++;
    }
    slot->value = value;
}
