/* SPDX-License-Identifier: MIT */
/* What the scan accepts and refuses, and where it says the fault is. */
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "document.h"

#define ROW(text, message)                                                                                             \
    {                                                                                                                  \
        text, sizeof(text) - 1, message                                                                                \
    }

static const struct {
    const char *text;
    size_t size;
    const char *message; /* how the error begins; NULL: accepted */
} cases[] = {
    /* values */
    ROW("null", NULL),
    ROW("true", NULL),
    ROW(" false\r\n\t", NULL),
    ROW("0", NULL),
    ROW("-0", NULL),
    ROW("\"\"", NULL),
    ROW("[]", NULL),
    ROW("{}", NULL),
    ROW("[[],{},[ ],{ }]", NULL),
    ROW("{\"\":0}", NULL),
    ROW("{\"a\":{\"a\":{\"a\":1}},\"A\":2}", NULL),
    ROW("9223372036854775807", NULL),
    ROW("-9223372036854775808", NULL),
    ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\uFFFF\"", NULL),
    ROW("\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"", NULL),
    ROW("\"\\uDBFF\\uDFFF\"", NULL),
    ROW("\"\x7f\xEF\xBF\xBF\"", NULL),
    /* nothing, too little, too much */
    ROW("", "t.json:1: $: expected a value, found the end"),
    ROW(" \n ", "t.json:2: $: expected a value, found the end"),
    ROW("[", "t.json:1: $[0]: expected a value, found the end"),
    ROW("{", "t.json:1: $: expected the name of a member in quotes, found the end"),
    ROW("[1", "t.json:1: $: expected ',' or ']', found the end"),
    ROW("{\"a\"", "t.json:1: $: expected ':' behind the name of a member, found the end"),
    ROW("1 2", "t.json:1: expected nothing behind the document, found '2'"),
    ROW("{}\n}", "t.json:2: expected nothing behind the document, found '}'"),
    ROW("[]\0", "t.json:1: expected nothing behind the document, found the byte 0x00"),
    ROW("\"a\" // b", "t.json:1: expected nothing behind the document, found '/'"),
    /* structure */
    ROW("]", "t.json:1: $: expected a value, found ']'"),
    ROW("[1,]", "t.json:1: $[1]: expected a value, found ']'"),
    ROW("[,1]", "t.json:1: $[0]: expected a value, found ','"),
    ROW("[1 2]", "t.json:1: $: expected ',' or ']', found '2'"),
    ROW("[1}", "t.json:1: $: expected ',' or ']', found '}'"),
    ROW("{\"a\":1]", "t.json:1: $: expected ',' or '}', found ']'"),
    ROW("{\"a\":1,}", "t.json:1: $: expected the name of a member in quotes, found '}'"),
    ROW("{,}", "t.json:1: $: expected the name of a member in quotes, found ','"),
    ROW("{a:1}", "t.json:1: $: expected the name of a member in quotes, found 'a'"),
    ROW("{'a':1}", "t.json:1: $: expected the name of a member in quotes, found '''"),
    ROW("{1:1}", "t.json:1: $: expected the name of a member in quotes, found '1'"),
    ROW("{\"a\" 1}", "t.json:1: $: expected ':' behind the name of a member, found '1'"),
    ROW("{\"a\":}", "t.json:1: $.a: expected a value, found '}'"),
    ROW("{\"a\"::1}", "t.json:1: $.a: expected a value, found ':'"),
    ROW("[\f1]", "t.json:1: $[0]: expected a value, found the byte 0x0c"),
    ROW("[/**/1]", "t.json:1: $[0]: expected a value, found '/'"),
    /* words */
    ROW("nul", "t.json:1: $: expected a value, found 'n'"),
    ROW("True", "t.json:1: $: expected a value, found 'T'"),
    ROW("[trueish]", "t.json:1: $: expected ',' or ']', found 'i'"),
    ROW("NaN", "t.json:1: $: expected a value, found 'N'"),
    ROW("[Infinity]", "t.json:1: $[0]: expected a value, found 'I'"),
    ROW("undefined", "t.json:1: $: expected a value, found 'u'"),
    /* numbers */
    ROW("1.5", "t.json:1: $: expected a whole number, found 1.5: floats are not in the language"),
    ROW("1.0", "t.json:1: $: expected a whole number, found 1.0: floats"),
    ROW("1e999", "t.json:1: $: expected a whole number, found 1e999: floats"),
    ROW("-1E+2", "t.json:1: $: expected a whole number, found -1E+2: floats"),
    ROW("[-]", "t.json:1: $[0]: expected a whole number, found -"),
    ROW("-a", "t.json:1: $: expected a whole number, found -"),
    ROW("01", "t.json:1: $: expected a whole number, found 01"),
    ROW("-01", "t.json:1: $: expected a whole number, found -01"),
    ROW("00", "t.json:1: $: expected a whole number, found 00"),
    ROW("--1", "t.json:1: $: expected a whole number, found --1"),
    ROW("1-2", "t.json:1: $: expected a whole number, found 1-2"),
    ROW("+1", "t.json:1: $: expected a value, found '+'"),
    ROW(".5", "t.json:1: $: expected a value, found '.'"),
    ROW("0x10", "t.json:1: expected nothing behind the document, found 'x'"),
    ROW("9223372036854775808", "t.json:1: $: 9223372036854775808 lies outside the 64-bit whole numbers"),
    ROW("-9223372036854775809", "t.json:1: $: -9223372036854775809 lies outside the 64-bit whole numbers"),
    ROW("100000000000000000000000000", "t.json:1: $: 100000000000000000000000000 lies outside"),
    /* texts */
    ROW("\"", "t.json:1: $: expected the closing quote of a text, found the end"),
    ROW("\"a\\\"", "t.json:1: $: expected the closing quote of a text, found the end"),
    ROW("\"a\\", "t.json:1: $: expected one of \" \\ / b f n r t u behind a backslash"),
    ROW("\"\\x41\"", "t.json:1: $: expected one of \" \\ / b f n r t u behind a backslash"),
    ROW("\"\\\0\"", "t.json:1: $: expected one of \" \\ / b f n r t u behind a backslash"),
    ROW("\"\\u12\"", "t.json:1: $: expected four hexadecimal digits behind \\u"),
    ROW("\"\\u12g4\"", "t.json:1: $: expected four hexadecimal digits behind \\u"),
    ROW("\"\\u", "t.json:1: $: expected four hexadecimal digits behind \\u"),
    ROW("\"\\u0000\"", "t.json:1: $: the character U+0000 is refused"),
    ROW("{\"a\\u0000b\":1}", "t.json:1: $: the character U+0000 is refused"),
    ROW("\"a\0b\"", "t.json:1: $: a raw control character in a text: write it as \\u0000"),
    ROW("\"a\nb\"", "t.json:1: $: a raw control character in a text: write it as \\u000a"),
    ROW("[\"\t\"]", "t.json:1: $[0]: a raw control character in a text: write it as \\u0009"),
    ROW("\"\\ud800\"", "t.json:1: $: \\ud800 is half of a surrogate pair"),
    ROW("\"\\udc00\"", "t.json:1: $: \\udc00 is half of a surrogate pair"),
    ROW("\"\\ud800\\ud800\"", "t.json:1: $: \\ud800 is half of a surrogate pair"),
    ROW("\"\\ud800\\u0041\"", "t.json:1: $: \\ud800 is half of a surrogate pair"),
    ROW("\"\\ude00\\ud83d\"", "t.json:1: $: \\ude00 is half of a surrogate pair"),
    ROW("\"\\ud83d\\u00\"", "t.json:1: $: expected four hexadecimal digits behind \\u"),
    ROW("'a'", "t.json:1: $: expected a value, found '''"),
    /* bytes */
    ROW("\xEF\xBB\xBF{}", "t.json:1: starts with a byte order mark of UTF-8; expected UTF-8 without one"),
    ROW("\xFF\xFE{\0}\0", "t.json:1: starts with a byte order mark of UTF-16; expected UTF-8"),
    ROW("\xFE\xFF\0{\0}", "t.json:1: starts with a byte order mark of UTF-16; expected UTF-8"),
    ROW("[\n\n\"\xC0\xAF\"]", "t.json:3: expected UTF-8, found the byte 0xc0 (offset 4)"),
    ROW("\"\xED\xA0\x80\"", "t.json:1: expected UTF-8, found the byte 0xed"),
    ROW("\"\xE3\x82", "t.json:1: expected UTF-8, found the byte 0xe3"),
    ROW("{\0}", "t.json:1: $: expected the name of a member in quotes, found the byte 0x00"),
    /* duplicates: by what the name means, in one object only */
    ROW("{\"a\":1,\n\"b\":2,\n\"a\":3}", "t.json:3: $: the name \"a\" stands twice in one object"),
    ROW("{\"a\":1,\"\\u0061\":2}", "t.json:1: $: the name \"\\u0061\" stands twice in one object"),
    ROW("{\"\\n\":1,\"\\u000A\":2}", "t.json:1: $: the name \"\\u000A\" stands twice in one object"),
    ROW("{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\ude00\":2}", "t.json:1: $: the name \"\\uD83D\\ude00\" stands twice"),
    ROW("{\"x\":[1,{\"\":1,\"\":2}]}", "t.json:1: $.x[1]: the name \"\" stands twice in one object"),
    ROW("{\"a\":1,\"ab\":2,\"A\":3,\"\":4,\"b\":{\"a\":1}}", NULL),
    /* paths */
    ROW("{\"a\":[0,{\"b c\":[[],\n?]}]}", "t.json:2: $.a[1][\"b c\"][1]: expected a value, found '?'"),
    ROW("{\"1\":{\"_x\":?}}", "t.json:1: $[\"1\"]._x: expected a value, found '?'"),
};

