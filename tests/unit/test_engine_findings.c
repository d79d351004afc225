/* SPDX-License-Identifier: MIT */
/* What findings come to in whole runs: groups, explanations, refusals, consent, evidence. */
#include "engine_fixture.h"

#define GROUP(findings) "{'group':'g','firstOf':[" findings "]}"
#define THREE                                                                                                          \
    GROUP(PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING(                                        \
        "B", IS("b", "bad"), FIX("b", "good")) "," PLAN_FINDING("C", IS("c", "bad"), ""))
#define REFUSE(when) ",'refuse':[{'when':" when ",'reason':{'en':'because of ${b.text}'}}]"
#define HAND_OVER(when, run)                                                                                           \
    ",'refuse':[{'when':" when ",'reason':{'en':'because of ${b.text}'},'handOver':true}],"                            \
    "'handoff':[{'title':{'en':'t'},'why':{'en':'w'}" run "}]"
#define CONSENT ",'parameters':{'yes':{'type':'bool','about':'a','default':false}}"
#define ONE(more) PLAN_FINDING("A", IS("a", "bad"), more)

/* One finding, or a few, against one machine: their states, the verdict, and what is said of A. */
struct expectation {
    const char *name, *machine, *more, *findings;
    enum run_mode mode;
    const char *states;
    enum verdict verdict;
    const char *reason; /* of A, when not NULL */
    const char *denied, *denied_after;
    const char *given; /* value of the parameter yes */
};

static void run_row(struct engine_fixture *fixture, const struct expectation *row)
{
    char playbook[4096];
    (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "%s", "%s"), row->more != NULL ? row->more : "",
                   row->findings);
    struct plan_texts texts = {.playbooks = {playbook}};
    if (row->given != NULL) {
        texts.given[0] = (struct plan_parameter){.name = "yes", .value = row->given};
    }
    engine_open(fixture, row->machine, &texts);
    spy.denied = row->denied;
    spy.denied_after = row->denied_after;
    const struct record *record = engine_go(fixture, row->mode);
    ROW_ASSERT(row->name, engine_says(engine_states(fixture), row->states));
    ROW_ASSERT(row->name, engine_says(verdict_names[record->verdict], verdict_names[row->verdict]));
    ROW_ASSERT(row->name, row->reason == NULL || engine_says(engine_finding(fixture, "A")->reason.en, row->reason));
    ROW_ASSERT(row->name, record->changes == spy_count("set a") + spy_count("set b") + spy_count("set c"));
}

static void run_rows(const struct expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct engine_fixture fixture AUTO(engine_close);
        run_row(&fixture, &rows[i]);
    }
}

static const struct expectation group_rows[] = {
    {.name = "the first true one wins",
     MACHINE("'a':'bad','b':'bad','c':'bad'"),
     NULL,
     THREE,
     MODE_CHECK,
     "A would_fix, B absent, C absent",
     VERDICT_WOULD_FIX},
    {.name = "a later one",
     MACHINE("'c':'bad'"),
     NULL,
     THREE,
     MODE_CHECK,
     "A absent, B absent, C present",
     VERDICT_NEEDS_DECISION},
    {.name = "none", MACHINE(""), NULL, THREE, MODE_CHECK, "A absent, B absent, C absent", VERDICT_HEALTHY},
    {.name = "none true and one unknown",
     MACHINE(""),
     NULL,
     THREE,
     MODE_CHECK,
     "A absent, B unknown, C absent",
     VERDICT_UNDETERMINED,
     .denied = "b"},
    {.name = "an earlier unknown one bars the fix",
     MACHINE("'b':'bad'"),
     NULL,
     THREE,
     MODE_FIX,
     "A absent, B refused, C absent",
     VERDICT_NEEDS_DECISION,
     .denied = "a"},
    {.name = "and is no answer of its own",
     MACHINE("'c':'bad'"),
     NULL,
     THREE,
     MODE_CHECK,
     "A absent, B absent, C present",
     VERDICT_NEEDS_DECISION,
     .denied = "a"},
    {.name = "a later unknown one does not",
     MACHINE("'a':'bad'"),
     NULL,
     THREE,
     MODE_FIX,
     "A fixed, B unknown, C absent",
     VERDICT_UNDETERMINED,
     .denied = "b"},
    {.name = "once the winner is fixed the next may come",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     THREE,
     MODE_FIX,
     "A fixed, B fixed, C absent",
     VERDICT_FIXED},
    {.name = "one that was only outranked was never fixed",
     MACHINE("'a':'bad'"),
     NULL,
     GROUP(PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING("B", IS("a", "bad"), FIX("b", "x"))),
     MODE_FIX,
     "A fixed, B absent",
     VERDICT_FIXED},
    {.name = "what a failed fix shows to be another diagnosis is not fixed with it",
     MACHINE("'a':'bad'"),
     NULL,
     GROUP(PLAN_FINDING("A", "{'allOf':[" IS("a", "bad") "," IS("b", "denied") "]}",
                        FIX("a", "good")) "," PLAN_FINDING("B", IS("a", "bad"), FIX("b", "denied"))),
     MODE_FIX,
     "A fixed, B absent",
     VERDICT_FIXED},
    {.name = "two groups side by side",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     GROUP(PLAN_FINDING("A", IS("a", "bad"), "")) "," GROUP(PLAN_FINDING("B", IS("b", "bad"), "")),
     MODE_CHECK,
     "A present, B present",
     VERDICT_NEEDS_DECISION},
    {.name = "a finding behind a group",
     MACHINE("'a':'bad','b':'bad'"),
     NULL,
     GROUP(PLAN_FINDING("A", IS("a", "bad"), "")) "," PLAN_FINDING("B", IS("b", "bad"), ""),
     MODE_CHECK,
     "A present, B present",
     VERDICT_NEEDS_DECISION},
};

