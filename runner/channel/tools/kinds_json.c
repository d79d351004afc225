/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "channel/tools/kinds.h"
#include "kinds/catalog.h"

static void write_words(struct writer *writer, const char *name, const char *const *words)
{
    if (words == NULL) {
        return;
    }
    writer_name(writer, name);
    writer_open_array(writer);
    for (size_t i = 0; words[i] != NULL; i++) {
        writer_text(writer, words[i]);
    }
    writer_close_array(writer);
}

static void write_known(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL) {
        writer_named_text(writer, name, text);
    }
}

static void open_column(struct writer *writer, const struct column *column)
{
    writer_open_object(writer);
    writer_named_text(writer, "name", column->name);
    writer_named_text(writer, "type", type_name(column->base, column->item));
    write_known(writer, "unit", unit_texts[column->unit]);
    if (column->base == TYPE_INT && (column->min != 0 || column->max != 0)) {
        writer_named_int(writer, "min", column->min);
        writer_named_int(writer, "max", column->max);
    }
    write_words(writer, "words", column->words);
    writer_named_text(writer, "about", column->about);
}

static void write_cells(struct writer *writer, const struct columns *cells)
{
    if (cells == NULL) {
        return;
    }
    writer_name(writer, "cells");
    writer_open_array(writer);
    for (size_t i = 0; i < cells->count; i++) {
        open_column(writer, &cells->items[i]);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_params(struct writer *writer, const struct columns *params)
{
    writer_name(writer, "parameters");
    writer_open_array(writer);
    for (size_t i = 0; i < params->count; i++) {
        open_column(writer, &params->items[i]);
        writer_named_bool(writer, "required", (params->items[i].flags & COLUMN_REQUIRED) != 0);
        writer_named_bool(writer, "secret", (params->items[i].flags & COLUMN_SECRET) != 0);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_properties(struct writer *writer, const struct columns *properties)
{
    writer_name(writer, "properties");
    writer_open_array(writer);
    for (size_t i = 0; i < properties->count; i++) {
        const struct column *column = &properties->items[i];
        open_column(writer, column);
        write_cells(writer, column->cells);
        writer_named_bool(writer, "wanted", (column->flags & COLUMN_ENSURE) != 0);
        write_words(writer, "wants", column->wants);
        write_known(writer, "cannotBeUndone", column->effect);
        write_words(writer, "mayFollow", column->brings);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_nouns(struct writer *writer, const char *name, unsigned nouns)
{
    writer_name(writer, name);
    writer_open_array(writer);
    for (size_t i = 0; i < NOUN_COUNT; i++) {
        if ((nouns & NOUN_BIT(i)) != 0) {
            writer_text(writer, noun_names[i]);
        }
    }
    writer_close_array(writer);
}

void kinds_write(struct writer *writer, const struct kind *kind)
{
    struct buf example AUTO(buf_clear) = {0};
    buf_init(&example, LIMIT_TEXT_BYTES);
    kinds_example(&example, kind);
    writer_open_object(writer);
    writer_named_text(writer, "kind", kind->name);
    writer_named_text(writer, "about", kind->about);
    write_params(writer, &kind->params);
    write_properties(writer, &kind->properties);
    write_nouns(writer, "reads", kind->reads);
    write_nouns(writer, "changes", kind->changes);
    writer_named_int(writer, "memoryBytes", (int64_t)kind->memory_bytes);
    writer_named_text(writer, "example", buf_whole(&example));
    writer_close_object(writer);
}

void kinds_write_all(struct writer *writer)
{
    writer_open_array(writer);
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        kinds_write(writer, kind_catalog[i]);
    }
    writer_close_array(writer);
}
