/* SPDX-License-Identifier: MIT */
#include "report/redact.h"

#include <string.h>

#include "base/limits.h"
#include "json/writer.h"

enum { GROUP = 5, GROUPS = 5, KEY_LETTERS = GROUP * GROUPS, DASHED = KEY_LETTERS + GROUPS - 1, SECRET_LEAST = 4 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* The letters that keys are made of: no vowels, nothing that looks like another. */
static bool is_key_letter(char c)
{
    return c != '\0' && strchr("BCDFGHJKMNPQRTVWXY2346789bcdfghjkmnpqrtvwxy", c) != NULL;
}

/* Where the text begins, at `from` or behind it; bytes->size: nowhere. A NUL among the bytes ends nothing. */
static size_t find(const struct buf *bytes, size_t from, const char *text, size_t size)
{
    for (size_t at = from; at + size <= bytes->size; at++) {
        const char *first = memchr(bytes->bytes + at, text[0], bytes->size - size - at + 1);
        if (first == NULL) {
            break;
        }
        at = (size_t)(first - bytes->bytes);
        if (memcmp(first, text, size) == 0) {
            return at;
        }
    }
    return bytes->size;
}

static void star(struct buf *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        bytes->bytes[i] = bytes->bytes[i] == '-' ? '-' : '*';
    }
}

/* --- product keys --- */

static bool is_dashed_key(const char *word)
{
    for (size_t i = 0; i < DASHED; i++) {
        bool wants_dash = i % (GROUP + 1) == GROUP;
        if (wants_dash ? word[i] != '-' : !is_word(word[i])) {
            return false;
        }
    }
    return true;
}

static bool is_plain_key(const char *word)
{
    for (size_t i = 0; i < KEY_LETTERS; i++) {
        if (!is_key_letter(word[i])) {
            return false;
        }
    }
    return true;
}

/* Letters and digits right before or behind make it a piece of something longer. */
static bool stands_alone(const struct buf *bytes, size_t at, size_t size)
{
    return (at == 0 || !is_word(bytes->bytes[at - 1])) &&
           (at + size == bytes->size || !is_word(bytes->bytes[at + size]));
}

static void redact_keys(struct buf *bytes)
{
    for (size_t at = 0; at + KEY_LETTERS <= bytes->size; at++) {
        const char *word = bytes->bytes + at;
        bool has_room = at + DASHED <= bytes->size;
        if (has_room && is_dashed_key(word) && stands_alone(bytes, at, DASHED)) {
            star(bytes, at, at + DASHED - GROUP);
        } else if (is_plain_key(word) && stands_alone(bytes, at, KEY_LETTERS)) {
            star(bytes, at, at + KEY_LETTERS - GROUP);
        }
    }
}

/* --- signatures --- */

static bool ends_signature(char c)
{
    return c == '\0' || strchr("&\"'<> \t\r\n\\;", c) != NULL;
}

static void redact_signatures(struct buf *bytes)
{
    static const char name[] = "sig=";
    const size_t length = sizeof(name) - 1;
    for (size_t at = find(bytes, 0, name, length); at < bytes->size; at = find(bytes, at + length, name, length)) {
        size_t to = at + length;
        while (to < bytes->size && !ends_signature(bytes->bytes[to])) {
            to++;
        }
        if (at == 0 || !is_letter(bytes->bytes[at - 1])) {
            star(bytes, at + length, to);
        }
    }
}

/* --- texts that are known to be secret --- */

static void redact_text(struct buf *bytes, const char *secret)
{
    size_t size = strlen(secret);
    if (size < SECRET_LEAST) {
        return; /* would star out half of everything else, and hide nothing */
    }
    for (size_t at = find(bytes, 0, secret, size); at < bytes->size; at = find(bytes, at + size, secret, size)) {
        star(bytes, at, at + size);
    }
}

static void redact_json_text(struct buf *bytes, const char *secret)
{
    struct buf quoted AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&quoted, LIMIT_RESULT_BYTES);
    writer_init(&writer, &quoted, WRITER_ONE_LINE);
    writer_text(&writer, secret);
    if (quoted.size > 2 && !quoted.failed) {
        quoted.bytes[quoted.size - 1] = '\0'; /* without its quotes */
        redact_text(bytes, quoted.bytes + 1);
    }
}

void redact(struct buf *bytes, const char *const *secrets)
{
    if (bytes->size == 0) {
        return;
    }
    redact_keys(bytes);
    redact_signatures(bytes);
    for (size_t i = 0; secrets != NULL && secrets[i] != NULL; i++) {
        redact_text(bytes, secrets[i]);
        redact_json_text(bytes, secrets[i]);
    }
}
