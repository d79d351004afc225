/* SPDX-License-Identifier: MIT */
/* What findings come to in whole runs: groups, explanations, refusals, consent, evidence, hand-overs. */
#include "engine_fixture.h"

#define GROUP(findings) "{'group':'g','firstOf':[" findings "]}"
#define THREE                                                                                                          \
    GROUP(PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING(                                        \
        "B", IS("b", "bad"), FIX("b", "good")) "," PLAN_FINDING("C", IS("c", "bad"), ""))
#define REFUSE(when) ",'refuse':[{'when':" when ",'reason':{'en':'because of ${b.text}'}}]"
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
        texts.given[0] = (struct plan_parameter){"yes", row->given};
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

static void test_groups(void)
{
    static const struct expectation rows[] = {
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
         GROUP(
             PLAN_FINDING("A", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING("B", IS("a", "bad"), FIX("b", "x"))),
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
    run_rows(rows, COUNT_OF(rows));
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
    CU_ASSERT_STRING_EQUAL(finding->reason.en, "an earlier diagnosis of its group could not be ruled out");
}

static void test_refusals(void)
{
    static const char off_azure[] = MACHINE_OF("'assetTag':'other'", "'a':'bad'", ",'network':{" NO_IMDS "}");
    static const struct expectation rows[] = {
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
         "not known whether it may be fixed: registry_value: b may not be read",
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
        {.name = "consent missing",
         MACHINE("'a':'bad'"),
         CONSENT,
         ONE(FIX("a", "x") ",'needs':['yes']"),
         MODE_FIX,
         "A refused",
         VERDICT_NEEDS_DECISION,
         "needs consent: --parameter p.yes=true"},
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
         "this machine is not proven to be on Azure: check only"},
        {.name = "not on Azure, in a dry run as well",
         off_azure,
         NULL,
         ONE(FIX("a", "x")),
         MODE_PLAN,
         "A refused",
         VERDICT_NEEDS_DECISION},
        {.name = "not on Azure, nothing to fix",
         off_azure,
         NULL,
         ONE(""),
         MODE_FIX,
         "A present",
         VERDICT_NEEDS_DECISION},
    };
    run_rows(rows, COUNT_OF(rows));
}

#define EXPLAINED ",'explainedBy':['A']"
#define B_EXPLAINED PLAN_FINDING("B", IS("b", "bad"), FIX("b", "good") EXPLAINED)

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

/* What was seen when it stood, not what is there after the fix. */
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

/* --- hand-overs --- */

#define GUID "11111111-2222-3333-4444-555555555555"
#define IMDS(name)                                                                                                     \
    ",'network':{'imds':{'versions':['2025-04-07'],'instance':{'compute':{'azEnvironment':'AzurePublicCloud','vmId':"  \
    "'" GUID "','name':'" name "','resourceGroupName':'rg'},'network':{}}}}"
#define HANDOFF(word)                                                                                                  \
    PLAN_HEAD("p")                                                                                                     \
    ",'facts':{" VALUE_FACT("a") ",'az':{'look':'azure_instance'}},'findings':[" PLAN_FINDING(                         \
        "A", IS("a", "bad"),                                                                                           \
        ",'handoff':[{'title':{'en':'do ${a.text}'},'why':{'en':'w'},'run':[{'set':'id','az':['vm','show','-n','" word \
        "','-g','rg-${az.resourceGroup}']},{'az':['vm','restart','--ids','@id',7]}]}]") "]}"

static void test_handoff(void)
{
    static const struct {
        const char *name, *machine, *word, *shown, *unknown;
    } rows[] = {
        {"filled", MACHINE_OF(AZURE_TAG, "'a':'bad'", IMDS("vm-1")), "${az.name}", "vm-1", NULL},
        {"inside a text", MACHINE_OF(AZURE_TAG, "'a':'bad'", IMDS("vm-1")), "x-${az.name}", "x-vm-1", NULL},
        {"hostile text", MACHINE_OF(AZURE_TAG, "'a':'bad'", IMDS("vm;reboot")), "${az.name}", NULL,
         "az.name is name does not look like one"},
        {"absent", MACHINE_OF(AZURE_TAG, "'a':'bad'", IMDS("")), "${az.name}", NULL, "az.name is not set"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[2048];
        (void)snprintf(playbook, sizeof(playbook), HANDOFF("%s"), rows[i].word);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        const struct record *record = engine_go(&fixture, MODE_FIX);
        const struct finding_record *finding = engine_finding(&fixture, "A");
        ROW_ASSERT(rows[i].name, finding->state == FINDING_HANDED_OFF);
        ROW_ASSERT(rows[i].name, record->verdict == VERDICT_NEEDS_AZURE_CHANGE);
        const struct handoff_record *handoff = &finding->handoffs[0];
        ROW_ASSERT(rows[i].name, engine_says(handoff->unknown, rows[i].unknown));
        ROW_ASSERT(rows[i].name, handoff->count == (rows[i].unknown == NULL ? 2 : 0));
        ROW_ASSERT(rows[i].name, engine_says(handoff->title.en, "do bad"));
        if (handoff->count == 2) {
            ROW_ASSERT(rows[i].name, engine_says(handoff->commands[0].words[3], rows[i].shown));
            ROW_ASSERT(rows[i].name, engine_says(handoff->commands[0].words[5], "rg-rg"));
            ROW_ASSERT(rows[i].name, engine_says(handoff->commands[1].words[4], "7"));
        }
    }
}

/* One command an element of a list. */
static void test_handoff_for_each(void)
{
    static const struct {
        const char *name, *list, *denied, *unknown;
        size_t commands;
    } rows[] = {
        {"each", "[1,2,3]", NULL, NULL, 3},
        {"none", "[]", NULL, NULL, 0},
        {"not set", "'${parameters.l}'", NULL, "its forEach is not set or over its limit", 0},
        {"unknown", "['${b.text}']", "b", "registry_value: b may not be read", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[2048];
        (void)snprintf(
            playbook, sizeof(playbook),
            PLAYBOOK("p", ",'parameters':{'l':{'type':'list','about':'a'}}",
                     ONE(",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'forEach':%s,'az':['x','%s']}]"
                         "}]")),
            rows[i].list, i == 0 ? "${item}" : "y");
        engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_CHECK);
        const struct handoff_record *handoff = &engine_finding(&fixture, "A")->handoffs[0];
        ROW_ASSERT(rows[i].name, handoff->count == rows[i].commands);
        ROW_ASSERT(rows[i].name, engine_says(handoff->unknown, rows[i].unknown));
        ROW_ASSERT(rows[i].name, i != 0 || engine_says(handoff->commands[2].words[1], "3"));
    }
}

static const char *read_machine(struct arena *arena, const char *name)
{
    const char *path = arena_format(arena, "%s/tests/scenarios/machines/%s.json", AZMEND_SOURCE_DIR, name);
    static char text[256 * 1024];
    FILE *file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

/* A whole machine: its system and licence are in the record, from the looks that playbooks made. */
static void test_the_machine_is_described(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, 64 * 1024, &err));
    const char *playbook = PLAN_HEAD("p") ",'facts':{'l':{'look':'license'}},'findings':[]}";
    engine_open(&fixture, read_machine(&arena, "server-2022-datacenter"),
                &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_CHECK);
    CU_ASSERT(record->machine.os != NULL && strncmp(record->machine.os, "ServerDatacenter 20348.", 23) == 0);
    CU_ASSERT(record->license.known && engine_says(record->license.status, "licensed"));
    CU_ASSERT(record->license.expires_in_days > 0 && record->machine.on_azure);
}

static void test_the_machine_is_named(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE_OF("'assetTag':'other'", "'a':'bad'", IMDS("vm-1")),
                &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", ONE(FIX("a", "x")))}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(record->machine.vm_id, GUID) && engine_says(record->machine.name, "vm"));
    CU_ASSERT(record->machine.on_azure && record->machine.azure_known);
    CU_ASSERT(engine_says(engine_states(&fixture), "A fixed")); /* the id that IMDS gives opens the switch too */
    CU_ASSERT_EQUAL(record->license.expires_in_days, -1);
}

void suite_engine_findings(void);
void suite_engine_findings(void)
{
    UNIT_SUITE("engine/findings", UNIT_TEST(test_groups), UNIT_TEST(test_confidence), UNIT_TEST(test_refusals),
               UNIT_TEST(test_explanations), UNIT_TEST(test_explained_by_a_failed_fix),
               UNIT_TEST(test_doubt_after_a_change), UNIT_TEST(test_severity), UNIT_TEST(test_evidence_is_from_before),
               UNIT_TEST(test_clears_after_reboot), UNIT_TEST(test_handoff), UNIT_TEST(test_handoff_for_each),
               UNIT_TEST(test_the_machine_is_described), UNIT_TEST(test_the_machine_is_named));
}
