/* SPDX-License-Identifier: MIT */
/* Conditions against plain tables: every operator, every state, whole truth tables, every interval. */
#include "base/text.h"
#include "engine/eval.h"
#include "plan_fixture.h"

#define F TRUTH_FALSE
#define T TRUTH_TRUE
#define U TRUTH_UNKNOWN
static const enum truth_word words[] = {F, T, U};
static const char *const word_names[] = {"false", "true", "unknown"};

/* --- one comparison --- */

static bool is_negative(enum cond_op op)
{
    return op == COND_NOT_EQUALS || op == COND_NOT_IN || op == COND_NOT_LIKE || op == COND_NOT_CONTAINS;
}

/* A pair for which the positive operator holds, so that only the states decide. */
static void pair_of(enum cond_op op, struct value *ret_subject, struct value *ret_operand)
{
    static const struct value one[] = {{.state = VALUE_KNOWN, .base = TYPE_INT, .as.integer = 1}};
    *ret_subject = value_int(1);
    *ret_operand = value_int(op == COND_LESS ? 2 : op == COND_GREATER ? 0 : 1);
    if (op == COND_IN || op == COND_NOT_IN) {
        *ret_operand = value_list(TYPE_INT, one, 1);
    } else if (op == COND_LIKE || op == COND_NOT_LIKE || op == COND_CONTAINS || op == COND_NOT_CONTAINS) {
        *ret_subject = value_text("a");
        *ret_operand = value_text("a");
    } else if (op == COND_EXISTS) {
        *ret_operand = value_bool(true);
    }
}

static void test_states(void)
{
    /* By state of subject and operand (absent, known, unknown): is it as if no value were there, as is, or unknown? */
    enum { NONE, AS_IS, NOT_KNOWN };
    static const int table[3][3] = {
        [VALUE_ABSENT] = {NONE, NONE, NOT_KNOWN},
        [VALUE_KNOWN] = {NONE, AS_IS, NOT_KNOWN},
        [VALUE_UNKNOWN] = {NOT_KNOWN, NOT_KNOWN, NOT_KNOWN},
    };
    for (int op = 0; op < COND_EXISTS; op++) {
        for (int left = VALUE_ABSENT; left <= VALUE_UNKNOWN; left++) {
            for (int right = VALUE_ABSENT; right <= VALUE_UNKNOWN; right++) {
                struct value subject;
                struct value operand;
                pair_of((enum cond_op)op, &subject, &operand);
                subject = left == VALUE_ABSENT ? value_absent() : left == VALUE_UNKNOWN ? value_unknown("s") : subject;
                operand = right == VALUE_ABSENT    ? value_absent()
                          : right == VALUE_UNKNOWN ? value_unknown("o")
                                                   : operand;
                bool negative = is_negative((enum cond_op)op);
                enum truth_word expected = table[left][right] == NOT_KNOWN             ? U
                                           : (table[left][right] == AS_IS) != negative ? T
                                                                                       : F;
                struct truth truth = truth_compare((enum cond_op)op, &subject, &operand);
                ROW_ASSERT(cond_op_names[op], truth.word == expected);
                const char *why = expected != U ? NULL : left == VALUE_UNKNOWN ? "s" : "o";
                ROW_ASSERT(cond_op_names[op], text_same(truth.why, why));
            }
        }
    }
}

static void test_exists(void)
{
    static const enum truth_word expected[3][2] = {
        [VALUE_ABSENT] = {T, F}, [VALUE_KNOWN] = {F, T}, [VALUE_UNKNOWN] = {U, U}};
    for (int wanted = 0; wanted < 2; wanted++) {
        const struct value states[] = {[VALUE_ABSENT] = value_absent(),
                                       [VALUE_KNOWN] = value_list(TYPE_INT, NULL, 0),
                                       [VALUE_UNKNOWN] = value_unknown("why")};
        struct value operand = value_bool(wanted == 1);
        for (int state = VALUE_ABSENT; state <= VALUE_UNKNOWN; state++) {
            CU_ASSERT(truth_compare(COND_EXISTS, &states[state], &operand).word == expected[state][wanted]);
        }
    }
}

