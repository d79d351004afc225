/* SPDX-License-Identifier: MIT */
#include "document.h"
#include "json/value.h"

static const struct column item_rows[] = {
    {.name = "host", .base = TYPE_TEXT},
    {.name = "port", .base = TYPE_INT},
    {.name = "open", .base = TYPE_BOOL},
    {.name = "addresses", .base = TYPE_LIST, .item = TYPE_TEXT},
};
static const struct columns item_columns = {item_rows, COUNT_OF(item_rows)};
static const struct columns two_columns = {item_rows, 2};
static const struct column other_rows[] = {{.name = "host", .base = TYPE_TEXT}, {.name = "Port", .base = TYPE_INT}};
static const struct columns other_columns = {other_rows, COUNT_OF(other_rows)};

/* One of everything, by index; built once, since the rows point into each other. */
enum { ABSENT, UNKNOWN, TRUE, MINUS, TEXT, SECRET, NO_LIST, LIST, ROW_FULL, ROW_GAPS, ROWS, NO_ROWS, SAMPLE_COUNT };

static const struct value *samples(void)
{
    static struct value made[SAMPLE_COUNT];
    static struct value texts[2];
    static struct value full[4];
    static struct value gaps[4];
    static struct value rows[2];
    texts[0] = value_text("a");
    texts[1] = value_text("b\"\n");
    made[ABSENT] = value_absent();
    made[UNKNOWN] = value_unknown("access denied");
    made[TRUE] = value_bool(true);
    made[MINUS] = value_int(INT64_MIN);
    made[TEXT] = value_text("Gr\xC3\xBC\xC3\x9F");
    made[SECRET] = value_text("hunter2");
    made[SECRET].secret = true;
    made[NO_LIST] = value_list(TYPE_NONE, NULL, 0);
    made[LIST] = value_list(TYPE_TEXT, texts, 2);
    full[0] = value_text("azkms");
    full[1] = value_int(1688);
    full[2] = value_bool(false);
    full[3] = made[LIST];
    gaps[0] = made[UNKNOWN];
    gaps[1] = made[ABSENT];
    gaps[2] = value_bool(true);
    gaps[2].secret = true;
    gaps[3] = made[ABSENT];
    made[ROW_FULL] = value_row(&item_columns, full);
    made[ROW_GAPS] = value_row(&item_columns, gaps);
    rows[0] = made[ROW_FULL];
    rows[1] = made[ROW_GAPS];
    made[ROWS] = value_rows(rows, 2);
    made[NO_ROWS] = value_rows(NULL, 0);
    return made;
}

static const struct {
    const char *shown, *identity, *written; /* written NULL: as identity */
} forms[] = {
    [ABSENT] = {"(not set)", "null", NULL},
    [UNKNOWN] = {"(unknown)", "{\"unknown\":\"access denied\"}", NULL},
    [TRUE] = {"true", "true", NULL},
    [MINUS] = {"-9223372036854775808", "-9223372036854775808", NULL},
    [TEXT] = {"Gr\xC3\xBC\xC3\x9F", "\"Gr\\u00fc\\u00df\"", NULL},
    [SECRET] = {"(redacted)", "\"hunter2\"", "\"(redacted)\""},
    [NO_LIST] = {"", "[]", NULL},
    [LIST] = {"a, b\"\n", "[\"a\",\"b\\\"\\n\"]", NULL},
    [ROW_FULL] = {"host=azkms, port=1688, open=false",
                  "{\"host\":\"azkms\",\"port\":1688,\"open\":false,\"addresses\":[\"a\",\"b\\\"\\n\"]}", NULL},
    [ROW_GAPS] =
        {"host=(unknown), port=(not set), open=(redacted)",
         "{\"host\":{\"unknown\":\"access denied\"},\"port\":null,\"open\":true,\"addresses\":null}",
         "{\"host\":{\"unknown\":\"access denied\"},\"port\":null,\"open\":\"(redacted)\",\"addresses\":null}"},
    [ROWS] = {"host=azkms, port=1688, open=false; host=(unknown), port=(not set), open=(redacted)",
              "[{\"host\":\"azkms\",\"port\":1688,\"open\":false,\"addresses\":[\"a\",\"b\\\"\\n\"]},"
              "{\"host\":{\"unknown\":\"access denied\"},\"port\":null,\"open\":true,\"addresses\":null}]",
              "[{\"host\":\"azkms\",\"port\":1688,\"open\":false,\"addresses\":[\"a\",\"b\\\"\\n\"]},"
              "{\"host\":{\"unknown\":\"access denied\"},\"port\":null,\"open\":\"(redacted)\",\"addresses\":null}]"},
    [NO_ROWS] = {"", "[]", NULL},
};
_Static_assert(COUNT_OF(forms) == SAMPLE_COUNT, "every sample has its forms");

