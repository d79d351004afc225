/* SPDX-License-Identifier: MIT */
/* Looks: shared, repeated when what they read has changed, and ended when the network breaks under them. */
#include "engine_fixture.h"

/* Four findings, one fix each, in two playbooks. */
#define CHANGING                                                                                                       \
    PLAN_HEAD("p")                                                                                                     \
    ",'facts':{" VALUE_FACT("a") "," VALUE_FACT("b") "},'findings':[" PLAN_FINDING(                                    \
        "A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING("B", IS("b", "bad"), FIX("b", "good")) "]}"
#define WATCHING                                                                                                       \
    PLAN_HEAD("q")                                                                                                     \
    ",'facts':{" VALUE_FACT("c") ",'s':{'look':'service','with':{'name':'s'}},'t':{'look':'tcp','with'"                \
                                 ":{'host':'10.0.0.1','port':1,'tries':1}}},'findings':[" PLAN_FINDING(                \
                                     "C", IS("c", "bad"), "") "]}"
#define WATCHED(registry)                                                                                              \
    MACHINE_OF(AZURE_TAG, registry,                                                                                    \
               ",'services':{'s':{'state':'running','start':'manual'}},'network':{" NO_IMDS                            \
               ",'tcp':{'10.0.0.1:1':'open'}}")

static void test_only_what_changed_is_looked_at_again(void)
{
    static const struct {
        const char *name, *machine, *playbooks[2];
        size_t registry_looks; /* at the value that nobody changes */
    } rows[] = {
        {"nothing changed", WATCHED("'a':'good'"), {CHANGING, WATCHING}, 1},
        {"once at the boundary, however much changed", WATCHED("'a':'bad','b':'bad'"), {CHANGING, WATCHING}, 2},
        {"the boundary at the end", WATCHED("'a':'bad','b':'bad'"), {WATCHING, CHANGING}, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, rows[i].machine,
                    &(struct plan_texts){.playbooks = {rows[i].playbooks[0], rows[i].playbooks[1]}});
        (void)engine_go(&fixture, MODE_FIX);
        ROW_ASSERT(rows[i].name, spy_count("query c") == rows[i].registry_looks);
        ROW_ASSERT(rows[i].name, spy_count("service s") == 1 && spy_count("connect 10.0.0.1") == 1);
    }
}

/* --- the table of looks itself --- */

struct table {
    struct engine_fixture engine;
    struct looks looks;
};

static void table_close(struct table *table)
{
    engine_close(&table->engine);
}

