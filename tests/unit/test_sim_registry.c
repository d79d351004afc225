/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_registry(void);

static const char machine[] = SIM_DOCUMENT(
    ", 'registry': {'HKLM\\\\A': {'Text': 'sz', 'Number': 4, 'Wide': {'qword': 5}, 'Var': {'expand': '%x%'},"
    " 'Raw': {'type': 3, 'hex': '00ff'}, 'Ended': {'type': 1, 'hex': '6100'}, '': 'default'},"
    " 'HKLM\\\\A\\\\Gone': false, 'HKLM\\\\A\\\\B\\\\C': {'v': 1}, 'HKLM\\\\Shut': {'denied': true},"
    " 'HKLM\\\\Fixed': {'$readOnly': true, 'v': 'kept'}}");

static const struct {
    const char *name, *key, *value;
    enum { FOUND, MISSING, UNSCRIPTED, DENIED } outcome;
    const char *text;
    int64_t number;
} looks[] = {
    {"text", "HKLM\\A", "Text", FOUND, "sz", 0},
    {"case of key and value", "hklm\\a", "TEXT", FOUND, "sz", 0},
    {"plain number", "HKLM\\A", "Number", FOUND, NULL, 4},
    {"wide number", "HKLM\\A", "Wide", FOUND, NULL, 5},
    {"not expanded", "HKLM\\A", "Var", FOUND, "%x%", 0},
    {"bytes", "HKLM\\A", "Raw", FOUND, NULL, 0},
    {"text without its end", "HKLM\\A", "Ended", FOUND, "a", 0},
    {"default value", "HKLM\\A", "", FOUND, "default", 0},
    {"value not listed", "HKLM\\A", "Other", MISSING, NULL, 0},
    {"key said to be absent", "HKLM\\A\\Gone", "v", MISSING, NULL, 0},
    {"key below one that is absent", "HKLM\\A\\Gone\\Deep", "v", MISSING, NULL, 0},
    {"key not listed below a listed one", "HKLM\\A\\X\\Y", "v", MISSING, NULL, 0},
    {"key between two listed ones", "HKLM\\A\\B", "v", MISSING, NULL, 0},
    {"deep key", "HKLM\\A\\B\\C", "v", FOUND, NULL, 1},
    {"key above all listed ones", "HKLM", "v", UNSCRIPTED, NULL, 0},
    {"key nobody mentions", "HKLM\\Z", "v", UNSCRIPTED, NULL, 0},
    {"key whose name only starts alike", "HKLM\\AB", "v", UNSCRIPTED, NULL, 0},
    {"shut key", "HKLM\\Shut", "v", DENIED, NULL, 0},
    {"below a shut key", "HKLM\\Shut\\Deep", "v", DENIED, NULL, 0},
    {"fixed key can be read", "HKLM\\Fixed", "v", FOUND, "kept", 0},
};

static void a_closed_world_knows_what_is_listed(void)
{
    static const enum err_code codes[] = {
        [FOUND] = ERR_NONE, [MISSING] = ERR_NONE, [UNSCRIPTED] = ERR_UNSCRIPTED, [DENIED] = ERR_DENIED};
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct sim *sim = sim_make(machine);
        struct registry_value value = {0};
        struct err err = {0};
        bool is_known = sim_ops.registry->query(sim, looks[i].key, looks[i].value, &sim_arena, &value, &err);
        ROW_ASSERT(looks[i].name, is_known == (err.code == ERR_NONE) && err.code == codes[looks[i].outcome]);
        ROW_ASSERT(looks[i].name, value.exists == (looks[i].outcome == FOUND));
        ROW_ASSERT(looks[i].name, text_same(value.text, looks[i].text) && value.number == looks[i].number);
        ROW_ASSERT(looks[i].name, (sim_unscripted(sim) != NULL) == (looks[i].outcome == UNSCRIPTED));
        sim_close(sim);
    }
}

