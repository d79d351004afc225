/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "channel/handler/settings.h"
#include "unit.h"

void suite_handler_settings(void);

enum { ARENA_BYTES = 16 * 1024 * 1024 };

#define SETTINGS(public) "{\"runtimeSettings\": [{\"handlerSettings\": {\"publicSettings\": " public "}}]}"
#define SEALED(members) "{\"runtimeSettings\": [{\"handlerSettings\": {" members "}}]}"

static struct arena new_arena(void)
{
    struct arena arena = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(arena_open(&arena, ARENA_BYTES, &err));
    return arena;
}

static bool read_text(const char *text, struct arena *arena, struct handler_settings *ret_settings, struct err *err)
{
    *err = (struct err){0};
    return handler_settings_read(text, strlen(text), "3.settings", arena, ret_settings, err);
}

static const struct {
    const char *name, *text;
    const char *error; /* part of the message */
} refused[] = {
    {"half-written", "{\"runtimeSettings\": [", "3.settings:1:"},
    {"UTF-16", "\xFF\xFE{", "UTF-16"},
    {"a bare array", "[]", "runtimeSettings[0].handlerSettings"},
    {"an empty list", "{\"runtimeSettings\": []}", "runtimeSettings[0].handlerSettings"},
    {"a list that is none", "{\"runtimeSettings\": {}}", "runtimeSettings[0].handlerSettings"},
    {"twice the same", "{\"runtimeSettings\": [], \"runtimeSettings\": []}", "stands twice"},
    {"public settings of the wrong type", SETTINGS("[]"), "publicSettings: expected object, found array"},
    {"an unknown member", SETTINGS("{\"mod\": \"fix\"}"), "publicSettings.mod: no such member"},
    {"its nearest", SETTINGS("{\"playbook\": []}"), "is \"playbooks\" meant?"},
    {"an unknown mode", SETTINGS("{\"mode\": \"Fix\"}"), "expected one of check, plan, fix; found \"Fix\""},
    {"undo", SETTINGS("{\"mode\": \"undo\"}"), "expected one of check, plan, fix"},
    {"a mode that is a number", SETTINGS("{\"mode\": 1}"), "expected text, found int"},
    {"no playbook at all", SETTINGS("{\"playbooks\": []}"), "expected 1 to"},
    {"a playbook that is a number", SETTINGS("{\"playbooks\": [1]}"), "publicSettings.playbooks[0]"},
    {"an unknown language", SETTINGS("{\"lang\": \"de\"}"), "expected one of en, ja"},
    {"parameters as a list", SETTINGS("{\"parameters\": []}"), "publicSettings.parameters"},
    {"a parameter that is null", SETTINGS("{\"parameters\": {\"a\": null}}"), "publicSettings.parameters.a"},
    {"a parameter that is an object", SETTINGS("{\"parameters\": {\"a\": {}}}"), "publicSettings.parameters.a"},
    {"a list with a number", SETTINGS("{\"parameters\": {\"a\": [1]}}"), "publicSettings.parameters.a"},
    {"a comma in a list", SETTINGS("{\"parameters\": {\"a\": [\"b,c\"]}}"), "publicSettings.parameters.a"},
    {"a name with an equals sign", SETTINGS("{\"parameters\": {\"a=b\": 1}}"), "publicSettings.parameters"},
    {"a name that is empty", SETTINGS("{\"parameters\": {\"\": 1}}"), "publicSettings.parameters"},
    {"a fraction", SETTINGS("{\"parameters\": {\"a\": 0.5}}"), "whole number"},
    {"an envelope that is an object", SEALED("\"protectedSettings\": {}"), "protectedSettings: expected text"},
    {"a thumbprint that is a number", SEALED("\"protectedSettingsCertThumbprint\": 1"), "Thumbprint: expected text"},
};

static void what_is_not_known_is_refused_by_its_place(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena AUTO(arena_close) = new_arena();
        struct handler_settings settings;
        struct err err;
        ROW_ASSERT(refused[i].name, !read_text(refused[i].text, &arena, &settings, &err));
        ROW_ASSERT(refused[i].name, err.code == ERR_INVALID && strstr(err.text, refused[i].error) != NULL);
    }
}

static const struct {
    const char *name, *text;
    enum run_mode mode;
    size_t playbooks;
    const char *parameters; /* joined by a blank */
} taken[] = {
    {"a file of no bytes", "", MODE_CHECK, 0, ""},
    {"a byte order mark alone", "\xEF\xBB\xBF", MODE_CHECK, 0, ""},
    {"null", SETTINGS("null"), MODE_CHECK, 0, ""},
    {"nothing set", SETTINGS("{}"), MODE_CHECK, 0, ""},
    {"no public settings", SEALED(""), MODE_CHECK, 0, ""},
    {"protected settings that are null",
     SEALED("\"protectedSettings\": null, \"protectedSettingsCertThumbprint\": null"), MODE_CHECK, 0, ""},
    {"a mark before it", "\xEF\xBB\xBF" SETTINGS("{\"mode\": \"fix\"}"), MODE_FIX, 0, ""},
    {"all of it",
     SETTINGS("{\"mode\": \"plan\", \"playbooks\": [\"a\", \"b\"], \"lang\": \"en\", \"deadline\": \"90s\", "
              "\"parameters\": {\"a\": true, \"p.b\": -7, \"c\": \"x=y\", \"d\": [\"e\", \"f\"], \"g\": []}}"),
     MODE_PLAN, 2, "a=true p.b=-7 c=x=y d=e,f g="},
};

