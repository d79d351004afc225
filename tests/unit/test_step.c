/* SPDX-License-Identifier: MIT */
/* Steps: what each comes to, what is tried again and how long is waited, and what the steps behind a failed one do. */
#include "engine_fixture.h"

static void test_retry_bounds(void)
{
    static const struct {
        const char *name;
        struct retry retry;
        int64_t bounds_s[5]; /* before try 2, 3, ... */
    } rows[] = {
        {"doubling", {.first_seconds = 5, .factor = 2, .max_seconds = 60}, {5, 10, 20, 40, 60}},
        {"steady", {.first_seconds = 5, .factor = 1, .max_seconds = 60}, {5, 5, 5, 5, 5}},
        {"tenfold to the most", {.first_seconds = 1, .factor = 10, .max_seconds = 3600}, {1, 10, 100, 1000, 3600}},
        {"the first over the most", {.first_seconds = 9, .factor = 3, .max_seconds = 4}, {4, 4, 4, 4, 4}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < COUNT_OF(rows[i].bounds_s); k++) {
            ROW_ASSERT(rows[i].name, retry_bound_ms(&rows[i].retry, (int64_t)k + 2) == rows[i].bounds_s[k] * 1000);
        }
        /* Never more, however often. */
        ROW_ASSERT(rows[i].name, retry_bound_ms(&rows[i].retry, 1000) <= rows[i].retry.max_seconds * 1000);
    }
}

#define RETRY(attempts, more)                                                                                          \
    ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'a','text':'good'},'retry':{'attempts'"       \
    ":" attempts ",'firstSeconds':4,'factor':2,'maxSeconds':8,'jitter':'full'" more "}}]"
#define SIMPLE PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), FIX("a", "good")))

static void test_outcomes(void)
{
    static const struct {
        const char *name, *machine, *playbook;
        size_t failing, overdue, lost;
        const char *steps, *states;
        size_t changes;
        int64_t attempts; /* of the first step */
    } rows[] = {
        {"changed", MACHINE("'a':'bad'"), SIMPLE, 0, 0, 0, "changed", "F fixed", 1, 1},
        {"failed", MACHINE("'a':'bad'"), SIMPLE, 9, 0, 0, "failed", "F not_fixed", 0, 1},
        {"not converged: it is claimed only when seen", MACHINE("'a':'bad'"), SIMPLE, 0, 0, 9, "not_converged",
         "F not_fixed", 1, 1},
        {"overdue and abandoned", MACHINE("'a':'bad'"), SIMPLE, 0, 9, 0, "unknown", "F not_fixed", 1, 1},
        {"unneeded", MACHINE("'a':'bad','b':'good'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), FIX("b", "good"))), 0, 0, 0, "unneeded", "F not_fixed", 0,
         0},
        {"the steps behind a failed one are not run", MACHINE("'a':'bad'"),
         PLAYBOOK(
             "p", "",
             PLAN_FINDING("F", IS("a", "bad"),
                          ",'fix':[" VALUE_STEP("a", "good") "," VALUE_STEP("b", "1") "," VALUE_STEP("c", "1") "]")),
         1, 0, 0, "failed not_run not_run", "F not_fixed", 0, 1},
        {"tried again", MACHINE("'a':'bad'"), PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("5", ""))), 1,
         0, 1, "changed", "F fixed", 2, 3},
        {"tried as often as allowed", MACHINE("'a':'bad'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("3", ""))), 9, 0, 0, "failed", "F not_fixed", 0, 3},
        {"not tried again once it is overdue", MACHINE("'a':'bad'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("3", ""))), 0, 9, 0, "unknown", "F not_fixed", 1, 1},
        {"only while", MACHINE("'a':'bad','b':'busy'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("3", ",'while':" IS("b", "busy")))), 9, 0, 0,
         "failed", "F not_fixed", 0, 3},
        {"no longer while", MACHINE("'a':'bad'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("3", ",'while':" IS("b", "busy")))), 9, 0, 0,
         "failed", "F not_fixed", 0, 1},
        {"while what it changed is so", MACHINE("'a':'bad'"),
         PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("3", ",'while':" IS("a", "bad")))), 0, 0, 9,
         "not_converged", "F not_fixed", 3, 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {rows[i].playbook}});
        spy.sets_failing = rows[i].failing;
        spy.sets_overdue = rows[i].overdue;
        spy.sets_lost = rows[i].lost;
        const struct record *record = engine_go(&fixture, MODE_FIX);
        const struct step_record *step = engine_finding(&fixture, "F")->steps.items;
        ROW_ASSERT(rows[i].name, engine_says(engine_steps(&fixture, "F"), rows[i].steps));
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].states));
        ROW_ASSERT(rows[i].name, record->changes == rows[i].changes);
        ROW_ASSERT(rows[i].name, step->attempts == rows[i].attempts);
    }
}

