/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "unit.h"

enum { ARENA_BYTES = 64 * 1024 };

static struct arena opened(void)
{
    struct arena arena = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    return arena;
}

static void gives_zeroed_aligned_memory(void)
{
    static const char zeros[1000];
    static const size_t sizes[] = {0, 1, 7, 16, 17, sizeof(zeros)};
    struct arena arena AUTO(arena_close) = opened();
    memset(arena.bytes, 0xA5, arena.size);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        (void)arena_copy(&arena, "x", 1); /* puts the next one off its alignment */
        const char *bytes = arena_alloc(&arena, sizes[i]);
        must(bytes != NULL);
        CU_ASSERT_EQUAL((uintptr_t)bytes % _Alignof(max_align_t), 0);
        CU_ASSERT_EQUAL(memcmp(bytes, zeros, sizes[i]), 0);
    }
}

static void formats_and_copies(void)
{
    struct arena arena AUTO(arena_close) = opened();
    CU_ASSERT_STRING_EQUAL(arena_text(&arena, ""), "");
    CU_ASSERT_STRING_EQUAL(arena_text(&arena, "kms"), "kms");
    CU_ASSERT_STRING_EQUAL(arena_format(&arena, "%s:%d", "azkms", 1688), "azkms:1688");
    char *copy = arena_copy(&arena, "a\0b", 3);
    CU_ASSERT_EQUAL(memcmp(copy, "a\0b", 4), 0);
}

static void lists_keep_their_items(void)
{
    struct arena arena AUTO(arena_close) = opened();
    struct arena_list list = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t *item = arena_push(&arena, &list, sizeof(*item));
        CU_ASSERT_EQUAL(*item, 0);
        *item = i;
    }
    CU_ASSERT_EQUAL_FATAL(list.count, 1000);
    const uint32_t *items = list.items;
    for (uint32_t i = 0; i < 1000; i++) {
        CU_ASSERT_EQUAL(items[i], i);
    }
}

static void knows_what_is_left(void)
{
    struct arena arena AUTO(arena_close) = opened();
    CU_ASSERT(arena_has(&arena, ARENA_BYTES));
    CU_ASSERT_FALSE(arena_has(&arena, ARENA_BYTES + 1));
    (void)arena_copy(&arena, "", 0);
    CU_ASSERT_FALSE(arena_has(&arena, ARENA_BYTES - 15));
    CU_ASSERT(arena_has(&arena, ARENA_BYTES - 16));
    CU_ASSERT_FALSE(arena_has(&arena, SIZE_MAX));
    (void)arena_alloc(&arena, ARENA_BYTES - 16);
    CU_ASSERT_EQUAL(arena.peak, ARENA_BYTES);
    CU_ASSERT(arena_has(&arena, 0));
    CU_ASSERT_FALSE(arena_has(&arena, 1));
}

static void gives_scratch_back(void)
{
    struct arena arena AUTO(arena_close) = opened();
    const char *kept = arena_text(&arena, "kept");
    for (size_t i = 0; i < 3; i++) {
        size_t mark = arena_mark(&arena);
        (void)arena_alloc(&arena, ARENA_BYTES / 2);
        arena_release(&arena, mark);
        CU_ASSERT_EQUAL(arena.used, mark);
    }
    CU_ASSERT(arena.peak > ARENA_BYTES / 2);
    CU_ASSERT_STRING_EQUAL(kept, "kept");
}

static void a_part_is_released_while_its_parent_goes_on(void)
{
    struct arena arena AUTO(arena_close) = opened();
    struct arena part = arena_part(&arena, 64);
    const char *kept = NULL;
    for (size_t i = 0; i < 3; i++) {
        size_t mark = arena_mark(&part);
        (void)arena_alloc(&part, 48);
        CU_ASSERT_FALSE(arena_has(&part, 32));
        kept = arena_text(&arena, "kept");
        arena_release(&part, mark);
    }
    CU_ASSERT(arena_has(&part, 64));
    CU_ASSERT_STRING_EQUAL(kept, "kept");
}

static void refuses_what_the_system_has_not(void)
{
    struct arena arena = {.size = 7};
    struct err err = {0};
    CU_ASSERT_FALSE(arena_open(&arena, PTRDIFF_MAX, &err));
    CU_ASSERT_EQUAL(err.code, ERR_MEMORY);
    CU_ASSERT_EQUAL(arena.size, 7);
}

static void closes_nothing(void)
{
    struct arena arena = {0};
    arena_close(&arena);
    CU_ASSERT_PTR_NULL(arena.bytes);
}

void suite_arena(void);
void suite_arena(void)
{
    UNIT_SUITE("arena", UNIT_TEST(gives_zeroed_aligned_memory), UNIT_TEST(formats_and_copies),
               UNIT_TEST(lists_keep_their_items), UNIT_TEST(knows_what_is_left), UNIT_TEST(gives_scratch_back),
               UNIT_TEST(a_part_is_released_while_its_parent_goes_on), UNIT_TEST(refuses_what_the_system_has_not),
               UNIT_TEST(closes_nothing));
}
