/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

static const struct value_source *source_of(const struct builder *builder, uint32_t index)
{
    return builder->value_sources[index];
}

static struct type list_type(const struct type *element)
{
    struct type type = *element;
    type.base = element->base == TYPE_ROW ? TYPE_ROWS : TYPE_LIST;
    type.item = element->base == TYPE_ROW ? TYPE_NONE : element->base;
    return type;
}

/* where and take over elements of `element`; leaves the type of what is taken in ret_taken. */
static bool filter_build(struct builder *builder, const struct value_source *source, const struct type *element,
                         struct plan_value *value, struct type *ret_taken, struct err *err)
{
    const struct type *outer = builder->item;
    builder->item = element;
    bool built = cond_build(builder, source->where, &value->where, err);
    builder->item = outer;
    if (!built) {
        return false;
    }
    *ret_taken = *element;
    if (source->take == NULL) {
        return true;
    }
    const struct json *at = json_find(source->json, "take");
    int column = element->base == TYPE_ROW ? columns_find(element->cells, source->take) : -1;
    if (column < 0) {
        return json_refuse(at, builder->file, err, "there is no column \"%s\" there", source->take);
    }
    uint32_t *take = arena_alloc(builder->arena, sizeof(*take));
    *take = (uint32_t)column;
    value->take = take;
    const struct column *taken = &element->cells->items[column];
    *ret_taken = column_type(taken);
    if (!type_is_scalar(taken->base)) {
        return json_refuse(at, builder->file, err, "only a scalar column can be taken");
    }
    return true;
}

static bool table_build(struct builder *builder, const struct value_source *source, struct plan_value *value,
                        struct err *err)
{
    value->form = VALUE_OF_TABLE;
    for (size_t i = 0; i < builder->table_count; i++) {
        if (text_same(builder->tables[i].id, source->table)) {
            value->table = &builder->tables[i];
        }
    }
    if (value->table == NULL) {
        return json_refuse(json_find(source->json, "table"), builder->file, err, "there is no table \"%s\"",
                           source->table);
    }
    struct type row = {.base = TYPE_ROW, .cells = value->table->columns};
    struct type taken = {0};
    if (!filter_build(builder, source, &row, value, &taken, err)) {
        return false;
    }
    value->pick_all = source->pick == 1;
    value->type = value->pick_all ? list_type(&taken) : taken;
    return true;
}

static bool each_build(struct builder *builder, const struct value_source *source, struct plan_value *value,
                       struct err *err)
{
    value->form = VALUE_OF_EACH;
    value->pick_all = true;
    if (!expr_build(builder, source->each, &value->each, err)) {
        return false;
    }
    if (value->each->type.base != TYPE_LIST && value->each->type.base != TYPE_ROWS) {
        return json_refuse(source->each, builder->file, err, "expected a list or rows, found %s",
                           type_text(&value->each->type));
    }
    struct type element = type_element(&value->each->type);
    struct type taken = {0};
    if (!filter_build(builder, source, &element, value, &taken, err)) {
        return false;
    }
    value->type = list_type(&taken);
    return true;
}

/* All branches of firstOf and case have one type; null fits all. */
static bool same_type(struct builder *builder, const struct json *at, struct type *type, const struct expr *expr,
                      struct err *err)
{
    if (type->base == TYPE_NONE) {
        *type = expr->type;
        return true;
    }
    if (type->base == TYPE_LIST && type->item == TYPE_NONE && expr->type.base == TYPE_LIST) {
        *type = expr->type; /* [] fits every list */
        return true;
    }
    bool is_empty_list = type->base == TYPE_LIST && expr->type.base == TYPE_LIST && expr->type.item == TYPE_NONE;
    bool fits = expr->type.base == type->base && expr->type.item == type->item && expr->type.cells == type->cells;
    if (expr->type.base != TYPE_NONE && !is_empty_list && !fits) {
        return json_refuse(at, builder->file, err, "expected %s as before, found %s", type_text(type),
                           type_text(&expr->type));
    }
    if (expr->type.words != type->words) {
        type->words = NULL;
    }
    if (expr->type.shape != type->shape && expr->form != EXPR_LITERAL) {
        type->shape = SHAPE_FREE;
    }
    type->secret = type->secret || expr->type.secret;
    return true;
}

