/* SPDX-License-Identifier: MIT */
#include "channel/scenario/scenario.h"

#include <string.h>

#include "channel/scenario/told.h"
#include "host/port.h"

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

/* Of a closed one: what would read or write real files, or open real connections, whoever wrote the document. */
static bool is_allowed(const struct json *json, const struct json *at, const char *file, struct err *err)
{
    const struct json *network = json_find(json, "network");
    const struct json *root = json_find(json, "fileRoot");
    const struct json *peers = network != NULL ? json_find(network, "connectTo") : NULL;
    if (root == NULL && peers == NULL) {
        return true;
    }
    return json_refuse(at, file, err, "a machine with %s is for azmend check --machine: nothing real is touched here",
                       root != NULL ? "fileRoot" : "network.connectTo");
}

static bool read_base(const struct json *json, const struct scenario_ground *ground, struct arena *arena,
                      struct scenario *scenario, const struct json **ret_base, struct err *err)
{
    const char *file = NULL;
    const struct json *base = NULL;
    const struct json *named = json_find(json, "base");
    if (named == NULL) {
        return true;
    }
    if (!json_want(named, JSON_TEXT, scenario->machine_file, err) ||
        !ground->machine(ground->context, named->as.text, arena, &base, &file, err) ||
        !json_want(base, JSON_OBJECT, file, err)) {
        return false;
    }
    if (json_find(base, "fileRoot") != NULL) {
        scenario->machine_file = file;
    }
    *ret_base = base;
    return !ground->is_closed || is_allowed(base, named, scenario->machine_file, err);
}

static bool read_machine(const struct json *json, const struct scenario_ground *ground, struct arena *arena,
                         struct scenario *scenario, struct err *err)
{
    const struct json *base = NULL;
    const struct json *patch = json_find(json, "machine");
    if (!read_base(json, ground, arena, scenario, &base, err)) {
        return false;
    }
    if (base == NULL && patch == NULL) {
        return json_refuse(json, scenario->machine_file, err, "expected base or machine");
    }
    if (patch != NULL && (!json_want(patch, JSON_OBJECT, scenario->machine_file, err) ||
                          (ground->is_closed && !is_allowed(patch, patch, scenario->machine_file, err)))) {
        return false;
    }
    return merge_patch(base, patch, arena, &scenario->machine, err);
}

/* What a closed one may say: which playbooks and how long, nothing of files. */
static bool is_word_allowed(const char *word)
{
    static const char *const allowed[] = {"--playbook",      "--parameter",    "--deadline",
                                          "--probe-timeout", "--wait-network", NULL};
    size_t length = strcspn(word, "=");
    for (const char *const *option = allowed; *option != NULL; option++) {
        if (strlen(*option) == length && strncmp(*option, word, length) == 0) {
            return true;
        }
    }
    return !text_starts(word, "-");
}

