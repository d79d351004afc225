/* SPDX-License-Identifier: MIT */
#include "channel/console.h"

#include <inttypes.h>
#include <string.h>

#include "channel/emergency.h"
#include "channel/machine.h"
#include "channel/progress.h"
#include "channel/runs.h"
#include "channel/state.h"
#include "channel/wait_network.h"
#include "engine/engine.h"
#include "host/clock.h"
#include "host/journal.h"
#include "report/console.h"
#include "report/result.h"
#include "report/text.h"

struct run {
    const struct options *options;
    struct arena *arena;
    enum run_mode mode;
    int64_t begun_ms;
    const char *id;
    uint64_t seed;
    const struct plan *plan;
    struct machine machine;
    struct state state;
    struct host host;
    struct record record;
    const struct past_run *undone; /* MODE_UNDO: what is taken back; NULL: nothing */
};

static void close_run(struct run *run)
{
    state_close(&run->state);
    machine_close(&run->machine);
}

/* --- stderr --- */

void console_complain(const char *text)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    buf_text(&line, "azmend: ");
    text_clean(&line, text, LANGUAGE_JA);
    buf_text(&line, "\n");
    port_write(PORT_STDERR, buf_string(&line), line.size);
}

static void say(const struct run *run, const char *text)
{
    if (run->options->verbose) {
        console_complain(text);
    }
}

/* --- before the engine --- */

bool console_load(const struct options *options, struct arena *arena, const struct plan **ret_plan, struct err *err)
{
    struct intake intake AUTO(intake_clear) = {0};
    struct plan_parameter *parameters = arena_array(arena, options->parameters.count, sizeof(*parameters));
    for (size_t i = 0; i < options->parameters.count; i++) {
        const char *given = options->parameters.items[i];
        const char *equals = strchr(given, '=');
        parameters[i].name = arena_copy(arena, given, (size_t)(equals - given));
        parameters[i].value = equals + 1;
    }
    const struct intake_request request = {.names = options->playbooks.items,
                                           .count = options->playbooks.count,
                                           .sha256 = options->sha256,
                                           .timeout_ms = options->deadline_ms};
    return intake_collect(&request, arena, &intake, err) &&
           plan_load(intake.tables.items, intake.tables.count, intake.playbooks.items, intake.playbooks.count,
                     parameters, options->parameters.count, arena, ret_plan, err);
}

/* "20260115T080000Z-1a2b3c4d", three digits of it milliseconds: sorts by time, names a folder, never twice the same. */
static bool choose_id(struct run *run, struct err *err)
{
    uint32_t chance = 0;
    if (!port_random(&chance, sizeof(chance), err) || !port_random(&run->seed, sizeof(run->seed), err)) {
        return false;
    }
    int64_t utc_ms = port_utc_ms();
    const char *utc = clock_format_utc(run->arena, utc_ms);
    char *id = arena_format(run->arena, "%s-%03x%05x", utc, (unsigned)(utc_ms % 1000), (unsigned)(chance & 0xFFFFFU));
    size_t size = 0;
    for (const char *at = id; *at != '\0'; at++) {
        bool is_mark = at < id + strlen(utc) && (*at == '-' || *at == ':');
        id[size] = *at;
        size += is_mark ? 0 : 1;
    }
    id[size] = '\0';
    run->id = id;
    return true;
}

static int open_machine(struct run *run, struct err *err)
{
    static const enum gate_mode gates[MODE_COUNT] = {
        [MODE_CHECK] = GATE_LOOK, [MODE_PLAN] = GATE_PLAN, [MODE_FIX] = GATE_CHANGE, [MODE_UNDO] = GATE_CHANGE};
    if (!machine_open(run->options, run->arena, &run->machine, err)) {
        bool is_wrong = run->options->machine != NULL && err->code != ERR_MEMORY;
        return is_wrong || err->code == ERR_UNSUPPORTED ? ENDING_USAGE : VERDICT_FAILED;
    }
    int64_t spent_ms = port_now_ms() - run->begun_ms; /* a download takes its time */
    int64_t left_ms = run->options->deadline_ms > spent_ms ? run->options->deadline_ms - spent_ms : 1;
    host_init(&run->host, run->machine.ops, run->machine.backend, run->arena, gates[run->mode], left_ms);
    /* A document replayed twice gives the same run twice. */
    run->seed = run->machine.sim != NULL ? 1 : run->seed;
    return VERDICT_HEALTHY;
}

