/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <string.h>

#include "channel/wait_network.h"
#include "host/sim/sim.h"
#include "report/console.h"

enum { SEED = 1 };

static void close_sim(struct sim **sim)
{
    sim_close(*sim);
}

static struct text kept(struct arena *arena, const struct buf *buf)
{
    return (struct text){.bytes = arena_copy(arena, buf_string(buf), buf->size), .size = buf->size};
}

static struct text save(const struct sim *sim, struct arena *arena)
{
    struct buf saved AUTO(buf_clear) = {0};
    buf_init(&saved, LIMIT_MACHINE_BYTES);
    sim_save(sim, &saved);
    return kept(arena, &saved);
}

static struct text render(const struct record *record, enum console_form form, struct arena *arena)
{
    struct buf text AUTO(buf_clear) = {0};
    console_render(&text, record, form, LANGUAGE_EN);
    return kept(arena, &text);
}

bool trial_run(const struct trial_setup *setup, struct arena *arena, struct trial *ret_trial, struct err *err)
{
    const struct scenario *scenario = setup->scenario;
    static const enum gate_mode gates[MODE_COUNT] = {
        [MODE_CHECK] = GATE_LOOK, [MODE_PLAN] = GATE_PLAN, [MODE_FIX] = GATE_CHANGE};
    const struct engine_options options = {.mode = setup->mode,
                                           .channel = "console",
                                           .run_id = "20260115T080000Z-00000000",
                                           .probe_ms = scenario->options.probe_ms,
                                           .seed = SEED};
    struct sim *sim AUTO(close_sim) = NULL;
    if (!sim_open(setup->machine.bytes, setup->machine.size, scenario->machine_file, arena, &sim, err)) {
        return false;
    }
    struct trial *trial = ret_trial;
    *trial = (struct trial){.exit = -1};
    host_init(&trial->host, &sim_ops, sim, arena, gates[setup->mode], scenario->options.deadline_ms);
    sim_fail_call(sim, setup->fail);
    (void)wait_network(&trial->host, scenario->options.wait_network_ms);
    engine_run(scenario->plan, &trial->host, &options, arena, &trial->record);
    trial->exit = exit_code((int)trial->record.verdict, (enum exit_style)scenario->options.exit_style);
    trial->peak = arena->peak;
    trial->saved = save(sim, arena);
    trial->console = render(&trial->record, CONSOLE_TABLE, arena);
    trial->whole = render(&trial->record, CONSOLE_WHOLE, arena);
    trial->calls = sim_calls(sim);
    trial->unscripted = sim_unscripted(sim);
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
    struct sim *sim AUTO(close_sim) = NULL;
    if (!sim_open(machine.bytes, machine.size, scenario->machine_file, arena, &sim, err)) {
        return false;
    }
    *ret_saved = save(sim, arena);
    return true;
}
