/* SPDX-License-Identifier: MIT */
#include "channel/options/exit_code.h"

const char *const exit_style_names[EXIT_STYLE_COUNT + 1] = {
    [EXIT_PLAIN] = "plain",
    [EXIT_ALWAYS_ZERO] = "always-zero",
    [EXIT_COMPLETED] = "completed",
    [EXIT_CLOUDBASE] = "cloudbase",
};

/* {plain, always-zero, completed, cloudbase}; 1001 is cloudbase-init's word for "reboot". */

int exit_code(enum verdict verdict, enum exit_style style)
{
    static const int codes[VERDICT_COUNT][EXIT_STYLE_COUNT] = {
        [VERDICT_HEALTHY] = {0, 0, 0, 0},
        [VERDICT_OFF] = {5, 0, 0, 0},
        [VERDICT_FIXED] = {0, 0, 0, 0},
        [VERDICT_WOULD_FIX] = {10, 0, 0, 10},
        [VERDICT_NEEDS_REBOOT] = {11, 0, 0, 1001},
        [VERDICT_NEEDS_AZURE_CHANGE] = {12, 0, 0, 12},
        [VERDICT_NEEDS_DECISION] = {13, 0, 0, 13},
        [VERDICT_NOT_FIXED] = {14, 0, 0, 14},
        [VERDICT_UNDETERMINED] = {15, 0, 0, 15},
        [VERDICT_FAILED] = {1, 0, 1, 1},
    };
    must(verdict < VERDICT_COUNT && style < EXIT_STYLE_COUNT);
    return codes[verdict][style];
}

int exit_code_early(enum ending ending, enum exit_style style)
{
    static const int codes[ENDING_COUNT][EXIT_STYLE_COUNT] = {
        [ENDING_FAILED] = {1, 0, 1, 1},
        [ENDING_USAGE] = {2, 0, 2, 2},
        [ENDING_NOT_ELEVATED] = {3, 0, 3, 3},
        [ENDING_BUSY] = {4, 0, 4, 4},
    };
    must(ending > ENDING_NONE && ending < ENDING_COUNT && style < EXIT_STYLE_COUNT);
    return codes[ending][style];
}
