/* SPDX-License-Identifier: MIT */
#include "engine/condition.h"

#include "base/text.h"

static struct truth known(bool holds)
{
    return (struct truth){.word = holds ? TRUTH_TRUE : TRUTH_FALSE};
}

static struct truth unknown(const char *why)
{
    return (struct truth){.word = TRUTH_UNKNOWN, .why = why};
}

enum truth_word truth_and(enum truth_word left, enum truth_word right)
{
    if (left == TRUTH_FALSE || right == TRUTH_FALSE) {
        return TRUTH_FALSE;
    }
    return left == TRUTH_TRUE && right == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

enum truth_word truth_not(enum truth_word word)
{
    if (word == TRUTH_UNKNOWN) {
        return TRUTH_UNKNOWN;
    }
    return word == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

enum truth_word truth_or(enum truth_word left, enum truth_word right)
{
    return truth_not(truth_and(truth_not(left), truth_not(right)));
}

static struct truth negate(struct truth truth)
{
    return (struct truth){.word = truth_not(truth.word), .why = truth.why};
}

/* --- one comparison --- */

/* An element that is not known might be the one that is looked for. */
static struct truth list_holds(const struct value *list, const struct value *element)
{
    struct truth result = known(false);
    for (size_t i = 0; i < list->as.list.count; i++) {
        const struct value *item = &list->as.list.items[i];
        if (value_equal(item, element)) {
            return known(true);
        }
        if (item->state == VALUE_UNKNOWN && result.word == TRUTH_FALSE) {
            result = unknown(item->as.why);
        }
    }
    return result;
}

static struct truth holds_part(const struct value *subject, const struct value *part)
{
    return subject->base == TYPE_LIST ? list_holds(subject, part)
                                      : known(text_contains(subject->as.text, part->as.text));
}

/* Each negative operator is its positive one turned round; EXISTS is answered before. */
static const struct {
    enum cond_op positive;
    bool negated;
} op_forms[COND_OP_COUNT] = {
    [COND_EQUALS] = {COND_EQUALS, false},
    [COND_NOT_EQUALS] = {COND_EQUALS, true},
    [COND_IN] = {COND_IN, false},
    [COND_NOT_IN] = {COND_IN, true},
    [COND_LIKE] = {COND_LIKE, false},
    [COND_NOT_LIKE] = {COND_LIKE, true},
    [COND_CONTAINS] = {COND_CONTAINS, false},
    [COND_NOT_CONTAINS] = {COND_CONTAINS, true},
    [COND_LESS] = {COND_LESS, false},
    [COND_LESS_OR_EQUALS] = {COND_LESS_OR_EQUALS, false},
    [COND_GREATER] = {COND_GREATER, false},
    [COND_GREATER_OR_EQUALS] = {COND_GREATER_OR_EQUALS, false},
    [COND_EXISTS] = {COND_EXISTS, false},
};

static struct truth positive_holds(enum cond_op op, const struct value *subject, const struct value *operand)
{
    switch (op) {
    case COND_EQUALS:
        return known(value_equal(subject, operand));
    case COND_IN:
        return list_holds(operand, subject);
    case COND_LIKE:
        return known(text_like(subject->as.text, operand->as.text));
    case COND_CONTAINS:
        return holds_part(subject, operand);
    case COND_LESS:
        return known(subject->as.integer < operand->as.integer);
    case COND_LESS_OR_EQUALS:
        return known(subject->as.integer <= operand->as.integer);
    case COND_GREATER:
        return known(subject->as.integer > operand->as.integer);
    case COND_GREATER_OR_EQUALS:
        return known(subject->as.integer >= operand->as.integer);
    case COND_NOT_EQUALS:
    case COND_NOT_IN:
    case COND_NOT_LIKE:
    case COND_NOT_CONTAINS:
    case COND_EXISTS:
    case COND_OP_COUNT:
        break;
    }
    must_fail("a positive operator", __FILE__, __LINE__);
}

/* A number that may be higher: what holds of it and of every higher one is known. */
static struct truth compare_at_least(enum cond_op op, const struct value *subject, const struct value *operand)
{
    bool is_one_number = operand->base == TYPE_INT && !operand->at_least;
    enum truth_word word = is_one_number
                               ? condition_compare_interval(op, subject->as.integer, INT64_MAX, operand->as.integer)
                               : TRUTH_UNKNOWN;
    return (struct truth){.word = word, .why = word == TRUTH_UNKNOWN ? "there were more than were counted" : NULL};
}

struct truth condition_compare(enum cond_op op, const struct value *subject, const struct value *operand)
{
    if (subject->state == VALUE_UNKNOWN) {
        return unknown(subject->as.why);
    }
    if (op == COND_EXISTS) {
        return known((subject->state == VALUE_KNOWN) == operand->as.boolean);
    }
    if (operand->state == VALUE_UNKNOWN) {
        return unknown(operand->as.why);
    }
    bool negated = op_forms[op].negated;
    if (subject->state == VALUE_ABSENT || operand->state == VALUE_ABSENT) {
        return known(negated);
    }
    if (subject->at_least || operand->at_least) {
        return compare_at_least(op, subject, operand);
    }
    struct truth truth = positive_holds(op_forms[op].positive, subject, operand);
    return negated ? negate(truth) : truth;
}

/* --- count --- */

enum truth_word condition_compare_interval(enum cond_op op, int64_t least, int64_t most, int64_t number)
{
    enum truth_word all = TRUTH_TRUE;
    enum truth_word any = TRUTH_FALSE;
    struct value operand = value_int(number);
    /* Every operator is monotonic, or (equality) constant but at `number`: both ends and that point decide. */
    const int64_t points[] = {least, most, number < least ? least : number > most ? most : number};
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        struct value subject = value_int(points[i]);
        enum truth_word word = condition_compare(op, &subject, &operand).word;
        all = truth_and(all, word);
        any = truth_or(any, word);
    }
    /* An interval of one point, or an operator that says the same everywhere, is known. */
    return all == any ? all : TRUTH_UNKNOWN;
}

static struct truth count_evaluate(struct scope *scope, const struct cond *cond)
{
    struct value counted = scope_ref(scope, &cond->subject);
    struct value number = scope_value(scope, cond->operand);
    if (counted.state == VALUE_UNKNOWN || number.state == VALUE_UNKNOWN) {
        return unknown(counted.state == VALUE_UNKNOWN ? counted.as.why : number.as.why);
    }
    if (number.state == VALUE_ABSENT) {
        return known(op_forms[cond->op].negated);
    }
    size_t count = counted.state == VALUE_KNOWN ? counted.as.list.count : 0;
    int64_t least = 0;
    int64_t most = 0;
    const char *why = NULL;
    struct scope inner = *scope;
    for (size_t i = 0; i < count; i++) {
        inner.item = &counted.as.list.items[i];
        struct truth truth = cond->count > 0 ? condition_evaluate(&inner, &cond->items[0]) : known(true);
        least += truth.word == TRUTH_TRUE ? 1 : 0;
        most += truth.word != TRUTH_FALSE ? 1 : 0;
        why = why == NULL && truth.word == TRUTH_UNKNOWN ? truth.why : why;
    }
    struct truth result = {.word = condition_compare_interval(cond->op, least, most, number.as.integer)};
    result.why = result.word == TRUTH_UNKNOWN ? why : NULL;
    return result;
}

/* --- the tree: depth and chains are bounded by the loader --- */

static struct truth junction(struct scope *scope, const struct cond *cond)
{
    bool all = cond->form == COND_ALL;
    struct truth result = known(all);
    for (size_t i = 0; i < cond->count; i++) {
        struct truth truth = condition_evaluate(scope, &cond->items[i]);
        const char *why = result.why != NULL ? result.why : truth.why;
        result.word = all ? truth_and(result.word, truth.word) : truth_or(result.word, truth.word);
        result.why = result.word == TRUTH_UNKNOWN ? why : NULL;
        if (result.word == (all ? TRUTH_FALSE : TRUTH_TRUE)) {
            break;
        }
    }
    return result;
}

static struct truth named(struct scope *scope, uint32_t index)
{
    if (!scope->condition_known[index]) {
        struct scope outer = *scope;
        outer.item = NULL;
        scope->conditions[index] = condition_evaluate(&outer, scope->playbook->conditions[index].cond);
        scope->condition_known[index] = true;
    }
    return scope->conditions[index];
}

struct truth condition_evaluate(struct scope *scope, const struct cond *cond)
{
    struct value subject;
    struct value operand;
    switch (cond->form) {
    case COND_ALL:
    case COND_ANY:
        return junction(scope, cond);
    case COND_NOT:
        return negate(condition_evaluate(scope, &cond->items[0]));
    case COND_NAMED:
        return named(scope, cond->named);
    case COND_COMPARE:
        subject = scope_ref(scope, &cond->subject);
        operand = scope_value(scope, cond->operand);
        return condition_compare(cond->op, &subject, &operand);
    case COND_COUNT:
        return count_evaluate(scope, cond);
    }
    must_fail("a form of condition", __FILE__, __LINE__);
}
