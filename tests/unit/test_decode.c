/* SPDX-License-Identifier: MIT */
/* Bytes as programs and editors of Windows leave them, ill-formed ones among them, and what the program makes of them.
 */
#include <string.h>

#include "base/text.h"
#include "host/decode.h"
#include "unit.h"

void suite_decode(void);

enum { ARENA_BYTES = 512 * 1024, LONG_BYTES = 4096 };
#define BYTES(literal) (literal), sizeof(literal) - 1
#define KANJI "\xE6\xBC\xA2"

static const struct {
    const char *name;
    const char *bytes;
    size_t size;
    const char *oem, *ansi; /* as a program's output, as a marked file; NULL: hex */
    const char *cut;        /* as output that was cut; NULL: as oem */
} rows[] = {
    {"empty", BYTES(""), "", "", NULL},
    {"ASCII", BYTES("kms 1688\r\n"), "kms 1688\r\n", "kms 1688\r\n", NULL},
    {"UTF-8", BYTES("caf\xC3\xA9 "), "caf\xC3\xA9 ", "caf\xC3\x83\xC2\xA9 ", NULL},
    {"UTF-8 with its mark", BYTES("\xEF\xBB\xBF" KANJI), KANJI, KANJI, NULL},
    {"a mark alone", BYTES("\xEF\xBB\xBF"), "", "", NULL},
    {"UTF-8 cut after a lead byte", BYTES("caf\xC3\xA9\xC3"), "caf\xE2\x94\x9C\xE2\x8C\x90\xE2\x94\x9C",
     "caf\xC3\x83\xC2\xA9\xC3\x83", "caf\xC3\xA9"},
    {"UTF-8 cut inside a character", BYTES("a" KANJI "\xF0\x9F\x98"),
     "a\xC2\xB5\xE2\x95\x9D\xC3\xB3\xE2\x89\xA1\xC6\x92\xC3\xBF", "a\xC3\xA6\xC2\xBC\xC2\xA2\xC3\xB0\xC5\xB8\xCB\x9C",
     "a" KANJI},
    {"ill-formed before its end", BYTES("\xE9 x"), "\xCE\x98 x", "\xC3\xA9 x", "\xCE\x98 x"},
    {"E9 alone", BYTES("<a>\xE9</a>"), "<a>\xCE\x98</a>", "<a>\xC3\xA9</a>", NULL},
    {"overlong", BYTES("\xC0\xAF"), "\xE2\x94\x94\xC2\xBB", "\xC3\x80\xC2\xAF", NULL},
    {"what 1252 leaves open", BYTES("\x81\x8D"), "\xC3\xBC\xC3\xAC", "\xC2\x81\xC2\x8D", NULL},
    {"the euro sign of 1252", BYTES("\x80"), "\xC3\x87", "\xE2\x82\xAC", NULL},
    {"UTF-16LE by its mark",
     BYTES("\xFF\xFE"
           "\x22\x6F"
           "a\0"),
     KANJI "a", KANJI "a", NULL},
    {"UTF-16BE by its mark",
     BYTES("\xFE\xFF"
           "\x6F\x22"
           "\0a"),
     KANJI "a", KANJI "a", NULL},
    {"UTF-16LE by its zero bytes", BYTES("o\0k\0\r\0\n\0"), "ok\r\n", "ok\r\n", NULL},
    {"UTF-16BE by its zero bytes", BYTES("\0o\0k"), "ok", "ok", NULL},
    {"Japanese UTF-16LE with a line end", BYTES("\x22\x6F\x57\x5B\r\0\n\0"), KANJI "\xE5\xAD\x97\r\n",
     KANJI "\xE5\xAD\x97\r\n", NULL},
    {"UTF-16LE beyond the BMP",
     BYTES("\x3D\xD8\x00\xDE"
           "a\0b\0"),
     NULL, NULL, NULL},
    {"the same with its mark", BYTES("\xFF\xFE\x3D\xD8\x00\xDE"), "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", NULL},
    {"UTF-16LE cut inside a unit",
     BYTES("\xFF\xFE"
           "a\0b"),
     NULL, NULL, "a"},
    {"UTF-16LE cut inside a pair",
     BYTES("\xFF\xFE"
           "a\0\x3D\xD8"),
     NULL, NULL, "a"},
    {"half a pair in the middle",
     BYTES("\xFF\xFE\x3D\xD8"
           "a\0"),
     NULL, NULL, NULL},
    {"the other half alone",
     BYTES("\xFF\xFE\x00\xDE"
           "a\0"),
     NULL, NULL, NULL},
    {"a NUL in UTF-16",
     BYTES("\xFF\xFE"
           "a\0\0\0b\0"),
     NULL, NULL, NULL},
    {"a NUL at the end of a text", BYTES("caf\xE9\0"), "caf\xCE\x98", "caf\xC3\xA9", "caf"},
    {"zeros on both sides", BYTES("\0\0\1\2"), NULL, NULL, NULL},
    {"a program's own bytes", BYTES("MZ\x90\0\3\0\0\0\4\0"), NULL, NULL, NULL},
    {"one zero in much text", BYTES("abcdefghijklmnopqrstuvwxyz\0abcdefghijklmnopqrstuvwxyz"), NULL, NULL, NULL},
};

