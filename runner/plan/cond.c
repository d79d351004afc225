/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

const char *const cond_op_names[COND_OP_COUNT + 1] = {
    "equals", "notEquals",    "in",      "notIn",           "like",   "notLike", "contains", "notContains",
    "less",   "lessOrEquals", "greater", "greaterOrEquals", "exists", "unknown", NULL};

/* Which subject an operator takes and what its operand must be. */
enum operand_rule { OPERAND_SAME, OPERAND_LIST, OPERAND_PART, OPERAND_BOOL };

static const struct {
    bool scalar, text, list, number; /* subjects it takes */
    enum operand_rule operand;
} op_rules[COND_OP_COUNT] = {
    [COND_EQUALS] = {.scalar = true, .operand = OPERAND_SAME},
    [COND_NOT_EQUALS] = {.scalar = true, .operand = OPERAND_SAME},
    [COND_IN] = {.scalar = true, .operand = OPERAND_LIST},
    [COND_NOT_IN] = {.scalar = true, .operand = OPERAND_LIST},
    [COND_LIKE] = {.text = true, .operand = OPERAND_SAME},
    [COND_NOT_LIKE] = {.text = true, .operand = OPERAND_SAME},
    [COND_CONTAINS] = {.text = true, .list = true, .operand = OPERAND_PART},
    [COND_NOT_CONTAINS] = {.text = true, .list = true, .operand = OPERAND_PART},
    [COND_LESS] = {.number = true, .operand = OPERAND_SAME},
    [COND_LESS_OR_EQUALS] = {.number = true, .operand = OPERAND_SAME},
    [COND_GREATER] = {.number = true, .operand = OPERAND_SAME},
    [COND_GREATER_OR_EQUALS] = {.number = true, .operand = OPERAND_SAME},
    [COND_EXISTS] = {.scalar = true, .list = true, .operand = OPERAND_BOOL},
    [COND_UNKNOWN] = {.scalar = true, .list = true, .operand = OPERAND_BOOL},
};

struct cond_build {
    struct builder *builder;
    unsigned nodes;
};

static bool build(struct cond_build *state, const struct json *json, unsigned depth, struct cond *ret_cond,
                  struct err *err);

static bool subject_fits(enum cond_op op, const struct type *type)
{
    if (op_rules[op].operand == OPERAND_BOOL) {
        return true;
    }
    return (op_rules[op].scalar && type_is_scalar(type->base)) || (op_rules[op].text && type->base == TYPE_TEXT) ||
           (op_rules[op].number && type->base == TYPE_INT) || (op_rules[op].list && type->base == TYPE_LIST);
}

/* The type the operand must have, as a column so that words and lists are checked by the same code. */
static struct column operand_column(enum cond_op op, const struct type *subject)
{
    struct column column = {.name = cond_op_names[op], .base = subject->base, .item = subject->item};
    switch (op_rules[op].operand) {
    case OPERAND_SAME:
        column.words = subject->words;
        break;
    case OPERAND_LIST:
        column.base = TYPE_LIST;
        column.item = subject->base;
        break;
    case OPERAND_PART:
        column.base = subject->base == TYPE_LIST ? subject->item : TYPE_TEXT;
        break;
    case OPERAND_BOOL:
        column.base = TYPE_BOOL;
        break;
    }
    return column;
}

/* The words of a closed set inside a literal list: a misspelt one would never match. */
static bool list_words_fit(struct builder *builder, const struct json *at, const struct expr *operand,
                           const char *const *words, struct err *err)
{
    struct column column = {.name = "in", .base = TYPE_TEXT, .words = words};
    for (size_t i = 0; words != NULL && operand->form == EXPR_LIST && i < operand->count; i++) {
        if (!expr_fits(builder, at, &operand->items[i], &column, err)) {
            return false;
        }
    }
    return true;
}

static bool operand_build(struct builder *builder, const struct json *json, struct cond *cond,
                          const struct type *subject, struct err *err)
{
    if (!expr_build(builder, json, &cond->operand, err)) {
        return false;
    }
    struct column column = operand_column(cond->op, subject);
    if (cond->operand->type.base == TYPE_NONE) {
        return json_refuse(json, builder->file, err, "expected %s, found null (use exists)",
                           type_name(column.base, column.item));
    }
    if (op_rules[cond->op].operand == OPERAND_BOOL && cond->operand->form != EXPR_LITERAL) {
        return json_refuse(json, builder->file, err, "expected true or false");
    }
    return expr_fits(builder, json, cond->operand, &column, err) &&
           (op_rules[cond->op].operand != OPERAND_LIST ||
            list_words_fit(builder, json, cond->operand, subject->words, err));
}

