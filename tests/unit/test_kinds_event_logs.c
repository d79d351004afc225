/* SPDX-License-Identifier: MIT */
/*
 * The kinds that read the event log, on real logs and on one that somebody hostile wrote: what they say, and what it
 * costs. Events of tests/artefacts/events as they are; the hostile log is made here, since no machine document holds
 * it.
 */
#include "host/host_ops.h"
#include "host/nouns/event/event.h"
#include "host/nouns/licensing/licensing.h"
#include "json/json.h"
#include "kinds/licensing/spp_events.h"
#include "licensing_fixture.h"
#include "unit.h"

void suite_kinds_event_logs(void);

#define ARTEFACTS AZMEND_SOURCE_DIR "/tests/artefacts/events/"
enum { LOOKS = 40, LOOK_BYTES = 24 * 1024, FILE_BYTES = 256 * 1024, LOG_MOST = 3000 };

#define KIND_ADDRESS(name) &kind_##name,
static const struct kind *const kinds[] = {KINDS(KIND_ADDRESS)};

/* A log that a test fills, in place of the simulated machine's. Oldest first. */
static struct {
    const char *xml[LOG_MOST];
    size_t count;
} event_log;

static struct arena texts; /* what the log's events are made of */

static int open_texts(void)
{
    struct err err = {0};
    return arena_open(&texts, LIMIT_ARENA_BYTES, &err) ? 0 : 1;
}

static int close_texts(void)
{
    arena_close(&texts);
    return 0;
}

/* Does the query name the id that ends here? */
static bool names_id(const char *xpath, const char *id_end)
{
    char term[32];
    const char *id = id_end;
    while (id[-1] != '>') {
        id--;
    }
    (void)snprintf(term, sizeof term, "EventID=%.*s", (int)(id_end - id), id);
    return strstr(xpath, term) != NULL;
}

/* As the service does it: what the query does not want is left out, and nothing else is known of it. */
static bool give_log(void *backend, const struct event_query *query, struct arena *arena, const struct event_sink *sink,
                     struct err *err)
{
    (void)backend;
    (void)arena;
    (void)err;
    size_t given = 0;
    for (size_t i = event_log.count; i > 0 && given < query->most; i--) {
        const char *id = strstr(event_log.xml[i - 1], "</EventID>");
        bool is_wanted = id == NULL || strstr(query->xpath, "EventID=") == NULL || names_id(query->xpath, id);
        if (is_wanted) {
            given++;
            if (!sink->take(sink->context, event_log.xml[i - 1], strlen(event_log.xml[i - 1]))) {
                return true;
            }
        }
    }
    return true;
}

static void add(const char *xml)
{
    must(event_log.count < LOG_MOST);
    event_log.xml[event_log.count++] = xml;
}

/* The events of an artefact, or only the longest with this id. */
static void add_artefact(const char *name, const char *id, size_t times)
{
    static const struct json_source source = {.file = "artefact", .limit = FILE_BYTES};
    const struct json *list = NULL;
    struct err err = {0};
    FILE *file = fopen(arena_format(&texts, ARTEFACTS "%s", name), "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char *bytes = arena_alloc(&texts, FILE_BYTES);
    size_t size = fread(bytes, 1, FILE_BYTES, file);
    (void)fclose(file);
    CU_ASSERT_FATAL(json_load(bytes, size, &source, &texts, &list, &err) && list->type == JSON_ARRAY);
    const char *longest = "";
    for (uint32_t i = 0; i < list->count; i++) {
        const char *xml = list->as.items[i].as.text;
        if (id == NULL) {
            add(xml);
        } else if (strstr(xml, id) != NULL && strlen(xml) > strlen(longest)) {
            longest = xml;
        }
    }
    for (size_t i = 0; id != NULL && i < times; i++) {
        add(longest);
    }
}

static const struct event_ops given = {.query = give_log};
static struct host_ops ops;

/* A machine whose log is the test's. */
static void open_machine(struct fixture *fixture)
{
    fixture_quoted(fixture, LICENSING_MACHINE("", "",
                                              "'" STORE "': {'folder': true, 'acl': ['system', 'administrators', "
                                              "'sppsvc']}, '" STORE "\\\\tokens.dat': {'size': 65536, 'createdAt': "
                                              "'2020-01-01T00:00:00Z'}",
                                              KMS_CLIENT("5"), ""));
    ops = sim_ops;
    ops.event = &given;
    fixture->host.ops = &ops;
}

/* --- what a real log says --- */

static void a_real_log_is_read(void)
{
    static const struct expected_cell cells[] = {{"requests", "3"},
                                                 {"answered", "3"},
                                                 {"failed", "0"},
                                                 {"failedInRow", "0"},
                                                 {"unreadable", "0"},
                                                 {"skipped", "0"},
                                                 {"lastInnerCode", "0x00000000"},
                                                 {"lastHost", "169.254.169.251:1688"},
                                                 {"others", ""},
                                                 {"cut", "false"},
                                                 {0}};
    struct fixture fixture AUTO(fixture_close);
    event_log.count = 0;
    add_artefact("server-2022-kms-client.json", NULL, 1);
    CU_ASSERT(event_log.count == 44);
    open_machine(&fixture);
    fixture.params[3] = value_text(SKU);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events) && cells_match(&fixture, &kind_kms_events, cells));
    fixture.params[3] = value_text("fbdb3e18-a8ef-4fb3-9183-dffd60bd0984");
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_events, "requests"), "0");
}

