/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/store_damage.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/host.h"
#include "host/nouns/clock/clock.h"
#include "kinds/cells.h"
#include "kinds/licensing/license.h"
#include "kinds/licensing/spp_events.h"

enum { CODE_CODE, CODE_AT, CODE_AGE, CODE_FROM, CODE_TIMES, CODE_TIMES_IN_DAY, CODE_COUNT };
enum { CODES_MAX = 16, DUMPS_MAX = 8, DAY_SECONDS = 24 * 3600, STATUS_LICENSED = 1 };
enum { EVIDENCE_SECONDS = 7 * DAY_SECONDS }; /* what is older is no evidence of now (judged) */
enum source { FROM_QUERY, FROM_ACTIVATE, FROM_REASON, FROM_EVENT, FROM_DUMP };
static const char *const sources[] = {"query", "activate", "reason", "event", "dump", NULL};

static const struct column columns[] = {
    [CODE_CODE] = TEXT_COLUMN("code", 0, "HRESULT"),
    [CODE_AT] = INT_COLUMN("at", 0, 0, UNIT_TIME, 0, "the last time"),
    [CODE_AGE] = INT_COLUMN("ageSeconds", 0, 0, UNIT_SECONDS, 0, "time since then"),
    [CODE_FROM] = WORD_COLUMN("from", sources, 0,
                              "who said so: the provider's answer, Activate, the reason of the product's status, an "
                              "event, the newest status dump"),
    [CODE_TIMES] = INT_COLUMN("times", 0, 0, UNIT_COUNT, 0, "how often since the last proof of soundness"),
    [CODE_TIMES_IN_DAY] = INT_COLUMN("timesInDay", 0, 0, UNIT_COUNT, 0, "the most of them within 24 hours"),
};
_Static_assert(COUNT_OF(columns) == CODE_COUNT, "one row a cell");
const struct columns store_damage_rows = COLUMNS(columns);

bool store_damage_load(struct store_damage *damage, const struct value *list, struct arena *arena, struct err *err)
{
    uint32_t *codes = arena_array(arena, list->as.list.count, sizeof *codes);
    for (size_t i = 0; i < list->as.list.count; i++) {
        const char *text = list->as.list.items[i].as.text;
        if (!spp_events_code(text, &codes[i])) {
            return err_set(err, ERR_INVALID, 0, "%.32s is no HRESULT", text);
        }
    }
    damage->codes = codes;
    damage->count = list->as.list.count;
    return true;
}

