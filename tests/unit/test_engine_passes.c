/* SPDX-License-Identifier: MIT */
/* Passes over the playbooks, idempotence, counting, and honesty when any one host call fails. */
#include "engine_fixture.h"

#define LINK(id, from, to)                                                                                             \
    PLAN_FINDING(id, "{'allOf':[" IS(from, "good") ",{'not':" IS(to, "good") "}]}", FIX(to, "good"))
#define VALUES                                                                                                         \
    "'facts':{" VALUE_FACT("a") "," VALUE_FACT("b") "," VALUE_FACT("c") "," VALUE_FACT("d") "," VALUE_FACT("e") "}"
/* Each fix uncovers the fault before it in the list: one a pass. */
#define BACKWARDS                                                                                                      \
    PLAN_HEAD("p")                                                                                                     \
    "," VALUES                                                                                                         \
    ",'findings':[" LINK("E", "d", "e") "," LINK("D", "c", "d") "," LINK("C", "b", "c") "," LINK("B", "a", "b") "]}"

static void test_at_most_three_passes(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'a':'good'"), &(struct plan_texts){.playbooks = {BACKWARDS}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT_EQUAL(record->passes, LIMIT_PASSES);
    CU_ASSERT(engine_says(engine_states(&fixture), "E not_fixed, D fixed, C fixed, B fixed"));
    CU_ASSERT_EQUAL(record->changes, 3);
    /* The next run goes on where this one stopped, and the one behind it has nothing to do. */
    record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_states(&fixture), "E fixed, D absent, C absent, B absent"));
    record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(record->changes == 0 && record->passes == 0 && record->verdict == VERDICT_HEALTHY);
}

static void test_modes(void)
{
    static const struct {
        enum run_mode mode;
        size_t passes, changes, planned;
        enum verdict verdict;
    } rows[] = {
        {MODE_CHECK, 0, 0, 0, VERDICT_WOULD_FIX},
        {MODE_PLAN, 1, 0, 1, VERDICT_WOULD_FIX},
        {MODE_FIX, 1, 1, 1, VERDICT_FIXED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, MACHINE("'a':'bad'"),
                    &(struct plan_texts){
                        .playbooks = {PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), FIX("a", "good")))}});
        const struct record *record = engine_go(&fixture, rows[i].mode);
        const char *name = run_mode_names[rows[i].mode];
        ROW_ASSERT(name, record->passes == rows[i].passes);
        ROW_ASSERT(name, record->changes == rows[i].changes);
        ROW_ASSERT(name, host_op_count(&fixture.host) == rows[i].planned);
        ROW_ASSERT(name, record->verdict == rows[i].verdict);
    }
}

/* A fix that failed is tried again only when something else has changed since. */
static void test_again_only_after_a_change(void)
{
    static const struct {
        const char *name, *machine;
        size_t failing, tries;
    } rows[] = {
        {"nothing changed", MACHINE("'a':'bad'"), 9, 1},
        {"a later fix changed something", MACHINE("'a':'bad','b':'bad'"), 1, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        const char *playbook = PLAYBOOK("p", "",
                                        PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING(
                                            "B", IS("b", "bad"), FIX("b", "good")));
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.sets_failing = rows[i].failing;
        (void)engine_go(&fixture, MODE_FIX);
        ROW_ASSERT(rows[i].name, spy_count("set a") == rows[i].tries);
    }
}

/* What a fix uncovers in an earlier playbook is fixed before the next one, which is built on it. */
static void test_back_before_further(void)
{
    static const char *const order[] = {"a", "b", "c"};
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'a':'bad','c':'bad'"),
                &(struct plan_texts){.playbooks = {PLAN_HEAD("p") "," VALUES ",'findings':[" LINK("B", "a", "b") "]}",
                                                   PLAN_HEAD("q") ",'after':['p']," VALUES ",'findings':[" PLAN_FINDING(
                                                       "A", IS("a", "bad"), FIX("a", "good")) "]}",
                                                   PLAN_HEAD("r") ",'after':['q']," VALUES ",'findings':[" PLAN_FINDING(
                                                       "C", IS("c", "bad"), FIX("c", "good")) "]}"}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(record->verdict == VERDICT_FIXED && record->passes == 1);
    CU_ASSERT_EQUAL_FATAL(host_op_count(&fixture.host), COUNT_OF(order));
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        ROW_ASSERT(order[i], text_ends(host_op(&fixture.host, i)->target, order[i]));
    }
}

static size_t ops_made(const struct host *host)
{
    size_t made = 0;
    for (size_t i = 0; i < host_op_count(host); i++) {
        made += host_op(host, i)->outcome == OP_DONE || host_op(host, i)->outcome == OP_UNKNOWN ? 1 : 0;
    }
    return made;
}

static bool machine_is_good(struct engine_fixture *fixture)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_MACHINE_BYTES);
    sim_save(fixture->sim, &buf);
    return strstr(buf_string(&buf), "\"bad\"") == NULL;
}

/* Let the n-th host call fail, for every n: what is claimed is so, and every run has its answer. */
static void test_honest_under_faults(void)
{
    const char *playbook = PLAN_HEAD("p") ",'facts':{" VALUE_FACT(
        "a") ",'s':{'look':'service','with':{'name':'s'}},'t':{'look':'tcp','with':"
             "{'host':'10.0.0.1','port':1}}},'findings':[" PLAN_FINDING(
                 "A", IS("a", "bad"),
                 FIX("a", "good")) "," PLAN_FINDING("S", "{'fact':'s.state','equals':'stopped'}",
                                                    ",'fix':[{'ensure':'service','with':{'name':'s','state':"
                                                    "'running'}}]") "," PLAN_FINDING("T",
                                                                                     "{'fact':'t.outcome',"
                                                                                     "'notEquals':'open'}",
                                                                                     "") "]}";
    size_t calls = 1;
    for (size_t n = 0; n <= calls; n++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture,
                    MACHINE_OF(AZURE_TAG, "'a':'bad'",
                               ",'services':{'s':{'state':'stopped','start':'manual'}},'network':{" NO_IMDS
                               ",'tcp':{'10.0.0.1:1':'open'}}"),
                    &(struct plan_texts){.playbooks = {playbook}});
        sim_fail_call(fixture.sim, n);
        const struct record *record = engine_go(&fixture, MODE_FIX);
        char name[32];
        (void)snprintf(name, sizeof(name), "call %zu", n);
        ROW_ASSERT(name, record->changes == ops_made(&fixture.host));
        ROW_ASSERT(name, engine_finding(&fixture, "A")->state != FINDING_FIXED || machine_is_good(&fixture));
        ROW_ASSERT(name, record->verdict != VERDICT_HEALTHY || machine_is_good(&fixture));
        ROW_ASSERT(name, n > 0 || record->verdict == VERDICT_FIXED);
        calls = n == 0 ? (size_t)sim_calls(fixture.sim) : calls;
    }
    CU_ASSERT(calls > 10 && calls < 1000);
}

void suite_engine_passes(void);
void suite_engine_passes(void)
{
    UNIT_SUITE("engine/passes", UNIT_TEST(test_at_most_three_passes), UNIT_TEST(test_back_before_further),
               UNIT_TEST(test_modes), UNIT_TEST(test_again_only_after_a_change), UNIT_TEST(test_honest_under_faults));
}
