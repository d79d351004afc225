/* SPDX-License-Identifier: MIT */
/*
 * What the log says about earlier tries, the service's own included. What else it logs means nothing alone: 8198, 8200
 * and 8208 come and go on healthy machines, 16384 is the service going to sleep. Source:
 * https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/event-id-8208-8200-900.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/clock.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/spp_events.h"

enum { PARAM_DAYS, PARAM_SINCE, PARAM_HOST, PARAM_PRODUCT, PARAM_COUNT };
enum {
    EVENTS_REQUESTS,
    EVENTS_ANSWERED,
    EVENTS_UNANSWERED,
    EVENTS_UNANSWERED_IN_ROW,
    EVENTS_FAILED,
    EVENTS_FAILED_IN_ROW,
    EVENTS_LAST_INNER_CODE,
    EVENTS_LAST_HOST,
    EVENTS_NEWEST_AT,
    EVENTS_OTHERS,
    EVENTS_UNREADABLE,
    EVENTS_CUT,
    EVENTS_COUNT
};
enum { OTHER_ID, OTHER_CODE, OTHER_TIMES, OTHER_COUNT };
enum { DEFAULT_DAYS = 14, DAY_SECONDS = 24 * 3600, LAG_MS = 10 * 1000, OTHERS_MAX = 32 };

static const struct column params[] = {
    [PARAM_DAYS] = INT_COLUMN("days", 1, 90, 0, "how far back; 14 when left out"),
    [PARAM_SINCE] =
        INT_COLUMN("since", 0, 0, 0, "not before, seconds since 1970: when what it judges was made or last changed"),
    [PARAM_HOST] =
        TEXT_COLUMN("host", 0, "only requests to this KMS host: the log of an earlier one says nothing of it"),
    [PARAM_PRODUCT] = TEXT_COLUMN("product", 0, "only requests for this product id, which every key brings along"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column other_columns[] = {
    [OTHER_ID] = INT_COLUMN("id", 0, 0, 0, "of the event"),
    [OTHER_CODE] = TEXT_COLUMN("code", 0, "HRESULT that it tells; absent: none"),
    [OTHER_TIMES] = INT_COLUMN("times", 0, 0, 0, "how often"),
};
_Static_assert(COUNT_OF(other_columns) == OTHER_COUNT, "one row a cell");
static const struct columns others_of = COLUMNS(other_columns);

static const struct column properties[] = {
    [EVENTS_REQUESTS] = INT_COLUMN("requests", 0, 0, 0, "events 12288"),
    [EVENTS_ANSWERED] = INT_COLUMN("answered", 0, 0, 0, "requests with an event 12289 behind them"),
    [EVENTS_UNANSWERED] = INT_COLUMN("unanswered", 0, 0, 0, "requests without one"),
    [EVENTS_UNANSWERED_IN_ROW] = INT_COLUMN("unansweredInRow", 0, 0, 0, "the last ones without one"),
    [EVENTS_FAILED] = INT_COLUMN("failed", 0, 0, 0, "requests that are unanswered, or were answered with a refusal"),
    [EVENTS_FAILED_IN_ROW] = INT_COLUMN("failedInRow", 0, 0, 0, "the last ones"),
    [EVENTS_LAST_INNER_CODE] = TEXT_COLUMN("lastInnerCode", 0, "first field of the newest 12288"),
    [EVENTS_LAST_HOST] = TEXT_COLUMN("lastHost", 0, "whom the newest request went to, host:port"),
    [EVENTS_NEWEST_AT] =
        INT_COLUMN("newestAt", 0, 0, COLUMN_NUMBERED, "of the newest request, seconds since 1970, UTC"),
    [EVENTS_OTHERS] = ROWS_COLUMN("others", &others_of, 0,
                                  "8198, 8200, 8208, 8229 and 16384, newest first: alone most of them mean nothing"),
    [EVENTS_UNREADABLE] = INT_COLUMN("unreadable", 0, 0, 0, "12288 and 12289 that do not look as documented"),
    [EVENTS_CUT] = BOOL_COLUMN("cut", 0, "there were more than were read: all numbers are at least"),
};
_Static_assert(COUNT_OF(properties) == EVENTS_COUNT, "one row a property");

static int64_t oldest_of(const struct look *look, struct host *host)
{
    int64_t since = look_int(look, PARAM_SINCE, 0);
    int64_t back = host_utc_ms(host) / 1000 - look_int(look, PARAM_DAYS, DEFAULT_DAYS) * DAY_SECONDS;
    return since > back ? since : back;
}

static void set_count(struct look *look, size_t property, int64_t count)
{
    look->cells[property] = value_int(count);
}

/* --- requests and responses --- */

/* Sent a moment ago: its response may still be on the way into the log. */
static bool is_pending(const struct spp_exchange *exchange, int64_t now_ms)
{
    return !exchange->is_answered && exchange->sent == 0 && now_ms - exchange->utc_ms < LAG_MS;
}

static bool has_failed(const struct spp_exchange *exchange)
{
    return !exchange->is_answered || exchange->answer != 0 || !exchange->is_bound;
}

/* "host:port" as logged, "[v6]:port" too. */
static bool is_host(const char *logged, const char *host)
{
    size_t size = strlen(host);
    const char *name = logged[0] == '[' && host[0] != '[' ? logged + 1 : logged;
    return text_starts(name, host) && (name[size] == '\0' || name[size] == ':' || name[size] == ']');
}

