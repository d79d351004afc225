/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* --- refs --- */

/* "a.b.c" in pieces of the arena; empty pieces are refused. */
struct pieces {
    const char *items[8];
    size_t count;
};

static bool split(struct builder *builder, const struct json *at, const char *text, struct pieces *ret_pieces,
                  struct err *err)
{
    struct pieces pieces = {0};
    const char *start = text;
    for (const char *end = text;; end++) {
        if (*end != '.' && *end != '\0') {
            continue;
        }
        if (end == start || pieces.count == COUNT_OF(pieces.items)) {
            return json_refuse(at, builder->file, err, "\"%s\" is not a reference such as fact.property", text);
        }
        pieces.items[pieces.count++] = arena_copy(builder->arena, start, (size_t)(end - start));
        if (*end == '\0') {
            break;
        }
        start = end + 1;
    }
    *ret_pieces = pieces;
    return true;
}

/* Follows the columns named by the rest of the pieces. */
static bool walk_columns(struct builder *builder, const struct json *at, const struct pieces *pieces, size_t first,
                         struct ref *ref, struct err *err)
{
    uint32_t *path = arena_array(builder->arena, pieces->count, sizeof(*path));
    for (size_t i = first; i < pieces->count; i++) {
        if (ref->type.base == TYPE_ROWS) {
            return json_refuse(at, builder->file, err, "%s: %s is a list of rows; use count or forEach over it",
                               ref->text, pieces->items[i - 1]);
        }
        int column = ref->type.base == TYPE_ROW ? columns_find(ref->type.cells, pieces->items[i]) : -1;
        if (column < 0) {
            return json_refuse(at, builder->file, err, "%s: there is no \"%s\" there", ref->text, pieces->items[i]);
        }
        path[i - first] = (uint32_t)column;
        ref->type = column_type(&ref->type.cells->items[column]);
    }
    ref->path = path;
    ref->path_count = pieces->count - first;
    return true;
}

static bool find_index(const struct map *names, const char *name, uint32_t *ret_index)
{
    const void *found = map_find(names, name);
    if (found == NULL) {
        return false;
    }
    *ret_index = (uint32_t)((uintptr_t)found - 1);
    return true;
}

static bool ref_value(struct builder *builder, const struct json *at, const struct pieces *pieces, struct ref *ref,
                      struct err *err)
{
    ref->root = REF_VALUE;
    if (pieces->count < 2 || !value_find(builder, pieces->items[1], &ref->index)) {
        return json_refuse(at, builder->file, err, "%s: no such value in this playbook", ref->text);
    }
    if (!value_resolve(builder, ref->index, err)) {
        return false;
    }
    ref->type = builder->values[ref->index].type;
    return walk_columns(builder, at, pieces, 2, ref, err);
}

static bool ref_parameter(struct builder *builder, const struct json *at, const struct pieces *pieces, struct ref *ref,
                          struct err *err)
{
    ref->root = REF_PARAMETER;
    if (pieces->count != 2 || !find_index(&builder->parameter_names, pieces->items[1], &ref->index)) {
        return json_refuse(at, builder->file, err, "%s: no such parameter in this playbook", ref->text);
    }
    ref->type = column_type(&builder->parameters[ref->index].column);
    return true;
}

static bool ref_item(struct builder *builder, const struct json *at, const struct pieces *pieces, struct ref *ref,
                     struct err *err)
{
    ref->root = REF_ITEM;
    if (builder->item == NULL) {
        return json_refuse(at, builder->file, err, "%s: item exists only inside where, count and forEach", ref->text);
    }
    ref->type = *builder->item;
    return walk_columns(builder, at, pieces, 1, ref, err);
}

static bool ref_fact(struct builder *builder, const struct json *at, const struct pieces *pieces, struct ref *ref,
                     struct err *err)
{
    ref->root = REF_FACT;
    if (!fact_find(builder, pieces->items[0], &ref->index)) {
        return json_refuse(at, builder->file, err,
                           "%s: there is no fact \"%s\" (references begin with a fact, values, parameters or item)",
                           ref->text, pieces->items[0]);
    }
    if (!fact_resolve(builder, ref->index, err)) {
        return false;
    }
    const struct fact *fact = &builder->facts[ref->index];
    bool many = fact->for_each != NULL;
    ref->type = (struct type){.base = many ? TYPE_ROWS : TYPE_ROW, .cells = fact->columns};
    return walk_columns(builder, at, pieces, 1, ref, err);
}

