/* SPDX-License-Identifier: MIT */
/* Traces: what the evaluator tells of a finding's condition at the end of a run, and that telling changes nothing. */
#include "engine_fixture.h"

static void add_value(struct buf *buf, const char *before, const struct trace_value *value)
{
    static const char *const instead[] = {[VALUE_ABSENT] = "absent", [VALUE_UNKNOWN] = "unknown"};
    buf_format(buf, "%s%s", before, value->shown != NULL ? value->shown : instead[value->value.state]);
}

/* "0 all false, 1 compare false a.text=x equals y, ...": the trace of the one finding asked for. */
static const char *told(struct engine_fixture *fixture)
{
    struct buf buf AUTO(buf_clear);
    const struct trace_record *trace = fixture->record.traces;
    buf_init(&buf, 64 * 1024);
    for (size_t i = 0; fixture->record.trace_count == 1 && i < trace->count; i++) {
        const struct trace_node *node = &trace->nodes[i];
        buf_format(&buf, "%s%u %s", i > 0 ? ", " : "", node->depth, trace_form_names[node->form]);
        buf_format(&buf, "%s%s", node->truth != NULL ? " " : "", node->truth != NULL ? node->truth : "");
        buf_format(&buf, "%s%s", node->name != NULL ? " " : "", node->name != NULL ? node->name : "");
        if (node->op != NULL) {
            add_value(&buf, "=", &node->value);
            buf_format(&buf, " %s", node->op);
            buf_format(&buf, "%s%s", node->operand_name != NULL ? " " : "",
                       node->operand_name != NULL ? node->operand_name : "");
            add_value(&buf, "=", &node->operand);
        } else if (node->form == TRACE_VALUE || node->form == TRACE_PART || node->form == TRACE_ROW) {
            add_value(&buf, "=", &node->value);
        } else if (node->form == TRACE_FACT) {
            buf_format(&buf, ":%s(%s)", node->look, node->with != NULL ? node->with : "");
            buf_text(&buf, node->value.value.state == VALUE_ABSENT ? " not looked" : "");
        }
        if (node->left_out > 0) {
            buf_format(&buf, " +%zu", node->left_out);
        }
    }
    return arena_text(&fixture->base.arena, buf_string(&buf));
}

#define FACT_OF(name) "0 fact " name ":registry_value(key=HKLM\\A, name=" name ")"

struct telling {
    const char *name, *machine, *more, *findings, *states, *told, *denied;
};

static void run_row(const struct telling *row)
{
    struct engine_fixture fixture AUTO(engine_close);
    char playbook[8192];
    (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "%s", "%s"), row->more != NULL ? row->more : "",
                   row->findings);
    const struct plan_texts texts = {.playbooks = {playbook}};
    engine_open(&fixture, row->machine, &texts);
    spy.denied = row->denied;
    fixture.traced = "A";
    (void)engine_go(&fixture, MODE_CHECK);
    ROW_ASSERT(row->name, engine_says(engine_states(&fixture), row->states));
    ROW_ASSERT(row->name, engine_says(told(&fixture), row->told));
}

#define A_IF(when) PLAN_FINDING("A", when, "")
#define AB MACHINE("'a':'bad','b':'good'")

