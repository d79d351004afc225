/* SPDX-License-Identifier: MIT */
/*
 * `validate`: playbooks as a run would load them, each one's mistakes, and the scenarios that stand beside them, run on
 * their simulated machines. Nothing of this computer is touched but the files named: what a scenario would read or
 * reach beyond its own folder is refused (struct scenario_ground, is_closed).
 */
#include <string.h>

#include "base/text.h"
#include "channel/run/load.h"
#include "channel/run/say.h"
#include "channel/scenario/outcome.h"
#include "channel/tools/coverage.h"
#include "channel/tools/tools.h"
#include "host/port.h"
#include "report/clean.h"

/* What was given: its playbooks stand in front of the built-in ones. */
struct given {
    struct intake intake;
    size_t count; /* of its playbooks, common.json among them */
    const struct plan *plan;
};

static struct plan_source *source_at(const struct given *given, size_t index)
{
    return &((struct plan_source *)given->intake.playbooks.items)[index];
}

static const char *stem_of(const char *path, struct arena *arena)
{
    const char *name = path;
    for (const char *at = path; *at != '\0'; at++) {
        name = *at == '/' || *at == port_separator ? at + 1 : name;
    }
    size_t length = strlen(name);
    return arena_copy(arena, name, length - (text_ends(name, ".json") ? strlen(".json") : 0));
}

static bool collect(const char *name, struct arena *arena, struct given *given, struct err *err)
{
    const struct intake_request request = {.names = &name, .count = 1, .wants_scenarios = true};
    if (!intake_collect(&request, arena, &given->intake, err)) {
        return false;
    }
    for (size_t i = 0; i < given->intake.playbooks.count && source_at(given, i)->id == NULL; i++) {
        source_at(given, i)->id = stem_of(source_at(given, i)->file, arena);
        given->count++;
    }
    return true;
}

/* "ok WHAT" */
static void print_ok(const char *what)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    buf_text(&line, "ok ");
    text_clean(&line, what, LANGUAGE_JA);
    buf_text(&line, "\n");
    tools_print(&line);
}

/* --- the playbooks --- */

static bool load_selected(const struct given *given, struct arena *arena, struct err *err)
{
    static const struct options none = {.command = COMMAND_VALIDATE};
    const struct plan *plan = NULL;
    return load_collected(&given->intake, &none, arena, &plan, err);
}

/* What is wrong with each of several, where all together do not load. How many said something. */
static size_t tell_each(const struct given *given, struct arena *arena)
{
    size_t told = 0;
    for (size_t i = 0; i < given->count; i++) {
        struct err err = {0};
        size_t mark = arena_mark(arena);
        for (size_t j = 0; j < given->intake.playbooks.count; j++) {
            source_at(given, j)->selected = i == j;
        }
        if (!source_at(given, i)->is_common && !load_selected(given, arena, &err)) {
            complain(err.text);
            told++;
        }
        arena_release(arena, mark);
    }
    return told;
}

/* As a run would load them; and what they call an explanation is a finding of theirs or of a built-in playbook. */
static bool load(struct given *given, struct arena *arena)
{
    static const struct options built_in = {.command = COMMAND_VALIDATE};
    const struct plan *at_hand = NULL;
    struct err err = {0};
    if (!load_collected(&given->intake, &built_in, arena, &given->plan, &err)) {
        if (given->count < 2 || tell_each(given, arena) == 0) {
            complain(err.text);
        }
        return false;
    }
    if (!load_plan(&built_in, arena, &at_hand, &err) || !plan_explanations_known(given->plan, at_hand, arena, &err)) {
        complain(err.text);
        return false;
    }
    return true;
}

/* --- their scenarios --- */

static bool load_document(const struct intake_document *document, struct arena *arena, const struct json **ret_json,
                          struct err *err)
{
    struct json_source source = {.file = document->file, .limit = LIMIT_MACHINE_BYTES};
    return document->bytes == NULL ? scenario_read_json(document->file, arena, ret_json, err)
                                   : json_load(document->bytes, document->size, &source, arena, ret_json, err);
}

