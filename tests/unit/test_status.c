/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "channel/options/exit_code.h"
#include "record_fixture.h"
#include "report/status.h"
#include "unit.h"

void suite_status(void);

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static struct arena new_arena(void)
{
    struct arena arena = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    return arena;
}

static bool lints(const char *bytes, size_t size, struct arena *arena, struct err *err)
{
    enum status_word word = STATUS_WORD_COUNT;
    size_t mark = arena_mark(arena);
    *err = (struct err){0};
    bool holds = status_lint(bytes, size, arena, &word, err);
    arena_release(arena, mark);
    return holds && word < STATUS_WORD_COUNT;
}

static const char *valid(struct arena *arena)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct status status;
    status_of_failure(STATUS_CAUSE_SETTINGS, "said", arena, &status);
    status.utc_ms = 1768464000000;
    status_write(&bytes, &status);
    return arena_text(arena, buf_string(&bytes));
}

/* What the agent trips over, one change a row. */
static const struct {
    const char *name, *what, *instead; /* the first `what` in a valid document becomes `instead` */
} broken[] = {
    {"a byte order mark", "[", "\xEF\xBB\xBF["},
    {"Latin-1", "said",
     "sa\xEF"
     "d"},
    {"not ASCII", "said",
     "sa\xC3\xAF"
     "d"},
    {"a capital", "\"error\"", "\"Error\""},
    {"a word of its own", "\"error\"", "\"failed\""},
    {"a code as a text", "\"code\": 20", "\"code\": \"20\""},
    {"a code with a fraction", "\"code\": 20", "\"code\": 20.5"},
    {"a code that is too large", "\"code\": 20", "\"code\": 99999999999"},
    {"no message", "\"message\"", "\"Message\""},
    {"no language", "\"lang\"", "\"Lang\""},
    {"an empty message", "\"lang\": \"en-US\",", "\"lang\": \"e\","},
    {"a message that is null", "\"formattedMessage\": {", "\"formattedMessage\": null, \"x\": {"},
    {"no operation", "\"operation\"", "\"op\""},
    {"no time", "2026-01-15T08:00:00Z", "2026-01-15"},
    {"an unknown member", "\"version\"", "\"extra\": 1, \"version\""},
    {"twice the same member", "\"version\": \"1.0\",", "\"version\": \"1.0\", \"version\": \"1.0\","},
    {"substatus as an object", "\"substatus\": [", "\"substatus\": {}, \"rest\": ["},
    {"two of them", "[\n", "[{},\n"},
    {"a bare object", "[", " "},
};

static const char *changed(const char *text, const char *what, const char *instead, struct arena *arena)
{
    const char *at = strstr(text, what);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    return arena_format(arena, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(what));
}

static void a_broken_document_never_goes_out(void)
{
    struct arena arena AUTO(arena_close) = new_arena();
    const char *text = valid(&arena);
    struct err err;
    CU_ASSERT(lints(text, strlen(text), &arena, &err));
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const char *wrong = changed(text, broken[i].what, broken[i].instead, &arena);
        ROW_ASSERT(broken[i].name, !lints(wrong, strlen(wrong), &arena, &err));
        ROW_ASSERT(broken[i].name, err.code == ERR_INVALID && strchr(err.text, '\n') == NULL);
    }
    size_t last = strlen(text) - 2; /* what is missing behind the last bracket is a line's end */
    for (size_t size = 0; size <= last; size++) {
        CU_ASSERT(!lints(text, size, &arena, &err));
    }
    CU_ASSERT(!lints(text, strlen(text) + 1, &arena, &err)); /* a NUL behind it */
    char *padded = arena_alloc(&arena, LIMIT_STATUS_BYTES + 1);
    memset(padded, ' ', LIMIT_STATUS_BYTES + 1);
    CU_ASSERT(!lints(padded, LIMIT_STATUS_BYTES + 1, &arena, &err) && err.code == ERR_LIMIT);
}

static const int *all_codes(void)
{
    static int codes[VERDICT_COUNT];
    for (int i = 0; i < VERDICT_COUNT; i++) {
        codes[i] = exit_code((enum verdict)i, EXIT_PLAIN);
    }
    return codes;
}

/* Every byte doubles when it is escaped: the worst that a text can do. */
#define QUOTES                                                                                                         \
    "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\" \
    "\"\\\"\\\"\\\"\\\"\\"
static const struct {
    const char *name;
    struct fixture fixture;
    enum language language;
} records[] = {
    {"nothing", {.playbooks = 0, .text = "t"}, LANGUAGE_EN},
    {"one", {.playbooks = 1, .findings = 1, .text = "t", .only_one_state = true}, LANGUAGE_EN},
    {"twenty-nine", {.playbooks = 29, .findings = 3, .text = "t"}, LANGUAGE_EN},
    {"thirty", {.playbooks = 30, .findings = 3, .text = "t"}, LANGUAGE_EN},
    {"sixty-four", {.playbooks = 64, .findings = 3, .text = "t"}, LANGUAGE_EN},
    {"many findings", {.playbooks = 3, .findings = 2000, .text = "t"}, LANGUAGE_EN},
    {"quotes", {.playbooks = 64, .findings = 40, .text = QUOTES}, LANGUAGE_EN},
    {"Japanese", {.playbooks = 64, .findings = 40, .text = "t", .japanese = "ライセンス認証の確認"}, LANGUAGE_JA},
    {"control characters", {.playbooks = 2, .findings = 9, .text = "\x1b[2Ja\r\nb\x7f\xe2\x80\xae"}, LANGUAGE_EN},
    {"ill-formed", {.playbooks = 2, .findings = 9, .text = "\xff\xc0\x80", .japanese = "\xe3\x81"}, LANGUAGE_JA},
};

