/* SPDX-License-Identifier: MIT */
/* Looks as a dataflow: who is looked at, when, how often, and what stands in the fact. */
#include "engine_fixture.h"

#define NETWORK(tcp) ",'network':{" NO_IMDS ",'tcp':{" tcp "}}"
#define TCP(name, host, more) "'" name "':{'look':'tcp','with':{'host':'" host "','port':1,'tries':1}" more "}"
#define FOUND(when) ",'findings':[" PLAN_FINDING("F", when, "") "]}"

/* A look starts as soon as what it needs is known, neither before nor later; what needs nothing starts at once. */
static void test_a_look_waits_for_its_inputs_only(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook =
        PLAN_HEAD("p") ",'facts':{" TCP("last", "10.0.0.3", ",'when':{'condition':'silent'}") "," TCP(
            "first", "10.0.0.1", "") "," TCP("apart", "10.0.0.2",
                                             "") "},'conditions':{'silent':{'fact':'values.how','equals':'timeout'}},"
                                                 "'values':{'how':{'firstOf':['${first.outcome}']}}" FOUND(
                                                     "{'fact':'last.outcome','equals':'timeout'}");
    engine_open(&fixture,
                MACHINE_OF(AZURE_TAG, "",
                           NETWORK("'10.0.0.1:1':'timeout','10.0.0.2:1':{'outcome':'timeout','ms':4000},"
                                   "'10.0.0.3:1':'timeout'")),
                &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_CHECK);
    int64_t began = spy_time("connect 10.0.0.1");
    CU_ASSERT(began >= 0 && spy_time("connect 10.0.0.2") == began);
    CU_ASSERT_EQUAL(spy_time("connect 10.0.0.3"), began + ENGINE_PROBE_MS);
    CU_ASSERT(engine_says(engine_states(&fixture), "F present"));
    /* The longest chain, not the sum. */
    CU_ASSERT_EQUAL(record->duration_ms, began + 2 * (int64_t)ENGINE_PROBE_MS - fixture.host.started_ms);
}

/* Twenty silent addresses cost one timeout. */
static void test_the_network_waits_together(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    struct buf facts AUTO(buf_clear);
    struct buf answers AUTO(buf_clear);
    buf_init(&facts, LIMIT_PLAYBOOK_BYTES);
    buf_init(&answers, LIMIT_PLAYBOOK_BYTES);
    for (int i = 0; i < 20; i++) {
        buf_format(&facts, "%s'f%d':{'look':'tcp','with':{'host':'10.0.0.%d','port':1}}", i > 0 ? "," : "", i, i);
        buf_format(&answers, "%s'10.0.0.%d:1':'timeout'", i > 0 ? "," : "", i);
    }
    char playbook[4096];
    char machine[4096];
    (void)snprintf(playbook, sizeof(playbook), PLAN_HEAD("p") ",'facts':{%s},'findings':[]}", buf_string(&facts));
    (void)snprintf(machine, sizeof(machine), MACHINE_OF(AZURE_TAG, "", NETWORK("%s")), buf_string(&answers));
    engine_open(&fixture, machine, &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_CHECK);
    CU_ASSERT(record->duration_ms >= ENGINE_PROBE_MS && record->duration_ms <= ENGINE_PROBE_MS * 21 / 20);
}

static void test_the_same_look_is_made_once(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *first = PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "x"), ""));
    const char *second = PLAN_HEAD("q") ",'facts':{" VALUE_FACT(
        "a") ",'again':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':"
             "'${values.name}'}},'each':{'look':'registry_value','forEach':['a',"
             "'b'],'with':{'key':'HKLM\\\\A','name':'${item}'}}},'values':{"
             "'name':{'firstOf':['a']}},'findings':[" PLAN_FINDING("G", "{'fact':'again.text','equals':'x'}", "") "]}";
    engine_open(&fixture, MACHINE("'a':'x','b':'y'"), &(struct plan_texts){.playbooks = {first, second}});
    (void)engine_go(&fixture, MODE_CHECK);
    CU_ASSERT(engine_says(engine_states(&fixture), "F present, G present"));
    CU_ASSERT(spy_count("query a") == 1 && spy_count("query b") == 1);
}

