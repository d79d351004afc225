/* SPDX-License-Identifier: MIT */
/*
 * The exit code: a pure table of how the run ended and of who asked. Four callers read it in four ways, so a channel
 * picks its profile with --exit-code.
 */
#ifndef AZMEND_CHANNEL_OPTIONS_EXIT_CODE_H
#define AZMEND_CHANNEL_OPTIONS_EXIT_CODE_H

#include "engine/record.h"

/* Why a run ended before there was a verdict. */
enum ending {
    ENDING_NONE,         /* it goes on */
    ENDING_FAILED,       /* memory, network, a disk: nothing that whoever asked did wrong */
    ENDING_USAGE,        /* command line or playbook invalid */
    ENDING_NOT_ELEVATED, /* fix without the rights for it */
    ENDING_BUSY,         /* another run holds the lock */
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

int exit_code(enum verdict verdict, enum exit_style style);
/* Of a run without a verdict; never ENDING_NONE. */
int exit_code_early(enum ending ending, enum exit_style style);

#endif