bool ref_build(struct builder *builder, const struct json *at, const char *text, struct ref *ret_ref, struct err *err)
{
    static const struct {
        const char *name;
        bool (*build)(struct builder *, const struct json *, const struct pieces *, struct ref *, struct err *);
    } roots[] = {{"values", ref_value}, {"parameters", ref_parameter}, {"item", ref_item}};
    struct pieces pieces = {0};
    if (!split(builder, at, text, &pieces, err)) {
        return false;
    }
    struct ref ref = {.text = arena_text(builder->arena, text)};
    bool (*build)(struct builder *, const struct json *, const struct pieces *, struct ref *, struct err *) = ref_fact;
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        if (text_same(pieces.items[0], roots[i].name)) {
            build = roots[i].build;
        }
    }
    if (!build(builder, at, &pieces, &ref, err)) {
        return false;
    }
    *ret_ref = ref;
    return true;
}

/* --- expressions --- */

static void set_literal(struct expr *expr, struct value value)
{
    expr->form = EXPR_LITERAL;
    expr->literal = value;
    expr->type = (struct type){.base = value.state == VALUE_KNOWN ? value.base : TYPE_NONE, .item = value.item};
}

/* Up to the next "${"; "$${" stands for "${" itself. */
static struct value literal_piece(struct arena *arena, const char **cursor)
{
    const char *text = *cursor;
    char *piece = arena_copy(arena, text, strlen(text));
    size_t size = 0;
    while (*text != '\0' && strncmp(text, "${", 2) != 0) {
        bool escaped = strncmp(text, "$${", 3) == 0;
        memcpy(piece + size, escaped ? "${" : text, escaped ? 2 : 1);
        size += escaped ? 2 : 1;
        text += escaped ? 3 : 1;
    }
    piece[size] = '\0';
    *cursor = text;
    return value_text(piece);
}

/* One piece of a text: a literal, or a reference. */
static bool text_piece(struct builder *builder, const struct json *at, const char **cursor, struct expr *ret_piece,
                       struct err *err)
{
    const char *text = *cursor;
    if (strncmp(text, "${", 2) != 0) {
        set_literal(ret_piece, literal_piece(builder->arena, cursor));
        return true;
    }
    const char *end = strchr(text, '}');
    if (end == NULL) {
        return json_refuse(at, builder->file, err, "\"${\" without \"}\"");
    }
    const char *name = arena_copy(builder->arena, text + 2, (size_t)(end - text - 2));
    *ret_piece = (struct expr){.form = EXPR_REF};
    if (!ref_build(builder, at, name, &ret_piece->ref, err)) {
        return false;
    }
    ret_piece->type = ret_piece->ref.type;
    *cursor = end + 1;
    return true;
}

bool text_pieces(struct builder *builder, const struct json *at, const char *text, struct arena_list *pieces,
                 struct err *err)
{
    for (const char *cursor = text; *cursor != '\0';) {
        struct expr *piece = arena_push(builder->arena, pieces, sizeof(*piece));
        if (!text_piece(builder, at, &cursor, piece, err)) {
            return false;
        }
    }
    return true;
}

bool text_join(struct builder *builder, const struct json *at, const struct arena_list *pieces, struct expr *ret_expr,
               struct err *err)
{
    const struct expr *items = pieces->items;
    struct expr expr = {.form = EXPR_TEXT, .items = items, .count = pieces->count, .type = {.base = TYPE_TEXT}};
    for (size_t i = 0; i < pieces->count; i++) {
        expr.type.secret = expr.type.secret || items[i].type.secret;
        if (items[i].type.base == TYPE_ROWS || items[i].type.base == TYPE_ROW) {
            return json_refuse(at, builder->file, err, "%s is %s; only scalars and lists fit inside a text",
                               items[i].ref.text, type_text(&items[i].type));
        }
    }
    *ret_expr = expr;
    return true;
}