/* The one operator that is never unknown itself. */
static void test_unknown(void)
{
    static const enum truth_word expected[3][2] = {
        [VALUE_ABSENT] = {T, F}, [VALUE_KNOWN] = {T, F}, [VALUE_UNKNOWN] = {F, T}};
    for (int wanted = 0; wanted < 2; wanted++) {
        const struct value states[] = {[VALUE_ABSENT] = value_absent(),
                                       [VALUE_KNOWN] = value_count(3, true),
                                       [VALUE_UNKNOWN] = value_unknown("why")};
        struct value operand = value_bool(wanted == 1);
        for (int state = VALUE_ABSENT; state <= VALUE_UNKNOWN; state++) {
            struct truth truth = truth_compare(COND_UNKNOWN, &states[state], &operand);
            CU_ASSERT(truth.word == expected[state][wanted] && truth.why == NULL);
        }
    }
}

enum relation { SMALLER, EQUAL, GREATER };

/* "3 or more", counted in a list that is cut: known is what holds of 3 and of every higher number. */
static void test_at_least(void)
{
    static const struct {
        enum cond_op op;
        int64_t number;
        enum truth_word word;
    } rows[] = {
        {COND_EQUALS, 2, F},
        {COND_EQUALS, 3, U},
        {COND_EQUALS, 5, U},
        {COND_NOT_EQUALS, 2, T},
        {COND_NOT_EQUALS, 3, U},
        {COND_LESS, 3, F},
        {COND_LESS, 4, U},
        {COND_LESS_OR_EQUALS, 2, F},
        {COND_LESS_OR_EQUALS, 3, U},
        {COND_GREATER, 2, T},
        {COND_GREATER, 3, U},
        {COND_GREATER_OR_EQUALS, 3, T},
        {COND_GREATER_OR_EQUALS, 4, U},
    };
    const struct value subject = value_count(3, true);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct value operand = value_int(rows[i].number);
        struct truth truth = truth_compare(rows[i].op, &subject, &operand);
        ROW_ASSERT(cond_op_names[rows[i].op], truth.word == rows[i].word);
        ROW_ASSERT(cond_op_names[rows[i].op], (truth.word == U) == (truth.why != NULL));
    }
    const struct value few = value_int(1);
    const struct value one[] = {value_int(3)};
    const struct value list = value_list(TYPE_INT, one, 1);
    CU_ASSERT(truth_compare(COND_LESS, &few, &subject).word == U);
    CU_ASSERT(truth_compare(COND_IN, &subject, &list).word == U);
}

static void test_relations(void)
{
    static const struct {
        enum cond_op op;
        bool holds[3]; /* by relation */
    } rows[] = {
        {COND_EQUALS, {false, true, false}},   {COND_NOT_EQUALS, {true, false, true}},
        {COND_IN, {false, true, false}},       {COND_NOT_IN, {true, false, true}},
        {COND_LESS, {true, false, false}},     {COND_LESS_OR_EQUALS, {true, true, false}},
        {COND_GREATER, {false, false, true}},  {COND_GREATER_OR_EQUALS, {false, true, true}},
        {COND_LIKE, {false, true, false}},     {COND_NOT_LIKE, {true, false, true}},
        {COND_CONTAINS, {false, true, false}}, {COND_NOT_CONTAINS, {true, false, true}},
    };
    const struct {
        const char *name;
        struct value subject, operand;
        enum relation relation;
    } pairs[] = {
        {"int smaller", value_int(-2), value_int(3), SMALLER},
        {"int equal", value_int(INT64_MAX), value_int(INT64_MAX), EQUAL},
        {"int greater", value_int(INT64_MAX), value_int(INT64_MIN), GREATER},
        {"bool equal", value_bool(true), value_bool(true), EQUAL},
        {"bool different", value_bool(false), value_bool(true), SMALLER},
        {"text equal", value_text("abc"), value_text("abc"), EQUAL},
        {"text folded", value_text("AbC"), value_text("aBc"), EQUAL},
        {"text different", value_text("abc"), value_text("abd"), SMALLER},
        {"text empty", value_text(""), value_text("x"), SMALLER},
        {"text beyond ASCII is not folded", value_text("\xC3\x84"), value_text("\xC3\xA4"), GREATER},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        for (size_t p = 0; p < COUNT_OF(pairs); p++) {
            enum cond_op op = rows[r].op;
            bool ordered =
                op == COND_LESS || op == COND_LESS_OR_EQUALS || op == COND_GREATER || op == COND_GREATER_OR_EQUALS;
            bool textual = op == COND_LIKE || op == COND_NOT_LIKE || op == COND_CONTAINS || op == COND_NOT_CONTAINS;
            if ((ordered && pairs[p].subject.base != TYPE_INT) || (textual && pairs[p].subject.base != TYPE_TEXT)) {
                continue; /* refused at load */
            }
            struct value operand = pairs[p].operand;
            if (op == COND_IN || op == COND_NOT_IN) {
                operand = value_list(operand.base, &pairs[p].operand, 1);
            }
            enum truth_word expected = rows[r].holds[pairs[p].relation] ? T : F;
            ROW_ASSERT(pairs[p].name, truth_compare(op, &pairs[p].subject, &operand).word == expected);
        }
    }
}

