/* SPDX-License-Identifier: MIT */
/* The event log as machine.json has it; see contract_licensing.c for what that shows under Wine. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "contract.h"
#include "events_given.h"

enum { MOST = 16, LONG_BYTES = 7000 };

static struct events_given ask(struct contract *contract, const char *channel, const char *xpath, size_t most)
{
    struct events_given given = {.arena = contract->arena};
    const struct event_query query = {.channel = channel, .xpath = xpath, .most = most};
    EXPECT(contract, events_ask(contract->ops, contract->backend, &query, &given, &contract->err));
    return given;
}

static struct event_record read(struct contract *contract, const struct events_given *given, size_t index)
{
    struct event_record event = {0};
    const char *xml = index < given->items.count ? events_at(given, index) : "";
    EXPECT(contract, event_parse(xml, strlen(xml), contract->arena, &event, &contract->err));
    return event;
}

static void newest_first(struct contract *contract)
{
    struct events_given given = ask(contract, "Application", "*[System[Provider[@Name='Contract']]]", MOST);
    EXPECT(contract, given.items.count == 2);
    struct event_record newest = read(contract, &given, 0), oldest = read(contract, &given, 1);
    EXPECT(contract, newest.id == 8 && newest.record_id == 42 && newest.utc_ms > oldest.utc_ms);
    EXPECT(contract, oldest.id == 7 && oldest.record_id == 41 && oldest.data_count == 2);
    EXPECT(contract, oldest.data_count == 2 && text_same(oldest.data[0], "first"));
    EXPECT(contract, oldest.data_count == 2 &&
                         text_same(oldest.data[1], "\xE3\x83\xA9\xE3\x82\xA4\xE3\x82\xBB\xE3\x83\xB3\xE3\x82\xB9"));
}

static void long_event(struct contract *contract)
{
    struct events_given given =
        ask(contract, "Application", "*[System[Provider[@Name='Contract'] and (EventID=8)]]", MOST);
    struct event_record event = read(contract, &given, 0);
    EXPECT(contract, given.items.count == 1 && event.data_count == 1 && strlen(event.data[0]) == LONG_BYTES);
}

static void at_most(struct contract *contract)
{
    struct events_given given = ask(contract, "Application", "*[System[(EventID=7 or EventID=8)]]", 2);
    EXPECT(contract, given.items.count == 2 && read(contract, &given, 0).record_id == 43 &&
                         read(contract, &given, 1).record_id == 42);
}

static void by_age(struct contract *contract)
{
    struct events_given given =
        ask(contract, "Application",
            "*[System[Provider[@Name='Contract'] and TimeCreated[timediff(@SystemTime) <= 86400000]]]", MOST);
    EXPECT(contract, given.items.count == 1 && read(contract, &given, 0).record_id == 42);
}

/* What is logged later has a higher number: so it is told what a run's own Activate logged. claim: events.numbers-grow
 */
static void by_number(struct contract *contract)
{
    struct events_given given =
        ask(contract, "Application", "*[System[Provider[@Name='Contract'] and EventRecordID>41]]", MOST);
    EXPECT(contract, given.items.count == 1 && read(contract, &given, 0).record_id == 42);
    EXPECT(
        contract,
        ask(contract, "Application", "*[System[Provider[@Name='Contract'] and EventRecordID>42]]", MOST).items.count ==
            0);
}

static void none(struct contract *contract)
{
    EXPECT(contract, ask(contract, "Application", "*[System[Provider[@Name='Nobody']]]", MOST).items.count == 0);
    EXPECT(contract, ask(contract, "azmend-nothing", "*", MOST).items.count == 0);
}

/* After contract_licensing: one request was refused, one served, and one abandoned, which may have come to pass. */
static void written_by_activation(struct contract *contract)
{
    struct events_given given = ask(contract, "Application",
                                    "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and "
                                    "(EventID=12288 or EventID=12289)]]",
                                    MOST);
    EXPECT(contract, given.items.count >= 4);
    struct event_record answer = read(contract, &given, 0), request = read(contract, &given, 1);
    EXPECT(contract, answer.record_id > request.record_id && request.record_id > 43);
    EXPECT(contract, answer.id == 12289 && answer.data_count == 1 &&
                         text_starts(answer.data[0], "0x00000000, 0x00000000, 1, 0, "));
    EXPECT(contract, request.id == 12288 && request.data_count == 1 &&
                         text_contains(request.data[0], "kms.contract.example:1688"));
}

const struct contract_row contract_event[] = {
    {"events: newest first, data by position", newest_first},
    {"events: longer than the first try", long_event},
    {"events: not more than asked for", at_most},
    {"events: by age", by_age},
    {"events: by number", by_number},
    {"events: none, and no such log", none},
    {"events: what an activation wrote", written_by_activation},
    {NULL, NULL},
};
