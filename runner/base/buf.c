/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { FIRST_CAPACITY = 256 };

void buf_init(struct buf *buf, size_t limit)
{
    must(limit < SIZE_MAX / 2);
    *buf = (struct buf){.limit = limit};
}

void buf_clear(struct buf *buf)
{
    free(buf->bytes);
    *buf = (struct buf){.limit = buf->limit};
}

static size_t next_capacity(const struct buf *buf, size_t wanted)
{
    size_t capacity = buf->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buf->capacity * 2;
    capacity = capacity < buf->limit + 1 ? capacity : buf->limit + 1;
    return capacity < wanted ? wanted : capacity;
}

/* Room for `size` bytes more and the NUL; false leaves the buffer failed. */
static bool reserve(struct buf *buf, size_t size)
{
    if (buf->failed || size > buf->limit - buf->size) {
        buf->failed = true;
        return false;
    }
    size_t wanted = buf->size + size + 1;
    if (wanted <= buf->capacity) {
        return true;
    }
    size_t capacity = next_capacity(buf, wanted);
    char *bytes = realloc(buf->bytes, capacity);
    if (bytes == NULL) {
        buf->failed = true;
        return false;
    }
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (size == 0 || !reserve(buf, size)) {
        return;
    }
    memcpy(buf->bytes + buf->size, bytes, size);
    buf->size += size;
    buf->bytes[buf->size] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        buf->failed = true;
    } else if (length > 0 && reserve(buf, (size_t)length)) {
        (void)vsnprintf(buf->bytes + buf->size, (size_t)length + 1, format, arguments);
        buf->size += (size_t)length;
    }
    va_end(arguments);
}

const char *buf_string(const struct buf *buf)
{
    return buf->bytes == NULL ? "" : buf->bytes;
}

const char *buf_whole(const struct buf *buf)
{
    if (buf->failed) {
        must_exhausted("no room for a text");
    }
    return buf_string(buf);
}