/* A block of just this size: reading one byte behind it is seen by the sanitizers. */
static char *exact_copy(const char *text, size_t size)
{
    char *bytes = malloc(size + (size == 0));
    must(bytes != NULL);
    memcpy(bytes, text, size);
    return bytes;
}

static void check_case(size_t row, struct arena *arena)
{
    const char *wanted = cases[row].message;
    const struct json *document = NULL;
    struct err err = {0};
    char *bytes = exact_copy(cases[row].text, cases[row].size);
    bool loaded = document_load(bytes, cases[row].size, arena, &document, &err);
    ROW_ASSERT(cases[row].text, loaded == (wanted == NULL) && (document != NULL) == loaded);
    if (wanted == NULL) {
        ROW_ASSERT(cases[row].text, err.code == ERR_NONE && err.text[0] == '\0');
    } else {
        ROW_ASSERT(err.text, strncmp(err.text, wanted, strlen(wanted)) == 0 && err.code == ERR_INVALID);
    }
    free(bytes);
}

static void accepts_and_refuses(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        check_case(i, &arena);
    }
}

static const char sample[] = "{\"id\": \"kms\", \"n\": [-1, 2, true, null, \"\\ud83d\\ude00\\n\xC3\xA4\"],\n"
                             " \"o\": {\"a\\u0062\": {}, \"c\": [[[]]]}}";