/* --- one fact --- */

static void test_facts(void)
{
    static const struct {
        const char *name, *facts, *more, *when, *denied;
        const char *state, *reason;
        const char *not_asked; /* NULL: do not care */
    } rows[] = {
        {"when false: absent, not looked at",
         VALUE_FACT("a") ",'x':{'look':'service','with':{'name':'s'},'when':" IS("a", "z") "}", "",
         "{'fact':'x.exists','exists':false}", NULL, "F present", NULL, "service s"},
        {"when unknown: unknown, not looked at",
         VALUE_FACT("a") ",'x':{'look':'service','with':{'name':'s'},'when':" IS("a", "z") "}", "",
         "{'fact':'x.exists','exists':false}", "a", "F unknown", "registry_value: a may not be read", "service s"},
        {"when true: looked at", VALUE_FACT("a") ",'x':{'look':'service','with':{'name':'s'},'when':" IS("a", "w") "}",
         "", "{'fact':'x.exists','equals':true}", NULL, "F present", NULL, NULL},
        {"an input that is not set", VALUE_FACT("c") ",'x':{'look':'service','with':{'name':'${c.text}'}}", "",
         "{'fact':'x.exists','exists':true}", NULL, "F unknown", "x: its input name is not set", NULL},
        {"an input that is unknown", VALUE_FACT("c") ",'x':{'look':'service','with':{'name':'${c.text}'}}", "",
         "{'fact':'x.exists','exists':true}", "c", "F unknown", "registry_value: c may not be read", NULL},
        {"an input out of range", VALUE_FACT("n") ",'x':{'look':'tcp','with':{'host':'10.0.0.1','port':'${n.number}'}}",
         "", "{'fact':'x.outcome','exists':true}", NULL, "F unknown", "x: its input port is out of range",
         "connect 10.0.0.1"},
        {"forEach: a row an element, with the element in it",
         "'x':{'look':'registry_value','forEach':['a','c'],'with':{'key':'HKLM\\\\A','name':'${item}'}}", "",
         "{'count':{'of':'x','where':{'allOf':[{'fact':'item.each','equals':'a'},{'fact':'item.text','equals':'w'}]}},"
         "'equals':1}",
         NULL, "F present", NULL, NULL},
        {"forEach: an element that cannot be looked at is unknown by itself",
         "'x':{'look':'registry_value','forEach':['a','u'],'with':{'key':'HKLM\\\\A','name':'${item}'}}", "",
         "{'count':{'of':'x','where':{'fact':'item.exists','equals':true}},'greaterOrEquals':1}", "u", "F present",
         NULL, NULL},
        {"forEach: and makes the count an interval",
         "'x':{'look':'registry_value','forEach':['a','u'],'with':{'key':'HKLM\\\\A','name':'${item}'}}", "",
         "{'count':{'of':'x','where':{'fact':'item.exists','equals':true}},'greaterOrEquals':2}", "u", "F unknown",
         "registry_value: u may not be read", NULL},
        {"forEach: nothing", "'x':{'look':'service','forEach':[],'with':{'name':'s'}}", "",
         "{'count':{'of':'x'},'equals':0}", NULL, "F present", NULL, "service s"},
        {"forEach: an absent list is an absent fact",
         "'x':{'look':'service','forEach':'${parameters.l}','with':{'name':'s'}}",
         ",'parameters':{'l':{'type':'list','about':'a'}}", "{'fact':'x','exists':false}", NULL, "F present", NULL,
         "service s"},
        {"forEach: an unknown list",
         VALUE_FACT("u") ",'x':{'look':'service','forEach':['${u.text}'],'with':{'name':'s'}}", "",
         "{'count':{'of':'x'},'equals':0}", "u", "F unknown", "registry_value: u may not be read", "service s"},
        {"forEach: an element out of range",
         "'x':{'look':'tcp','forEach':[1,70000],'with':{'host':'10.0.0.1','port':'${item}','tries':1}}", "",
         "{'count':{'of':'x'},'equals':0}", NULL, "F unknown", "x: its input port is out of range", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[4096];
        (void)snprintf(playbook, sizeof(playbook), PLAN_HEAD("p") ",'facts':{%s}%s" FOUND("%s"), rows[i].facts,
                       rows[i].more, rows[i].when);
        engine_open(&fixture,
                    MACHINE_OF(AZURE_TAG, "'a':'w','n':70000",
                               ",'services':{'s':{'state':'running','start':'manual'}}" NETWORK("'10.0.0.1:1':'open'")),
                    &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_CHECK);
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].state));
        ROW_ASSERT(rows[i].name, engine_says(engine_finding(&fixture, "F")->reason.en, rows[i].reason));
        ROW_ASSERT(rows[i].name, rows[i].not_asked == NULL || spy_count(rows[i].not_asked) == 0);
    }
}

