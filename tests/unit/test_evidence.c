/* SPDX-License-Identifier: MIT */
/* The evidence, opened again by the reader of archives, which refuses whatever is not as it should be. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/host_ops.h"
#include "json/json.h"
#include "pack/pack.h"
#include "record_fixture.h"
#include "report/evidence.h"
#include "unit.h"

#define KEY "WX4NM-KYWYW-QJJR4-XV3QB-6VM33"

struct made {
    struct arena arena;
    struct buf zip;
    struct pack pack;
};

static void drop_made(struct made *made)
{
    buf_clear(&made->zip);
    arena_close(&made->arena);
}

static struct host *host_of(struct record *record)
{
    return (struct host *)(uintptr_t)record->host;
}

/* A backend whose log has one event, several times. */
struct log {
    const char *xml;
    size_t count;
};

static bool give(void *backend, const struct event_query *query, struct arena *arena, const struct event_sink *sink,
                 struct err *err)
{
    const struct log *log = backend;
    (void)query;
    (void)arena;
    (void)err;
    for (size_t i = 0; i < log->count && sink->take(sink->context, log->xml, strlen(log->xml)); i++) {
    }
    return true;
}

static bool pass_over(void *context, const struct event_record *event)
{
    (void)context;
    (void)event;
    return true;
}

static void add_events(struct host *host, struct arena *arena, size_t count, const char *xml)
{
    static const struct event_ops event = {.query = give};
    static const struct host_ops ops = {.name = "test", .event = &event};
    static const struct event_taker nobody = {.take = pass_over};
    struct log log = {.xml = xml, .count = count};
    char xpath[64];
    (void)snprintf(xpath, sizeof(xpath), "*[System[Provider[@Name=\"X\"] and (EventID<%zu)]]",
                   host_event_excerpts(host) + 9);
    host->ops = &ops;
    host->backend = &log;
    host->arena = arena;
    host->calls++;
    const struct event_query query = {.channel = "Application", .xpath = xpath, .most = LIMIT_EVENTS};
    struct event_reading reading = {0};
    struct err err = {0};
    CU_ASSERT(host_event_read(host, &query, &nobody, &reading, &err));
}

static struct record *typical(struct arena *arena)
{
    return (struct record *)(uintptr_t)fixture_typical(arena);
}

static bool read_nothing(const void *context, const char *at, size_t limit, struct buf *ret_bytes, struct err *err)
{
    (void)context;
    (void)limit;
    (void)ret_bytes;
    return err_set(err, ERR_NOT_FOUND, 0, "open %s: it is not there", at);
}

static void make(struct made *made, const struct report *report)
{
    struct err err = {0};
    struct report with_arena = *report;
    with_arena.arena = &made->arena;
    bool is_made = evidence_make(&with_arena, &made->zip, &err);
    ROW_ASSERT(err.text, is_made);
    CU_ASSERT_FATAL(is_made);
    bool is_open = pack_open(buf_string(&made->zip), made->zip.size, "evidence", &made->arena, &made->pack, &err);
    ROW_ASSERT(err.text, is_open);
    CU_ASSERT_FATAL(is_open);
}

static void open_arena(struct made *made)
{
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&made->arena, LIMIT_ARENA_BYTES, &err));
}

static const char *find(const struct made *made, const char *name)
{
    for (size_t i = 0; i < made->pack.count; i++) {
        if (text_same(made->pack.entries[i].name, name)) {
            return made->pack.entries[i].bytes;
        }
    }
    return NULL;
}

static bool is_json(struct made *made, const char *name)
{
    static const struct json_source source = {.file = "evidence", .limit = LIMIT_EVIDENCE_BYTES};
    const char *text = find(made, name);
    const struct json *document = NULL;
    struct err err = {0};
    return text != NULL && json_load(text, strlen(text), &source, &made->arena, &document, &err);
}