/* The state folder as the last run left it: what was cut off is closed first. */
static bool tidy(struct run *run, struct err *err)
{
    size_t closed = 0;
    if (!runs_close(&run->state, &run->host, run->arena, &closed, err)) {
        return err_context(err, "closing an earlier run");
    }
    if (closed > 0) {
        say(run, arena_format(run->arena, "%zu earlier runs were cut off; their records are closed", closed));
    }
    return true;
}

/* Its own journal says first what it takes back. */
static int choose_undone(struct run *run, struct err *err)
{
    const struct option_texts *operands = &run->options->operands;
    const char *wanted = operands->count > 0 ? operands->items[0] : NULL;
    if (!runs_choose(&run->state, wanted, run->arena, &run->undone, err)) {
        return err->code == ERR_NOT_FOUND || err->code == ERR_REFUSED ? ENDING_USAGE : VERDICT_FAILED;
    }
    return run->undone == NULL || journal_undoes(run->state.journal, run->undone->id, err) ? VERDICT_HEALTHY
                                                                                           : VERDICT_FAILED;
}

/* A document without --state is a run at a desk: nothing to protect, nothing to undo. */
static int prepare_change(struct run *run, struct err *err)
{
    if (!machine_is_elevated(&run->machine, &run->host)) {
        (void)err_set(err, ERR_DENIED, 0, "%s needs administrator rights: run it elevated or as SYSTEM",
                      run_mode_names[run->mode]);
        return ENDING_NOT_ELEVATED;
    }
    if (run->machine.sim != NULL && run->options->state == NULL) {
        say(run, "a machine document without --state: no lock and no journal");
        return VERDICT_HEALTHY;
    }
    if (!state_open(run->options->state, run->id, run->arena, &run->state, err)) {
        return err->code == ERR_BUSY ? ENDING_BUSY : VERDICT_FAILED;
    }
    say(run, arena_format(run->arena, "journal and result: %s", run->state.folder));
    run->host.journal = journal_sink(run->state.journal);
    if (!tidy(run, err)) {
        return VERDICT_FAILED;
    }
    return run->mode == MODE_UNDO ? choose_undone(run, err) : VERDICT_HEALTHY;
}

/* An undo asks no playbook. */
static int choose_plan(struct run *run, struct err *err)
{
    static const struct plan nothing = {0};
    run->plan = &nothing;
    if (run->mode == MODE_UNDO || console_load(run->options, run->arena, &run->plan, err)) {
        return VERDICT_HEALTHY;
    }
    bool is_ours = err->code == ERR_MEMORY || err->code == ERR_NETWORK || err->code == ERR_TIMEOUT;
    return is_ours ? VERDICT_FAILED : ENDING_USAGE;
}

/* VERDICT_HEALTHY: go on. Anything else is how it ended. */
static int prepare(struct run *run, struct err *err)
{
    if (!choose_id(run, err)) {
        return VERDICT_FAILED;
    }
    emergency_arm(run->mode, run->id);
    say(run, arena_format(run->arena, "run %s", run->id));
    int ending = choose_plan(run, err);
    if (ending == VERDICT_HEALTHY) {
        ending = open_machine(run, err);
    }
    return ending == VERDICT_HEALTHY && run->mode >= MODE_FIX ? prepare_change(run, err) : ending;
}

/* --- after the engine --- */

