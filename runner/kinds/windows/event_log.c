/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/event/event.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_LOG, PARAM_IDS, PARAM_SINCE, PARAM_COUNT };
enum { EVENT_LOG_COUNTED, EVENT_LOG_NEWEST_AT, EVENT_LOG_NEWEST_ID, EVENT_LOG_NEWEST_DATA, EVENT_LOG_COUNT };

static const struct column params[] = {
    [PARAM_LOG] = TEXT_COLUMN("log", COLUMN_REQUIRED, "its name, as Microsoft-Windows-.../Admin"),
    [PARAM_IDS] = LIST_COLUMN("ids", TYPE_INT, 0, "only these; any when left out"),
    [PARAM_SINCE] = INT_COLUMN("since", 0, INT64_MAX, UNIT_TIME, 0, "no entry before this time"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [EVENT_LOG_COUNTED] = INT_COLUMN("count", 0, LIMIT_EVENTS, UNIT_COUNT, 0,
                                     "events that fit, at most the newest 512; 0 too where there is no such log"),
    [EVENT_LOG_NEWEST_AT] = INT_COLUMN("newestAt", 0, 0, UNIT_TIME, 0, "when the newest one was written"),
    [EVENT_LOG_NEWEST_ID] = INT_COLUMN("newestId", 0, UINT32_MAX, UNIT_NUMBER, 0, "id of the newest one"),
    [EVENT_LOG_NEWEST_DATA] = LIST_COLUMN("newestData", TYPE_TEXT, 0, "its data, by position"),
};
_Static_assert(COUNT_OF(properties) == EVENT_LOG_COUNT, "one row a property");

static void add_ids(struct buf *xpath, const struct value *ids)
{
    for (size_t i = 0; i < ids->as.list.count; i++) {
        buf_format(xpath, "%sEventID=%" PRId64, i > 0 ? " or " : "(", ids->as.list.items[i].as.integer);
    }
    buf_text(xpath, ")");
}

static const char *query_of(const struct look *look)
{
    const struct value *ids = &look->params[PARAM_IDS];
    int64_t since = look_int(look, PARAM_SINCE, 0);
    bool has_ids = ids->state == VALUE_KNOWN && ids->as.list.count > 0;
    struct buf xpath AUTO(buf_clear) = {0};
    if (!has_ids && since <= 0) {
        return "*";
    }
    buf_init(&xpath, LIMIT_TEXT_BYTES);
    buf_text(&xpath, "*[System[");
    if (has_ids) {
        add_ids(&xpath, ids);
    }
    if (since > 0) {
        buf_format(&xpath, "%sTimeCreated[@SystemTime>='%.19s.000Z']", has_ids ? " and " : "",
                   clock_format_utc(look->arena, since * 1000));
    }
    buf_text(&xpath, "]]");
    return arena_text(look->arena, buf_whole(&xpath));
}

/* The newest one, in memory of its own: an event is gone when the next one comes. */
struct newest {
    bool exists;
    int64_t utc_ms;
    uint32_t id;
    size_t data_count;
    struct buf data; /* each text ended by a NUL */
};

static void drop_newest(struct newest *newest)
{
    buf_clear(&newest->data);
}

static bool take_event(void *context, const struct event_record *event)
{
    struct newest *newest = context;
    if (!newest->exists) {
        newest->exists = true;
        newest->utc_ms = event->utc_ms;
        newest->id = event->id;
        newest->data_count = event->data_count;
        for (size_t i = 0; i < event->data_count; i++) {
            buf_add(&newest->data, event->data[i], strlen(event->data[i]) + 1);
        }
    }
    return true;
}

static struct value data_of(struct arena *arena, const struct newest *newest)
{
    struct value *texts = arena_array(arena, newest->data_count, sizeof *texts);
    const char *text = buf_whole(&newest->data);
    for (size_t i = 0; i < newest->data_count; i++) {
        texts[i] = cell_text(arena, text);
        if (texts[i].state == VALUE_UNKNOWN) {
            return texts[i];
        }
        text += strlen(text) + 1;
    }
    return value_list(TYPE_TEXT, texts, newest->data_count);
}

static void fill_newest(struct look *look, const struct newest *newest)
{
    look->cells[EVENT_LOG_NEWEST_AT] = value_int(newest->utc_ms / 1000);
    look->cells[EVENT_LOG_NEWEST_ID] = value_int(newest->id);
    look->cells[EVENT_LOG_NEWEST_DATA] = data_of(look->arena, newest);
}

static bool event_log_look(struct look *look, struct host *host, struct err *err)
{
    struct newest newest AUTO(drop_newest) = {0};
    struct event_reading reading = {0};
    const struct event_taker taker = {.context = &newest, .take = take_event};
    const struct event_query query = {
        .channel = look_text(look, PARAM_LOG), .xpath = query_of(look), .most = LIMIT_EVENTS};
    buf_init(&newest.data, LIMIT_EVENT_BYTES);
    if (!host_event_read(host, &query, &taker, &reading, err)) {
        return false;
    }
    if (!newest.exists && reading.skipped > 0) {
        return err_set(err, ERR_LIMIT, 0, "%zu events, and none of them can be read", reading.skipped);
    }
    look->cells[EVENT_LOG_COUNTED] = value_count(reading.count, reading.cut || reading.skipped > 0);
    if (newest.exists) {
        fill_newest(look, &newest);
    }
    return true;
}

const struct kind kind_event_log = {
    .name = "event_log",
    .about = "the newest entry of an event log, by id and time",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_EVENT),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"log\": \"Application\", \"ids\": [12288, 12289]}",
    .look = event_log_look,
};
