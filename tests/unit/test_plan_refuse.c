/* SPDX-License-Identifier: MIT */
/* What must not load: members, kinds, references, circles, limits. */
#include "plan_bad.h"

static void test_the_frame_is_good(void)
{
    static const struct bad nothing = {.name = "nothing bad"};
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {.tables = {TABLE}, .playbooks = {document(&fixture.arena, &nothing)}};
    CU_ASSERT(plan_accepted(&fixture, &texts));
}

static void test_members(void)
{
    static const struct bad rows[] = {
        {"unknown member", "p0.json:7: $.appliesTwo: no such member in playbook; is \"appliesTo\" meant?",
         .top = "'appliesTwo':{}"},
        {"unknown member of a finding", "p0.json:7: $.findings[0].fixes: no such member in finding",
         .finding = "'fixes':[]"},
        {"member of a wrong type", "p0.json:7: $.after: expected array, found text", .top = "'after':'x'"},
        {"conditions of a wrong type", "p0.json:2: $.facts.f.when: expected object, found bool",
         .facts = "'f':{'look':'os','when':true}"},
        {"a text without English", "p0.json:7: $.findings[0].refuse[0].reason: the member \"en\" is missing",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'ja':'x'}}]"},
        {"no look", "p0.json:2: $.facts.f: the member \"look\" is missing", .facts = "'f':{}"},
        {"unknown severity", "p0.json:6: $.findings[0].severity: expected error, warning or info", .severity = "'bad'"},
        {"severity of a wrong type", "p0.json:6: $.findings[0].severity: expected object, found int", .severity = "1"},
        {"severity without else", "$.findings[0].severity: the member \"else\" is missing",
         .severity = "{'case':[{'when':" TRUE_WHEN ",'is':'info'}]}"},
        {"severity that is no word", "$.findings[0].severity.case[0].is: expected error, warning or info",
         .severity = "{'case':[{'when':" TRUE_WHEN ",'is':1}],'else':'info'}"},
        {"unknown confidence", "p0.json:7: $.findings[0].confidence: expected certain, likely or possible",
         .finding = "'confidence':'sure'"},
        {"confidence of a wrong type", "p0.json:7: $.findings[0].confidence: expected object, found int",
         .finding = "'confidence':1"},
        {"confidence without else", "$.findings[0].confidence: the member \"else\" is missing",
         .finding = "'confidence':{'case':[{'when':" TRUE_WHEN ",'is':'likely'}]}"},
        {"confidence whose case says how bad it is", "$.findings[0].confidence.case[0].is: expected certain, likely or",
         .finding = "'confidence':{'case':[{'when':" TRUE_WHEN ",'is':'info'}],'else':'likely'}"},
        {"confidence whose else says how bad it is", "$.findings[0].confidence.else: expected one of certain, likely",
         .finding = "'confidence':{'case':[],'else':'info'}"},
        {"id of a playbook", "p0.json:1: $.id: expected a-z, 0-9 and -", .id = "A.b"},
        {"empty id of a playbook", "p0.json:1: $.id: ", .id = ""},
        {"a name with a dot", "p0.json:3: $.values[\"a.b\"]: a name has letters, digits and _ only",
         .values = "'a.b':{'firstOf':[1]}"},
        {"a reserved name", "p0.json:2: $.facts.item: \"item\" cannot be a name here", .facts = "'item':{'look':'os'}"},
        {"an empty name", "p0.json:4: $.conditions[\"\"]: \"\" cannot be a name here", .conditions = "'':" TRUE_WHEN},
    };
    REFUSE(rows);
}

