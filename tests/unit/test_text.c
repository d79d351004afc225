/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "unit.h"

static void compares_folded(void)
{
    static const struct {
        const char *left, *right;
        int order;
    } cases[] = {
        {"", "", 0},    {"abc", "ABC", 0}, {"a", "b", -1},       {"B", "a", 1},
        {"ab", "a", 1}, {"a", "AB", -1},   {"\xC3\xA4", "z", 1}, {"\xC3\xA4", "\xC3\x84", 1},
        {"@", "`", -1}, {"[", "{", -1},    {"Z", "[", 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int order = text_compare(cases[i].left, cases[i].right);
        ROW_ASSERT(cases[i].left, (order > 0) - (order < 0) == cases[i].order);
        ROW_ASSERT(cases[i].left, text_equal(cases[i].left, cases[i].right) == (cases[i].order == 0));
    }
    CU_ASSERT(text_same(NULL, NULL));
    CU_ASSERT_FALSE(text_same(NULL, ""));
    CU_ASSERT_FALSE(text_same("a", "A"));
}

static void finds_parts(void)
{
    CU_ASSERT(text_contains("VOLUME_KMSCLIENT channel", "kmsclient"));
    CU_ASSERT(text_contains("abc", ""));
    CU_ASSERT(text_contains("", ""));
    CU_ASSERT(text_contains("aaab", "AAB"));
    CU_ASSERT_FALSE(text_contains("abc", "abcd"));
    CU_ASSERT(text_starts("Core.Windows.net", "core."));
    CU_ASSERT_FALSE(text_starts("core", "core."));
    CU_ASSERT(text_ends("kms.CORE.windows.net", "core.windows.net"));
    CU_ASSERT(text_ends("x", ""));
    CU_ASSERT_FALSE(text_ends("net", "windows.net"));
}

static void matches_like(void)
{
    static const struct {
        const char *text, *pattern;
        bool matches;
    } cases[] = {
        {"", "", true},           {"", "*", true},          {"a", "", false},
        {"abc", "ABC", true},     {"abc", "a*", true},      {"abc", "*c", true},
        {"abc", "*b*", true},     {"abc", "a*c*", true},    {"abc", "a*d", false},
        {"abc", "abc*", true},    {"abc", "*abcd*", false}, {"aab", "*ab", true},
        {"abab", "*ab*ab", true}, {"aba", "*ab*ab", false}, {"a*b", "a*b", true},
        {"a", "?", false},        {"abc", "***", true},     {"mississippi", "m*issip*", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ROW_ASSERT(cases[i].pattern, text_like(cases[i].text, cases[i].pattern) == cases[i].matches);
    }
}

/* A backtracking matcher would need longer than this universe lasts. */
static void like_does_not_explode(void)
{
    char text[4096];
    char pattern[257];
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    for (size_t i = 0; i < sizeof(pattern) - 1; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[sizeof(pattern) - 1] = '\0';
    CU_ASSERT(text_like(text, pattern));
    pattern[sizeof(pattern) - 2] = 'b';
    CU_ASSERT_FALSE(text_like(text, pattern));
}

static void knows_utf8(void)
{
    static const struct {
        const char *name, *bytes;
        size_t bad; /* SIZE_MAX: well-formed */
        uint32_t first;
    } cases[] = {
        {"ASCII", "a", SIZE_MAX, 'a'},
        {"U+0080", "\xC2\x80", SIZE_MAX, 0x80},
        {"U+07FF", "\xDF\xBF", SIZE_MAX, 0x7FF},
        {"U+0800", "\xE0\xA0\x80", SIZE_MAX, 0x800},
        {"U+FFFF", "\xEF\xBF\xBF", SIZE_MAX, 0xFFFF},
        {"U+10000", "\xF0\x90\x80\x80", SIZE_MAX, 0x10000},
        {"U+10FFFF", "\xF4\x8F\xBF\xBF", SIZE_MAX, 0x10FFFF},
        {"overlong 2", "\xC1\xBF", 0, 0},
        {"overlong 3", "\xE0\x9F\xBF", 0, 0},
        {"overlong 4", "\xF0\x8F\xBF\xBF", 0, 0},
        {"surrogate low end", "\xED\xA0\x80", 0, 0},
        {"surrogate high end", "\xED\xBF\xBF", 0, 0},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", 0, 0},
        {"F5", "\xF5\x80\x80\x80", 0, 0},
        {"FF", "\xFF", 0, 0},
        {"lone continuation", "ab\x80", 2, 'a'},
        {"cut 2", "a\xC3", 1, 'a'},
        {"cut 3", "\xE3\x82", 0, 0},
        {"cut 4", "x\xF0\x9F\x98", 1, 'x'},
        {"broken in the middle", "\xE3\x28\xA1", 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t bad = SIZE_MAX;
        uint32_t point = 0;
        size_t size = strlen(cases[i].bytes);
        bool good = text_is_utf8(cases[i].bytes, size, &bad);
        ROW_ASSERT(cases[i].name, good == (cases[i].bad == SIZE_MAX) && bad == cases[i].bad);
        size_t length = text_decode(cases[i].bytes, &point);
        ROW_ASSERT(cases[i].name, (length == 0) == (cases[i].bad == 0) && point == cases[i].first);
    }
    size_t bad = 0;
    CU_ASSERT(text_is_utf8("a\0b", 3, &bad));
    CU_ASSERT_FALSE(text_is_utf8("a\xE9", 2, NULL));
    CU_ASSERT(text_is_utf8("", 0, NULL));
}

static void cuts_between_characters(void)
{
    static const size_t kept[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
    static const char text[] = "a\xE3\x82\xA2\xF0\x9F\x98\x80";
    for (size_t size = 0; size < COUNT_OF(kept); size++) {
        CU_ASSERT_EQUAL(text_cut(text, size), kept[size]);
    }
    CU_ASSERT(text_is_ascii("~"));
    CU_ASSERT_FALSE(text_is_ascii("a\xC3\xA4"));
}

static void reads_integers(void)
{
    static const struct {
        const char *text;
        bool valid;
        int64_t number;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"007", true, 7},
        {"-12", true, -12},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t number = 0;
        ROW_ASSERT(cases[i].text, text_to_int(cases[i].text, &number) == cases[i].valid);
        ROW_ASSERT(cases[i].text, number == cases[i].number);
    }
}

static void reads_durations(void)
{
    static const struct {
        const char *text;
        int64_t ms; /* 0: refused */
    } cases[] = {
        {"10m", 600000},
        {"90s", 90000},
        {"250ms", 250},
        {"2h", 7200000},
        {"5", 5000},
        {"0", 0},
        {"0s", 0},
        {"-1s", 0},
        {"", 0},
        {"s", 0},
        {"1d", 0},
        {"1 s", 0},
        {"1M", 0},
        {"999999999999999h", 0},
        {"9999999999999999999", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t ms = 0;
        ROW_ASSERT(cases[i].text, text_to_duration(cases[i].text, &ms) == (cases[i].ms != 0));
        ROW_ASSERT(cases[i].text, ms == cases[i].ms);
    }
}

static void finds_words(void)
{
    static const char *const words[] = {"check", "plan", "fix", NULL};
    CU_ASSERT_EQUAL(text_word(words, "check"), 0);
    CU_ASSERT_EQUAL(text_word(words, "fix"), 2);
    CU_ASSERT_EQUAL(text_word(words, "Fix"), -1);
    CU_ASSERT_EQUAL(text_word(words, ""), -1);
}

static void knows_addresses(void)
{
    static const char *const good[] = {
        "0.0.0.0",
        "20.118.99.224",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "fe80::1",
        "2603:1030:100::4",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "::ffff:1.2.3.4",
        "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:1.2.3.4",
        "FFFF:abcd::",
    };
    static const char *const bad[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.04",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "0x1.2.3.4",
        "-1.2.3.4",
        "1.2.3.4:80",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "g::",
        "::1%eth0",
        "[::1]",
        "1:",
        ":1",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "azkms.core.windows.net",
        "1:2:3:4:5:6:7:8:",
        "1111111111111.2.3.4",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        ROW_ASSERT(good[i], text_is_address(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ROW_ASSERT(bad[i], !text_is_address(bad[i]));
    }
}

void suite_text(void);
void suite_text(void)
{
    UNIT_SUITE("text", UNIT_TEST(compares_folded), UNIT_TEST(finds_parts), UNIT_TEST(matches_like),
               UNIT_TEST(like_does_not_explode), UNIT_TEST(knows_utf8), UNIT_TEST(cuts_between_characters),
               UNIT_TEST(reads_integers), UNIT_TEST(reads_durations), UNIT_TEST(finds_words),
               UNIT_TEST(knows_addresses));
}
