/* SPDX-License-Identifier: MIT */
/*
 * Event logs: XML as EvtRender gives it, written down by hand or recorded, and what the licensing model adds. What a
 * run adds is not saved, for the same reason as the clock's progress. Source of the form:
 * https://learn.microsoft.com/windows/win32/wes/eventschema-elements. claim: events.source-names
 */
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/licensing.h"

#define APPLICATION_LOG "Application"
enum { FIRST_RECORD = 100000 };

/* --- loading --- */

static bool load_events(const struct sim *sim, const struct json *json, struct sim_channel *channel, struct err *err)
{
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *item = &json->as.items[i];
        if (!json_want(item, JSON_TEXT, sim->file, err)) {
            return false;
        }
        *(const char **)arena_push(sim->arena, &channel->events, sizeof(char *)) = item->as.text;
    }
    return true;
}

static bool load_channel(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_channel *channel = arena_alloc(sim->arena, sizeof *channel);
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    channel->node = (struct sim_node){.name = json->name, .exists = !is_absent};
    if (!is_absent && (!json_want(json, JSON_ARRAY, sim->file, err) || !load_events(sim, json, channel, err))) {
        return false;
    }
    return sim_add_member(sim, &sim->tables[NOUN_EVENT], &channel->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_channel, err);
}

/* --- asking --- */

static bool has_id(const struct sim_event_filter *filter, uint32_t id)
{
    for (size_t i = 0; i < filter->id_count; i++) {
        if (filter->ids[i] == id) {
            return true;
        }
    }
    return filter->id_count == 0;
}

static bool is_wanted(struct sim *sim, const struct sim_event_filter *filter, const struct event_record *event)
{
    return (filter->provider == NULL || text_equal(filter->provider, event->provider)) && has_id(filter, event->id) &&
           (filter->within_ms < 0 || sim_utc_ms(sim) - event->utc_ms <= filter->within_ms) &&
           (filter->since_ms < 0 || event->utc_ms >= filter->since_ms) &&
           (filter->after < 0 || event->record_id > (uint64_t)filter->after);
}

/* What no parser takes is given out: it is the gate's to pass over. */
static bool fits(struct sim *sim, const struct sim_event_filter *filter, const char *xml)
{
    struct event_record event = {0};
    struct err ignored = {0};
    size_t mark = arena_mark(sim->arena);
    bool is_parsed = event_parse(xml, strlen(xml), sim->arena, &event, &ignored);
    bool is_fit = !is_parsed || is_wanted(sim, filter, &event);
    arena_release(sim->arena, mark);
    return is_fit;
}

static void hand_over(struct sim *sim, const struct sim_channel *log, const struct event_query *query,
                      const struct sim_event_filter *filter, const struct event_sink *sink)
{
    size_t given = 0;
    bool goes_on = true;
    for (size_t i = log->events.count; i > 0 && given < query->most && goes_on; i--) {
        const char *xml = ((const char *const *)log->events.items)[i - 1];
        if (fits(sim, filter, xml)) {
            given++;
            goes_on = sink->take(sink->context, xml, strlen(xml));
        }
    }
}

static bool query(void *backend, const struct event_query *query, struct arena *arena, const struct event_sink *sink,
                  struct err *err)
{
    struct sim *sim = backend;
    struct sim_event_filter filter;
    if (!sim_look(sim, err, SIM_LOOK_EVENTS, query->channel, query->xpath) || !sim_recorded_query(sim, query, err)) {
        return false;
    }
    const struct sim_channel *log =
        (const struct sim_channel *)sim_table_find(&sim->tables[NOUN_EVENT], query->channel);
    if (log == NULL) {
        return sim_unlisted(sim, err, "events.%s", query->channel);
    }
    size_t mark = arena_mark(arena);
    bool is_understood = sim_event_filter_parse(arena, query->xpath, &filter);
    if (is_understood) {
        hand_over(sim, log, query, &filter, sink);
    }
    arena_release(arena, mark);
    return is_understood || sim_unlisted(sim, err, "an answer to the query %s", query->xpath);
}

/* --- adding --- */

static void add_escaped(struct buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        const char *entity = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : NULL;
        buf_add(buf, entity != NULL ? entity : text, entity != NULL ? strlen(entity) : 1);
    }
}

/* The system's clock has milliseconds here, and seven digits behind the point in the log. */
static void add_time(struct buf *buf, struct sim *sim)
{
    const char *utc = clock_format_utc(sim->arena, sim_utc_ms(sim));
    buf_format(buf, "<TimeCreated SystemTime='%.19s.%03" PRId64 "0000Z'/>", utc, sim_utc_ms(sim) % 1000);
}

static uint64_t record_of(struct sim *sim, const char *xml)
{
    struct event_record event = {0};
    struct err ignored = {0};
    size_t mark = arena_mark(sim->arena);
    bool is_parsed = event_parse(xml, strlen(xml), sim->arena, &event, &ignored);
    arena_release(sim->arena, mark);
    return is_parsed ? event.record_id : 0;
}

/* Higher than any in the log, as Windows numbers its events. */
static uint64_t next_record(struct sim *sim, struct sim_channel *log)
{
    if (log->last_record == 0) {
        log->last_record = FIRST_RECORD - 1;
        for (size_t i = 0; i < log->events.count; i++) {
            uint64_t record = record_of(sim, ((const char *const *)log->events.items)[i]);
            log->last_record = record > log->last_record ? record : log->last_record;
        }
    }
    return ++log->last_record;
}

void sim_event_log(struct sim *sim, uint32_t id, const char *data)
{
    struct sim_channel *log = (struct sim_channel *)sim_table_find(&sim->tables[NOUN_EVENT], APPLICATION_LOG);
    const char *computer = sim->document.system.name != NULL ? sim->document.system.name : "";
    if (log == NULL || !log->node.exists) {
        return;
    }
    struct buf xml AUTO(buf_clear);
    buf_init(&xml, LIMIT_EVENT_BYTES);
    buf_text(&xml, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
                   "<Provider Name='Microsoft-Windows-Security-SPP' Guid='{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}' "
                   "EventSourceName='Software Protection Platform Service'/>");
    buf_format(&xml,
               "<EventID Qualifiers='16384'>%" PRIu32 "</EventID><Version>0</Version><Level>4</Level><Task>0</Task>"
               "<Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>",
               id);
    add_time(&xml, sim);
    buf_format(&xml, "<EventRecordID>%" PRIu64 "</EventRecordID><Correlation/><Execution ProcessID='0' ThreadID='0'/>",
               next_record(sim, log));
    buf_text(&xml, "<Channel>Application</Channel><Computer>");
    add_escaped(&xml, computer);
    buf_text(&xml, "</Computer><Security/></System><EventData><Data>");
    add_escaped(&xml, data);
    buf_text(&xml, "</Data></EventData></Event>");
    *(const char **)arena_push(sim->arena, &log->events, sizeof(char *)) = arena_text(sim->arena, buf_whole(&xml));
}

const struct event_ops sim_event_ops = {
    .query = query,
};

const struct sim_section sim_event_section = {
    .field = SIM_BY_NAME(NOUN_EVENT, "events", "event logs by name: false, or events as XML, oldest first"),
    .load = load_section,
};
