/* SPDX-License-Identifier: MIT */
/* Texts beside a playbook: each is there in every language, and none is left over. */
#include "plan_fixture.h"

#define LOGIC(more)                                                                                                    \
    "{'id':'a','version':'1','source':'s','parameters':{'p':{'type':'bool','default':false}},"                         \
    "'facts':{'o':{'look':'os'}},\n'handoffs':{'call':{}},'refusals':{'never':{'when':{'fact':'o.build','exists':"     \
    "true}}},"                                                                                                         \
    "\n'findings':[{'id':'F','severity':'error','when':{'fact':'o.build','greater':1},"                                \
    "'refuse':[{'use':'never'},{'id':'own','when':{'fact':'o.build','less':1}}],"                                      \
    "'handoff':[{'use':'call'},{'id':'wait'}]" more "}]}"
#define HEAD(language) "{'playbook':'a','language':'" language "','title':'t',\n'parameters':{'p':'for p'},"
#define NAMED "\n'handoffs':{'call':{'title':'c','why':'w'}},'refusals':{'never':'n'},"
#define FINDING                                                                                                        \
    "'title':'ft','detail':'it is ${o.build}','refuse':{'own':'o'},'handoff':{'wait':{'title':'wt','why':'ww'}}"
#define TEXTS(language) HEAD(language) NAMED "\n'findings':{'F':{" FINDING "}}}"

static void test_both_languages(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {.playbooks = {LOGIC("")}, .apart = {TEXTS("en"), TEXTS("ja")}};
    CU_ASSERT_FATAL(plan_accepted(&fixture, &texts));
    const struct playbook *playbook = &fixture.plan->playbooks[0];
    const struct finding *finding = &playbook->findings[0];
    CU_ASSERT_STRING_EQUAL(playbook->title.in[LANGUAGE_JA]->literal.as.text, "t");
    CU_ASSERT_STRING_EQUAL(playbook->parameters[0].column.about, "for p");
    CU_ASSERT_STRING_EQUAL(finding->title.in[LANGUAGE_EN]->literal.as.text, "ft");
    CU_ASSERT(finding->detail.in[LANGUAGE_JA]->form == EXPR_TEXT && finding->detail.in[LANGUAGE_JA]->count == 2);
    CU_ASSERT_STRING_EQUAL(finding->refusals[0].reason.in[LANGUAGE_EN]->literal.as.text, "n");
    CU_ASSERT_STRING_EQUAL(finding->refusals[1].reason.in[LANGUAGE_EN]->literal.as.text, "o");
    CU_ASSERT_STRING_EQUAL(finding->handoffs[0].why.in[LANGUAGE_EN]->literal.as.text, "w");
    CU_ASSERT_STRING_EQUAL(finding->handoffs[1].title.in[LANGUAGE_EN]->literal.as.text, "wt");
}

/* One language alone: it serves for the other, as an inline text without "ja" does. */
static void test_english_alone(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_texts texts = {.playbooks = {LOGIC("")}, .apart = {TEXTS("en")}};
    CU_ASSERT_FATAL(plan_accepted(&fixture, &texts));
    CU_ASSERT(fixture.plan->playbooks[0].title.in[LANGUAGE_JA] == NULL);
}

