/* SPDX-License-Identifier: MIT */
/*
 * Field tables: one row a member of an object. The same table decodes an object into a C struct, refuses what is
 * unknown, missing, mistyped or out of range (naming file, line and path), and prints the JSON Schema.
 *
 * Source of the form: systemd's JSON dispatch tables (style.md); written anew.
 */
#ifndef AZMEND_JSON_FIELDS_H
#define AZMEND_JSON_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "json/json.h"
#include "json/writer.h"

enum field_type {
    FIELD_BOOL,   /* bool */
    FIELD_INT,    /* int64_t, min..max (both 0: any) */
    FIELD_TEXT,   /* const char *, min..max bytes (max 0: LIMIT_TEXT_BYTES) */
    FIELD_WORD,   /* int or an enum: index into words */
    FIELD_TEXTS,  /* struct field_texts */
    FIELD_OBJECT, /* a struct in place, by `table` */
    FIELD_LIST,   /* struct field_list of structs of `size`, by `table` */
    FIELD_MAP,    /* struct field_list: an object whose member names go into the struct's first member (const char *) */
    FIELD_JSON,   /* const struct json *: read later; `schema` names its definition */
};

enum field_flag { FIELD_REQUIRED = 1 };

struct field_texts {
    const char *const *items;
    size_t count;
};

struct field_list {
    void *items;
    size_t count;
};

struct field {
    const char *name;
    const char *about;
    const char *const *words;
    const struct fields *table;
    const char *schema; /* FIELD_JSON: "$defs" name or NULL for any value */
    size_t offset;
    int64_t min, max; /* FIELD_LIST, FIELD_MAP, FIELD_TEXTS: number of elements (max 0: LIMIT_ENTRIES) */
    enum field_type type;
    unsigned flags;
};

struct fields {
    const char *name; /* "$defs" name in the schema */
    const char *about;
    const struct field *items;
    size_t count;
    size_t size;            /* of the struct */
    size_t json_offset;     /* where the struct keeps its const struct json *; SIZE_MAX: nowhere */
    const char *short_form; /* the member that a text in place of the object is; NULL: a text is refused */
};

/*
 * Rows and tables by name, so that a table reads as a table. A member of the wrong C type does not compile.
 *     TEXT_FIELD("id", struct finding, id, FIELD_REQUIRED, 1, 64, "stable name of the finding"),
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type stands in none */
#define FIELD_PLACE(structure, member, c_type)                                                                         \
    (offsetof(structure, member) + 0 * sizeof(_Generic(((structure *)0)->member, c_type : 0)))
/* NOLINTEND(bugprone-macro-parentheses) */
/* An enum is an int or an unsigned int, as the compiler likes. */
#define FIELD_PLACE_OF_WORD(structure, member)                                                                         \
    (offsetof(structure, member) + 0 * sizeof(_Generic(((structure *)0)->member, int : 0, unsigned : 0)))
#define FIELD_ROW(kind, place, json_name, bits, text, ...)                                                             \
    {                                                                                                                  \
        .type = (kind), .offset = (place), .name = (json_name), .flags = (bits), .about = (text), __VA_ARGS__          \
    }
#define FIELD_RANGE(least, most) .min = (least), .max = (most)

#define BOOL_FIELD(name, structure, member, bits, text)                                                                \
    FIELD_ROW(FIELD_BOOL, FIELD_PLACE(structure, member, bool), name, bits, text, FIELD_RANGE(0, 0))
#define INT_FIELD(name, structure, member, bits, least, most, text)                                                    \
    FIELD_ROW(FIELD_INT, FIELD_PLACE(structure, member, int64_t), name, bits, text, FIELD_RANGE(least, most))
#define TEXT_FIELD(name, structure, member, bits, least, most, text)                                                   \
    FIELD_ROW(FIELD_TEXT, FIELD_PLACE(structure, member, const char *), name, bits, text, FIELD_RANGE(least, most))
#define WORD_FIELD(name, structure, member, bits, closed_list, text)                                                   \
    FIELD_ROW(FIELD_WORD, FIELD_PLACE_OF_WORD(structure, member), name, bits, text, .words = (closed_list))
#define TEXTS_FIELD(name, structure, member, bits, least, most, text)                                                  \
    FIELD_ROW(FIELD_TEXTS, FIELD_PLACE(structure, member, struct field_texts), name, bits, text,                       \
              FIELD_RANGE(least, most))
#define OBJECT_FIELD(name, structure, member, c_type, bits, inner, text)                                               \
    FIELD_ROW(FIELD_OBJECT, FIELD_PLACE(structure, member, c_type), name, bits, text, .table = (inner))
#define LIST_FIELD(name, structure, member, bits, least, most, inner, text)                                            \
    FIELD_ROW(FIELD_LIST, FIELD_PLACE(structure, member, struct field_list), name, bits, text,                         \
              FIELD_RANGE(least, most), .table = (inner))
#define MAP_FIELD(name, structure, member, bits, least, most, inner, text)                                             \
    FIELD_ROW(FIELD_MAP, FIELD_PLACE(structure, member, struct field_list), name, bits, text,                          \
              FIELD_RANGE(least, most), .table = (inner))
#define JSON_FIELD(name, structure, member, bits, definition, text)                                                    \
    FIELD_ROW(FIELD_JSON, FIELD_PLACE(structure, member, const struct json *), name, bits, text, .schema = (definition))

#define FIELDS_AT(title, structure, rows, text, place)                                                                 \
    {                                                                                                                  \
        .name = (title), .about = (text), .items = (rows), .count = COUNT_OF(rows), .size = sizeof(structure),         \
        .json_offset = (place)                                                                                         \
    }
/* A table, and one whose struct keeps its const struct json * in `member`. */
#define FIELDS(title, structure, rows, text) FIELDS_AT(title, structure, rows, text, SIZE_MAX)
#define FIELDS_KEEPING(title, structure, member, rows, text)                                                           \
    FIELDS_AT(title, structure, rows, text, FIELD_PLACE(structure, member, const struct json *))

/* Decodes into `target` (zeroed by the caller). Texts stay in the document's arena. */
bool fields_decode(const struct fields *fields, const struct json *object, const char *file, struct arena *arena,
                   void *target, struct err *err) MUST_CHECK;

/* Writes {"type": "object", "properties": ..., "additionalProperties": false}; nested tables as "$ref". */
void fields_schema(const struct fields *fields, struct writer *writer);
/* The members of that object, for who adds more of them. */
void fields_schema_members(const struct fields *fields, struct writer *writer);

#endif