static void refuses_every_prefix(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = NULL;
    struct err err = {0};
    for (size_t size = 0; size < sizeof(sample) - 1; size++) {
        char *bytes = exact_copy(sample, size);
        CU_ASSERT_FALSE(document_load(bytes, size, &arena, &document, &err));
        CU_ASSERT_EQUAL(err.code, ERR_INVALID);
        free(bytes);
    }
    CU_ASSERT(document_load(sample, sizeof(sample) - 1, &arena, &document, &err));
}

static void load_and_print(const char *bytes, size_t size, struct arena *arena)
{
    const struct json *document = NULL;
    struct err err = {0};
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 4096);
    arena_release(arena, 0);
    if (document_load(bytes, size, arena, &document, &err)) {
        document_print(&buf, document);
        CU_ASSERT_FALSE(buf.failed);
    } else {
        CU_ASSERT(err.text[0] != '\0');
    }
}

/* Any byte in any place: accepted or refused, but with no memory fault, and what is accepted can be printed. */
static void survives_every_changed_byte(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    size_t size = sizeof(sample) - 1;
    char *bytes = exact_copy(sample, size);
    for (size_t at = 0; at < size; at++) {
        for (int byte = 0; byte < 256; byte++) {
            bytes[at] = (char)byte;
            load_and_print(bytes, size, &arena);
        }
        bytes[at] = sample[at];
    }
    free(bytes);
}

static char *repeated(const char *piece, size_t count, size_t *ret_size)
{
    size_t size = strlen(piece);
    char *bytes = malloc(size * count);
    must(bytes != NULL);
    for (size_t i = 0; i < size * count; i++) {
        bytes[i] = piece[i % size];
    }
    *ret_size = size * count;
    return bytes;
}

static void refuses_depth(void)
{
    static const char *const pieces[] = {"[", "{\"a\":", "[{\"a\":", "[\n"};
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = NULL;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        size_t size = 0;
        struct err err = {0};
        char *bytes = repeated(pieces[i], 200000, &size);
        ROW_ASSERT(pieces[i], !document_load(bytes, size, &arena, &document, &err));
        ROW_ASSERT(err.text, err.code == ERR_LIMIT && strstr(err.text, "nested deeper than 32 levels") != NULL);
        free(bytes);
    }
    CU_ASSERT_EQUAL(arena.peak, 0);
}

