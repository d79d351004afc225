/* SPDX-License-Identifier: MIT */
/* What findings share: the members of a group, the classes that explainedBy and blockedBy name, the format they are in.
 */
#include "plan_fixture.h"

#define FACTS "'facts':{'o':{'look':'os'},'r':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'n'}}}"
#define BOOK(id, members, findings) PLAN_HEAD(id) "," FACTS members ",'findings':[" findings "]}"
#define TRUE_WHEN "{'fact':'o.build','exists':true}"
#define MEMBER(id, more) "{'id':'" id "','when':" TRUE_WHEN ",'title':{'en':'t'},'detail':{'en':'d'}" more "}"
#define STEP(number) "{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'n','number':" number "}}"
#define REFUSALS ",'refusals':{'first':{'when':" TRUE_WHEN ",'reason':{'en':'r'}}}"
#define SHARED                                                                                                         \
    "'class':'c','severity':'warning','confidence':'likely','explainedBy':['E'],'refuse':[{'use':'first'}],'fix':"     \
    "[" STEP("1") "],'blockedBy':{'findings':['B']},'handoff':[{'title':{'en':'t'},'why':{'en':'w'}}]"

/* One without an id: there is none. */
static const struct finding *find(const struct plan *plan, const char *id)
{
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            if (text_same(plan->playbooks[p].findings[i].id, id)) {
                return &plan->playbooks[p].findings[i];
            }
        }
    }
    static const struct refusal refusal;
    static const struct finding none = {.refusals = &refusal};
    return &none;
}

static void test_members_take_what_they_do_not_say(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(plan_accepted(
        &fixture,
        &(struct plan_texts){
            .playbooks = {BOOK("a", REFUSALS,
                               "{'group':'g','firstOf':[" MEMBER("TAKES", "") "," MEMBER(
                                   "SAYS", ",'class':'own','severity':'info','confidence':'possible',"
                                           "'explainedBy':[],'refuse':[],'fix':[],'handoff':[]") "]," SHARED "}")}}));
    const struct finding *takes = find(fixture.plan, "TAKES");
    const struct finding *says = find(fixture.plan, "SAYS");
    CU_ASSERT_FATAL(takes->id != NULL && says->id != NULL);
    CU_ASSERT_STRING_EQUAL(takes->group, "g");
    CU_ASSERT_STRING_EQUAL(takes->class_name, "c");
    CU_ASSERT_EQUAL(takes->severity.otherwise, SEVERITY_WARNING);
    CU_ASSERT_EQUAL(takes->confidence.otherwise, CONFIDENCE_LIKELY);
    CU_ASSERT_EQUAL(takes->explained_count + takes->refusal_count + takes->step_count + takes->blocked_count, 4);
    CU_ASSERT_EQUAL(takes->handoff_count, 1);
    CU_ASSERT_STRING_EQUAL(says->class_name, "own");
    CU_ASSERT_EQUAL(says->group_index, 1);
    CU_ASSERT_EQUAL(says->severity.otherwise, SEVERITY_INFO);
    CU_ASSERT_EQUAL(says->confidence.otherwise, CONFIDENCE_POSSIBLE);
    CU_ASSERT_EQUAL(says->explained_count + says->refusal_count + says->step_count + says->blocked_count, 0);
    CU_ASSERT_EQUAL(says->handoff_count, 0);
}

static void test_each_stands_by_itself(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(plan_accepted(
        &fixture,
        &(struct plan_texts){
            .playbooks = {BOOK("a", "", "{'severity':'info','each':[" MEMBER("A", "") "," MEMBER("B", "") "]}")}}));
    const struct finding *second = find(fixture.plan, "B");
    CU_ASSERT_FATAL(second->id != NULL);
    CU_ASSERT_PTR_NULL(second->group);
    CU_ASSERT_EQUAL(second->group_index, 0);
    CU_ASSERT_EQUAL(second->severity.otherwise, SEVERITY_INFO);
}

