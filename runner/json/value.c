/* SPDX-License-Identifier: MIT */
#include "json/value.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "json/writer.h"

const char *const unit_texts[UNIT_LIST_END] = {
    [UNIT_COUNT] = "count",
    [UNIT_BYTES] = "bytes",
    [UNIT_MS] = "milliseconds",
    [UNIT_SECONDS] = "seconds",
    [UNIT_MINUTES] = "minutes",
    [UNIT_DAYS] = "days",
    [UNIT_TIME] = "seconds since 1970, UTC",
};

int columns_find(const struct columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (text_same(columns->items[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

struct value value_absent(void)
{
    return (struct value){.state = VALUE_ABSENT};
}

struct value value_bool(bool boolean)
{
    return (struct value){.state = VALUE_KNOWN, .base = TYPE_BOOL, .as.boolean = boolean};
}

struct value value_int(int64_t integer)
{
    return (struct value){.state = VALUE_KNOWN, .base = TYPE_INT, .as.integer = integer};
}

struct value value_count(size_t count, bool cut)
{
    struct value value = value_int((int64_t)count);
    value.at_least = cut;
    return value;
}

struct value value_text(const char *text)
{
    return text == NULL ? value_absent() : (struct value){.state = VALUE_KNOWN, .base = TYPE_TEXT, .as.text = text};
}

struct value value_unknown(const char *why)
{
    return (struct value){.state = VALUE_UNKNOWN, .as.why = why};
}

struct value value_unknown_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *why = arena_vformat(arena, format, arguments);
    va_end(arguments);
    return value_unknown(why);
}

struct value value_row(const struct columns *columns, const struct value *cells)
{
    return (struct value){.state = VALUE_KNOWN, .base = TYPE_ROW, .as.row = {columns, cells}};
}

struct value value_rows(const struct value *rows, size_t count)
{
    return (struct value){.state = VALUE_KNOWN, .base = TYPE_ROWS, .item = TYPE_ROW, .as.list = {rows, count}};
}

struct value value_list(enum type_base item, const struct value *items, size_t count)
{
    return (struct value){.state = VALUE_KNOWN, .base = TYPE_LIST, .item = item, .as.list = {items, count}};
}

static bool lists_equal(const struct value *left, const struct value *right)
{
    if (left->as.list.count != right->as.list.count) {
        return false;
    }
    for (size_t i = 0; i < left->as.list.count; i++) {
        if (!value_equal(&left->as.list.items[i], &right->as.list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool rows_equal(const struct row *left, const struct row *right)
{
    if (left->columns->count != right->columns->count) {
        return false;
    }
    for (size_t i = 0; i < left->columns->count; i++) {
        bool named = text_same(left->columns->items[i].name, right->columns->items[i].name);
        if (!named || !value_equal(&left->cells[i], &right->cells[i])) {
            return false;
        }
    }
    return true;
}

/* Calls itself as deep as columns are nested, which is written in tables of this program. */
bool value_equal(const struct value *left, const struct value *right)
{
    if (left->state != right->state || left->state == VALUE_UNKNOWN) {
        return false;
    }
    if (left->state == VALUE_ABSENT) {
        return true;
    }
    if (left->base != right->base) {
        return false;
    }
    switch (left->base) {
    case TYPE_BOOL:
        return left->as.boolean == right->as.boolean;
    case TYPE_INT:
        return left->as.integer == right->as.integer;
    case TYPE_TEXT:
        return text_equal(left->as.text, right->as.text);
    case TYPE_LIST:
    case TYPE_ROWS:
        return lists_equal(left, right);
    case TYPE_ROW:
        return rows_equal(&left->as.row, &right->as.row);
    case TYPE_NONE:
    case TYPE_COUNT:
        break;
    }
    return true;
}

/* What is shown instead of the content, or NULL. */
static const char *placeholder(const struct value *value)
{
    if (value->state == VALUE_ABSENT) {
        return "(not set)";
    }
    if (value->state == VALUE_UNKNOWN) {
        return "(unknown)";
    }
    return value->secret ? "(redacted)" : NULL;
}

static const char *display_scalar(struct arena *arena, const struct value *value)
{
    const char *instead = placeholder(value);
    if (instead != NULL) {
        return instead;
    }
    if (value->base == TYPE_INT) {
        return arena_format(arena, "%" PRId64 "%s", value->as.integer, value->at_least ? "+" : "");
    }
    if (value->base == TYPE_BOOL) {
        return value->as.boolean ? "true" : "false";
    }
    return value->base == TYPE_TEXT ? value->as.text : "";
}

static bool is_scalar(enum type_base base)
{
    return base == TYPE_BOOL || base == TYPE_INT || base == TYPE_TEXT;
}

static void add_row(struct arena *arena, struct buf *buf, const struct row *row)
{
    const char *between = "";
    for (size_t i = 0; i < row->columns->count; i++) {
        const struct column *column = &row->columns->items[i];
        if (is_scalar(column->base)) {
            buf_format(buf, "%s%s=%s", between, column->name, display_scalar(arena, &row->cells[i]));
            between = ", ";
        }
    }
}

static void add_list(struct arena *arena, struct buf *buf, const struct value *list)
{
    const char *between = "";
    for (size_t i = 0; i < list->as.list.count; i++) {
        const struct value *item = &list->as.list.items[i];
        buf_text(buf, between);
        if (placeholder(item) == NULL && item->base == TYPE_ROW) {
            add_row(arena, buf, &item->as.row);
        } else {
            buf_text(buf, display_scalar(arena, item));
        }
        between = item->base == TYPE_ROW ? "; " : ", ";
    }
}

const char *value_display(struct arena *arena, const struct value *value)
{
    if (placeholder(value) != NULL || is_scalar(value->base)) {
        return display_scalar(arena, value);
    }
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, LIMIT_RESULT_BYTES);
    if (value->base == TYPE_ROW) {
        add_row(arena, &buf, &value->as.row);
    } else {
        add_list(arena, &buf, value);
    }
    return arena_copy(arena, buf_whole(&buf), buf.size);
}

void value_write(struct buf *buf, const struct value *value)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_REVEAL;
    writer_value(&writer, value);
}

const char *type_name(enum type_base base, enum type_base item)
{
    static const char *const names[] = {
        [TYPE_NONE] = "null", [TYPE_BOOL] = "bool", [TYPE_INT] = "int",   [TYPE_TEXT] = "text",
        [TYPE_LIST] = "list", [TYPE_ROW] = "row",   [TYPE_ROWS] = "rows",
    };
    static const char *const lists[] = {
        [TYPE_NONE] = "list",
        [TYPE_BOOL] = "list of bool",
        [TYPE_INT] = "list of int",
        [TYPE_TEXT] = "list of text",
    };
    _Static_assert(COUNT_OF(names) == TYPE_COUNT, "every type has its name");
    must((size_t)base < COUNT_OF(names));
    return base == TYPE_LIST && (size_t)item < COUNT_OF(lists) ? lists[item] : names[base];
}
