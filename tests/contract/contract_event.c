/* SPDX-License-Identifier: MIT */
/* The event log as machine.json has it; see contract_licensing.c for what that shows under Wine. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "contract.h"

enum { MOST = 16, LONG_BYTES = 7000 };

static struct event_xml ask(struct contract *contract, const char *channel, const char *xpath, size_t most)
{
    struct event_xml xml = {0};
    const struct event_query query = {.channel = channel, .xpath = xpath, .most = most};
    EXPECT(contract, contract->ops->event_query(contract->backend, &query, contract->arena, &xml, &contract->err));
    return xml;
}

static struct event_record read(struct contract *contract, const struct event_xml *xml, size_t index)
{
    struct event_record event = {0};
    EXPECT(contract, index < xml->count && event_parse(xml->items[index], strlen(xml->items[index]), contract->arena,
                                                       &event, &contract->err));
    return event;
}

static void newest_first(struct contract *contract)
{
    struct event_xml xml = ask(contract, "Application", "*[System[Provider[@Name='Contract']]]", MOST);
    EXPECT(contract, xml.count == 2);
    struct event_record newest = read(contract, &xml, 0), oldest = read(contract, &xml, 1);
    EXPECT(contract, newest.id == 8 && newest.record_id == 42 && newest.utc_ms > oldest.utc_ms);
    EXPECT(contract, oldest.id == 7 && oldest.record_id == 41 && oldest.data_count == 2);
    EXPECT(contract, oldest.data_count == 2 && text_same(oldest.data[0], "first"));
    EXPECT(contract, oldest.data_count == 2 &&
                         text_same(oldest.data[1], "\xE3\x83\xA9\xE3\x82\xA4\xE3\x82\xBB\xE3\x83\xB3\xE3\x82\xB9"));
}

static void long_event(struct contract *contract)
{
    struct event_xml xml = ask(contract, "Application", "*[System[Provider[@Name='Contract'] and (EventID=8)]]", MOST);
    struct event_record event = read(contract, &xml, 0);
    EXPECT(contract, xml.count == 1 && event.data_count == 1 && strlen(event.data[0]) == LONG_BYTES);
}

static void at_most(struct contract *contract)
{
    struct event_xml xml = ask(contract, "Application", "*[System[(EventID=7 or EventID=8)]]", 2);
    EXPECT(contract,
           xml.count == 2 && read(contract, &xml, 0).record_id == 43 && read(contract, &xml, 1).record_id == 42);
}

static void by_age(struct contract *contract)
{
    struct event_xml xml =
        ask(contract, "Application",
            "*[System[Provider[@Name='Contract'] and TimeCreated[timediff(@SystemTime) <= 86400000]]]", MOST);
    EXPECT(contract, xml.count == 1 && read(contract, &xml, 0).record_id == 42);
}

static void none(struct contract *contract)
{
    EXPECT(contract, ask(contract, "Application", "*[System[Provider[@Name='Nobody']]]", MOST).count == 0);
    EXPECT(contract, ask(contract, "azmend-nothing", "*", MOST).count == 0);
}

/* After contract_licensing: one request was refused, one served, and one abandoned, which may have come to pass. */
static void written_by_activation(struct contract *contract)
{
    struct event_xml xml = ask(contract, "Application",
                               "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and "
                               "(EventID=12288 or EventID=12289)]]",
                               MOST);
    EXPECT(contract, xml.count >= 4);
    struct event_record answer = read(contract, &xml, 0), request = read(contract, &xml, 1);
    EXPECT(contract, answer.id == 12289 && answer.data_count == 1 && text_starts(answer.data[0], "0x0, 0x00000000, 1"));
    EXPECT(contract, request.id == 12288 && request.data_count == 1 &&
                         text_contains(request.data[0], "kms.contract.example:1688"));
}

const struct contract_row contract_event[] = {
    {"events: newest first, data by position", newest_first},
    {"events: longer than the first try", long_event},
    {"events: not more than asked for", at_most},
    {"events: by age", by_age},
    {"events: none, and no such log", none},
    {"events: what an activation wrote", written_by_activation},
    {NULL, NULL},
};
