/* SPDX-License-Identifier: MIT */
#include "host/nouns/registry/registry.h"

#include <string.h>

#include "base/text.h"

enum {
    REPLACEMENT = 0xFFFD,
    SURROGATE_HIGH = 0xD800,
    SURROGATE_LOW = 0xDC00,
    SURROGATE_END = 0xE000,
    BEYOND_BMP = 0x10000,
    UTF8_BYTES_A_UNIT = 3, /* a unit below U+10000 takes at most three bytes; a pair takes four */
};

static uint64_t read_little(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = size; i > 0; i--) {
        number = number << 8 | bytes[i - 1];
    }
    return number;
}

static bool is_between(uint32_t point, uint32_t low, uint32_t end)
{
    return point >= low && point < end;
}

/* Takes one code point of count units; a surrogate without its other half is U+FFFD. */
static size_t take_point(const uint8_t *bytes, size_t count, uint32_t *ret_point)
{
    uint32_t unit = (uint32_t)read_little(bytes, 2);
    *ret_point = unit;
    if (!is_between(unit, SURROGATE_HIGH, SURROGATE_END)) {
        return 1;
    }
    uint32_t next = count > 1 ? (uint32_t)read_little(bytes + 2, 2) : 0;
    if (unit >= SURROGATE_LOW || !is_between(next, SURROGATE_LOW, SURROGATE_END)) {
        *ret_point = REPLACEMENT;
        return 1;
    }
    *ret_point = BEYOND_BMP + ((unit - SURROGATE_HIGH) << 10) + (next - SURROGATE_LOW);
    return 2;
}

static char *put_utf8(char *out, uint32_t point)
{
    static const struct {
        uint32_t end;
        unsigned lead, more;
    } forms[] = {{0x80, 0x00, 0}, {0x800, 0xC0, 1}, {0x10000, 0xE0, 2}, {0x110000, 0xF0, 3}};
    size_t form = 0;
    while (point >= forms[form].end) {
        form++;
    }
    unsigned more = forms[form].more;
    *out++ = (char)(forms[form].lead | point >> (6 * more));
    for (; more > 0; more--) {
        *out++ = (char)(0x80 | (point >> (6 * (more - 1)) & 0x3F));
    }
    return out;
}

static const char *utf8_from_units(struct arena *arena, const uint8_t *bytes, size_t count)
{
    size_t used = 0;
    while (used < count && read_little(bytes + 2 * used, 2) != 0) {
        used++;
    }
    char *text = arena_alloc(arena, used * UTF8_BYTES_A_UNIT + 1);
    char *out = text;
    for (size_t at = 0; at < used;) {
        uint32_t point = 0;
        at += take_point(bytes + 2 * at, used - at, &point);
        out = put_utf8(out, point);
    }
    *out = '\0';
    return text;
}

void registry_decode(struct arena *arena, struct registry_value *value)
{
    bool is_text = value->type == REGISTRY_SZ || value->type == REGISTRY_EXPAND_SZ;
    bool is_number =
        (value->type == REGISTRY_DWORD && value->size == 4) || (value->type == REGISTRY_QWORD && value->size == 8);
    uint64_t number = is_number ? read_little(value->bytes, value->size) : 0;
    value->text = is_text && value->size % 2 == 0 ? utf8_from_units(arena, value->bytes, value->size / 2) : NULL;
    value->is_number = is_number && number <= INT64_MAX;
    value->number = value->is_number ? (int64_t)number : 0;
}

static uint8_t *put_unit(uint8_t *out, uint32_t unit)
{
    *out++ = (uint8_t)unit;
    *out++ = (uint8_t)(unit >> 8);
    return out;
}

static uint8_t *put_utf16(uint8_t *out, uint32_t point)
{
    if (point < BEYOND_BMP) {
        return put_unit(out, point);
    }
    out = put_unit(out, SURROGATE_HIGH + ((point - BEYOND_BMP) >> 10));
    return put_unit(out, SURROGATE_LOW + (point & 0x3FF));
}

/* Text may come from a command line: a byte that is no UTF-8 is U+FFFD. */
static uint8_t *put_text(uint8_t *out, const char *text, size_t size)
{
    for (const char *end = text + size; text < end;) {
        size_t bad = 0;
        size_t left = (size_t)(end - text);
        const char *stop = text_is_utf8(text, left, &bad) ? end : text + bad;
        while (text < stop) {
            uint32_t point = 0;
            text += text_decode(text, &point);
            out = put_utf16(out, point);
        }
        if (text < end) {
            out = put_utf16(out, REPLACEMENT);
            text++;
        }
    }
    return out;
}

struct registry_value registry_from_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    uint8_t *bytes = arena_alloc(arena, 2 * size + 2); /* no byte of UTF-8 takes more than one unit */
    uint8_t *end = put_unit(put_text(bytes, text, size), 0);
    struct registry_value value = {.exists = true, .type = REGISTRY_SZ, .bytes = bytes, .size = (size_t)(end - bytes)};
    registry_decode(arena, &value);
    return value;
}

struct registry_value registry_from_dword(struct arena *arena, uint32_t number)
{
    uint8_t bytes[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)(number >> 24)};
    struct registry_value value = {.exists = true,
                                   .type = REGISTRY_DWORD,
                                   .bytes = (const uint8_t *)arena_copy(arena, bytes, sizeof bytes),
                                   .size = sizeof bytes};
    registry_decode(arena, &value);
    return value;
}