static void test_bad_groups(void)
{
    static const struct {
        const char *name, *group, *expected;
    } rows[] = {
        {"no members", "{'group':'g'}", "$.findings[0]: expected findings in \"firstOf\" or in \"each\""},
        {"members twice", "{'group':'g','firstOf':[" MEMBER("A", "") "],'each':[" MEMBER("B", "") "]}",
         "$.findings[0]: expected findings in \"firstOf\" or in \"each\""},
        {"a diagnosis without a name", "{'severity':'info','firstOf':[" MEMBER("A", "") "]}",
         "$.findings[0]: \"firstOf\" needs a \"group\", and \"each\" has none"},
        {"a name for those that stand alone", "{'group':'g','each':[" MEMBER("A", "") "]}",
         "$.findings[0]: \"firstOf\" needs a \"group\", and \"each\" has none"},
        {"nobody says how bad", "{'group':'g','firstOf':[" MEMBER("A", "") "]}",
         "$.findings[0].firstOf[0]: the member \"severity\" is missing"},
        {"a shared refusal that is none",
         "{'group':'g','severity':'info','refuse':[{'use':'x'}],'firstOf':[" MEMBER("A", "") "]}",
         "$.findings[0].refuse[0]: expected \"use\" alone, with a name of \"refusals\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        char text[1024];
        (void)snprintf(text, sizeof(text), BOOK("a", "", "%s"), rows[i].group);
        ROW_ASSERT(rows[i].name, plan_refused(&fixture, &(struct plan_texts){.playbooks = {text}}, rows[i].expected));
    }
}

/* --- classes --- */

#define CLASSED(id, name) MEMBER(id, ",'severity':'error','class':'" name "'")
#define USER                                                                                                           \
    MEMBER("U", ",'severity':'error','class':'one','explainedBy':['X',{'class':'one','when':" TRUE_WHEN                \
                "}],'fix':[" STEP("1") "],'blockedBy':{'findings':['Y'],'classes':['two','one']}")

static void test_a_class_is_its_findings(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(plan_accepted(
        &fixture, &(struct plan_texts){.playbooks = {BOOK("a", "", CLASSED("A", "one") "," USER),
                                                     BOOK("b", "", CLASSED("B", "one") "," CLASSED("C", "two"))}}));
    const struct finding *user = find(fixture.plan, "U");
    CU_ASSERT_FATAL(user->id != NULL);
    static const char *const explained[] = {"X", "A", "B"};
    static const char *const blocked[] = {"Y", "C", "A", "B"};
    CU_ASSERT_EQUAL_FATAL(user->explained_count, COUNT_OF(explained));
    CU_ASSERT_EQUAL_FATAL(user->blocked_count, COUNT_OF(blocked));
    for (size_t i = 0; i < COUNT_OF(explained); i++) {
        ROW_ASSERT(explained[i], text_same(user->explained_by[i].finding, explained[i]));
        ROW_ASSERT(explained[i], (user->explained_by[i].when != NULL) == (i > 0));
    }
    for (size_t i = 0; i < COUNT_OF(blocked); i++) {
        ROW_ASSERT(blocked[i], text_same(user->blocked_by[i], blocked[i]));
    }
}

static void test_a_class_that_nobody_is_in(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    const char *alone = BOOK("a", "", USER "," MEMBER("X", ",'severity':'info'") "," MEMBER("Y", ",'severity':'info'"));
    CU_ASSERT_FATAL(plan_accepted(&fixture, &(struct plan_texts){.playbooks = {alone}}));
    CU_ASSERT_EQUAL(find(fixture.plan, "U")->explained_count, 1);
    CU_ASSERT_FALSE(plan_explanations_known(fixture.plan, fixture.plan, &fixture.arena, &fixture.err));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(fixture.err.text, "p0.json:1: finding U names the class \"two\", which no finding here has"));
    const struct plan *plan = fixture.plan;
    CU_ASSERT_FATAL(plan_accepted(&fixture, &(struct plan_texts){.playbooks = {BOOK("b", "", CLASSED("C", "two"))}}));
    CU_ASSERT_TRUE(plan_explanations_known(plan, fixture.plan, &fixture.arena, &fixture.err));
}

static void test_a_circle_over_classes(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    const char *circle = BOOK("a", "",
                              MEMBER("A", ",'severity':'info','class':'x','explainedBy':[{'class':'y'}]") "," MEMBER(
                                  "B", ",'severity':'info','class':'y','explainedBy':[{'class':'x'}]"));
    CU_ASSERT_TRUE(plan_refused(&fixture, &(struct plan_texts){.playbooks = {circle}}, "is explained by itself"));
}

/* --- the format --- */

#define HANDS_OFF(member)                                                                                              \
    MEMBER("A", ",'severity':'info','refuse':[{'when':" TRUE_WHEN ",'reason':{'en':'r'},'" member "':true}],"          \
                "'handoff':[{'title':{'en':'t'},'why':{'en':'w'}}]")
#define NAMED_HANDS_OFF(member) ",'refusals':{'handOver':{'when':" TRUE_WHEN ",'reason':{'en':'r'},'" member "':true}}"
#define USES_IT                                                                                                        \
    MEMBER("A", ",'severity':'info','refuse':[{'use':'handOver'}],'handoff':[{'title':{'en':'t'},'why':{'en':'w'}}]")

