/* SPDX-License-Identifier: MIT */
#include "engine/truth.h"

#include "base/text.h"

const char *const truth_names[] = {[TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true", [TRUTH_UNKNOWN] = "unknown", NULL};

struct truth truth_known(bool holds)
{
    return (struct truth){.word = holds ? TRUTH_TRUE : TRUTH_FALSE};
}

struct truth truth_unknown(const char *why)
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

struct truth truth_negate(struct truth truth)
{
    return (struct truth){.word = truth_not(truth.word), .why = truth.why};
}

/* --- one comparison --- */

/* An element that is not known might be the one that is looked for. */
static struct truth list_holds(const struct value *list, const struct value *element)
{
    struct truth result = truth_known(false);
    for (size_t i = 0; i < list->as.list.count; i++) {
        const struct value *item = &list->as.list.items[i];
        if (value_equal(item, element)) {
            return truth_known(true);
        }
        if (item->state == VALUE_UNKNOWN && result.word == TRUTH_FALSE) {
            result = truth_unknown(item->as.why);
        }
    }
    return result;
}

static struct truth holds_part(const struct value *subject, const struct value *part)
{
    return subject->base == TYPE_LIST ? list_holds(subject, part)
                                      : truth_known(text_contains(subject->as.text, part->as.text));
}

/* Each negative operator is its positive one turned round; EXISTS and UNKNOWN are answered before. */
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
    [COND_UNKNOWN] = {COND_UNKNOWN, false},
};

static struct truth positive_holds(enum cond_op op, const struct value *subject, const struct value *operand)
{
    switch (op) {
    case COND_EQUALS:
        return truth_known(value_equal(subject, operand));
    case COND_IN:
        return list_holds(operand, subject);
    case COND_LIKE:
        return truth_known(text_like(subject->as.text, operand->as.text));
    case COND_CONTAINS:
        return holds_part(subject, operand);
    case COND_LESS:
        return truth_known(subject->as.integer < operand->as.integer);
    case COND_LESS_OR_EQUALS:
        return truth_known(subject->as.integer <= operand->as.integer);
    case COND_GREATER:
        return truth_known(subject->as.integer > operand->as.integer);
    case COND_GREATER_OR_EQUALS:
        return truth_known(subject->as.integer >= operand->as.integer);
    case COND_NOT_EQUALS:
    case COND_NOT_IN:
    case COND_NOT_LIKE:
    case COND_NOT_CONTAINS:
    case COND_EXISTS:
    case COND_UNKNOWN:
    case COND_OP_COUNT:
        break;
    }
    must_fail("a positive operator", __FILE__, __LINE__);
}

/* A number that may be higher: what holds of it and of every higher one is known. */
static struct truth compare_at_least(enum cond_op op, const struct value *subject, const struct value *operand)
{
    bool is_one_number = operand->base == TYPE_INT && !operand->at_least;
    enum truth_word word =
        is_one_number ? truth_compare_interval(op, subject->as.integer, INT64_MAX, operand->as.integer) : TRUTH_UNKNOWN;
    return (struct truth){.word = word, .why = word == TRUTH_UNKNOWN ? "there were more than were counted" : NULL};
}

struct truth truth_compare(enum cond_op op, const struct value *subject, const struct value *operand)
{
    if (op == COND_UNKNOWN) {
        return truth_known((subject->state == VALUE_UNKNOWN) == operand->as.boolean);
    }
    if (subject->state == VALUE_UNKNOWN) {
        return truth_unknown(subject->as.why);
    }
    if (op == COND_EXISTS) {
        return truth_known((subject->state == VALUE_KNOWN) == operand->as.boolean);
    }
    if (operand->state == VALUE_UNKNOWN) {
        return truth_unknown(operand->as.why);
    }
    bool negated = op_forms[op].negated;
    if (subject->state == VALUE_ABSENT || operand->state == VALUE_ABSENT) {
        return truth_known(negated);
    }
    if (subject->at_least || operand->at_least) {
        return compare_at_least(op, subject, operand);
    }
    struct truth truth = positive_holds(op_forms[op].positive, subject, operand);
    return negated ? truth_negate(truth) : truth;
}

/* --- count --- */

enum truth_word truth_compare_interval(enum cond_op op, int64_t least, int64_t most, int64_t number)
{
    enum truth_word all = TRUTH_TRUE;
    enum truth_word any = TRUTH_FALSE;
    struct value operand = value_int(number);
    /* Every operator is monotonic, or (equality) constant but at `number`: both ends and that point decide. */
    const int64_t points[] = {least, most, number < least ? least : number > most ? most : number};
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        struct value subject = value_int(points[i]);
        enum truth_word word = truth_compare(op, &subject, &operand).word;
        all = truth_and(all, word);
        any = truth_or(any, word);
    }
    /* An interval of one point, or an operator that says the same everywhere, is known. */
    return all == any ? all : TRUTH_UNKNOWN;
}
