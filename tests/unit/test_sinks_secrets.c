/* SPDX-License-Identifier: MIT */
/* Whatever text of a record holds a secret, no sink shows it: also the event and the status, which need Windows. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "record_fixture.h"
#include "report/console.h"
#include "report/event_log.h"
#include "report/html.h"
#include "report/result.h"
#include "report/status.h"
#include "unit.h"

#define LEFT "Zq9vX7zKw3"
#define RIGHT "7RtQ5NxLp2"
#define FIFTY "fifty characters of a text that is there to be long "
#define LONG FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY

static const char *const texts[] = {
    "http://CORP\\alice:" LEFT "\"<&'>%/?#@" RIGHT "@proxy.test:8080/x",
    "DefaultEndpointsProtocol=https;AccountKey=" LEFT "+/" RIGHT "==;EndpointSuffix=core.windows.net",
    "authorization: Bearer " LEFT "." RIGHT ", x",
    "https://a.test/p.zip?sv=2021&SIG=" LEFT "%2B" RIGHT "&se=2026",
    "to=http%3A%2F%2Falice%3A" LEFT "%2B" RIGHT "%40proxy.test%2Fp",
    LONG "http://alice:" LEFT "+" RIGHT "@proxy.test",
    "%1 \xe6\x97\xa5 password=" LEFT ";",
};

enum { WINDOW = 6 };

/* Six characters of either side in a row: what JSON and HTML escape stands between them. */
static bool holds_secret(const char *text)
{
    static const char *const runs[] = {LEFT, RIGHT};
    char window[WINDOW + 1] = "";
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        for (size_t at = 0; at + WINDOW <= strlen(runs[i]); at++) {
            memcpy(window, runs[i] + at, WINDOW);
            if (strstr(text, window) != NULL) {
                return true;
            }
        }
    }
    return false;
}

static void show_console(struct buf *buf, const struct record *record, struct arena *arena)
{
    struct buf part AUTO(buf_clear) = {0};
    (void)arena;
    for (int form = CONSOLE_TABLE; form <= (int)CONSOLE_WHOLE; form++) {
        console_render(&part, record, (enum console_form)form, LANGUAGE_EN, SHELL_BASH);
        buf_text(buf, buf_string(&part));
        console_render(&part, record, (enum console_form)form, LANGUAGE_JA, SHELL_BASH);
        buf_text(buf, buf_string(&part));
    }
}

static void show_result(struct buf *buf, const struct record *record, struct arena *arena)
{
    struct err err = {0};
    (void)arena;
    CU_ASSERT(result_whole(buf, record, &err));
}

static void show_page(struct buf *buf, const struct record *record, struct arena *arena)
{
    (void)arena;
    html_write(buf, record, LANGUAGE_EN);
    html_write(buf, record, LANGUAGE_JA);
}

static void show_event(struct buf *buf, const struct record *record, struct arena *arena)
{
    (void)arena;
    event_log_render(buf, record);
}

static void show_status(struct buf *buf, const struct record *record, struct arena *arena)
{
    static const int codes[VERDICT_COUNT] = {0};
    struct status status;
    status_of_record(record, codes, LANGUAGE_JA, arena, &status);
    status_write(buf, &status);
}

/* What went wrong, and what is waited for: one text each. */
static void show_failure(struct buf *buf, const struct record *record, struct arena *arena)
{
    struct buf part AUTO(buf_clear) = {0};
    struct status status;
    status_of_failure(STATUS_CAUSE_FAILED, record->machine.name, arena, &status);
    status_write(buf, &status);
    status_of_work("fix", record->machine.name, arena, &status);
    status_write(&part, &status);
    buf_text(buf, buf_string(&part));
}

static void no_sink_shows_it(void)
{
    static const struct {
        const char *name;
        void (*show)(struct buf *buf, const struct record *record, struct arena *arena);
    } sinks[] = {{"console", show_console}, {"result", show_result}, {"page", show_page},
                 {"event", show_event},     {"status", show_status}, {"failure", show_failure}};
    for (size_t i = 0; i < COUNT_OF(sinks) * COUNT_OF(texts); i++) {
        struct arena arena AUTO(arena_close) = {0};
        struct buf shown AUTO(buf_clear) = {0};
        struct err err = {0};
        const char *text = texts[i % COUNT_OF(texts)];
        const struct fixture fixture = {.playbooks = 2, .findings = 9, .text = text, .japanese = text};
        CU_ASSERT_FATAL(arena_open(&arena, LIMIT_ARENA_BYTES, &err));
        CU_ASSERT_FATAL(holds_secret(text));
        buf_init(&shown, LIMIT_RESULT_BYTES);
        sinks[i / COUNT_OF(texts)].show(&shown, fixture_record(&fixture, &arena), &arena);
        ROW_ASSERT(sinks[i / COUNT_OF(texts)].name, shown.size > 0 && !holds_secret(buf_string(&shown)));
    }
}

/* An error's text is cut, and it is shown by whoever gets it, also where there is no memory for more. */
static void no_error_says_it(void)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct err err = {0};
        (void)err_set(&err, ERR_IO, 0, "cannot read %s", texts[i]);
        ROW_ASSERT(texts[i], !holds_secret(err.text));
        for (size_t size = 0; size < ERR_TEXT_SIZE; size++) {
            (void)err_set(&err, ERR_IO, 0, "%*s %s", (int)size, "", texts[i]);
            (void)err_context(&err, "from http://alice:%s@h", LEFT);
            ROW_ASSERT(texts[i], !holds_secret(err.text));
        }
    }
}

void suite_sinks_secrets(void);

void suite_sinks_secrets(void)
{
    UNIT_SUITE("sinks: secrets", UNIT_TEST(no_sink_shows_it), UNIT_TEST(no_error_says_it));
}
