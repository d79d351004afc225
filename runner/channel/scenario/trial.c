/* SPDX-License-Identifier: MIT */
#include "channel/scenario/trial.h"

#include <string.h>

#include "channel/run/wait_network.h"
#include "host/sim/sim.h"
#include "report/console.h"

enum { SEED = 1 };

void trial_close(struct sim **sim)
{
    sim_close(*sim);
}

bool trial_open(const struct trial_setup *setup, struct arena *arena, struct sim **ret_sim, struct err *err)
{
    return sim_open(setup->machine.bytes, setup->machine.size, setup->scenario->machine_file, arena, ret_sim, err);
}

static struct text kept(struct arena *arena, const struct buf *buf)
{
    return (struct text){.bytes = arena_copy(arena, buf_string(buf), buf->size), .size = buf->size};
}

struct text trial_save(const struct sim *sim, struct arena *arena)
{
    struct buf saved AUTO(buf_clear) = {0};
    buf_init(&saved, LIMIT_MACHINE_BYTES);
    sim_save(sim, &saved);
    return kept(arena, &saved);
}

static struct text render(const struct record *record, enum console_form form, struct arena *arena)
{
    struct buf text AUTO(buf_clear) = {0};
    console_render(&text, record, form, LANGUAGE_EN, SHELL_BASH);
    return kept(arena, &text);
}

void trial_on(struct sim *sim, const struct trial_setup *setup, struct arena *arena, struct trial *ret_trial)
{
    const struct scenario *scenario = setup->scenario;
    static const enum gate_mode gates[MODE_COUNT] = {
        [MODE_CHECK] = GATE_LOOK, [MODE_PLAN] = GATE_PLAN, [MODE_FIX] = GATE_CHANGE, [MODE_UNDO] = GATE_CHANGE};
    const struct engine_options options = {.mode = setup->mode,
                                           .channel = "console",
                                           .run_id = "20260115T080000Z-00000000",
                                           .probe_ms = scenario->options.probe_ms,
                                           .seed = SEED,
                                           .restarts = setup->restarts};
    struct trial *trial = ret_trial;
    *trial = (struct trial){.exit = -1};
    host_init(&trial->host, &sim_ops, sim, arena, gates[setup->mode], scenario->options.deadline_ms);
    trial->host.journal = setup->journal;
    sim_fail_late(sim, setup->fail_late);
    if (setup->mode != MODE_UNDO) {
        (void)wait_network(&trial->host, scenario->options.wait_network_ms);
    }
    if (setup->mode == MODE_UNDO) {
        engine_identify(&trial->host, &options, arena, &trial->record);
        past_undo(setup->undo, &trial->host, arena, &trial->record);
    } else {
        engine_run(scenario->plan, &trial->host, &options, arena, &trial->record);
    }
    trial->exit = exit_code(trial->record.verdict, (enum exit_style)scenario->options.exit_style);
    trial->peak = arena->peak;
    trial->saved = trial_save(sim, arena);
    trial->console = render(&trial->record, CONSOLE_TABLE, arena);
    trial->whole = render(&trial->record, CONSOLE_WHOLE, arena);
    trial->calls = sim_calls(sim);
    trial->points = sim_late_points(sim);
    trial->unscripted = sim_unscripted(sim);
}

bool trial_run(const struct trial_setup *setup, struct arena *arena, struct trial *ret_trial, struct err *err)
{
    struct sim *sim AUTO(trial_close) = NULL;
    if (!trial_open(setup, arena, &sim, err)) {
        return false;
    }
    trial_on(sim, setup, arena, ret_trial);
    return true;
}

enum run_mode trial_mode(const struct scenario *scenario)
{
    static const enum run_mode modes[] = {
        [COMMAND_CHECK] = MODE_CHECK, [COMMAND_PLAN] = MODE_PLAN, [COMMAND_FIX] = MODE_FIX};
    return modes[scenario->options.command];
}

enum finding_state trial_state(const struct trial *trial, const char *finding)
{
    for (size_t i = 0; i < trial->record.playbook_count; i++) {
        const struct playbook_record *playbook = &trial->record.playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (text_same(playbook->findings[j].finding->id, finding)) {
                return playbook->findings[j].state;
            }
        }
    }
    return FINDING_ABSENT;
}

bool trial_canonical(const struct scenario *scenario, struct text machine, struct arena *arena, struct text *ret_saved,
                     struct err *err)
{
    struct sim *sim AUTO(trial_close) = NULL;
    if (!sim_open(machine.bytes, machine.size, scenario->machine_file, arena, &sim, err)) {
        return false;
    }
    *ret_saved = trial_save(sim, arena);
    return true;
}
