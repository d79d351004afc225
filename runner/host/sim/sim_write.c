/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "host/sim/sim_private.h"

static int by_name(const void *left, const void *right)
{
    return strcmp((*(const struct json *const *)left)->name, (*(const struct json *const *)right)->name);
}

static void write_sorted(struct writer *writer, const struct json *object, struct arena *arena)
{
    const struct json **members = arena_array(arena, object->count, sizeof(struct json *));
    for (uint32_t i = 0; i < object->count; i++) {
        members[i] = &object->as.items[i];
    }
    qsort(members, object->count, sizeof(struct json *), by_name);
    writer_open_object(writer);
    for (uint32_t i = 0; i < object->count; i++) {
        writer_name(writer, members[i]->name);
        sim_write_json(writer, members[i], arena);
    }
    writer_close_object(writer);
}

/* Recursion is bounded: json_load refuses what is deeper than LIMIT_JSON_DEPTH. */
void sim_write_json(struct writer *writer, const struct json *json, struct arena *arena)
{
    if (json->type == JSON_OBJECT) {
        write_sorted(writer, json, arena);
    } else if (!writer_scalar(writer, json)) {
        writer_open_array(writer);
        for (uint32_t i = 0; i < json->count; i++) {
            sim_write_json(writer, &json->as.items[i], arena);
        }
        writer_close_array(writer);
    }
}

static void write_list(struct writer *writer, const struct fields *fields, const struct json *list, struct arena *arena)
{
    writer_open_array(writer);
    for (uint32_t i = 0; i < list->count; i++) {
        sim_write_object(writer, fields, &list->as.items[i], arena);
    }
    writer_close_array(writer);
}

void sim_write_member(struct writer *writer, const struct field *field, const struct json *object, struct arena *arena)
{
    const struct json *member = json_find(object, field->name);
    if (member == NULL) {
        return;
    }
    writer_name(writer, field->name);
    if (field->type == FIELD_OBJECT) {
        sim_write_object(writer, field->table, member, arena);
    } else if (field->type == FIELD_LIST) {
        write_list(writer, field->table, member, arena);
    } else {
        sim_write_json(writer, member, arena);
    }
}

void sim_write_object(struct writer *writer, const struct fields *fields, const struct json *object,
                      struct arena *arena)
{
    writer_open_object(writer);
    for (size_t i = 0; i < fields->count; i++) {
        sim_write_member(writer, &fields->items[i], object, arena);
    }
    writer_close_object(writer);
}

static void write_texts(struct writer *writer, const char *name, const struct field_texts *texts)
{
    writer_name(writer, name);
    writer_open_array(writer);
    for (size_t i = 0; i < texts->count; i++) {
        writer_text(writer, texts->items[i]);
    }
    writer_close_array(writer);
}

static void write_structs(struct writer *writer, const struct field *field, const struct field_list *list)
{
    writer_name(writer, field->name);
    writer_open_array(writer);
    for (size_t i = 0; i < list->count; i++) {
        sim_write_struct(writer, field->table, (const char *)list->items + i * field->table->size, NULL);
    }
    writer_close_array(writer);
}

static void write_number(struct writer *writer, const struct field *field, int64_t number, bool is_written)
{
    int64_t left_out = field->min < 0 ? -1 : 0; /* "not told", where a table allows it */
    if (number != left_out || is_written) {
        writer_named_int(writer, field->name, number);
    }
}

static void write_member_of(struct writer *writer, const struct field *field, const void *place, bool is_written)
{
    switch (field->type) {
    case FIELD_TEXT:
        if (*(const char *const *)place != NULL) {
            writer_named_text(writer, field->name, *(const char *const *)place);
        }
        break;
    case FIELD_BOOL:
        if (*(const bool *)place || is_written) {
            writer_named_bool(writer, field->name, *(const bool *)place);
        }
        break;
    case FIELD_INT:
        write_number(writer, field, *(const int64_t *)place, is_written);
        break;
    case FIELD_WORD:
        if (*(const int *)place != 0 || is_written) {
            writer_named_text(writer, field->name, field->words[*(const int *)place]);
        }
        break;
    case FIELD_TEXTS:
        if (((const struct field_texts *)place)->count > 0 || is_written) {
            write_texts(writer, field->name, place);
        }
        break;
    case FIELD_LIST:
        if (((const struct field_list *)place)->count > 0 || is_written) {
            write_structs(writer, field, place);
        }
        break;
    case FIELD_OBJECT:
    case FIELD_MAP:
    case FIELD_JSON:
        must(false);
    }
}

void sim_write_struct(struct writer *writer, const struct fields *fields, const void *structure,
                      const struct json *notation)
{
    writer_open_object(writer);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        bool is_written =
            (field->flags & FIELD_REQUIRED) != 0 || (notation != NULL && json_find(notation, field->name) != NULL);
        write_member_of(writer, field, (const char *)structure + field->offset, is_written);
    }
    writer_close_object(writer);
}
