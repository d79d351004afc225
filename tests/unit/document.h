/* SPDX-License-Identifier: MIT */
/* Documents for tests: loaded from text, printed back in one spelling. */
#ifndef AZMEND_TESTS_DOCUMENT_H
#define AZMEND_TESTS_DOCUMENT_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"
#include "json/writer.h"
#include "unit.h"

enum { DOCUMENT_LIMIT = 16 * 1024 * 1024, DOCUMENT_ARENA = 64 * 1024 * 1024 };

static inline bool document_load(const char *text, size_t size, struct arena *arena, const struct json **ret_document,
                                 struct err *err)
{
    static const struct json_source source = {.file = "t.json", .limit = DOCUMENT_LIMIT};
    return json_load(text, size, &source, arena, ret_document, err);
}

/* Loads what must load. */
static inline const struct json *document_read(const char *text, struct arena *arena)
{
    const struct json *document = NULL;
    struct err err = {0};
    bool loaded = document_load(text, strlen(text), arena, &document, &err);
    ROW_ASSERT(err.text, loaded);
    must(document != NULL);
    return document;
}

static inline struct arena document_arena(void)
{
    struct arena arena = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, DOCUMENT_ARENA, &err));
    return arena;
}

/* The canonical bytes of a tree; as deep as LIMIT_JSON_DEPTH. */
static inline void document_write(struct writer *writer, const struct json *value)
{
    switch (value->type) {
    case JSON_NULL:
        writer_null(writer);
        return;
    case JSON_BOOL:
        writer_bool(writer, value->as.boolean);
        return;
    case JSON_INT:
        writer_int(writer, value->as.integer);
        return;
    case JSON_TEXT:
        writer_text(writer, value->as.text);
        return;
    case JSON_ARRAY:
        writer_open_array(writer);
        break;
    case JSON_OBJECT:
        writer_open_object(writer);
        break;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        CU_ASSERT_PTR_EQUAL(value->as.items[i].parent, value);
        if (value->type == JSON_OBJECT) {
            writer_name(writer, value->as.items[i].name);
        }
        document_write(writer, &value->as.items[i]);
    }
    if (value->type == JSON_OBJECT) {
        writer_close_object(writer);
    } else {
        writer_close_array(writer);
    }
}

static inline void document_print(struct buf *buf, const struct json *document)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    document_write(&writer, document);
}

#endif