/* The one operator beside `subject_name`. */
static const struct json *find_operator(struct cond_build *state, const struct json *json, const char *subject_name,
                                        enum cond_op *ret_op, struct err *err)
{
    const struct json *found = NULL;
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        int op = text_word(cond_op_names, member->name);
        if (text_same(member->name, subject_name)) {
            continue;
        }
        if (op < 0 || found != NULL) {
            (void)json_refuse(member, state->builder->file, err,
                              op < 0
                                  ? "unknown operator; expected equals, notEquals, in, notIn, like, notLike, contains, "
                                    "notContains, less, lessOrEquals, greater, greaterOrEquals, exists or unknown"
                                  : "a second operator in one condition");
            return NULL;
        }
        found = member;
        *ret_op = (enum cond_op)op;
    }
    if (found == NULL) {
        (void)json_refuse(json, state->builder->file, err, "expected an operator beside \"%s\"", subject_name);
    }
    return found;
}

static bool compare_build(struct cond_build *state, const struct json *json, struct cond *cond, struct err *err)
{
    struct builder *builder = state->builder;
    const struct json *fact = json_find(json, "fact");
    const struct json *operand = NULL;
    cond->form = COND_COMPARE;
    if (!json_want(fact, JSON_TEXT, builder->file, err) ||
        (operand = find_operator(state, json, "fact", &cond->op, err)) == NULL ||
        !ref_build(builder, fact, fact->as.text, &cond->subject, err)) {
        return false;
    }
    if (!subject_fits(cond->op, &cond->subject.type)) {
        return json_refuse(operand, builder->file, err, "%s does not fit %s, which is %s", cond_op_names[cond->op],
                           cond->subject.text, type_text(&cond->subject.type));
    }
    return operand_build(builder, operand, cond, &cond->subject.type, err);
}

/* What is counted: a list or rows. */
static bool counted_build(struct builder *builder, const struct json *of, struct cond *cond, struct err *err)
{
    cond->form = COND_COUNT;
    if (!json_want(of, JSON_TEXT, builder->file, err) || !ref_build(builder, of, of->as.text, &cond->subject, err)) {
        return false;
    }
    enum type_base base = cond->subject.type.base;
    return base == TYPE_ROWS || base == TYPE_LIST ||
           json_refuse(of, builder->file, err, "expected a list or rows to count, found %s",
                       type_text(&cond->subject.type));
}

/* `where`, of which `item` is an element of what is counted. */
static bool where_build(struct cond_build *state, const struct json *where, unsigned depth, struct cond *cond,
                        struct err *err)
{
    struct builder *builder = state->builder;
    if (where == NULL) {
        return true;
    }
    struct type element = type_element(&cond->subject.type);
    const struct type *outer = builder->item;
    struct cond *inner = arena_alloc(builder->arena, sizeof(*inner));
    builder->item = &element;
    bool built = build(state, where, depth + 1, inner, err);
    builder->item = outer;
    cond->items = inner;
    cond->count = 1;
    return built;
}

static bool count_build(struct cond_build *state, const struct json *json, unsigned depth, struct cond *cond,
                        struct err *err)
{
    struct builder *builder = state->builder;
    const struct json *count = json_find(json, "count");
    const struct json *operand = NULL;
    if (!json_want(count, JSON_OBJECT, builder->file, err) ||
        (operand = find_operator(state, json, "count", &cond->op, err)) == NULL) {
        return false;
    }
    const struct json *of = json_find(count, "of");
    const struct json *where = json_find(count, "where");
    if (of == NULL || count->count != (where != NULL ? 2U : 1U)) {
        return json_refuse(count, builder->file, err, "expected {\"of\": reference} and perhaps \"where\"");
    }
    if (!counted_build(builder, of, cond, err)) {
        return false;
    }
    struct type number = {.base = TYPE_INT};
    if (!subject_fits(cond->op, &number) || op_rules[cond->op].operand != OPERAND_SAME) {
        return json_refuse(operand, builder->file, err, "a count is compared with equals, less, greater and the like");
    }
    return operand_build(builder, operand, cond, &number, err) && where_build(state, where, depth, cond, err);
}

/* `any`: more than none of them; `all`: none for which the opposite holds, so that an empty list is all. */
static bool rows_build(struct cond_build *state, const struct json *json, unsigned depth, struct cond *cond,
                       struct err *err)
{
    static const struct expr none = {.form = EXPR_LITERAL,
                                     .type = {.base = TYPE_INT},
                                     .literal = {.state = VALUE_KNOWN, .base = TYPE_INT, .as.integer = 0}};
    const char *file = state->builder->file;
    const struct json *all = json_find(json, "all");
    const struct json *any = json_find(json, "any");
    const struct json *where = json_find(json, "where");
    if (json->count != (where != NULL ? 2U : 1U) || (all != NULL && where == NULL)) {
        return json_refuse(json, file, err, "expected {\"any\": rows} or {\"all\": rows}, and \"where\" beside it");
    }
    if (!counted_build(state->builder, all != NULL ? all : any, cond, err) ||
        !where_build(state, where, depth + (all != NULL ? 1 : 0), cond, err)) {
        return false;
    }
    cond->op = all != NULL ? COND_EQUALS : COND_GREATER;
    cond->operand = &none;
    if (all != NULL) {
        struct cond *opposite = arena_alloc(state->builder->arena, sizeof(*opposite));
        *opposite = (struct cond){.form = COND_NOT, .items = cond->items, .count = 1};
        cond->items = opposite;
    }
    return true;
}

