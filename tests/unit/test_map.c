/* SPDX-License-Identifier: MIT */
#include "base/map.h"
#include "unit.h"

enum { KEYS = 20000, ARENA_BYTES = 8 * 1024 * 1024 };

static void finds_what_was_set(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct map map = {0};
    static int values[KEYS];
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    CU_ASSERT_PTR_NULL(map_find(&map, "k0"));
    for (int i = 0; i < KEYS; i++) {
        map_set(&arena, &map, arena_format(&arena, "k%d", i), &values[i]);
    }
    CU_ASSERT_EQUAL(map.count, KEYS);
    for (int i = 0; i < KEYS; i++) {
        CU_ASSERT_PTR_EQUAL(map_find(&map, arena_format(&arena, "k%d", i)), &values[i]);
    }
    CU_ASSERT_PTR_NULL(map_find(&map, "k"));
    CU_ASSERT_PTR_NULL(map_find(&map, "K1"));
}

static void replaces(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct map map = {0};
    int one = 1;
    int two = 2;
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    map_set(&arena, &map, "", &one);
    map_set(&arena, &map, "", &two);
    CU_ASSERT_EQUAL(map.count, 1);
    CU_ASSERT_PTR_EQUAL(map_find(&map, ""), &two);
}

void suite_map(void);
void suite_map(void)
{
    UNIT_SUITE("map", UNIT_TEST(finds_what_was_set), UNIT_TEST(replaces));
}