static bool text_build(struct builder *builder, const struct json *at, const char *text, struct expr *expr,
                       struct err *err)
{
    struct arena_list pieces = {0};
    if (strstr(text, "${") == NULL) { /* nearly all texts: no list of pieces for them */
        set_literal(expr, value_text(text));
        return true;
    }
    if (!text_pieces(builder, at, text, &pieces, err)) {
        return false;
    }
    if (pieces.count == 1) {
        *expr = *(const struct expr *)pieces.items;
        return true;
    }
    return text_join(builder, at, &pieces, expr, err);
}

static bool list_build(struct builder *builder, const struct json *json, struct expr *expr, struct err *err)
{
    struct expr *items = arena_array(builder->arena, json->count, sizeof(*items));
    *expr = (struct expr){.form = EXPR_LIST, .items = items, .count = json->count, .type = {.base = TYPE_LIST}};
    for (uint32_t i = 0; i < json->count; i++) {
        const struct expr *item = NULL;
        if (!expr_build(builder, &json->as.items[i], &item, err)) {
            return false;
        }
        if (!type_is_scalar(item->type.base) || (i > 0 && item->type.base != expr->type.item)) {
            return json_refuse(&json->as.items[i], builder->file, err,
                               "expected scalars of one type in a list, found %s", type_text(&item->type));
        }
        expr->type.item = item->type.base;
        expr->type.secret = expr->type.secret || item->type.secret;
        items[i] = *item;
    }
    return true;
}

bool expr_build(struct builder *builder, const struct json *json, const struct expr **ret_expr, struct err *err)
{
    struct expr *expr = arena_alloc(builder->arena, sizeof(*expr));
    *ret_expr = expr;
    switch (json->type) {
    case JSON_BOOL:
        set_literal(expr, value_bool(json->as.boolean));
        return true;
    case JSON_INT:
        set_literal(expr, value_int(json->as.integer));
        return true;
    case JSON_TEXT:
        return text_build(builder, json, json->as.text, expr, err);
    case JSON_ARRAY:
        return list_build(builder, json, expr, err);
    case JSON_NULL:
        set_literal(expr, value_absent());
        return true;
    case JSON_OBJECT:
        break;
    }
    return json_refuse(json, builder->file, err, "expected an expression (scalar, list or \"${reference}\"), found %s",
                       json_type_name(json->type));
}

/* --- fitting --- */

bool column_accepts(const struct column *column, const struct value *value)
{
    if (value->state != VALUE_KNOWN) {
        return true;
    }
    if (value->base != column->base) {
        return false;
    }
    bool bounded = column->min != 0 || column->max != 0;
    switch (value->base) {
    case TYPE_INT:
        return !bounded || (value->as.integer >= column->min && value->as.integer <= column->max);
    case TYPE_TEXT:
        return column->words == NULL || text_word(column->words, value->as.text) >= 0;
    case TYPE_LIST:
        return !bounded || (int64_t)value->as.list.count <= column->max;
    case TYPE_NONE:
    case TYPE_BOOL:
    case TYPE_ROW:
    case TYPE_ROWS:
    case TYPE_COUNT:
        break;
    }
    return true;
}

const char *words_text(struct arena *arena, const char *const *words)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_TEXT_BYTES);
    for (size_t i = 0; words[i] != NULL; i++) {
        buf_format(&buf, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return arena_text(arena, buf_string(&buf));
}

bool expr_fits(struct builder *builder, const struct json *at, const struct expr *expr, const struct column *column,
               struct err *err)
{
    if (expr->type.base == TYPE_NONE) {
        return true;
    }
    bool lists_fit = column->base != TYPE_LIST || expr->type.item == column->item || expr->type.item == TYPE_NONE;
    if (expr->type.base != column->base || !lists_fit) {
        return json_refuse(at, builder->file, err, "%s: expected %s, found %s", column->name,
                           type_name(column->base, column->item), type_text(&expr->type));
    }
    if (expr->form == EXPR_LITERAL && !column_accepts(column, &expr->literal)) {
        if (column->words != NULL) {
            return json_refuse(at, builder->file, err, "%s: expected one of %s", column->name,
                               words_text(builder->arena, column->words));
        }
        return json_refuse(at, builder->file, err, "%s: expected %lld to %lld", column->name, (long long)column->min,
                           (long long)column->max);
    }
    return true;
}
