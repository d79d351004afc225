/* SPDX-License-Identifier: MIT */
#include "report/redact.h"

#include <string.h>

#include "base/limits.h"
#include "base/redact.h"
#include "json/writer.h"

enum { SECRET_LEAST = 4 };

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
    writer.secrets = WRITER_KEEP;
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
    redact_bytes(bytes->bytes, bytes->size);
    for (size_t i = 0; secrets != NULL && secrets[i] != NULL; i++) {
        redact_text(bytes, secrets[i]);
        redact_json_text(bytes, secrets[i]);
    }
}
