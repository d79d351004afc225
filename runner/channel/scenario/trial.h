/* SPDX-License-Identifier: MIT */
/* One run of a scenario's plan on a simulated machine, in this process. */
#ifndef AZMEND_CHANNEL_SCENARIO_TRIAL_H
#define AZMEND_CHANNEL_SCENARIO_TRIAL_H

#include "channel/scenario/scenario.h"
#include "engine/engine.h"
#include "engine/past.h"

struct trial {
    struct host host;
    struct record record;
    int exit;
    struct text saved;      /* the machine afterwards, canonical */
    struct text console;    /* what stdout gets */
    struct text whole;      /* what --json gives */
    uint64_t calls;         /* host calls */
    uint64_t points;        /* behind changes, where one may fail late */
    const char *unscripted; /* NULL: nothing */
    size_t peak;            /* arena, bytes */
};

struct trial_setup {
    const struct scenario *scenario;
    struct text machine;
    enum run_mode mode;
    uint64_t fail_late;          /* at this point behind a change it fails, counted from 1 (sim_fail_late); 0: none */
    struct journal_sink journal; /* zeroed: none */
    struct restart_sink restarts;
    const struct past_run *undo; /* MODE_UNDO: what is taken back */
};

struct sim;

/* False: the machine document is wrong. */
bool trial_open(const struct trial_setup *setup, struct arena *arena, struct sim **ret_sim, struct err *err) MUST_CHECK;
void trial_close(struct sim **sim); /* for AUTO */
struct text trial_save(const struct sim *sim, struct arena *arena);
/* On a machine that is already open, which keeps what the run does to it. */
void trial_on(struct sim *sim, const struct trial_setup *setup, struct arena *arena, struct trial *ret_trial);
/* On a machine of its own. */
bool trial_run(const struct trial_setup *setup, struct arena *arena, struct trial *ret_trial, struct err *err)
    MUST_CHECK;

enum run_mode trial_mode(const struct scenario *scenario);
/* The state of a finding in a trial. */
enum finding_state trial_state(const struct trial *trial, const char *finding);
/* The document in the spelling that sim_save gives. */
bool trial_canonical(const struct scenario *scenario, struct text machine, struct arena *arena, struct text *ret_saved,
                     struct err *err) MUST_CHECK;

#endif
