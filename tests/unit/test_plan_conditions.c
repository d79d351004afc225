/* SPDX-License-Identifier: MIT */
/* Conditions that must not load: their form, and every operator on every type. */
#include "plan_bad.h"

static void test_condition_forms(void)
{
    static const struct bad rows[] = {
        {"nothing",
         "p0.json:6: $.findings[0].when: expected one of allOf, anyOf, not, condition, fact, any, all or count",
         .when = "{}"},
        {"unknown form", "$.findings[0].when.oneOf: expected one of allOf", .when = "{'oneOf':[]}"},
        {"two forms", "$.findings[0].when: expected one of allOf", .when = "{'not':{'condition':'c'},'condition':'c'}"},
        {"empty allOf", "$.findings[0].when.allOf: expected at least one condition", .when = "{'allOf':[]}"},
        {"allOf of a wrong type", "$.findings[0].when.allOf: expected array, found object", .when = "{'allOf':{}}"},
        {"a bad member", "$.findings[0].when.anyOf[1]: expected object, found bool",
         .when = "{'anyOf':[" TRUE_WHEN ",true]}"},
        {"not of nothing", "$.findings[0].when.not: expected at least one condition", .when = "{'not':[]}"},
        {"not of a wrong type", "$.findings[0].when.not: expected object, found int", .when = "{'not':1}"},
        {"a name that is none", "p0.json:6: $.findings[0].when: there is no condition \"c\" in this playbook",
         .when = "'c'"},
        {"a name in a list", "$.findings[0].when[1]: there is no condition \"c\"", .when = "[" TRUE_WHEN ",'c']"},
        {"an empty list", "$.findings[0].when: expected at least one condition", .when = "[]"},
        {"any of a scalar", "$.findings[0].when.any: expected a list or rows to count, found text",
         .when = "{'any':'reg.text'}"},
        {"any of a wrong type", "$.findings[0].when.any: expected text", .when = "{'any':{'of':'kms'}}"},
        {"any with an operator", "$.findings[0].when: expected {\"any\": rows} or {\"all\": rows}",
         .when = "{'any':'kms','greater':1}"},
        {"any and all", "$.findings[0].when: expected {\"any\": rows}", .when = "{'any':'kms','all':'kms'}"},
        {"all without where", "$.findings[0].when: expected {\"any\": rows}", .when = "{'all':'kms'}"},
        {"a bad where of any", "$.findings[0].when.where.fact: item.bund: there is no \"bund\" there",
         .when = "{'any':'kms','where':{'fact':'item.bund','exists':true}}"},
        {"condition of a wrong type", "$.findings[0].when.condition: expected text", .when = "{'condition':1}"},
        {"fact of a wrong type", "$.findings[0].when.fact: expected text", .when = "{'fact':1,'equals':1}"},
        {"no operator", "$.findings[0].when: expected an operator beside \"fact\"", .when = "{'fact':'reg.text'}"},
        {"unknown operator", "$.findings[0].when.is: unknown operator", .when = "{'fact':'reg.text','is':'a'}"},
        {"two operators", "$.findings[0].when.like: a second operator",
         .when = "{'fact':'reg.text','equals':'a','like':'b'}"},
        {"compared with null", "$.findings[0].when.equals: expected text, found null (use exists)",
         .when = "{'fact':'reg.text','equals':null}"},
        {"exists of a wrong type", "expected bool, found text", .when = "{'fact':'reg.text','exists':'yes'}"},
        {"exists by reference", "$.findings[0].when.exists: expected true or false",
         .when = "{'fact':'reg.text','exists':'${reg.exists}'}"},
        {"count of a scalar", "$.findings[0].when.count.of: expected a list or rows to count, found text",
         .when = "{'count':{'of':'reg.text'},'greater':0}"},
        {"count of a wrong type", "$.findings[0].when.count: expected object", .when = "{'count':'kms','greater':0}"},
        {"count without of", "$.findings[0].when.count: expected {\"of\": reference} and perhaps \"where\"",
         .when = "{'count':{'where':" TRUE_WHEN "},'greater':0}"},
        {"count with more", "expected {\"of\": reference}", .when = "{'count':{'of':'kms','x':1},'greater':0}"},
        {"count compared with a list", "$.findings[0].when.in: a count is compared with equals, less, greater",
         .when = "{'count':{'of':'kms'},'in':[1,2]}"},
        {"unknown by reference", "$.findings[0].when.unknown: expected true or false",
         .when = "{'fact':'reg.text','unknown':'${reg.exists}'}"},
        {"count that is unknown", "a count is compared with", .when = "{'count':{'of':'kms'},'unknown':true}"},
        {"count that exists", "a count is compared with", .when = "{'count':{'of':'kms'},'exists':true}"},
        {"count compared with a text", "greater: expected int, found text",
         .when = "{'count':{'of':'kms'},'greater':'1'}"},
        {"a bad where", "$.findings[0].when.count.where.fact: item.bund: there is no \"bund\" there",
         .when = "{'count':{'of':'kms','where':{'fact':'item.bund','exists':true}},'greater':0}"},
        {"a word of a closed set", "$.findings[0].when.equals: equals: expected one of ",
         .when = "{'fact':'svc.state','equals':'runing'}"},
        {"a word in a list", "$.findings[0].when.in: in: expected one of ",
         .when = "{'fact':'svc.state','in':['running','stoped']}"},
        {"a word, negative", "notEquals: expected one of ", .when = "{'fact':'svc.state','notEquals':'runing'}"},
    };
    REFUSE(rows);
}

