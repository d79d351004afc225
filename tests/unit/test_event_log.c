/* SPDX-License-Identifier: MIT */
/* The event of the Application log: whole JSON within the system's limit, nothing a viewer would take for its own. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/json.h"
#include "record_fixture.h"
#include "report/event_log.h"
#include "report/result_fields.h"
#include "unit.h"

#define REPEAT10(text) text text text text text text text text text text

static const char percents[] = REPEAT10(REPEAT10("%1 %%2 "));

static bool is_result(const struct buf *text, struct arena *arena)
{
    static const struct json_source source = {.file = "event", .limit = LIMIT_RESULT_BYTES};
    const struct json *document = NULL;
    union result_slot slot = {0};
    struct err err = {0};
    return json_load(buf_string(text), text->size, &source, arena, &document, &err) &&
           fields_decode(&result_fields, document, "event", arena, &slot, &err);
}

static void within_the_limit(void)
{
    static const struct {
        const char *name;
        size_t playbooks, findings;
        const char *text;
    } cases[] = {
        {"nothing", 0, 0, "text"},
        {"one", 1, 1, "text"},
        {"ten thousand", 4, 2500, "a text"},
        {"every text full of insertions", 4, 9, percents},
        {"insertions in ten thousand", 1, 10000, "%1"},
        {"Japanese", 2, 9, "\xe6\x97\xa5\xe6\x9c\xac"},
        {"controls", 2, 9, "\x01\r\n\x1b[2J"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena AUTO(arena_close) = {0};
        struct buf text AUTO(buf_clear) = {0};
        struct err err = {0};
        CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
        const struct fixture fixture = {
            .playbooks = cases[i].playbooks, .findings = cases[i].findings, .text = cases[i].text};
        event_log_render(&text, fixture_record(&fixture, &arena));
        ROW_ASSERT(cases[i].name, text.size > 0 && text.size <= LIMIT_EVENT_TEXT);
        ROW_ASSERT(cases[i].name, text_is_ascii(buf_string(&text)));
        ROW_ASSERT(cases[i].name, strchr(buf_string(&text), '%') == NULL);
        ROW_ASSERT(cases[i].name, strchr(buf_string(&text), '\n') == NULL);
        ROW_ASSERT(cases[i].name, is_result(&text, &arena));
    }
}

/* As much as fits, not the least: one finding's evidence is there. */
static void keeps_detail(void)
{
    struct arena arena AUTO(arena_close) = {0};
    struct buf text AUTO(buf_clear) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    event_log_render(&text, fixture_typical(&arena));
    CU_ASSERT_PTR_NOT_NULL(strstr(buf_string(&text), "\"detail\":0"));
    CU_ASSERT_PTR_NOT_NULL(strstr(buf_string(&text), "target.host"));
}

static void kinds(void)
{
    for (int left = 0; left < (int)VERDICT_COUNT; left++) {
        struct event_kind kind = event_log_kind((enum verdict)left);
        ROW_ASSERT(verdict_names[left], kind.id >= 1 && kind.id <= 1000);
        for (int right = 0; right < left; right++) {
            ROW_ASSERT(verdict_names[left], kind.id != event_log_kind((enum verdict)right).id);
        }
    }
    CU_ASSERT_EQUAL(event_log_kind(VERDICT_HEALTHY).level, PORT_EVENT_INFORMATION);
    CU_ASSERT_EQUAL(event_log_kind(VERDICT_FIXED).level, PORT_EVENT_INFORMATION);
    CU_ASSERT_EQUAL(event_log_kind(VERDICT_NEEDS_AZURE_CHANGE).level, PORT_EVENT_WARNING);
    CU_ASSERT_EQUAL(event_log_kind(VERDICT_FAILED).level, PORT_EVENT_ERROR);
}

void suite_event_log(void);

void suite_event_log(void)
{
    UNIT_SUITE("event_log", UNIT_TEST(within_the_limit), UNIT_TEST(keeps_detail), UNIT_TEST(kinds));
}