static bool first_build(struct builder *builder, const struct value_source *source, struct plan_value *value,
                        struct err *err)
{
    const struct json *list = source->first_of;
    if (!json_want(list, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    const struct expr **first = arena_array(builder->arena, list->count, sizeof(const struct expr *));
    value->form = VALUE_FIRST_OF;
    value->first = first;
    value->first_count = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct json *item = &list->as.items[i];
        if (!expr_build(builder, item, &first[i], err) || !same_type(builder, item, &value->type, first[i], err)) {
            return false;
        }
    }
    return true;
}

static bool case_build(struct builder *builder, const struct value_source *source, struct plan_value *value,
                       struct err *err)
{
    const struct case_source *sources = source->cases.items;
    struct plan_case *cases = arena_array(builder->arena, source->cases.count, sizeof(*cases));
    value->form = VALUE_CASE;
    value->cases = cases;
    value->case_count = source->cases.count;
    for (size_t i = 0; i < source->cases.count; i++) {
        if (!cond_build(builder, sources[i].when, &cases[i].when, err) ||
            !expr_build(builder, sources[i].is, &cases[i].is, err) ||
            !same_type(builder, sources[i].is, &value->type, cases[i].is, err)) {
            return false;
        }
    }
    return source->otherwise == NULL || (expr_build(builder, source->otherwise, &value->otherwise, err) &&
                                         same_type(builder, source->otherwise, &value->type, value->otherwise, err));
}

/* Exactly one form, with only the members that belong to it. */
static bool form_of(struct builder *builder, const struct value_source *source, enum value_form *ret_form,
                    struct err *err)
{
    static const struct {
        const char *name;
        const char *const members[5];
    } forms[] = {
        [VALUE_OF_TABLE] = {"table", {"table", "where", "take", "pick", NULL}},
        [VALUE_OF_EACH] = {"each", {"each", "where", "take", NULL}},
        [VALUE_FIRST_OF] = {"firstOf", {"firstOf", NULL}},
        [VALUE_CASE] = {"case", {"case", "else", NULL}},
    };
    for (size_t form = 0; form < COUNT_OF(forms); form++) {
        if (json_find(source->json, forms[form].name) == NULL) {
            continue;
        }
        for (uint32_t i = 0; i < source->json->count; i++) {
            const struct json *member = &source->json->as.items[i];
            if (text_word(forms[form].members, member->name) < 0) {
                return json_refuse(member, builder->file, err, "does not go with \"%s\"", forms[form].name);
            }
        }
        *ret_form = (enum value_form)form;
        return true;
    }
    return json_refuse(source->json, builder->file, err, "expected table, each, firstOf or case");
}

bool value_resolve(struct builder *builder, uint32_t index, struct err *err)
{
    static bool (*const builds[])(struct builder *, const struct value_source *, struct plan_value *, struct err *) = {
        [VALUE_OF_TABLE] = table_build,
        [VALUE_OF_EACH] = each_build,
        [VALUE_FIRST_OF] = first_build,
        [VALUE_CASE] = case_build,
    };
    const struct value_source *source = source_of(builder, index);
    if (builder->value_states[index] == BUILD_DONE) {
        return true;
    }
    if (builder->value_states[index] == BUILD_OPEN) {
        return json_refuse(source->json, builder->file, err, "a circle: this value needs itself");
    }
    if (builder->resolving >= LIMIT_REFERENCE_DEPTH) {
        return json_refuse(source->json, builder->file, err, "values refer to each other more than %d deep",
                           (int)LIMIT_REFERENCE_DEPTH);
    }
    enum value_form form = VALUE_OF_TABLE;
    const struct type *item = builder->item;
    struct place outer = place_enter(builder, index >= builder->own_values);
    builder->value_states[index] = BUILD_OPEN;
    builder->resolving++;
    builder->item = NULL; /* a value never sees the item of whoever names it */
    builder->values[index].id = source->id;
    bool built = form_of(builder, source, &form, err) && builds[form](builder, source, &builder->values[index], err);
    builder->item = item;
    builder->resolving--;
    builder->value_states[index] = BUILD_DONE;
    place_leave(builder, outer);
    return built;
}
