/* SPDX-License-Identifier: MIT */
/* The bound of stdout: 4,096 bytes, the last line whole, whatever the record holds. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/json.h"
#include "record_fixture.h"
#include "report/clean.h"
#include "report/console.h"
#include "report/result_fields.h"
#include "report/text.h"
#include "unit.h"

#define KANJI "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe6\x96\x87\xe7\xab\xa0"
#define CONTROLS "\x01\x02\x03\x1b[2J\r\n\x7f"
#define REPEAT10(text) text text text text text text text text text text

static const char long_text[] = REPEAT10(REPEAT10("forty characters of text in one row...! "));
static const char long_kanji[] = REPEAT10(REPEAT10(KANJI));
static const char long_controls[] = REPEAT10(REPEAT10(REPEAT10("\x01\x02\x03")));

static const struct {
    const char *name;
    size_t playbooks, findings;
    const char *text, *japanese;
} records[] = {
    {"nothing", 0, 0, "text", NULL},
    {"no findings", 8, 0, "text", NULL},
    {"one", 1, 1, "text", KANJI},
    {"ten", 1, 10, "a short text", KANJI},
    {"a hundred", 1, 100, "a short text", KANJI},
    {"a thousand", 4, 250, "a short text", KANJI},
    {"ten thousand", 1, 10000, "a short text", KANJI},
    {"sixty-four playbooks", 64, 3, "a short text", KANJI},
    {"long texts", 1, 3, long_text, long_kanji},
    {"Japanese in every field", 2, 9, long_kanji, long_kanji},
    {"control characters", 2, 9, CONTROLS, CONTROLS},
    {"long control characters", 2, 9, long_controls, long_controls},
};

/* The start of the last line, which ends with the text. */
static const char *last_line(const struct buf *buf)
{
    const char *start = buf_string(buf);
    for (size_t i = 0; i + 1 < buf->size; i++) {
        if (buf->bytes[i] == '\n') {
            start = buf->bytes + i + 1;
        }
    }
    return start;
}

static bool ends_with_result(const struct buf *buf, struct arena *arena)
{
    static const struct json_source source = {.file = "last line", .limit = LIMIT_RESULT_BYTES};
    const char *line = last_line(buf);
    const struct json *document = NULL;
    union result_slot slot = {0};
    struct err err = {0};
    return text_is_ascii(line) && json_load(line, strlen(line), &source, arena, &document, &err) &&
           fields_decode(&result_fields, document, "last line", arena, &slot, &err);
}

static bool is_shown_safely(const struct buf *buf, enum language language)
{
    size_t bad = 0;
    for (size_t i = 0; i < buf->size; i++) {
        unsigned char byte = (unsigned char)buf->bytes[i];
        if ((byte < ' ' && byte != '\n') || byte == 0x7f || (language == LANGUAGE_EN && byte > '~')) {
            return false;
        }
    }
    return text_is_utf8(buf_string(buf), buf->size, &bad);
}

static void stdout_is_bounded_and_whole(void)
{
    for (size_t i = 0; i < COUNT_OF(records) * 4; i++) {
        const enum language language = i % 2 == 0 ? LANGUAGE_EN : LANGUAGE_JA;
        const enum console_form form = i / 2 % 2 == 0 ? CONSOLE_TABLE : CONSOLE_QUIET;
        const char *name = records[i / 4].name;
        const struct fixture fixture = {.playbooks = records[i / 4].playbooks,
                                        .findings = records[i / 4].findings,
                                        .text = records[i / 4].text,
                                        .japanese = records[i / 4].japanese};
        struct arena arena AUTO(arena_close) = {0};
        struct buf buf AUTO(buf_clear) = {0};
        struct err err = {0};
        CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
        console_render(&buf, fixture_record(&fixture, &arena), form, language, SHELL_BASH);
        ROW_ASSERT(name, !buf.failed && buf.size > 0 && buf.size <= LIMIT_STDOUT_BYTES);
        ROW_ASSERT(name, buf.size > 0 && buf.bytes[buf.size - 1] == '\n');
        ROW_ASSERT(name, ends_with_result(&buf, &arena));
        ROW_ASSERT(name, is_shown_safely(&buf, language));
        ROW_ASSERT(name, form == CONSOLE_TABLE || last_line(&buf) == buf_string(&buf));
    }
}

/* Five playbooks more or less must not turn a page of facts into a bare verdict. */
static void the_room_is_used(void)
{
    const struct fixture fixture = {.playbooks = 1, .findings = 10000, .text = "text", .only_one_state = true};
    struct arena arena AUTO(arena_close) = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    console_render(&buf, fixture_record(&fixture, &arena), CONSOLE_TABLE, LANGUAGE_EN, SHELL_BASH);
    CU_ASSERT(buf.size > LIMIT_STDOUT_BYTES * 3 / 4);
    CU_ASSERT(strstr(buf_string(&buf), " more lines. To see all") != NULL);
    CU_ASSERT(strstr(last_line(&buf), "\"states\":{\"fixed\":10000}") != NULL);
}

