/* SPDX-License-Identifier: MIT */
/* Every allocation of a load fails once, and from then on: an error that says so, never a wrong tree. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "document.h"

enum failing { FAIL_ONCE, FAIL_ON };

static long left = -1; /* allocations until the first failure; -1: none fails */
static enum failing failing;

static bool fails_now(void)
{
    if (left < 0) {
        return false;
    }
    if (left > 0) {
        left--;
        return false;
    }
    left = failing == FAIL_ONCE ? -1 : 0;
    return true;
}

/* The linker gives these names. NOLINTBEGIN(cert-dcl51-cpp, readability-identifier-naming) */
void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
    return fails_now() ? NULL : __real_realloc(block, size);
}
/* NOLINTEND(cert-dcl51-cpp, readability-identifier-naming) */

static void *hooked_malloc(size_t size)
{
    return fails_now() ? NULL : malloc(size);
}

/* Large enough for a walked level, names with escapes, every type. */
static void make_document(struct buf *text)
{
    buf_init(text, DOCUMENT_LIMIT);
    buf_text(text, "{\"a\\u0062\":[1,true,null,\"t\"],\"list\":[");
    for (int i = 0; i < 60; i++) {
        buf_format(text, "%s{\"id\":\"%*d\",\"n\":[%d]}", i == 0 ? "" : ",", 1200, i, i);
    }
    buf_text(text, "]}");
}

static void fail_each(enum failing how)
{
    struct buf text AUTO(buf_clear) = {0};
    struct buf wanted AUTO(buf_clear) = {0};
    struct arena arena AUTO(arena_close) = document_arena();
    make_document(&text);
    buf_init(&wanted, DOCUMENT_LIMIT);
    document_print(&wanted, document_read(text.bytes, &arena));
    long index = 0;
    for (bool loaded = false; !loaded && index < 10000; index++) {
        struct buf printed AUTO(buf_clear) = {0};
        const struct json *document = NULL;
        struct err err = {0};
        arena_release(&arena, 0);
        failing = how;
        left = index;
        loaded = document_load(text.bytes, text.size, &arena, &document, &err);
        left = -1;
        if (loaded) {
            buf_init(&printed, DOCUMENT_LIMIT);
            document_print(&printed, document);
            CU_ASSERT_STRING_EQUAL(buf_string(&printed), buf_string(&wanted));
        } else {
            CU_ASSERT_EQUAL(err.code, ERR_MEMORY);
            CU_ASSERT_PTR_NULL(document);
        }
    }
    CU_ASSERT(index > 200 && index < 10000);
}

static void every_allocation_fails_once(void)
{
    cJSON_Hooks hooks = {hooked_malloc, free};
    cJSON_InitHooks(&hooks);
    fail_each(FAIL_ONCE);
    cJSON_InitHooks(NULL);
}

static void every_allocation_fails_from_then_on(void)
{
    cJSON_Hooks hooks = {hooked_malloc, free};
    cJSON_InitHooks(&hooks);
    fail_each(FAIL_ON);
    cJSON_InitHooks(NULL);
}

void suite_json_memory(void);
void suite_json_memory(void)
{
    UNIT_SUITE("json memory", UNIT_TEST(every_allocation_fails_once), UNIT_TEST(every_allocation_fails_from_then_on));
}
