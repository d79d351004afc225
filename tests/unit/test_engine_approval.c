/* SPDX-License-Identifier: MIT */
/* A plan by name: what makes it the same, and which of its findings differ. */
#include "engine/approval.h"
#include "engine_fixture.h"

/* Each value is replaced whatever it is. */
#define ANY                                                                                                            \
    PLAN_FINDING("A", "{'not':" IS("a", "good") "}", FIX("a", "good"))                                                 \
    "," PLAN_FINDING("B", "{'not':" IS("b", "good") "}", FIX("b", "good"))

static void test_is_name(void)
{
    static const struct {
        const char *text;
        bool is_name;
    } rows[] = {
        {"0123456789abcdef", true},
        {"0123456789abcdef.01234567", true},
        {"0123456789abcdef.01234567.89abcdef", true},
        {"", false},
        {"0123456789abcde", false},
        {"0123456789abcdef0", false},
        {"0123456789abcdef.", false},
        {"0123456789abcdef.0123456", false},
        {"0123456789abcdef.012345678", false},
        {"0123456789ABCDEF", false},
        {"0123456789abcdef,01234567", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ROW_ASSERT(rows[i].text, approval_is_name(rows[i].text) == rows[i].is_name);
    }
}

/* The name of the plan for this machine; the fixture stays open. */
static const char *name_of(struct engine_fixture *fixture, const char *machine)
{
    const char *name = NULL;
    engine_open(fixture, machine, &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", ANY)}});
    const struct record *plan = engine_go(fixture, MODE_PLAN);
    CU_ASSERT_FATAL(approval_name(plan, &fixture->base.arena, &name, &fixture->base.err));
    return name;
}

static void test_compare(void)
{
    static const struct {
        const char *name, *approved, *now;
        const char *differing; /* ids one behind the other */
        size_t gone;
        bool is_same;
    } rows[] = {
        {"the same", MACHINE("'a':'bad','b':'bad'"), MACHINE("'b':'bad','a':'bad'"), "", 0, true},
        {"one before-value", MACHINE("'a':'bad','b':'bad'"), MACHINE("'a':'worse','b':'bad'"), "A", 1, false},
        {"one is gone", MACHINE("'a':'bad','b':'bad'"), MACHINE("'a':'good','b':'bad'"), "", 1, false},
        {"one came", MACHINE("'a':'good','b':'bad'"), MACHINE("'a':'bad','b':'bad'"), "A", 0, false},
        {"all are gone", MACHINE("'a':'bad','b':'bad'"), MACHINE("'a':'good','b':'good'"), "", 2, false},
        {"all are others", MACHINE("'a':'bad','b':'bad'"), MACHINE("'a':'x','b':'y'"), "AB", 2, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture approved AUTO(engine_close);
        struct engine_fixture now AUTO(engine_close);
        const char *given = name_of(&approved, rows[i].approved);
        const char *is = name_of(&now, rows[i].now);
        struct approval_record approval = {0};
        const char *differing = "";
        CU_ASSERT(approval_compare(given, &now.record, &now.base.arena, &approval, &now.base.err));
        for (size_t j = 0; j < approval.differing_count; j++) {
            differing = arena_format(&now.base.arena, "%s%s", differing, approval.differing[j]);
        }
        ROW_ASSERT(rows[i].name, approval_is_name(given) && text_same(approval.is, is));
        ROW_ASSERT(rows[i].name, text_same(given, is) == rows[i].is_same);
        ROW_ASSERT(rows[i].name, text_same(differing, rows[i].differing) && approval.gone == rows[i].gone);
    }
}

static void test_nothing_to_change_has_no_name(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    CU_ASSERT_STRING_EQUAL(name_of(&fixture, MACHINE("'a':'good','b':'good'")), "");
}

void suite_engine_approval(void);
void suite_engine_approval(void)
{
    UNIT_SUITE("engine/approval", UNIT_TEST(test_is_name), UNIT_TEST(test_compare),
               UNIT_TEST(test_nothing_to_change_has_no_name));
}