static void the_whole_result_is_whole(void)
{
    const struct fixture fixture = {.playbooks = 1, .findings = 1000, .text = "text"};
    struct arena arena AUTO(arena_close) = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    console_render(&buf, fixture_record(&fixture, &arena), CONSOLE_WHOLE, LANGUAGE_EN, SHELL_BASH);
    CU_ASSERT(buf.size > LIMIT_STDOUT_BYTES);
    CU_ASSERT(strstr(buf_string(&buf), "\"detail\": 0") != NULL);
    CU_ASSERT(strstr(buf_string(&buf), "FINDING_NUMBER_999") != NULL);
}

static const struct {
    const char *name, *text, *english, *japanese;
} texts[] = {
    {"plain", "plain", "plain", "plain"},
    {"line break", "a\nb", "a?b", "a?b"},
    {"escape", "\x1b[2J", "?[2J", "?[2J"},
    {"Japanese", KANJI, "??????", KANJI},
    {"right-to-left override",
     "a\xe2\x80\xae"
     "b",
     "a?b", "a?b"},
    {"control of the upper half",
     "a\xc2\x9b"
     "b",
     "a?b", "a?b"},
    {"ill-formed",
     "a\xff"
     "b",
     "a?b", "a?b"},
};

static void foreign_texts_are_tamed(void)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buf english AUTO(buf_clear) = {0};
        struct buf japanese AUTO(buf_clear) = {0};
        buf_init(&english, 256);
        buf_init(&japanese, 256);
        text_clean(&english, texts[i].text, LANGUAGE_EN);
        text_clean(&japanese, texts[i].text, LANGUAGE_JA);
        ROW_ASSERT(texts[i].name, text_same(buf_string(&english), texts[i].english));
        ROW_ASSERT(texts[i].name, text_same(buf_string(&japanese), texts[i].japanese));
    }
}

static void every_size_of_a_table_ends_at_a_line(void)
{
    const struct fixture fixture = {.playbooks = 1, .findings = 30, .text = "text"};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    const struct record *record = fixture_record(&fixture, &arena);
    for (size_t size = 0; size < 4096; size += 13) {
        struct buf buf AUTO(buf_clear) = {0};
        buf_init(&buf, LIMIT_RESULT_BYTES);
        text_write(&buf, record, LANGUAGE_JA, SHELL_BASH);
        text_shorten(&buf, size, LANGUAGE_JA);
        CU_ASSERT(buf.size <= size);
        CU_ASSERT(buf.size == 0 || buf.bytes[buf.size - 1] == '\n');
    }
}

static void add_try(struct host *host, struct arena *arena, enum op_outcome outcome)
{
    struct op *op = arena_alloc(arena, sizeof(*op));
    *op = (struct op){.class = OP_ONE_WAY,
                      .outcome = outcome,
                      .verb = "activate",
                      .target = "Windows",
                      .shown_before = "LicenseStatus 5",
                      .shown_after = "activated"};
    *(struct op **)arena_push(arena, &host->log, sizeof(struct op *)) = op;
}

/* Tried in vain three times, then done: two lines, and only the one that happened is called lasting. */
static void test_a_change_tried_again_is_told_once(void)
{
    static const enum op_outcome outcomes[] = {OP_FAILED, OP_FAILED, OP_FAILED, OP_DONE};
    static const char *const said[] = {"failed to activate Windows: LicenseStatus 5 -> activated (x3)\n",
                                       "  activate Windows: LicenseStatus 5 -> activated (cannot be undone)\n"};
    struct arena arena AUTO(arena_close) = {0};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    struct host host = {0};
    CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        add_try(&host, &arena, outcomes[i]);
    }
    struct finding finding = {.id = "NOT_LICENSED"};
    struct playbook playbook = {.id = "activation", .finding_count = 1};
    struct finding_record told = {.finding = &finding, .state = FINDING_FIXED};
    struct playbook_record book = {.playbook = &playbook, .applies = true, .findings = &told};
    struct step_record *step = arena_push(&arena, &told.steps, sizeof(*step));
    *step = (struct step_record){.ensure = "license", .outcome = STEP_CHANGED, .op_count = COUNT_OF(outcomes)};
    struct record record = {.host = &host, .mode = MODE_FIX, .playbooks = &book, .playbook_count = 1};
    buf_init(&buf, LIMIT_RESULT_BYTES);
    text_write(&buf, &record, LANGUAGE_EN, SHELL_BASH);
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        const char *found = strstr(buf_string(&buf), said[i]);
        ROW_ASSERT(said[i], found != NULL && strstr(found + 1, said[i]) == NULL);
    }
}

void suite_console(void);
void suite_console(void)
{
    UNIT_SUITE("console", UNIT_TEST(stdout_is_bounded_and_whole), UNIT_TEST(the_room_is_used),
               UNIT_TEST(the_whole_result_is_whole), UNIT_TEST(foreign_texts_are_tamed),
               UNIT_TEST(every_size_of_a_table_ends_at_a_line), UNIT_TEST(test_a_change_tried_again_is_told_once));
}
