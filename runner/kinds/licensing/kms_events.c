/* SPDX-License-Identifier: MIT */
/*
 * What the log says about earlier tries, the service's own included. Only the ids that a playbook goes by are asked
 * for: 16384, the service going to sleep, would crowd them out, and 8200 and 8208 come and go on healthy machines.
 * claim: events.noise
 * Source: https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/event-id-8208-8200-900.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/licensing/licensing.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/licensing/spp_events.h"

enum { PARAM_DAYS, PARAM_SINCE, PARAM_HOST, PARAM_PRODUCT, PARAM_PRODUCTS, PARAM_COUNT };
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
    EVENTS_SKIPPED,
    EVENTS_CUT,
    EVENTS_COUNT
};
enum { OTHER_ID, OTHER_CODE, OTHER_TIMES, OTHER_COUNT };
enum { DEFAULT_DAYS = 14, DAY_SECONDS = 24 * 3600, LAG_MS = 10 * 1000, OTHERS_MAX = 32 };

static const struct column params[] = {
    [PARAM_DAYS] = INT_COLUMN("days", 1, 90, UNIT_DAYS, 0, "how far back; 14 when left out"),
    [PARAM_SINCE] = INT_COLUMN("since", 0, 0, UNIT_TIME, 0, "not before: when what it judges was made or last changed"),
    [PARAM_HOST] =
        TEXT_COLUMN("host", 0, "only requests to this KMS host: the log of an earlier one says nothing of it"),
    [PARAM_PRODUCT] =
        TEXT_COLUMN("product", 0, "only requests for this product id, which every key brings along: Office asks, too"),
    [PARAM_PRODUCTS] = LIST_COLUMN(
        "products", TYPE_TEXT, 0, "only requests for one of these product ids: where it is not known which one it was"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column other_columns[] = {
    [OTHER_ID] = INT_COLUMN("id", 0, 0, UNIT_NUMBER, 0, "of the event"),
    [OTHER_CODE] = TEXT_COLUMN("code", 0, "HRESULT that it tells; absent: none"),
    [OTHER_TIMES] = INT_COLUMN("times", 0, 0, UNIT_COUNT, 0, "how often"),
};
_Static_assert(COUNT_OF(other_columns) == OTHER_COUNT, "one row a cell");
static const struct columns others_of = COLUMNS(other_columns);

static const struct column properties[] = {
    [EVENTS_REQUESTS] = INT_COLUMN("requests", 0, 0, UNIT_COUNT, 0, "events 12288"),
    [EVENTS_ANSWERED] = INT_COLUMN("answered", 0, 0, UNIT_COUNT, 0, "requests with an event 12289 behind them"),
    [EVENTS_UNANSWERED] = INT_COLUMN("unanswered", 0, 0, UNIT_COUNT, 0, "requests without one"),
    [EVENTS_UNANSWERED_IN_ROW] = INT_COLUMN("unansweredInRow", 0, 0, UNIT_COUNT, 0, "the last ones without one"),
    [EVENTS_FAILED] =
        INT_COLUMN("failed", 0, 0, UNIT_COUNT, 0, "requests that are unanswered, or were answered with a refusal"),
    [EVENTS_FAILED_IN_ROW] = INT_COLUMN("failedInRow", 0, 0, UNIT_COUNT, 0, "the last ones"),
    [EVENTS_LAST_INNER_CODE] = TEXT_COLUMN("lastInnerCode", 0, "first field of the newest 12288"),
    [EVENTS_LAST_HOST] = TEXT_COLUMN("lastHost", 0, "whom the newest request went to, host:port"),
    [EVENTS_NEWEST_AT] = INT_COLUMN("newestAt", 0, 0, UNIT_TIME, 0, "when the newest request was logged"),
    [EVENTS_OTHERS] = ROWS_COLUMN("others", &others_of, 0,
                                  "8198 and 8229, newest first: alone most of them mean nothing. A list that is cut "
                                  "ends with a row of which nothing is known"),
    [EVENTS_UNREADABLE] =
        INT_COLUMN("unreadable", 0, 0, UNIT_COUNT, 0, "12288 and 12289 that do not look as documented"),
    [EVENTS_SKIPPED] = INT_COLUMN("skipped", 0, 0, UNIT_COUNT, 0, "events that are too long or no XML"),
    [EVENTS_CUT] =
        BOOL_COLUMN("cut", 0, "there were more than were read: numbers are at least, what is not seen is unknown"),
};
_Static_assert(COUNT_OF(properties) == EVENTS_COUNT, "one row a property");

static int64_t oldest_of(const struct look *look, struct host *host)
{
    int64_t since = look_int(look, PARAM_SINCE, 0);
    int64_t back = host_utc_ms(host) / 1000 - look_int(look, PARAM_DAYS, DEFAULT_DAYS) * DAY_SECONDS;
    return since > back ? since : back;
}

/* --- requests and responses --- */