static void table_open(struct table *table)
{
    engine_open(&table->engine, WATCHED("'a':'x'"), &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", "")}});
    struct arena *arena = &table->engine.base.arena;
    host_init(&table->engine.host, spy_ops(), table->engine.sim, arena, GATE_CHANGE, LIMIT_RUN_MS);
    looks_init(&table->looks, &table->engine.host, arena, ENGINE_PROBE_MS);
}

/* Parameters of a look at HKLM\A, and of a connection to 10.0.0.1:1. */
static const struct value *registry_params(struct arena *arena, const char *name)
{
    struct value *params = arena_array(arena, 2, sizeof(*params));
    params[0] = value_text("HKLM\\A");
    params[1] = value_text(name);
    return params;
}

static const struct value *tcp_params(struct arena *arena)
{
    struct value *params = arena_array(arena, 3, sizeof(*params));
    params[0] = value_text("10.0.0.1");
    params[1] = value_int(1);
    return params;
}

static void test_identity(void)
{
    struct table table AUTO(table_close);
    table_open(&table);
    struct arena *arena = &table.engine.base.arena;
    const struct kind *registry = kind_find("registry_value");
    struct look_entry *entry = looks_want(&table.looks, registry, registry_params(arena, "a"));
    CU_ASSERT_EQUAL(entry->state, LOOK_DONE);
    CU_ASSERT_PTR_EQUAL(looks_want(&table.looks, registry, registry_params(arena, "a")), entry);
    CU_ASSERT_PTR_NOT_EQUAL(looks_want(&table.looks, registry, registry_params(arena, "b")), entry);
    CU_ASSERT_EQUAL(spy_count("query a"), 1);
    CU_ASSERT_FALSE(looks_wait(&table.looks));
    table.engine.host.changed[NOUN_SERVICE] = ++table.engine.host.generation;
    (void)looks_want(&table.looks, registry, registry_params(arena, "a"));
    CU_ASSERT_EQUAL(spy_count("query a"), 1);
    table.engine.host.changed[NOUN_REGISTRY] = ++table.engine.host.generation;
    CU_ASSERT_PTR_EQUAL(looks_want(&table.looks, registry, registry_params(arena, "a")), entry);
    CU_ASSERT_EQUAL(spy_count("query a"), 2);
}

static void test_finish(void)
{
    struct table table AUTO(table_close);
    table_open(&table);
    struct look_entry *entry = looks_want(&table.looks, kind_find("tcp"), tcp_params(&table.engine.base.arena));
    CU_ASSERT_EQUAL(entry->state, LOOK_RUNNING);
    CU_ASSERT_EQUAL(table.looks.running, 1);
    looks_finish(&table.looks, entry);
    CU_ASSERT_EQUAL(entry->state, LOOK_DONE);
    CU_ASSERT_EQUAL(table.looks.running, 0);
    CU_ASSERT_EQUAL(entry->result.state, VALUE_KNOWN);
}

/* Jobs that cannot be handed over have failed; a loop that breaks leaves what it held unknown. Both are answers. */
static void test_a_broken_network(void)
{
    struct table table AUTO(table_close);
    table_open(&table);
    struct arena *arena = &table.engine.base.arena;
    const struct kind *tcp = kind_find("tcp");
    spy.submit_fails = true;
    struct look_entry *entry = looks_want(&table.looks, tcp, tcp_params(arena));
    CU_ASSERT_TRUE(looks_wait(&table.looks));
    CU_ASSERT_EQUAL(entry->state, LOOK_DONE);
    CU_ASSERT(entry->result.as.row.cells[0].state == VALUE_UNKNOWN);
    CU_ASSERT_FALSE(looks_wait(&table.looks));

    spy.submit_fails = false;
    spy.wait_fails = true;
    table.engine.host.changed[NOUN_NET] = ++table.engine.host.generation;
    CU_ASSERT_PTR_EQUAL(looks_want(&table.looks, tcp, tcp_params(arena)), entry);
    CU_ASSERT_TRUE(looks_wait(&table.looks));
    CU_ASSERT_EQUAL(entry->result.state, VALUE_UNKNOWN);
    CU_ASSERT(engine_says(entry->result.as.why, "tcp: the loop is broken"));
}

/* A reply of a round that was given up comes late: the look that was begun anew does not take it. */
static void test_a_late_reply(void)
{
    struct table table AUTO(table_close);
    table_open(&table);
    struct arena *arena = &table.engine.base.arena;
    const struct kind *tcp = kind_find("tcp");
    struct value *params = arena_array(arena, 3, sizeof(*params));
    memcpy(params, tcp_params(arena), 3 * sizeof(*params));
    params[2] = value_int(4);
    struct look_entry *entry = looks_want(&table.looks, tcp, params);
    spy.wait_fails = true;
    CU_ASSERT_TRUE(looks_wait(&table.looks));
    CU_ASSERT_EQUAL(entry->result.state, VALUE_UNKNOWN);
    spy.wait_fails = false;
    table.engine.host.changed[NOUN_NET] = ++table.engine.host.generation;
    CU_ASSERT_PTR_EQUAL(looks_want(&table.looks, tcp, params), entry);
    looks_finish(&table.looks, entry);
    CU_ASSERT_EQUAL(entry->look.reply_count, 4);
    CU_ASSERT_EQUAL(entry->result.as.row.cells[1].as.integer, 4); /* openCount */
}

/* The same in a whole run: every fact has its answer, and the run ends. */
static void test_a_run_on_a_broken_network(void)
{
    static const struct {
        const char *name;
        bool submit, wait;
        const char *states;
    } rows[] = {
        {"a healthy one", false, false, "F absent"},
        {"nothing can be handed over", true, false, "F unknown"},
        {"nothing comes back", false, true, "F unknown"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        const char *playbook =
            PLAN_HEAD("p") ",'facts':{'t':{'look':'tcp','with':{'host':'10.0.0.1','port':1}}},'findings':"
                           "[" PLAN_FINDING("F", "{'fact':'t.outcome','equals':'failed'}", "") "]}";
        engine_open(&fixture, WATCHED(""), &(struct plan_texts){.playbooks = {playbook}});
        spy.submit_fails = rows[i].submit;
        spy.wait_fails = rows[i].wait;
        (void)engine_go(&fixture, MODE_CHECK);
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].states));
    }
}

void suite_looks(void);
void suite_looks(void)
{
    UNIT_SUITE("engine/looks", UNIT_TEST(test_only_what_changed_is_looked_at_again), UNIT_TEST(test_identity),
               UNIT_TEST(test_finish), UNIT_TEST(test_a_broken_network), UNIT_TEST(test_a_late_reply),
               UNIT_TEST(test_a_run_on_a_broken_network));
}
