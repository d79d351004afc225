/* SPDX-License-Identifier: MIT */
/* What a run hands over: commands filled from what was seen, and the machine it was seen on. */
#include "engine_fixture.h"

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

/* Two ways to the same variable, of which one holds. */
static void test_handoff_when(void)
{
    static const struct {
        const char *name, *machine, *denied, *unknown, *words; /* first word of each command */
    } rows[] = {
        {"the first", MACHINE("'a':'bad','b':'set'"), NULL, NULL, "vmss show"},
        {"the second", MACHINE("'a':'bad'"), NULL, NULL, "vm show"},
        {"nobody knows", MACHINE("'a':'bad'"), "b", "b may not be read", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_fixture fixture AUTO(engine_close);
        const char *playbook =
            PLAYBOOK("p", "",
                     PLAN_FINDING("A", IS("a", "bad"),
                                  ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':["
                                  "{'when':{'fact':'b.exists','equals':true},'set':'nic','az':['vmss']},"
                                  "{'when':{'fact':'b.exists','equals':false},'set':'nic','az':['vm']},"
                                  "{'az':['show','@nic']}]}]"));
        engine_open(&fixture, rows[i].machine, &(struct plan_texts){.playbooks = {playbook}});
        spy.denied = rows[i].denied;
        (void)engine_go(&fixture, MODE_CHECK);
        const struct handoff_record *handoff = &engine_finding(&fixture, "A")->handoffs[0];
        const char *words = "";
        for (size_t k = 0; k < handoff->count; k++) {
            words = arena_format(&fixture.base.arena, "%s%s%s", words, k > 0 ? " " : "", handoff->commands[k].words[0]);
        }
        ROW_ASSERT(rows[i].name, engine_says(words, rows[i].words));
        ROW_ASSERT(rows[i].name, (handoff->unknown == NULL) == (rows[i].unknown == NULL));
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
            PLAYBOOK(
                "p", ",'parameters':{'l':{'type':'list','about':'a'}}",
                PLAN_FINDING("A", IS("a", "bad"),
                             ",'handoff':[{'title':{'en':'t'},'why':{'en':'w'},'run':[{'forEach':%s,'az':['x','%s']}]"
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
    engine_open(
        &fixture, MACHINE_OF("'assetTag':'other'", "'a':'bad'", IMDS("vm-1")),
        &(struct plan_texts){.playbooks = {PLAYBOOK("p", "", PLAN_FINDING("A", IS("a", "bad"), FIX("a", "x")))}});
    const struct record *record = engine_go(&fixture, MODE_FIX);
    CU_ASSERT(engine_says(record->machine.vm_id, GUID) && engine_says(record->machine.name, "vm"));
    CU_ASSERT(record->machine.on_azure && record->machine.azure_known);
    CU_ASSERT(engine_says(engine_states(&fixture), "A fixed")); /* the id that IMDS gives opens the switch too */
    CU_ASSERT_EQUAL(record->license.expires_in_days, -1);
}

void suite_engine_handoff(void);
void suite_engine_handoff(void)
{
    UNIT_SUITE("engine/handoff", UNIT_TEST(test_handoff), UNIT_TEST(test_handoff_when),
               UNIT_TEST(test_handoff_for_each), UNIT_TEST(test_the_machine_is_described),
               UNIT_TEST(test_the_machine_is_named));
}