static void allows_depth_to_the_limit(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    char text[2 * LIMIT_JSON_DEPTH + 4];
    const struct json *document = NULL;
    struct err err = {0};
    memset(text, '[', LIMIT_JSON_DEPTH);
    text[LIMIT_JSON_DEPTH] = '1';
    memset(text + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH);
    CU_ASSERT(document_load(text, 2 * LIMIT_JSON_DEPTH + 1, &arena, &document, &err));
    memset(text, '[', LIMIT_JSON_DEPTH + 1);
    memset(text + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
    CU_ASSERT_FALSE(document_load(text, 2 * LIMIT_JSON_DEPTH + 2, &arena, &document, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
}

static void refuses_size_before_anything_else(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = NULL;
    struct err err = {0};
    /* Nothing of it is read: there are not as many bytes. */
    CU_ASSERT_FALSE(document_load("?", (size_t)20 << 20, &arena, &document, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    CU_ASSERT_STRING_EQUAL(err.text, "t.json: larger than 16777216 bytes");
    CU_ASSERT_EQUAL(arena.peak, 0);
}

static void refuses_too_many_values(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = NULL;
    struct err err = {0};
    size_t size = 0;
    char *bytes = repeated(",1", LIMIT_JSON_VALUES, &size);
    bytes[0] = '[';
    CU_ASSERT_FALSE(document_load(bytes, size, &arena, &document, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "more than 786432 values"));
    size -= 2;
    bytes[size - 1] = ']';
    bytes[size - 2] = ' ';
    CU_ASSERT(document_load(bytes, size, &arena, &document, &err));
    free(bytes);
}

/* A document is one thing too large for the arena: said, not died of. */
static void says_when_the_arena_is_too_small(void)
{
    struct arena arena AUTO(arena_close) = {0};
    const struct json *document = NULL;
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, 1024, &err));
    size_t size = 0;
    char *bytes = repeated(",1", 100, &size);
    bytes[0] = '[';
    bytes[size - 1] = ']';
    bytes[size - 2] = '1';
    CU_ASSERT_FALSE(document_load(bytes, size, &arena, &document, &err));
    CU_ASSERT_EQUAL(err.code, ERR_MEMORY);
    free(bytes);
}

enum member_order { RISING, FALLING, LONG_TAILS };

static void add_members(struct buf *buf, enum member_order order, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned number = order == FALLING ? count - i : i;
        const char *between = i == 0 ? "{" : ",";
        buf_format(buf, "%s\"m%06u%s\":0", between, number, order == LONG_TAILS ? " and the same long tail" : "");
    }
}

/* 100,000 members in any order take no longer than n log n; a quadratic look would need minutes. */
static void finds_duplicates_among_many_members(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    static const enum member_order orders[] = {RISING, FALLING, LONG_TAILS};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct buf buf AUTO(buf_clear) = {0};
        const struct json *document = NULL;
        struct err err = {0};
        arena_release(&arena, 0);
        buf_init(&buf, DOCUMENT_LIMIT);
        add_members(&buf, orders[i], 100000);
        clock_t start = clock();
        buf_text(&buf, "}");
        CU_ASSERT(document_load(buf.bytes, buf.size, &arena, &document, &err));
        buf.bytes[--buf.size] = '\0';
        buf_text(&buf,
                 orders[i] == LONG_TAILS ? ",\"m000777 and the same long tai\\u006c\":1}" : ",\"m00077\\u0037\":1}");
        CU_ASSERT_FALSE(document_load(buf.bytes, buf.size, &arena, &document, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "stands twice"));
        CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
    }
}

void suite_scan(void);
void suite_scan(void)
{
    UNIT_SUITE("scan", UNIT_TEST(accepts_and_refuses), UNIT_TEST(refuses_every_prefix),
               UNIT_TEST(survives_every_changed_byte), UNIT_TEST(refuses_depth), UNIT_TEST(allows_depth_to_the_limit),
               UNIT_TEST(refuses_size_before_anything_else), UNIT_TEST(refuses_too_many_values),
               UNIT_TEST(says_when_the_arena_is_too_small), UNIT_TEST(finds_duplicates_among_many_members));
}