static void what_was_set_arrives_as_a_command_line(void)
{
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        struct arena arena AUTO(arena_close) = new_arena();
        struct handler_settings settings;
        struct options options = {.command = COMMAND_HANDLER, .deadline_ms = 1, .machine = "m.json"};
        struct err err;
        const char *parameters = "";
        ROW_ASSERT(taken[i].name, read_text(taken[i].text, &arena, &settings, &err) && settings.envelope == NULL);
        ROW_ASSERT(taken[i].name, handler_settings_apply(&settings, &options, &err));
        for (size_t p = 0; p < options.parameters.count; p++) {
            parameters = arena_format(&arena, "%s%s%s", parameters, p == 0 ? "" : " ", options.parameters.items[p]);
        }
        ROW_ASSERT(taken[i].name, settings.mode == taken[i].mode && options.playbooks.count == taken[i].playbooks);
        ROW_ASSERT(taken[i].name, text_same(parameters, taken[i].parameters));
        ROW_ASSERT(taken[i].name, options.deadline_ms == (settings.deadline != NULL ? 90000 : 1));
        ROW_ASSERT(taken[i].name, text_same(options.machine, "m.json") && options.operands.count == 0);
    }
}

static void a_deadline_has_bounds(void)
{
    static const struct {
        const char *text;
        bool is_taken;
    } rows[] = {{"10m", true}, {"80m", true}, {"81m", false}, {"0", false}, {"soon", false}, {"-1s", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct handler_settings settings = {.mode = MODE_FIX, .deadline = rows[i].text};
        struct options options = {.command = COMMAND_HANDLER};
        struct err err = {0};
        ROW_ASSERT(rows[i].text, handler_settings_apply(&settings, &options, &err) == rows[i].is_taken);
    }
}

static void clouds_arrive_as_a_document(void)
{
    struct arena arena AUTO(arena_close) = new_arena();
    struct handler_settings settings;
    struct options options = {.command = COMMAND_HANDLER};
    struct err err;
    CU_ASSERT_FATAL(read_text(SETTINGS("{\"clouds\": {\"AzureMoonCloud\": {}}}"), &arena, &settings, &err));
    CU_ASSERT_FATAL(handler_settings_apply(&settings, &options, &err));
    const struct json *clouds = json_find(options.clouds_document, "clouds");
    CU_ASSERT_PTR_NOT_NULL_FATAL(clouds);
    CU_ASSERT(clouds->count == 1 && text_same(clouds->as.items[0].name, "AzureMoonCloud"));
    CU_ASSERT(options.clouds == NULL && options.clouds_file != NULL);
    CU_ASSERT_FATAL(read_text(SETTINGS("{}"), &arena, &settings, &err));
    CU_ASSERT_PTR_NULL(settings.clouds);
}

static void an_envelope_is_kept_as_it_stands(void)
{
    struct arena arena AUTO(arena_close) = new_arena();
    struct handler_settings settings;
    struct err err;
    CU_ASSERT(read_text(SEALED("\"protectedSettings\": \"MIIB\", \"protectedSettingsCertThumbprint\": \"ab\""), &arena,
                        &settings, &err));
    CU_ASSERT(text_same(settings.envelope, "MIIB") && text_same(settings.thumbprint, "ab"));
    CU_ASSERT(read_text(SEALED("\"protectedSettings\": \"\""), &arena, &settings, &err) && settings.envelope == NULL);
}

static void a_file_over_the_limit_is_refused(void)
{
    struct arena arena AUTO(arena_close) = new_arena();
    struct handler_settings settings;
    struct err err = {0};
    char *blanks = arena_alloc(&arena, LIMIT_SETTINGS_BYTES + 1);
    memset(blanks, ' ', LIMIT_SETTINGS_BYTES + 1);
    CU_ASSERT(!handler_settings_read(blanks, LIMIT_SETTINGS_BYTES + 1, "3.settings", &arena, &settings, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
}

void suite_handler_settings(void)
{
    UNIT_SUITE("handler settings", UNIT_TEST(what_is_not_known_is_refused_by_its_place),
               UNIT_TEST(what_was_set_arrives_as_a_command_line), UNIT_TEST(a_deadline_has_bounds),
               UNIT_TEST(clouds_arrive_as_a_document), UNIT_TEST(an_envelope_is_kept_as_it_stands),
               UNIT_TEST(a_file_over_the_limit_is_refused));
}
