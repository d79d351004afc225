/* SPDX-License-Identifier: MIT */
/*
 * What a person types when a rebuild of the licensing store was cut off and azmend cannot be started any more: an
 * antivirus program may take it away in the middle. Written before anything is moved.
 */
#ifndef AZMEND_KINDS_LICENSING_LICENSE_RECOVER_H
#define AZMEND_KINDS_LICENSING_LICENSE_RECOVER_H

#include "kinds/kind.h"

#define RECOVER_NAME "recover.txt"

struct recover {
    const char *folder; /* of the store, as cmd.exe expands it */
    const char *backup; /* name of the file that is put aside, in the same folder */
    const char
        *partial_key;     /* last five of the key that goes in again; NULL: not known. A whole key stands in no file */
    const char *kms_host; /* "NAME:PORT" that is set; NULL: none */
};

/*
 * English, then Japanese; lines end with CR LF. The lines that begin with four blanks are commands, each whole and for
 * an elevated command prompt; no other line begins so. NULL: no memory. Source:
 * https://learn.microsoft.com/troubleshoot/windows-server/ licensing-and-activation/rebuild-tokens-dotdat-file.
 */
const char *license_recover_text(struct arena *arena, const struct recover *recover);

#endif
