/* SPDX-License-Identifier: MIT */
/* What an unattended run holds back, and what it never does. */
#include "engine/distance.h"
#include "engine_fixture.h"

/* Who remembers: says until when, and counts what it is asked. */
static struct {
    int64_t until_ms;
    bool fails, repeats;
    size_t asked, once;
    char answer[LIMIT_ANSWER_BYTES], evidence[2][LIMIT_ANSWER_BYTES];
} memory;

static bool ask(void *context, int64_t *ret_until_ms, struct err *err)
{
    (void)context;
    memory.asked++;
    *ret_until_ms = memory.until_ms;
    return !memory.fails || err_set(err, ERR_IO, 5, "the disk is full");
}

static bool answered(void *context, const char *answer)
{
    (void)context;
    (void)snprintf(memory.answer, sizeof(memory.answer), "%s", answer);
    return memory.repeats;
}

static bool once(void *context, const char *evidence, int64_t *ret_until_ms, struct err *err)
{
    (void)context;
    (void)snprintf(memory.evidence[memory.once++ % 2], sizeof(memory.evidence[0]), "%s", evidence);
    *ret_until_ms = memory.until_ms;
    return !memory.fails || err_set(err, ERR_IO, 5, "the disk is full");
}

#define UNTIL_MS INT64_C(1768471200000) /* 2026-01-15T10:00:00Z */
#define PROGRAM "'%SystemRoot%\\\\System32\\\\fclip.exe'"
#define PROGRAMS                                                                                                       \
    ",'programs':{" PROGRAM ":{'arguments':[],'exitCode':0,'ms':10,'output':''}},'files':{" PROGRAM                    \
    ":{'text':'x'}},'network':{" NO_IMDS "}"
#define LASTS ",'fix':[{'ensure':'process','with':{'program':" PROGRAM ",'ran':true}}]"

static struct distance_sink sink(void)
{
    return (struct distance_sink){.ask = ask, .answered = answered, .once = once};
}

#define BAD(registry) MACHINE_OF(AZURE_TAG, registry, PROGRAMS)
#define WITH(fix) PLAYBOOK("p", "", PLAN_FINDING("A", "{'fact':'a.text','contains':'bad'}", fix))

/* A fixture of its own, and what became of finding A. */
static struct finding_record go(const char *machine, const char *playbook, enum run_mode mode, const char **ret_reason)
{
    static char reason[LIMIT_TEXT_BYTES];
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, machine, &(struct plan_texts){.playbooks = {playbook}});
    fixture.distance = sink();
    const struct record *record = engine_go(&fixture, mode);
    struct finding_record finding = *engine_finding(&fixture, "A");
    (void)snprintf(reason, sizeof(reason), "%s|%s|%lld", finding.reason.en != NULL ? finding.reason.en : "",
                   finding.reason.ja != NULL ? finding.reason.ja : "", (long long)record->held_until_ms);
    *ret_reason = reason;
    return finding;
}

