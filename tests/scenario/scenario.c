/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <string.h>

#include "channel/run/load.h"
#include "host/port.h"
#include "told.h"

enum { ARGUMENTS_MAX = 64 };

bool scenario_read_json(const char *file, struct arena *arena, const struct json **ret_json, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct json_source source = {.file = file, .limit = LIMIT_MACHINE_BYTES};
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    return port_file_read(file, LIMIT_MACHINE_BYTES, &bytes, err) &&
           json_load(buf_string(&bytes), bytes.size, &source, arena, ret_json, err);
}

static const char *member_text(const struct json *object, const char *name)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_TEXT ? member->as.text : NULL;
}

static int64_t member_int(const struct json *object, const char *name, int64_t otherwise)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_INT ? member->as.integer : otherwise;
}

/* A misspelt member would silently test nothing. */
static bool refuse_unknown(const struct json *object, const char *const *known, const char *file, struct err *err)
{
    for (size_t i = 0; object != NULL && i < object->count; i++) {
        if (text_word(known, object->as.items[i].name) < 0) {
            return json_refuse(&object->as.items[i], file, err, "no such member in a scenario");
        }
    }
    return true;
}

static bool read_machine(const struct json *json, const char *root, struct arena *arena, struct scenario *scenario,
                         struct err *err)
{
    const struct json *base = NULL;
    const struct json *patch = json_find(json, "machine");
    const char *name = member_text(json, "base");
    const char *file = name == NULL ? NULL : arena_format(arena, "%s/machines/%s.json", root, name);
    if (file != NULL && !scenario_read_json(file, arena, &base, err)) {
        return false;
    }
    if (base != NULL && json_find(base, "fileRoot") != NULL) {
        scenario->machine_file = file;
    }
    if (base == NULL && patch == NULL) {
        return json_refuse(json, scenario->machine_file, err, "expected base or machine");
    }
    return merge_patch(base, patch, arena, &scenario->machine, err);
}

static bool read_options(const struct json *json, struct arena *arena, struct scenario *scenario, struct err *err)
{
    const struct json *args = json_find(json, "args");
    char *words[ARGUMENTS_MAX] = {arena_text(arena, "azmend")};
    int count = 1;
    if (args == NULL || args->type != JSON_ARRAY || args->count == 0 || args->count >= ARGUMENTS_MAX) {
        return json_refuse(json, scenario->machine_file, err, "expected args, a list of words");
    }
    for (size_t i = 0; i < args->count; i++) {
        if (!json_want(&args->as.items[i], JSON_TEXT, scenario->machine_file, err)) {
            return false;
        }
        words[count++] = arena_text(arena, args->as.items[i].as.text);
    }
    if (!options_parse(count, words, &scenario->options, err)) {
        return false;
    }
    if (scenario->options.command > COMMAND_FIX) {
        return json_refuse(args, scenario->machine_file, err, "expected check, plan or fix");
    }
    return load_plan(&scenario->options, arena, &scenario->plan, err);
}

static bool plan_has(const struct plan *plan, const char *finding)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->playbooks[i].finding_count; j++) {
            if (text_same(plan->playbooks[i].findings[j].id, finding)) {
                return true;
            }
        }
    }
    return false;
}

static bool read_findings(const struct json *findings, struct arena *arena, struct scenario *scenario, struct err *err)
{
    size_t count = findings == NULL ? 0 : findings->count;
    struct expected *expected = arena_array(arena, count, sizeof(*expected));
    for (size_t i = 0; i < count; i++) {
        const struct json *member = &findings->as.items[i];
        if (!json_want(member, JSON_TEXT, scenario->machine_file, err)) {
            return false;
        }
        if (text_word(finding_state_names, member->as.text) < 0 || !plan_has(scenario->plan, member->name)) {
            return json_refuse(member, scenario->machine_file, err, "no such finding or state: %s: %s", member->name,
                               member->as.text);
        }
        expected[i] = (struct expected){.finding = member->name, .state = member->as.text};
    }
    scenario->findings = expected;
    scenario->finding_count = count;
    return true;
}

static bool read_steps(const struct json *steps, const struct scenario *scenario, struct err *err)
{
    for (size_t i = 0; steps != NULL && i < steps->count; i++) {
        const struct json *member = &steps->as.items[i];
        if (!plan_has(scenario->plan, member->name)) {
            return json_refuse(member, scenario->machine_file, err, "no such finding");
        }
        if (!json_want(member, JSON_TEXT, scenario->machine_file, err)) {
            return false;
        }
    }
    return true;
}

static bool read_expect(const struct json *json, struct arena *arena, struct scenario *scenario, struct err *err)
{
    static const char *const known[] = {"verdict", "exit", "findings", "steps", "says", "tried", "confidence", NULL};
    const struct json *expect = json_find(json, "expect");
    if (expect == NULL || !refuse_unknown(expect, known, scenario->machine_file, err)) {
        return expect != NULL || json_refuse(json, scenario->machine_file, err, "expected expect");
    }
    scenario->verdict = member_text(expect, "verdict");
    if (scenario->verdict == NULL || text_word(verdict_names, scenario->verdict) < 0) {
        return json_refuse(expect, scenario->machine_file, err, "expected a verdict");
    }
    scenario->exit = member_int(expect, "exit", -1);
    scenario->changes_count = member_int(json, "changesCount", -1);
    scenario->changes = json_find(json, "changes");
    scenario->steps = json_find(expect, "steps");
    scenario->says = json_find(expect, "says");
    scenario->tried = json_find(expect, "tried");
    scenario->confidence = json_find(expect, "confidence");
    return read_findings(json_find(expect, "findings"), arena, scenario, err) &&
           read_steps(scenario->steps, scenario, err) && told_read(scenario, err);
}

bool scenario_excludes(const struct scenario *scenario, const char *word)
{
    const struct json *excluded = scenario->excluded;
    for (size_t i = 0; excluded != NULL && excluded->type == JSON_ARRAY && i < excluded->count; i++) {
        if (excluded->as.items[i].type == JSON_TEXT && text_same(excluded->as.items[i].as.text, word)) {
            return true;
        }
    }
    return false;
}

bool scenario_load(const char *root, const char *path, struct arena *arena, struct scenario *ret_scenario,
                   struct err *err)
{
    /* nearMiss and together are for what is counted over all scenarios (tests/scenarios/README.md). */
    static const char *const known[] = {"about",        "source", "base", "machine",  "args",     "expect", "changes",
                                        "changesCount", "killed", "not",  "nearMiss", "together", NULL};
    const struct json *json = NULL;
    size_t skip = strlen(root) + 1;
    size_t ending = strlen(".json");
    struct scenario scenario = {.machine_file = path,
                                .name = arena_copy(arena, path + skip, strlen(path) - skip - ending)};
    if (!scenario_read_json(path, arena, &json, err) || !refuse_unknown(json, known, path, err) ||
        !read_machine(json, root, arena, &scenario, err) || !read_options(json, arena, &scenario, err) ||
        !read_expect(json, arena, &scenario, err)) {
        return false;
    }
    scenario.is_killed_at_every_call = json_find(json, "killed") != NULL;
    if (scenario.is_killed_at_every_call && !text_same(member_text(json, "killed"), "at every call")) {
        return json_refuse(json_find(json, "killed"), path, err, "expected \"at every call\"");
    }
    scenario.excluded = json_find(json, "not");
    *ret_scenario = scenario;
    return true;
}
