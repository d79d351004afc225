/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "document.h"

static void write_sample(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "a", "x");
    writer_named_int(writer, "b", -1);
    writer_named_bool(writer, "c", false);
    writer_name(writer, "d");
    writer_open_array(writer);
    writer_null(writer);
    writer_open_object(writer);
    writer_close_object(writer);
    writer_open_array(writer);
    writer_close_array(writer);
    writer_close_array(writer);
    writer_close_object(writer);
    writer_finish(writer);
}

static void writes_both_layouts(void)
{
    static const struct {
        const char *name;
        enum writer_layout layout;
        const char *wanted;
    } cases[] = {
        {"one line", WRITER_ONE_LINE, "{\"a\":\"x\",\"b\":-1,\"c\":false,\"d\":[null,{},[]]}\n"},
        {"indented", WRITER_INDENTED,
         "{\n  \"a\": \"x\",\n  \"b\": -1,\n  \"c\": false,\n  \"d\": [\n    null,\n    {},\n    []\n  ]\n}\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf AUTO(buf_clear) = {0};
        struct writer writer;
        buf_init(&buf, 4096);
        writer_init(&writer, &buf, cases[i].layout);
        write_sample(&writer);
        ROW_ASSERT(cases[i].name, strcmp(buf_string(&buf), cases[i].wanted) == 0);
    }
}

static void escapes(void)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"", "\"\""},
        {" !#[]~/", "\" !#[]~/\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"\xC3\xA4\xE3\x82\xA2", "\"\\u00e4\\u30a2\""},
        {"\xEF\xBF\xBF\xF0\x90\x80\x80", "\"\\uffff\\ud800\\udc00\""},
        {"\xF4\x8F\xBF\xBF", "\"\\udbff\\udfff\""},
        {"a\x80z", "\"a\\ufffdz\""},
        {"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
        {"\xE3\x82", "\"\\ufffd\\ufffd\""},
        {"\xFFx", "\"\\ufffdx\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf AUTO(buf_clear) = {0};
        struct writer writer;
        buf_init(&buf, 4096);
        writer_init(&writer, &buf, WRITER_ONE_LINE);
        writer_text(&writer, cases[i].text);
        ROW_ASSERT(cases[i].written, strcmp(buf_string(&buf), cases[i].written) == 0);
    }
}

static void add_point(struct buf *text, uint32_t point)
{
    uint32_t tail[] = {point >> 18, point >> 12 & 63, point >> 6 & 63, point & 63};
    if (point < 0x80) {
        buf_format(text, "%c", (int)point);
    } else if (point < 0x800) {
        buf_format(text, "%c%c", (int)(0xC0 | tail[2]), (int)(0x80 | tail[3]));
    } else if (point < 0x10000) {
        buf_format(text, "%c%c%c", (int)(0xE0 | tail[1]), (int)(0x80 | tail[2]), (int)(0x80 | tail[3]));
    } else {
        buf_format(text, "%c%c%c%c", (int)(0xF0 | tail[0]), (int)(0x80 | tail[1]), (int)(0x80 | tail[2]),
                   (int)(0x80 | tail[3]));
    }
}

enum { POINTS_AT_ONCE = 64, POINTS = 0x110000 };

/* Every code point comes back as it was, over ASCII bytes alone. */
static void every_character_survives(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    for (uint32_t first = 0; first < POINTS; first += POINTS_AT_ONCE) {
        struct buf text AUTO(buf_clear) = {0};
        struct buf written AUTO(buf_clear) = {0};
        struct writer writer;
        arena_release(&arena, 0);
        buf_init(&text, 4096);
        buf_init(&written, 4096);
        for (uint32_t i = first == 0; i < POINTS_AT_ONCE && (first < 0xD800 || first > 0xDFFF); i++) {
            add_point(&text, first + i);
        }
        writer_init(&writer, &written, WRITER_ONE_LINE);
        writer_text(&writer, buf_string(&text));
        CU_ASSERT(text_is_ascii(buf_string(&written)));
        CU_ASSERT_STRING_EQUAL(document_read(buf_string(&written), &arena)->as.text, buf_string(&text));
    }
}

static void null_text_is_null(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&buf, 4096);
    writer_init(&writer, &buf, WRITER_ONE_LINE);
    writer_open_array(&writer);
    writer_text(&writer, NULL);
    writer_int(&writer, INT64_MIN);
    writer_close_array(&writer);
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "[null,-9223372036854775808]");
}

void suite_writer(void);
void suite_writer(void)
{
    UNIT_SUITE("writer", UNIT_TEST(writes_both_layouts), UNIT_TEST(escapes), UNIT_TEST(every_character_survives),
               UNIT_TEST(null_text_is_null));
}
