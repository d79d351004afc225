/* SPDX-License-Identifier: MIT */
/* One file: cut into lines or events, each read as a document. */
#include <string.h>

#include "base/text.h"
#include "channel/tools/sources.h"
#include "host/decode.h"
#include "host/nouns/event/event.h"
#include "host/port.h"

#define RESULT_BEGIN "{\"result\":\"azmend.result/"
#define RESULT_WORD "azmend.result/"
#define PROVIDER "azmend"
#define EVENT_BEGIN "<Event"
#define EVENT_END "</Event>"
enum { BLOCK_BYTES = 64 * 1024, EVENT_PIECE_BYTES = 2 * LIMIT_EVENT_BYTES };

enum form { FORM_UNKNOWN, FORM_LINES, FORM_EVENTS, FORM_WHOLE };

struct reading {
    struct arena *arena;
    const struct source_sink *sink;
    struct fleet_place place;
    enum form form;
    struct buf piece; /* what has come of the line or event */
    size_t told;      /* results and refusals */
    bool is_bytes;    /* all of it is at hand: nothing to read anew */
};

static void refuse(struct reading *reading, const char *why)
{
    reading->sink->refuse(reading->sink->context, &reading->place, why);
    reading->told++;
}

static void take(struct reading *reading, const struct json *result)
{
    reading->sink->take(reading->sink->context, result, &reading->place);
    reading->told++;
}

/* --- a document --- */

static bool load(struct reading *reading, const char *bytes, size_t size, const struct json **ret_document,
                 struct err *err)
{
    const struct json_source source = {.file = "JSON", .limit = LIMIT_RESULT_BYTES, .is_foreign = true};
    return json_load(bytes, size, &source, reading->arena, ret_document, err);
}

static bool is_result(const struct json *json)
{
    const struct json *format = json_find(json, "result");
    return format != NULL && format->type == JSON_TEXT && text_starts(format->as.text, RESULT_WORD);
}

/* What a run printed: a table, and behind it its result in one line. */
static void take_printed(struct reading *reading, const char *text)
{
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (strncmp(line, RESULT_BEGIN, strlen(RESULT_BEGIN)) == 0) {
            const struct json *document = NULL;
            struct err err = {0};
            if (!load(reading, line, strcspn(line, "\r\n"), &document, &err)) {
                refuse(reading, err.text);
            } else if (is_result(document)) {
                take(reading, document);
            }
        }
    }
}

/* A result, or what holds some. */
static void take_document(struct reading *reading, const struct json *json)
{
    if (is_result(json)) {
        take(reading, json);
    } else if (json->type == JSON_TEXT) {
        take_printed(reading, json->as.text);
    } else if (json->type == JSON_ARRAY || json->type == JSON_OBJECT) {
        for (uint32_t i = 0; i < json->count; i++) {
            take_document(reading, &json->as.items[i]);
        }
    }
}

/* --- lines --- */

/* A document over many lines: the first one is none by itself. */
static bool take_whole(struct reading *reading, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const struct json *document = NULL;
    if (!port_file_read(reading->place.file, LIMIT_RESULT_BYTES, &bytes, err) ||
        !load(reading, buf_string(&bytes), bytes.size, &document, err)) {
        return false;
    }
    reading->form = FORM_WHOLE;
    reading->place.part = 0;
    take_document(reading, document);
    return true;
}

static void take_line(struct reading *reading, const char *line, size_t size)
{
    const struct json *document = NULL;
    struct err err = {0};
    struct err whole = {0};
    bool is_first = reading->told == 0 && !reading->is_bytes;
    size -= size > 0 && line[size - 1] == '\r' ? 1 : 0;
    if (size == 0 || (line[0] != '{' && !(is_first && line[0] == '['))) {
        return;
    }
    if (load(reading, line, size, &document, &err)) {
        take_document(reading, document);
    } else if (!is_first || !take_whole(reading, &whole)) {
        refuse(reading, size > 1 ? err.text : whole.text);
    }
}

/* --- events --- */

static void take_event(struct reading *reading, const char *bytes, size_t size)
{
    struct event_record event = {0};
    struct err err = {0};
    const char *begin = strstr(bytes, EVENT_BEGIN);
    while (begin != NULL && begin[strlen(EVENT_BEGIN)] != ' ' && begin[strlen(EVENT_BEGIN)] != '>') { /* "<Events>" */
        begin = strstr(begin + 1, EVENT_BEGIN);
    }
    if (begin == NULL) {
        return;
    }
    if (!event_parse(begin, size - (size_t)(begin - bytes), reading->arena, &event, &err)) {
        refuse(reading, err.text);
        return;
    }
    for (size_t i = 0; text_equal(event.provider, PROVIDER) && i < event.data_count; i++) {
        take_printed(reading, event.data[i]);
    }
}

/* --- pieces --- */

static const char *end_of(const struct reading *reading)
{
    return reading->form == FORM_EVENTS ? EVENT_END : "\n";
}

static void end_piece(struct reading *reading)
{
    size_t mark = arena_mark(reading->arena);
    reading->place.part++;
    if (reading->piece.failed) {
        refuse(reading, "a line or an event that is too long");
        buf_clear(&reading->piece);
        buf_init(&reading->piece, LIMIT_RESULT_BYTES);
    } else if (reading->form == FORM_EVENTS) {
        take_event(reading, buf_string(&reading->piece), reading->piece.size);
    } else {
        take_line(reading, buf_string(&reading->piece), reading->piece.size);
    }
    reading->piece.size = 0;
    arena_release(reading->arena, mark);
}

