/* SPDX-License-Identifier: MIT */
/* What a person may decide about a finding that is not fixed: of the playbook, and of the engine. */
#include "engine_fixture.h"

#define TOP                                                                                                            \
    ",'parameters':{'yes':{'type':'bool','about':'a','default':false},'names':{'type':'list','about':'n','default':"   \
    "[]}},'choices':{'say':{'parameter':'yes','then':{'en':'sets ${a.text}','ja':'j'},'otherwise':{'en':'stays'}},"    \
    "'name':{'parameter':'names','value':'${b.text}','then':{'en':'takes it'},'otherwise':{'en':'asks nobody'}},"      \
    "'look':{'do':{'en':'look at ${b.text}'},'then':{'en':'goes on'},'otherwise':{'en':'waits'}}}"
#define REFUSE(choices) ",'refuse':[{'when':" IS("c", "own") ",'reason':{'en':'r'}" choices "}]"
#define A PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good") "%s")
#define OFF_AZURE MACHINE_OF("'assetTag':'other'", "'a':'bad','b':'x'", ",'network':{" NO_IMDS "}")
#define ALL MACHINE("'a':'bad','b':'x','c':'own'")

static const struct {
    const char *name, *machine, *top;
    const char *before; /* a finding before A */
    const char *more;   /* members of A */
    const char *told;   /* "[parameter][step]then/otherwise; ..." of A */
    const char *denied;
} rows[] = {
    {.name = "a parameter", ALL, TOP, "", REFUSE(",'choices':['say']"), "yes=true: sets bad/stays; "},
    {.name = "two of them, one with a value",
     ALL,
     TOP,
     "",
     REFUSE(",'choices':['name','look']"),
     "names=x: takes it/asks nobody; look at x: goes on/waits; "},
    {.name = "none", ALL, TOP, "", REFUSE(""), ""},
    {.name = "not while it does not refuse",
     MACHINE("'a':'bad','b':'x'"),
     TOP,
     "",
     REFUSE(",'choices':['say']") ",'needs':['yes']",
     "yes=true: sets bad/stays; "},
    {.name = "a needed parameter of which the playbook says nothing",
     MACHINE("'a':'bad','b':'x'"),
     ",'parameters':{'yes':{'type':'bool','about':'a','default':false}}",
     "",
     ",'needs':['yes']",
     "yes=true: azmend makes this fix./azmend changes nothing here.; "},
    {.name = "it cannot be told",
     ALL,
     TOP,
     "",
     REFUSE(",'choices':['say']"),
     "Correct what could not be checked (see the reason above), then run azmend again: azmend can tell whether the fix "
     "is safe, and makes it if it is./azmend does not make this fix.; ",
     .denied = "c"},
    {.name = "off Azure",
     OFF_AZURE,
     TOP,
     "",
     "",
     "If this is an Azure VM, make IMDS (169.254.169.254) reachable, then run azmend again: azmend can tell that it is "
     "an Azure VM, and makes this fix./azmend only checks.; "},
    {.name = "blocked",
     ALL,
     TOP,
     PLAN_FINDING("B", IS("b", "x"), "") ",",
     ",'blockedBy':{'findings':['B']}",
     "Resolve the finding that is named in the reason, then run azmend fix again: azmend makes this fix./azmend does "
     "not begin this fix, since it could not be completed.; "},
    {.name = "handed over",
     ALL,
     TOP,
     "",
     ",'refuse':[{'when':" IS("c", "own") ",'reason':{'en':'r'},'handOver':true,'choices':['say']}],'handoff':"
                                          "[{'title':{'en':'t'},'why':{'en':'w'}}]",
     "yes=true: sets bad/stays; "},
};

static const char *told(struct engine_fixture *fixture)
{
    const struct finding_record *finding = engine_finding(fixture, "A");
    const char *text = "";
    for (size_t i = 0; i < finding->choice_count; i++) {
        const struct choice_record *choice = &finding->choices[i];
        text = arena_format(&fixture->base.arena, "%s%s: %s/%s; ", text,
                            choice->parameter != NULL ? choice->parameter : choice->step.en, choice->then.en,
                            choice->otherwise.en);
    }
    return text;
}

static void test_choices(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[4096];
        (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "%s", "%s" A), rows[i].top, rows[i].before,
                       rows[i].more);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_FIX);
        ROW_ASSERT(rows[i].name, engine_says(told(&fixture), rows[i].told));
    }
}

void suite_engine_choices(void);
void suite_engine_choices(void)
{
    UNIT_SUITE("engine/choices", UNIT_TEST(test_choices));
}
