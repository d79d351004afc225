/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "unit.h"

#define BYTES(literal) .bytes = (literal), .size = sizeof(literal) - 1

void suite_registry(void);

static struct arena arena;

static int open_arena(void)
{
    struct err err;
    return arena_open(&arena, (size_t)1024 * 1024, &err) ? 0 : 1;
}

static int close_arena(void)
{
    arena_close(&arena);
    return 0;
}

static const struct {
    const char *name;
    uint32_t type;
    const char *bytes;
    size_t size;
    const char *text;
    bool is_number;
    int64_t number;
} stored[] = {
    {"text", REGISTRY_SZ, BYTES("a\0b\0\0\0"), "ab", false, 0},
    {"text without NUL", REGISTRY_SZ, BYTES("a\0b\0"), "ab", false, 0},
    {"empty text", REGISTRY_SZ, BYTES("\0\0"), "", false, 0},
    {"no bytes", REGISTRY_SZ, NULL, 0, "", false, 0},
    {"text goes on behind its NUL", REGISTRY_SZ, BYTES("a\0\0\0b\0\0\0"), "a", false, 0},
    {"odd size", REGISTRY_SZ, BYTES("a\0b"), NULL, false, 0},
    {"one byte", REGISTRY_SZ, BYTES("a"), NULL, false, 0},
    {"expand keeps its percent signs", REGISTRY_EXPAND_SZ, BYTES("%\0A\0%\0\0\0"), "%A%", false, 0},
    {"two bytes of UTF-8", REGISTRY_SZ, BYTES("\xE9\0"), "\xC3\xA9", false, 0},
    {"three bytes of UTF-8", REGISTRY_SZ, BYTES("\xE5\x65\x2C\x67"), "\xE6\x97\xA5\xE6\x9C\xAC", false, 0},
    {"surrogate pair", REGISTRY_SZ, BYTES("\x3D\xD8\x00\xDE"), "\xF0\x9F\x98\x80", false, 0},
    {"highest pair", REGISTRY_SZ, BYTES("\xFF\xDB\xFF\xDF"), "\xF4\x8F\xBF\xBF", false, 0},
    {"high half alone", REGISTRY_SZ, BYTES("\x3D\xD8"), "\xEF\xBF\xBD", false, 0},
    {"high half before a letter", REGISTRY_SZ, BYTES("\x3D\xD8x\0"), "\xEF\xBF\xBDx", false, 0},
    {"low half alone", REGISTRY_SZ, BYTES("\x00\xDEx\0"), "\xEF\xBF\xBDx", false, 0},
    {"two high halves and a low", REGISTRY_SZ, BYTES("\x3D\xD8\x3D\xD8\x00\xDE"), "\xEF\xBF\xBD\xF0\x9F\x98\x80", false,
     0},
    {"highest of one unit", REGISTRY_SZ, BYTES("\xFF\xFF"), "\xEF\xBF\xBF", false, 0},
    {"number", REGISTRY_DWORD, BYTES("\x04\x03\x02\x01"), NULL, true, 0x01020304},
    {"number with its top bit", REGISTRY_DWORD, BYTES("\xFF\xFF\xFF\xFF"), NULL, true, 0xFFFFFFFF},
    {"short number", REGISTRY_DWORD, BYTES("\x04\x03"), NULL, false, 0},
    {"long number", REGISTRY_DWORD, BYTES("\x04\x03\x02\x01\0"), NULL, false, 0},
    {"no number", REGISTRY_DWORD, NULL, 0, NULL, false, 0},
    {"wide number", REGISTRY_QWORD, BYTES("\x08\x07\x06\x05\x04\x03\x02\x01"), NULL, true, 0x0102030405060708},
    {"widest number", REGISTRY_QWORD, BYTES("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"), NULL, true, INT64_MAX},
    {"number over int64", REGISTRY_QWORD, BYTES("\0\0\0\0\0\0\0\x80"), NULL, false, 0},
    {"four bytes called wide", REGISTRY_QWORD, BYTES("\x04\x03\x02\x01"), NULL, false, 0},
    {"bytes", REGISTRY_BINARY, BYTES("a\0b\0"), NULL, false, 0},
    {"list of texts", REGISTRY_MULTI_SZ, BYTES("a\0\0\0\0\0"), NULL, false, 0},
    {"a type nobody knows", 0xFFFFFFFF, BYTES("a\0b\0"), NULL, false, 0},
};

