/* SPDX-License-Identifier: MIT */
/*
 * JSON in: a strict scan over the bytes first (RFC 8259 grammar, UTF-8, depth, duplicate names, integers in int64
 * and no other numbers, no U+0000), then cJSON decodes one element at a time, and what remains is a const tree in the
 * arena that knows the line of every value. No other room sees cJSON.
 */
#ifndef AZMEND_JSON_JSON_H
#define AZMEND_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json {
    const struct json *parent; /* NULL: the document */
    const char *name;          /* member of an object; NULL otherwise */
    union {
        bool boolean;
        int64_t integer;
        const char *text;
        const struct json *items; /* ARRAY, OBJECT: `count` in document order */
    } as;
    uint32_t count;
    uint32_t line; /* from 1 */
    enum json_type type;
};

/* Where a document comes from, for messages. */
struct json_source {
    const char *file; /* name shown to people */
    size_t limit;     /* bytes */
    bool is_foreign;  /* another program's: it may hold numbers with a fraction or an exponent, which read as null */
};

/*
 * ERR_INVALID (with "file:line: expected ...") or ERR_LIMIT. bytes need no NUL behind them. The tree lives in the
 * arena; bytes may go afterwards. A leading UTF-8 byte order mark is refused by name.
 */
bool json_load(const char *bytes, size_t size, const struct json_source *source, struct arena *arena,
               const struct json **ret_document, struct err *err) MUST_CHECK;

/* Member of an object, or NULL (also when the value is no object). Exact bytes. */
const struct json *json_find(const struct json *object, const char *name);
const char *json_type_name(enum json_type type);

/*
 * A copy in the arena in which every member has the name that name_of gives it (its own one, where nothing changes);
 * lines and values stay. name_of must keep the names within an object different.
 */
const struct json *json_renamed(const struct json *document, const char *(*name_of)(const struct json *member),
                                struct arena *arena);
/* "$.findings[3].when.allOf[0]": the JSON path of a value. */
const char *json_path(const struct json *value, struct arena *arena);
/* Fills err with "file:line: $.path: message"; returns false. */
bool json_refuse(const struct json *value, const char *file, struct err *err, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Typed readers for required members: refuse with the path and what was expected. */
bool json_want(const struct json *value, enum json_type type, const char *file, struct err *err) MUST_CHECK;

#endif
