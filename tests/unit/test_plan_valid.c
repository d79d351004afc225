/* SPDX-License-Identifier: MIT */
/* What a loaded playbook is: texts with their escapes undone, types, who waits for whom, what is shown as evidence. */
#include "plan_fixture.h"

#define TRUE_WHEN "{'fact':'reg.exists','equals':true}"
#define REG "'reg':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'n'}}"

/* One playbook; its last line is its findings. */
static const struct playbook *load(struct plan_fixture *fixture, const char *members, const char *findings)
{
    plan_open(fixture);
    struct plan_texts texts = {
        .playbooks = {arena_format(&fixture->arena, PLAN_HEAD("p") ",%s,'findings':[%s]}", members, findings)}};
    CU_ASSERT_FATAL(plan_accepted(fixture, &texts));
    return &fixture->plan->playbooks[0];
}

/* --- texts --- */

static void test_texts(void)
{
    static const struct {
        const char *name, *text;
        enum expr_form form;
        const char *parts[4]; /* literals as they are, references by name */
    } rows[] = {
        {"plain", "a b", EXPR_LITERAL, {"a b"}},
        {"empty", "", EXPR_LITERAL, {""}},
        {"a reference alone keeps its type", "${reg.number}", EXPR_REF, {"reg.number"}},
        {"a reference in a text", "a ${reg.text} b", EXPR_TEXT, {"a ", "reg.text", " b"}},
        {"two references", "${reg.text}${reg.number}", EXPR_TEXT, {"reg.text", "reg.number"}},
        {"escaped", "$${reg.text}", EXPR_LITERAL, {"${reg.text}"}},
        {"escaped inside", "a $${b} c", EXPR_LITERAL, {"a ${b} c"}},
        {"escaped and not", "$${a} ${reg.text}", EXPR_TEXT, {"${a} ", "reg.text"}},
        {"a dollar before an escape", "$$${a}", EXPR_LITERAL, {"$${a}"}},
        {"dollars alone", "$ $$ $a", EXPR_LITERAL, {"$ $$ $a"}},
        {"an escape at the end", "a$${", EXPR_LITERAL, {"a${"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        char members[256];
        (void)snprintf(members, sizeof(members), "'facts':{" REG "},'values':{'v':{'firstOf':['%s']}}", rows[i].text);
        const struct expr *expr = load(&fixture, members, "")->values[0].first[0];
        ROW_ASSERT(rows[i].name, expr->form == rows[i].form);
        size_t count = expr->form == EXPR_TEXT ? expr->count : 1;
        const struct expr *parts = expr->form == EXPR_TEXT ? expr->items : expr;
        for (size_t k = 0; k < count; k++) {
            const char *part = parts[k].form == EXPR_REF ? parts[k].ref.text : parts[k].literal.as.text;
            ROW_ASSERT(rows[i].name, k < COUNT_OF(rows[i].parts) && text_same(part, rows[i].parts[k]));
        }
    }
}

/* --- types --- */

static void test_types(void)
{
    static const struct {
        const char *name, *value;
        enum type_base base, item;
    } rows[] = {
        {"a reference", "{'firstOf':['${reg.number}']}", TYPE_INT, TYPE_NONE},
        {"null first", "{'firstOf':[null,'a']}", TYPE_TEXT, TYPE_NONE},
        {"null only", "{'firstOf':[null]}", TYPE_NONE, TYPE_NONE},
        {"a list", "{'firstOf':[[1,2]]}", TYPE_LIST, TYPE_INT},
        {"the empty list fits the list before it", "{'firstOf':['${dn.system}',[]]}", TYPE_LIST, TYPE_TEXT},
        {"and the list behind it", "{'case':[{'when':" TRUE_WHEN ",'is':[]}],'else':[1]}", TYPE_LIST, TYPE_INT},
        {"each over rows", "{'each':'${kms}'}", TYPE_ROWS, TYPE_NONE},
        {"a column of each", "{'each':'${kms}','take':'bind'}", TYPE_LIST, TYPE_TEXT},
        {"each over a list", "{'each':[true]}", TYPE_LIST, TYPE_BOOL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        char members[512];
        (void)snprintf(members, sizeof(members),
                       "'facts':{" REG
                       ",'dn':{'look':'dns','with':{'name':'a.test'}},'kms':{'look':'kms_rpc','forEach':"
                       "['a'],'with':{'address':'${item}'}}},'values':{'v':%s}",
                       rows[i].value);
        struct type type = load(&fixture, members, "")->values[0].type;
        ROW_ASSERT(rows[i].name, type.base == rows[i].base && type.item == rows[i].item);
    }
}

/* A secret stays one through values, elements and texts. */
static void test_secrets_are_carried(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    const struct playbook *playbook =
        load(&fixture,
             "'facts':{'svc':{'look':'service','forEach':'${parameters.many}','with':{'name':'${item}'}}},"
             "'parameters':{'key':{'type':'text','about':'a','secret':true},'many':{'type':'list','about':'a','secret':"
             "true}},"
             "'values':{'first':{'firstOf':['a','${parameters.key}']},'text':{'firstOf':['x ${parameters.key}']},"
             "'list':{'firstOf':[['${parameters.key}']]},'each':{'each':'${parameters.many}'},"
             "'taken':{'each':'${svc}','take':'each'},'plain':{'each':'${svc}','take':'image'}}",
             "");
    for (size_t i = 0; i < playbook->value_count; i++) {
        const struct plan_value *value = &playbook->values[i];
        ROW_ASSERT(value->id, value->type.secret == !text_same(value->id, "plain"));
    }
}

/* --- the graph --- */

/* "a c": the facts that this one waits for, as they stand in the playbook. */
static const char *waits_for(struct plan_fixture *fixture, const struct playbook *playbook, size_t fact)
{
    const char *names = "";
    for (size_t i = 0; i < playbook->fact_count; i++) {
        for (size_t k = 0; k < playbook->facts[fact].after_count; k++) {
            if (playbook->facts[fact].after[k] == i) {
                names =
                    arena_format(&fixture->arena, "%s%s%s", names, *names != '\0' ? " " : "", playbook->facts[i].id);
            }
        }
    }
    return names;
}

static void test_who_waits_for_whom(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    const struct playbook *playbook = load(
        &fixture,
        "'appliesTo':{'condition':'open'},"
        "'facts':{'a':{'look':'os'},'b':{'look':'azure_instance'},"
        "'c':{'look':'service','with':{'name':'${values.v}'}},"
        "'d':{'look':'service','with':{'name':'x'},'when':{'condition':'open'}},"
        "'e':{'look':'service','forEach':'${values.list}','with':{'name':'${item}'}},"
        "'f':{'look':'service','with':{'name':'${d.image}'}}},"
        "'values':{'v':{'firstOf':['${a.family}','${values.w}']},'w':{'case':[{'when':{'condition':'open'},'is':'y'}]},"
        "'list':{'each':['x'],'where':{'fact':'item','equals':'${c.image}'}}},"
        "'conditions':{'open':{'fact':'b.onAzure','equals':true}}",
        "");
    static const struct {
        const char *name, *after;
        bool gated;
    } rows[] = {
        {"a", "", true}, {"b", "", false}, {"c", "a b", true}, {"d", "b", true}, {"e", "c", true}, {"f", "d", true},
    };
    CU_ASSERT_EQUAL_FATAL(playbook->fact_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].name, text_same(waits_for(&fixture, playbook, i), rows[i].after));
        ROW_ASSERT(rows[i].name, playbook->facts[i].gated == rows[i].gated);
    }
}

/* What appliesTo needs, and what that needs, does not wait for it. */
static void test_the_gate_opens_from_inside(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    const struct playbook *playbook = load(&fixture,
                                           "'appliesTo':{'fact':'values.v','exists':true},"
                                           "'facts':{'a':{'look':'os'},'b':{'look':'service','with':{'name':'${a."
                                           "family}'}},'c':{'look':'azure_instance'}},"
                                           "'values':{'v':{'firstOf':['${b.image}']}}",
                                           "");
    CU_ASSERT(!playbook->facts[0].gated && !playbook->facts[1].gated && playbook->facts[2].gated);
}

/* --- findings --- */

static const char *evidence_of(struct plan_fixture *fixture, const struct finding *finding)
{
    const char *names = "";
    for (size_t i = 0; i < finding->evidence_count; i++) {
        names = arena_format(&fixture->arena, "%s%s%s", names, i > 0 ? " " : "", finding->evidence[i].text);
    }
    return names;
}

static void test_evidence(void)
{
    static const struct {
        const char *name, *when, *expected;
    } rows[] = {
        {"each once, in order", "{'allOf':[{'fact':'reg.text','equals':'${reg.type}'}," TRUE_WHEN "," TRUE_WHEN "]}",
         "reg.text reg.type reg.exists"},
        {"through conditions", "{'not':{'condition':'c'}}", "reg.number reg.text"},
        {"rows, and no items",
         "{'count':{'of':'kms','where':{'fact':'item.bind','equals':'${reg.text}'}},'greater':'${reg.number}'}",
         "kms reg.number reg.text"},
        {"lists of facts", "{'fact':'dn.system','contains':'a'}", "dn.system"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        char finding[512];
        (void)snprintf(finding, sizeof(finding), PLAN_FINDING("F", "%s", ""), rows[i].when);
        const struct playbook *playbook = load(
            &fixture,
            "'facts':{" REG ",'dn':{'look':'dns','with':{'name':'a.test'}},'kms':{'look':'kms_rpc','forEach':['a'],"
            "'with':{'address':'${item}'}}},"
            "'conditions':{'c':{'allOf':[{'fact':'reg.number','equals':1},{'condition':'d'}]},"
            "'d':{'fact':'reg.text','equals':'a'}}",
            finding);
        ROW_ASSERT(rows[i].name, text_same(evidence_of(&fixture, &playbook->findings[0]), rows[i].expected));
    }
}

/* A net of conditions has more ways through it than there is time: each is gone through once. */
static void test_evidence_in_a_net(void)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
    buf_text(&buf, "'facts':{" REG "},'conditions':{");
    for (size_t level = 0; level < 9; level++) {
        buf_format(&buf, "'c%zu':{'allOf':[", level);
        for (size_t i = 0; i < 200; i++) {
            buf_format(&buf, "%s{'condition':'c%zu'}", i > 0 ? "," : "", level + 1);
        }
        buf_text(&buf, "]},");
    }
    buf_text(&buf, "'c9':" TRUE_WHEN "}");
    struct plan_fixture fixture AUTO(plan_close);
    const struct playbook *playbook = load(&fixture, buf_string(&buf), PLAN_FINDING("F", "{'condition':'c2'}", ""));
    CU_ASSERT_STRING_EQUAL(evidence_of(&fixture, &playbook->findings[0]), "reg.exists");
}

static void test_a_finding(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    const struct playbook *playbook =
        load(&fixture, "'facts':{" REG "},'parameters':{'yes':{'type':'bool','about':'a'}}",
             "{'group':'g','firstOf':[" PLAN_FINDING("A", TRUE_WHEN, "") "," PLAN_FINDING(
                 "B", TRUE_WHEN,
                 ",'confidence':'likely','needs':['yes'],'explainedBy':['A'],'clears':'afterReboot',"
                 "'blockedBy':{'findings':['A','X'],'when':" TRUE_WHEN "},"
                 "'refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'r','ja':'j'}}],"
                 "'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'n','number':1},'retry':{'"
                 "attempts':3,"
                 "'firstSeconds':5,'factor':2,'maxSeconds':60,'jitter':'full','while':" TRUE_WHEN "}}],"
                 "'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'set':'nic','az':['vm',1]},{'az':['@nic']}]}"
                 "]") "]}");
    CU_ASSERT_EQUAL_FATAL(playbook->finding_count, 2);
    const struct finding *finding = &playbook->findings[1];
    CU_ASSERT_STRING_EQUAL(finding->group, "g");
    CU_ASSERT_EQUAL(finding->group_index, 1);
    CU_ASSERT_EQUAL(finding->confidence.otherwise, CONFIDENCE_LIKELY);
    CU_ASSERT(finding->need_count == 1 && finding->explained_count == 1 && finding->clears_after_reboot);
    CU_ASSERT(finding->blocked_count == 2 && finding->blocked_when != NULL);
    CU_ASSERT(finding->refusal_count == 1 && finding->refusals[0].reason.in[LANGUAGE_JA] != NULL);
    CU_ASSERT(finding->step_count == 1 && finding->steps[0].retry.attempts == 3);
    CU_ASSERT(finding->steps[0].retry.while_true != NULL && finding->steps[0].retry.max_seconds == 60);
    CU_ASSERT(finding->handoff_count == 1 && finding->handoffs[0].run_count == 2);
    CU_ASSERT_EQUAL(playbook->findings[0].confidence.otherwise, CONFIDENCE_CERTAIN);
    CU_ASSERT_EQUAL(playbook->findings[0].group_index, 0);
}

void suite_plan_valid(void);
void suite_plan_valid(void)
{
    UNIT_SUITE("plan/valid", UNIT_TEST(test_texts), UNIT_TEST(test_types), UNIT_TEST(test_secrets_are_carried),
               UNIT_TEST(test_who_waits_for_whom), UNIT_TEST(test_the_gate_opens_from_inside), UNIT_TEST(test_evidence),
               UNIT_TEST(test_evidence_in_a_net), UNIT_TEST(test_a_finding));
}
