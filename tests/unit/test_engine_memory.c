/* SPDX-License-Identifier: MIT */
/* A run whose memory runs short begins no further fix and no look that could fill it, and ends with a whole result. */
#include "engine_fixture.h"

enum { SOME_FIXES = 64 * 1024, LITTLE = 256 * 1024 };

#define ELEMENTS                                                                                                       \
    "'p00','p01','p02','p03','p04','p05','p06','p07','p08','p09','p10','p11','p12','p13','p14','p15','p16','p17',"     \
    "'p18','p19','p20','p21','p22','p23','p24','p25','p26','p27','p28','p29','p30','p31','p32','p33','p34','p35',"     \
    "'p36','p37','p38','p39','p40','p41','p42','p43','p44','p45','p46','p47','p48','p49','p50','p51','p52','p53'"
#define MANY                                                                                                           \
    PLAYBOOK("p", ",'parameters':{'names':{'type':'list','default':[" ELEMENTS "],'about':'values'}}",                 \
             PLAN_FINDING("MANY", "{'fact':'a.exists','equals':false}",                                                \
                          ",'fix':[{'ensure':'registry_value','forEach':'${parameters.names}',"                        \
                          "'with':{'key':'HKLM\\\\A','name':'${item}','text':'good'}}," VALUE_STEP(                    \
                              "a", "good") "]") "," PLAN_FINDING("NEXT", "{'fact':'a.exists','equals':false}",         \
                                                                 FIX("a", "good")))

/* Takes all of the run's memory but this. */
static void leave(struct engine_fixture *fixture, size_t bytes)
{
    struct arena *arena = &fixture->base.arena;
    (void)arena_copy(arena, "", 0);
    (void)arena_alloc(arena, arena->size - arena->used - bytes - 64);
}

static void test_no_further_fix_begins(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'z':'good'"), &(struct plan_texts){.playbooks = {MANY}});
    leave(&fixture, (size_t)LIMIT_ARENA_RESERVE_BYTES + SOME_FIXES);
    const struct record *record = engine_go(&fixture, MODE_FIX);
    const struct finding_record *many = engine_finding(&fixture, "MANY");
    const struct step_record *steps = many->steps.items;
    const struct step_record *last = &steps[many->steps.count - 1];
    CU_ASSERT(record->changes > 0 && record->changes < 54 && record->verdict == VERDICT_NOT_FIXED);
    CU_ASSERT(steps[0].outcome == STEP_CHANGED && last->outcome == STEP_NOT_RUN);
    CU_ASSERT(steps[record->changes].outcome == STEP_NOT_RUN && steps[record->changes].err.code == ERR_LIMIT);
    CU_ASSERT_PTR_NOT_NULL(strstr(steps[record->changes].err.text, "memory"));
    CU_ASSERT(engine_says(engine_states(&fixture), "MANY not_fixed, NEXT not_fixed"));
    CU_ASSERT_PTR_NOT_NULL(strstr(engine_finding(&fixture, "NEXT")->reason.en, "memory"));
    CU_ASSERT(fixture.base.arena.size - fixture.base.arena.used > LIMIT_ARENA_END_BYTES);
}

static void test_enough_is_enough(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'z':'good'"), &(struct plan_texts){.playbooks = {MANY}});
    leave(&fixture, (size_t)LIMIT_ARENA_RESERVE_BYTES + 16 * (size_t)SOME_FIXES);
    CU_ASSERT_EQUAL(engine_go(&fixture, MODE_FIX)->changes, 55);
    CU_ASSERT(engine_says(engine_states(&fixture), "MANY fixed, NEXT fixed"));
}

/* What could not be looked at is unknown: nothing is fixed, nothing is called sound. */
static void test_no_look_begins(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'z':'good'"), &(struct plan_texts){.playbooks = {MANY}});
    leave(&fixture, (size_t)LIMIT_ARENA_END_BYTES + LITTLE);
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(record->changes == 0 && record->verdict == VERDICT_UNDETERMINED);
    CU_ASSERT(engine_says(engine_states(&fixture), "MANY unknown, NEXT unknown"));
    CU_ASSERT_PTR_NOT_NULL(strstr(engine_finding(&fixture, "NEXT")->reason.en, "memory"));
    CU_ASSERT_EQUAL(spy_count("query a"), 0);
}

/* A reply that could fill it is not waited for. */
static void test_no_reply_is_taken(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook =
        PLAN_HEAD("p") ",'facts':{'page':{'look':'tcp','with':{'host':'10.0.0.1','port':80}}},"
                       "'findings':[" PLAN_FINDING("F", "{'fact':'page.openCount','greater':0}", "") "]}";
    engine_open(&fixture, MACHINE("'z':'good'"), &(struct plan_texts){.playbooks = {playbook}});
    leave(&fixture, (size_t)LIMIT_ARENA_END_BYTES + LIMIT_REPLY_BYTES);
    const struct record *record = engine_go(&fixture, MODE_CHECK);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_UNDETERMINED);
    CU_ASSERT_PTR_NOT_NULL(strstr(engine_finding(&fixture, "F")->reason.en, "memory"));
}

void suite_engine_memory(void);
void suite_engine_memory(void)
{
    UNIT_SUITE("engine: memory", UNIT_TEST(test_no_further_fix_begins), UNIT_TEST(test_enough_is_enough),
               UNIT_TEST(test_no_look_begins), UNIT_TEST(test_no_reply_is_taken));
}
