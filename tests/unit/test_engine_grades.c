/* SPDX-License-Identifier: MIT */
/* How bad a finding is, and how sure: words that depend on what was seen. */
#include "engine_fixture.h"

static void test_severity(void)
{
    static const struct {
        const char *name, *machine, *denied;
        enum severity severity;
        enum verdict verdict;
    } rows[] = {
        {"a case", MACHINE("'a':'bad','b':'info'"), NULL, SEVERITY_INFO, VERDICT_HEALTHY},
        {"the next case", MACHINE("'a':'bad','b':'warning'"), NULL, SEVERITY_WARNING, VERDICT_HEALTHY},
        {"no case", MACHINE("'a':'bad'"), NULL, SEVERITY_ERROR, VERDICT_NEEDS_DECISION},
        {"an unknown case", MACHINE("'a':'bad','b':'info'"), "b", SEVERITY_ERROR, VERDICT_NEEDS_DECISION},
    };
    const char *playbook =
        PLAYBOOK("p", "",
                 "{'id':'A','severity':{'case':[{'when':" IS("b", "info") ",'is':'info'},{'when':" IS(
                     "b", "warning") ",'is':'warning'}],'else':'error'},'when':" IS("a", "bad") ",'title':{'en':'t'},'"
                                                                                                "detail':{'en':'d'}}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        const struct record *record = engine_go(&fixture, MODE_CHECK);
        ROW_ASSERT(rows[i].name, engine_finding(&fixture, "A")->severity == rows[i].severity);
        ROW_ASSERT(rows[i].name, record->verdict == rows[i].verdict);
    }
}

/* An input that is unknown never makes it surer than `else` says. */
static void test_confidence_that_depends(void)
{
    static const struct {
        const char *name, *machine, *denied;
        enum confidence confidence;
    } rows[] = {
        {"a case", MACHINE("'a':'bad','b':'new'"), NULL, CONFIDENCE_POSSIBLE},
        {"the next case", MACHINE("'a':'bad','b':'known'"), NULL, CONFIDENCE_CERTAIN},
        {"no case", MACHINE("'a':'bad'"), NULL, CONFIDENCE_LIKELY},
        {"an unknown case", MACHINE("'a':'bad','b':'known'"), "b", CONFIDENCE_LIKELY},
    };
    const char *playbook =
        PLAYBOOK("p", "",
                 PLAN_FINDING("A", IS("a", "bad"),
                              ",'confidence':{'case':[{'when':" IS("b", "new") ",'is':'possible'},{'when':" IS(
                                  "b", "known") ",'is':'certain'}],'else':'likely'}"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_CHECK);
        ROW_ASSERT(rows[i].name, engine_finding(&fixture, "A")->confidence == rows[i].confidence);
    }
}

void suite_engine_grades(void);
void suite_engine_grades(void)
{
    UNIT_SUITE("engine/grades", UNIT_TEST(test_severity), UNIT_TEST(test_confidence_that_depends));
}