static const struct telling rows[] = {
    {"it fired", AB, NULL, A_IF(IS("a", "bad")), "A present", "0 compare true a.text=bad equals=bad, " FACT_OF("a"),
     NULL},
    {"it did not", AB, NULL, A_IF(IS("b", "bad")), "A absent", "0 compare false b.text=good equals=bad, " FACT_OF("b"),
     NULL},
    {"absent", AB, NULL, A_IF("{'fact':'c.text','notEquals':'bad'}"), "A present",
     "0 compare true c.text=absent notEquals=bad, " FACT_OF("c"), NULL},
    {"unknown", AB, NULL, A_IF("{'anyOf':[" IS("b", "bad") "," IS("a", "bad") "]}"), "A unknown",
     "0 any unknown, 1 compare false b.text=good equals=bad, 1 compare unknown a.text=unknown equals=bad, " FACT_OF(
         "a") ", " FACT_OF("b"),
     "a"},
    {"a junction is walked to its end", AB, NULL,
     A_IF("{'allOf':[" IS("b", "bad") ",{'not':" IS("a", "bad") "},{'fact':'a.exists','exists':true}]}"), "A absent",
     "0 all false, 1 compare false b.text=good equals=bad, 1 not false, 2 compare true a.text=bad equals=bad, "
     "1 compare true a.exists=true exists=true, " FACT_OF("a") ", " FACT_OF("b"),
     NULL},
    {"each operator has its name", MACHINE("'a':'bad','b':{'dword':3}"), NULL,
     A_IF("{'anyOf':[{'fact':'a.text','in':['x','bad']},{'fact':'a.text','notIn':['x']},{'fact':'a.text','like':'b*'},"
          "{'fact':'a.text','notLike':'b*'},{'fact':'a.text','contains':'ad'},{'fact':'a.text','notContains':'ad'},"
          "{'fact':'b.number','less':3},{'fact':'b.number','lessOrEquals':3},{'fact':'b.number','greater':3},"
          "{'fact':'b.number','greaterOrEquals':3}]}"),
     "A present",
     "0 any true, 1 compare true a.text=bad in=x, bad, 1 compare true a.text=bad notIn=x, 1 compare true a.text=bad "
     "like=b*, "
     "1 compare false a.text=bad notLike=b*, 1 compare true a.text=bad contains=ad, 1 compare false a.text=bad "
     "notContains=ad, "
     "1 compare false b.number=3 less=3, 1 compare true b.number=3 lessOrEquals=3, 1 compare false b.number=3 "
     "greater=3, "
     "1 compare true b.number=3 greaterOrEquals=3, " FACT_OF("a") ", " FACT_OF("b"),
     NULL},
    {"what is named is opened once, beneath", AB,
     ",'conditions':{'isBad':{'condition':'isReal'},'isReal':" IS("a", "bad") "}",
     A_IF("{'anyOf':[{'condition':'isBad'},{'condition':'isReal'},{'condition':'isBad'}]}"), "A present",
     "0 any true, 1 named true isBad, 1 named true isReal, 1 named true isBad, 0 condition true isBad, "
     "1 named true isReal, 0 condition true isReal, 1 compare true a.text=bad equals=bad, " FACT_OF("a"),
     NULL},
    {"a value and its cases", AB,
     ",'values':{'v':{'case':[{'when':" IS("b", "bad") ",'is':'x'},"
                                                       "{'when':" IS(
                                                           "a", "bad") ",'is':'${b.text}'}],'else':'z'},"
                                                                       "'w':{'firstOf':['${c.text}','${values.v}']}}",
     A_IF("{'fact':'values.w','equals':'${b.text}'}"), "A present",
     "0 compare true values.w=good equals b.text=good, " FACT_OF(
         "b") ", 0 value w=good, 1 part c.text=absent, "
              "1 part values.v=good, " FACT_OF(
                  "c") ", 0 value v=good, 1 case false, 2 compare false b.text=good equals=bad, "
                       "1 case true, 2 compare true a.text=bad equals=bad, 1 part b.text=good, " FACT_OF("a"),
     NULL},
};

static void test_told(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run_row(&rows[i]);
    }
}

static const char *trace_of(struct engine_fixture *fixture, const char *machine, const char *playbook,
                            const char *given)
{
    struct plan_texts texts = {.playbooks = {playbook}};
    if (given != NULL) {
        texts.given[0] = (struct plan_parameter){.name = "key", .value = given};
    }
    engine_open(fixture, machine, &texts);
    fixture->traced = "A";
    (void)engine_go(fixture, MODE_CHECK);
    return told(fixture);
}

/* Two of twelve hold: both are told, four of the others, and how many are not. */
static void test_rows_are_bounded(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *said = trace_of(
        &fixture, AB,
        PLAN_HEAD("p") ",'parameters':{'l':{'type':'list','about':'a','default':['0','1','2','3','4','5','6','x','8','"
                       "9','x','11']}},"
                       "'facts':{'d':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'a'},'when':{'fact':'"
                       "parameters.l','contains':'none'}}},"
                       "'findings':[" PLAN_FINDING(
                           "A",
                           "{'anyOf':[{'count':{'of':'parameters.l','where':{'fact':'item','equals':'x'}},'greater':2},"
                           "{'fact':'d.text','equals':'bad'}]}",
                           "") "]}",
        NULL);
    CU_ASSERT_TRUE(engine_says(
        said, "0 any false, 1 count false parameters.l=2 greater=2 +6, 2 row false=0, 3 compare false item=0 equals=x, "
              "2 row false=1, 3 compare false item=1 equals=x, 2 row false=2, 3 compare false item=2 equals=x, "
              "2 row false=3, 3 compare false item=3 equals=x, 2 row true=x, 3 compare true item=x equals=x, "
              "2 row true=x, 3 compare true item=x equals=x, 1 compare false d.text=absent equals=bad, "
              "0 fact d:registry_value() not looked, "
              "1 compare false parameters.l=0, 1, 2, 3, 4, 5, 6, x, 8, 9, x, 11 contains=none"));
}

/* A long text is cut; a secret is not told, nor what a look was made with. */
static void test_secrets_and_lengths(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    char machine[2048];
    char letters[401];
    memset(letters, 'y', sizeof(letters) - 1);
    letters[400] = '\0';
    (void)snprintf(machine, sizeof(machine), MACHINE("'a':'%s','hidden':'bad'"), letters);
    const char *said = trace_of(
        &fixture, machine,
        PLAN_HEAD("p") ",'parameters':{'key':{'type':'text','about':'a','secret':true}},"
                       "'facts':{" VALUE_FACT(
                           "a") ",'s':{'look':'registry_value','with':{'key':'HKLM\\\\A','name':'${parameters.key}'}}},"
                                "'findings':[" PLAN_FINDING("A",
                                                            "{'anyOf':[{'fact':'a.text','equals':'${parameters.key}'},"
                                                            "{'fact':'s.text','equals':'x'},{'fact':'a.text','contains'"
                                                            ":'ABCDE-FGHJK-MNPQR-TVWXY-12346'}]}",
                                                            "") "]}",
        "hidden");
    CU_ASSERT_PTR_NULL(strstr(said, "hidden"));
    CU_ASSERT_PTR_NULL(strstr(said, "ABCDE-FGHJK"));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "yyy... equals parameters.key=(redacted)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "0 fact s:registry_value(key=HKLM\\A, name=(redacted))"));
    CU_ASSERT_TRUE(strlen(said) < 4 * LIMIT_TRACE_TEXT_BYTES + 600);
}