/* Empty EventData and all that a first boot logs: no request, no fault, nothing that cannot be read. */
static void a_first_boot_is_no_fault(void)
{
    static const struct expected_cell cells[] = {{"requests", "0"}, {"failed", "0"}, {"unreadable", "0"},
                                                 {"skipped", "0"},  {"others", ""},  {0}};
    struct fixture fixture AUTO(fixture_close);
    event_log.count = 0;
    add_artefact("windows-10-first-boot.json", NULL, 1);
    CU_ASSERT(event_log.count > 0);
    open_machine(&fixture);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events) && cells_match(&fixture, &kind_kms_events, cells));
}

/* The application stands in the second Data; a rule of Office says nothing of Windows. */
static void a_failure_names_its_application(void)
{
    struct fixture fixture AUTO(fixture_close);
    event_log.count = 0;
    add_artefact("windows-10-forwarded.json", ">8198<", 3);
    open_machine(&fixture);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_events, "others"), "id=8198, code=0x800704CF, times=3");
    char *of_office = arena_text(&texts, event_log.xml[0]);
    char *application = strstr(of_office, "AppId=");
    CU_ASSERT_PTR_NOT_NULL_FATAL(application);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a part of a longer text */
    memcpy(application + strlen("AppId="), "0ff1ce15-a989-479d-af46-f275c6370663", 36);
    event_log.count = 0;
    add(of_office);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_events, "others"), "");
}

/* --- what a look costs --- */

static void fill_with_dumps(void)
{
    add_artefact("windows-10-largest-1003.json", ">1003<", 2600);
    add_artefact("server-2022-kms-client.json", ">12288<", 200);
    add_artefact("windows-10-forwarded.json", ">8198<", 200);
}

/* Every event as long as it may be, each with a code, a host and a product of its own. */
static void fill_with_long_ones(void)
{
    static const unsigned ids[] = {1003, 8198, 12288, 12289, 8229};
    char *filler = arena_alloc(&texts, LIMIT_EVENT_BYTES);
    memset(filler, 'x', LIMIT_EVENT_BYTES - 1024);
    for (size_t i = 0; i < 640; i++) {
        add(arena_format(&texts,
                         "<Event><System><Provider Name='Microsoft-Windows-Security-SPP'/><EventID>%u</EventID>"
                         "<TimeCreated SystemTime='2026-01-15T07:59:59.0Z'/><EventRecordID>%zu</EventRecordID></System>"
                         "<EventData><Data>0x8%07zX, 0x0, host%zu.example:1688, a, b, 1, 5, 0, %08zx-0000, 5</Data>"
                         "<Data>%s</Data></EventData></Event>",
                         ids[i % COUNT_OF(ids)], i + 1, i, i, i, filler));
    }
}