/* What changes by itself: each reading finds the next value, the last one stays; what is set stays as well. */
static void a_sequence_gives_one_value_a_reading(void)
{
    struct sim *sim =
        sim_make(SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'v': {'sequence': ['busy', 2, {'expand': 'done'}]}}}"));
    static const struct {
        const char *text;
        int64_t number;
    } readings[] = {{"busy", 0}, {NULL, 2}, {"done", 0}, {"done", 0}, {"mine", 0}, {"mine", 0}};
    for (size_t i = 0; i < COUNT_OF(readings); i++) {
        struct registry_value value = {0};
        struct err err = {0};
        struct registry_value mine = registry_from_text(&sim_arena, "mine");
        CU_ASSERT(i != 4 || sim_ops.registry->set(sim, "HKLM\\A", "v", &mine, &err));
        CU_ASSERT(sim_ops.registry->query(sim, "HKLM\\A", "v", &sim_arena, &value, &err) && value.exists);
        CU_ASSERT(text_same(value.text, readings[i].text) && value.number == readings[i].number);
    }
    sim_close(sim);
}

static void the_first_thing_unscripted_is_kept(void)
{
    struct sim *sim = sim_make(machine);
    struct registry_value value = {0};
    struct err err = {0};
    CU_ASSERT(!sim_ops.registry->query(sim, "HKLM\\First", "", &sim_arena, &value, &err));
    CU_ASSERT_STRING_EQUAL(err.text, "t.json does not mention registry key HKLM\\First");
    CU_ASSERT(!sim_ops.registry->query(sim, "HKLM\\Second", "", &sim_arena, &value, &err));
    CU_ASSERT_STRING_EQUAL(sim_unscripted(sim), "registry key HKLM\\First");
    sim_close(sim);
}

static void subkeys_are_the_listed_ones(void)
{
    static const struct {
        const char *key;
        bool exists;
        const char *names;
    } rows[] = {
        {"HKLM\\A", true, "B "},      {"HKLM\\a\\b", true, "C "}, {"HKLM\\A\\B\\C", true, ""},
        {"HKLM\\A\\Gone", false, ""}, {"HKLM\\A\\X", false, ""},
    };
    struct sim *sim = sim_make(machine);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct registry_names names = {0};
        struct err err = {0};
        ROW_ASSERT(rows[i].key, sim_ops.registry->subkeys(sim, rows[i].key, &sim_arena, &names, &err));
        const char *listed = "";
        for (size_t j = 0; j < names.count; j++) {
            listed = arena_format(&sim_arena, "%s%s ", listed, names.items[j]);
        }
        ROW_ASSERT(rows[i].key, names.exists == rows[i].exists && strcmp(listed, rows[i].names) == 0);
    }
    sim_close(sim);
}

static bool set_text(struct sim *sim, const char *key, const char *name, const char *text, struct err *err)
{
    struct registry_value value = registry_from_text(&sim_arena, text);
    return sim_ops.registry->set(sim, key, name, &value, err);
}

