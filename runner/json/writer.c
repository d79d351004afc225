/* SPDX-License-Identifier: MIT */
#include "json/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/redact_buf.h"
#include "base/text.h"

void writer_init(struct writer *writer, struct buf *buf, enum writer_layout layout)
{
    *writer = (struct writer){.buf = buf, .layout = layout};
}

static void new_line(struct writer *writer)
{
    if (writer->layout == WRITER_INDENTED) {
        buf_format(writer->buf, "\n%*s", (int)writer->depth * 2, "");
    }
}

/* The comma and line before the next member of the open container. */
static void separate(struct writer *writer)
{
    unsigned top = writer->depth - 1;
    if (writer->filled[top]) {
        buf_add(writer->buf, ",", 1);
    }
    writer->filled[top] = true;
    new_line(writer);
}

/* Before every value: after a name nothing, in an array what separates; nowhere else in a container. */
static void begin(struct writer *writer)
{
    if (writer->depth > 0 && !writer->named) {
        must(writer->kind[writer->depth - 1] == '[');
        separate(writer);
    }
    writer->named = false;
}

static void open_container(struct writer *writer, char kind)
{
    must(writer->depth < COUNT_OF(writer->kind));
    begin(writer);
    writer->filled[writer->depth] = false;
    writer->kind[writer->depth] = kind;
    writer->depth++;
    buf_add(writer->buf, &kind, 1);
}

static void close_container(struct writer *writer, char kind, const char *end)
{
    must(writer->depth > 0 && writer->kind[writer->depth - 1] == kind && !writer->named);
    writer->depth--;
    if (writer->filled[writer->depth]) {
        new_line(writer);
    }
    buf_text(writer->buf, end);
}

void writer_open_object(struct writer *writer)
{
    open_container(writer, '{');
}

void writer_close_object(struct writer *writer)
{
    close_container(writer, '{', "}");
}

void writer_open_array(struct writer *writer)
{
    open_container(writer, '[');
}

void writer_close_array(struct writer *writer)
{
    close_container(writer, '[', "]");
}

static const char *short_escape(uint32_t point)
{
    switch (point) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static void add_escaped(struct buf *buf, uint32_t point)
{
    const char *escape = short_escape(point);
    if (escape != NULL) {
        buf_text(buf, escape);
    } else if (point > 0xFFFF) {
        uint32_t above = point - 0x10000;
        buf_format(buf, "\\u%04x\\u%04x", (unsigned)(0xD800 + (above >> 10)), (unsigned)(0xDC00 + (above & 0x3FF)));
    } else {
        buf_format(buf, "\\u%04x", (unsigned)point);
    }
}

/* Bytes that stand for themselves, taken in one go: nearly every text is one such run. */
static size_t plain_run(const char *text, size_t size)
{
    size_t run = 0;
    while (run < size && text[run] >= ' ' && text[run] <= '~' && text[run] != '"' && text[run] != '\\') {
        run++;
    }
    return run;
}

/* A part of a NUL-ended text; it ends between two characters. */
static void add_part(struct buf *buf, const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        size_t run = plain_run(text, (size_t)(end - text));
        buf_add(buf, text, run);
        text += run;
        if (text < end) {
            uint32_t point = 0xFFFD;
            size_t length = text_decode(text, &point);
            add_escaped(buf, point);
            text += length == 0 ? 1 : length;
        }
    }
}

static void add_quoted(struct writer *writer, const char *text)
{
    struct redact_walk walk;
    struct redact_piece piece;
    buf_add(writer->buf, "\"", 1);
    if (writer->secrets == WRITER_REDACT) {
        redact_begin(&walk, text, strlen(text));
        while (redact_next(&walk, &piece)) {
            if (piece.is_secret) {
                redact_stars(writer->buf, &piece);
            } else {
                add_part(writer->buf, piece.text, piece.size);
            }
        }
    } else {
        add_part(writer->buf, text, strlen(text));
    }
    buf_add(writer->buf, "\"", 1);
}

void writer_name(struct writer *writer, const char *name)
{
    must(writer->depth > 0 && writer->kind[writer->depth - 1] == '{' && !writer->named);
    separate(writer);
    add_quoted(writer, name);
    buf_text(writer->buf, writer->layout == WRITER_INDENTED ? ": " : ":");
    writer->named = true;
}

void writer_text(struct writer *writer, const char *text)
{
    if (text == NULL) {
        writer_null(writer);
        return;
    }
    begin(writer);
    add_quoted(writer, text);
}

void writer_int(struct writer *writer, int64_t number)
{
    begin(writer);
    buf_format(writer->buf, "%" PRId64, number);
}

void writer_bool(struct writer *writer, bool boolean)
{
    begin(writer);
    buf_text(writer->buf, boolean ? "true" : "false");
}

void writer_null(struct writer *writer)
{
    begin(writer);
    buf_text(writer->buf, "null");
}

static void write_row(struct writer *writer, const struct row *row)
{
    writer_open_object(writer);
    for (size_t i = 0; i < row->columns->count; i++) {
        writer_name(writer, row->columns->items[i].name);
        writer_value(writer, &row->cells[i]);
    }
    writer_close_object(writer);
}

static void write_list(struct writer *writer, const struct value *list)
{
    writer_open_array(writer);
    for (size_t i = 0; i < list->as.list.count; i++) {
        writer_value(writer, &list->as.list.items[i]);
    }
    writer_close_array(writer);
}

static void write_known(struct writer *writer, const struct value *value)
{
    switch (value->base) {
    case TYPE_BOOL:
        writer_bool(writer, value->as.boolean);
        break;
    case TYPE_INT:
        writer_int(writer, value->as.integer);
        break;
    case TYPE_TEXT:
        writer_text(writer, value->as.text);
        break;
    case TYPE_LIST:
    case TYPE_ROWS:
        write_list(writer, value);
        break;
    case TYPE_ROW:
        write_row(writer, &value->as.row);
        break;
    case TYPE_NONE:
    case TYPE_COUNT:
        writer_null(writer);
        break;
    }
}

/* Calls itself as deep as columns are nested, which is written in tables of this program. */
void writer_value(struct writer *writer, const struct value *value)
{
    if (value->state == VALUE_ABSENT) {
        writer_null(writer);
    } else if (value->state == VALUE_UNKNOWN) {
        writer_open_object(writer);
        writer_named_text(writer, "unknown", value->as.why);
        writer_close_object(writer);
    } else if (value->secret && writer->secrets != WRITER_REVEAL) {
        writer_text(writer, "(redacted)");
    } else {
        write_known(writer, value);
    }
}

void writer_named_text(struct writer *writer, const char *name, const char *text)
{
    writer_name(writer, name);
    writer_text(writer, text);
}

void writer_named_int(struct writer *writer, const char *name, int64_t number)
{
    writer_name(writer, name);
    writer_int(writer, number);
}

void writer_named_bool(struct writer *writer, const char *name, bool boolean)
{
    writer_name(writer, name);
    writer_bool(writer, boolean);
}

void writer_finish(struct writer *writer)
{
    must(writer->depth == 0 && !writer->named);
    buf_add(writer->buf, "\n", 1);
}

bool writer_scalar(struct writer *writer, const struct json *json)
{
    switch (json->type) {
    case JSON_NULL:
        writer_null(writer);
        return true;
    case JSON_BOOL:
        writer_bool(writer, json->as.boolean);
        return true;
    case JSON_INT:
        writer_int(writer, json->as.integer);
        return true;
    case JSON_TEXT:
        writer_text(writer, json->as.text);
        return true;
    case JSON_ARRAY:
    case JSON_OBJECT:
        return false;
    }
    return false;
}
