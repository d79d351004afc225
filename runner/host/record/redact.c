/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/address.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/registry/registry.h"
#include "host/record/redactor.h"

enum kind { KIND_NAME, KIND_ADDRESS, KIND_ID, KIND_SID, KIND_DIGEST, KIND_NUMBER, KIND_BYTES, KIND_COUNT };
static const char *const kind_names[KIND_COUNT] = {"name", "address", "id", "sid", "digest", "number", "bytes"};

enum { GUID_LENGTH = 36, SHORT_WORD = 2, SHORT_NUMBER = 12, DIGEST_LENGTH = 12, CODE_LENGTH = 10 };

struct redactor {
    struct arena *arena;
    uint64_t seed;
    struct map known, stand_ins; /* folded */
    unsigned counts[KIND_COUNT];
};

struct redactor *redactor_open(struct arena *arena, uint64_t seed)
{
    struct redactor *redactor = arena_alloc(arena, sizeof *redactor);
    redactor->arena = arena;
    redactor->seed = seed;
    return redactor;
}

struct arena *redactor_arena(struct redactor *redactor)
{
    return redactor->arena;
}

static char *folded(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_copy(arena, text, size);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
    }
    return copy;
}

/* --- what stands at a place of a text --- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_guid(const char *text)
{
    for (size_t i = 0; i < GUID_LENGTH; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : hex_digit(text[i]) < 0) {
            return false;
        }
    }
    return !is_word(text[GUID_LENGTH]);
}

/* Length of an address literal at the beginning of text; 0: none. */
static size_t address_length(struct arena *arena, const char *text, const char *letters)
{
    size_t length = strspn(text, letters);
    while (length > 0 &&
           (text[length - 1] == '.' || (text[length - 1] == ':' && (length == 1 || text[length - 2] != ':')))) {
        length--;
    }
    bool ends = length > 0 && !is_word(text[length]);
    size_t mark = arena_mark(arena);
    bool is_address = ends && length < LIMIT_TEXT_BYTES && text_is_address(arena_copy(arena, text, length));
    arena_release(arena, mark);
    return is_address ? length : 0;
}

static size_t sid_length(const char *text)
{
    size_t length = strlen("S-1");
    if (!text_starts(text, "S-1-")) {
        return 0;
    }
    while (text[length] == '-' && text[length + 1] >= '0' && text[length + 1] <= '9') {
        length += 1 + strspn(text + length + 1, "0123456789");
    }
    return is_word(text[length]) ? 0 : length;
}

enum shape { SHAPE_OTHER, SHAPE_WORD, SHAPE_IPV4, SHAPE_IPV6, SHAPE_ID, SHAPE_SID };

/* The longest thing that begins here. */
static size_t next_piece(struct arena *arena, const char *text, enum shape *ret_shape)
{
    size_t length = 0;
    *ret_shape = SHAPE_OTHER;
    if (!is_word(*text) && *text != ':') {
        return 1;
    }
    if (is_guid(text)) {
        *ret_shape = SHAPE_ID;
        return GUID_LENGTH;
    }
    if ((length = sid_length(text)) > 0) {
        *ret_shape = SHAPE_SID;
        return length;
    }
    if ((length = address_length(arena, text, "0123456789.")) > 0) {
        *ret_shape = SHAPE_IPV4;
        return length;
    }
    if ((length = address_length(arena, text, "0123456789abcdefABCDEF:.")) > 0) {
        *ret_shape = SHAPE_IPV6;
        return length;
    }
    while (is_word(text[length])) {
        length++;
    }
    *ret_shape = length > 0 ? SHAPE_WORD : SHAPE_OTHER;
    return length > 0 ? length : 1;
}