static void test_groups(void)
{
    run_rows(group_rows, COUNT_OF(group_rows));
}

static void test_confidence(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    static const struct expectation row = {.name = "capped",
                                           MACHINE("'b':'bad'"),
                                           NULL,
                                           THREE,
                                           MODE_CHECK,
                                           "A absent, B refused, C absent",
                                           VERDICT_NEEDS_DECISION,
                                           .denied = "a"};
    run_row(&fixture, &row);
    const struct finding_record *finding = engine_finding(&fixture, "B");
    CU_ASSERT_EQUAL(finding->confidence, CONFIDENCE_POSSIBLE);
    CU_ASSERT_STRING_EQUAL(finding->reason.en, "another possible cause has to be ruled out first");
}

static const char off_azure[] = MACHINE_OF("'assetTag':'other'", "'a':'bad'", ",'network':{" NO_IMDS "}");
static const struct expectation refusal_rows[] = {
    {.name = "nothing refused",
     MACHINE("'a':'bad'"),
     NULL,
     ONE(FIX("a", "x") REFUSE(IS("b", "own"))),
     MODE_FIX,
     "A fixed",
     VERDICT_FIXED},
    {.name = "refused",
     MACHINE("'a':'bad','b':'own'"),
     NULL,
     ONE(FIX("a", "x") REFUSE(IS("b", "own"))),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "because of own"},
    {.name = "not known whether it may",
     MACHINE("'a':'bad'"),
     NULL,
     ONE(FIX("a", "x") REFUSE(IS("b", "own"))),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "could not check whether it may be fixed: registry_value: b may not be read",
     "b"},
    {.name = "refused though another refusal is unknown",
     MACHINE("'a':'bad','b':'own'"),
     NULL,
     ONE(FIX("a", "x") ",'refuse':[{'when':" IS("c", "x") ",'reason':{'en':'no'}},{'when':" IS(
         "b", "own") ",'reason':{'en':'own'}}]"),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "own",
     "c"},
    {.name = "a refusal without a fix",
     MACHINE("'a':'bad','b':'own'"),
     NULL,
     ONE(REFUSE(IS("b", "own"))),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "because of own"},
    {.name = "somebody else's to change",
     MACHINE("'a':'bad','b':'own'"),
     NULL,
     ONE(FIX("a", "x") HAND_OVER(IS("b", "own"), "")),
     MODE_FIX,
     "A handed_off",
     VERDICT_NEEDS_DECISION,
     "because of own"},
    {.name = "somebody else's to change, in Azure",
     MACHINE("'a':'bad','b':'own'"),
     NULL,
     ONE(FIX("a", "x") HAND_OVER(IS("b", "own"), ",'run':[{'az':['vm','list']}]")),
     MODE_PLAN,
     "A handed_off",
     VERDICT_NEEDS_AZURE_CHANGE,
     "because of own"},
    {.name = "somebody else's to change, perhaps: nothing is done, and nobody else is named",
     MACHINE("'a':'bad'"),
     NULL,
     ONE(FIX("a", "x") HAND_OVER(IS("b", "own"), "")),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     .denied = "b"},
    {.name = "not somebody else's",
     MACHINE("'a':'bad','b':'free'"),
     NULL,
     ONE(FIX("a", "x") HAND_OVER(IS("b", "own"), "")),
     MODE_FIX,
     "A fixed",
     VERDICT_FIXED},
    {.name = "consent missing",
     MACHINE("'a':'bad'"),
     CONSENT,
     ONE(FIX("a", "x") ",'needs':['yes']"),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "requires your approval: --parameter p.yes=true"},
    {.name = "consent refused",
     MACHINE("'a':'bad'"),
     CONSENT,
     ONE(FIX("a", "x") ",'needs':['yes']"),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     .given = "false"},
    {.name = "consent given",
     MACHINE("'a':'bad'"),
     CONSENT,
     ONE(FIX("a", "x") ",'needs':['yes']"),
     MODE_FIX,
     "A fixed",
     VERDICT_FIXED,
     .given = "true"},
    {.name = "not on Azure: check only",
     off_azure,
     NULL,
     ONE(FIX("a", "x")),
     MODE_FIX,
     "A refused",
     VERDICT_NEEDS_DECISION,
     "not confirmed to be an Azure VM: azmend only checks"},
    {.name = "not on Azure, in a dry run as well",
     off_azure,
     NULL,
     ONE(FIX("a", "x")),
     MODE_PLAN,
     "A refused",
     VERDICT_NEEDS_DECISION},
    {.name = "not on Azure, nothing to fix", off_azure, NULL, ONE(""), MODE_FIX, "A present", VERDICT_NEEDS_DECISION},
};

