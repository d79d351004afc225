/* SPDX-License-Identifier: MIT */
/* common.json: what a playbook takes from it, what it does not, and where its mistakes are told to be. */
#include "plan_fixture.h"

#define HEAD(id, members) PLAN_HEAD(id) ",'format':2" members
#define USES ",'uses':['common']"
#define NOTE "{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'n'}}"
#define AZURE "'azure':{'look':'azure_instance'}"
#define COMMON_FACTS "'facts':{'os':{'look':'os'}," AZURE ",'spare':" NOTE ",'note':" NOTE "}"
#define COMMON_VALUES ",'values':{'word':{'firstOf':['${note.text}','none']},'unused':{'firstOf':['${spare.text}']}}"
#define COMMON_CONDITIONS                                                                                              \
    ",'conditions':{'isOld':{'fact':'os.build','less':9},'isNoted':['isOld',{'fact':'values.word','equals':'a'}],"     \
    "'isSpare':{'fact':'spare.text','exists':true}}"
#define COMMON_REST                                                                                                    \
    ",'refusals':{'old':{'when':'isOld','reason':{'en':'it is old: ${values.word}'}}},"                                \
    "'handoffs':{'show':{'title':{'en':'t'},'why':{'en':'w'},'run':[{'az':['x','@nic']}]}},"                           \
    "'lookups':{'vm':[{'az':['vm','${azure.resourceId}']}],'nic':[{'when':'isOld','az':['nic','@vm']},{'az':['n']}]}"
#define COMMON                                                                                                         \
    "{'id':'common','format':2,'version':'1','source':'s'," COMMON_FACTS COMMON_VALUES COMMON_CONDITIONS COMMON_REST "}"
#define ONE(when, more) ",'findings':[" PLAN_FINDING("A", when, more) "]}"

static bool load(struct plan_fixture *fixture, const char *common, const char *playbook)
{
    struct plan_source sources[2] = {plan_document(&fixture->arena, "p0.json", playbook)};
    if (common != NULL) {
        sources[1] = plan_document(&fixture->arena, "common.json", common);
        sources[1].selected = false;
        sources[1].is_common = true;
    }
    return plan_load(NULL, 0, sources, common != NULL ? 2 : 1, NULL, 0, &fixture->arena, &fixture->plan, &fixture->err);
}