static void shows_and_writes(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct value *made = samples();
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct buf identity AUTO(buf_clear) = {0};
        struct buf written AUTO(buf_clear) = {0};
        struct writer writer;
        buf_init(&identity, 4096);
        buf_init(&written, 4096);
        value_write(&identity, &made[i]);
        writer_init(&writer, &written, WRITER_ONE_LINE);
        writer_value(&writer, &made[i]);
        ROW_ASSERT(forms[i].identity, strcmp(value_display(&arena, &made[i]), forms[i].shown) == 0);
        ROW_ASSERT(forms[i].identity, strcmp(buf_string(&identity), forms[i].identity) == 0);
        const char *wanted = forms[i].written == NULL ? forms[i].identity : forms[i].written;
        ROW_ASSERT(wanted, strcmp(buf_string(&written), wanted) == 0);
    }
}

/* A value equals itself unless there is an unknown in it; two samples never equal each other. */
static void equals_only_itself(void)
{
    const struct value *made = samples();
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        for (size_t j = 0; j < SAMPLE_COUNT; j++) {
            bool expected = i == j && i != UNKNOWN && i != ROW_GAPS && i != ROWS;
            CU_ASSERT_EQUAL(value_equal(&made[i], &made[j]), expected);
        }
    }
}

static void compares_as_the_language_does(void)
{
    const struct value upper[] = {value_text("KMS"), value_int(1)};
    const struct value lower[] = {value_text("kms"), value_int(1)};
    const struct value changed[] = {value_text("kms"), value_int(2)};
    struct value one = value_row(&two_columns, upper);
    struct value same = value_row(&two_columns, lower);
    struct value differs = value_row(&two_columns, changed);
    struct value renamed = value_row(&other_columns, lower);
    CU_ASSERT(value_equal(&upper[0], &lower[0]));
    CU_ASSERT(value_equal(&one, &same));
    CU_ASSERT_FALSE(value_equal(&one, &differs));
    CU_ASSERT_FALSE(value_equal(&one, &renamed));
    struct value list = value_list(TYPE_TEXT, upper, 1);
    struct value longer = value_list(TYPE_TEXT, upper, 2);
    struct value empty = value_list(TYPE_TEXT, NULL, 0);
    struct value none = value_list(TYPE_NONE, NULL, 0);
    CU_ASSERT_FALSE(value_equal(&list, &longer));
    CU_ASSERT(value_equal(&empty, &none));
}

static void makes_values(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct value unknown = value_unknown_format(&arena, "code %d", 5);
    struct value nothing = value_text(NULL);
    CU_ASSERT_EQUAL(unknown.state, VALUE_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(unknown.as.why, "code 5");
    CU_ASSERT_EQUAL(nothing.state, VALUE_ABSENT);
    CU_ASSERT_EQUAL(columns_find(&item_columns, "port"), 1);
    CU_ASSERT_EQUAL(columns_find(&item_columns, "Port"), -1);
}

static void names_types(void)
{
    CU_ASSERT_STRING_EQUAL(type_name(TYPE_TEXT, TYPE_NONE), "text");
    CU_ASSERT_STRING_EQUAL(type_name(TYPE_LIST, TYPE_INT), "list of int");
    CU_ASSERT_STRING_EQUAL(type_name(TYPE_LIST, TYPE_NONE), "list");
    CU_ASSERT_STRING_EQUAL(type_name(TYPE_ROWS, TYPE_ROW), "rows");
    CU_ASSERT_STRING_EQUAL(type_name(TYPE_NONE, TYPE_NONE), "null");
}

void suite_value(void);
void suite_value(void)
{
    UNIT_SUITE("value", UNIT_TEST(shows_and_writes), UNIT_TEST(equals_only_itself),
               UNIT_TEST(compares_as_the_language_does), UNIT_TEST(makes_values), UNIT_TEST(names_types));
}
