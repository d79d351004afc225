/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer on the heap with a limit set at birth. After the limit or a failed allocation it is `failed`
 * and swallows everything further, so that a writer checks once, at the end.
 */
#ifndef AZMEND_BASE_BUF_H
#define AZMEND_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf {
    char *bytes; /* NUL behind the last byte when size > 0 or capacity > 0; NULL when nothing was added */
    size_t size, capacity, limit;
    bool failed;
};

void buf_init(struct buf *buf, size_t limit); /* limit in bytes, without the NUL */
void buf_clear(struct buf *buf);              /* for AUTO(buf_clear) too; takes a zeroed one */
void buf_add(struct buf *buf, const void *bytes, size_t size);
void buf_text(struct buf *buf, const char *text);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
const char *buf_string(const struct buf *buf); /* never NULL; "" when empty */
/* The same of a buffer whose limit cannot be reached: if it failed, there was no memory, and the run ends. */
const char *buf_whole(const struct buf *buf);

#endif