/* A text in place of an object is its one member; a list of sources is one text. */
static void test_short_forms(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(plan_accepted(
        &fixture,
        &(struct plan_texts){
            .playbooks = {
                "{'id':'a','format':2,'version':'1','title':{'en':'t'},'source':['one','two'],'facts':{'o':'os'},"
                "'refusals':{'first':{'when':" TRUE_WHEN ",'reason':{'en':'r'}}},'handoffs':{'show':{'title':{'en':"
                "'t'},'why':{'en':'w'},'run':['vm list']}},'findings':[" MEMBER(
                    "A", ",'severity':'info','refuse':['first'],'handoff':['show']") "]}"}}));
    const struct finding *finding = find(fixture.plan, "A");
    CU_ASSERT_STRING_EQUAL(fixture.plan->playbooks[0].source, "one; two");
    CU_ASSERT_STRING_EQUAL(fixture.plan->playbooks[0].facts[0].kind->name, "os");
    CU_ASSERT_EQUAL(finding->refusal_count, 1);
    CU_ASSERT_EQUAL_FATAL(finding->handoff_count, 1);
    CU_ASSERT_EQUAL(finding->handoffs[0].runs[0].count, 2);
}

static void test_formats(void)
{
    static const struct {
        const char *name, *text, *expected; /* NULL: loaded, and A hands off */
    } rows[] = {
        {"version 1, by its word", BOOK("a", "", HANDS_OFF("handOver")), NULL},
        {"version 1, said to be so", BOOK("a", ",'format':1", HANDS_OFF("handOver")), NULL},
        {"version 1, a named one", BOOK("a", NAMED_HANDS_OFF("handOver"), USES_IT), NULL},
        {"version 2", BOOK("a", ",'format':2", HANDS_OFF("handoff")), NULL},
        {"version 2, a named one", BOOK("a", ",'format':2" NAMED_HANDS_OFF("handoff"), USES_IT), NULL},
        {"version 2 has not the word of 1", BOOK("a", ",'format':2", HANDS_OFF("handOver")),
         "p0.json:1: $.findings[0].refuse[0].handOver"},
        {"version 3", BOOK("a", ",'format':3,'news':{}", HANDS_OFF("handoff")),
         "p0.json: it is written in format 3, and azmend "},
        {"version 0", BOOK("a", ",'format':0", HANDS_OFF("handoff")), "$.format: expected 1 to 2"},
        {"no number", BOOK("a", ",'format':'2'", HANDS_OFF("handoff")), "$.format: expected int"},
        {"a program of long ago", BOOK("a", ",'requiresAzmend':'0.0.1'", HANDS_OFF("handOver")), NULL},
        {"a program to come", BOOK("a", ",'requiresAzmend':'1000.2.3','news':{}", HANDS_OFF("handoff")),
         "p0.json: it requires azmend 1000.2.3 or newer, and this is "},
        {"one number", BOOK("a", ",'requiresAzmend':'1000'", HANDS_OFF("handoff")), "it requires azmend 1000 or newer"},
        {"no version", BOOK("a", ",'requiresAzmend':'new'", HANDS_OFF("handoff")),
         "$.requiresAzmend: expected a version such as 1.2.3"},
        {"too many numbers", BOOK("a", ",'requiresAzmend':'1.2.3.4'", HANDS_OFF("handoff")), "expected a version"},
        {"an end that is none", BOOK("a", ",'requiresAzmend':'1.'", HANDS_OFF("handoff")), "expected a version"},
        {"a text behind", BOOK("a", ",'requiresAzmend':'1.2-rc'", HANDS_OFF("handoff")), "expected a version"},
        {"no text", BOOK("a", ",'requiresAzmend':1", HANDS_OFF("handoff")), "$.requiresAzmend: expected text"},
        {"no object", "[]", "p0.json:1: $: expected object, found array"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        const struct plan_texts texts = {.playbooks = {rows[i].text}};
        if (rows[i].expected != NULL) {
            ROW_ASSERT(rows[i].name, plan_refused(&fixture, &texts, rows[i].expected));
            continue;
        }
        bool loaded = plan_try(&fixture, &texts);
        ROW_ASSERT(rows[i].name, loaded && find(fixture.plan, "A")->refusals[0].hands_off);
    }
}

void suite_plan_groups(void);
void suite_plan_groups(void)
{
    UNIT_SUITE("plan/groups", UNIT_TEST(test_members_take_what_they_do_not_say), UNIT_TEST(test_each_stands_by_itself),
               UNIT_TEST(test_bad_groups), UNIT_TEST(test_a_class_is_its_findings),
               UNIT_TEST(test_a_class_that_nobody_is_in), UNIT_TEST(test_a_circle_over_classes),
               UNIT_TEST(test_short_forms), UNIT_TEST(test_formats));
}
