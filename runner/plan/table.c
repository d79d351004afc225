/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

static const enum type_base type_bases[] = {TYPE_BOOL, TYPE_INT, TYPE_TEXT, TYPE_LIST};

static const struct columns *columns_of(const struct table_source *source, struct arena *arena)
{
    const struct column_source *sources = source->columns.items;
    struct columns *columns = arena_alloc(arena, sizeof(*columns));
    struct column *items = arena_array(arena, source->columns.count, sizeof(*items));
    for (size_t i = 0; i < source->columns.count; i++) {
        enum type_base base = type_bases[sources[i].type];
        items[i] = (struct column){.name = sources[i].name,
                                   .about = sources[i].about,
                                   .base = base,
                                   .shape = (enum text_shape)sources[i].shape,
                                   .item = base == TYPE_LIST ? TYPE_TEXT : TYPE_NONE};
    }
    columns->items = items;
    columns->count = source->columns.count;
    return columns;
}

static bool cell_load(const struct json *json, const struct column *column, const char *file, struct arena *arena,
                      struct value *ret_value, struct err *err)
{
    static const enum json_type wanted[TYPE_COUNT] = {
        [TYPE_BOOL] = JSON_BOOL, [TYPE_INT] = JSON_INT, [TYPE_TEXT] = JSON_TEXT, [TYPE_LIST] = JSON_ARRAY};
    *ret_value = value_absent();
    if (json->type == JSON_NULL) {
        return true;
    }
    if (!json_want(json, wanted[column->base], file, err)) {
        return false;
    }
    if (json->type == JSON_BOOL) {
        *ret_value = value_bool(json->as.boolean);
    } else if (json->type == JSON_INT) {
        *ret_value = value_int(json->as.integer);
    } else if (json->type == JSON_TEXT) {
        *ret_value = value_text(json->as.text);
    } else {
        struct value *items = arena_array(arena, json->count, sizeof(*items));
        for (uint32_t i = 0; i < json->count; i++) {
            if (!json_want(&json->as.items[i], JSON_TEXT, file, err)) {
                return false;
            }
            items[i] = value_text(json->as.items[i].as.text);
        }
        *ret_value = value_list(TYPE_TEXT, items, json->count);
    }
    return true;
}

bool row_load(const struct json *json, const struct columns *columns, const char *file, struct arena *arena,
              struct value *ret_row, struct err *err)
{
    if (!json_want(json, JSON_OBJECT, file, err)) {
        return false;
    }
    struct value *cells = arena_array(arena, columns->count, sizeof(*cells));
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        int column = columns_find(columns, member->name);
        if (column < 0) {
            return json_refuse(member, file, err, "there is no such column");
        }
        if (!cell_load(member, &columns->items[column], file, arena, &cells[column], err)) {
            return false;
        }
    }
    *ret_row = value_row(columns, cells);
    return true;
}

/* A row that does not say where it comes from cannot be kept current. */
static bool has_origin(const struct table_source *source, const struct columns *columns, const char *file,
                       struct err *err)
{
    if (columns_find(columns, "source") < 0 || columns_find(columns, "date") < 0) {
        return json_refuse(json_find(source->json, "columns"), file, err, "expected the columns source and date");
    }
    return true;
}

bool table_load(const struct plan_source *source, struct arena *arena, struct plan_table *ret_table, struct err *err)
{
    struct json_source origin = {.file = source->file, .limit = LIMIT_PLAYBOOK_BYTES};
    const struct json *document = source->document;
    struct table_source decoded = {0};
    if ((document == NULL && !json_load(source->bytes, source->size, &origin, arena, &document, err)) ||
        !fields_decode(&table_fields, document, source->file, arena, &decoded, err) ||
        !json_want(decoded.rows, JSON_ARRAY, source->file, err)) {
        return false;
    }
    if (decoded.rows->count > LIMIT_TABLE_ROWS) {
        return json_refuse(decoded.rows, source->file, err, "a table has at most %d rows", (int)LIMIT_TABLE_ROWS);
    }
    const struct columns *columns = columns_of(&decoded, arena);
    if (!has_origin(&decoded, columns, source->file, err)) {
        return false;
    }
    struct value *rows = arena_array(arena, decoded.rows->count, sizeof(*rows));
    for (uint32_t i = 0; i < decoded.rows->count; i++) {
        if (!row_load(&decoded.rows->as.items[i], columns, source->file, arena, &rows[i], err)) {
            return false;
        }
    }
    *ret_table = (struct plan_table){.id = decoded.table,
                                     .columns = columns,
                                     .rows = rows,
                                     .count = decoded.rows->count,
                                     .takes_clouds = decoded.takes_clouds};
    return true;
}