/* Those of the host and the product that are asked for. */
static struct spp_exchanges pick(const struct look *look, const struct spp_exchanges *all)
{
    const char *host = look_text(look, PARAM_HOST);
    const char *product = look_text(look, PARAM_PRODUCT);
    struct spp_exchange *items = arena_array(look->arena, all->count, sizeof(*items));
    struct spp_exchanges picked = {.items = items, .unreadable = all->unreadable};
    for (size_t i = 0; i < all->count; i++) {
        const struct spp_exchange *exchange = &all->items[i];
        bool is_asked = (host == NULL || is_host(exchange->host, host)) &&
                        (product == NULL || text_equal(exchange->product, product));
        if (is_asked) {
            items[picked.count++] = *exchange;
        }
    }
    return picked;
}

static void count_exchanges(struct look *look, const struct spp_exchanges *exchanges, int64_t now_ms)
{
    int64_t answered = 0;
    int64_t failed = 0;
    int64_t unanswered = 0;
    int64_t row = 0;
    int64_t silent_row = 0;
    bool row_goes_on = true;
    bool silence_goes_on = true;
    for (size_t i = 0; i < exchanges->count; i++) {
        const struct spp_exchange *exchange = &exchanges->items[i];
        if (is_pending(exchange, now_ms)) {
            continue;
        }
        bool is_failure = has_failed(exchange);
        answered += exchange->is_answered ? 1 : 0;
        unanswered += exchange->is_answered ? 0 : 1;
        failed += is_failure ? 1 : 0;
        row_goes_on = row_goes_on && is_failure;
        row += row_goes_on ? 1 : 0;
        silence_goes_on = silence_goes_on && !exchange->is_answered;
        silent_row += silence_goes_on ? 1 : 0;
    }
    set_count(look, EVENTS_REQUESTS, (int64_t)exchanges->count);
    set_count(look, EVENTS_ANSWERED, answered);
    set_count(look, EVENTS_UNANSWERED, unanswered);
    set_count(look, EVENTS_UNANSWERED_IN_ROW, silent_row);
    set_count(look, EVENTS_FAILED, failed);
    set_count(look, EVENTS_FAILED_IN_ROW, row);
    set_count(look, EVENTS_UNREADABLE, (int64_t)exchanges->unreadable);
}

static void fill_newest(struct look *look, const struct spp_exchanges *exchanges)
{
    if (exchanges->count > 0) {
        const struct spp_exchange *newest = &exchanges->items[0];
        look->cells[EVENTS_LAST_INNER_CODE] = cell_hresult(look->arena, newest->sent);
        look->cells[EVENTS_LAST_HOST] = cell_text(look->arena, newest->host);
        look->cells[EVENTS_NEWEST_AT] = value_int(newest->utc_ms / 1000);
    }
}

/* --- everything else --- */

/* Events of one id that tell the same code. */
struct others {
    uint32_t id;
    bool has_code;
    uint32_t code;
    int64_t times;
};

/* Where the event counts: the place of its like, or the next free one. */
static size_t place_of(const struct others *others, size_t count, const struct others *event)
{
    size_t i = 0;
    while (i < count &&
           (others[i].id != event->id || others[i].has_code != event->has_code || others[i].code != event->code)) {
        i++;
    }
    return i;
}

static struct value others_row(struct arena *arena, const struct others *others)
{
    struct value *cells = arena_array(arena, OTHER_COUNT, sizeof(*cells));
    cells[OTHER_ID] = value_int(others->id);
    cells[OTHER_CODE] = others->has_code ? cell_hresult(arena, others->code) : value_absent();
    cells[OTHER_TIMES] = value_int(others->times);
    return value_row(&others_of, cells);
}

/* False in ret_whole: there were more kinds of them than there are places. */
static struct value others_cell(struct arena *arena, const struct event_records *records, bool *ret_whole)
{
    struct others others[OTHERS_MAX];
    size_t count = 0;
    *ret_whole = true;
    for (size_t i = 0; i < records->count; i++) {
        struct others event = {.id = records->items[i].id};
        event.has_code = spp_event_code(&records->items[i], &event.code);
        size_t place = place_of(others, count, &event);
        if (place == OTHERS_MAX) {
            *ret_whole = false;
            continue;
        }
        if (place == count) {
            others[count++] = event;
        }
        others[place].times++;
    }
    struct value *rows = arena_array(arena, count, sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        rows[i] = others_row(arena, &others[i]);
    }
    return value_rows(rows, count);
}

static bool kms_events_look(struct look *look, struct host *host, struct err *err)
{
    static const unsigned exchange_ids[] = {SPP_REQUEST, SPP_RESPONSE, 0};
    static const unsigned other_ids[] = {SPP_ACTIVATION_FAILED, SPP_TICKET_FAILED,   SPP_TICKET_REJECTED,
                                         SPP_RULE_FAILED,       SPP_SERVICE_RESTART, 0};
    struct event_records exchanged = {0};
    struct event_records others = {0};
    int64_t oldest = oldest_of(look, host);
    if (!spp_events_query(host, exchange_ids, oldest, &exchanged, err) ||
        !spp_events_query(host, other_ids, oldest, &others, err)) {
        return false;
    }
    struct spp_exchanges all = spp_events_pair(look->arena, &exchanged);
    struct spp_exchanges exchanges = pick(look, &all);
    count_exchanges(look, &exchanges, host_utc_ms(host));
    fill_newest(look, &exchanges);
    bool is_whole = false;
    look->cells[EVENTS_OTHERS] = others_cell(look->arena, &others, &is_whole);
    look->cells[EVENTS_CUT] = value_bool(exchanged.cut || others.cut || !is_whole);
    return true;
}

const struct kind kind_kms_events = {
    .name = "kms_events",
    .about = "what the licensing service logged about asking a KMS",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_EVENT) | NOUN_BIT(NOUN_CLOCK),
    .look = kms_events_look,
};