void redactor_know(struct redactor *redactor, const char *text)
{
    while (*text != '\0') {
        enum shape shape = SHAPE_OTHER;
        size_t length = next_piece(redactor->arena, text, &shape);
        if (shape != SHAPE_OTHER) {
            const char *index = folded(redactor->arena, text, length);
            if (map_find(&redactor->known, index) == NULL) {
                map_set(redactor->arena, &redactor->known, index, redactor);
            }
        }
        text += length;
    }
}

void redactor_know_json(struct redactor *redactor, const struct json *json)
{
    if (json->name != NULL) {
        redactor_know(redactor, json->name);
    }
    if (json->type == JSON_TEXT) {
        redactor_know(redactor, json->as.text);
    }
    for (uint32_t i = 0; (json->type == JSON_ARRAY || json->type == JSON_OBJECT) && i < json->count; i++) {
        redactor_know_json(redactor, &json->as.items[i]);
    }
}

/* --- stand-ins --- */

static bool is_all(const char *word, const char *letters)
{
    return word[strspn(word, letters)] == '\0';
}

/* A number, a code of Windows, a part of a time: nobody's name. */
static bool is_plain(const char *word)
{
    static const char digits[] = "0123456789";
    size_t length = strlen(word);
    size_t number = strspn(word, digits);
    bool is_time = number > 0 && ((word[number] == 't' && is_all(word + number + 1, digits) && length <= 5) ||
                                  (word[number] == 'z' && word[number + 1] == '\0'));
    bool is_code = text_starts(word, "0x") && is_all(word + 2, "0123456789abcdef") && length <= CODE_LENGTH;
    return length <= SHORT_WORD || is_time || is_code || (number == length && length <= SHORT_NUMBER);
}

/* What playbooks and kinds look for within a word. */
static const char *kept_part(const char *word)
{
    static const char *const parts[] = {"Volume", "Eval"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (text_contains(word, parts[i])) {
            return parts[i];
        }
    }
    return "";
}

static const char *number_of(struct redactor *redactor, enum kind kind, const char *form, int width)
{
    return arena_format(redactor->arena, "%s%0*u", form, width, ++redactor->counts[kind]);
}

static const char *name_for(struct redactor *redactor, const char *word)
{
    const char *name = NULL;
    size_t length = strlen(word);
    if (is_all(word, "0123456789")) {
        return number_of(redactor, KIND_NUMBER, "9", (int)length - 1);
    }
    if (length >= DIGEST_LENGTH && is_all(word, "0123456789abcdef")) {
        /* Upper case, as Windows writes thumbprints: they are compared exactly. */
        return number_of(redactor, KIND_DIGEST, "D", (int)length - 1);
    }
    do {
        name = arena_format(redactor->arena, "n%u%s", ++redactor->counts[KIND_NAME], kept_part(word));
    } while (map_find(&redactor->known, folded(redactor->arena, name, strlen(name))) != NULL);
    return name;
}

/* "S-1-5-21-1-2-3-500" and "S-1-12-1-1-2-3-4": whose domain it is has a stand-in, the account's own number stays. */
static const char *sid_for(struct redactor *redactor, const char *sid)
{
    static const char *const heads[] = {"s-1-5-21-", "s-1-12-1-"};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        if (text_starts(sid, heads[i])) {
            const char *tail = strrchr(sid, '-');
            return arena_format(redactor->arena, "S%s%u-0-0%s", heads[i] + 1, ++redactor->counts[KIND_SID], tail);
        }
    }
    return sid; /* the system's own and its services': the same everywhere */
}

static const char *made_for(struct redactor *redactor, enum shape shape, const char *piece, const char *behind)
{
    switch (shape) {
    case SHAPE_WORD:
        return name_for(redactor, piece);
    case SHAPE_ID:
        return number_of(redactor, KIND_ID, "00000000-0000-4000-8000-", GUID_LENGTH - 24);
    case SHAPE_SID:
        return sid_for(redactor, piece);
    case SHAPE_IPV4:
        return redact_ipv4(redactor->arena, redactor->seed, piece, behind);
    case SHAPE_IPV6:
        return redact_ipv6(redactor->arena, redactor->seed, piece);
    case SHAPE_OTHER:
        break;
    }
    return piece;
}

