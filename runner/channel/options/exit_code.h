/* SPDX-License-Identifier: MIT */
/*
 * The exit code: a pure table of how the run ended and of who asked. Four callers read it in four ways, so a channel
 * picks its profile with --exit-code.
 */
#ifndef AZMEND_CHANNEL_OPTIONS_EXIT_CODE_H
#define AZMEND_CHANNEL_OPTIONS_EXIT_CODE_H

#include "engine/record.h"

/* How a run can end: with a verdict, or before there was one. */
enum ending {
    ENDING_USAGE = VERDICT_COUNT, /* command line or playbook invalid */
    ENDING_NOT_ELEVATED,          /* fix without the rights for it */
    ENDING_BUSY,                  /* another run holds the lock */
    ENDING_COUNT
};

enum exit_style {
    EXIT_PLAIN,       /* a code for each verdict */
    EXIT_ALWAYS_ZERO, /* action Run Command: a code other than 0 can cost the output */
    EXIT_COMPLETED,   /* CSE, VM Application: 0 whenever a diagnosis was completed */
    EXIT_CLOUDBASE,   /* cloudbase-init: 1001 asks for a reboot */
    EXIT_STYLE_COUNT
};
extern const char *const exit_style_names[EXIT_STYLE_COUNT + 1];

/* ending: enum verdict or enum ending. */
int exit_code(int ending, enum exit_style style);

#endif
