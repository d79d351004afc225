/* SPDX-License-Identifier: MIT */
#include "kinds/store_damage.h"

#include <string.h>

#include "base/text.h"
#include "host/clock.h"
#include "kinds/cells.h"
#include "kinds/license.h"
#include "kinds/spp_events.h"

enum { CODE_CODE, CODE_AT, CODE_AGE, CODE_FROM, CODE_TIMES, CODE_TIMES_IN_DAY, CODE_COUNT };
enum { CODES_MAX = 16, DUMPS_MAX = 8, DAY_SECONDS = 24 * 3600, STATUS_LICENSED = 1 };
enum source { FROM_QUERY, FROM_ACTIVATE, FROM_REASON, FROM_EVENT, FROM_DUMP };
static const char *const sources[] = {"query", "activate", "reason", "event", "dump", NULL};

static const struct column columns[] = {
    [CODE_CODE] = TEXT_COLUMN("code", 0, "HRESULT"),
    [CODE_AT] = INT_COLUMN("at", 0, 0, COLUMN_NUMBERED, "the last time, seconds since 1970, UTC"),
    [CODE_AGE] = INT_COLUMN("ageSeconds", 0, 0, COLUMN_NUMBERED, "since the last time"),
    [CODE_FROM] = WORD_COLUMN("from", sources, 0,
                              "who said so: the provider's answer, Activate, the reason of the product's status, an "
                              "event, the newest status dump"),
    [CODE_TIMES] = INT_COLUMN("times", 0, 0, 0, "how often since the last proof of soundness"),
    [CODE_TIMES_IN_DAY] = INT_COLUMN("timesInDay", 0, 0, 0, "the most of them within 24 hours"),
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
    int64_t at;                       /* seconds since 1970 */
    const struct event_record *event; /* NULL: not by an event */
};

/* A code from one place, newest first is how it comes. */
struct found {
    uint32_t code;
    enum source from;
    const struct event_record *last; /* that had it */
    int64_t *at;                     /* of each time, seconds since 1970 */
    size_t count;
    size_t first; /* the newest one that is less than a day after the oldest */
    size_t in_day;
};

struct search {
    const struct store_damage *damage;
    struct arena *arena;
    int64_t now;
    struct found found[CODES_MAX];
    size_t count;
};

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
    *found = (struct found){.code = code, .from = from, .at = arena_array(search->arena, room, sizeof *found->at)};
    return found;
}

static void add_time(struct found *found, int64_t at)
{
    found->at[found->count++] = at;
    while (found->at[found->first] - at >= DAY_SECONDS) {
        found->first++;
    }
    size_t in_day = found->count - found->first;
    found->in_day = in_day > found->in_day ? in_day : found->in_day;
}

/* room: the most times that this place can tell. An event that has the code twice counts once. */
static void add_code(struct search *search, uint32_t code, enum source from, const struct moment *moment, size_t room)
{
    struct found *found = store_damage_is(search->damage, code) ? place_of(search, code, from, room) : NULL;
    bool is_new = found != NULL && (found->last == NULL || found->last != moment->event);
    if (is_new && found->count < room) {
        found->last = moment->event;
        add_time(found, moment->at);
    }
}

static struct value row_of(const struct search *search, const struct found *found)
{
    struct value *cells = arena_array(search->arena, CODE_COUNT, sizeof *cells);
    cells[CODE_CODE] = cell_hresult(search->arena, found->code);
    cells[CODE_AT] = value_int(found->at[0]);
    cells[CODE_AGE] = value_int(search->now - found->at[0]);
    cells[CODE_FROM] = value_text(sources[found->from]);
    cells[CODE_TIMES] = value_int((int64_t)found->count);
    cells[CODE_TIMES_IN_DAY] = value_int((int64_t)found->in_day);
    return value_row(&store_damage_rows, cells);
}

/* --- events --- */

static void add_event(struct search *search, const struct event_record *record, enum source from, size_t room)
{
    const struct moment moment = {.at = record->utc_ms / 1000, .event = record};
    for (size_t j = 0; j < record->data_count; j++) {
        const char *text = record->data[j];
        for (const char *hex = strstr(text, "0x"); hex != NULL; hex = strstr(hex + 2, "0x")) {
            uint32_t code = 0;
            if (spp_events_code(hex, &code)) {
                add_code(search, code, from, &moment, room);
            }
        }
    }
}

static void add_events(struct search *search, const struct event_records *records, int64_t since)
{
    for (size_t i = 0; i < records->count; i++) {
        if (records->items[i].utc_ms / 1000 > since) {
            add_event(search, &records->items[i], FROM_EVENT, records->count);
        }
    }
}

/* A dump describes the whole state of one application's products: only the newest of Windows tells what is. */
static bool add_dump(struct search *search, struct host *host, int64_t since, struct err *err)
{
    struct event_records records = {0};
    if (!spp_events_newest(host, SPP_LICENSING_STATUS, since, DUMPS_MAX, &records, err)) {
        return false;
    }
    for (size_t i = 0; i < records.count; i++) {
        const struct event_record *record = &records.items[i];
        if (record->data_count > 0 && text_contains(record->data[0], LICENSING_WINDOWS_APPLICATION)) {
            if (record->utc_ms / 1000 > since) {
                add_event(search, record, FROM_DUMP, 1);
            }
            return true;
        }
    }
    return true;
}

/* --- proofs of soundness --- */

static void take_later(int64_t *latest, int64_t at)
{
    *latest = at > *latest ? at : *latest;
}

static int64_t sound_by_answers(struct arena *arena, const struct event_records *records)
{
    struct spp_exchanges exchanges = spp_events_pair(arena, records);
    for (size_t i = 0; i < exchanges.count; i++) {
        if (exchanges.items[i].is_answered && exchanges.items[i].is_bound) {
            return exchanges.items[i].utc_ms / 1000;
        }
    }
    return 0;
}

static int64_t sound_by_attempts(const struct host *host)
{
    int64_t at = 0;
    for (size_t i = 0; i < host_licensing_attempt_count(host); i++) {
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
    for (size_t i = count; i > 0; i--) {
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
    static const unsigned ids[] = {SPP_SCHEDULER_FAILED, SPP_ACTIVATION_FAILED, SPP_REQUEST, SPP_RESPONSE, 0};
    struct event_records records = {0};
    int64_t sound_at = sound_by_product(search->damage->product, search->now);
    take_later(&sound_at, sound_by_attempts(host));
    bool is_read = spp_events_query(host, ids, created_at, &records, err);
    take_later(&sound_at, is_read ? sound_by_answers(search->arena, &records) : 0);
    int64_t since = sound_at > created_at ? sound_at : created_at;
    *ret_sound_at = sound_at > created_at ? sound_at : 0;
    add_attempts(search, host, since);
    add_events(search, &records, since);
    return is_read && add_dump(search, host, since, err);
}

struct store_history store_damage_history(const struct store_damage *damage, struct arena *arena, struct host *host,
                                          const struct value *created)
{
    struct search search = {.damage = damage, .arena = arena, .now = host_utc_ms(host) / 1000};
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