/* Whether somebody listens is nothing to the run. */
static void test_telling_changes_nothing(void)
{
    static const char *const traced[] = {NULL, "A"};
    const char *states[2] = {0};
    size_t notes[2] = {0};
    struct arena kept;
    struct err err = {0};
    CU_ASSERT_TRUE_FATAL(arena_open(&kept, 64 * 1024, &err));
    for (size_t i = 0; i < COUNT_OF(traced); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        const struct plan_texts texts = {
            .playbooks = {PLAYBOOK("p", ",'conditions':{'c':" IS("b", "bad") "}",
                                   PLAN_FINDING("A", "{'anyOf':[" IS("a", "bad") ",{'condition':'c'}]}",
                                                FIX("a", "good")) "," PLAN_FINDING("B", "{'condition':'c'}", ""))}};
        engine_open(&fixture, AB, &texts);
        fixture.traced = traced[i];
        (void)engine_go(&fixture, MODE_FIX);
        states[i] = arena_text(&kept, engine_states(&fixture));
        notes[i] = spy.count;
        CU_ASSERT_TRUE(fixture.record.trace_count == (traced[i] != NULL ? 1U : 0U));
        CU_ASSERT_TRUE(traced[i] == NULL || strstr(told(&fixture), "compare false a.text=good equals=bad") != NULL);
    }
    CU_ASSERT_TRUE(engine_says(states[1], states[0]));
    CU_ASSERT_EQUAL(notes[0], notes[1]);
    arena_close(&kept);
}

/* Of a group the one that won, of a playbook that does not apply why not. */
static void test_why_it_lost(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const struct plan_texts texts = {
        .playbooks = {PLAYBOOK(
            "p", "", "{'group':'g','firstOf':[" PLAN_FINDING("W", IS("a", "bad"), "") "," A_IF(IS("b", "good")) "]}")}};
    engine_open(&fixture, AB, &texts);
    fixture.traced = "A";
    (void)engine_go(&fixture, MODE_CHECK);
    CU_ASSERT_TRUE_FATAL(fixture.record.trace_count == 1);
    CU_ASSERT_TRUE(engine_says(fixture.record.traces->outranked_by, "W"));
}

static void test_what_does_not_apply(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *said =
        trace_of(&fixture, AB, PLAYBOOK("p", ",'appliesTo':" IS("a", "other"), A_IF(IS("b", "good"))), NULL);
    CU_ASSERT_TRUE(engine_says(
        said, "0 appliesTo false p, 1 compare false a.text=bad equals=other, "
              "0 compare false b.text=absent equals=good, " FACT_OF("a") ", 0 fact b:registry_value() not looked"));
}

/* What is beyond the bound is counted. */
static void test_parts_are_bounded(void)
{
    enum { NAMED = 200 };
    static char playbook[128 * 1024];
    struct engine_fixture fixture AUTO(engine_close);
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, sizeof(playbook) - 1);
    buf_text(&buf, PLAN_HEAD("p") ",'facts':{" VALUE_FACT("a") "},'conditions':{");
    for (int i = 0; i < NAMED; i++) {
        buf_format(&buf, "%s'c%d':{'anyOf':[" IS("a", "x") "," IS("a", "y") "]}", i > 0 ? "," : "", i);
    }
    buf_text(&buf,
             "},'findings':[{'id':'A','severity':'error','title':{'en':'t'},'detail':{'en':'d'},'when':{'anyOf':[");
    for (int i = 0; i < NAMED; i++) {
        buf_format(&buf, "%s{'condition':'c%d'}", i > 0 ? "," : "", i);
    }
    buf_text(&buf, "]}}]}");
    memcpy(playbook, buf_whole(&buf), buf.size + 1);
    (void)trace_of(&fixture, AB, playbook, NULL);
    CU_ASSERT_TRUE_FATAL(fixture.record.trace_count == 1);
    CU_ASSERT_EQUAL(fixture.record.traces->count, LIMIT_TRACE_NODES);
    CU_ASSERT_EQUAL(fixture.record.traces->left_out, 1 + NAMED + NAMED * 4 + 1 - LIMIT_TRACE_NODES);
}

void suite_engine_trace(void);
void suite_engine_trace(void)
{
    UNIT_SUITE("engine: traces", UNIT_TEST(test_told), UNIT_TEST(test_rows_are_bounded),
               UNIT_TEST(test_secrets_and_lengths), UNIT_TEST(test_telling_changes_nothing),
               UNIT_TEST(test_why_it_lost), UNIT_TEST(test_what_does_not_apply), UNIT_TEST(test_parts_are_bounded));
}