static void test_kinds(void)
{
    static const struct bad rows[] = {
        {"unknown kind", "p0.json:2: $.facts.f.look: there is no kind \"regedit\"", .facts = "'f':{'look':'regedit'}"},
        {"a parameter it does not take", "p0.json:2: $.facts.f.with.nam: kind \"service\" takes no \"nam\" here",
         .facts = "'f':{'look':'service','with':{'name':'x','nam':'y'}}"},
        {"a property is no parameter of a look", "kind \"service\" takes no \"state\" here",
         .facts = "'f':{'look':'service','with':{'name':'x','state':'running'}}"},
        {"a parameter that it needs", "p0.json:2: $.facts.f: kind \"service\" needs \"name\" in with",
         .facts = "'f':{'look':'service'}"},
        {"a parameter of a wrong type", "p0.json:2: $.facts.f.with.name: name: expected text, found int",
         .facts = "'f':{'look':'service','with':{'name':7}}"},
        {"a parameter out of range", "p0.json:2: $.facts.f.with.port: port: expected 1 to 65535",
         .facts = "'f':{'look':'tcp','with':{'host':'a','port':65536}}"},
        {"with is no object", "p0.json:2: $.facts.f.with: expected object, found text",
         .facts = "'f':{'look':'service','with':'x'}"},
        {"forEach over a scalar", "p0.json:2: $.facts.f.forEach: expected a list or rows, found text",
         .facts = "'f':{'look':'os','forEach':'${reg.text}'}"},
    };
    REFUSE(rows);
}