static void test_for_each_has_a_limit(void)
{
    for (int over = 0; over < 2; over++) {
        struct engine_fixture fixture AUTO(engine_close);
        struct buf buf AUTO(buf_clear);
        buf_init(&buf, LIMIT_PLAYBOOK_BYTES);
        buf_text(&buf, PLAN_HEAD("p") ",'facts':{'x':{'look':'registry_value','forEach':[");
        for (int i = 0; i < LIMIT_FOR_EACH + over; i++) {
            buf_format(&buf, "%s'n%d'", i > 0 ? "," : "", i);
        }
        buf_text(&buf, "],'with':{'key':'HKLM\\\\A','name':'${item}'}}}" FOUND("{'count':{'of':'x'},'equals':64}"));
        engine_open(&fixture, MACHINE(""), &(struct plan_texts){.playbooks = {buf_string(&buf)}});
        (void)engine_go(&fixture, MODE_CHECK);
        CU_ASSERT(engine_says(engine_states(&fixture), over == 0 ? "F present" : "F unknown"));
        CU_ASSERT(engine_says(engine_finding(&fixture, "F")->reason.en,
                              over == 0 ? NULL : "x: forEach over more than 64 elements"));
    }
}

/* --- appliesTo --- */

static void test_applies_to(void)
{
    static const struct {
        const char *name, *machine, *denied, *states;
        enum verdict verdict;
        bool applies, applies_unknown;
        size_t b_asked;
    } rows[] = {
        {"true", MACHINE("'a':'yes','b':'bad'"), NULL, "F present", VERDICT_NEEDS_DECISION, true, false, 1},
        {"false: nothing else is looked at", MACHINE("'a':'no','b':'bad'"), NULL, "F absent", VERDICT_HEALTHY, false,
         false, 0},
        {"unknown: nor is it then", MACHINE("'a':'yes','b':'bad'"), "a", "F unknown", VERDICT_UNDETERMINED, true, true,
         0},
    };
    const char *playbook = PLAYBOOK("p", ",'appliesTo':" IS("a", "yes"), PLAN_FINDING("F", IS("b", "bad"), ""));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        const struct record *record = engine_go(&fixture, MODE_CHECK);
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].states));
        ROW_ASSERT(rows[i].name, record->verdict == rows[i].verdict);
        ROW_ASSERT(rows[i].name, record->playbooks[0].applies == rows[i].applies);
        ROW_ASSERT(rows[i].name, record->playbooks[0].applies_unknown == rows[i].applies_unknown);
        ROW_ASSERT(rows[i].name, spy_count("query a") == 1 && spy_count("query b") == rows[i].b_asked);
    }
}

/* Unknown whether it applies counts even where no finding is an error. */
static void test_not_known_to_apply(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'a':'yes'"),
                &(struct plan_texts){.playbooks = {PLAYBOOK("p", ",'appliesTo':" IS("a", "yes"), "")}});
    spy.denied = "a";
    CU_ASSERT_EQUAL(engine_go(&fixture, MODE_CHECK)->verdict, VERDICT_UNDETERMINED);
}

void suite_dataflow(void);
void suite_dataflow(void)
{
    UNIT_SUITE("engine/dataflow", UNIT_TEST(test_a_look_waits_for_its_inputs_only),
               UNIT_TEST(test_the_network_waits_together), UNIT_TEST(test_the_same_look_is_made_once),
               UNIT_TEST(test_facts), UNIT_TEST(test_for_each_has_a_limit), UNIT_TEST(test_applies_to),
               UNIT_TEST(test_not_known_to_apply));
}
