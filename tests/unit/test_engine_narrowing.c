/* SPDX-License-Identifier: MIT */
/* What the owner of a VM takes away. */
#include "engine_fixture.h"

static void test_two_sources_leave_what_both_leave(void)
{
    static const struct {
        const char *first, *second;
        enum leave most;
        const char *from;
    } rows[] = {
        {"fix", "fix", LEAVE_FIX, NULL},        {"fix", "check", LEAVE_CHECK, "second"},
        {"check", "fix", LEAVE_CHECK, "first"}, {"check", "off", LEAVE_OFF, "second"},
        {"OFF", "check", LEAVE_OFF, "first"},   {"", "fix", LEAVE_CHECK, "first"},
        {"offf", "Fix", LEAVE_CHECK, "first"},  {"check", "of", LEAVE_CHECK, "first"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct narrowing narrowing = {0};
        narrowing_take(&narrowing, rows[i].first, "first");
        narrowing_take(&narrowing, rows[i].second, "second");
        ROW_ASSERT(rows[i].first, narrowing.most == rows[i].most);
        ROW_ASSERT(rows[i].first,
                   rows[i].from == NULL ? narrowing.from == NULL : text_same(narrowing.from, rows[i].from));
        ROW_ASSERT(rows[i].first, narrowing_applies(&narrowing) == (rows[i].most != LEAVE_FIX));
    }
}

static void test_list(void)
{
    static const struct {
        const char *text;
        size_t count;
        const char *first, *last;
    } rows[] = {
        {"", 0, NULL, NULL},  {" ,;\t", 0, NULL, NULL},        {"A", 1, "A", "A"},
        {"A,B", 2, "A", "B"}, {" A ; B,,C \r\n", 3, "A", "C"}, {"A B", 2, "A", "B"},
    };
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, 64 * 1024, &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t count = 0;
        const char *const *items = narrowing_list(rows[i].text, &arena, &count);
        ROW_ASSERT(rows[i].text, count == rows[i].count);
        ROW_ASSERT(rows[i].text,
                   count == 0 || (text_same(items[0], rows[i].first) && text_same(items[count - 1], rows[i].last)));
    }
}

/* A finding without a fix has nothing to deny; one that is denied is told, and its thing stays as it is. */
static void test_denied(void)
{
    static const char *const finding[] = {"a"};
    static const char *const other[] = {"b", "service"};
    static const char *const noun[] = {"Registry_Value"};
    static const struct {
        const char *name;
        struct narrowing narrowing;
        enum finding_state fix, plan;
    } rows[] = {
        {"nothing", {0}, FINDING_FIXED, FINDING_WOULD_FIX},
        {"the finding", {.findings = finding, .finding_count = 1}, FINDING_REFUSED, FINDING_REFUSED},
        {"others", {.findings = other, .finding_count = 2}, FINDING_FIXED, FINDING_WOULD_FIX},
        {"the noun", {.nouns = noun, .noun_count = 1}, FINDING_REFUSED, FINDING_REFUSED},
        {"other nouns", {.nouns = other, .noun_count = 2}, FINDING_FIXED, FINDING_WOULD_FIX},
        {"approved", {.approved = finding, .approved_count = 1}, FINDING_FIXED, FINDING_WOULD_FIX},
        {"others are", {.approved = other, .approved_count = 2}, FINDING_REFUSED, FINDING_REFUSED},
        {"none is", {.approved = other}, FINDING_REFUSED, FINDING_REFUSED},
        {"what may follow",
         {.approved = other, .followers = noun, .follower_count = 1},
         FINDING_FIXED,
         FINDING_WOULD_FIX},
        {"what may not",
         {.approved = other, .followers = other, .follower_count = 2},
         FINDING_REFUSED,
         FINDING_REFUSED},
        {"approved and denied",
         {.approved = finding, .approved_count = 1, .findings = finding, .finding_count = 1},
         FINDING_REFUSED,
         FINDING_REFUSED},
    };
    const char *playbook = PLAYBOOK("p", "", PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (enum run_mode mode = MODE_PLAN; mode <= MODE_FIX; mode++) {
            struct engine_fixture fixture AUTO(engine_close);
            engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
            fixture.narrowing = &rows[i].narrowing;
            const struct record *record = engine_go(&fixture, mode);
            enum finding_state expected = mode == MODE_FIX ? rows[i].fix : rows[i].plan;
            ROW_ASSERT(rows[i].name, engine_finding(&fixture, "A")->state == expected);
            ROW_ASSERT(rows[i].name, record->changes == (expected == FINDING_FIXED ? 1U : 0U));
        }
    }
}

void suite_engine_narrowing(void);
void suite_engine_narrowing(void)
{
    UNIT_SUITE("engine/narrowing", UNIT_TEST(test_two_sources_leave_what_both_leave), UNIT_TEST(test_list),
               UNIT_TEST(test_denied));
}
