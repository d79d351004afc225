/* SPDX-License-Identifier: MIT */
#include "host/decode.h"

#include <string.h>

#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/registry/registry.h"

enum { SEQUENCE_BYTES = 4, UNITS_A_ZERO = 8 };

struct span {
    const uint8_t *bytes;
    size_t size;
};

static bool starts_with(struct span span, const char *mark, size_t size)
{
    return span.size >= size && memcmp(span.bytes, mark, size) == 0;
}

static struct span without(struct span span, size_t size)
{
    return (struct span){span.bytes + size, span.size - size};
}

/* --- UTF-16 --- */

enum order { ORDER_NONE, ORDER_LITTLE, ORDER_BIG };

/*
 * Text of one byte a character has no zero byte, but for one that ends it; UTF-16 has them in the upper halves of its
 * ASCII characters, which even Japanese text needs for its blanks and line ends.
 */
static enum order order_by_zeros(struct span span)
{
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < span.size; i++) {
        zeros[i % 2] += span.bytes[i] == 0 ? 1 : 0;
    }
    size_t count = zeros[0] + zeros[1];
    bool is_end_only = span.size > 2 && count == 1 && span.bytes[span.size - 1] == 0;
    if (is_end_only || (zeros[0] > 0) == (zeros[1] > 0) || count * UNITS_A_ZERO * 2 < span.size) {
        return ORDER_NONE;
    }
    return zeros[1] > 0 ? ORDER_LITTLE : ORDER_BIG;
}

static enum order order_of(struct span *span)
{
    if (starts_with(*span, "\xFF\xFE", 2) || starts_with(*span, "\xFE\xFF", 2)) {
        enum order order = span->bytes[0] == 0xFF ? ORDER_LITTLE : ORDER_BIG;
        *span = without(*span, 2);
        return order;
    }
    return order_by_zeros(*span);
}

static unsigned unit_at(struct span span, enum order order, size_t at)
{
    size_t low = order == ORDER_LITTLE ? at : at + 1;
    size_t high = order == ORDER_LITTLE ? at + 1 : at;
    return span.bytes[low] | (unsigned)span.bytes[high] << 8U;
}

static bool is_half(unsigned unit, unsigned from)
{
    return unit >= from && unit < from + 0x400U;
}

/* Whole units, each surrogate with its other half, no U+0000; a last character that was cut is left out. */
static bool is_utf16(struct span *span, enum order order, bool is_cut)
{
    if (span->size % 2 != 0 && !is_cut) {
        return false;
    }
    span->size -= span->size % 2;
    for (size_t at = 0; at < span->size; at += 2) {
        unsigned unit = unit_at(*span, order, at);
        bool is_last = at + 2 == span->size;
        if (is_half(unit, 0xD800) && is_last && is_cut) {
            span->size = at;
        } else if (is_half(unit, 0xD800) && !is_last && is_half(unit_at(*span, order, at + 2), 0xDC00)) {
            at += 2;
        } else if (unit == 0 || is_half(unit, 0xD800) || is_half(unit, 0xDC00)) {
            return false;
        }
    }
    return true;
}

static const char *from_utf16(struct arena *arena, struct span span, enum order order)
{
    uint8_t *units = arena_alloc(arena, span.size);
    for (size_t i = 0; i < span.size; i++) {
        units[i] = span.bytes[order == ORDER_LITTLE ? i : i ^ 1U];
    }
    struct registry_value value = {.exists = true, .type = REGISTRY_SZ, .bytes = units, .size = span.size};
    registry_decode(arena, &value);
    return value.text;
}

/* --- one byte or more a character --- */

/* Well-formed but for a last sequence that was cut. */
static bool is_utf8(struct span *span, bool is_cut)
{
    size_t bad = span->size;
    if (text_is_utf8((const char *)span->bytes, span->size, &bad)) {
        return true;
    }
    bool is_last = span->size - bad < SEQUENCE_BYTES && span->bytes[bad] >= 0xC2;
    for (size_t i = bad + 1; i < span->size; i++) {
        is_last = is_last && (span->bytes[i] & 0xC0U) == 0x80;
    }
    span->size = bad;
    return is_cut && is_last;
}

static const char *from_bytes(struct arena *arena, struct span span, const struct outside *outside)
{
    bool has_mark = starts_with(span, "\xEF\xBB\xBF", 3);
    struct span body = has_mark ? without(span, 3) : span;
    struct span utf8 = body;
    const char *text = NULL;
    if (memchr(body.bytes, 0, body.size) != NULL) {
        return NULL;
    }
    if ((has_mark || !outside->is_marked) && is_utf8(&utf8, outside->is_cut)) {
        return arena_copy(arena, utf8.bytes, utf8.size);
    }
    return port_page_decode(outside->page, body.bytes, body.size, arena, &text) ? text : NULL;
}

/* What ends with one zero byte is a text of C. */
static struct span without_end(struct span span)
{
    const uint8_t *zero = memchr(span.bytes, 0, span.size);
    return zero != NULL && zero == span.bytes + span.size - 1 ? (struct span){span.bytes, span.size - 1} : span;
}

struct decoded decode_text(struct arena *arena, const struct outside *outside)
{
    if (outside->size == 0) {
        return (struct decoded){.text = "", .is_text = true};
    }
    const struct span all = {outside->bytes, outside->size};
    struct span span = all;
    enum order order = order_of(&span);
    bool has_mark = span.size < all.size;
    const char *text = NULL;
    if (order != ORDER_NONE && is_utf16(&span, order, outside->is_cut)) {
        text = from_utf16(arena, span, order);
    } else if (!has_mark) {
        text = from_bytes(arena, without_end(all), outside);
    }
    if (text == NULL) {
        text = arena_format(arena, "hex %s", hex_encode(arena, outside->bytes, outside->size));
        return (struct decoded){.text = text, .is_text = false};
    }
    return (struct decoded){.text = text, .is_text = true};
}
