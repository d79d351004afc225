/* SPDX-License-Identifier: MIT */
/* A fix that could not end well is refused: what stands has to go first. */
#include "engine_fixture.h"

#define CONSENT ",'parameters':{'yes':{'type':'bool','about':'a','default':false}}"
#define REFUSE(when) ",'refuse':[{'when':" when ",'reason':{'en':'because of ${b.text}'}}]"
#define ONE(more) PLAN_FINDING("A", IS("a", "bad"), more)
#define BLOCKED(when) ",'blockedBy':{'findings':['NOBODY','A']" when "}"
#define B_BLOCKED(when) PLAN_FINDING("B", IS("b", "bad"), FIX("b", "good") BLOCKED(when))
#define B_STANDS PLAN_FINDING("B", IS("b", "bad"), "")

static const struct {
    const char *name, *machine, *more, *findings;
    enum run_mode mode;
    const char *states;
    enum verdict verdict;
    const char *reason; /* of A, when not NULL */
    const char *denied;
} rows[] = {
    {.name = "one that stands",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     ONE("") "," B_BLOCKED(""),
     MODE_FIX,
     "A present, B refused",
     VERDICT_NEEDS_DECISION},
    {.name = "one that is refused, in a check",
     MACHINE("'a':'bad','b':'bad','c':'own'"),
     NULL,
     B_BLOCKED("") "," ONE(FIX("a", "good") REFUSE(IS("c", "own"))),
     MODE_CHECK,
     "B refused, A refused",
     VERDICT_NEEDS_DECISION},
    {.name = "not one that is fixed first",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     ONE(FIX("a", "good")) "," B_BLOCKED(""),
     MODE_FIX,
     "A fixed, B fixed",
     VERDICT_FIXED},
    {.name = "not one that would be fixed first",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     ONE(FIX("a", "good")) "," B_BLOCKED(""),
     MODE_PLAN,
     "A would_fix, B would_fix",
     VERDICT_WOULD_FIX},
    {.name = "not one that is absent",
     MACHINE("'b':'bad'"),
     NULL,
     ONE("") "," B_BLOCKED(""),
     MODE_FIX,
     "A absent, B fixed",
     VERDICT_FIXED},
    {.name = "not one that is unknown: a refusal may ask for that",
     MACHINE("'b':'bad'"),
     NULL,
     ONE("") "," B_BLOCKED(""),
     MODE_FIX,
     "A unknown, B fixed",
     VERDICT_UNDETERMINED,
     .denied = "a"},
    {.name = "while its condition holds",
     MACHINE("'a':'bad','b':'bad','c':'x'"),
     NULL,
     ONE("") "," B_BLOCKED(",'when':" IS("c", "x")),
     MODE_FIX,
     "A present, B refused",
     VERDICT_NEEDS_DECISION},
    {.name = "not while its condition does not",
     MACHINE("'a':'bad','b':'bad','c':'y'"),
     NULL,
     ONE("") "," B_BLOCKED(",'when':" IS("c", "x")),
     MODE_FIX,
     "A present, B fixed",
     VERDICT_NEEDS_DECISION},
    {.name = "before consent is asked for",
     MACHINE("'b':'bad','a':'bad'"),
     CONSENT,
     PLAN_FINDING("B", IS("b", "bad"), "") "," ONE(FIX("a", "good") ",'needs':['yes'],'blockedBy':{'findings':['B']}"),
     MODE_FIX,
     "B present, A refused",
     VERDICT_NEEDS_DECISION,
     "resolve B first: until then this fix could not be completed"},
    {.name = "after its own reason",
     MACHINE("'b':'bad','a':'bad'"),
     NULL,
     PLAN_FINDING("B", IS("b", "bad"),
                  "") "," ONE(FIX("a", "good") ",'blockedBy':{'findings':['B']}" REFUSE(IS("b", "bad"))),
     MODE_FIX,
     "B present, A refused",
     VERDICT_NEEDS_DECISION,
     "because of bad"},
    {.name = "what is blocked explains in its turn",
     MACHINE("'a':'bad','b':'bad','c':'bad'"),
     NULL,
     ONE("") "," B_BLOCKED("") "," PLAN_FINDING("C", IS("c", "bad"), FIX("c", "good") ",'explainedBy':['B']"),
     MODE_FIX,
     "A present, B refused, C explained",
     VERDICT_NEEDS_DECISION},
};

static void test_blockers(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[4096];
        (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "%s", "%s"), rows[i].more != NULL ? rows[i].more : "",
                       rows[i].findings);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        const struct record *record = engine_go(&fixture, rows[i].mode);
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].states));
        ROW_ASSERT(rows[i].name, record->verdict == rows[i].verdict);
        ROW_ASSERT(rows[i].name,
                   rows[i].reason == NULL || engine_says(engine_finding(&fixture, "A")->reason.en, rows[i].reason));
    }
}

/* A failed fix is a failure, whatever came to light behind it. */
static void test_a_failure_is_not_blocked(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(
        &fixture, MACHINE("'b':'bad','c':'bad'"),
        &(struct plan_texts){.playbooks = {PLAYBOOK("p", "",
                                                    PLAN_FINDING("A", IS("c", "good"), "") "," B_BLOCKED(
                                                        "") "," PLAN_FINDING("C", IS("c", "bad"), FIX("c", "good")))}});
    spy.sets_failing = 1;
    (void)engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_states(&fixture), "A present, B fixed, C fixed"));
    CU_ASSERT_EQUAL(spy_count("set b"), 2);
}

/* What is blocked waits for the fix of what blocks it, wherever that stands; where it fails, nothing is begun. */
static void test_blockers_are_fixed_first(void)
{
    static const struct {
        const char *name;
        size_t failing;
        const char *states;
        size_t sets_of_b;
    } cases[] = {{"fixed behind it", 0, "B fixed, A fixed", 1}, {"its fix fails", 9, "B refused, A not_fixed", 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, MACHINE("'a':'bad','b':'bad'"),
                    &(struct plan_texts){
                        .playbooks = {PLAYBOOK("p", "", B_BLOCKED("")), PLAYBOOK("q", "", ONE(FIX("a", "good")))}});
        spy.sets_failing = cases[i].failing;
        (void)engine_go(&fixture, MODE_FIX);
        ROW_ASSERT(cases[i].name, engine_says(engine_states(&fixture), cases[i].states));
        ROW_ASSERT(cases[i].name, spy_count("set b") == cases[i].sets_of_b);
        size_t at = 0;
        while (at < spy.count && strncmp(spy.notes[at], "set ", 4) != 0) {
            at++;
        }
        ROW_ASSERT(cases[i].name, at < spy.count && strcmp(spy.notes[at], "set a") == 0);
    }
}

/* Not for what it explains itself: that is fixed behind it. */
static void test_what_is_explained_is_not_waited_for(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'a':'bad','b':'bad'"),
                &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", B_BLOCKED("")),
                                                   PLAYBOOK("q", "", ONE(FIX("a", "good") ",'explainedBy':['B']"))}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_states(&fixture), "B fixed, A fixed"));
    CU_ASSERT(record->passes == 1 && record->changes == 2);
}

void suite_engine_blockers(void);
void suite_engine_blockers(void)
{
    UNIT_SUITE("engine/blockers", UNIT_TEST(test_blockers), UNIT_TEST(test_a_failure_is_not_blocked),
               UNIT_TEST(test_blockers_are_fixed_first), UNIT_TEST(test_what_is_explained_is_not_waited_for));
}
