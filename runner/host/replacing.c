/* SPDX-License-Identifier: MIT */
#include "host/replacing.h"

#include <stddef.h>

#include "base/err.h"

/* Source: https://learn.microsoft.com/windows/win32/debug/system-error-codes */
static const uint32_t passing[] = {
    2,    /* ERROR_FILE_NOT_FOUND: another process of ours took the new file for one that was left */
    5,    /* ERROR_ACCESS_DENIED: a file that is about to be deleted, or is being scanned */
    32,   /* ERROR_SHARING_VIOLATION */
    33,   /* ERROR_LOCK_VIOLATION */
    1175, /* ERROR_UNABLE_TO_REMOVE_REPLACED */
    1176, /* ERROR_UNABLE_TO_MOVE_REPLACEMENT */
    1177, /* ERROR_UNABLE_TO_MOVE_REPLACEMENT_2 */
    1224, /* ERROR_USER_MAPPED_FILE */
};

bool replacing_passes(uint32_t failure)
{
    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        if (passing[i] == failure) {
            return true;
        }
    }
    return false;
}

enum replacing_step replacing_next(uint32_t failure, const struct replacing_names *names)
{
    if (names->file) {
        return replacing_passes(failure) ? REPLACING_AGAIN : REPLACING_GIVE_UP;
    }
    if (names->backup) {
        return REPLACING_PUT_BACK;
    }
    return names->replacement ? REPLACING_MOVE_IN : REPLACING_LOST;
}
