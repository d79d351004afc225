/* SPDX-License-Identifier: MIT */
/*
 * A typed value: what a look reports, a table holds, an expression yields. Three states: absent, known, unknown(why).
 * "Absent" is knowledge (the registry value does not exist); "unknown" is the lack of it (it could not be read).
 * Also the column: the name, type and range of one member of a row. Kind parameters, kind properties, table columns
 * and playbook parameters are all columns, so that they decode, check and describe themselves the same way.
 */
#ifndef AZMEND_JSON_VALUE_H
#define AZMEND_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum type_base {
    TYPE_NONE, /* the type of null and of the empty list's elements: fits every other type */
    TYPE_BOOL,
    TYPE_INT,  /* int64 */
    TYPE_TEXT, /* UTF-8 without NUL, at most LIMIT_TEXT_BYTES */
    TYPE_LIST, /* of bool, int or text */
    TYPE_ROW,  /* named cells */
    TYPE_ROWS, /* a list of rows of one shape */
    TYPE_COUNT
};

enum column_flag {
    COLUMN_REQUIRED = 1, /* parameter: must be given */
    COLUMN_ENSURE = 2,   /* property: a step's `with` may want it */
    COLUMN_SECRET = 4,   /* redacted in record, journal and log */
    COLUMN_GROUP = 16,   /* property: belongs to an open group (host/group.h), which a stop does not end */
    COLUMN_ASKS = 32,    /* property: to want it asks a service that all VMs share (engine/distance.h) */
    COLUMN_ANSWER = 64,  /* property: text of what that service answered last */
};

/* What an int of a kind counts or measures. */
enum column_unit {
    UNIT_NONE,   /* no int, or not told: a column of a table, a parameter of a playbook */
    UNIT_NUMBER, /* an id, a code, a port: nothing to add up */
    UNIT_COUNT,
    UNIT_BYTES,
    UNIT_MS,
    UNIT_SECONDS,
    UNIT_MINUTES,
    UNIT_DAYS,
    UNIT_TIME, /* seconds since 1970, UTC */
    UNIT_LIST_END
};
/* For people: "seconds since 1970, UTC"; of UNIT_NONE and UNIT_NUMBER NULL. */
extern const char *const unit_texts[UNIT_LIST_END];

/* What a text may look like where it is inserted into a command that a person pastes. */
enum text_shape {
    SHAPE_FREE,  /* never allowed in a command */
    SHAPE_NAME,  /* Azure resource name: letters, digits, . _ - ( ) and not first '-'; 1..90 */
    SHAPE_GROUP, /* of a resource group: the same, and letters and digits of every script; 1..90 of them */
    SHAPE_GUID,
    SHAPE_RESOURCE, /* /subscriptions/... path of names; behind resourceGroups/ that of a group */
    SHAPE_ADDRESS,  /* IPv4 or IPv6 literal */
    SHAPE_HOST,     /* DNS name */
    SHAPE_COUNT
};

struct columns;

struct column {
    const char *name;
    const char *about;           /* one line, English; ends up in the schema and in `explain` */
    const char *const *words;    /* TEXT: closed set, NULL-ended; NULL: any */
    const struct columns *cells; /* ROW, ROWS: their shape */
    int64_t min, max;            /* INT: range; TEXT and LIST: length; both 0: the language's own limits */
    enum type_base base, item;   /* item: element type of a LIST */
    enum text_shape shape;
    enum column_unit unit;
    unsigned flags; /* enum column_flag */
    /* Property: the only values that a step may want, as a message would show them, NULL-ended; NULL: any that fits. */
    const char *const *wants;
    /* Property: what a step that wants it does and undo cannot put back, for people; NULL: undo can. */
    const char *effect, *effect_ja;
    /* Property: the kinds whose steps may be due once it is made so, and that a plan cannot tell before; NULL: none. */
    const char *const *brings;
};

struct columns {
    const struct column *items;
    size_t count;
};

/* Index of the column named so (exact), or -1. */
int columns_find(const struct columns *columns, const char *name);

enum value_state { VALUE_ABSENT, VALUE_KNOWN, VALUE_UNKNOWN };

struct value;

struct row {
    const struct columns *columns;
    const struct value *cells; /* columns->count of them */
};

struct value {
    enum value_state state;
    enum type_base base; /* of a known one */
    enum type_base item; /* of a known LIST */
    bool secret;
    bool at_least; /* of a known INT: it was counted in a list that is cut, so it may be more */
    union {
        bool boolean;
        int64_t integer;
        const char *text;
        const char *why; /* UNKNOWN: one line, English */
        struct row row;
        struct {
            const struct value *items; /* LIST: scalars; ROWS: ROW values */
            size_t count;
        } list;
    } as;
};

struct value value_absent(void);
struct value value_bool(bool boolean);
struct value value_int(int64_t integer);
/* A count; cut: in a list that had more than were read. */
struct value value_count(size_t count, bool cut);
struct value value_text(const char *text);   /* not copied; NULL: absent */
struct value value_unknown(const char *why); /* not copied */
struct value value_row(const struct columns *columns, const struct value *cells);
struct value value_rows(const struct value *rows, size_t count);
struct value value_list(enum type_base item, const struct value *items, size_t count);

/* Same state, type and content; texts ASCII-folded as the language compares them. Unknown equals nothing. */
bool value_equal(const struct value *left, const struct value *right);
/* An unknown value with the same why, in the arena. */
struct value value_unknown_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * For people and inside "text ${ref} text": true/false, digits ("512+": at least), the text, a list joined by ", ".
 * Absent: "(not set)"; unknown: "(unknown)"; secret: "(redacted)"; a row: "name=value, ..." of its scalar cells.
 */
const char *value_display(struct arena *arena, const struct value *value);
/*
 * Canonical JSON of a value: the same bytes for the same value; used as the identity of a look. Secrets stand in it as
 * they are: it is compared, never shown.
 */
void value_write(struct buf *buf, const struct value *value);

/* "text", "list of int", ...: for messages. */
const char *type_name(enum type_base base, enum type_base item);
/* Does the text fit the shape? SHAPE_FREE: never. */
bool shape_accepts(enum text_shape shape, const char *text);

#endif