/* Each wait lies between nothing and its bound, and they are not all alike. */
static void test_waits(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), RETRY("32", "")));
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    spy.sets_failing = 99;
    (void)engine_go(&fixture, MODE_FIX);
    size_t waits = 0;
    long long longest = 0;
    for (size_t i = 0; i < spy.count; i++) {
        long long wait = 0;
        if (sscanf(spy.notes[i], "sleep %lld", &wait) == 1) {
            waits++;
            longest = wait > longest ? wait : longest;
            CU_ASSERT(wait <= (waits == 1 ? 4000 : 8000));
        }
    }
    CU_ASSERT(waits >= 29 && waits <= 31); /* one of nothing is not slept */
    CU_ASSERT(longest > 4000);
}

static void test_what_failed_is_said(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "", PLAN_FINDING("F", IS("a", "bad"), ",'fix':[" VALUE_STEP("a", "good") "," VALUE_STEP("b", "1") "]"));
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    spy.sets_failing = 1;
    (void)engine_go(&fixture, MODE_FIX);
    const struct step_record *steps = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(steps[0].err.code == ERR_DENIED && steps[0].err.os == 5);
    CU_ASSERT_STRING_EQUAL(steps[0].ensure, "registry_value");
    CU_ASSERT(steps[0].op_first == 0 && steps[0].op_count == 1);
    CU_ASSERT_STRING_EQUAL(steps[1].err.text, "an earlier step did not succeed");
    CU_ASSERT_EQUAL(steps[1].op_count, 0);
}

/* --- inputs --- */

#define WITH_TEXT(text) ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'a','text':" text "}}]"
#define EACH(list)                                                                                                     \
    ",'fix':[{'ensure':'registry_value','forEach':" list ",'with':{'key':'HKLM\\\\A','name':'${item}','text':'x'}}]"

static void test_inputs(void)
{
    static const struct {
        const char *name, *parameters, *fix, *denied;
        const char *steps, *why; /* of the first step */
    } rows[] = {
        {"from a fact", "", WITH_TEXT("'${b.text}!'"), NULL, "changed", NULL},
        {"not set", "", WITH_TEXT("'${c.text}'"), NULL, "not_run", "input text: it is not set"},
        {"unknown", "", WITH_TEXT("'${b.text}'"), "b", "not_run", "input text: registry_value: b may not be read"},
        {"out of range", ",'parameters':{'n':{'type':'int','about':'a','default':-1}}",
         ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'a','number':'${parameters.n}'}}]", NULL,
         "not_run", "input number: it is out of range"},
        {"optional, and not set", ",'parameters':{'k':{'type':'text','about':'a'}}",
         ",'fix':[{'ensure':'license','with':{'key':'${parameters.k}','partialKey':'ABCDE'}}]", NULL, "unknown",
         "license: machine.json does not mention licensing"},
        {"each element", "", EACH("['a','b']"), NULL, "changed changed", NULL},
        {"no element", "", EACH("[]"), NULL, "", NULL},
        {"an unknown list", "", EACH("['${b.text}']"), "b", "not_run", "registry_value: b may not be read"},
        {"an absent list", ",'parameters':{'l':{'type':'list','about':'a'}}", EACH("'${parameters.l}'"), NULL,
         "not_run", "its forEach is not set or over its limit"},
        {"what it would change cannot be seen", "",
         ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'d','text':'x'}}]", "d", "unknown",
         "registry_value: d may not be read"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[2048];
        (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "%s", PLAN_FINDING("F", IS("a", "bad"), "%s")),
                       rows[i].parameters, rows[i].fix);
        engine_open(&fixture, MACHINE("'a':'bad','b':'word'"), &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_FIX);
        const struct step_record *step = engine_finding(&fixture, "F")->steps.items;
        ROW_ASSERT(rows[i].name, engine_says(engine_steps(&fixture, "F"), rows[i].steps));
        ROW_ASSERT(rows[i].name, rows[i].why == NULL || engine_says(step->err.text, rows[i].why));
    }
}

/* What is there cannot be read: whether it is as wanted is not known, and it is not overwritten. */
static void test_an_unreadable_property(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "",
        PLAN_FINDING("F", IS("a", "bad"), ",'fix':[{'ensure':'file','with':{'path':'C:\\\\x','text':'new'}}]"));
    engine_open(&fixture,
                MACHINE_OF(AZURE_TAG, "'a':'bad'", ",'files':{'C:\\\\x':{'hex':'610062'}},'network':{" NO_IMDS "}"),
                &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "unknown"));
    CU_ASSERT_EQUAL(record->changes, 0);
}

