/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/buf.h"
#include "base/limits.h"
#include "host/clock.h"
#include "host/event.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_LOG, PARAM_IDS, PARAM_SINCE, PARAM_COUNT };
enum { EVENT_LOG_COUNTED, EVENT_LOG_NEWEST_AT, EVENT_LOG_NEWEST_ID, EVENT_LOG_NEWEST_DATA, EVENT_LOG_COUNT };

static const struct column params[] = {
    [PARAM_LOG] = TEXT_COLUMN("log", COLUMN_REQUIRED, "its name, as Microsoft-Windows-.../Admin"),
    [PARAM_IDS] = LIST_COLUMN("ids", TYPE_INT, 0, "only these; any when left out"),
    [PARAM_SINCE] = INT_COLUMN("since", 0, INT64_MAX, 0, "not before: seconds since 1970, UTC"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [EVENT_LOG_COUNTED] = INT_COLUMN("count", 0, LIMIT_EVENTS, 0, "events that fit; 0 too where there is no such log"),
    [EVENT_LOG_NEWEST_AT] = INT_COLUMN("newestAt", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    [EVENT_LOG_NEWEST_ID] = INT_COLUMN("newestId", 0, UINT32_MAX, 0, "id of the newest one"),
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

static struct value data_of(struct arena *arena, const struct event_record *event)
{
    struct value *texts = arena_array(arena, event->data_count, sizeof *texts);
    for (size_t i = 0; i < event->data_count; i++) {
        texts[i] = cell_text(arena, event->data[i]);
        if (texts[i].state == VALUE_UNKNOWN) {
            return texts[i];
        }
    }
    return value_list(TYPE_TEXT, texts, event->data_count);
}

static bool event_log_look(struct look *look, struct host *host, struct err *err)
{
    struct event_records records = {0};
    if (!host_event_query(host, look_text(look, PARAM_LOG), query_of(look), LIMIT_EVENTS, &records, err)) {
        return false;
    }
    look->cells[EVENT_LOG_COUNTED] = value_int((int64_t)records.count);
    if (records.count > 0) {
        look->cells[EVENT_LOG_NEWEST_AT] = value_int(records.items[0].utc_ms / 1000);
        look->cells[EVENT_LOG_NEWEST_ID] = value_int(records.items[0].id);
        look->cells[EVENT_LOG_NEWEST_DATA] = data_of(look->arena, &records.items[0]);
    }
    return true;
}

const struct kind kind_event_log = {
    .name = "event_log",
    .about = "the newest entry of an event log, by id and time",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_EVENT),
    .look = event_log_look,
};
