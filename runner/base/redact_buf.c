/* SPDX-License-Identifier: MIT */
#include "base/redact_buf.h"

void redact_stars(struct buf *buf, const struct redact_piece *secret)
{
    for (size_t i = 0; i < secret->size; i++) {
        const char c = redact_star(secret->text[i]);
        buf_add(buf, &c, 1);
    }
}
