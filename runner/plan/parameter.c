/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

static const enum type_base type_bases[] = {TYPE_BOOL, TYPE_INT, TYPE_TEXT, TYPE_LIST};

/* A constant of the playbook: an expression without references, of the parameter's type. */
static bool constant_build(struct builder *builder, const struct json *json, const struct column *column,
                           struct value *ret_value, struct err *err)
{
    const struct expr *expr = NULL;
    *ret_value = value_absent();
    if (json == NULL || json->type == JSON_NULL) {
        return true;
    }
    if (!expr_build(builder, json, &expr, err) || !expr_fits(builder, json, expr, column, err)) {
        return false;
    }
    if (expr->form == EXPR_LIST) {
        struct value *items = arena_array(builder->arena, expr->count, sizeof(*items));
        for (size_t i = 0; i < expr->count; i++) {
            if (expr->items[i].form != EXPR_LITERAL) {
                return json_refuse(json, builder->file, err, "expected constants");
            }
            items[i] = expr->items[i].literal;
        }
        *ret_value = value_list(expr->type.item, items, expr->count);
        return true;
    }
    if (expr->form != EXPR_LITERAL) {
        return json_refuse(json, builder->file, err, "expected a constant");
    }
    *ret_value = expr->literal;
    return true;
}

static bool bound_build(struct builder *builder, const struct json *json, const struct column *column,
                        int64_t otherwise, int64_t *ret_bound, struct err *err)
{
    *ret_bound = otherwise;
    if (json == NULL) {
        return true;
    }
    if (!json_want(json, JSON_INT, builder->file, err)) {
        return false;
    }
    if (column->base != TYPE_INT) {
        return json_refuse(json, builder->file, err, "only an int has bounds");
    }
    *ret_bound = json->as.integer;
    return true;
}

/* 1: it was none of them yet. */
static size_t add_once(struct value *items, size_t count, const struct value *value)
{
    for (size_t i = 0; i < count; i++) {
        if (value_equal(&items[i], value)) {
            return 0;
        }
    }
    items[count] = *value;
    return 1;
}

/* {"table": ID, "take": COLUMN}: every value of that column. */
static bool allowed_by_table(struct builder *builder, const struct json *json, struct parameter *parameter,
                             struct err *err)
{
    struct allowed_source source = {0};
    if (!fields_decode(&allowed_fields, json, builder->file, builder->arena, &source, err)) {
        return false;
    }
    for (size_t i = 0; i < builder->table_count; i++) {
        const struct plan_table *table = &builder->tables[i];
        int column = text_same(table->id, source.table) ? columns_find(table->columns, source.take) : -1;
        if (column >= 0 && table->columns->items[column].base == parameter->column.base) {
            struct value *items = arena_array(builder->arena, table->count, sizeof(*items));
            size_t count = 0;
            for (size_t k = 0; k < table->count; k++) {
                count += add_once(items, count, &table->rows[k].as.row.cells[column]);
            }
            parameter->one_of = value_list(parameter->column.base, items, count);
            return true;
        }
    }
    return json_refuse(json, builder->file, err, "no table has such a column of the parameter's type");
}

static bool allowed_build(struct builder *builder, const struct parameter_source *source, struct parameter *parameter,
                          struct err *err)
{
    if (source->one_of != NULL && source->one_of->type == JSON_OBJECT) {
        return allowed_by_table(builder, source->one_of, parameter, err);
    }
    struct column list = parameter->column;
    list.item = list.base == TYPE_LIST ? list.item : list.base;
    list.base = TYPE_LIST;
    list.min = 0;
    list.max = 0;
    return constant_build(builder, source->one_of, &list, &parameter->one_of, err);
}

static bool is_listed(const struct value *list, const struct value *value)
{
    for (size_t i = 0; i < list->as.list.count; i++) {
        if (value_equal(&list->as.list.items[i], value)) {
            return true;
        }
    }
    return false;
}

