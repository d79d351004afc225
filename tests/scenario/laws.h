/* SPDX-License-Identifier: MIT */
/*
 * What must hold of every scenario. Each law prints why it fails, one line, and returns whether it holds.
 *
 *   result      verdict, exit code, finding states and the machine afterwards are as the scenario says; what is
 *               refused names a parameter or a step, and what comes of it with and without
 *   idempotent  a second fix changes nothing and claims nothing
 *   dry run     check and plan leave the machine as it is, byte for byte; a plan names by step what the fix then does
 *               that nothing gives back
 *   bounded     ended by its deadline, stdout within its bytes, its last line JSON, the arena under its cap
 *   undo        what a fix changed is put back, but what was declared one-way or costly; a registry key it made may
 *               stay
 *   recorded    what is written down of the machine gives the same findings, with names in it and with stand-ins;
 *               recorded again it is the same bytes; what no look reads is not in it
 *   honest      whichever host call fails, before, within or behind its effect: nothing is called fixed or absent
 *               unless it is, every change is counted, and undo puts it back
 *   converges   a run after such a failure ends with the same machine as an undisturbed one
 *   resumes     killed at any host call of a change, and started again: the same machine and the same verdict (what
 *               waits for a restart still does), every record closed, nothing left lying about
 */
#ifndef AZMEND_TESTS_LAWS_H
#define AZMEND_TESTS_LAWS_H

#include "channel/scenario/trial.h"

enum law {
    LAW_RESULT,
    LAW_IDEMPOTENT,
    LAW_DRY_RUN,
    LAW_BOUNDED,
    LAW_UNDO,
    LAW_RECORDED,
    LAW_HONEST,
    LAW_CONVERGES,
    LAW_RESUMES,
    LAW_COUNT
};
extern const char *const law_names[LAW_COUNT + 1];

struct law_totals {
    unsigned passed, failed;
    unsigned scenarios, faults, kills; /* tried */
};

/* How much of one scenario is tried. */
struct law_choice {
    unsigned stride;  /* every so many host calls fail once: 1 each; 0: none does, and nothing is killed */
    unsigned laws;    /* 1: every law; N: result and bounded, and of the other undisturbed ones every N-th, in turn */
    const char *only; /* this law alone, and what costs no run of its own; NULL: all of them */
    size_t turn;      /* counts on with the scenarios, so that the laws go round */
};

/* The laws on one scenario. The arena is given back as it was. */
void laws_check(const struct scenario *scenario, const struct law_choice *choice, struct arena *arena,
                struct law_totals *totals);

#endif
