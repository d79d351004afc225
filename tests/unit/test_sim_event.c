/* SPDX-License-Identifier: MIT */
#include "events_given.h"
#include "host/sim/sim_private.h"
#include "sim_fixture.h"

void suite_sim_event(void);

/* JSON's own quotes are written ' here, those of XML \\\". */
#define XML(provider, id, time, data, record)                                                                          \
    "'<Event xmlns=\\\"http://schemas.microsoft.com/win/2004/08/events/event\\\"><System><Provider Name=\\\"" provider \
    "\\\"/><EventID>" id "</EventID><TimeCreated SystemTime=\\\"" time "\\\"/><EventRecordID>" record                  \
    "</EventRecordID></System><EventData><Data>" data "</Data></EventData></Event>'"
#define SPP "Microsoft-Windows-Security-SPP"
#define LOG(events)                                                                                                    \
    SIM_DOCUMENT(", 'clock': {'utc': '2026-01-15T08:00:00Z'}, 'events': {'Application': [" events "], 'Gone': false}")

static const char log_document[] = LOG(XML(SPP, "12288", "2026-01-14T08:00:00.000Z", "a", "41") ", " XML(
    SPP, "12289", "2026-01-14T08:00:00.900Z", "b",
    "42") ", " XML("Other", "12288", "2026-01-15T07:59:59.000Z", "c",
                   "43") ", " XML(SPP, "8198", "2026-01-15T07:59:59.500Z", "d", "44"));

static const struct {
    const char *name, *xpath, *data; /* of the events found, newest first; NULL: not understood */
} queries[] = {
    {"all", "*", "dcba"},
    {"a provider", "*[System[Provider[@Name='" SPP "']]]", "dba"},
    {"in quotes", "*[System[Provider[@Name=\"Other\"]]]", "c"},
    {"one id", "*[System[EventID=8198]]", "d"},
    {"one of two ids", "*[System[(EventID=12288 or EventID=12289)]]", "cba"},
    {"provider and ids", "*[System[Provider[@Name='" SPP "'] and (EventID=12288 or EventID=8198)]]", "da"},
    {"an age", "*[System[TimeCreated[timediff(@SystemTime) <= 1000]]]", "dc"},
    {"a start", "*[System[TimeCreated[@SystemTime>='2026-01-15T00:00:00.000Z']]]", "dc"},
    {"a start to the second", "*[System[TimeCreated[@SystemTime >= '2026-01-14T08:00:00Z']]]", "dcba"},
    {"behind a number", "*[System[Provider[@Name='" SPP "'] and EventRecordID>41]]", "db"},
    {"behind the last number", "*[System[EventRecordID > 44]]", ""},
    {"everything",
     "*[System[Provider[@Name='" SPP "'] and (EventID=8198) and TimeCreated[timediff(@SystemTime)<=9000]]]", "d"},
    {"nothing fits", "*[System[EventID=1]]", ""},
    {"another element", "*[EventData[Data='a']]", NULL},
    {"another term", "*[System[Level=2]]", NULL},
    {"a later end", "*[System[TimeCreated[@SystemTime<='2026-01-15T00:00:00Z']]]", NULL},
    {"a time that is none", "*[System[TimeCreated[@SystemTime>='2026-01-15']]]", NULL},
    {"an open bracket", "*[System[EventID=1]", NULL},
    {"more behind it", "*[System[EventID=1]] or *", NULL},
    {"ids without an end", "*[System[(EventID=1 or )]]", NULL},
    {"an id that is none", "*[System[EventID=x]]", NULL},
    {"nothing", "", NULL},
};

static const char *data_of(const struct events_given *given)
{
    char *found = arena_alloc(&sim_arena, given->items.count + 1);
    for (size_t i = 0; i < given->items.count; i++) {
        const char *xml = events_at(given, i);
        struct event_record record = {0};
        struct err err = {0};
        CU_ASSERT(event_parse(xml, strlen(xml), &sim_arena, &record, &err));
        found[i] = record.data_count > 0 ? record.data[0][0] : '?';
    }
    return found;
}

static void a_query_finds_what_fits(void)
{
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct sim *sim = sim_make(log_document);
        struct event_query query = {.channel = "application", .xpath = queries[i].xpath, .most = 10};
        struct events_given given = {.arena = &sim_arena};
        struct err err = {0};
        bool found = events_ask(&sim_ops, sim, &query, &given, &err);
        ROW_ASSERT(queries[i].name, found == (queries[i].data != NULL));
        ROW_ASSERT(queries[i].name, found ? text_same(data_of(&given), queries[i].data) : err.code == ERR_UNSCRIPTED);
        sim_close(sim);
    }
}

static void logs_are_closed_worlds(void)
{
    struct sim *sim = sim_make(log_document);
    struct event_query query = {.channel = "Gone", .xpath = "*", .most = 10};
    struct events_given given = {.arena = &sim_arena};
    struct err err = {0};
    CU_ASSERT(events_ask(&sim_ops, sim, &query, &given, &err) && given.items.count == 0);
    query.channel = "System";
    CU_ASSERT(!events_ask(&sim_ops, sim, &query, &given, &err) && err.code == ERR_UNSCRIPTED);
    query = (struct event_query){.channel = "Application", .xpath = "*", .most = 2};
    CU_ASSERT(events_ask(&sim_ops, sim, &query, &given, &err) && given.items.count == 2);
    CU_ASSERT_STRING_EQUAL(data_of(&given), "dc");
    sim_close(sim);
}

static void what_is_no_event_is_given_out_as_it_is(void)
{
    struct sim *sim = sim_make(LOG("'<Event>', 'none'"));
    struct event_query query = {.channel = "Application", .xpath = "*[System[EventID=1]]", .most = 10};
    struct events_given given = {.arena = &sim_arena};
    struct err err = {0};
    CU_ASSERT(events_ask(&sim_ops, sim, &query, &given, &err) && given.items.count == 2);
    CU_ASSERT_STRING_EQUAL(events_at(&given, 0), "none");
    sim_close(sim);
}

void suite_sim_event(void)
{
    SIM_SUITE("sim_event", UNIT_TEST(a_query_finds_what_fits), UNIT_TEST(logs_are_closed_worlds),
              UNIT_TEST(what_is_no_event_is_given_out_as_it_is));
}