bool store_damage_is(const struct store_damage *damage, uint32_t code)
{
    for (size_t i = 0; i < damage->count; i++) {
        if (damage->codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* --- counting --- */

struct moment {
    int64_t at;   /* seconds since 1970 */
    size_t event; /* which event of this look, from 1; 0: not by an event */
};

/* A code from one place, newest first is how it comes. */
struct found {
    uint32_t code;
    enum source from;
    size_t last;      /* event that had it */
    struct buf times; /* int64_t of each time, seconds since 1970; on the heap: an event's look keeps nothing else */
    size_t count;
    size_t first; /* the newest one that is less than a day after the oldest */
    size_t in_day;
};

struct search {
    const struct store_damage *damage;
    struct arena *arena;
    int64_t now;
    int64_t since;  /* only events that are newer, seconds since 1970 */
    int64_t oldest; /* event that was read */
    size_t events;
    struct found found[CODES_MAX];
    size_t count;
};

static void drop_search(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        buf_clear(&search->found[i].times);
    }
}

static struct found *place_of(struct search *search, uint32_t code, enum source from, size_t room)
{
    for (size_t i = 0; i < search->count; i++) {
        if (search->found[i].code == code && search->found[i].from == from) {
            return &search->found[i];
        }
    }
    if (search->count == CODES_MAX) {
        return NULL;
    }
    struct found *found = &search->found[search->count++];
    *found = (struct found){.code = code, .from = from};
    buf_init(&found->times, room * sizeof(int64_t));
    return found;
}

static int64_t time_of(const struct found *found, size_t index)
{
    int64_t at = 0;
    memcpy(&at, buf_whole(&found->times) + index * sizeof(at), sizeof(at));
    return at;
}

static void add_time(struct found *found, int64_t at)
{
    buf_add(&found->times, &at, sizeof(at));
    found->count++;
    while (time_of(found, found->first) - at >= DAY_SECONDS) {
        found->first++;
    }
    size_t in_day = found->count - found->first;
    found->in_day = in_day > found->in_day ? in_day : found->in_day;
}

/* room: the most times that this place can tell. An event that has the code twice counts once. */
static void add_code(struct search *search, uint32_t code, enum source from, const struct moment *moment, size_t room)
{
    struct found *found = store_damage_is(search->damage, code) ? place_of(search, code, from, room) : NULL;
    bool is_new = found != NULL && (found->last == 0 || found->last != moment->event);
    if (is_new && found->count < room) {
        found->last = moment->event;
        add_time(found, moment->at);
    }
}

static struct value row_of(const struct search *search, const struct found *found)
{
    struct value *cells = arena_array(search->arena, CODE_COUNT, sizeof *cells);
    cells[CODE_CODE] = cell_hresult(search->arena, found->code);
    cells[CODE_AT] = value_int(time_of(found, 0));
    cells[CODE_AGE] = value_int(search->now - time_of(found, 0));
    cells[CODE_FROM] = value_text(sources[found->from]);
    cells[CODE_TIMES] = value_int((int64_t)found->count);
    cells[CODE_TIMES_IN_DAY] = value_int((int64_t)found->in_day);
    return value_row(&store_damage_rows, cells);
}

/* --- events --- */

static void add_event(struct search *search, const struct event_record *record, enum source from, size_t room)
{
    const struct moment moment = {.at = record->utc_ms / 1000, .event = ++search->events};
    for (size_t j = 0; moment.at > search->since && j < record->data_count; j++) {
        const char *text = record->data[j];
        for (const char *hex = strstr(text, "0x"); hex != NULL; hex = strstr(hex + 2, "0x")) {
            uint32_t code = 0;
            if (spp_events_code(hex, &code)) {
                add_code(search, code, from, &moment, room);
            }
        }
    }
    search->oldest = moment.at;
}

static bool take_event(void *context, const struct event_record *event)
{
    add_event(context, event, FROM_EVENT, LIMIT_EVENTS);
    return true;
}

/* What is behind the newest events matters where it would still be evidence of now. */
static bool add_events(struct search *search, struct host *host, struct err *err)
{
    static const unsigned ids[] = {SPP_SCHEDULER_FAILED, SPP_ACTIVATION_FAILED, SPP_REQUEST, SPP_RESPONSE, 0};
    const struct spp_query query = {.purpose = "store: events", .ids = ids, .since = search->since};
    struct event_reading reading = {0};
    if (!spp_events_read(host, &query, &(struct event_taker){search, take_event}, &reading, err)) {
        return false;
    }
    bool is_lacking = reading.cut && search->now - search->oldest < EVIDENCE_SECONDS;
    return !is_lacking || err_set(err, ERR_LIMIT, 0, "more than the %zu newest events may tell", reading.count);
}

/* A dump describes the whole state of one application's products: only the newest of Windows tells what is. */
static bool take_dump(void *context, const struct event_record *event)
{
    bool is_of_windows = event->data_count > 0 && text_contains(event->data[0], LICENSING_WINDOWS_APPLICATION);
    if (is_of_windows) {
        add_event(context, event, FROM_DUMP, 1);
    }
    return !is_of_windows;
}

static bool add_dump(struct search *search, struct host *host, struct err *err)
{
    static const unsigned ids[] = {SPP_LICENSING_STATUS, 0};
    const struct spp_query query = {
        .purpose = "store: status dumps", .ids = ids, .since = search->since, .most = DUMPS_MAX};
    struct event_reading reading = {0};
    return spp_events_read(host, &query, &(struct event_taker){search, take_dump}, &reading, err);
}

/* --- proofs of soundness --- */

static void take_later(int64_t *latest, int64_t at)
{
    *latest = at > *latest ? at : *latest;
}

static bool take_answer(void *context, const struct spp_exchange *exchange)
{
    int64_t *at = context;
    bool is_sound = exchange->answer == SPP_ANSWERED && exchange->is_bound;
    *at = is_sound ? exchange->utc_ms / 1000 : 0;
    return !is_sound;
}

static bool sound_by_answers(struct host *host, int64_t created_at, int64_t *ret_at, struct err *err)
{
    const struct spp_query query = {.purpose = "store: answers", .since = created_at};
    struct spp_reading reading = {0};
    return spp_exchanges_read(host, &query, &(struct spp_taker){ret_at, take_answer}, &reading, err);
}

/* How many attempts of this run were made on the store that this run has moved since: they tell nothing of this one. */
static size_t attempts_before_rebuild(const struct host *host)
{
    size_t made = 0;
    size_t before = 0;
    for (size_t i = 0; i < host_op_count(host); i++) {
        const struct op *op = host_op(host, i);
        made += text_same(op->verb, "activate") ? 1 : 0;
        before = op->outcome == OP_DONE && text_same(op->verb, "rename") ? made : before;
    }
    return before;
}

static int64_t sound_by_attempts(const struct host *host)
{
    int64_t at = 0;
    for (size_t i = attempts_before_rebuild(host); i < host_licensing_attempt_count(host); i++) {
        struct licensing_attempt attempt = host_licensing_attempt(host, i);
        take_later(&at, attempt.code == 0 && !attempt.abandoned ? attempt.utc_ms / 1000 : 0);
    }
    return at;
}

static int64_t sound_by_product(const struct licensing_product *product, int64_t now)
{
    bool is_renewed = product != NULL && product->status == STATUS_LICENSED && product->description != NULL &&
                      text_contains(product->description, LICENSE_KMS_CLIENT) && product->grace_minutes > 0;
    int64_t age_minutes = is_renewed ? (int64_t)LICENSE_KMS_MINUTES - product->grace_minutes : -1;
    return age_minutes >= 0 ? now - age_minutes * 60 : 0;
}

/* --- all of it --- */

/* A store made anew since then has nothing to do with it. */
static void add_attempts(struct search *search, const struct host *host, int64_t since)
{
    size_t count = host_licensing_attempt_count(host);
    for (size_t i = count; i > attempts_before_rebuild(host); i--) {
        struct licensing_attempt attempt = host_licensing_attempt(host, i - 1);
        if (attempt.utc_ms / 1000 > since) {
            const struct moment moment = {.at = attempt.utc_ms / 1000};
            add_code(search, attempt.code, FROM_ACTIVATE, &moment, count);
        }
    }
}

static void add_now(struct search *search)
{
    const struct licensing_product *product = search->damage->product;
    const struct moment now = {.at = search->now};
    add_code(search, search->damage->query->os, FROM_QUERY, &now, 1);
    if (product != NULL) {
        add_code(search, product->reason, FROM_REASON, &now, 1);
    }
}

/* What was seen since the store was made, and since it last proved sound. */
static bool add_past(struct search *search, struct host *host, int64_t created_at, int64_t *ret_sound_at,
                     struct err *err)
{
    int64_t answered_at = 0;
    int64_t sound_at = sound_by_product(search->damage->product, search->now);
    take_later(&sound_at, sound_by_attempts(host));
    bool is_read = sound_by_answers(host, created_at, &answered_at, err);
    take_later(&sound_at, answered_at);
    search->since = sound_at > created_at ? sound_at : created_at;
    *ret_sound_at = sound_at > created_at ? sound_at : 0;
    add_attempts(search, host, search->since);
    return is_read && add_events(search, host, err) && add_dump(search, host, err);
}

struct store_history store_damage_history(const struct store_damage *damage, struct arena *arena, struct host *host,
                                          const struct value *created)
{
    struct search search AUTO(drop_search) = {.damage = damage, .arena = arena, .now = host_utc_ms(host) / 1000};
    struct store_history history = {.sound_at = value_absent()};
    struct err err = {0};
    int64_t sound_at = 0;
    add_now(&search);
    bool is_whole = created->state != VALUE_KNOWN || add_past(&search, host, created->as.integer, &sound_at, &err);
    struct value *rows = arena_array(arena, search.count, sizeof *rows);
    for (size_t i = 0; i < search.count; i++) {
        rows[i] = row_of(&search, &search.found[i]);
    }
    history.codes = value_rows(rows, search.count);
    if (search.count == 0 && created->state == VALUE_UNKNOWN) {
        history.codes = *created; /* which events are newer is not known either */
    } else if (search.count == 0 && !is_whole) {
        history.codes = cell_failed(arena, &err);
    }
    if (!is_whole || created->state == VALUE_UNKNOWN) {
        history.sound_at = created->state == VALUE_UNKNOWN ? *created : cell_failed(arena, &err);
    } else if (sound_at > 0) {
        history.sound_at = value_int(sound_at);
    }
    return history;
}
