/* SPDX-License-Identifier: MIT */
/* Who is in the middle of something that has to end whole, and for how long that counts. */
#include <string.h>

#include "base/limits.h"
#include "channel/handler/record.h"
#include "unit.h"

void suite_handler_hold(void);

enum { ARENA_BYTES = 1024 * 1024, OTHER = 4711, SLACK_MS = 60 * 1000 };

static int64_t held(const struct handler_place *place, const char *text, struct arena *arena)
{
    struct err err = {0};
    CU_ASSERT(port_file_replace(handler_path(place->root, HANDLER_GROUP, arena), text, strlen(text), &err));
    return handler_held_ms(place, OTHER, arena);
}

static void it_counts_for_its_process_and_its_time(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    const char *root = arena_format(&arena, "/tmp/azmend-hold-%lld", (long long)port_process_id());
    const struct handler_place place = {.root = root};
    CU_ASSERT_FATAL(port_folder_create_private(root, &err));
    long long now_ms = (long long)port_utc_ms();
    CU_ASSERT_EQUAL(handler_held_ms(&place, OTHER, &arena), 0);
    int64_t left_ms = held(&place, arena_format(&arena, "4711 %lld", now_ms + SLACK_MS), &arena);
    CU_ASSERT(left_ms > 0 && left_ms <= SLACK_MS);
    CU_ASSERT_EQUAL(held(&place, arena_format(&arena, "4711 %lld", now_ms + 100LL * LIMIT_REBUILD_MS), &arena),
                    LIMIT_REBUILD_MS);
    CU_ASSERT_EQUAL(held(&place, arena_format(&arena, "4711 %lld", now_ms - 1), &arena), 0);
    CU_ASSERT_EQUAL(held(&place, arena_format(&arena, "4712 %lld", now_ms + SLACK_MS), &arena), 0);
    CU_ASSERT_EQUAL(held(&place, "", &arena), 0);
    CU_ASSERT_EQUAL(held(&place, "4711", &arena), 0);
    CU_ASSERT_EQUAL(held(&place, "x 99999999999999999999", &arena), 0);
    CU_ASSERT(handler_hold(&place, SLACK_MS, &arena, &err));
    CU_ASSERT(handler_held_ms(&place, port_process_id(), &arena) > 0);
    CU_ASSERT_EQUAL(handler_held_ms(&place, OTHER, &arena), 0);
    CU_ASSERT(port_file_remove(handler_path(root, HANDLER_GROUP, &arena), &err));
    CU_ASSERT(port_folder_remove(root, &err));
}

void suite_handler_hold(void)
{
    UNIT_SUITE("handler: hold", UNIT_TEST(it_counts_for_its_process_and_its_time));
}