static void test_refusals(void)
{
    run_rows(refusal_rows, COUNT_OF(refusal_rows));
}

#define EXPLAINED ",'explainedBy':['A']"
#define B_EXPLAINED PLAN_FINDING("B", IS("b", "bad"), FIX("b", "good") EXPLAINED)

#define B_EXPLAINED_WHEN                                                                                               \
    PLAN_FINDING("B", IS("b", "bad"),                                                                                  \
                 FIX("b", "good") ",'explainedBy':['NOBODY',{'finding':'A','when':" IS("c", "tried") "}]")

#define INFORMS(id, when, more)                                                                                        \
    "{'id':'" id "','severity':'info','when':" when ",'title':{'en':'t'},'detail':{'en':'d'}" more "}"
#define A_INFORMS INFORMS("A", IS("a", "bad"), "")
#define B_INFORMS INFORMS("B", IS("b", "bad"), EXPLAINED)

static void test_explanations(void)
{
    static const struct expectation rows[] = {
        {.name = "by one that stands",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         ONE("") "," B_EXPLAINED,
         MODE_FIX,
         "A present, B explained",
         VERDICT_NEEDS_DECISION},
        {.name = "by one that is refused",
         MACHINE("'a':'bad','b':'bad','c':'own'"),
         NULL,
         B_EXPLAINED "," ONE(FIX("a", "good") REFUSE(IS("c", "own"))),
         MODE_FIX,
         "B explained, A refused",
         VERDICT_NEEDS_DECISION},
        {.name = "an error not by information",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         A_INFORMS "," B_EXPLAINED,
         MODE_CHECK,
         "A present, B would_fix",
         VERDICT_WOULD_FIX},
        {.name = "information by information",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         A_INFORMS "," B_INFORMS,
         MODE_CHECK,
         "A present, B explained",
         VERDICT_HEALTHY},
        {.name = "not by one that is absent",
         MACHINE("'b':'bad'"),
         NULL,
         ONE("") "," B_EXPLAINED,
         MODE_FIX,
         "A absent, B fixed",
         VERDICT_FIXED},
        {.name = "not by one that is unknown",
         MACHINE("'b':'bad'"),
         NULL,
         ONE("") "," B_EXPLAINED,
         MODE_FIX,
         "A unknown, B fixed",
         VERDICT_UNDETERMINED,
         .denied = "a"},
        {.name = "not by one that would be fixed",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         ONE(FIX("a", "good")) "," B_EXPLAINED,
         MODE_CHECK,
         "A would_fix, B would_fix",
         VERDICT_WOULD_FIX},
        {.name = "not by one that was fixed",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         ONE(FIX("a", "good")) "," B_EXPLAINED,
         MODE_FIX,
         "A fixed, B fixed",
         VERDICT_FIXED},
        {.name = "what is absent is not explained",
         MACHINE("'a':'bad'"),
         NULL,
         ONE("") "," B_EXPLAINED,
         MODE_FIX,
         "A present, B absent",
         VERDICT_NEEDS_DECISION},
    };
    run_rows(rows, COUNT_OF(rows));
}