static void test_patterns_and_parts(void)
{
    const struct value texts[] = {value_text("sz"), value_text("Dword")};
    const struct value numbers[] = {value_int(4), value_unknown("denied"), value_int(6)};
    const struct {
        const char *name;
        enum cond_op op;
        struct value subject, operand;
        enum truth_word expected;
    } rows[] = {
        {"like: any run", COND_LIKE, value_text("azkms.core.windows.net"), value_text("*.WINDOWS.net"), T},
        {"like: whole text", COND_LIKE, value_text("azkms.core"), value_text("core"), F},
        {"like: no pattern in the subject", COND_LIKE, value_text("*"), value_text("a"), F},
        {"notLike", COND_NOT_LIKE, value_text("azkms"), value_text("az*"), F},
        {"contains: folded", COND_CONTAINS, value_text("Volume:GVLK"), value_text("gvlk"), T},
        {"contains: nothing is part of all", COND_CONTAINS, value_text("a"), value_text(""), T},
        {"notContains", COND_NOT_CONTAINS, value_text("Retail"), value_text("gvlk"), T},
        {"list contains: folded", COND_CONTAINS, value_list(TYPE_TEXT, texts, 2), value_text("DWORD"), T},
        {"list contains: no part of an element", COND_CONTAINS, value_list(TYPE_TEXT, texts, 2), value_text("word"), F},
        {"list notContains", COND_NOT_CONTAINS, value_list(TYPE_TEXT, texts, 2), value_text("qword"), T},
        {"empty list contains", COND_CONTAINS, value_list(TYPE_TEXT, NULL, 0), value_text("a"), F},
        {"in: the last", COND_IN, value_int(6), value_list(TYPE_INT, numbers, 3), T},
        {"in: nothing", COND_IN, value_int(6), value_list(TYPE_INT, NULL, 0), F},
        {"notIn: nothing", COND_NOT_IN, value_int(6), value_list(TYPE_INT, NULL, 0), T},
        {"an element that is not known might be it", COND_IN, value_int(5), value_list(TYPE_INT, numbers, 3), U},
        {"and might not", COND_NOT_IN, value_int(5), value_list(TYPE_INT, numbers, 3), U},
        {"found beside it", COND_CONTAINS, value_list(TYPE_INT, numbers, 3), value_int(4), T},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].name,
                   truth_compare(rows[i].op, &rows[i].subject, &rows[i].operand).word == rows[i].expected);
    }
}

/* --- Kleene --- */

static const enum truth_word and_table[3][3] = {[F] = {F, F, F}, [T] = {F, T, U}, [U] = {F, U, U}};
static const enum truth_word or_table[3][3] = {[F] = {F, T, U}, [T] = {T, T, T}, [U] = {U, T, U}};
static const enum truth_word not_table[3] = {[F] = T, [T] = F, [U] = U};

static void test_kleene(void)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        CU_ASSERT(truth_not(words[i]) == not_table[i]);
        for (size_t k = 0; k < COUNT_OF(words); k++) {
            CU_ASSERT(truth_and(words[i], words[k]) == and_table[i][k]);
            CU_ASSERT(truth_or(words[i], words[k]) == or_table[i][k]);
        }
    }
}

/* --- trees: leaves are named conditions whose truth is already known --- */

enum { LEAVES = 3, ASSIGNMENTS = 27 };

struct leaves {
    struct scope scope;
    struct truth truths[LEAVES];
    bool known[LEAVES];
};

static void assign(struct leaves *leaves, unsigned assignment)
{
    static const char *const whys[] = {"a", "b", "c"};
    leaves->scope = (struct scope){.conditions = leaves->truths, .condition_known = leaves->known};
    for (size_t i = 0; i < LEAVES; i++) {
        enum truth_word word = words[assignment % 3];
        leaves->truths[i] = (struct truth){.word = word, .why = word == U ? whys[i] : NULL};
        leaves->known[i] = true;
        assignment /= 3;
    }
}

