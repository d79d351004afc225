/* SPDX-License-Identifier: MIT */
#include "kinds/spp_events.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/clock.h"

#define PROVIDER "Microsoft-Windows-Security-SPP"
#define CHANNEL "Application"

enum { FIELDS_MAX = 32, PRODUCT_FIELD = 8, CODE_DIGITS = 8, ANSWER_MS = LIMIT_ACTIVATE_MS };

/* --- asking --- */

static bool query(struct host *host, const unsigned *ids, int64_t since, size_t most, struct event_records *ret_records,
                  struct err *err)
{
    struct buf xpath AUTO(buf_clear);
    buf_init(&xpath, LIMIT_TEXT_BYTES);
    buf_text(&xpath, "*[System[Provider[@Name='" PROVIDER "'] and (");
    for (size_t i = 0; ids[i] != 0; i++) {
        buf_format(&xpath, "%sEventID=%u", i > 0 ? " or " : "", ids[i]);
    }
    buf_text(&xpath, ")");
    if (since > 0) {
        buf_format(&xpath, " and TimeCreated[@SystemTime>='%.19s.000Z']", clock_format_utc(host->arena, since * 1000));
    }
    buf_text(&xpath, "]]");
    return host_event_query(host, CHANNEL, buf_whole(&xpath), most, ret_records, err);
}

bool spp_events_query(struct host *host, const unsigned *ids, int64_t since, struct event_records *ret_records,
                      struct err *err)
{
    return query(host, ids, since, LIMIT_EVENTS, ret_records, err);
}

bool spp_events_newest(struct host *host, unsigned id, int64_t since, size_t most, struct event_records *ret_records,
                       struct err *err)
{
    const unsigned ids[] = {id, 0};
    return query(host, ids, since, most, ret_records, err);
}

/* --- reading --- */

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit != '\0' ? strchr(digits, digit >= 'A' && digit <= 'F' ? digit | 0x20 : digit) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

bool spp_events_code(const char *text, uint32_t *ret_code)
{
    uint32_t code = 0;
    size_t count = 0;
    text += text_starts(text, "hr=") ? 3 : 0;
    if (!text_starts(text, "0x")) {
        return false;
    }
    for (text += 2; hex_digit(*text) >= 0; text++, count++) {
        if (count == CODE_DIGITS) {
            return false;
        }
        code = code << 4U | (uint32_t)hex_digit(*text);
    }
    bool is_word = (*text >= 'g' && *text <= 'z') || (*text >= 'G' && *text <= 'Z'); /* it goes on, as no number does */
    if (count == 0 || is_word) {
        return false;
    }
    *ret_code = code;
    return true;
}

bool spp_event_code(const struct event_record *record, uint32_t *ret_code)
{
    return record->data_count > 0 && spp_events_code(record->data[0], ret_code);
}

struct fields {
    const char *items[FIELDS_MAX];
    size_t count;
};

/* The first Data on its commas, without the blanks around. */
static struct fields split(struct arena *arena, const struct event_record *record)
{
    struct fields fields = {.count = 0};
    const char *at = record->data_count > 0 ? record->data[0] : "";
    while (*at != '\0' && fields.count < FIELDS_MAX) {
        at += strspn(at, " \t\r\n");
        size_t length = strcspn(at, ",");
        size_t end = length;
        while (end > 0 && strchr(" \t\r\n", at[end - 1]) != NULL) {
            end--;
        }
        fields.items[fields.count++] = arena_copy(arena, at, end);
        at += length + (at[length] == ',' ? 1 : 0);
    }
    return fields;
}

static bool read_request(const struct fields *fields, struct spp_exchange *exchange)
{
    if (fields->count < 3 || !spp_events_code(fields->items[0], &exchange->sent)) {
        return false;
    }
    exchange->host = fields->items[2];
    exchange->product = fields->count > PRODUCT_FIELD ? fields->items[PRODUCT_FIELD] : "";
    return true;
}

static bool read_response(const struct fields *fields, struct spp_exchange *exchange)
{
    if (fields->count < 3 || !spp_events_code(fields->items[0], &exchange->answer)) {
        return false;
    }
    bool is_flag = text_same(fields->items[2], "0") || text_same(fields->items[2], "1");
    exchange->is_bound = text_same(fields->items[2], "1");
    return is_flag;
}

/* --- pairing: newest first, so that a response is met before its request --- */

struct spp_exchanges spp_events_pair(struct arena *arena, const struct event_records *records)
{
    struct spp_exchange *items = arena_array(arena, records->count, sizeof *items);
    struct spp_exchanges exchanges = {.items = items};
    struct spp_exchange response = {0};
    for (size_t i = 0; i < records->count; i++) {
        const struct event_record *record = &records->items[i];
        bool is_response = record->id == SPP_RESPONSE;
        if (!is_response && record->id != SPP_REQUEST) {
            continue;
        }
        struct fields fields = split(arena, record);
        struct spp_exchange exchange = {.utc_ms = record->utc_ms};
        if (is_response ? !read_response(&fields, &exchange) : !read_request(&fields, &exchange)) {
            exchanges.unreadable++;
        } else if (is_response) {
            response = exchange;
            response.is_answered = true;
        } else {
            if (response.is_answered && response.utc_ms - exchange.utc_ms <= ANSWER_MS) {
                exchange.is_answered = true;
                exchange.answer = response.answer;
                exchange.is_bound = response.is_bound;
            }
            items[exchanges.count++] = exchange;
            response = (struct spp_exchange){0};
        }
    }
    return exchanges;
}