static bool is_address(enum shape shape)
{
    return shape == SHAPE_IPV4 || shape == SHAPE_IPV6;
}

/* An address is made anew each time: what follows it counts. All others once. */
static const char *stand_in(struct redactor *redactor, enum shape shape, const char *piece, const char *behind)
{
    if (map_find(&redactor->known, piece) != NULL || (shape == SHAPE_WORD && is_plain(piece))) {
        return NULL;
    }
    const char *known = map_find(&redactor->stand_ins, piece);
    if (known != NULL && !is_address(shape)) {
        return known;
    }
    const char *made = made_for(redactor, shape, piece, behind);
    if (known == NULL) {
        map_set(redactor->arena, &redactor->stand_ins, piece, arena_text(redactor->arena, made));
        redactor->counts[KIND_ADDRESS] += is_address(shape) && !text_same(made, piece) ? 1 : 0;
    }
    return text_same(made, piece) ? NULL : made;
}

/* "A-B" of two addresses; 0: no range. */
static size_t range_length(struct redactor *redactor, const char *text, size_t first)
{
    size_t last = text[first] == '-' ? address_length(redactor->arena, text + first + 1, "0123456789.") : 0;
    return last > 0 ? first + 1 + last : 0;
}

static size_t add_piece(struct redactor *redactor, const char *text, struct buf *buf)
{
    enum shape shape = SHAPE_OTHER;
    size_t length = next_piece(redactor->arena, text, &shape);
    size_t range = shape == SHAPE_IPV4 ? range_length(redactor, text, length) : 0;
    if (shape == SHAPE_OTHER) {
        buf_add(buf, text, length);
        return length;
    }
    const char *piece = folded(redactor->arena, text, length);
    if (range > 0) {
        const char *last = arena_copy(redactor->arena, text + length + 1, range - length - 1);
        (void)stand_in(redactor, shape, piece, "");
        buf_text(buf, redact_range(redactor->arena, redactor->seed, piece, last));
        return range;
    }
    const char *made = stand_in(redactor, shape, piece, text + length);
    buf_add(buf, made != NULL ? made : text, made != NULL ? strlen(made) : length);
    return length;
}

const char *redactor_text(struct redactor *redactor, const char *text)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    if (text == NULL) {
        return NULL;
    }
    for (const char *at = text; *at != '\0';) {
        at += add_piece(redactor, at, &buf);
    }
    return arena_text(redactor->arena, buf_whole(&buf));
}

/* --- bytes --- */

/* A descriptor's SIDs of a domain (S-1-5-21) or of a directory (S-1-12-1), in place. */
static void mask_sids(struct redactor *redactor, uint8_t *bytes, size_t size)
{
    static const struct {
        uint8_t head[12];
        size_t tail;
    } sids[] = {{{1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0}, 12}, {{1, 5, 0, 0, 0, 0, 0, 12, 1, 0, 0, 0}, 16}};
    for (size_t at = 0; at + sizeof sids[0].head <= size; at++) {
        for (size_t i = 0; i < COUNT_OF(sids); i++) {
            size_t end = at + sizeof sids[i].head + sids[i].tail;
            if (end > size || memcmp(bytes + at, sids[i].head, sizeof sids[i].head) != 0) {
                continue;
            }
            uint8_t *tail = bytes + at + sizeof sids[i].head;
            const char *index =
                arena_format(redactor->arena, "sid %s", hex_encode(redactor->arena, tail, sids[i].tail));
            const unsigned *known = map_find(&redactor->stand_ins, index);
            if (known == NULL) {
                unsigned *number = arena_alloc(redactor->arena, sizeof *number);
                *number = ++redactor->counts[KIND_SID];
                map_set(redactor->arena, &redactor->stand_ins, index, number);
                known = number;
            }
            memset(tail, 0, sids[i].tail);
            tail[0] = (uint8_t)*known;
            tail[1] = (uint8_t)(*known >> 8U);
        }
    }
}