struct counts {
    const char *host, *product;   /* only of these; NULL: of any */
    const struct value *products; /* only of these; absent: of any */
    int64_t now_ms;
    size_t requests, answered, unanswered, failed, in_doubt;
    size_t failed_row, silent_row;            /* the newest ones */
    bool failures_go_on, silence_goes_on;     /* an older one may still belong to the row */
    bool failures_in_doubt, silence_in_doubt; /* the row ends at one of which nobody knows whether it belongs */
    struct spp_exchange newest;               /* once there is a request */
};

/* Sent a moment ago: its response may still be on the way into the log. */
static bool is_pending(const struct spp_exchange *exchange, int64_t now_ms)
{
    return exchange->answer == SPP_UNANSWERED && exchange->sent == 0 && now_ms - exchange->utc_ms < LAG_MS;
}

static bool has_failed(const struct spp_exchange *exchange)
{
    return exchange->answer == SPP_UNANSWERED || exchange->code != 0 || !exchange->is_bound;
}

/* "host:port" as logged, "[v6]:port" too. */
static bool is_host(const char *logged, const char *host)
{
    size_t size = strlen(host);
    const char *name = logged[0] == '[' && host[0] != '[' ? logged + 1 : logged;
    return text_starts(name, host) && (name[size] == '\0' || name[size] == ':' || name[size] == ']');
}

static bool is_of_one(const struct value *products, const struct spp_exchange *exchange)
{
    bool is_of = products->state != VALUE_KNOWN;
    for (size_t i = 0; !is_of && i < products->as.list.count; i++) {
        is_of = spp_exchange_is_of(exchange, products->as.list.items[i].as.text);
    }
    return is_of;
}

static bool is_asked(const struct counts *counts, const struct spp_exchange *exchange)
{
    return (counts->host == NULL || is_host(exchange->host, counts->host)) &&
           (counts->product == NULL || spp_exchange_is_of(exchange, counts->product)) &&
           is_of_one(counts->products, exchange);
}

static void count_outcome(struct counts *counts, const struct spp_exchange *exchange)
{
    bool is_failure = has_failed(exchange);
    bool is_answered = exchange->answer == SPP_ANSWERED;
    counts->answered += is_answered ? 1 : 0;
    counts->unanswered += is_answered ? 0 : 1;
    counts->failed += is_failure ? 1 : 0;
    counts->failures_go_on = counts->failures_go_on && is_failure;
    counts->failed_row += counts->failures_go_on ? 1 : 0;
    counts->silence_goes_on = counts->silence_goes_on && !is_answered;
    counts->silent_row += counts->silence_goes_on ? 1 : 0;
}

/* A row that is broken off by doubt may go on behind it. */
static void count_doubt(struct counts *counts)
{
    counts->in_doubt++;
    counts->failures_in_doubt = counts->failures_in_doubt || counts->failures_go_on;
    counts->silence_in_doubt = counts->silence_in_doubt || counts->silence_goes_on;
    counts->failures_go_on = false;
    counts->silence_goes_on = false;
}

static bool count_exchange(void *context, const struct spp_exchange *exchange)
{
    struct counts *counts = context;
    if (!is_asked(counts, exchange)) {
        return true;
    }
    if (counts->requests == 0) {
        counts->newest = *exchange;
    }
    counts->requests++;
    if (exchange->answer == SPP_IN_DOUBT) {
        count_doubt(counts);
    } else if (!is_pending(exchange, counts->now_ms)) {
        count_outcome(counts, exchange);
    }
    return true;
}

static void fill_counts(struct look *look, const struct counts *counts, const struct spp_reading *reading)
{
    bool cut = reading->events.cut;
    bool is_least = cut || counts->in_doubt > 0;
    look->cells[EVENTS_REQUESTS] = value_count(counts->requests, cut);
    look->cells[EVENTS_ANSWERED] = value_count(counts->answered, is_least);
    look->cells[EVENTS_UNANSWERED] = value_count(counts->unanswered, is_least);
    look->cells[EVENTS_FAILED] = value_count(counts->failed, is_least);
    look->cells[EVENTS_FAILED_IN_ROW] =
        value_count(counts->failed_row, counts->failures_in_doubt || (cut && counts->failures_go_on));
    look->cells[EVENTS_UNANSWERED_IN_ROW] =
        value_count(counts->silent_row, counts->silence_in_doubt || (cut && counts->silence_goes_on));
    look->cells[EVENTS_UNREADABLE] = value_count(reading->unreadable, cut);
}

static void fill_newest(struct look *look, const struct counts *counts, bool cut)
{
    static const size_t of_newest[] = {EVENTS_LAST_INNER_CODE, EVENTS_LAST_HOST, EVENTS_NEWEST_AT};
    if (counts->requests > 0) {
        look->cells[EVENTS_LAST_INNER_CODE] = cell_hresult(look->arena, counts->newest.sent);
        look->cells[EVENTS_LAST_HOST] = cell_text(look->arena, counts->newest.host);
        look->cells[EVENTS_NEWEST_AT] = value_int(counts->newest.utc_ms / 1000);
        return;
    }
    for (size_t i = 0; cut && i < COUNT_OF(of_newest); i++) {
        look->cells[of_newest[i]] = value_unknown("it may stand behind the newest requests, which are others'");
    }
}

