/* SPDX-License-Identifier: MIT */
/*
 * A file of clouds: {"clouds": {CLOUD: {TABLE: [ROW, ...]}}}. Its rows stand behind those of the tables that take them.
 * It adds a cloud and alters none: the rows of a known cloud are those of the program, or of a table given with
 * --playbook.
 */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

struct clouds_source {
    const char *about;
    const struct json *clouds;
};

static const struct field rows[] = {
    TEXT_FIELD("about", struct clouds_source, about, 0, 0, 0, "what it holds"),
    JSON_FIELD("clouds", struct clouds_source, clouds, FIELD_REQUIRED, NULL, "by azEnvironment: rows by table"),
};
static const struct fields clouds_fields = FIELDS("clouds", struct clouds_source, rows, "azmend.clouds/1");

static int cloud_column(const struct plan_table *table)
{
    return columns_find(table->columns, "cloud");
}

static struct plan_table *find_table(struct plan_table *tables, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (text_same(tables[i].id, id)) {
            return &tables[i];
        }
    }
    return NULL;
}

/* Names of clouds have no case, as everywhere where they are compared. */
static bool is_known(const struct plan_table *tables, size_t count, const char *cloud)
{
    const struct value name = value_text(cloud);
    for (size_t i = 0; i < count; i++) {
        int column = tables[i].takes_clouds ? cloud_column(&tables[i]) : -1;
        for (size_t k = 0; column >= 0 && k < tables[i].count; k++) {
            if (value_equal(&tables[i].rows[k].as.row.cells[column], &name)) {
                return true;
            }
        }
    }
    return false;
}

/* A row says what every row of the table says: else a condition over it would be neither true nor false. */
static const char *missing_cell(const struct plan_table *table, const struct value *row)
{
    for (size_t c = 0; c < table->columns->count; c++) {
        bool is_everywhere = row->as.row.cells[c].state == VALUE_ABSENT;
        for (size_t i = 0; is_everywhere && i < table->count; i++) {
            is_everywhere = table->rows[i].as.row.cells[c].state != VALUE_ABSENT;
        }
        if (is_everywhere) {
            return table->columns->items[c].name;
        }
    }
    return NULL;
}

static const struct column *misshapen_cell(const struct plan_table *table, const struct value *row)
{
    for (size_t c = 0; c < table->columns->count; c++) {
        const struct column *column = &table->columns->items[c];
        const struct value *cell = &row->as.row.cells[c];
        if (column->shape != SHAPE_FREE && cell->state == VALUE_KNOWN && !shape_accepts(column->shape, cell->as.text)) {
            return column;
        }
    }
    return NULL;
}

/* The row with the cloud's name; false: the file has one in it. */
static bool name_cloud(const struct plan_table *table, const char *cloud, struct arena *arena, struct value *row)
{
    int column = cloud_column(table);
    if (column < 0) {
        return true;
    }
    if (row->as.row.cells[column].state != VALUE_ABSENT) {
        return false;
    }
    struct value *cells = arena_array(arena, table->columns->count, sizeof(*cells));
    for (size_t i = 0; i < table->columns->count; i++) {
        cells[i] = row->as.row.cells[i];
    }
    cells[column] = value_text(cloud);
    *row = value_row(table->columns, cells);
    return true;
}

/* row: as row_load read it; then with the cloud's name. */
static bool finish_row(const struct json *json, const struct plan_table *table, const char *file, struct arena *arena,
                       struct value *row, struct err *err)
{
    if (!name_cloud(table, json->parent->parent->name, arena, row)) {
        return json_refuse(json, file, err, "the cloud is named above its tables, not in a row");
    }
    const char *missing = missing_cell(table, row);
    const struct column *misshapen = misshapen_cell(table, row);
    if (missing != NULL) {
        return json_refuse(json, file, err, "expected \"%s\", as in every row of %s", missing, table->id);
    }
    if (misshapen != NULL) {
        return json_refuse(json, file, err, "\"%s\" does not look like one", misshapen->name);
    }
    return true;
}

static bool add_rows(const struct json *json, struct plan_table *table, const char *file, struct arena *arena,
                     struct err *err)
{
    if (!json_want(json, JSON_ARRAY, file, err)) {
        return false;
    }
    if (table->count + json->count > LIMIT_TABLE_ROWS) {
        return json_refuse(json, file, err, "a table has at most %d rows", (int)LIMIT_TABLE_ROWS);
    }
    struct value *all = arena_array(arena, table->count + json->count, sizeof(*all));
    for (size_t i = 0; i < table->count; i++) {
        all[i] = table->rows[i];
    }
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *item = &json->as.items[i];
        struct value *row = &all[table->count + i];
        if (!row_load(item, table->columns, file, arena, row, err) || !finish_row(item, table, file, arena, row, err)) {
            return false;
        }
    }
    table->rows = all;
    table->count += json->count;
    return true;
}

static bool add_cloud(const struct json *cloud, struct plan_table *tables, size_t count, const char *file,
                      struct arena *arena, struct err *err)
{
    if (!json_want(cloud, JSON_OBJECT, file, err)) {
        return false;
    }
    if (!shape_accepts(SHAPE_NAME, cloud->name)) {
        return json_refuse(cloud, file, err,
                           "the name of a cloud has letters, digits and . _ - ( ), at most 90 of them");
    }
    if (is_known(tables, count, cloud->name)) {
        return json_refuse(cloud, file, err, "this cloud is known already; a file of clouds alters none");
    }
    for (uint32_t i = 0; i < cloud->count; i++) {
        const struct json *member = &cloud->as.items[i];
        struct plan_table *table = find_table(tables, count, member->name);
        if (table == NULL || !table->takes_clouds) {
            return json_refuse(member, file, err, "no table of this name takes rows of a cloud");
        }
        if (!add_rows(member, table, file, arena, err)) {
            return false;
        }
    }
    return true;
}

bool clouds_load(const struct plan_source *source, struct plan_table *tables, size_t count, struct arena *arena,
                 struct err *err)
{
    const struct json_source origin = {.file = source->file, .limit = LIMIT_CLOUDS_BYTES};
    const struct json *document = source->document;
    struct clouds_source decoded = {0};
    if ((document == NULL && !json_load(source->bytes, source->size, &origin, arena, &document, err)) ||
        !fields_decode(&clouds_fields, document, source->file, arena, &decoded, err) ||
        !json_want(decoded.clouds, JSON_OBJECT, source->file, err)) {
        return false;
    }
    if (decoded.clouds->count == 0 || decoded.clouds->count > LIMIT_CLOUDS) {
        return json_refuse(decoded.clouds, source->file, err, "expected 1 to %d clouds", (int)LIMIT_CLOUDS);
    }
    for (uint32_t i = 0; i < decoded.clouds->count; i++) {
        if (!add_cloud(&decoded.clouds->as.items[i], tables, count, source->file, arena, err)) {
            return false;
        }
    }
    return true;
}