static void test_references(void)
{
    static const struct bad rows[] = {
        {"unknown root", "p0.json:6: $.findings[0].when.fact: rog.text: there is no fact \"rog\"",
         .when = "{'fact':'rog.text','exists':true}"},
        {"unknown property", "$.findings[0].when.fact: reg.txt: there is no \"txt\" there",
         .when = "{'fact':'reg.txt','exists':true}"},
        {"a property of a scalar", "reg.text.a: there is no \"a\" there",
         .when = "{'fact':'reg.text.a','exists':true}"},
        {"through rows", "kms.bind: kms is a list of rows; use count or forEach over it",
         .when = "{'fact':'kms.bind','equals':'accepted'}"},
        {"unknown value", "values.v: no such value", .when = "{'fact':'values.v','exists':true}"},
        {"values alone", "values: no such value", .when = "{'fact':'values','exists':true}"},
        {"unknown parameter", "parameters.q: no such parameter", .when = "{'fact':'parameters.q','exists':true}"},
        {"a property of a parameter", "parameters.q.r: no such parameter",
         .when = "{'fact':'parameters.q.r','exists':true}", .parameters = "'q':{'type':'text','about':'a'}"},
        {"item outside", "p0.json:6: $.findings[0].when.fact: item: item exists only inside where, count and forEach",
         .when = "{'fact':'item','exists':true}"},
        {"item in a named condition", "p0.json:4: $.conditions.c.fact: item.bind: item exists only inside",
         .conditions = "'c':{'fact':'item.bind','exists':true}"},
        {"item in the forEach itself", "item exists only inside", .facts = "'f':{'look':'os','forEach':['${item}']}"},
        {"item in the when of a forEach", "item exists only inside",
         .facts =
             "'f':{'look':'service','forEach':['a'],'with':{'name':'${item}'},'when':{'fact':'item','exists':true}}"},
        {"item in a value that a forEach names", "p0.json:3: $.values.v.firstOf[0]: item: item exists only inside",
         .facts = "'f':{'look':'service','forEach':['a'],'with':{'name':'${values.v}'}}",
         .values = "'v':{'firstOf':['${item}']}"},
        {"unknown condition", "p0.json:6: $.findings[0].when.condition: there is no condition \"c\" in this playbook",
         .when = "{'condition':'c'}"},
        {"no reference at all", "\"reg..text\" is not a reference such as fact.property",
         .when = "{'fact':'reg..text','exists':true}"},
        {"a reference too long", "is not a reference", .when = "{'fact':'a.b.c.d.e.f.g.h.i','exists':true}"},
        {"an open reference", "$.facts.f.with.name: \"${\" without \"}\"",
         .facts = "'f':{'look':'service','with':{'name':'a${reg.text'}}"},
        {"an open optional part", ".reason.en: \"$[\" without \"]\"",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at$[ ${reg.text}'}}]"},
        {"an optional part in another", ".reason.en: \"$[\" inside another one",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at$[ ${reg.text}$[, ${reg.text}]]'}}]"},
        {"an optional part without a reference", ".reason.en: \"$[, or so]\" has no reference that it could hang on",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at ${reg.text}$[, or so]'}}]"},
        {"an unknown reference in an optional part", ".reason.ja: nobody.x: there is no fact",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at','ja':'$[${nobody.x}]'}}]"},
        {"rows in an optional part", "kms is rows; only scalars and lists fit inside a text",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at$[ ${kms}]'}}]"},
        {"rows in a text", "$.findings[0].refuse[0].reason.en: kms is rows; only scalars and lists fit inside a text",
         .finding = "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'at ${kms}'}}]"},
        {"a whole fact in a text", "reg is row; only scalars and lists fit inside a text",
         .facts = "'f':{'look':'service','with':{'name':'a ${reg}'}}"},
        {"an object as expression", "expected an expression (scalar, list or \"${reference}\"), found object",
         .facts = "'f':{'look':'service','with':{'name':{}}}"},
        {"a list of two types", "$.facts.f.forEach[1]: expected scalars of one type in a list, found int",
         .facts = "'f':{'look':'os','forEach':['a',1]}"},
        {"a list of lists", "$.facts.f.forEach[0]: expected scalars of one type in a list, found list of text",
         .facts = "'f':{'look':'os','forEach':[['a']]}"},
        {"null in a list", "expected scalars of one type in a list, found null",
         .facts = "'f':{'look':'os','forEach':[null]}"},
    };
    REFUSE(rows);
}

/* --- circles --- */

static void test_circles(void)
{
    static const struct bad rows[] = {
        {"a value of itself", "p0.json:3: $.values.v: a circle: this value needs itself",
         .values = "'v':{'firstOf':['${values.v}']}"},
        {"values", "a circle", .values = "'v':{'firstOf':['${values.w}']},'w':{'firstOf':['${values.v}']}"},
        {"value through its case", "a circle",
         .values = "'v':{'case':[{'when':{'fact':'values.v','exists':true},'is':1}],'else':2}"},
        {"value through a condition", "a circle: this needs itself",
         .values = "'v':{'case':[{'when':{'condition':'c'},'is':1}],'else':2}",
         .conditions = "'c':{'fact':'values.v','equals':1}"},
        {"a condition of itself", "p0.json:4: $.conditions.c: a circle: this needs itself",
         .conditions = "'c':{'not':{'condition':'c'}}"},
        {"conditions", "p0.json:4: $.conditions.", .conditions = "'c':{'not':{'condition':'d'}},'d':{'condition':'c'}"},
        {"a circle behind a healthy chain", "p0.json:4: $.conditions.d: a circle: this needs itself",
         .conditions = "'a':{'condition':'b'},'b':{'condition':'d'},'d':{'condition':'d'}"},
        {"facts through with", "p0.json:2: $.facts.",
         .facts =
             "'f':{'look':'service','with':{'name':'${g.image}'}},'g':{'look':'service','with':{'name':'${f.image}'}}"},
        {"a fact through its when", "p0.json:2: $.facts.f: a circle: this needs itself",
         .facts = "'f':{'look':'os','when':{'fact':'f.family','equals':'windows'}}"},
        {"a fact through forEach", "p0.json:2: $.facts.f: a circle: this fact needs itself",
         .facts = "'f':{'look':'service','forEach':'${f}','with':{'name':'a'}}"},
        {"a fact through a value", "a circle",
         .facts = "'f':{'look':'service','forEach':'${values.v}','with':{'name':'a'}}",
         .values = "'v':{'each':'${f}','take':'image'}"},
    };
    REFUSE(rows);
}

/* --- limits --- */

static const char *nested(struct arena *arena, size_t depth)
{
    const char *when = TRUE_WHEN;
    for (size_t i = 1; i < depth; i++) {
        when = arena_format(arena, "{'not':%s}", when);
    }
    return when;
}

static const char *repeated(struct arena *arena, const char *text, size_t count)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
    for (size_t i = 0; i < count; i++) {
        buf_format(&buf, "%s%s", i > 0 ? "," : "", text);
    }
    return arena_text(arena, buf_string(&buf));
}

/* v0 names v1 names v2 ...; each through a case, whose condition is one more step of the way. */
static const char *chained(struct arena *arena, size_t count, const char *format, const char *last)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
    for (size_t i = 0; i + 1 < count; i++) {
        const char *member = arena_format(arena, "%zu", i + 1);
        buf_format(&buf, "'n%zu':", i);
        const char *hole = strchr(format, '#');
        buf_add(&buf, format, (size_t)(hole - format));
        buf_format(&buf, "%s%s,", member, hole + 1);
    }
    buf_format(&buf, "'n%zu':%s", count - 1, last);
    return arena_text(arena, buf_string(&buf));
}

static void test_limits(void)
{
    static const char value_link[] = "{'firstOf':['${values.n#}']}";
    static const char condition_link[] = "{'condition':'n#'}";
    static const char fact_link[] = "{'look':'service','forEach':'${n#}','with':{'name':'a'}}";
    static const char last_fact[] = "{'look':'service','forEach':['a'],'with':{'name':'a'}}";
    static const char step[] = "{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'n','number':1}}";
    struct plan_fixture made AUTO(plan_close);
    plan_open(&made);
    struct arena *arena = &made.arena;
    const struct {
        struct bad fits, over;
    } rows[] = {
        {{.name = "depth", .when = nested(arena, LIMIT_CONDITION_DEPTH)},
         {.expected = "a condition has at most 256 parts, 8 deep", .when = nested(arena, LIMIT_CONDITION_DEPTH + 1)}},
        {{.name = "parts",
          .when = arena_format(arena, "{'allOf':[%s]}", repeated(arena, TRUE_WHEN, LIMIT_CONDITION_NODES - 1))},
         {.expected = "at most 256 parts",
          .when = arena_format(arena, "{'allOf':[%s]}", repeated(arena, TRUE_WHEN, LIMIT_CONDITION_NODES))}},
        {{.name = "values", .values = chained(arena, LIMIT_REFERENCE_DEPTH, value_link, "{'firstOf':[1]}")},
         {.expected = "values refer to each other more than 64 deep",
          .values = chained(arena, LIMIT_REFERENCE_DEPTH + 1, value_link, "{'firstOf':[1]}")}},
        {{.name = "conditions", .conditions = chained(arena, LIMIT_REFERENCE_DEPTH + 1, condition_link, TRUE_WHEN)},
         {.expected = "values and conditions refer to each other more than 64 deep",
          .conditions = chained(arena, LIMIT_REFERENCE_DEPTH + 2, condition_link, TRUE_WHEN)}},
        {{.name = "facts", .facts = chained(arena, LIMIT_REFERENCE_DEPTH, fact_link, last_fact)},
         {.expected = "facts refer to each other more than 64 deep",
          .facts = chained(arena, LIMIT_REFERENCE_DEPTH + 1, fact_link, last_fact)}},
        {{.name = "steps", .finding = arena_format(arena, "'fix':[%s]", repeated(arena, step, LIMIT_STEPS))},
         {.expected = "p0.json:7: $.findings[0].fix",
          .finding = arena_format(arena, "'fix':[%s]", repeated(arena, step, LIMIT_STEPS + 1))}},
        {{.name = "words of a command",
          .finding = arena_format(arena, "'handoff':[{'title':" SAID ",'why':" SAID ",'run':[{'az':[%s]}]}]",
                                  repeated(arena, "'a'", LIMIT_COMMAND_WORDS))},
         {.expected = "run[0].az: expected 1 to 64 words",
          .finding = arena_format(arena, "'handoff':[{'title':" SAID ",'why':" SAID ",'run':[{'az':[%s]}]}]",
                                  repeated(arena, "'a'", LIMIT_COMMAND_WORDS + 1))}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts fits = {.playbooks = {document(&fixture.arena, &rows[i].fits)}};
        struct plan_texts over = {.playbooks = {document(&fixture.arena, &rows[i].over)}};
        ROW_ASSERT(rows[i].fits.name, plan_accepted(&fixture, &fits));
        ROW_ASSERT(rows[i].fits.name, plan_refused(&fixture, &over, rows[i].over.expected));
    }
}

void suite_plan_refuse(void);
void suite_plan_refuse(void)
{
    UNIT_SUITE("plan/refuse", UNIT_TEST(test_the_frame_is_good), UNIT_TEST(test_members), UNIT_TEST(test_kinds),
               UNIT_TEST(test_references), UNIT_TEST(test_circles), UNIT_TEST(test_limits));
}