static void what_is_set_is_saved_in_the_notation_of_the_document(void)
{
    static const uint8_t bytes[] = {1, 0xAB};
    const struct registry_value raw = {.exists = true, .type = REGISTRY_BINARY, .bytes = bytes, .size = 2};
    const struct registry_value half = {.exists = true, .type = REGISTRY_DWORD, .bytes = bytes, .size = 2};
    const struct registry_value number = registry_from_dword(&sim_arena, 7);
    struct registry_value expand = registry_from_text(&sim_arena, "a");
    expand.type = REGISTRY_EXPAND_SZ;
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'Old': 1, 'Kept': 2}}"));
    struct err err = {0};
    CU_ASSERT(set_text(sim, "hklm\\a", "OLD", "new", &err) && set_text(sim, "HKLM\\A", "New", "t", &err));
    CU_ASSERT(set_text(sim, "HKLM\\A\\Sub\\Deep", "", "made", &err));
    CU_ASSERT(sim_ops.registry->set(sim, "HKLM\\A", "Raw", &raw, &err));
    CU_ASSERT(sim_ops.registry->set(sim, "HKLM\\A", "Half", &half, &err));
    CU_ASSERT(sim_ops.registry->set(sim, "HKLM\\A", "Number", &number, &err));
    CU_ASSERT(sim_ops.registry->set(sim, "HKLM\\A", "Expand", &expand, &err));
    CU_ASSERT(sim_is(sim, SIM_DOCUMENT(", 'registry': {'HKLM\\\\A': {'Old': 'new', 'Kept': 2, 'New': 't',"
                                       " 'Raw': {'type': 3, 'hex': '01ab'}, 'Half': {'type': 4, 'hex': '01ab'},"
                                       " 'Number': {'dword': 7}, 'Expand': {'expand': 'a'}},"
                                       " 'HKLM\\\\A\\\\Sub\\\\Deep': {'': 'made'}}")));
    sim_close(sim);
}

static void what_is_set_back_is_saved_as_it_was(void)
{
    struct sim *sim = sim_make(machine);
    struct err err = {0};
    const struct registry_value four = registry_from_dword(&sim_arena, 4);
    CU_ASSERT(set_text(sim, "HKLM\\A", "number", "four", &err));
    CU_ASSERT(sim_ops.registry->delete (sim, "HKLM\\A", "text", &err));
    CU_ASSERT(sim_ops.registry->set(sim, "HKLM\\A", "NUMBER", &four, &err));
    CU_ASSERT(set_text(sim, "HKLM\\A", "TEXT", "sz", &err));
    CU_ASSERT(sim_is(sim, machine));
    sim_close(sim);
}

static const struct {
    const char *name, *key, *value;
    bool sets, deletes;
    enum err_code code;
} changes[] = {
    {"listed", "HKLM\\A", "Text", true, true, ERR_NONE},
    {"absent value", "HKLM\\A", "None", true, true, ERR_NONE},
    {"absent key", "HKLM\\A\\Gone", "v", true, true, ERR_NONE},
    {"fixed key", "HKLM\\Fixed", "v", false, false, ERR_DENIED},
    {"new value of a fixed key", "HKLM\\Fixed", "n", false, true, ERR_DENIED},
    {"key below a fixed one", "HKLM\\Fixed\\New", "v", false, true, ERR_DENIED},
    {"shut key", "HKLM\\Shut", "v", false, false, ERR_DENIED},
    {"key nobody mentions", "HKLM\\Z", "v", false, false, ERR_UNSCRIPTED},
};

static void changes_need_the_right_and_a_scripted_key(void)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct sim *sim = sim_make(machine);
        struct err set_err = {0};
        struct err delete_err = {0};
        ROW_ASSERT(changes[i].name,
                   sim_ops.registry->delete (sim, changes[i].key, changes[i].value, &delete_err) == changes[i].deletes);
        ROW_ASSERT(changes[i].name, set_text(sim, changes[i].key, changes[i].value, "x", &set_err) == changes[i].sets);
        ROW_ASSERT(changes[i].name, set_err.code == changes[i].code);
        ROW_ASSERT(changes[i].name, changes[i].deletes || delete_err.code == changes[i].code);
        sim_close(sim);
    }
}

void suite_sim_registry(void)
{
    SIM_SUITE("sim_registry", UNIT_TEST(a_closed_world_knows_what_is_listed),
              UNIT_TEST(a_sequence_gives_one_value_a_reading), UNIT_TEST(the_first_thing_unscripted_is_kept),
              UNIT_TEST(subkeys_are_the_listed_ones), UNIT_TEST(what_is_set_is_saved_in_the_notation_of_the_document),
              UNIT_TEST(what_is_set_back_is_saved_as_it_was), UNIT_TEST(changes_need_the_right_and_a_scripted_key));
}
