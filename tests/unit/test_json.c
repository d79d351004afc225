/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "document.h"

static void decodes(void)
{
    static const struct {
        const char *text, *printed;
    } cases[] = {
        {"null", "null"},
        {" [ true , false ] ", "[true,false]"},
        {"-0", "0"},
        {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
        {"[9007199254740993,-9007199254740993]", "[9007199254740993,-9007199254740993]"},
        {"\"\\u0061\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"\"\\ud83d\\ude00\xC3\xA4\\u00e4\"", "\"\\ud83d\\ude00\\u00e4\\u00e4\""},
        {"{\"a\\u0062\":{},\"c\":[[],[1]],\"\":null}", "{\"ab\":{},\"c\":[[],[1]],\"\":null}"},
    };
    struct arena arena AUTO(arena_close) = document_arena();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf AUTO(buf_clear) = {0};
        buf_init(&buf, 4096);
        document_print(&buf, document_read(cases[i].text, &arena));
        ROW_ASSERT(cases[i].text, strcmp(buf_string(&buf), cases[i].printed) == 0);
    }
}

/* Many times the size that is handed to the decoder at once, so that outer levels are walked and inner ones not. */
static void walks_what_is_large(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct buf text AUTO(buf_clear) = {0};
    struct buf printed AUTO(buf_clear) = {0};
    buf_init(&text, DOCUMENT_LIMIT);
    buf_init(&printed, DOCUMENT_LIMIT);
    buf_text(&text, "{\"small\":[1,[2]],\"empty\":{},\"la\\u0072ge\":[");
    for (int i = 0; i < 5000; i++) {
        buf_format(&text, "%s{\"id\":\"f%d\",\"n\":%d,\"in\":[{\"x\":[]},null,true]}", i == 0 ? "" : ",", i, i - 2500);
    }
    buf_text(&text, "],\"long\":\"");
    for (int i = 0; i < 20000; i++) {
        buf_text(&text, "0123456789");
    }
    buf_text(&text, "\",\"last\":-1}");
    const struct json *document = document_read(text.bytes, &arena);
    document_print(&printed, document);
    char *escape = strstr(text.bytes, "\\u0072");
    must(escape != NULL);
    memmove(escape + 1, escape + 6, strlen(escape + 6) + 1);
    *escape = 'r';
    CU_ASSERT_STRING_EQUAL(buf_string(&printed), text.bytes);
    const struct json *large = json_find(document, "large");
    must(large != NULL);
    CU_ASSERT_STRING_EQUAL(json_path(json_find(&large->as.items[4999], "in")->as.items[0].as.items, &arena),
                           "$.large[4999].in[0].x");
}

static void knows_lines(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = document_read("\n{\"a\":\r\n [1,\n  2],\n \"b\": {\n\"c\":\nnull}}", &arena);
    const struct json *list = json_find(document, "a");
    const struct json *object = json_find(document, "b");
    must(list != NULL && object != NULL);
    CU_ASSERT_EQUAL(document->line, 2);
    CU_ASSERT_EQUAL(list->line, 3);
    CU_ASSERT_EQUAL(list->as.items[0].line, 3);
    CU_ASSERT_EQUAL(list->as.items[1].line, 4);
    CU_ASSERT_EQUAL(object->line, 5);
    CU_ASSERT_EQUAL(object->as.items[0].line, 7);
}

static void bytes_may_go_afterwards(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    char text[] = "{\"name\": [\"text\", 12]}";
    const struct json *document = document_read(text, &arena);
    memset(text, '?', sizeof(text));
    const struct json *list = json_find(document, "name");
    must(list != NULL);
    CU_ASSERT_STRING_EQUAL(list->as.items[0].as.text, "text");
    CU_ASSERT_EQUAL(list->as.items[1].as.integer, 12);
}

static void finds_members(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = document_read("{\"a\":1,\"b\":[\"a\"]}", &arena);
    CU_ASSERT_PTR_EQUAL(json_find(document, "a"), &document->as.items[0]);
    CU_ASSERT_PTR_NULL(json_find(document, "A"));
    CU_ASSERT_PTR_NULL(json_find(json_find(document, "b"), "a"));
    CU_ASSERT_PTR_NULL(json_find(NULL, "a"));
}

