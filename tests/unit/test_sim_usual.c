/* SPDX-License-Identifier: MIT */
/* What every machine usually has (playbooks/usual), and what a document says of it. */
#include "host/sim/sim_usual.h"
#include "sim_fixture.h"

void suite_sim_usual(void);

#define TASK "\\Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcRestartTask"
#define SETUP "HKLM\\SYSTEM\\Setup"

/* 'x': exists, '-': absent, '?': the document does not mention it. */
static char key_is(struct sim *sim, const char *key)
{
    struct registry_names names = {0};
    struct err err = {0};
    bool is_known = sim_ops.registry->subkeys(sim, key, &sim_arena, &names, &err);
    return !is_known ? '?' : names.exists ? 'x' : '-';
}

static char task_is(struct sim *sim)
{
    struct task_facts facts = {0};
    struct err err = {0};
    bool is_known = sim_ops.task->query(sim, TASK, &facts, &err);
    return !is_known ? '?' : facts.exists && facts.enabled ? 'x' : '-';
}

static const struct {
    const char *name, *sections;
    char setup, below, task;
} rows[] = {
    {"a document that says nothing of them has all", "", '-', '-', 'x'},
    {"none is wanted", ", 'with': []", '?', '?', '?'},
    {"one is wanted", ", 'with': ['license-service']", '?', '?', 'x'},
    {"two are wanted", ", 'with': ['license-service', 'windows-setup']", '-', '-', 'x'},
    {"the document goes first", ", 'registry': {'HKLM\\\\SYSTEM\\\\Setup': {}}", 'x', '-', 'x'},
    {"also by a key above", ", 'registry': {'HKLM\\\\SYSTEM': {}}", '-', '-', 'x'},
    {"also by a key above that is absent", ", 'registry': {'HKLM\\\\SYSTEM': false}", '-', '-', 'x'},
    {"what is only below says nothing of it", ", 'registry': {'HKLM\\\\SYSTEM\\\\Setup\\\\MoSetup\\\\Volatile': {}}",
     '-', 'x', 'x'},
    {"a task that is said to be gone",
     ", 'tasks': {'\\\\Microsoft\\\\Windows\\\\SoftwareProtectionPlatform\\\\SvcRestartTask': false}", '-', '-', '-'},
    {"names have no case", ", 'registry': {'hklm\\\\system\\\\SETUP': {}}", 'x', '-', 'x'},
};

static void the_document_goes_first(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, SIM_DOCUMENT("%s"), rows[i].sections));
        ROW_ASSERT(rows[i].name, key_is(sim, SETUP) == rows[i].setup);
        ROW_ASSERT(rows[i].name, key_is(sim, SETUP "\\MoSetup\\Volatile") == rows[i].below);
        ROW_ASSERT(rows[i].name, task_is(sim) == rows[i].task);
        sim_close(sim);
    }
}

/* It is no change that it is there; what a run does to it is one, and the section comes with it. */
static void only_what_a_run_changes_is_saved(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(""));
    struct err err = {0};
    struct registry_value value = {.exists = true, .type = REGISTRY_SZ, .bytes = (const uint8_t *)"a\0\0", .size = 4};
    CU_ASSERT(sim_is(sim, SIM_DOCUMENT("")));
    CU_ASSERT(sim_ops.task->set_enabled(sim, TASK, false, &err));
    CU_ASSERT(sim_is(
        sim, SIM_DOCUMENT(
                 ", 'tasks': {'\\\\Microsoft\\\\Windows\\\\SoftwareProtectionPlatform\\\\SvcRestartTask': {'enabled': "
                 "false}}")));
    CU_ASSERT(sim_ops.registry->set(sim, SETUP, "T", &value, &err));
    CU_ASSERT(key_is(sim, SETUP) == 'x');
    CU_ASSERT(strstr(sim_text(sim), "\"HKLM\\\\SYSTEM\\\\Setup\": {") != NULL);
    CU_ASSERT(strstr(sim_text(sim), "MoSetup") == NULL);
    sim_close(sim);
}

static void a_name_that_there_is_not_is_refused(void)
{
    struct sim *sim = NULL;
    struct err err = {0};
    CU_ASSERT(!sim_try(SIM_DOCUMENT(",\n'with': ['windows-setup', 'windows-set']"), "t.json", &sim, &err));
    CU_ASSERT(strstr(err.text, "t.json:2: $.with[1]") != NULL && strstr(err.text, "windows-set.json") != NULL);
}

/* A machine document of its own, and nothing that none of the sections takes. */
static void each_loads_by_itself(void)
{
    size_t count = 0;
    for (const struct embedded *usual = embedded_usual; usual->name != NULL; usual++) {
        struct sim *sim = NULL;
        struct buf bytes AUTO(buf_clear) = {0};
        struct err err = {0};
        const char *path = arena_format(&sim_arena, "%s/playbooks/usual/%s", AZMEND_SOURCE_DIR, usual->name);
        buf_init(&bytes, LIMIT_MACHINE_BYTES);
        bool opened = port_file_read(path, LIMIT_MACHINE_BYTES, &bytes, &err) &&
                      sim_open(buf_string(&bytes), bytes.size, usual->name, &sim_arena, &sim, &err);
        ROW_ASSERT(err.text, opened);
        sim_close(sim);
        count++;
    }
    CU_ASSERT(count >= 3);
}

void suite_sim_usual(void)
{
    SIM_SUITE("sim_usual", UNIT_TEST(the_document_goes_first), UNIT_TEST(only_what_a_run_changes_is_saved),
              UNIT_TEST(a_name_that_there_is_not_is_refused), UNIT_TEST(each_loads_by_itself));
}