static void test_decode(void)
{
    for (size_t i = 0; i < COUNT_OF(stored); i++) {
        struct registry_value value = {
            .exists = true, .type = stored[i].type, .bytes = (const uint8_t *)stored[i].bytes, .size = stored[i].size};
        registry_decode(&arena, &value);
        ROW_ASSERT(stored[i].name, text_same(value.text, stored[i].text));
        ROW_ASSERT(stored[i].name, value.is_number == stored[i].is_number);
        ROW_ASSERT(stored[i].name, value.number == stored[i].number);
    }
}

static const struct {
    const char *name, *text;
    const char *bytes;
    size_t size;
    const char *back; /* NULL: the same text */
} said[] = {
    {"empty", "", BYTES("\0\0"), NULL},
    {"ASCII", "1688",
     BYTES("1\0"
           "6\0"
           "8\0"
           "8\0\0\0"),
     NULL},
    {"Japanese", "\xE6\x97\xA5", BYTES("\xE5\x65\0\0"), NULL},
    {"beyond the first plane", "\xF0\x9F\x98\x80", BYTES("\x3D\xD8\x00\xDE\0\0"), NULL},
    {"cut sequence", "a\xE6\x97", BYTES("a\0\xFD\xFF\xFD\xFF\0\0"), "a\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"stray byte", "\xFFz", BYTES("\xFD\xFFz\0\0\0"), "\xEF\xBF\xBDz"},
};

static void test_from_text(void)
{
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        struct registry_value value = registry_from_text(&arena, said[i].text);
        ROW_ASSERT(said[i].name, value.exists && value.type == REGISTRY_SZ && !value.is_number);
        ROW_ASSERT(said[i].name, value.size == said[i].size && memcmp(value.bytes, said[i].bytes, value.size) == 0);
        ROW_ASSERT(said[i].name, text_same(value.text, said[i].back != NULL ? said[i].back : said[i].text));
    }
}

static void test_from_dword(void)
{
    struct registry_value value = registry_from_dword(&arena, 0xF1E2D3C4);
    CU_ASSERT(value.exists && value.type == REGISTRY_DWORD && value.size == 4);
    CU_ASSERT(memcmp(value.bytes, "\xC4\xD3\xE2\xF1", 4) == 0);
    CU_ASSERT(value.is_number && value.number == 0xF1E2D3C4);
    CU_ASSERT_PTR_NULL(value.text);
}

/* Every unit on its own, and every unit behind a high half, must come out as well-formed UTF-8. */
static void test_decode_is_always_utf8(void)
{
    size_t used = arena_mark(&arena);
    for (uint32_t unit = 1; unit <= 0xFFFF; unit++) {
        uint8_t bytes[] = {0x3D, 0xD8, (uint8_t)unit, (uint8_t)(unit >> 8)};
        struct registry_value value = {.exists = true, .type = REGISTRY_SZ, .bytes = bytes, .size = sizeof bytes};
        registry_decode(&arena, &value);
        size_t bad = 0;
        if (!text_is_utf8(value.text, strlen(value.text), &bad)) {
            printf("\n    unit %04x", (unsigned)unit);
            CU_FAIL("not UTF-8");
        }
        arena_release(&arena, used);
    }
}

void suite_registry(void)
{
    OPENED_SUITE("registry", open_arena, close_arena, UNIT_TEST(test_decode), UNIT_TEST(test_from_text),
                 UNIT_TEST(test_from_dword), UNIT_TEST(test_decode_is_always_utf8));
}