static bool has_fact(const struct playbook *playbook, const char *id)
{
    for (size_t i = 0; i < playbook->fact_count; i++) {
        if (text_same(playbook->facts[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* Nothing is looked at that the playbook does not name: neither by itself nor over what it names. */
static void test_only_what_is_named_is_taken(void)
{
    static const struct {
        const char *name, *when, *more;
        size_t facts, values, conditions;
        bool os, note, azure;
    } rows[] = {
        {"a fact", "{'fact':'os.build','less':9}", "", 1, 0, 0, true, false, false},
        {"a condition", "'isOld'", "", 1, 0, 1, true, false, false},
        {"one over others", "'isNoted'", "", 2, 1, 2, true, true, false},
        {"a value", "{'fact':'values.word','exists':true}", "", 1, 1, 0, false, true, false},
        {"a refusal", "{'fact':'values.word','exists':true}", ",'refuse':[{'use':'old'}]", 2, 1, 1, true, true, false},
        {"a hand-over, its lookups too", "'isOld'", ",'handoff':[{'use':'show'}]", 2, 0, 1, true, false, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        char text[2048];
        (void)snprintf(text, sizeof(text), HEAD("p", USES) ONE("%s", "%s"), rows[i].when, rows[i].more);
        bool loaded = load(&fixture, COMMON, text);
        ROW_ASSERT(loaded ? rows[i].name : fixture.err.text, loaded);
        if (!loaded) {
            continue;
        }
        const struct playbook *playbook = &fixture.plan->playbooks[0];
        ROW_ASSERT(rows[i].name, fixture.plan->count == 1);
        ROW_ASSERT(rows[i].name, playbook->fact_count == rows[i].facts);
        ROW_ASSERT(rows[i].name, playbook->value_count == rows[i].values);
        ROW_ASSERT(rows[i].name, playbook->condition_count == rows[i].conditions);
        ROW_ASSERT(rows[i].name, has_fact(playbook, "os") == rows[i].os && has_fact(playbook, "note") == rows[i].note &&
                                     has_fact(playbook, "azure") == rows[i].azure && !has_fact(playbook, "spare"));
    }
}

/* As many conditions as a playbook may have, and one more. */
static void test_conditions_are_bounded(void)
{
    for (int more = 0; more < 2; more++) {
        struct plan_fixture fixture AUTO(plan_close);
        struct buf text AUTO(buf_clear) = {0};
        plan_open(&fixture);
        buf_init(&text, LIMIT_PLAYBOOK_BYTES);
        buf_text(&text, "{'id':'common','format':2,'version':'1','source':'s','conditions':{");
        for (int i = 0; i < LIMIT_ENTRIES + more; i++) {
            buf_format(&text, "%s'c%d':'c0'", i == 0 ? "" : ",", i);
        }
        buf_text(&text, "}}");
        bool loaded = load(&fixture, buf_string(&text), HEAD("p", "") ONE("{'fact':'os.build','less':9}", "") "");
        CU_ASSERT(!loaded);
        CU_ASSERT((strstr(fixture.err.text, "at most 16384 conditions") != NULL) == (more == 1));
    }
}

/* A lookup comes before the first command that needs it, behind what it needs itself, and once. */
static void test_lookups_come_first_and_once(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(load(&fixture, COMMON,
                         HEAD("p", USES ",'lookups':{'vm':[{'az':['own']}]}") ONE(
                             "'isOld'", ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':["
                                        "{'az':['first']},{'az':['second','@nic','@vm']},{'az':['third','@nic']}]}]")));
    const struct handoff *handoff = &fixture.plan->playbooks[0].findings[0].handoffs[0];
    static const struct {
        const char *word, *set;
    } rows[] = {{"first", NULL}, {"own", "vm"}, {"nic", "nic"}, {"n", "nic"}, {"second", NULL}, {"third", NULL}};
    CU_ASSERT_EQUAL_FATAL(handoff->run_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].word, text_same(handoff->runs[i].words[0].literal.as.text, rows[i].word));
        ROW_ASSERT(rows[i].word, (rows[i].set == NULL) == (handoff->runs[i].set == NULL) &&
                                     (rows[i].set == NULL || text_same(rows[i].set, handoff->runs[i].set)));
    }
}

/* A command in one text is the same as its words; what is inserted stays one word. */
static void test_commands_in_one_text(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(load(&fixture, COMMON,
                         HEAD("p", USES) ONE("'isOld'", ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':["
                                                        "{'az':'vm show --ids ${azure.resourceId} @vm'}]}]")));
    const struct handoff *handoff = &fixture.plan->playbooks[0].findings[0].handoffs[0];
    CU_ASSERT_EQUAL_FATAL(handoff->run_count, 2);
    CU_ASSERT_EQUAL_FATAL(handoff->runs[1].count, 5);
    CU_ASSERT_STRING_EQUAL(handoff->runs[1].words[1].literal.as.text, "show");
    CU_ASSERT_EQUAL(handoff->runs[1].words[3].form, EXPR_REF);
    static const char *const bad[] = {"'vm  show'", "' vm'", "'vm '", "''", "'vm ${azure.sku} x'", "'vm @nobody'"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char text[1024];
        (void)snprintf(text, sizeof(text),
                       HEAD("p", USES) ONE("'isOld'", ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'az':"
                                                      "%s}]}]"),
                       bad[i]);
        ROW_ASSERT(bad[i], !load(&fixture, COMMON, text) && strstr(fixture.err.text, "run[0].az") != NULL);
    }
}

/* A long one is an array of parts; in format 1 each element is one argument, blanks and all. */
static void test_commands_in_parts(void)
{
    static const struct {
        const char *format, *az;
        size_t count;
        const char *last;
    } rows[] = {{",'format':2", "['vm show','--name a']", 4, "a"},
                {",'format':2", "['vm',['a b']]", 2, "a b"},
                {"", "['vm show','a b']", 2, "a b"},
                {"", "'vm show'", 2, "show"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        char text[1024];
        (void)snprintf(text, sizeof(text),
                       PLAN_HEAD("p") "%s" USES ONE("'isOld'", ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},"
                                                               "'run':[{'az':%s}]}]"),
                       rows[i].format, rows[i].az);
        ROW_ASSERT(rows[i].az, load(&fixture, COMMON, text));
        const struct handoff_run *run = &fixture.plan->playbooks[0].findings[0].handoffs[0].runs[0];
        ROW_ASSERT(rows[i].az, run->count == rows[i].count);
        ROW_ASSERT(rows[i].az, text_same(run->words[run->count - 1].literal.as.text, rows[i].last));
    }
}

/* A name of the playbook's own goes first, also where common names it. */
static void test_its_own_goes_first(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    CU_ASSERT_FATAL(load(&fixture, COMMON,
                         HEAD("p", USES ",'facts':{'note':{'look':'file','with':{'path':'a'}}}") ONE("'isNoted'", "")));
    const struct playbook *playbook = &fixture.plan->playbooks[0];
    CU_ASSERT_EQUAL(playbook->fact_count, 2);
    CU_ASSERT_STRING_EQUAL(playbook->facts[0].kind->name, "file");
}

static void test_refused(void)
{
    static const char bare[] = "{'id':'common','version':'1','source':'s'}";
    static const struct {
        const char *name, *common, *playbook, *expected;
    } rows[] = {
        {"not used", COMMON, HEAD("p", "") ONE("'isOld'", ""),
         "p0.json:1: $.findings[0].when: there is no condition \"isOld\""},
        {"not there", NULL, HEAD("p", USES) ONE("'isOld'", ""), "p0.json:1: $.uses: there is no common.json here"},
        {"another one", COMMON, HEAD("p", ",'uses':['mine']") ONE("'isOld'", ""), "$.uses: expected \"common\""},
        {"two", COMMON, HEAD("p", ",'uses':['common','common']") ONE("'isOld'", ""), "$.uses: expected "},
        {"a name it has not", bare, HEAD("p", USES) ONE("'isOld'", ""), "p0.json:1: $.findings[0].when: there is no"},
        {"it runs nothing", "{'id':'common','version':'1','source':'s','findings':[]}",
         HEAD("p", USES) ONE("'isOld'", ""), "common.json:1: $.findings: "},
        {"it uses nothing", "{'id':'common','version':'1','source':'s','uses':['common']}",
         HEAD("p", USES) ONE("'isOld'", ""), "common.json:1: $.uses: "},
        {"its mistakes are told where they stand",
         "{'id':'common','version':'1','source':'s',\n'conditions':{'isOld':{'fact':'o.x','less':1}}}",
         HEAD("p", USES) ONE("'isOld'", ""), "common.json:2: $.conditions.isOld.fact: o.x: there is no fact \"o\""},
        {"and those of the playbook behind it",
         "{'id':'common','version':'1','source':'s','conditions':{'isOld':{'fact':'own.build','less':1}}}",
         HEAD("p", USES ",'facts':{'own':{'look':'service','with':{'name':'x'}}}") ONE("'isOld'", ""),
         "common.json:1: $.conditions.isOld.fact: own.build: there is no \"build\" there"},
        {"a circle of conditions", "{'id':'common','version':'1','source':'s','conditions':{'a':'b','b':['a']}}",
         HEAD("p", USES) ONE("'a'", ""), "common.json:1: $.conditions."},
        {"a circle of values", "{'id':'common','version':'1','source':'s','values':{'a':{'firstOf':['${values.a}']}}}",
         HEAD("p", USES) ONE("{'fact':'values.a','exists':true}", ""), "common.json:1: $.values.a: a circle"},
        {"a circle of lookups", "{'id':'common','version':'1','source':'s','lookups':{'a':[{'az':['@a']}]}}",
         HEAD("p", USES ",'facts':{'os':{'look':'os'}}")
             ONE("{'fact':'os.build','less':9}",
                 ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'az':['@a']}]}]"),
         "common.json:1: $.lookups.a: lookups need each other more than"},
        {"a lookup that sets another",
         "{'id':'common','version':'1','source':'s','lookups':{'a':[{'set':'b','az':['x']}]}}",
         HEAD("p", USES ",'facts':{'os':{'look':'os'}}")
             ONE("{'fact':'os.build','less':9}",
                 ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'az':['@a']}]}]"),
         "common.json:1: $.lookups.a[0]: a lookup sets the variable of its name"},
        {"a lookup that is none", "{'id':'common','version':'1','source':'s','lookups':{'a':{'az':['x']}}}",
         HEAD("p", USES ",'facts':{'os':{'look':'os'}}")
             ONE("{'fact':'os.build','less':9}",
                 ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'az':['@a']}]}]"),
         "common.json:1: $.lookups.a: expected array"},
        {"conditions that are none", "{'id':'common','version':'1','source':'s','conditions':[]}",
         HEAD("p", USES) ONE("'a'", ""), "common.json:1: $.conditions: expected object"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        bool loaded = load(&fixture, rows[i].common, rows[i].playbook);
        ROW_ASSERT(rows[i].name, !loaded);
        ROW_ASSERT(loaded ? rows[i].name : fixture.err.text, strstr(fixture.err.text, rows[i].expected) != NULL);
    }
}

void suite_plan_common(void);
void suite_plan_common(void)
{
    UNIT_SUITE("plan/common", UNIT_TEST(test_only_what_is_named_is_taken), UNIT_TEST(test_conditions_are_bounded),
               UNIT_TEST(test_lookups_come_first_and_once), UNIT_TEST(test_commands_in_one_text),
               UNIT_TEST(test_commands_in_parts), UNIT_TEST(test_its_own_goes_first), UNIT_TEST(test_refused));
}