/* An element that fails does not keep the others from being made so; the next step does wait for all. */
static void test_elements_are_independent(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook =
        PLAYBOOK("p", "",
                 PLAN_FINDING("F", IS("a", "bad"),
                              ",'fix':[{'ensure':'registry_value','forEach':['b','c'],'with':{'key':'HKLM\\\\A','name':"
                              "'${item}','text':'x'}}," VALUE_STEP("a", "good") "]"));
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    spy.sets_failing = 1;
    (void)engine_go(&fixture, MODE_FIX);
    const struct step_record *steps = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "failed changed not_run"));
    CU_ASSERT(text_same(steps[0].item, "b") && text_same(steps[1].item, "c") && steps[2].item == NULL);
}

static void test_a_secret_element_is_not_shown(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK("p", ",'parameters':{'l':{'type':'list','about':'a','secret':true}}",
                                    PLAN_FINDING("F", IS("a", "bad"), EACH("'${parameters.l}'")));
    engine_open(&fixture, MACHINE("'a':'bad'"),
                &(struct plan_texts){.playbooks = {playbook}, .given = {{.name = "l", .value = "b,c"}}});
    (void)engine_go(&fixture, MODE_FIX);
    const struct step_record *steps = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "changed changed"));
    CU_ASSERT_STRING_EQUAL(steps[0].item, "(redacted)");
}

/* --- one wanted value a property a run --- */

static void test_conflict(void)
{
    static const struct {
        const char *name, *second, *steps, *states;
    } rows[] = {
        {"another value", FIX("a", "better"), "conflict", "F fixed, G not_fixed"},
        {"the same value in other letters", FIX("a", "GOOD"), "unneeded", "F fixed, G not_fixed"},
        {"another property", ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'a','type':'sz'}}]",
         "unneeded", "F fixed, G not_fixed"},
        {"another place", FIX("c", "better"), "changed", "F fixed, G not_fixed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[2048];
        (void)snprintf(
            playbook, sizeof(playbook),
            PLAYBOOK("p", "",
                     PLAN_FINDING("F", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING("G", IS("b", "bad"), "%s")),
            rows[i].second);
        engine_open(&fixture, MACHINE("'a':'bad','b':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
        (void)engine_go(&fixture, MODE_FIX);
        const struct step_record *step = engine_finding(&fixture, "G")->steps.items;
        ROW_ASSERT(rows[i].name, engine_says(step_outcome_names[step->outcome], rows[i].steps));
        ROW_ASSERT(rows[i].name, engine_says(engine_states(&fixture), rows[i].states));
        if (step->outcome == STEP_CONFLICT) {
            CU_ASSERT_STRING_EQUAL(step->err.text, "text is wanted as good by an earlier step of this run");
        }
    }
}

/* --- dry run, deadline --- */

static void test_plan_mode(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "",
        PLAN_FINDING("F", IS("a", "bad"), FIX("a", "good")) "," PLAN_FINDING("G", IS("b", "bad"), FIX("b", "x")));
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_PLAN);
    CU_ASSERT(engine_says(engine_states(&fixture), "F would_fix, G absent"));
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "would_change"));
    CU_ASSERT(record->changes == 0 && spy_count("set a") == 0);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_WOULD_FIX);
    CU_ASSERT_EQUAL_FATAL(host_op_count(&fixture.host), 1);
    CU_ASSERT_EQUAL(host_op(&fixture.host, 0)->outcome, OP_PLANNED);
    CU_ASSERT_STRING_EQUAL(host_op(&fixture.host, 0)->shown_after, "good");
}

/* What cannot even be planned is said at once: a dry run waits for nothing. */
static void test_plan_mode_does_not_wait(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "",
        PLAN_FINDING("F", IS("a", "bad"),
                     ",'fix':[{'ensure':'registry_value','with':{'key':'HKLM\\\\A','name':'b','exists':true},'retry':{"
                     "'attempts':5,'firstSeconds':60,'factor':2,'maxSeconds':600,'jitter':'full'}}]"));
    engine_open(&fixture, MACHINE("'a':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    const struct record *record = engine_go(&fixture, MODE_PLAN);
    const struct step_record *step = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "failed"));
    CU_ASSERT(step->attempts == 1 && record->duration_ms < 1000);
}

