/* SPDX-License-Identifier: MIT */
/* What came out of a run, held to what its scenario says. */
#ifndef AZMEND_CHANNEL_SCENARIO_OUTCOME_H
#define AZMEND_CHANNEL_SCENARIO_OUTCOME_H

#include "channel/scenario/trial.h"

struct outcome {
    const struct scenario *scenario;
    struct text before;      /* the machine as it began, canonical */
    const struct trial *run; /* the undisturbed one */
    struct arena *arena;
    struct arena_list *wrong; /* const char *: one line for each thing that is not as it says */
};

/* Verdict, exit code, findings, steps, texts, the machine afterwards and the count of its changes. */
bool outcome_holds(const struct outcome *outcome);

/* The first line in which two documents differ, for people; NULL: they do not. */
const char *text_difference(const char *what, struct text expected, struct text is, struct arena *arena);

/* The worst class of what a step did, or would do. */
enum op_class trial_class(const struct trial *trial, const struct step_record *step);

#endif