/* Longer than any may be, no XML at all, and XML that is no event. */
static void fill_with_garbage(void)
{
    char *large = arena_alloc(&texts, LIMIT_EVENT_BYTES + 2);
    memset(large, 'x', LIMIT_EVENT_BYTES + 1);
    for (size_t i = 0; i < LOG_MOST; i++) {
        add(i % 3 == 0 ? large : i % 3 == 1 ? "<Event>" : "<a><b/></a>");
    }
}

static bool reads_events(const struct kind *kind)
{
    return (kind->reads & NOUN_BIT(NOUN_EVENT)) != 0 && kind->look != NULL;
}

static void give_params(struct fixture *fixture, const struct kind *kind)
{
    static const struct value codes[] = {{.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "0xC004E015"},
                                         {.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "0x80000003"}};
    for (size_t i = 0; i < kind->params.count; i++) {
        const struct column *column = &kind->params.items[i];
        bool is_required = (column->flags & COLUMN_REQUIRED) != 0;
        fixture->params[i] = !is_required                ? value_absent()
                             : column->base == TYPE_LIST ? value_list(TYPE_TEXT, codes, COUNT_OF(codes))
                                                         : value_text("Application");
    }
}

/* What the first look keeps for the evidence is not counted: it is kept once, however often the log is asked. */
static void check_kind(const char *name, const struct kind *kind)
{
    struct fixture fixture AUTO(fixture_close);
    open_machine(&fixture);
    give_params(&fixture, kind);
    bool is_tried = host_licensing_activate(&fixture.host, SKU, &fixture.err); /* so that this run has a request */
    CU_ASSERT(is_tried);
    (void)fixture_look(&fixture, kind);
    size_t excerpts = host_event_excerpts(&fixture.host);
    size_t first = arena_mark(&fixture.arena);
    for (size_t i = 0; i < LOOKS; i++) {
        ROW_ASSERT(kind->name, fixture_look(&fixture, kind) || fixture.err.code == ERR_LIMIT);
    }
    size_t each = (arena_mark(&fixture.arena) - first) / LOOKS;
    if (each > LOOK_BYTES) {
        printf("\n    %s, %s: %zu bytes a look", kind->name, name, each);
    }
    ROW_ASSERT(kind->name, each <= LOOK_BYTES && host_event_excerpts(&fixture.host) == excerpts);
}

static void a_look_costs_the_same_with_any_log(void)
{
    static const struct {
        const char *name;
        void (*fill)(void);
    } logs[] = {{"the largest real log", fill_with_dumps},
                {"long events", fill_with_long_ones},
                {"garbage", fill_with_garbage}};
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        size_t checked = 0;
        size_t mark = arena_mark(&texts);
        event_log.count = 0;
        logs[i].fill();
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            if (reads_events(kinds[k])) {
                check_kind(logs[i].name, kinds[k]);
                checked++;
            }
        }
        ROW_ASSERT(logs[i].name, checked >= 4);
        arena_release(&texts, mark);
    }
}

/* One event over its bound, or no event at all, is passed over; the rest is read. */
static void what_cannot_be_read_is_passed_over(void)
{
    struct fixture fixture AUTO(fixture_close);
    char *large = arena_alloc(&texts, LIMIT_EVENT_BYTES + 2);
    memset(large, 'x', LIMIT_EVENT_BYTES + 1);
    event_log.count = 0;
    add_artefact("server-2022-kms-client.json", NULL, 1);
    add(large);
    add("<Event>");
    open_machine(&fixture);
    CU_ASSERT(fixture_look(&fixture, &kind_kms_events));
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_events, "requests"), "3");
    CU_ASSERT_STRING_EQUAL(shown(&fixture, &kind_kms_events, "skipped"), "4"); /* two queries */
}

void suite_kinds_event_logs(void)
{
    OPENED_SUITE("kinds: event logs", open_texts, close_texts, UNIT_TEST(a_real_log_is_read),
                 UNIT_TEST(a_first_boot_is_no_fault), UNIT_TEST(a_failure_names_its_application),
                 UNIT_TEST(a_look_costs_the_same_with_any_log), UNIT_TEST(what_cannot_be_read_is_passed_over));
}