static bool is_descriptor(const uint8_t *bytes, size_t size)
{
    enum { HEAD = 20, SELF_RELATIVE = 0x80 };
    return size >= HEAD && bytes[0] == 1 && bytes[1] == 0 && (bytes[3] & SELF_RELATIVE) != 0;
}

/* A number may be one; of a descriptor only whose it is; all else goes. */
const uint8_t *redactor_bytes(struct redactor *redactor, const uint8_t *bytes, size_t size)
{
    enum { NUMBER_BYTES = 8 };
    uint8_t *copy = (uint8_t *)arena_copy(redactor->arena, bytes, size);
    if (is_descriptor(bytes, size)) {
        mask_sids(redactor, copy, size);
    } else if (size > NUMBER_BYTES) {
        memset(copy, 0, size);
        redactor->counts[KIND_BYTES]++;
    }
    return copy;
}

/* Letters become x and digits 1, so that an address stays one. */
static void blur(struct redactor *redactor, char *text)
{
    for (char *at = text; *at != '\0';) {
        enum shape shape = SHAPE_OTHER;
        size_t length = next_piece(redactor->arena, at, &shape);
        const char *piece = folded(redactor->arena, at, length);
        bool is_known = shape == SHAPE_OTHER || map_find(&redactor->known, piece) != NULL ||
                        (shape == SHAPE_WORD && is_plain(piece));
        for (size_t i = 0; !is_known && i < length; i++) {
            bool is_digit = at[i] >= '0' && at[i] <= '9';
            at[i] = is_word(at[i]) ? (is_digit ? '1' : 'x') : at[i];
        }
        redactor->counts[KIND_BYTES] += is_known ? 0 : 1;
        at += length;
    }
}

const uint8_t *redactor_within(struct redactor *redactor, const uint8_t *bytes, size_t size)
{
    char *copy = arena_copy(redactor->arena, bytes, size);
    for (size_t at = 0; at < size;) {
        size_t length = 0;
        while (at + length < size && copy[at + length] >= ' ' && copy[at + length] <= '~') {
            length++;
        }
        if (length > 0) {
            char *text = arena_copy(redactor->arena, copy + at, length);
            blur(redactor, text);
            memcpy(copy + at, text, length);
        }
        at += length + 1;
    }
    return (const uint8_t *)copy;
}

const uint8_t *redactor_wide(struct redactor *redactor, const uint8_t *bytes, size_t size, size_t *ret_size)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    for (size_t at = 0; at + 1 < size;) {
        size_t end = at;
        while (end + 1 < size && (bytes[end] != 0 || bytes[end + 1] != 0)) {
            end += 2;
        }
        struct registry_value part = {.exists = true, .type = REGISTRY_SZ, .bytes = bytes + at, .size = end - at};
        registry_decode(redactor->arena, &part);
        const char *text = redactor_text(redactor, part.text != NULL ? part.text : "");
        struct registry_value made = registry_from_text(redactor->arena, text);
        buf_add(&buf, made.bytes, made.size - 2); /* without its NUL */
        if (end + 1 < size) {
            buf_add(&buf, "\0", 2);
        }
        at = end + 2;
    }
    *ret_size = buf.size;
    return (const uint8_t *)arena_copy(redactor->arena, buf_whole(&buf), buf.size);
}

void redactor_list(const struct redactor *redactor, struct writer *writer)
{
    writer_name(writer, "replaced");
    writer_open_array(writer);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        if (redactor->counts[kind] > 0) {
            writer_open_object(writer);
            writer_named_text(writer, "kind", kind_names[kind]);
            writer_named_int(writer, "count", redactor->counts[kind]);
            writer_close_object(writer);
        }
    }
    writer_close_array(writer);
}