static void every_record_makes_a_document_that_the_agent_takes(void)
{
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct arena arena AUTO(arena_close) = new_arena();
        struct buf bytes AUTO(buf_clear) = {0};
        struct status status;
        struct err err;
        const struct record *record = fixture_record(&records[i].fixture, &arena);
        status_of_record(record, all_codes(), records[i].language, &arena, &status);
        status_write(&bytes, &status);
        ROW_ASSERT(records[i].name, lints(buf_string(&bytes), bytes.size, &arena, &err));
        ROW_ASSERT(records[i].name, bytes.size < LIMIT_STATUS_BYTES && status.word == STATUS_SUCCESS);
        ROW_ASSERT(records[i].name, strlen(status.headline) <= STATUS_HEADLINE_BYTES && text_is_ascii(status.headline));
        size_t wanted =
            records[i].fixture.playbooks < STATUS_SUBSTATUS_MAX ? records[i].fixture.playbooks : STATUS_SUBSTATUS_MAX;
        ROW_ASSERT(records[i].name, status.part_count == wanted);
        for (size_t p = 0; p < status.part_count; p++) {
            ROW_ASSERT(records[i].name, strlen(status.parts[p].message) <= STATUS_MESSAGE_BYTES);
        }
    }
}

/* All 81 pairs of verdicts: whichever way round, the worse one stands first. */
static void the_worst_playbook_stands_first(void)
{
    static const struct fixture fixture = {.playbooks = 2, .findings = 1, .text = "t"};
    for (int first = 0; first < VERDICT_COUNT; first++) {
        for (int second = 0; second < VERDICT_COUNT; second++) {
            struct arena arena AUTO(arena_close) = new_arena();
            struct status status;
            const struct record *record = fixture_record(&fixture, &arena);
            record->playbooks[0].verdict = (enum verdict)first;
            record->playbooks[1].verdict = (enum verdict)second;
            status_of_record(record, all_codes(), LANGUAGE_EN, &arena, &status);
            const char *worse = second < first ? "playbook-1" : "playbook-0";
            ROW_ASSERT(verdict_names[first], text_same(status.parts[0].name, worse));
            ROW_ASSERT(verdict_names[first], status.parts[0].code == all_codes()[first < second ? first : second]);
        }
    }
}

/* Whose matter it is can be told by the sign, and nothing else may be said of success. */
static void every_cause_says_whose_matter_it_is(void)
{
    for (int cause = STATUS_CAUSE_NONE + 1; cause < STATUS_CAUSE_COUNT; cause++) {
        struct arena arena AUTO(arena_close) = new_arena();
        struct buf bytes AUTO(buf_clear) = {0};
        struct status status;
        struct err err;
        bool is_users = cause <= STATUS_CAUSE_UNSUPPORTED;
        status_of_failure((enum status_cause)cause, "why \xE3\x81\x82\n\"", &arena, &status);
        status_write(&bytes, &status);
        CU_ASSERT(lints(buf_string(&bytes), bytes.size, &arena, &err));
        CU_ASSERT(status.word == STATUS_ERROR && (status.code > 0) == is_users && status.code != 0);
        CU_ASSERT(status.part_count == 1 && text_same(status.parts[0].name, "ErrorClarification"));
        CU_ASSERT(status.parts[0].word == STATUS_ERROR && status.parts[0].code == status.code);
        CU_ASSERT_PTR_NOT_NULL(strstr(status.headline, "why ?"));
    }
}

static void work_is_transitioning(void)
{
    struct arena arena AUTO(arena_close) = new_arena();
    struct buf bytes AUTO(buf_clear) = {0};
    struct status status;
    enum status_word word = STATUS_ERROR;
    struct err err = {0};
    status_of_work("fix", "3 network answers", &arena, &status);
    status_write(&bytes, &status);
    CU_ASSERT(status_lint(buf_string(&bytes), bytes.size, &arena, &word, &err) && word == STATUS_TRANSITIONING);
    CU_ASSERT_PTR_NOT_NULL(strstr(status.headline, " fix: at work, waiting for 3 network answers"));
    status_of_work(NULL, NULL, &arena, &status);
    CU_ASSERT(text_ends(status.headline, ": at work"));
}

void suite_status(void)
{
    UNIT_SUITE("status", UNIT_TEST(a_broken_document_never_goes_out),
               UNIT_TEST(every_record_makes_a_document_that_the_agent_takes),
               UNIT_TEST(the_worst_playbook_stands_first), UNIT_TEST(every_cause_says_whose_matter_it_is),
               UNIT_TEST(work_is_transitioning));
}
