/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/spp_events.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"

#define PROVIDER "Microsoft-Windows-Security-SPP"
#define BLANKS " \t\r\n"

enum { HOST_FIELD = 2, FLAG_FIELD = 2, PRODUCT_FIELD = 8, CODE_SIZE = 24, FLAG_SIZE = 8, CODE_DIGITS = 8 };
enum { ANSWER_MS = LIMIT_ACTIVATE_MS, WAITING_MOST = 8 };

/* --- asking --- */

static void add_terms(struct buf *xpath, const struct spp_query *query, struct arena *arena)
{
    for (size_t i = 0; query->ids[i] != 0; i++) {
        buf_format(xpath, "%sEventID=%u", i > 0 ? " or " : " and (", query->ids[i]);
    }
    buf_text(xpath, ")");
    if (query->since > 0) {
        size_t mark = arena_mark(arena);
        buf_format(xpath, " and TimeCreated[@SystemTime>='%.19s.000Z']", clock_format_utc(arena, query->since * 1000));
        arena_release(arena, mark);
    }
    if (query->after > 0) {
        buf_format(xpath, " and EventRecordID>%" PRIu64, query->after);
    }
}

bool spp_events_read(struct host *host, const struct spp_query *query, const struct event_taker *taker,
                     struct event_reading *ret_reading, struct err *err)
{
    struct buf xpath AUTO(buf_clear);
    buf_init(&xpath, LIMIT_TEXT_BYTES);
    buf_text(&xpath, "*[System[Provider[@Name='" PROVIDER "']");
    add_terms(&xpath, query, host->arena);
    buf_text(&xpath, "]]");
    const struct event_query asked = {.channel = SPP_CHANNEL,
                                      .xpath = buf_whole(&xpath),
                                      .purpose = query->purpose,
                                      .most = query->most > 0 ? query->most : LIMIT_EVENTS};
    return host_event_read(host, &asked, taker, ret_reading, err);
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
    text += text_starts(text, "hr=") ? 3 : 0; /* claim: events.8198-begins-hr */
    if (!text_starts(text, "0x")) {
        return false;
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): text_starts, in another file, has seen two characters */
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

/* The field of a text between commas, without the blanks around. False: there is none, or it is longer than room. */
static bool field(const char *text, size_t index, char *ret_field, size_t room)
{
    for (size_t i = 0; i < index; i++) {
        text += strcspn(text, ",");
        text += *text == ',' ? 1 : 0;
    }
    if (*text == '\0') {
        return false;
    }
    text += strspn(text, BLANKS);
    size_t end = strcspn(text, ",");
    while (end > 0 && strchr(BLANKS, text[end - 1]) != NULL) {
        end--;
    }
    if (end >= room) {
        return false;
    }
    memcpy(ret_field, text, end);
    ret_field[end] = '\0';
    return true;
}

static bool read_code(const char *text, uint32_t *ret_code)
{
    char code[CODE_SIZE];
    return field(text, 0, code, sizeof(code)) && spp_events_code(code, ret_code);
}

static bool read_request(const char *text, struct spp_exchange *exchange)
{
    (void)field(text, PRODUCT_FIELD, exchange->product, sizeof(exchange->product));
    return read_code(text, &exchange->sent) && field(text, HOST_FIELD, exchange->host, sizeof(exchange->host));
}

struct response {
    int64_t utc_ms;
    uint32_t code;
    bool is_bound;
};

static bool read_response(const char *text, struct response *response)
{
    char flag[FLAG_SIZE];
    if (!read_code(text, &response->code) || !field(text, FLAG_FIELD, flag, sizeof(flag))) {
        return false;
    }
    response->is_bound = text_same(flag, "1");
    return response->is_bound || text_same(flag, "0");
}

/*
 * --- pairing: newest first, so that a response is met before its request ---
 * A request that did not go out has none. Of those that did, each takes the first response behind it that is still
 * free, within the time that Activate may take; real ones come within a second.
 */

struct pairing {
    const struct spp_taker *taker;
    struct spp_exchange newer; /* held back until the request before it is known */
    bool has_newer, is_over;
    struct response waiting[WAITING_MOST]; /* responses whose request is still to come, the newest first */
    size_t waiting_count;
    size_t unreadable;
};

static void add_response(struct pairing *pairing, const struct response *response)
{
    if (pairing->waiting_count == WAITING_MOST) {
        pairing->waiting_count--;
        memmove(pairing->waiting, pairing->waiting + 1, pairing->waiting_count * sizeof(*response));
    }
    pairing->waiting[pairing->waiting_count++] = *response;
}

static void take_response(struct pairing *pairing, struct spp_exchange *exchange)
{
    if (exchange->sent != 0 || pairing->waiting_count == 0) {
        return;
    }
    const struct response *response = &pairing->waiting[pairing->waiting_count - 1];
    if (response->utc_ms - exchange->utc_ms <= ANSWER_MS) {
        exchange->answer = SPP_ANSWERED;
        exchange->answer_ms = response->utc_ms;
        exchange->code = response->code;
        exchange->is_bound = response->is_bound;
        pairing->waiting_count--;
    }
}

/* Two products were waiting at once: their responses may be the other way round, or the only one either's. */
static void doubt(struct spp_exchange *newer, struct spp_exchange *older)
{
    if (older->sent != 0 || newer->answer != SPP_ANSWERED || text_equal(newer->product, older->product)) {
        return;
    }
    bool is_only = older->answer == SPP_UNANSWERED && newer->answer_ms - older->utc_ms <= ANSWER_MS;
    bool is_crossed = older->answer == SPP_ANSWERED && older->answer_ms > newer->utc_ms &&
                      (older->code != newer->code || older->is_bound != newer->is_bound);
    if (is_only || is_crossed) {
        newer->answer = SPP_IN_DOUBT;
        older->answer = SPP_IN_DOUBT;
    }
}

static void give_newer(struct pairing *pairing)
{
    if (pairing->has_newer && !pairing->is_over) {
        pairing->is_over = !pairing->taker->take(pairing->taker->context, &pairing->newer);
    }
}

static void add_request(struct pairing *pairing, struct spp_exchange *exchange)
{
    take_response(pairing, exchange);
    if (pairing->has_newer) {
        doubt(&pairing->newer, exchange);
    }
    give_newer(pairing);
    pairing->newer = *exchange;
    pairing->has_newer = true;
}

static bool pair_event(void *context, const struct event_record *event)
{
    struct pairing *pairing = context;
    const char *text = event->data_count > 0 ? event->data[0] : "";
    struct response response = {.utc_ms = event->utc_ms};
    struct spp_exchange exchange = {.utc_ms = event->utc_ms, .record_id = event->record_id};
    bool is_response = event->id == SPP_RESPONSE;
    if (is_response ? !read_response(text, &response) : !read_request(text, &exchange)) {
        pairing->unreadable++;
    } else if (is_response) {
        add_response(pairing, &response);
    } else {
        add_request(pairing, &exchange);
    }
    return !pairing->is_over;
}

bool spp_exchanges_read(struct host *host, const struct spp_query *query, const struct spp_taker *taker,
                        struct spp_reading *ret_reading, struct err *err)
{
    static const unsigned ids[] = {SPP_REQUEST, SPP_RESPONSE, 0};
    struct pairing pairing = {.taker = taker};
    struct spp_query asked = *query;
    struct event_reading events = {0};
    asked.ids = ids;
    if (!spp_events_read(host, &asked, &(struct event_taker){&pairing, pair_event}, &events, err)) {
        return false;
    }
    give_newer(&pairing);
    *ret_reading = (struct spp_reading){.events = events, .unreadable = pairing.unreadable};
    return true;
}

bool spp_exchange_is_of(const struct spp_exchange *exchange, const char *product)
{
    return text_equal(exchange->product, product);
}