static void what_is_in_it(void)
{
    static const char *const names[] = {"contents.json", "result.json", "configuration.json", "looks.json"};
    static const char *const order[] = {"contents.json", "case.txt", "overview.html", "result.json"};
    static const struct report_option options[] = {{"deadline", "600000 ms"}};
    struct made made AUTO(drop_made) = {0};
    open_arena(&made);
    struct record *record = typical(&made.arena);
    add_events(host_of(record), &made.arena, 2, "<Event>1</Event>");
    make(&made, &(struct report){.record = record, .command = "fix", .options = options, .option_count = 1});
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        ROW_ASSERT(names[i], is_json(&made, names[i]));
    }
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        ROW_ASSERT(order[i], text_same(made.pack.entries[i].name, order[i]));
    }
    CU_ASSERT(strncmp(find(&made, "overview.html"), "<!DOCTYPE html>", 15) == 0);
    const char *events = find(&made, "events/01.xml");
    CU_ASSERT_PTR_NOT_NULL_FATAL(events);
    CU_ASSERT_PTR_NOT_NULL(strstr(events, "Shown=\"2\" Of=\"2\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(events, "Query=\"*[System[Provider[@Name=&quot;X&quot;] and (EventID&lt;9)]]\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "configuration.json"), "600000 ms"));
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "result.json"), "\"detail\": 0"));
}

/* What the looks saw, in lines that no text can break, with times in UTC. */
static void the_case(void)
{
    static const struct column columns[] = {
        {.name = "text", .base = TYPE_TEXT}, {.name = "time", .base = TYPE_INT, .unit = UNIT_TIME},
        {.name = "list", .base = TYPE_LIST}, {.name = "hidden", .base = TYPE_TEXT},
        {.name = "gone", .base = TYPE_TEXT}, {.name = "lost", .base = TYPE_TEXT}};
    static const struct kind dns = {.name = "dns", .properties = {columns, COUNT_OF(columns)}};
    static const struct kind other = {.name = "registry_value"};
    static const char *const lines[] = {
        "\nLooked at (UTC)    2026-01-15T08:00:00Z\n",
        "\n[dns]\ntext               two?lines\n",
        "\ntime               2026-01-15T08:00:00Z\n",
        "\nlist               [\"a\",\"b\"]\n",
        "\nhidden             \"(redacted)\"\nlost               not known: no answer\n",
        "\n[dns]\nnot known          a dead server\n"};
    const struct value items[] = {value_text("a"), value_text("b")};
    struct value cells[] = {value_text("two\nlines"), value_int(1768464000), value_list(TYPE_TEXT, items, 2),
                            value_text("hunter-two"), value_absent(),        value_unknown("no answer")};
    cells[3].secret = true;
    const struct look_record looks[] = {{.kind = &dns, .result = value_row(&dns.properties, cells)},
                                        {.kind = &other, .result = value_unknown("not of a case")},
                                        {.kind = &dns, .result = value_unknown("a dead server")}};
    struct made made AUTO(drop_made) = {0};
    open_arena(&made);
    struct record *record = typical(&made.arena);
    record->started_utc_ms = 1768464000000;
    record->looks = looks;
    record->look_count = COUNT_OF(looks);
    make(&made, &(struct report){.record = record, .command = "check"});
    const char *text = find(&made, "case.txt");
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        ROW_ASSERT(lines[i], strstr(text, lines[i]) != NULL);
    }
    CU_ASSERT(strstr(text, "hunter-two") == NULL && strstr(text, "not of a case") == NULL &&
              strstr(text, "gone") == NULL);
}

static void same_content_same_bytes(void)
{
    struct made made[2] = {0};
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        open_arena(&made[i]);
        struct record *record = typical(&made[i].arena);
        add_events(host_of(record), &made[i].arena, 3, "<Event/>");
        make(&made[i], &(struct report){.record = record, .command = "check"});
    }
    CU_ASSERT(made[0].zip.size > 0 && made[0].zip.size == made[1].zip.size &&
              memcmp(made[0].zip.bytes, made[1].zip.bytes, made[0].zip.size) == 0);
    drop_made(&made[0]);
    drop_made(&made[1]);
}