static void test_deadline(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAYBOOK(
        "p", "",
        PLAN_FINDING("F", IS("a", "bad"), RETRY("32", "")) "," PLAN_FINDING("G", IS("b", "bad"), FIX("b", "x")));
    engine_open(&fixture, MACHINE("'a':'bad','b':'bad'"), &(struct plan_texts){.playbooks = {playbook}});
    fixture.deadline_ms = 10 * 1000;
    spy.sets_lost = 99;
    const struct record *record = engine_go(&fixture, MODE_FIX);
    const struct step_record *step = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(record->duration_ms <= 10 * 1000);
    CU_ASSERT(step->attempts > 1 && step->attempts < 32);
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "not_converged")); /* what the last try came to */
    CU_ASSERT(engine_says(engine_steps(&fixture, "G"), ""));              /* no new one begins */
    CU_ASSERT(engine_says(engine_states(&fixture), "F not_fixed, G not_fixed"));
}

/* The first step took all the time: the second says so. */
static void test_deadline_between_steps(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook = PLAN_HEAD("p") ",'facts':{" VALUE_FACT("a") "},'findings':[" PLAN_FINDING(
        "F", IS("a", "bad"),
        ",'fix':[{'ensure':'service','with':{'name':'slow','state':'running'}}," VALUE_STEP("a", "good") "]") "]}";
    engine_open(
        &fixture,
        MACHINE_OF(AZURE_TAG, "'a':'bad'",
                   ",'services':{'slow':{'state':'stopped','start':'manual','startMs':9000}},'network':{" NO_IMDS "}"),
        &(struct plan_texts){.playbooks = {playbook}});
    fixture.deadline_ms = 9000;
    (void)engine_go(&fixture, MODE_FIX);
    const char *steps = engine_steps(&fixture, "F");
    CU_ASSERT(engine_says(steps, "changed not_run") || engine_says(steps, "unknown not_run"));
    CU_ASSERT_EQUAL(spy_count("set a"), 0);
}

static bool note_nothing(void *context, const char *boot_id, const char *finding_id, struct err *err)
{
    (void)context;
    return err_set(err, ERR_IO, 0, "no place for %s since %s", finding_id, boot_id);
}

/* What waits for a restart is not begun while nobody can write that down. */
static void test_what_waits_for_a_restart_is_noted_first(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    engine_open(&fixture, MACHINE("'a':'bad'"),
                &(struct plan_texts){
                    .playbooks = {PLAYBOOK(
                        "p", "", PLAN_FINDING("F", IS("a", "bad"), FIX("a", "good") ",'clears':'afterReboot'"))}});
    fixture.restarts.note = note_nothing;
    (void)engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(engine_steps(&fixture, "F"), "not_run"));
    const struct step_record *steps = engine_finding(&fixture, "F")->steps.items;
    CU_ASSERT(engine_says(steps[0].err.text,
                          "that it will wait for a restart cannot be written down: no place for p.F since b1"));
    CU_ASSERT_EQUAL(spy_count("set a"), 0);
}

static void stop_after_the_first_change(void *context, const char *what)
{
    struct host *host = context;
    (void)what;
    host->stop_asked |= host_op_count(host) > 0;
}

/* A stop that comes in the middle of a rebuild lets the key go in, and nothing else begin. */
static void test_a_group_is_ended_whole(void)
{
    struct engine_fixture fixture AUTO(engine_close);
    const char *playbook =
        PLAYBOOK("p", "",
                 PLAN_FINDING("STORE", IS("a", "bad"),
                              ",'fix':[{'ensure':'license_store','with':{'damage':['0xC004E015'],'rebuilt':true}}"
                              "]") "," PLAN_FINDING("OTHER", IS("a", "bad"),
                                                    FIX("a", "good")) "," PLAN_FINDING("KEY", IS("b", "bad"),
                                                                                       ",'fix':[{'ensure':'license','"
                                                                                       "with':{'key':'WX4NM-KYWYW-"
                                                                                       "QJJR4-XV3QB-6VM33','"
                                                                                       "partialKey':'6VM33'}}]"));
    engine_open(
        &fixture,
        MACHINE_OF(AZURE_TAG ",'major':10,'minor':0",
                   "'a':'bad','b':'bad'},'HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\"
                   "SoftwareProtectionPlatform':{",
                   ",'services':{'sppsvc':{'state':'stopped','start':'automatic'}},'files':{"
                   "'C:\\\\Windows\\\\System32\\\\spp\\\\store\\\\2.0':{'folder':true},"
                   "'C:\\\\Windows\\\\System32\\\\spp\\\\store\\\\2.0\\\\tokens.dat':{'size':9,"
                   "'createdAt':'2026-01-10T00:00:00Z'},'C:\\\\Windows\\\\System32\\\\oem':{'folder':true},"
                   "'C:\\\\Windows\\\\System32\\\\spp\\\\tokens':{'folder':true},"
                   "'C:\\\\Windows\\\\System32\\\\spp\\\\tokens\\\\a.xrm-ms':{'text':'A'}},'events':{'Application':[]},"
                   "'licensing':{'products':[],'store':{'damaged':'0xC004E015'},'keys':[{'key':"
                   "'WX4NM-KYWYW-QJJR4-XV3QB-6VM33','id':'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03',"
                   "'description':'Windows, VOLUME_KMSCLIENT channel'}]},'network':{" NO_IMDS "}"),
        &(struct plan_texts){.playbooks = {playbook}});
    fixture.progress = (struct waiting_sink){.context = &fixture.host, .waiting = stop_after_the_first_change};
    (void)engine_go(&fixture, MODE_FIX);
    CU_ASSERT(fixture.host.stop_asked);
    CU_ASSERT(engine_says(engine_steps(&fixture, "STORE"), "changed unneeded"));
    CU_ASSERT(engine_says(engine_steps(&fixture, "OTHER"), ""));
    CU_ASSERT(engine_says(engine_steps(&fixture, "KEY"), "changed"));
}