static void names_paths(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    const struct json *document = document_read("{\"findings\":[0,{\"when\":{\"not a name\":[7]}}]}", &arena);
    const struct json *when = json_find(&json_find(document, "findings")->as.items[1], "when");
    must(when != NULL);
    CU_ASSERT_STRING_EQUAL(json_path(document, &arena), "$");
    CU_ASSERT_STRING_EQUAL(json_path(when, &arena), "$.findings[1].when");
    CU_ASSERT_STRING_EQUAL(json_path(when->as.items[0].as.items, &arena), "$.findings[1].when[\"not a name\"][0]");
}

static void refuses_with_place(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct err err = {0};
    const struct json *document = document_read("{\n\"a\":\n1}", &arena);
    const struct json *member = json_find(document, "a");
    CU_ASSERT_FALSE(json_refuse(member, "p.json", &err, "no %s", "good"));
    CU_ASSERT_STRING_EQUAL(err.text, "p.json:3: $.a: no good");
    CU_ASSERT(json_want(member, JSON_INT, "p.json", &err));
    CU_ASSERT_FALSE(json_want(member, JSON_ARRAY, "p.json", &err));
    CU_ASSERT_STRING_EQUAL(err.text, "p.json:3: $.a: expected array, found int");
}

/* However long the names: the message behind the path is still there. */
static void long_paths_leave_room_for_the_message(void)
{
    struct arena arena AUTO(arena_close) = document_arena();
    struct buf text AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&text, DOCUMENT_LIMIT);
    buf_format(&text, "{\"%*s\":{\"b\":1.5}}", 60000, "x");
    const struct json *ignored = NULL;
    CU_ASSERT_FALSE(document_load(text.bytes, text.size, &arena, &ignored, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "floats are not in the language"));
    *strstr(text.bytes, "1.5") = ' ';
    *strstr(text.bytes, ".5") = ' ';
    const struct json *document = document_read(text.bytes, &arena);
    json_refuse(&document->as.items[0].as.items[0], "p.json", &err, "said");
    CU_ASSERT_STRING_EQUAL(err.text, "p.json:1: $...: said");
    CU_ASSERT(strlen(json_path(&document->as.items[0], &arena)) <= LIMIT_TEXT_BYTES + 3);
}

/* What another program writes may hold numbers that azmend has no use for; the grammar still holds. */
static void foreign_fractions_read_as_null(void)
{
    static const struct {
        const char *text;
        bool is_taken;
    } rows[] = {{"[1.0]", true},    {"[-0.5e+10]", true}, {"[1E5]", true},   {"[1e-5,2]", true}, {"[1.]", false},
                {"[.5]", false},    {"[01.5]", false},    {"[1e]", false},   {"[1e+]", false},   {"[-.5]", false},
                {"[1.5.5]", false}, {"[--1.5]", false},   {"[1.5e]", false}, {"[1.5", false}};
    static const struct json_source foreign = {.file = "t.json", .limit = DOCUMENT_LIMIT, .is_foreign = true};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena AUTO(arena_close) = document_arena();
        const struct json *document = NULL;
        struct err err = {0};
        bool is_taken = json_load(rows[i].text, strlen(rows[i].text), &foreign, &arena, &document, &err);
        ROW_ASSERT(rows[i].text, is_taken == rows[i].is_taken);
        ROW_ASSERT(rows[i].text, !is_taken || document->as.items[0].type == JSON_NULL);
        ROW_ASSERT(rows[i].text, !document_load(rows[i].text, strlen(rows[i].text), &arena, &document, &err));
    }
}

void suite_json(void);
void suite_json(void)
{
    UNIT_SUITE("json", UNIT_TEST(decodes), UNIT_TEST(walks_what_is_large), UNIT_TEST(knows_lines),
               UNIT_TEST(bytes_may_go_afterwards), UNIT_TEST(finds_members), UNIT_TEST(names_paths),
               UNIT_TEST(refuses_with_place), UNIT_TEST(long_paths_leave_room_for_the_message),
               UNIT_TEST(foreign_fractions_read_as_null));
}