/* --- failures that the service logs beside its requests --- */

/* Events of one id that tell the same code. */
struct other {
    uint32_t id;
    bool has_code;
    uint32_t code;
    size_t times;
};

struct others {
    struct other items[OTHERS_MAX];
    size_t count;
    bool is_whole; /* false: there were more kinds of them than there are places */
};

/* "RuleId=...;AppId=55c92734-...;": Office has rules of its own. Where no application is named it may be Windows. */
static bool names_other(const struct event_record *event)
{
    static const char key[] = "AppId=";
    for (size_t i = 0; i < event->data_count; i++) {
        const char *named = strstr(event->data[i], key);
        if (named != NULL) {
            return !text_starts(named + strlen(key), LICENSING_WINDOWS_APPLICATION);
        }
    }
    return false;
}

static bool count_other(void *context, const struct event_record *event)
{
    struct others *others = context;
    struct other other = {.id = event->id};
    if (names_other(event)) {
        return true;
    }
    other.has_code = spp_event_code(event, &other.code);
    size_t i = 0;
    while (i < others->count && (others->items[i].id != other.id || others->items[i].has_code != other.has_code ||
                                 others->items[i].code != other.code)) {
        i++;
    }
    if (i == OTHERS_MAX) {
        others->is_whole = false;
        return true;
    }
    if (i == others->count) {
        others->items[others->count++] = other;
    }
    others->items[i].times++;
    return true;
}

static struct value others_row(struct arena *arena, const struct other *other, bool cut)
{
    struct value *cells = arena_array(arena, OTHER_COUNT, sizeof(*cells));
    cells[OTHER_ID] = value_int(other->id);
    cells[OTHER_CODE] = other->has_code ? cell_hresult(arena, other->code) : value_absent();
    cells[OTHER_TIMES] = value_count(other->times, cut);
    return value_row(&others_of, cells);
}

/* A list that is cut ends with a row of which nothing is known: whatever is not in it may be there. */
static struct value rest_row(struct arena *arena)
{
    struct value *cells = arena_array(arena, OTHER_COUNT, sizeof(*cells));
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        cells[i] = value_unknown("there were more events than were read");
    }
    return value_row(&others_of, cells);
}

static struct value others_cell(struct arena *arena, const struct others *others, bool cut)
{
    size_t rest = cut ? 1 : 0;
    struct value *rows = arena_array(arena, others->count + rest, sizeof(*rows));
    for (size_t i = 0; i < others->count; i++) {
        rows[i] = others_row(arena, &others->items[i], cut);
    }
    if (cut) {
        rows[others->count] = rest_row(arena);
    }
    return value_rows(rows, others->count + rest);
}

/* --- the look --- */

static bool read_requests(struct look *look, struct host *host, int64_t since, struct spp_reading *ret_reading,
                          struct err *err)
{
    struct counts counts = {.host = look_text(look, PARAM_HOST),
                            .product = look_text(look, PARAM_PRODUCT),
                            .products = &look->params[PARAM_PRODUCTS],
                            .now_ms = host_utc_ms(host),
                            .failures_go_on = true,
                            .silence_goes_on = true};
    const struct spp_query query = {.purpose = "requests", .since = since};
    if (!spp_exchanges_read(host, &query, &(struct spp_taker){&counts, count_exchange}, ret_reading, err)) {
        return false;
    }
    fill_counts(look, &counts, ret_reading);
    fill_newest(look, &counts, ret_reading->events.cut);
    return true;
}

static bool read_others(struct look *look, struct host *host, int64_t since, struct event_reading *ret_reading,
                        struct err *err)
{
    static const unsigned ids[] = {SPP_ACTIVATION_FAILED, SPP_RULE_FAILED, 0};
    struct others others = {.is_whole = true};
    const struct spp_query query = {.purpose = "failures", .ids = ids, .since = since};
    if (!spp_events_read(host, &query, &(struct event_taker){&others, count_other}, ret_reading, err)) {
        return false;
    }
    ret_reading->cut = ret_reading->cut || !others.is_whole;
    look->cells[EVENTS_OTHERS] = others_cell(look->arena, &others, ret_reading->cut);
    return true;
}

static bool kms_events_look(struct look *look, struct host *host, struct err *err)
{
    struct spp_reading requests = {0};
    struct event_reading others = {0};
    int64_t since = oldest_of(look, host);
    if (!read_requests(look, host, since, &requests, err) || !read_others(look, host, since, &others, err)) {
        return false;
    }
    look->cells[EVENTS_SKIPPED] = value_count(requests.events.skipped + others.skipped, false);
    look->cells[EVENTS_CUT] = value_bool(requests.events.cut || others.cut);
    return true;
}

const struct kind kind_kms_events = {
    .name = "kms_events",
    .about = "what the licensing service logged about asking a KMS",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_EVENT) | NOUN_BIT(NOUN_CLOCK),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"days\": 14}",
    .look = kms_events_look,
};