static bool scenario_machine(void *context, const char *name, struct arena *arena, const struct json **ret_json,
                             const char **ret_file, struct err *err)
{
    const struct given *given = context;
    const struct intake_document *machines = given->intake.machines.items;
    for (size_t i = 0; i < given->intake.machines.count; i++) {
        if (text_same(machines[i].name, name)) {
            *ret_file = machines[i].file;
            return load_document(&machines[i], arena, ret_json, err);
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "base %.60s: there is no scenarios/machines/%.60s.json", name, name);
}

static bool select_one(const struct given *given, const char *name, struct err *err)
{
    for (size_t i = 0; i < given->intake.playbooks.count; i++) {
        if (!source_at(given, i)->is_common && text_same(source_at(given, i)->id, name)) {
            source_at(given, i)->selected = true;
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, 0, "--playbook %.60s: no playbook of this folder, and none that is built in",
                   name);
}

/* Those that its words name, given ones first; without: all that were given. */
static bool scenario_plan(void *context, const struct options *options, struct arena *arena,
                          const struct plan **ret_plan, struct err *err)
{
    struct given *given = context;
    for (size_t i = 0; i < given->intake.playbooks.count; i++) {
        source_at(given, i)->selected =
            options->playbooks.count == 0 && i < given->count && !source_at(given, i)->is_common;
    }
    for (size_t i = 0; i < options->playbooks.count; i++) {
        if (!select_one(given, options->playbooks.items[i], err)) {
            return false;
        }
    }
    return load_collected(&given->intake, options, arena, ret_plan, err);
}

static bool read_document(const struct intake_document *document, struct given *given, struct arena *arena,
                          struct scenario *ret_scenario, struct err *err)
{
    const struct scenario_ground ground = {
        .machine = scenario_machine, .plan = scenario_plan, .context = given, .is_closed = true};
    struct scenario_file file = {.file = document->file, .name = document->name};
    return load_document(document, arena, &file.json, err) && scenario_read(&file, &ground, arena, ret_scenario, err);
}

static bool run(const struct scenario *scenario, struct arena *arena, struct arena_list *wrong, struct err *err)
{
    struct trial *trial = arena_alloc(arena, sizeof(*trial));
    struct outcome outcome = {.scenario = scenario, .run = trial, .arena = arena, .wrong = wrong};
    struct trial_setup setup = {.scenario = scenario, .mode = trial_mode(scenario)};
    if (!trial_canonical(scenario, scenario->machine, arena, &outcome.before, err)) {
        return false;
    }
    setup.machine = outcome.before;
    return trial_run(&setup, arena, trial, err) && outcome_holds(&outcome);
}

/* False: something of it is wrong, and was said. */
static bool try_scenario(const struct intake_document *document, struct given *given, struct arena *arena,
                         struct coverage *coverage)
{
    struct scenario *scenario = arena_alloc(arena, sizeof(*scenario));
    struct arena_list wrong = {0};
    struct err err = {0};
    bool is_read = read_document(document, given, arena, scenario, &err);
    if (is_read) {
        coverage_add(coverage, scenario, document->name);
    }
    if (is_read && run(scenario, arena, &wrong, &err)) {
        return true;
    }
    for (size_t i = 0; i < wrong.count; i++) {
        complain(arena_format(arena, "%s: %s", document->file, ((const char *const *)wrong.items)[i]));
    }
    if (wrong.count == 0) {
        bool is_placed = text_starts(err.text, document->file);
        complain(is_placed ? err.text : arena_format(arena, "%s: %s", document->file, err.text));
    }
    return false;
}

/* Of the plan, what was given and not built in. */
static size_t given_playbooks(const struct given *given, const struct playbook **ret_playbooks)
{
    size_t count = 0;
    for (size_t i = 0; i < given->plan->count; i++) {
        for (size_t j = 0; j < given->count; j++) {
            if (text_same(given->plan->playbooks[i].file, source_at(given, j)->file)) {
                source_at(given, j)->id = given->plan->playbooks[i].id;
                ret_playbooks[count++] = &given->plan->playbooks[i];
            }
        }
    }
    return count;
}

static void tell_playbook(const struct given *given, const struct playbook *playbook, struct arena *arena)
{
    const struct intake_document *scenarios = given->intake.scenarios.items;
    const char *folder = arena_format(arena, "%s/", playbook->id);
    size_t count = 0;
    for (size_t i = 0; i < given->intake.scenarios.count; i++) {
        count += text_starts(scenarios[i].name, folder) ? 1 : 0;
    }
    print_ok(arena_format(arena, "%s: %zu findings, %zu scenarios", playbook->id, playbook->finding_count, count));
}

static bool try_all(struct given *given, struct arena *arena)
{
    const struct intake_document *scenarios = given->intake.scenarios.items;
    const struct playbook **playbooks = arena_array(arena, given->plan->count, sizeof(*playbooks));
    size_t count = given_playbooks(given, playbooks);
    struct coverage coverage;
    size_t wrong = 0;
    coverage_begin(playbooks, count, given->intake.scenarios.count, arena, &coverage);
    for (size_t i = 0; i < given->intake.scenarios.count; i++) {
        size_t mark = arena_mark(arena);
        wrong += try_scenario(&scenarios[i], given, arena, &coverage) ? 0 : 1;
        arena_release(arena, mark);
    }
    wrong += coverage_tell(&coverage, complain);
    for (size_t i = 0; wrong == 0 && i < count; i++) {
        tell_playbook(given, playbooks[i], arena);
    }
    return wrong == 0;
}

static bool validate(const char *name, struct arena *arena)
{
    struct given given = {0};
    struct err err = {0};
    bool is_right = collect(name, arena, &given, &err);
    if (!is_right) {
        complain(err.text);
    }
    is_right = is_right && load(&given, arena) && (given.intake.scenarios.count == 0 || try_all(&given, arena));
    intake_clear(&given.intake);
    return is_right;
}

int tools_validate(const struct options *options, struct arena *arena)
{
    int code = 0;
    for (size_t i = 0; i < options->operands.count; i++) {
        size_t mark = arena_mark(arena);
        if (validate(options->operands.items[i], arena)) {
            print_ok(options->operands.items[i]);
        } else {
            code = exit_code_early(ENDING_USAGE, EXIT_PLAIN);
        }
        arena_release(arena, mark); /* one file's plan is nothing to the next one */
    }
    return code;
}
