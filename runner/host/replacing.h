/* SPDX-License-Identifier: MIT */
/*
 * What follows when Windows could not put a new file over an old one: pure, so that every case is a row of a test.
 *
 * What stands after the call decides, the code only whether another try is worth it. The documented ends: 1175, both
 * files keep their names; 1176, both keep them where a backup name was given, else the old file is gone; 1177, the old
 * file has the name of its backup. All other codes: both keep their names.
 * Source: https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
 * claim: files.replacefile-1176
 */
#ifndef AZMEND_HOST_REPLACING_H
#define AZMEND_HOST_REPLACING_H

#include <stdbool.h>
#include <stdint.h>

enum {
    REPLACING_TRIES =
        20, /* a scanner or a reader lets go within a second or two (judged); claim: files.scanner-holds */
    REPLACING_PAUSE_MS = 100, /* between two tries; the first pauses are shorter */
};

/* Which of the three names there are, after a failed call. */
struct replacing_names {
    bool file, backup, replacement;
};

enum replacing_step {
    REPLACING_AGAIN,    /* the old file stands and what was in the way passes: once more */
    REPLACING_GIVE_UP,  /* the old file stands: the new one goes */
    REPLACING_PUT_BACK, /* the old file has its backup's name: it gets its own again, before anything else */
    REPLACING_MOVE_IN,  /* the old file is gone: the new one takes the name, rather than that there is none */
    REPLACING_LOST,     /* nothing is left of either: all that can be done is to say so */
};

enum replacing_step replacing_next(uint32_t failure, const struct replacing_names *names);
/* Another process reads, scans or replaces it: worth another try. */
bool replacing_passes(uint32_t failure);

#endif
