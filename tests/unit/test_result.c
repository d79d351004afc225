/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/json.h"
#include "record_fixture.h"
#include "report/result.h"
#include "report/result_fields.h"
#include "unit.h"

static const struct json_source source = {.file = "result", .limit = LIMIT_RESULT_BYTES};

/* Strict JSON, ASCII, and as the schema's own tables describe it. */
static bool is_result(const struct buf *buf, struct arena *arena, struct err *err)
{
    const struct json *document = NULL;
    union result_slot slot = {0};
    return !buf->failed && json_load(buf_string(buf), buf->size, &source, arena, &document, err) &&
           text_is_ascii(buf_string(buf)) && fields_decode(&result_fields, document, "result", arena, &slot, err);
}

static void render(struct buf *buf, const struct record *record, enum detail detail)
{
    struct writer writer;
    buf_init(buf, LIMIT_RESULT_BYTES);
    writer_init(&writer, buf, WRITER_ONE_LINE);
    result_write(&writer, record, detail);
}

static void every_level_fits_the_schema_and_is_smaller(void)
{
    const struct fixture fixture = {
        .playbooks = 3, .findings = 40, .text = "a text", .japanese = "\xe6\x97\xa5\xe6\x9c\xac"};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    const struct record *record = fixture_record(&fixture, &arena);
    size_t before = SIZE_MAX;
    for (size_t detail = 0; detail < DETAIL_COUNT; detail++) {
        struct buf buf AUTO(buf_clear) = {0};
        render(&buf, record, (enum detail)detail);
        CU_ASSERT(is_result(&buf, &arena, &err));
        CU_ASSERT(buf.size < before);
        if (err.code != ERR_NONE) {
            printf("\n    level %zu: %s\n", detail, err.text);
        }
        before = buf.size;
    }
}

static const struct json *load_typical(struct arena *arena)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    const struct json *document = NULL;
    render(&buf, fixture_typical(arena), DETAIL_ALL);
    CU_ASSERT_FATAL(json_load(buf_string(&buf), buf.size, &source, arena, &document, &err));
    return document;
}

static const struct json *at(const struct json *value, const char *name, size_t index)
{
    const struct json *list = json_find(value, name);
    CU_ASSERT_FATAL(list != NULL && list->type == JSON_ARRAY && index < list->count);
    return list != NULL ? &list->as.items[index] : NULL;
}

static bool says(const struct json *object, const char *name, const char *text)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_TEXT && text_same(member->as.text, text);
}

static const char *text_in(const struct json *object, const char *name)
{
    const struct json *found = json_find(object, name);
    return found != NULL && found->type == JSON_TEXT ? found->as.text : "";
}

static void the_typical_result_says_what_happened(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    const struct json *document = load_typical(&arena);
    const struct json *playbook = at(document, "playbooks", 0);
    const struct json *fixed = at(playbook, "findings", 0);
    const struct json *step = at(fixed, "steps", 0);
    const struct json *change = at(step, "changes", 0);
    const struct json *handoff = at(at(playbook, "findings", 1), "handoff", 0);
    const struct json *command = at(handoff, "commands", 1);
    CU_ASSERT(says(document, "result", "azmend.result/1"));
    CU_ASSERT(says(document, "startedAt", "2026-01-15T08:00:00Z"));
    CU_ASSERT(says(document, "verdict", "needs_azure_change"));
    CU_ASSERT(says(json_find(document, "machine"), "name", "vm-web-01"));
    CU_ASSERT(says(fixed, "state", "fixed"));
    CU_ASSERT(says(step, "class", "reversible"));
    CU_ASSERT(says(change, "after", "23.102.135.246"));
    CU_ASSERT_EQUAL(json_find(change, "before")->type, JSON_NULL);
    CU_ASSERT_STRING_EQUAL(json_find(command, "argv")->as.items[1].as.text, "network");
    CU_ASSERT(strstr(text_in(handoff, "bash"), "\naz network nic show-effective-route-table --ids \"$nic\"\n") != NULL);
    CU_ASSERT(strstr(text_in(handoff, "powershell"), "\naz network nic show-effective-route-table --ids $nic\n") !=
              NULL);
    CU_ASSERT_EQUAL(json_find(playbook, "findings")->count, 2);
    CU_ASSERT_EQUAL(json_find(playbook, "absent")->count, 1);
    CU_ASSERT(json_find(json_find(document, "machine"), "vmId") == NULL);
}

static void an_error_names_its_code(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct record record = {.verdict = VERDICT_FAILED, .err = {.code = ERR_DENIED, .os = 5, .text = "no rights"}};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    render(&buf, &record, DETAIL_ALL);
    CU_ASSERT(is_result(&buf, &arena, &err));
    CU_ASSERT(strstr(buf_string(&buf), "\"error\":{\"code\":\"denied\",\"os\":5,\"text\":\"no rights\"}") != NULL);
}

static void the_schema_is_json(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct writer writer;
    const struct json *document = NULL;
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    buf_init(&buf, LIMIT_RESULT_BYTES);
    writer_init(&writer, &buf, WRITER_INDENTED);
    result_schema(&writer);
    writer_finish(&writer);
    CU_ASSERT_FATAL(json_load(buf_string(&buf), buf.size, &source, &arena, &document, &err));
    CU_ASSERT(json_find(json_find(json_find(document, "$defs"), "finding"), "properties") != NULL);
}

void suite_result(void);
void suite_result(void)
{
    UNIT_SUITE("result", UNIT_TEST(every_level_fits_the_schema_and_is_smaller),
               UNIT_TEST(the_typical_result_says_what_happened), UNIT_TEST(an_error_names_its_code),
               UNIT_TEST(the_schema_is_json));
}