static bool read_options(const struct json *json, const struct scenario_ground *ground, struct arena *arena,
                         struct scenario *scenario, struct err *err)
{
    const char *file = scenario->machine_file;
    const struct json *args = json_find(json, "args");
    char **words = arena_array(arena, ARGUMENTS_MAX + 1, sizeof(*words));
    int count = 1;
    if (args == NULL || args->type != JSON_ARRAY || args->count == 0 || args->count >= ARGUMENTS_MAX) {
        return json_refuse(json, file, err, "expected args, a list of words");
    }
    words[0] = arena_text(arena, "azmend");
    for (size_t i = 0; i < args->count; i++) {
        const struct json *word = &args->as.items[i];
        if (!json_want(word, JSON_TEXT, file, err)) {
            return false;
        }
        if (ground->is_closed && !is_word_allowed(word->as.text)) {
            return json_refuse(word, file, err, "expected --playbook, --parameter or a time: %.40s", word->as.text);
        }
        words[count++] = arena_text(arena, word->as.text);
    }
    struct err parse = {0};
    if (!options_parse(count, words, &scenario->options, &parse)) {
        return json_refuse(args, file, err, "%s", parse.text);
    }
    if (scenario->options.command > COMMAND_FIX) {
        return json_refuse(args, file, err, "expected check, plan or fix");
    }
    return ground->plan(ground->context, &scenario->options, arena, &scenario->plan, err);
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
    if (findings != NULL && !json_want(findings, JSON_OBJECT, scenario->machine_file, err)) {
        return false;
    }
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
    if (steps != NULL && !json_want(steps, JSON_OBJECT, scenario->machine_file, err)) {
        return false;
    }
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
    if (expect == NULL) {
        return json_refuse(json, scenario->machine_file, err, "expected expect");
    }
    if (!json_want(expect, JSON_OBJECT, scenario->machine_file, err) ||
        !refuse_unknown(expect, known, scenario->machine_file, err)) {
        return false;
    }
    scenario->verdict = member_text(expect, "verdict");
    if (scenario->verdict == NULL || text_word(verdict_names, scenario->verdict) < 0) {
        return json_refuse(expect, scenario->machine_file, err, "expected a verdict");
    }
    scenario->exit = member_int(expect, "exit", -1);
    scenario->changes_count = member_int(json, "changesCount", -1);
    scenario->changes = json_find(json, "changes");
    if (scenario->changes != NULL && !json_want(scenario->changes, JSON_OBJECT, scenario->machine_file, err)) {
        return false;
    }
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

static bool is_listed(const struct scenario *scenario, const char *finding)
{
    for (size_t i = 0; i < scenario->finding_count; i++) {
        if (text_same(scenario->findings[i].finding, finding)) {
            return true;
        }
    }
    return false;
}

/* Each is a finding that a playbook of the run has, absent though what it looks at is touched. */
static bool read_near_miss(const struct json *json, struct scenario *scenario, struct err *err)
{
    const char *file = scenario->machine_file;
    const struct json *near = json_find(json, "nearMiss");
    if (near == NULL) {
        return true;
    }
    if (!json_want(near, JSON_ARRAY, file, err)) {
        return false;
    }
    if (json_find(json, "machine") == NULL) {
        return json_refuse(near, file, err, "a near miss, and the machine is its base as it is");
    }
    for (size_t i = 0; i < near->count; i++) {
        const struct json *item = &near->as.items[i];
        if (!json_want(item, JSON_TEXT, file, err)) {
            return false;
        }
        if (!plan_has(scenario->plan, item->as.text) || is_listed(scenario, item->as.text)) {
            return json_refuse(item, file, err, "expected a finding of these playbooks that is absent here: %s",
                               item->as.text);
        }
    }
    scenario->near_miss = near;
    return true;
}

static bool read_killed(const struct json *json, struct scenario *scenario, struct err *err)
{
    const struct json *killed = json_find(json, "killed");
    scenario->is_killed_at_every_call = killed != NULL;
    scenario->excluded = json_find(json, "not");
    return killed == NULL || (killed->type == JSON_TEXT && text_same(killed->as.text, "at every call")) ||
           json_refuse(killed, scenario->machine_file, err, "expected \"at every call\"");
}

bool scenario_read(const struct scenario_file *file, const struct scenario_ground *ground, struct arena *arena,
                   struct scenario *ret_scenario, struct err *err)
{
    /* together is for what is counted over all scenarios (tests/scenarios/README.md). */
    static const char *const known[] = {"about",        "source", "base", "machine",  "args",     "expect", "changes",
                                        "changesCount", "killed", "not",  "nearMiss", "together", NULL};
    const struct json *json = file->json;
    struct scenario scenario = {.machine_file = file->file, .name = file->name};
    if (!json_want(json, JSON_OBJECT, file->file, err) || !refuse_unknown(json, known, file->file, err) ||
        !read_machine(json, ground, arena, &scenario, err) || !read_options(json, ground, arena, &scenario, err) ||
        !read_expect(json, arena, &scenario, err) || !read_near_miss(json, &scenario, err) ||
        !read_killed(json, &scenario, err)) {
        return false;
    }
    *ret_scenario = scenario;
    return true;
}
