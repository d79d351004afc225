/* SPDX-License-Identifier: MIT */
/* Private to the room: what the scan found, one mark a value, in document order. */
#ifndef AZMEND_JSON_MARKS_H
#define AZMEND_JSON_MARKS_H

#include <stdint.h>

#include "base/buf.h"
#include "json/json.h"

struct mark {
    uint32_t start, end;     /* bytes of the value, quotes and brackets included */
    uint32_t name, name_end; /* bytes of the member's name with its quotes; name_end 0: it has none */
    uint32_t line;           /* from 1 */
    uint32_t count;          /* members or elements directly inside */
    uint32_t after;          /* index of the first mark that is no longer inside */
    enum json_type type;
};

/* An empty list of marks, bounded; and all of it. */
void marks_init(struct buf *marks);
size_t marks_count(const struct buf *marks);
const struct mark *marks_all(const struct buf *marks, size_t *ret_count);

#endif
