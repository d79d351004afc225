/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

static const struct fact_source *source_of(const struct builder *builder, uint32_t index)
{
    return builder->fact_sources[index];
}

bool kind_build(struct builder *builder, const struct json *at, const char *name, const struct kind **ret_kind,
                struct err *err)
{
    const struct kind *kind = kind_find(name);
    if (kind == NULL) {
        return json_refuse(at, builder->file, err, "there is no kind \"%s\"", name);
    }
    *ret_kind = kind;
    return true;
}

/* {each, ...}: the rows of a forEach fact. */
static const struct columns *each_columns(struct arena *arena, const struct kind *kind, const struct type *element)
{
    struct columns *columns = arena_alloc(arena, sizeof(*columns));
    struct column *items = arena_array(arena, kind->properties.count + 1, sizeof(*items));
    items[0] = (struct column){.name = "each",
                               .about = "the element of forEach",
                               .base = element->base,
                               .cells = element->cells,
                               .words = element->words,
                               .shape = element->shape,
                               .flags = element->secret ? COLUMN_SECRET : 0};
    for (size_t i = 0; i < kind->properties.count; i++) {
        items[i + 1] = kind->properties.items[i];
    }
    columns->items = items;
    columns->count = kind->properties.count + 1;
    return columns;
}

static bool for_each_build(struct builder *builder, const struct fact_source *source, struct fact *fact,
                           struct err *err)
{
    if (!expr_build(builder, source->for_each, &fact->for_each, err)) {
        return false;
    }
    const struct type *type = &fact->for_each->type;
    if (type->base != TYPE_LIST && type->base != TYPE_ROWS) {
        return json_refuse(source->for_each, builder->file, err, "expected a list or rows, found %s", type_text(type));
    }
    struct type element = type_element(type);
    fact->columns = each_columns(builder->arena, fact->kind, &element);
    return true;
}

/* The rows of a forEach fact have its element's type; others are what their kind says. */
static bool rows_resolve(struct builder *builder, uint32_t index, struct err *err)
{
    const struct fact_source *source = source_of(builder, index);
    struct fact *fact = &builder->facts[index];
    if (builder->resolving >= LIMIT_REFERENCE_DEPTH) {
        return json_refuse(source->json, builder->file, err, "facts refer to each other more than %d deep",
                           (int)LIMIT_REFERENCE_DEPTH);
    }
    const struct type *outer = builder->item;
    builder->fact_states[index] = BUILD_OPEN;
    builder->resolving++;
    builder->item = NULL;
    bool built = for_each_build(builder, source, fact, err);
    builder->item = outer;
    builder->resolving--;
    return built;
}

static bool open_resolve(struct builder *builder, uint32_t index, struct err *err)
{
    const struct fact_source *source = source_of(builder, index);
    struct fact *fact = &builder->facts[index];
    fact->id = source->id;
    if (!kind_build(builder, json_find(source->json, "look"), source->look, &fact->kind, err)) {
        return false;
    }
    fact->columns = &fact->kind->properties;
    bool built = source->for_each == NULL || rows_resolve(builder, index, err);
    builder->fact_states[index] = BUILD_DONE;
    return built;
}

bool fact_resolve(struct builder *builder, uint32_t index, struct err *err)
{
    if (builder->fact_states[index] == BUILD_DONE) {
        return true;
    }
    struct place outer = place_enter(builder, index >= builder->own_facts);
    bool built = builder->fact_states[index] == BUILD_OPEN ? json_refuse(source_of(builder, index)->json, builder->file,
                                                                         err, "a circle: this fact needs itself")
                                                           : open_resolve(builder, index, err);
    place_leave(builder, outer);
    return built;
}

/* The column a member of `with` names: a parameter, or (with `wanted`) a property that can be ensured. */
static const struct column *member_column(const struct kind *kind, const char *name, const struct expr **params,
                                          const struct expr **wanted, const struct expr ***ret_slot)
{
    int param = columns_find(&kind->params, name);
    if (param >= 0) {
        *ret_slot = &params[param];
        return &kind->params.items[param];
    }
    int property = wanted != NULL ? columns_find(&kind->properties, name) : -1;
    if (property >= 0 && (kind->properties.items[property].flags & COLUMN_ENSURE) != 0) {
        *ret_slot = &wanted[property];
        return &kind->properties.items[property];
    }
    return NULL;
}

/* A constant that nothing can bring about is a mistake of the author's; what a reference yields is seen in the run. */
static bool can_be_wanted(struct builder *builder, const struct json *at, const struct expr *expr,
                          const struct column *column, struct err *err)
{
    bool is_told = column->wants != NULL && expr->form == EXPR_LITERAL && expr->literal.state == VALUE_KNOWN;
    return !is_told || text_word(column->wants, value_display(builder->arena, &expr->literal)) >= 0 ||
           json_refuse(at, builder->file, err, "%s: a step may want only %s", column->name,
                       words_text(builder->arena, column->wants));
}

bool with_build(struct builder *builder, const struct json *with, const struct kind *kind,
                const struct expr ***ret_params, const struct expr ***ret_wanted, struct err *err)
{
    const struct expr **params = arena_array(builder->arena, kind->params.count, sizeof(const struct expr *));
    const struct expr **wanted = arena_array(builder->arena, kind->properties.count, sizeof(const struct expr *));
    if (with != NULL && !json_want(with, JSON_OBJECT, builder->file, err)) {
        return false;
    }
    for (uint32_t i = 0; with != NULL && i < with->count; i++) {
        const struct json *member = &with->as.items[i];
        const struct expr **slot = NULL;
        const struct column *column =
            member_column(kind, member->name, params, ret_wanted != NULL ? wanted : NULL, &slot);
        if (column == NULL) {
            return json_refuse(member, builder->file, err, "kind \"%s\" takes no \"%s\" here", kind->name,
                               member->name);
        }
        if (!expr_build(builder, member, slot, err) || !expr_fits(builder, member, *slot, column, err) ||
            !can_be_wanted(builder, member, *slot, column, err)) {
            return false;
        }
    }
    *ret_params = params;
    if (ret_wanted != NULL) {
        *ret_wanted = wanted;
    }
    return true;
}

static bool required_given(struct builder *builder, const struct json *at, const struct kind *kind,
                           const struct expr *const *params, struct err *err)
{
    for (size_t i = 0; i < kind->params.count; i++) {
        if ((kind->params.items[i].flags & COLUMN_REQUIRED) != 0 && params[i] == NULL) {
            return json_refuse(at, builder->file, err, "kind \"%s\" needs \"%s\" in with", kind->name,
                               kind->params.items[i].name);
        }
    }
    return true;
}

static bool inputs_build(struct builder *builder, const struct fact_source *source, struct fact *fact, struct err *err)
{
    struct type element = {0};
    if (fact->for_each != NULL) {
        element = type_element(&fact->for_each->type);
        builder->item = &element;
    }
    bool built = with_build(builder, source->with, fact->kind, &fact->params, NULL, err) &&
                 required_given(builder, source->json, fact->kind, fact->params, err);
    builder->item = NULL;
    return built && cond_build(builder, source->when, &fact->when, err);
}

/* `when` and `with`: after every type is known. */
bool fact_build_inputs(struct builder *builder, uint32_t index, struct err *err)
{
    struct place outer = place_enter(builder, index >= builder->own_facts);
    bool built = inputs_build(builder, source_of(builder, index), &builder->facts[index], err);
    place_leave(builder, outer);
    return built;
}