/* Among oneOf, where there is one; of a list every element. */
static bool is_allowed(const struct parameter *parameter, const struct value *value)
{
    const struct value *allowed = &parameter->one_of;
    if (allowed->state != VALUE_KNOWN || value->state != VALUE_KNOWN) {
        return true;
    }
    if (value->base != TYPE_LIST) {
        return is_listed(allowed, value);
    }
    for (size_t i = 0; i < value->as.list.count; i++) {
        if (!is_listed(allowed, &value->as.list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool default_build(struct builder *builder, const struct parameter_source *source, struct parameter *parameter,
                          struct err *err)
{
    if (!constant_build(builder, source->otherwise, &parameter->column, &parameter->otherwise, err)) {
        return false;
    }
    return is_allowed(parameter, &parameter->otherwise) ||
           json_refuse(source->otherwise, builder->file, err, "the default is not one of oneOf");
}

/* What it is for: in the playbook itself, or in every language beside it. */
static bool about_build(struct builder *builder, const struct parameter_source *source, struct column *column,
                        struct err *err)
{
    const char *const names[] = {"parameters", source->name, NULL};
    const struct json *text = NULL;
    column->about = source->about;
    if (!texts_stand_apart(builder->texts)) {
        return source->about != NULL ||
               json_refuse(source->json, builder->file, err, "the member \"about\" is missing (a text for people)");
    }
    for (enum language language = LANGUAGE_COUNT; language-- > LANGUAGE_EN;) {
        if (builder->texts->documents[language] != NULL &&
            !texts_find(builder->texts, language, names, builder->arena, &text, err)) {
            return false;
        }
    }
    must(text != NULL); /* English is there wherever texts stand apart, and comes last */
    column->about = text->as.text;
    return source->about == NULL ||
           json_refuse(json_find(source->json, "about"), builder->file, err, "the texts of this playbook stand in %s",
                       builder->texts->files[LANGUAGE_EN]);
}

bool parameters_build(struct builder *builder, struct err *err)
{
    const struct parameter_source *sources = builder->source->parameters.items;
    size_t count = builder->source->parameters.count;
    builder->parameters = arena_array(builder->arena, count, sizeof(*builder->parameters));
    for (size_t i = 0; i < count; i++) {
        struct parameter *parameter = &builder->parameters[i];
        struct column *column = &parameter->column;
        column->name = sources[i].name;
        column->base = type_bases[sources[i].type];
        column->item = column->base == TYPE_LIST ? TYPE_TEXT : TYPE_NONE;
        column->flags = sources[i].secret ? COLUMN_SECRET : 0;
        bool bounded = sources[i].min != NULL || sources[i].max != NULL;
        if (!bound_build(builder, sources[i].min, column, bounded ? INT64_MIN : 0, &column->min, err) ||
            !bound_build(builder, sources[i].max, column, bounded ? INT64_MAX : 0, &column->max, err) ||
            !about_build(builder, &sources[i], column, err) || !allowed_build(builder, &sources[i], parameter, err) ||
            !default_build(builder, &sources[i], parameter, err)) {
            return false;
        }
        if (column->min > column->max) {
            return json_refuse(sources[i].json, builder->file, err, "min is greater than max");
        }
        map_set(builder->arena, &builder->parameter_names, column->name, (void *)(uintptr_t)(i + 1));
    }
    builder->playbook.parameters = builder->parameters;
    builder->playbook.parameter_count = count;
    return true;
}

/* --- given values --- */

static bool convert_list(const char *text, struct arena *arena, struct value *ret_value)
{
    struct arena_list items = {0};
    const char *start = text;
    for (const char *end = text; *text != '\0'; end++) {
        if (*end == ',' || *end == '\0') {
            struct value *item = arena_push(arena, &items, sizeof(*item));
            *item = value_text(arena_copy(arena, start, (size_t)(end - start)));
            start = end + 1;
        }
        if (*end == '\0') {
            break;
        }
    }
    *ret_value = value_list(TYPE_TEXT, items.items, items.count);
    return true;
}

static bool convert(const struct column *column, const char *text, struct arena *arena, struct value *ret_value)
{
    int64_t number = 0;
    switch (column->base) {
    case TYPE_BOOL:
        *ret_value = value_bool(text_same(text, "true"));
        return text_same(text, "true") || text_same(text, "false");
    case TYPE_INT:
        if (!text_to_int(text, &number)) {
            return false;
        }
        *ret_value = value_int(number);
        return true;
    case TYPE_TEXT:
        *ret_value = value_text(arena_text(arena, text));
        return true;
    case TYPE_LIST:
        return convert_list(text, arena, ret_value);
    case TYPE_NONE:
    case TYPE_ROW:
    case TYPE_ROWS:
    case TYPE_COUNT:
        break;
    }
    return false;
}

bool parameter_give(struct parameter *parameter, const char *playbook, const char *text, struct arena *arena,
                    struct err *err)
{
    const struct column *column = &parameter->column;
    struct value value = value_absent();
    if (!convert(column, text, arena, &value)) {
        return err_set(err, ERR_INVALID, 0, "parameter %s.%s: expected %s", playbook, column->name,
                       type_name(column->base, column->item));
    }
    if (!is_allowed(parameter, &value)) {
        return err_set(err, ERR_INVALID, 0, "parameter %s.%s: expected one of %s", playbook, column->name,
                       value_display(arena, &parameter->one_of));
    }
    if (!column_accepts(column, &value)) {
        return err_set(err, ERR_INVALID, 0, "parameter %s.%s: expected %lld to %lld", playbook, column->name,
                       (long long)column->min, (long long)column->max);
    }
    value.secret = (column->flags & COLUMN_SECRET) != 0;
    parameter->given = value;
    return true;
}
