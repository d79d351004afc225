/* SPDX-License-Identifier: MIT */
#include "kinds/store_damage.h"

#include <string.h>

#include "host/clock.h"
#include "host/licensing.h"
#include "kinds/cells.h"
#include "kinds/spp_events.h"

enum { CODE_CODE, CODE_AT, CODE_FROM, CODE_COUNT };
enum { CODES_MAX = 16 };
enum { FROM_QUERY, FROM_ACTIVATE, FROM_EVENT };
static const char *const sources[] = {"query", "activate", "event", NULL};

static const struct column columns[] = {
    [CODE_CODE] = TEXT_COLUMN("code", 0, "HRESULT"),
    [CODE_AT] = INT_COLUMN("at", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
    [CODE_FROM] = WORD_COLUMN("from", sources, 0, "who said so"),
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

struct found {
    const struct store_damage *damage;
    struct arena *arena;
    uint32_t seen[CODES_MAX];
    struct value rows[CODES_MAX];
    size_t count;
};

/* Every code once; newest first is how they come. */
static void add_code(struct found *found, uint32_t code, int64_t at, int from)
{
    if (!store_damage_is(found->damage, code) || found->count == CODES_MAX) {
        return;
    }
    for (size_t i = 0; i < found->count; i++) {
        if (found->seen[i] == code) {
            return;
        }
    }
    struct value *cells = arena_array(found->arena, CODE_COUNT, sizeof *cells);
    cells[CODE_CODE] = cell_hresult(found->arena, code);
    cells[CODE_AT] = value_int(at);
    cells[CODE_FROM] = value_text(sources[from]);
    found->seen[found->count] = code;
    found->rows[found->count++] = value_row(&store_damage_rows, cells);
}

static void add_codes_of(struct found *found, const char *text, int64_t at)
{
    for (const char *hex = strstr(text, "0x"); hex != NULL; hex = strstr(hex + 2, "0x")) {
        uint32_t code = 0;
        if (spp_events_code(hex, &code)) {
            add_code(found, code, at, FROM_EVENT);
        }
    }
}

static bool add_events(struct found *found, struct host *host, int64_t created_at, struct err *err)
{
    static const unsigned ids[] = {SPP_LICENSING_STATUS, SPP_SCHEDULER_FAILED, SPP_ACTIVATION_FAILED,
                                   SPP_REQUEST,          SPP_RESPONSE,         0};
    struct event_records records = {0};
    if (!spp_events_query(host, ids, created_at, &records, err)) {
        return false;
    }
    for (size_t i = 0; i < records.count; i++) {
        const struct event_record *record = &records.items[i];
        for (size_t j = 0; record->utc_ms / 1000 > created_at && j < record->data_count; j++) {
            add_codes_of(found, record->data[j], record->utc_ms / 1000);
        }
    }
    return true;
}

/* What this run saw: a store made anew since then has nothing to do with it. */
static void add_attempts(struct found *found, const struct host *host, int64_t created_at)
{
    for (size_t i = host_licensing_attempt_count(host); i > 0; i--) {
        struct licensing_attempt attempt = host_licensing_attempt(host, i - 1);
        if (attempt.utc_ms / 1000 > created_at) {
            add_code(found, attempt.code, attempt.utc_ms / 1000, FROM_ACTIVATE);
        }
    }
}

struct value store_damage_seen(const struct store_damage *damage, struct arena *arena, struct host *host,
                               const struct value *created)
{
    struct found found = {.damage = damage, .arena = arena};
    struct err err = {0};
    add_code(&found, damage->query->os, host_utc_ms(host) / 1000, FROM_QUERY);
    if (created->state == VALUE_UNKNOWN && found.count == 0) {
        return *created; /* which events are newer is not known either */
    }
    if (created->state == VALUE_KNOWN) {
        add_attempts(&found, host, created->as.integer);
        if (!add_events(&found, host, created->as.integer, &err) && found.count == 0) {
            return cell_failed(arena, &err);
        }
    }
    struct value *rows = arena_array(arena, found.count, sizeof *rows);
    for (size_t i = 0; i < found.count; i++) {
        rows[i] = found.rows[i];
    }
    return value_rows(rows, found.count);
}