static void test_what_lasts_is_asked_about(void)
{
    static const struct {
        const char *name, *playbook;
        enum run_mode mode;
        size_t once, asked;
    } rows[] = {
        {"a program", WITH(LASTS), MODE_FIX, 1, 0},
        {"a plan keeps nothing", WITH(LASTS), MODE_PLAN, 0, 0},
        {"what can be taken back", WITH(FIX("a", "good")), MODE_FIX, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *reason = NULL;
        memset(&memory, 0, sizeof(memory));
        struct finding_record finding = go(BAD("'a':'bad'"), rows[i].playbook, rows[i].mode, &reason);
        ROW_ASSERT(rows[i].name, memory.once == rows[i].once && memory.asked == rows[i].asked);
        ROW_ASSERT(rows[i].name, finding.steps.count == 1 && strcmp(reason, "||0") == 0);
    }
}

static void test_held(void)
{
    const char *reason = NULL;
    memset(&memory, 0, sizeof(memory));
    memory.until_ms = UNTIL_MS;
    struct finding_record finding = go(BAD("'a':'bad'"), WITH(LASTS), MODE_FIX, &reason);
    CU_ASSERT(finding.state == FINDING_NOT_FIXED);
    CU_ASSERT_PTR_NOT_NULL(strstr(reason, "before 2026-01-15T10:00:00Z"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason, "2026-01-15T10:00:00Z \xE3\x81\xBE\xE3\x81\xA7"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason, "|1768471200000"));
    CU_ASSERT(spy_count("set a") == 0);
}

static void test_not_written_down(void)
{
    const char *reason = NULL;
    memset(&memory, 0, sizeof(memory));
    memory.fails = true;
    struct finding_record finding = go(BAD("'a':'bad'"), WITH(LASTS), MODE_FIX, &reason);
    CU_ASSERT(finding.state == FINDING_NOT_FIXED);
    CU_ASSERT_PTR_NOT_NULL(strstr(reason, "cannot be written down: the disk is full"));
}

/* Numbers change by themselves; texts do not. */
static void test_evidence(void)
{
    static const struct {
        const char *name, *first, *second;
        bool is_same;
    } rows[] = {
        {"the same", BAD("'a':'bad'"), BAD("'a':'bad'"), true},
        {"another text", BAD("'a':'bad'"), BAD("'a':'very bad'"), false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *reason = NULL;
        memset(&memory, 0, sizeof(memory));
        (void)go(rows[i].first, WITH(LASTS), MODE_FIX, &reason);
        (void)go(rows[i].second, WITH(LASTS), MODE_FIX, &reason);
        ROW_ASSERT(rows[i].name, memory.once == 2 && strlen(memory.evidence[0]) == 16);
        ROW_ASSERT(rows[i].name, (strcmp(memory.evidence[0], memory.evidence[1]) == 0) == rows[i].is_same);
    }
}

/* One more try is made only as the sink says; what it is told is the code and the one beneath it. */
static void test_answer(void)
{
    static const struct {
        const char *name, *code, *inner, *told;
        enum run_mode mode;
        bool asks, repeats;
    } rows[] = {
        {"both codes", "0xC004F074", "0x8007232B", "0xC004F074 0x8007232B", MODE_FIX, true, false},
        {"one code", "0xC004F038", NULL, "0xC004F038", MODE_FIX, true, true},
        {"none", NULL, NULL, "", MODE_FIX, true, false},
        {"a plan tells nothing", "0xC004F074", NULL, "-", MODE_PLAN, true, true},
        {"a key is no question", "0xC004F074", NULL, "-", MODE_FIX, false, true},
    };
    const struct kind *kind = kind_find("license");
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(kind != NULL && arena_open(&arena, 1024 * 1024, &err));
    const struct columns *columns = &kind->properties;
    const struct expr *wish = arena_alloc(&arena, sizeof(*wish));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct expr **wanted = arena_array(&arena, columns->count, sizeof(const struct expr *));
        struct value *cells = arena_array(&arena, columns->count, sizeof(*cells));
        wanted[columns_find(columns, rows[i].asks ? "status" : "partialKey")] = wish;
        cells[columns_find(columns, "lastCode")] = rows[i].code != NULL ? value_text(rows[i].code) : value_absent();
        cells[columns_find(columns, "lastInnerCode")] =
            rows[i].inner != NULL ? value_text(rows[i].inner) : value_absent();
        const struct engine_options options = {.mode = rows[i].mode, .distance = sink()};
        struct run run = {.options = &options, .arena = &arena};
        const struct step step = {.kind = kind, .wanted = wanted};
        const struct look_entry entry = {.kind = kind, .result = value_row(columns, cells)};
        memset(&memory, 0, sizeof(memory));
        (void)snprintf(memory.answer, sizeof(memory.answer), "-");
        memory.repeats = rows[i].repeats;
        ROW_ASSERT(rows[i].name, distance_answered(&run, &step, &entry) == rows[i].repeats);
        ROW_ASSERT(rows[i].name, strcmp(memory.answer, rows[i].told) == 0);
    }
}

void suite_engine_distance(void);
void suite_engine_distance(void)
{
    UNIT_SUITE("engine/distance", UNIT_TEST(test_what_lasts_is_asked_about), UNIT_TEST(test_held),
               UNIT_TEST(test_not_written_down), UNIT_TEST(test_evidence), UNIT_TEST(test_answer));
}