/* Every operator on every type of subject: refused exactly where it says nothing. */
static void test_operators_and_types(void)
{
    enum { BOOL = 1, INT = 2, TEXT = 4, LIST = 8, WHOLE = 16 };
    static const struct {
        const char *fact;
        unsigned type;
        const char *same, *list, *part;
    } subjects[] = {
        {"reg.exists", BOOL, "true", "[true]", "'a'"}, {"reg.number", INT, "1", "[1]", "'a'"},
        {"reg.text", TEXT, "'a'", "['a']", "'a'"},     {"dn.system", LIST, "['a']", "[['a']]", "'a'"},
        {"kms", WHOLE, "'a'", "['a']", "'a'"},         {"reg", WHOLE, "'a'", "['a']", "'a'"},
    };
    static const unsigned fitting[COND_OP_COUNT] = {
        [COND_EQUALS] = BOOL | INT | TEXT,
        [COND_NOT_EQUALS] = BOOL | INT | TEXT,
        [COND_IN] = BOOL | INT | TEXT,
        [COND_NOT_IN] = BOOL | INT | TEXT,
        [COND_LIKE] = TEXT,
        [COND_NOT_LIKE] = TEXT,
        [COND_CONTAINS] = TEXT | LIST,
        [COND_NOT_CONTAINS] = TEXT | LIST,
        [COND_LESS] = INT,
        [COND_LESS_OR_EQUALS] = INT,
        [COND_GREATER] = INT,
        [COND_GREATER_OR_EQUALS] = INT,
        [COND_EXISTS] = BOOL | INT | TEXT | LIST | WHOLE,
        [COND_UNKNOWN] = BOOL | INT | TEXT | LIST | WHOLE,
    };
    for (unsigned op = 0; op < COND_OP_COUNT; op++) {
        for (size_t i = 0; i < COUNT_OF(subjects); i++) {
            struct plan_fixture fixture AUTO(plan_close);
            plan_open(&fixture);
            bool listed = op == COND_IN || op == COND_NOT_IN;
            bool parted = op == COND_CONTAINS || op == COND_NOT_CONTAINS;
            const char *operand = op >= COND_EXISTS ? "true" : listed ? subjects[i].list : subjects[i].same;
            struct bad row = {.when = arena_format(&fixture.arena, "{'fact':'%s','%s':%s}", subjects[i].fact,
                                                   cond_op_names[op], parted ? subjects[i].part : operand)};
            struct plan_texts texts = {.playbooks = {document(&fixture.arena, &row)}};
            if ((fitting[op] & subjects[i].type) != 0) {
                ROW_ASSERT(row.when, plan_accepted(&fixture, &texts));
            } else {
                const char *expected = arena_format(&fixture.arena, "$.findings[0].when.%s: %s does not fit %s, which",
                                                    cond_op_names[op], cond_op_names[op], subjects[i].fact);
                ROW_ASSERT(row.when, plan_refused(&fixture, &texts, expected));
            }
        }
    }
}

/* The operand must be of the subject's type: each scalar against the others. */
static void test_operand_types(void)
{
    static const struct {
        const char *fact, *literal, *type;
    } scalars[] = {{"reg.exists", "true", "bool"}, {"reg.number", "1", "int"}, {"reg.text", "'a'", "text"}};
    for (size_t i = 0; i < COUNT_OF(scalars) * COUNT_OF(scalars) * 2; i++) {
        size_t subject = i / 2 / COUNT_OF(scalars);
        size_t operand = i / 2 % COUNT_OF(scalars);
        if (subject == operand) {
            continue;
        }
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        bool by_reference = i % 2 == 1;
        const char *text =
            by_reference ? arena_format(&fixture.arena, "'${%s}'", scalars[operand].fact) : scalars[operand].literal;
        struct bad row = {.when =
                              arena_format(&fixture.arena, "{'fact':'%s','equals':%s}", scalars[subject].fact, text)};
        struct plan_texts texts = {.playbooks = {document(&fixture.arena, &row)}};
        ROW_ASSERT(row.when, plan_refused(&fixture, &texts,
                                          arena_format(&fixture.arena, "equals: expected %s, found %s",
                                                       scalars[subject].type, scalars[operand].type)));
    }
}

void suite_plan_conditions(void);
void suite_plan_conditions(void)
{
    UNIT_SUITE("plan/conditions", UNIT_TEST(test_condition_forms), UNIT_TEST(test_operators_and_types),
               UNIT_TEST(test_operand_types));
}
