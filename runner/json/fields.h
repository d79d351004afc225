/* SPDX-License-Identifier: MIT */
/*
 * Field tables: one row a member of an object. The same table decodes an object into a C struct, refuses what is
 * unknown, missing, mistyped or out of range (naming file, line and path), and prints the JSON Schema.
 *
 * Source of the form: systemd's JSON dispatch tables (style.md); written anew.
 */
#ifndef AZMEND_JSON_FIELDS_H
#define AZMEND_JSON_FIELDS_H

#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"
#include "json/writer.h"

enum field_type {
    FIELD_BOOL,   /* bool */
    FIELD_INT,    /* int64_t, min..max */
    FIELD_TEXT,   /* const char *, min..max bytes (max 0: LIMIT_TEXT_BYTES) */
    FIELD_WORD,   /* int: index into words */
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
    size_t size;          /* of the struct */
    size_t json_offset;   /* where the struct keeps its const struct json *; SIZE_MAX: nowhere */
};

/* Decodes into `target` (zeroed by the caller). Texts stay in the document's arena. */
bool fields_decode(const struct fields *fields, const struct json *object, const char *file,
                   struct arena *arena, void *target, struct err *err) MUST_CHECK;

/* Writes {"type": "object", "properties": ..., "additionalProperties": false}; nested tables as "$ref". */
void fields_schema(const struct fields *fields, struct writer *writer);

#endif
