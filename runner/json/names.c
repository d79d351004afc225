/* SPDX-License-Identifier: MIT */
#include "json/names.h"

#include <string.h>

#include "base/text.h"

bool names_hex(const char *digits, size_t size, uint32_t *ret_unit)
{
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    uint32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *digit = i < size && digits[i] != '\0' ? strchr(hex, digits[i]) : NULL;
        if (digit == NULL) {
            return false;
        }
        unit = unit << 4 | (uint32_t)((digit - hex) & 15);
    }
    *ret_unit = unit;
    return true;
}

/* A name in its quotes, read character by character. */
struct cursor {
    const char *at, *end;
};

static uint32_t next_unit(struct cursor *cursor)
{
    uint32_t unit = 0;
    must(names_hex(cursor->at + 2, 4, &unit));
    cursor->at += 6;
    return unit;
}

/* The scan has seen that every escape is well-formed and every pair complete. */
static uint32_t next_escaped(struct cursor *cursor)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (cursor->at[1] != 'u') {
        const char *letter = strchr(letters, cursor->at[1]);
        must(letter != NULL);
        cursor->at += 2;
        return (unsigned char)meanings[letter - letters];
    }
    uint32_t unit = next_unit(cursor);
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    return 0x10000 + ((unit - 0xD800) << 10) + (next_unit(cursor) - 0xDC00);
}

/* 0 at the end: U+0000 stands in no name. */
static uint32_t next_point(struct cursor *cursor)
{
    uint32_t point = 0;
    if (cursor->at == cursor->end) {
        return 0;
    }
    if (*cursor->at == '\\') {
        return next_escaped(cursor);
    }
    cursor->at += text_decode(cursor->at, &point);
    return point;
}

/* The members of one object, to be sorted by name. */
struct names {
    const char *bytes;
    const struct mark *marks;
    uint32_t *order; /* indices of marks */
    size_t count;
};

static struct cursor open_name(const struct names *names, uint32_t mark)
{
    const struct mark *member = &names->marks[mark];
    return (struct cursor){names->bytes + member->name + 1, names->bytes + member->name_end - 1};
}

static int compare(const struct names *names, uint32_t left, uint32_t right)
{
    struct cursor one = open_name(names, left);
    struct cursor other = open_name(names, right);
    for (;;) {
        uint32_t point = next_point(&one);
        uint32_t opposite = next_point(&other);
        if (point != opposite) {
            return point < opposite ? -1 : 1;
        }
        if (point == 0) {
            return 0;
        }
    }
}

static void swap(uint32_t *left, uint32_t *right)
{
    uint32_t kept = *left;
    *left = *right;
    *right = kept;
}

/* Lets the name at `parent` sink to where both names below it in the heap of `count` are smaller. */
static void sink(const struct names *names, size_t parent, size_t count)
{
    uint32_t *order = names->order;
    for (size_t child = parent * 2 + 1; child < count; child = parent * 2 + 1) {
        if (child + 1 < count && compare(names, order[child], order[child + 1]) < 0) {
            child++;
        }
        if (compare(names, order[parent], order[child]) >= 0) {
            return;
        }
        swap(&order[parent], &order[child]);
        parent = child;
    }
}

/* Heap sort, not qsort: some libraries' worst case is quadratic, and the names may come from an adversary. */
static void sort(const struct names *names)
{
    for (size_t parent = names->count / 2; parent-- > 0;) {
        sink(names, parent, names->count);
    }
    for (size_t last = names->count; last-- > 1;) {
        swap(&names->order[0], &names->order[last]);
        sink(names, 0, last);
    }
}

static const struct mark *find_twice(const struct names *names)
{
    sort(names);
    for (size_t i = 1; i < names->count; i++) {
        uint32_t before = names->order[i - 1];
        uint32_t here = names->order[i];
        if (compare(names, before, here) == 0) {
            return &names->marks[before > here ? before : here];
        }
    }
    return NULL;
}

bool names_unique(const char *bytes, const struct buf *marks, size_t object, const struct mark **ret_twice,
                  struct err *err)
{
    size_t mark_count = 0;
    struct names names = {.bytes = bytes, .marks = marks_all(marks, &mark_count)};
    names.count = names.marks[object].count;
    struct buf order AUTO(buf_clear) = {0};
    buf_init(&order, names.count * sizeof(*names.order));
    for (size_t at = object + 1; at < mark_count; at = names.marks[at].after) {
        uint32_t member = (uint32_t)at;
        buf_add(&order, &member, sizeof(member));
    }
    if (order.failed) {
        return err_set(err, ERR_MEMORY, 0, "out of memory for the %zu names of an object", names.count);
    }
    names.order = (uint32_t *)(void *)order.bytes;
    *ret_twice = names.count < 2 ? NULL : find_twice(&names);
    return true;
}
