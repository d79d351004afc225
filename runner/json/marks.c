/* SPDX-License-Identifier: MIT */
#include "json/marks.h"

#include "base/limits.h"

size_t marks_count(const struct buf *marks)
{
    return marks->size / sizeof(struct mark);
}

void marks_init(struct buf *marks)
{
    buf_init(marks, LIMIT_JSON_VALUES * sizeof(struct mark));
}

const struct mark *marks_all(const struct buf *marks, size_t *ret_count)
{
    *ret_count = marks_count(marks);
    return (const struct mark *)(const void *)marks->bytes;
}