static struct decoded decode(struct arena *arena, size_t row, bool is_marked, bool is_cut)
{
    const struct outside outside = {.bytes = rows[row].bytes,
                                    .size = rows[row].size,
                                    .page = is_marked ? PORT_PAGE_ANSI : PORT_PAGE_OEM,
                                    .is_marked = is_marked,
                                    .is_cut = is_cut};
    struct decoded decoded = decode_text(arena, &outside);
    ROW_ASSERT(rows[row].name, text_is_utf8(decoded.text, strlen(decoded.text), NULL));
    return decoded;
}

static void check(const char *name, struct decoded decoded, const char *expected)
{
    if (expected == NULL) {
        ROW_ASSERT(name, !decoded.is_text && text_starts(decoded.text, "hex "));
    } else {
        ROW_ASSERT(name, decoded.is_text && text_same(decoded.text, expected));
    }
}

static void reads_what_comes(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t mark = arena_mark(&arena);
        arena.peak = mark;
        check(rows[i].name, decode(&arena, i, false, false), rows[i].oem);
        ROW_ASSERT(rows[i].name, arena.peak - mark <= rows[i].size * DECODE_GROWTH + DECODE_ROOM);
        check(rows[i].name, decode(&arena, i, true, false), rows[i].ansi);
        check(rows[i].name, decode(&arena, i, false, true), rows[i].cut != NULL ? rows[i].cut : rows[i].oem);
        arena_release(&arena, mark);
    }
    const struct outside garbage = {.bytes = "\0\0\1\xFF", .size = 4};
    CU_ASSERT_STRING_EQUAL(decode_text(&arena, &garbage).text, "hex 000001ff");
}

/* Whatever comes: text that is well-formed, within the memory that is promised. */
static void holds_its_bounds(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    unsigned char bytes[LONG_BYTES];
    uint32_t state = 1;
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    for (size_t i = 0; i < 2000; i++) {
        for (size_t at = 0; at < sizeof bytes; at++) {
            state = state * 1664525U + 1013904223U;
            bytes[at] = i % 3 == 0 && at % 2 == i % 2 ? 0 : (unsigned char)(state >> 24U);
        }
        const struct outside outside = {
            .bytes = bytes, .size = i % sizeof bytes, .is_cut = i % 2 == 0, .is_marked = i % 5 == 0};
        size_t mark = arena_mark(&arena);
        arena.peak = mark;
        struct decoded decoded = decode_text(&arena, &outside);
        CU_ASSERT(text_is_utf8(decoded.text, strlen(decoded.text), NULL));
        CU_ASSERT(arena.peak - mark <= outside.size * DECODE_GROWTH + DECODE_ROOM);
        arena_release(&arena, mark);
    }
}

void suite_decode(void)
{
    UNIT_SUITE("decode", UNIT_TEST(reads_what_comes), UNIT_TEST(holds_its_bounds));
}