static bool keep_result(struct run *run, struct err *err)
{
    const char *file = run->options->result;
    struct buf result AUTO(buf_clear) = {0};
    if (file == NULL && run->state.folder == NULL) {
        return true;
    }
    (void)result_fit(&result, &run->record, WRITER_INDENTED, LIMIT_RESULT_BYTES);
    if (run->state.folder != NULL && !state_keep_result(&run->state, run->id, run->arena, &result, err)) {
        return false;
    }
    return file == NULL || port_file_replace(file, buf_string(&result), result.size, err) ||
           err_context(err, "--result");
}

static void print_result(const struct run *run)
{
    const struct options *options = run->options;
    struct buf text AUTO(buf_clear) = {0};
    enum console_form form = options->json ? CONSOLE_WHOLE : options->quiet ? CONSOLE_QUIET : CONSOLE_TABLE;
    console_render(&text, &run->record, form, (enum language)options->language);
    port_write(PORT_STDOUT, buf_string(&text), text.size);
    emergency_disarm();
}

static void say_costs(const struct run *run)
{
    say(run, arena_format(run->arena, "%" PRIu64 " calls to the machine, %zu passes, %zu KiB of memory",
                          run->host.calls, run->record.passes, run->arena->peak / 1024));
    const char *unscripted = run->machine.sim != NULL ? sim_unscripted(run->machine.sim) : NULL;
    if (unscripted != NULL) {
        say(run, arena_format(run->arena, "the machine document says nothing about %s", unscripted));
    }
}

/* The result goes out first: what cannot be written to a file must not take the answer along. */
static int finish(struct run *run, struct err *err)
{
    const char *save = run->options->save_machine;
    bool is_kept = keep_result(run, err) && (save == NULL || machine_save(&run->machine, save, err));
    print_result(run);
    say_costs(run);
    if (!is_kept) {
        console_complain(err->text);
        return VERDICT_FAILED;
    }
    return (int)run->record.verdict;
}

/* One line on stderr, and a record for stdout that says the same; a run that failed was not cut off. */
static int fail(struct run *run, int ending, const struct err *err)
{
    run->record = (struct record){.run_id = run->id,
                                  .started_utc_ms = port_utc_ms(),
                                  .mode = run->mode,
                                  .channel = "console",
                                  .verdict = VERDICT_FAILED,
                                  .err = *err};
    struct buf line AUTO(buf_clear) = {0};
    console_render(&line, &run->record, run->options->json ? CONSOLE_WHOLE : CONSOLE_QUIET, LANGUAGE_EN);
    console_complain(err->text);
    port_write(PORT_STDOUT, buf_string(&line), line.size);
    emergency_disarm();
    struct err unkept = {0};
    if (run->state.folder != NULL && !keep_result(run, &unkept)) {
        console_complain(unkept.text);
    }
    return ending;
}

int console_run(const struct options *options, struct arena *arena)
{
    static const enum run_mode modes[] = {
        [COMMAND_CHECK] = MODE_CHECK, [COMMAND_PLAN] = MODE_PLAN, [COMMAND_FIX] = MODE_FIX, [COMMAND_UNDO] = MODE_UNDO};
    struct run run AUTO(close_run) = {
        .options = options, .arena = arena, .mode = modes[options->command], .begun_ms = port_now_ms()};
    struct err err = {0};
    emergency_arm(run.mode, NULL);
    int ending = prepare(&run, &err);
    if (ending != VERDICT_HEALTHY) {
        return exit_code(fail(&run, ending, &err), (enum exit_style)options->exit_style);
    }
    const struct engine_options how = {
        .mode = run.mode, .channel = "console", .run_id = run.id, .probe_ms = options->probe_ms, .seed = run.seed};
    struct progress progress;
    progress_watch(&progress, options, &run.host);
    if (!wait_network(&run.host, options->wait_network_ms)) {
        say(&run, "nobody answered on the network in the time given to wait for it");
    }
    engine_run(run.plan, &run.host, &how, arena, &run.record);
    if (run.mode == MODE_UNDO) {
        past_undo(run.undone, &run.host, arena, &run.record);
    }
    progress_wipe(&progress);
    ending = finish(&run, &err);
    return exit_code(ending, (enum exit_style)options->exit_style);
}