/* What a piece of this form may have at most. */
static void bound_piece(struct reading *reading)
{
    bool is_over = reading->form == FORM_EVENTS && reading->piece.size > EVENT_PIECE_BYTES;
    reading->piece.failed = reading->piece.failed || is_over;
}

static bool ends_piece(const struct reading *reading, const char *bytes, size_t at)
{
    if (reading->form != FORM_EVENTS) {
        return bytes[at] == '\n';
    }
    const char *end = end_of(reading);
    size_t size = strlen(end);
    const struct buf *piece = &reading->piece;
    return bytes[at] == '>' && piece->size >= size && memcmp(piece->bytes + piece->size - size, end, size) == 0;
}

/* The first byte that is not blank says what a file is. */
static void find_form(struct reading *reading, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && reading->form == FORM_UNKNOWN; i++) {
        bool is_blank = strchr(" \t\r\n\xef\xbb\xbf", bytes[i]) != NULL && bytes[i] != '\0';
        reading->form = is_blank ? FORM_UNKNOWN : bytes[i] == '<' ? FORM_EVENTS : FORM_LINES;
    }
}

static void take_block(struct reading *reading, const char *bytes, size_t size)
{
    find_form(reading, bytes, size);
    for (size_t i = 0, begin = 0; i < size && reading->form != FORM_WHOLE; i++) {
        bool may_end = bytes[i] == '\n' || bytes[i] == '>';
        if (may_end || i + 1 == size) {
            bool is_line_end = bytes[i] == '\n' && reading->form != FORM_EVENTS;
            bool ends_failed = is_line_end || reading->form == FORM_EVENTS;
            buf_add(&reading->piece, bytes + begin, i + (is_line_end ? 0 : 1) - begin);
            bound_piece(reading);
            begin = i + 1;
            if (may_end && (reading->piece.failed ? ends_failed : ends_piece(reading, bytes, i))) {
                end_piece(reading);
            }
        }
    }
}

static void end_file(struct reading *reading)
{
    if (reading->form != FORM_WHOLE && reading->piece.size > 0) {
        end_piece(reading);
    }
    reading->place.part = 0;
    if (reading->told == 0) {
        refuse(reading, "it holds no result of azmend");
    }
    buf_clear(&reading->piece);
}

static struct reading begin_file(const char *file, struct arena *arena, const struct source_sink *sink)
{
    struct reading reading = {.arena = arena, .sink = sink, .place = {.file = file}};
    buf_init(&reading.piece, LIMIT_RESULT_BYTES);
    return reading;
}

void sources_bytes(const char *file, const char *bytes, size_t size, struct arena *arena,
                   const struct source_sink *sink)
{
    struct reading reading = begin_file(file, arena, sink);
    const struct json *document = NULL;
    struct err err = {0};
    size_t mark = arena_mark(arena);
    reading.is_bytes = true;
    if (load(&reading, bytes, size, &document, &err)) {
        take_document(&reading, document);
    } else {
        arena_release(arena, mark);
        take_block(&reading, bytes, size);
    }
    end_file(&reading);
    arena_release(arena, mark);
}

/* UTF-16, as Windows PowerShell redirects: all of it at once. */
static void read_wide(const char *file, struct arena *arena, const struct source_sink *sink)
{
    const struct fleet_place place = {.file = file};
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    size_t mark = arena_mark(arena);
    if (!port_file_read(file, LIMIT_RESULT_BYTES, &bytes, &err)) {
        sink->refuse(sink->context, &place, err.text);
    } else if (!arena_has(arena, DECODE_GROWTH * bytes.size + DECODE_ROOM)) {
        sink->refuse(sink->context, &place, "too large for a file in UTF-16: save it as UTF-8");
    } else {
        const struct outside outside = {.bytes = bytes.bytes, .size = bytes.size, .page = PORT_PAGE_ANSI};
        const struct decoded decoded = decode_text(arena, &outside);
        sources_bytes(file, decoded.text, strlen(decoded.text), arena, sink);
    }
    arena_release(arena, mark);
}

static bool is_wide(const char *bytes, size_t size)
{
    return size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

static void drop_reader(struct port_reader **reader)
{
    port_reader_close(*reader);
}

/* block holds the first `got` bytes. */
static void read_blocks(struct reading *reading, struct port_reader *reader, char *block, size_t got)
{
    struct err err = {0};
    bool is_read = true;
    while (is_read && got > 0 && reading->form != FORM_WHOLE) {
        take_block(reading, block, got);
        is_read = port_reader_read(reader, block, BLOCK_BYTES, &got, &err);
    }
    if (!is_read) {
        refuse(reading, err.text);
    }
    end_file(reading);
}

void sources_file(const char *file, struct arena *arena, const struct source_sink *sink)
{
    const struct fleet_place place = {.file = file};
    struct port_reader *reader AUTO(drop_reader) = NULL;
    struct err err = {0};
    size_t got = 0;
    size_t mark = arena_mark(arena);
    char *block = arena_uncleared(arena, BLOCK_BYTES);
    if (!port_reader_open(file, &reader, &err) || !port_reader_read(reader, block, BLOCK_BYTES, &got, &err)) {
        sink->refuse(sink->context, &place, err.text);
    } else if (is_wide(block, got)) {
        read_wide(file, arena, sink);
    } else {
        struct reading reading = begin_file(file, arena, sink);
        read_blocks(&reading, reader, block, got);
    }
    arena_release(arena, mark);
}