static const struct cond leaf[LEAVES] = {
    {.form = COND_NAMED, .named = 0}, {.form = COND_NAMED, .named = 1}, {.form = COND_NAMED, .named = 2}};
static const struct cond not_leaf[LEAVES] = {{.form = COND_NOT, .items = &leaf[0], .count = 1},
                                             {.form = COND_NOT, .items = &leaf[1], .count = 1},
                                             {.form = COND_NOT, .items = &leaf[2], .count = 1}};
static const struct cond all = {.form = COND_ALL, .items = leaf, .count = 3};
static const struct cond any = {.form = COND_ANY, .items = leaf, .count = 3};
static const struct cond not_all = {.form = COND_NOT, .items = &all, .count = 1};
static const struct cond not_any = {.form = COND_NOT, .items = &any, .count = 1};
static const struct cond any_not = {.form = COND_ANY, .items = not_leaf, .count = 3};
static const struct cond all_not = {.form = COND_ALL, .items = not_leaf, .count = 3};
static const struct cond mixed_parts[] = {{.form = COND_ANY, .items = leaf, .count = 2},
                                          {.form = COND_NAMED, .named = 2}};
static const struct cond mixed = {.form = COND_ALL, .items = mixed_parts, .count = 2};

static void test_junctions(void)
{
    for (unsigned i = 0; i < ASSIGNMENTS; i++) {
        struct leaves leaves;
        assign(&leaves, i);
        enum truth_word a = leaves.truths[0].word;
        enum truth_word b = leaves.truths[1].word;
        enum truth_word c = leaves.truths[2].word;
        struct truth every = condition_evaluate(&leaves.scope, &all);
        struct truth some = condition_evaluate(&leaves.scope, &any);
        CU_ASSERT(every.word == and_table[and_table[a][b]][c]);
        CU_ASSERT(some.word == or_table[or_table[a][b]][c]);
        /* The first reason is given, and only where something is not known. */
        const char *first = a == U ? "a" : b == U ? "b" : "c";
        CU_ASSERT(text_same(every.why, every.word == U ? first : NULL));
        CU_ASSERT(text_same(some.why, some.word == U ? first : NULL));
    }
}

static void test_de_morgan(void)
{
    for (unsigned i = 0; i < ASSIGNMENTS; i++) {
        struct leaves leaves;
        assign(&leaves, i);
        struct scope *scope = &leaves.scope;
        CU_ASSERT(condition_evaluate(scope, &not_all).word == condition_evaluate(scope, &any_not).word);
        CU_ASSERT(condition_evaluate(scope, &not_any).word == condition_evaluate(scope, &all_not).word);
    }
}

/* What is known stays so, whatever an unknown turns out to be. */
static void test_more_knowledge_never_contradicts(void)
{
    static const struct cond *const trees[] = {&all, &any, &not_all, &not_any, &any_not, &all_not, &mixed};
    for (unsigned i = 0; i < ASSIGNMENTS * LEAVES * 2 * COUNT_OF(trees); i++) {
        const struct cond *tree = trees[i / (ASSIGNMENTS * LEAVES * 2)];
        unsigned place = i / (ASSIGNMENTS * 2) % LEAVES;
        struct leaves leaves;
        assign(&leaves, i / 2 % ASSIGNMENTS);
        enum truth_word before = condition_evaluate(&leaves.scope, tree).word;
        if (leaves.truths[place].word == U) {
            leaves.truths[place] = (struct truth){.word = i % 2 == 0 ? F : T};
            ROW_ASSERT(word_names[before], before == U || condition_evaluate(&leaves.scope, tree).word == before);
        }
    }
}

/* --- counts --- */

static bool holds(enum cond_op op, int64_t left, int64_t right)
{
    switch ((int)op) {
    case COND_EQUALS:
        return left == right;
    case COND_NOT_EQUALS:
        return left != right;
    case COND_LESS:
        return left < right;
    case COND_LESS_OR_EQUALS:
        return left <= right;
    case COND_GREATER:
        return left > right;
    default:
        return left >= right;
    }
}

static enum truth_word interval_reference(enum cond_op op, int64_t least, int64_t most, int64_t number)
{
    size_t seen[2] = {0, 0};
    for (int64_t count = least; count <= most; count++) {
        seen[holds(op, count, number) ? 1 : 0]++;
    }
    return seen[0] == 0 ? T : seen[1] == 0 ? F : U;
}