/* An explanation with a condition of its own: only while that is known to hold. */
static void test_explanations_at_times(void)
{
    static const struct expectation rows[] = {
        {.name = "while its condition holds",
         MACHINE("'a':'bad','b':'bad','c':'tried'"),
         NULL,
         ONE("") "," B_EXPLAINED_WHEN,
         MODE_FIX,
         "A present, B explained",
         VERDICT_NEEDS_DECISION},
        {.name = "not while its condition does not",
         MACHINE("'a':'bad','b':'bad'"),
         NULL,
         ONE("") "," B_EXPLAINED_WHEN,
         MODE_FIX,
         "A present, B fixed",
         VERDICT_NEEDS_DECISION},
        {.name = "not while nobody knows",
         MACHINE("'a':'bad','b':'bad','c':'tried'"),
         NULL,
         ONE("") "," B_EXPLAINED_WHEN,
         MODE_FIX,
         "A present, B fixed",
         VERDICT_NEEDS_DECISION,
         .denied = "c"},
    };
    run_rows(rows, COUNT_OF(rows));
}

/* The fix of the explaining one fails: in the playbook behind it the other one is explained, and not touched. */
static void test_explained_by_a_failed_fix(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(
        &fixture, MACHINE("'a':'bad','b':'bad'"),
        &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", ONE(FIX("a", "good"))), PLAYBOOK("q", "", B_EXPLAINED)}});
    spy.sets_failing = 1;
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_states(&fixture), "A not_fixed, B explained"));
    CU_ASSERT_STRING_EQUAL(engine_finding(&fixture, "B")->explained_by, "A");
    CU_ASSERT(spy_count("set b") == 0 && record->verdict == VERDICT_NOT_FIXED);
}

static void test_doubt_after_a_change(void)
{
    static const struct expectation rows[] = {
        {.name = "after its fix nothing can be seen",
         MACHINE("'a':'bad'"),
         NULL,
         ONE(FIX("a", "good")),
         MODE_FIX,
         "A not_fixed",
         VERDICT_NOT_FIXED,
         .denied_after = "a"},
        {.name = "it was held back, and another fix blinded it",
         MACHINE("'a':'bad','b':'bad'"),
         CONSENT,
         ONE(FIX("a", "x") ",'needs':['yes']") "," PLAN_FINDING("B", IS("b", "bad"), FIX("b", "good")),
         MODE_FIX,
         "A unknown, B fixed",
         VERDICT_UNDETERMINED,
         .denied_after = "a"},
    };
    run_rows(rows, COUNT_OF(rows));
}

/* What was seen when it was present, not what is there after the fix. */
static void test_evidence_is_from_before(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "",
        "{'id':'A','severity':'error','when':" IS("a", "bad") ",'title':{'en':'is ${a.text}','ja':'${a.text}'},"
                                                              "'detail':{'en':'d'}" FIX("a", "good") "}");
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    (void)engine_go(&fixture, MODE_FIX);
    const struct finding_record *finding = engine_finding(&fixture, "A");
    CU_ASSERT_EQUAL(finding->state, FINDING_FIXED);
    CU_ASSERT(engine_says(finding->title.en, "is bad") && engine_says(finding->title.ja, "bad"));
    CU_ASSERT_EQUAL_FATAL(finding->evidence_count, 1);
    CU_ASSERT_STRING_EQUAL(finding->evidence[0].name, "a.text");
    CU_ASSERT_STRING_EQUAL(finding->evidence[0].value.as.text, "bad");
}

static void test_clears_after_reboot(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    static const struct expectation row = {.name = "pending",
                                           MACHINE("'a':'bad'"),
                                           NULL,
                                           ONE(FIX("a", "x") ",'clears':'afterReboot'"),
                                           MODE_FIX,
                                           "A pending_reboot",
                                           VERDICT_NEEDS_REBOOT};
    run_row(&fixture, &row);
    CU_ASSERT_TRUE(fixture.record.reboot_required);
}

void suite_engine_findings(void);
void suite_engine_findings(void)
{
    UNIT_SUITE("engine/findings", UNIT_TEST(test_groups), UNIT_TEST(test_confidence), UNIT_TEST(test_refusals),
               UNIT_TEST(test_explanations), UNIT_TEST(test_explanations_at_times),
               UNIT_TEST(test_explained_by_a_failed_fix), UNIT_TEST(test_doubt_after_a_change),
               UNIT_TEST(test_evidence_is_from_before), UNIT_TEST(test_clears_after_reboot));
}