/* A key in every text that a machine, a playbook or an event says. */
static void no_secret(void)
{
    static const char *const secrets[] = {"WX4NM-KYWYW", "hunter-two", "signature-text"};
    struct made made AUTO(drop_made) = {0};
    open_arena(&made);
    const struct fixture fixture = {
        .playbooks = 1, .findings = 10, .text = "key " KEY " hunter-two ?sig=signature-text&a"};
    struct record *record = (struct record *)(uintptr_t)fixture_record(&fixture, &made.arena);
    struct playbook *playbook = (struct playbook *)(uintptr_t)record->playbooks[0].playbook;
    static const struct parameter secret = {
        .column = {.name = "password", .base = TYPE_TEXT, .flags = COLUMN_SECRET},
        .given = {.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = "hunter-two"}};
    playbook->parameters = &secret;
    playbook->parameter_count = 1;
    add_events(host_of(record), &made.arena, 5, "<Event><Data>" KEY ",hunter-two</Data></Event>");
    make(&made, &(struct report){.record = record, .command = "fix"});
    for (size_t i = 0; i < made.pack.count; i++) {
        for (size_t j = 0; j < COUNT_OF(secrets); j++) {
            ROW_ASSERT(made.pack.entries[i].name, strstr(made.pack.entries[i].bytes, secrets[j]) == NULL);
        }
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "result.json"), "*****-6VM33"));
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "events/01.xml"), "*****-6VM33"));
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "configuration.json"), "(redacted)"));
}

#define LARGE "large"

/* Leaves room for some of the events; context is the text of one. */
static bool read_large(const void *context, const char *at, size_t limit, struct buf *ret_bytes, struct err *err)
{
    if (!text_same(at, LARGE)) {
        return read_nothing(context, at, limit, ret_bytes, err);
    }
    buf_init(ret_bytes, limit);
    for (size_t i = 0; i < LIMIT_EVIDENCE_BYTES / LIMIT_EVENT_BYTES - 20; i++) {
        buf_add(ret_bytes, context, LIMIT_EVENT_BYTES);
    }
    return true;
}

static void bounds(void)
{
    char *event = NULL;
    struct made made AUTO(drop_made) = {0};
    open_arena(&made);
    event = arena_alloc(&made.arena, LIMIT_EVENT_BYTES + 1);
    uint32_t chance = 1; /* letters that do not pack: what packs too well is refused by the reader */
    for (size_t i = 0; i < LIMIT_EVENT_BYTES; i++) {
        chance = chance * 1664525 + 1013904223;
        event[i] = (char)('a' + (chance >> 24) % 26);
    }
    struct record *record = typical(&made.arena);
    for (size_t i = 0; i < LIMIT_EXCERPTS + 1; i++) {
        add_events(host_of(record), &made.arena, 20, event);
    }
    CU_ASSERT(host_event_excerpts(host_of(record)) == LIMIT_EXCERPTS);
    static const struct report_file files[] = {{"journal.jsonl", "no-such-folder/journal.jsonl"}, {"large.bin", LARGE}};
    make(&made, &(struct report){.record = record,
                                 .command = "fix",
                                 .files = files,
                                 .file_count = COUNT_OF(files),
                                 .read = read_large,
                                 .context = event});
    const char *contents = find(&made, "contents.json");
    CU_ASSERT(made.zip.size <= LIMIT_EVIDENCE_BYTES);
    CU_ASSERT(made.pack.count <= LIMIT_ARCHIVE_ENTRIES);
    CU_ASSERT_PTR_NOT_NULL(strstr(find(&made, "events/01.xml"), "Shown=\"3\" Of=\"20\""));
    CU_ASSERT_PTR_NOT_NULL_FATAL(contents);
    CU_ASSERT_PTR_NOT_NULL(strstr(contents, "no room for it"));
    CU_ASSERT_PTR_NOT_NULL(strstr(contents, "no-such-folder"));
    CU_ASSERT_PTR_NULL(find(&made, "journal.jsonl"));
    CU_ASSERT_PTR_NOT_NULL(find(&made, "result.json"));
}

void suite_evidence(void);
void suite_evidence(void)
{
    UNIT_SUITE("evidence", UNIT_TEST(the_case), UNIT_TEST(what_is_in_it), UNIT_TEST(same_content_same_bytes),
               UNIT_TEST(no_secret), UNIT_TEST(bounds));
}