static const enum cond_op number_ops[] = {COND_EQUALS,         COND_NOT_EQUALS, COND_LESS,
                                          COND_LESS_OR_EQUALS, COND_GREATER,    COND_GREATER_OR_EQUALS};

static void test_intervals(void)
{
    for (size_t i = 0; i < COUNT_OF(number_ops); i++) {
        for (int64_t least = 0; least <= 4; least++) {
            for (int64_t most = least; most <= 4; most++) {
                for (int64_t number = -1; number <= 5; number++) {
                    ROW_ASSERT(cond_op_names[number_ops[i]],
                               truth_compare_interval(number_ops[i], least, most, number) ==
                                   interval_reference(number_ops[i], least, most, number));
                }
            }
        }
    }
}

/* A list with t elements that match, u that are not known and one that does not: t..t+u match. */
static void test_counts(void)
{
    static const struct expr one = {.form = EXPR_LITERAL, .literal = {VALUE_KNOWN, TYPE_INT, .as.integer = 1}};
    static const struct cond where = {
        .form = COND_COMPARE, .op = COND_EQUALS, .subject = {.root = REF_ITEM}, .operand = &one};
    for (size_t t = 0; t <= 2; t++) {
        for (size_t u = 0; u <= 2; u++) {
            struct value items[5];
            size_t count = 0;
            for (; count < t; count++) {
                items[count] = value_int(1);
            }
            for (; count < t + u; count++) {
                items[count] = value_unknown("an element");
            }
            items[count++] = value_int(7);
            struct value list = value_list(TYPE_INT, items, count);
            struct scope scope = {.facts = &list};
            for (size_t i = 0; i < COUNT_OF(number_ops) * 6; i++) {
                enum cond_op op = number_ops[i / 6];
                int64_t number = (int64_t)(i % 6);
                struct expr operand = {.form = EXPR_LITERAL, .literal = value_int(number)};
                struct cond cond = {.form = COND_COUNT, .op = op, .items = &where, .count = 1, .operand = &operand};
                struct truth truth = condition_evaluate(&scope, &cond);
                ROW_ASSERT(cond_op_names[op],
                           truth.word == interval_reference(op, (int64_t)t, (int64_t)(t + u), number));
                ROW_ASSERT("why", text_same(truth.why, truth.word == U ? "an element" : NULL));
            }
        }
    }
}

static void test_counts_without_where(void)
{
    const struct value items[] = {value_int(1), value_unknown("an element"), value_int(7)};
    const struct {
        const char *name;
        struct value counted, number;
        enum cond_op op;
        enum truth_word expected;
    } rows[] = {
        {"every element counts, known or not", value_list(TYPE_INT, items, 3), value_int(3), COND_EQUALS, T},
        {"what is absent has none", value_absent(), value_int(0), COND_EQUALS, T},
        {"what is unknown has who knows how many", value_unknown("u"), value_int(0), COND_EQUALS, U},
        {"an unknown number", value_list(TYPE_INT, items, 3), value_unknown("n"), COND_EQUALS, U},
        {"an absent number", value_list(TYPE_INT, items, 3), value_absent(), COND_GREATER, F},
        {"an absent number, negative", value_list(TYPE_INT, items, 3), value_absent(), COND_NOT_EQUALS, T},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value counted = rows[i].counted;
        struct scope scope = {.facts = &counted};
        struct expr operand = {.form = EXPR_LITERAL, .literal = rows[i].number};
        struct cond cond = {.form = COND_COUNT, .op = rows[i].op, .operand = &operand};
        ROW_ASSERT(rows[i].name, condition_evaluate(&scope, &cond).word == rows[i].expected);
    }
}

void suite_condition(void);
void suite_condition(void)
{
    UNIT_SUITE("engine/condition", UNIT_TEST(test_states), UNIT_TEST(test_exists), UNIT_TEST(test_unknown),
               UNIT_TEST(test_at_least), UNIT_TEST(test_relations), UNIT_TEST(test_patterns_and_parts),
               UNIT_TEST(test_kleene), UNIT_TEST(test_junctions), UNIT_TEST(test_de_morgan),
               UNIT_TEST(test_more_knowledge_never_contradicts), UNIT_TEST(test_intervals), UNIT_TEST(test_counts),
               UNIT_TEST(test_counts_without_where));
}