/* --- behind what is only planned --- */

#define UNSEEN "{'ensure':'license','with':{'key':'${b.text}','partialKey':'ABCDE'}}"

/* A plan has not made the first step, so a later one that cannot be seen or told yet has not failed. */
static void test_a_plan_does_not_fail_behind_what_it_plans(void)
{
    static const struct {
        const char *name, *steps, *outcomes;
        enum run_mode mode;
        bool is_told_later;
        const char *why; /* of the last step */
    } rows[] = {
        {"what it needs is unknown yet", VALUE_STEP("a", "good") "," UNSEEN, "would_change not_run", MODE_PLAN, true,
         "cannot be told before the changes planned ahead of it are made: license: machine.json does not mention "
         "licensing"},
        {"and the one behind that", VALUE_STEP("a", "good") "," UNSEEN "," VALUE_STEP("c", "1"),
         "would_change not_run not_run", MODE_PLAN, true,
         "cannot be told before the changes planned ahead of it are made: an earlier step did not succeed"},
        {"nothing is planned ahead of it", UNSEEN, "unknown", MODE_PLAN, false,
         "license: machine.json does not mention licensing"},
        {"nor ahead of the one behind it", UNSEEN "," VALUE_STEP("a", "good"), "unknown not_run", MODE_PLAN, false,
         "an earlier step did not succeed"},
        {"a fix has made it, and fails", VALUE_STEP("a", "good") "," UNSEEN, "changed unknown", MODE_FIX, false,
         "license: machine.json does not mention licensing"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        char playbook[2048];
        (void)snprintf(playbook, sizeof(playbook), PLAYBOOK("p", "", PLAN_FINDING("F", IS("a", "bad"), ",'fix':[%s]")),
                       rows[i].steps);
        engine_open(&fixture, MACHINE("'a':'bad','b':'word'"), &(struct plan_texts){.playbooks = {playbook}});
        (void)engine_go(&fixture, rows[i].mode);
        const struct finding_record *finding = engine_finding(&fixture, "F");
        const struct step_record *last = (const struct step_record *)finding->steps.items + finding->steps.count - 1;
        ROW_ASSERT(rows[i].name, engine_says(engine_steps(&fixture, "F"), rows[i].outcomes));
        ROW_ASSERT(rows[i].name, engine_says(last->err.text, rows[i].why));
        ROW_ASSERT(rows[i].name, (last->preview != NULL) == rows[i].is_told_later);
    }
}

void suite_step(void);
void suite_step(void)
{
    UNIT_SUITE("engine/step", UNIT_TEST(test_retry_bounds), UNIT_TEST(test_outcomes), UNIT_TEST(test_waits),
               UNIT_TEST(test_what_failed_is_said), UNIT_TEST(test_inputs), UNIT_TEST(test_an_unreadable_property),
               UNIT_TEST(test_elements_are_independent), UNIT_TEST(test_a_secret_element_is_not_shown),
               UNIT_TEST(test_conflict), UNIT_TEST(test_plan_mode), UNIT_TEST(test_plan_mode_does_not_wait),
               UNIT_TEST(test_a_plan_does_not_fail_behind_what_it_plans), UNIT_TEST(test_deadline),
               UNIT_TEST(test_deadline_between_steps), UNIT_TEST(test_a_group_is_ended_whole),
               UNIT_TEST(test_what_waits_for_a_restart_is_noted_first));
}