static bool items_build(struct cond_build *state, const struct json *list, unsigned depth, struct cond *cond,
                        struct err *err)
{
    if (!json_want(list, JSON_ARRAY, state->builder->file, err)) {
        return false;
    }
    if (list->count == 0) {
        return json_refuse(list, state->builder->file, err, "expected at least one condition");
    }
    struct cond *items = arena_array(state->builder->arena, list->count, sizeof(*items));
    for (uint32_t i = 0; i < list->count; i++) {
        if (!build(state, &list->as.items[i], depth + 1, &items[i], err)) {
            return false;
        }
    }
    cond->items = items;
    cond->count = list->count;
    return true;
}

static bool not_build(struct cond_build *state, const struct json *inner, unsigned depth, struct cond *cond,
                      struct err *err)
{
    struct cond *item = arena_alloc(state->builder->arena, sizeof(*item));
    cond->form = COND_NOT;
    cond->items = item;
    cond->count = 1;
    return build(state, inner, depth + 1, item, err);
}

/* A condition; inside `where` also a filter, which is built there as if it stood there. */
static bool named_build(struct cond_build *state, const struct json *name, unsigned depth, struct cond *cond,
                        struct err *err)
{
    struct builder *builder = state->builder;
    bool is_common = false;
    if (!json_want(name, JSON_TEXT, builder->file, err)) {
        return false;
    }
    const struct json *filter = builder->item != NULL ? filter_find(builder, name->as.text, &is_common) : NULL;
    if (filter != NULL) {
        struct place outer = place_enter(builder, is_common);
        bool built = build(state, filter, depth + 1, cond, err);
        place_leave(builder, outer);
        return built;
    }
    cond->form = COND_NAMED;
    return condition_find(builder, name, name->as.text, &cond->named, err);
}

/* A condition that is an object: one form, told by its member. */
static bool form_build(struct cond_build *state, const struct json *json, unsigned depth, struct cond *ret_cond,
                       struct err *err)
{
    static const char expected[] = "expected one of allOf, anyOf, not, condition, fact, any, all or count";
    const char *file = state->builder->file;
    if (json_find(json, "fact") != NULL) {
        return compare_build(state, json, ret_cond, err);
    }
    if (json_find(json, "count") != NULL) {
        return count_build(state, json, depth, ret_cond, err);
    }
    if (json_find(json, "any") != NULL || json_find(json, "all") != NULL) {
        return rows_build(state, json, depth, ret_cond, err);
    }
    if (json->count != 1) {
        return json_refuse(json, file, err, expected);
    }
    const struct json *member = &json->as.items[0];
    if (text_same(member->name, "allOf") || text_same(member->name, "anyOf")) {
        ret_cond->form = text_same(member->name, "allOf") ? COND_ALL : COND_ANY;
        return items_build(state, member, depth, ret_cond, err);
    }
    if (text_same(member->name, "not")) {
        return not_build(state, member, depth, ret_cond, err);
    }
    if (text_same(member->name, "condition")) {
        return named_build(state, member, depth, ret_cond, err);
    }
    return json_refuse(member, file, err, expected);
}

/* A text is the condition of that name, a list is allOf. */
static bool build(struct cond_build *state, const struct json *json, unsigned depth, struct cond *ret_cond,
                  struct err *err)
{
    const char *file = state->builder->file;
    if (json->type != JSON_TEXT && json->type != JSON_ARRAY && !json_want(json, JSON_OBJECT, file, err)) {
        return false;
    }
    if (++state->nodes > LIMIT_CONDITION_NODES || depth >= LIMIT_CONDITION_DEPTH) {
        return json_refuse(json, file, err, "a condition has at most %d parts, %d deep", (int)LIMIT_CONDITION_NODES,
                           (int)LIMIT_CONDITION_DEPTH);
    }
    *ret_cond = (struct cond){0};
    if (json->type == JSON_TEXT) {
        return named_build(state, json, depth, ret_cond, err);
    }
    if (json->type == JSON_ARRAY) {
        ret_cond->form = COND_ALL;
        return items_build(state, json, depth, ret_cond, err);
    }
    return form_build(state, json, depth, ret_cond, err);
}

bool cond_build(struct builder *builder, const struct json *json, const struct cond **ret_cond, struct err *err)
{
    if (json == NULL) {
        *ret_cond = NULL;
        return true;
    }
    struct cond_build state = {.builder = builder};
    struct cond *cond = arena_alloc(builder->arena, sizeof(*cond));
    *ret_cond = cond;
    return build(&state, json, 0, cond, err);
}
