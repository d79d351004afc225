/* SPDX-License-Identifier: MIT */
#include "report/schema.h"

#include <stdio.h>

enum { TABLES_MAX = 64 };

struct tables {
    const struct fields *items[TABLES_MAX];
    size_t count;
};

static void add_once(struct tables *tables, const struct fields *table)
{
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->items[i] == table) {
            return;
        }
    }
    must(tables->count < COUNT_OF(tables->items));
    tables->items[tables->count++] = table;
}

/* The list grows while it is walked: every table brings those it refers to. */
static void collect(struct tables *tables, const struct fields *root)
{
    add_once(tables, root);
    for (size_t i = 0; i < tables->count; i++) {
        for (size_t j = 0; j < tables->items[i]->count; j++) {
            if (tables->items[i]->items[j].table != NULL) {
                add_once(tables, tables->items[i]->items[j].table);
            }
        }
    }
}

void schema_document(struct writer *writer, const char *id, const struct fields *root)
{
    char reference[64];
    struct tables tables = {.count = 0};
    collect(&tables, root);
    (void)snprintf(reference, sizeof(reference), "#/$defs/%s", root->name);
    writer_open_object(writer);
    writer_named_text(writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    writer_named_text(writer, "$id", id);
    writer_named_text(writer, "$ref", reference);
    writer_name(writer, "$defs");
    writer_open_object(writer);
    for (size_t i = 0; i < tables.count; i++) {
        writer_name(writer, tables.items[i]->name);
        fields_schema(tables.items[i], writer);
    }
    writer_close_object(writer);
    writer_close_object(writer);
}
