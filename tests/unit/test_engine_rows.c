/* SPDX-License-Identifier: MIT */
/* any and all over rows, the short forms of a condition, and the long ones that say the same. */
#include "engine_fixture.h"

#define VALUES                                                                                                         \
    ",'values':{'l':{'firstOf':[['x','y']]},'none':{'each':'${values.l}','where':{'fact':'item','equals':'z'}}}"       \
    ",'conditions':{'c':" IS("a", "x") "}"
#define IS_A "{'fact':'item','equals':'${a.text}'}"
#define IS_AN_X "{'fact':'item','like':'x*'}"

static void test_rows(void)
{
    static const struct {
        const char *when, *same_as;
        enum truth_word of_x, of_z, of_denied; /* while a is x, is z, cannot be read */
    } rows[] = {
        {"{'any':'values.l','where':" IS_A "}", "{'count':{'of':'values.l','where':" IS_A "},'greater':0}", TRUTH_TRUE,
         TRUTH_FALSE, TRUTH_UNKNOWN},
        {"{'all':'values.l','where':{'not':" IS_A "}}", "{'count':{'of':'values.l','where':" IS_A "},'equals':0}",
         TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN},
        {"{'any':'values.l'}", "{'count':{'of':'values.l'},'greater':0}", TRUTH_TRUE, TRUTH_TRUE, TRUTH_TRUE},
        {"{'any':'values.none'}", "{'count':{'of':'values.none'},'greater':0}", TRUTH_FALSE, TRUTH_FALSE, TRUTH_FALSE},
        {"{'all':'values.none','where':" IS_A "}", "{'not':{'any':'values.none'}}", TRUTH_TRUE, TRUTH_TRUE, TRUTH_TRUE},
        {"{'any':'values.l','where':[" IS_A "," IS_AN_X "]}",
         "{'any':'values.l','where':{'allOf':[" IS_A "," IS_AN_X "]}}", TRUTH_TRUE, TRUTH_FALSE, TRUTH_UNKNOWN},
        {"'c'", "{'condition':'c'}", TRUTH_TRUE, TRUTH_FALSE, TRUTH_UNKNOWN},
        {"['c',{'any':'values.none'}]", "{'allOf':[{'condition':'c'},{'any':'values.none'}]}", TRUTH_FALSE, TRUTH_FALSE,
         TRUTH_FALSE},
        {"{'not':'c'}", "{'not':{'condition':'c'}}", TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const enum truth_word expected[] = {rows[i].of_x, rows[i].of_z, rows[i].of_denied};
        static const char *const machines[] = {MACHINE("'a':'x'"), MACHINE("'a':'z'"), MACHINE("'a':'x'")};
        for (size_t k = 0; k < COUNT_OF(expected); k++) {
            struct engine_fixture fixture AUTO(engine_close);
            char playbook[4096];
            (void)snprintf(playbook, sizeof(playbook),
                           PLAYBOOK("p", VALUES, PLAN_FINDING("A", "%s", "") "," PLAN_FINDING("B", "%s", "")),
                           rows[i].when, rows[i].same_as);
            engine_open(&fixture, machines[k], &(struct plan_texts){.playbooks = {playbook}});
            spy.denied = k == 2 ? "a" : NULL;
            (void)engine_go(&fixture, MODE_CHECK);
            static const enum finding_state states[] = {
                [TRUTH_FALSE] = FINDING_ABSENT, [TRUTH_TRUE] = FINDING_PRESENT, [TRUTH_UNKNOWN] = FINDING_UNKNOWN};
            ROW_ASSERT(rows[i].when, engine_finding(&fixture, "A")->state == states[expected[k]]);
            ROW_ASSERT(rows[i].same_as, engine_finding(&fixture, "B")->state == states[expected[k]]);
        }
    }
}

void suite_engine_rows(void);
void suite_engine_rows(void)
{
    UNIT_SUITE("engine/rows", UNIT_TEST(test_rows));
}