static void test_what_does_not_fit(void)
{
    static const struct {
        const char *name, *expected, *playbook, *english, *japanese;
    } rows[] = {
        {"none at all", "p0.json:1: $.parameters.p: the member \"about\" is missing", LOGIC(""), NULL, NULL},
        {"a missing text", "p0.en.json:4: $.findings.F: the text \"detail\" is missing", LOGIC(""),
         HEAD("en") NAMED "\n'findings':{'F':{'title':'ft'}}}", TEXTS("ja")},
        {"missing in one language", "p0.ja.json:4: $.findings: the text \"F\" is missing", LOGIC(""), TEXTS("en"),
         HEAD("ja") NAMED "\n'findings':{'G':{" FINDING "}}}"},
        {"a missing list", "p0.ja.json:1: $: the text \"title\" is missing", LOGIC(""), TEXTS("en"),
         "{'playbook':'a','language':'ja','parameters':{'p':'x'}}"},
        {"a text too many", "p0.ja.json:4: $.more: the playbook has nothing that this text belongs to", LOGIC(""),
         TEXTS("en"), HEAD("ja") NAMED "\n'more':'x','findings':{'F':{" FINDING "}}}"},
        {"an empty object too many", "p0.en.json:4: $.findings.G: the playbook has nothing", LOGIC(""),
         HEAD("en") NAMED "\n'findings':{'F':{" FINDING "},'G':{}}}", NULL},
        {"a text for an unknown refusal", "p0.en.json:3: $.refusals.no: the playbook has nothing", LOGIC(""),
         HEAD("en") "\n'refusals':{'never':'n','no':'x'},'handoffs':{'call':{'title':'c','why':'w'}},"
                    "\n'findings':{'F':{" FINDING "}}}",
         NULL},
        {"a number", "p0.en.json:1: $.title: expected text, found int", LOGIC(""),
         "{'playbook':'a','language':'en','title':7,'parameters':{'p':'x'}}", NULL},
        {"an array", "p0.en.json:1: $: expected object, found array", LOGIC(""), "[]", NULL},
        {"cut off", "p0.en.json:1", LOGIC(""), "{'playbook':'a',", NULL},
        {"another playbook's", "p0.en.json:1: $.playbook: expected \"playbook\": \"a\"", LOGIC(""), "{'playbook':'b'}",
         NULL},
        {"another language", "p0.ja.json:1: $.language: expected \"language\": \"ja\"", LOGIC(""), TEXTS("en"),
         TEXTS("de")},
        {"a reference that leads nowhere", "p0.en.json:3: $.findings.F.title: p.x: there is no fact \"p\"", LOGIC(""),
         HEAD("en") "'handoffs':{'call':{'title':'c','why':'w'}},'refusals':{'never':'n'},\n'findings':{'F':{"
                    "'title':'${p.x}','detail':'d'}}}",
         NULL},
        {"here and there", "p0.json:3: $.findings[0].title: the texts of this playbook stand in p0.en.json",
         LOGIC(",'title':{'en':'x'}"), TEXTS("en"), NULL},
        {"a refusal without a name", "p0.json:3: $.findings[0].refuse[0]: expected \"id\"",
         "{'id':'a','version':'1','source':'s','facts':{'o':{'look':'os'}},\n\n'findings':[{'id':'F','severity':'error'"
         ","
         "'when':{'fact':'o.build','greater':1},'refuse':[{'when':{'fact':'o.build','less':1}}]}]}",
         "{'playbook':'a','language':'en','title':'t','findings':{'F':{'title':'t','detail':'d'}}}", NULL},
        {"use of an unknown refusal", "$.findings[0].refuse[0]: expected \"use\" alone, with a name of \"refusals\"",
         PLAN_HEAD("a") ",'facts':{'o':{'look':'os'}},'findings':[" PLAN_FINDING("F", "{'fact':'o.build','greater':1}",
                                                                                 ",'refuse':[{'use':'x'}]") "]}",
         NULL, NULL},
        {"use and more", "$.findings[0].refuse[0]: expected \"use\" alone",
         PLAN_HEAD("a") ",'facts':{'o':{'look':'os'}},'refusals':{'x':{'when':{'fact':'o.build','less':1},"
                        "'reason':{'en':'r'}}},'findings':[" PLAN_FINDING(
                            "F", "{'fact':'o.build','greater':1}", ",'refuse':[{'use':'x','handOver':true}]") "]}",
         NULL, NULL},
        {"a refusal without a condition", "$.refusals.x: the member \"when\" is missing",
         PLAN_HEAD("a") ",'facts':{'o':{'look':'os'}},'refusals':{'x':{'reason':{'en':'r'}}},'findings':[]}", NULL,
         NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_texts texts = {.playbooks = {rows[i].playbook}, .apart = {rows[i].english, rows[i].japanese}};
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
    }
}

void suite_plan_texts(void);
void suite_plan_texts(void)
{
    UNIT_SUITE("plan/texts", UNIT_TEST(test_both_languages), UNIT_TEST(test_english_alone),
               UNIT_TEST(test_what_does_not_fit));
}
