/* SPDX-License-Identifier: MIT */
/* Filters: conditions over an item that have a name. */
#include "plan_fixture.h"

void suite_plan_filters(void);

#define BOOK(more, when)                                                                                               \
    PLAN_HEAD("p")                                                                                                     \
    ",'format':2,'uses':['common'],'facts':{'k':{'look':'tcp','forEach':['a','b'],'with':{'host':'${item}','port':1}}" \
    ","                                                                                                                \
    "'t':{'look':'tcp','with':{'host':'c','port':1}},'c':{'look':'certificate','forEach':['d'],'with':{'store':'CA',"  \
    "'thumbprint':'${item}'}}}" more ",'findings':[" PLAN_FINDING("A", when, "") "]}"
#define OPEN "{'fact':'item.openCount','greater':0}"
#define COMMON                                                                                                         \
    "{'id':'common','format':2,'version':'1','source':'s','filters':{'opens':" OPEN                                    \
    ",'isFirst':{'fact':'item.each','equals':'a'},'isOdd':{'fact':'item.nothing','exists':true}},'conditions':{'"      \
    "noneOpens':{'not':{'any':'k',"                                                                                    \
    "'where':'opens'}}}}"

static const struct {
    const char *name, *playbook, *error; /* NULL: it loads */
} rows[] = {
    {"one of its own", BOOK(",'filters':{'isOpen':" OPEN "}", "{'any':'k','where':'isOpen'}"), NULL},
    {"over two lists",
     BOOK(",'filters':{'f':{'fact':'item.each','equals':'a'}}", "[{'any':'k','where':'f'},{'any':'c','where':'f'}]"),
     NULL},
    {"beside others",
     BOOK(",'filters':{'isOpen':" OPEN "}", "{'all':'k','where':['isOpen','isFirst',{'not':'isOpen'}]}"), NULL},
    {"one over another",
     BOOK(",'filters':{'f':['g','opens'],'g':" OPEN "}", "{'count':{'of':'k','where':'f'},'greater':1}"), NULL},
    {"in a value", BOOK(",'filters':{'f':" OPEN "},'values':{'v':{'each':'${k}','where':'f'}}", "{'any':'values.v'}"),
     NULL},
    {"of common", BOOK("", "{'any':'k','where':'opens'}"), NULL},
    {"in a condition of common", BOOK("", "'noneOpens'"), NULL},
    {"its own goes first", BOOK(",'filters':{'isOdd':" OPEN "}", "{'any':'k','where':'isOdd'}"), NULL},
    {"a condition of its own goes first",
     BOOK(",'conditions':{'isOdd':{'fact':'t.openCount','greater':0}}", "{'any':'k','where':'isOdd'}"), NULL},
    {"outside where", BOOK(",'filters':{'f':" OPEN "}", "[{'any':'k','where':'f'},'f']"),
     "there is no condition \"f\""},
    {"of common outside where", BOOK("", "'opens'"), "there is no condition \"opens\""},
    {"unknown", BOOK("", "{'any':'k','where':'opnes'}"), "there is no condition \"opnes\""},
    {"a list without such a property", BOOK("", "{'any':'c','where':'opens'}"),
     "common.json:1: $.filters.opens.fact: item.openCount: there is no \"openCount\" there"},
    {"never named", BOOK(",'filters':{'f':" OPEN "}", "{'any':'k'}"), "$.filters.f: no where names this filter"},
    {"the name of a condition",
     BOOK(",'conditions':{'f':{'fact':'t.openCount','greater':0}},'filters':{'f':" OPEN "}", "{'any':'k','where':'f'}"),
     "$.filters.f: a condition has this name, too"},
    {"over itself", BOOK(",'filters':{'f':{'not':'f'}}", "{'any':'k','where':'f'}"), "a condition has at most"},
    {"over each other", BOOK(",'filters':{'f':['g','g'],'g':['f','f']}", "{'any':'k','where':'f'}"),
     "a condition has at most"},
    {"a list of them", BOOK(",'filters':['f']", "{'any':'k'}"), "$.filters: expected object"},
};

static void test_filters_stand_for_what_they_say(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan_fixture fixture AUTO(plan_close);
        plan_open(&fixture);
        struct plan_source sources[2] = {plan_document(&fixture.arena, "p0.json", rows[i].playbook),
                                         plan_document(&fixture.arena, "common.json", COMMON)};
        sources[1].selected = false;
        sources[1].is_common = true;
        bool loads = plan_load(NULL, 0, sources, 2, NULL, 0, &fixture.arena, &fixture.plan, &fixture.err);
        ROW_ASSERT(rows[i].name, loads == (rows[i].error == NULL));
        if (!loads && (rows[i].error == NULL || strstr(fixture.err.text, rows[i].error) == NULL)) {
            ROW_ASSERT(fixture.err.text, false);
        }
    }
}

/* What is built is the condition itself, of the list at hand. */
static void test_a_filter_is_built_where_it_is_named(void)
{
    struct plan_fixture fixture AUTO(plan_close);
    plan_open(&fixture);
    struct plan_source sources[2] = {plan_document(&fixture.arena, "p0.json", BOOK("", "{'any':'k','where':'opens'}")),
                                     plan_document(&fixture.arena, "common.json", COMMON)};
    sources[1].selected = false;
    sources[1].is_common = true;
    CU_ASSERT_FATAL(plan_load(NULL, 0, sources, 2, NULL, 0, &fixture.arena, &fixture.plan, &fixture.err));
    const struct cond *when = fixture.plan->playbooks[0].findings[0].when;
    CU_ASSERT(when->form == COND_COUNT && when->count == 1 && when->items[0].form == COND_COMPARE &&
              when->items[0].op == COND_GREATER && text_same(when->items[0].subject.text, "item.openCount"));
}

void suite_plan_filters(void)
{
    UNIT_SUITE("plan/filters", UNIT_TEST(test_filters_stand_for_what_they_say),
               UNIT_TEST(test_a_filter_is_built_where_it_is_named));
}
