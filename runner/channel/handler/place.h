/* SPDX-License-Identifier: MIT */
/*
 * Where the guest agent has put this handler, and which settings it wants enabled.
 *
 *     ROOT/HandlerEnvironment.json    where the folders are; beside the program, or one folder above it
 *     CONFIG/N.settings               sequence number N
 *
 * These are another program's documents, read for what is needed: what is unknown in them is passed over, a byte order
 * mark too. The agent may still be writing the environment when it starts the first command: what does not parse is
 * read again.
 *
 * Source: https://github.com/Azure/azure-vmextension-publishing (handler design), Azure/WALinuxAgent and
 * Azure/azure-extension-platform; the Windows agent's own code is not public.
 */
#ifndef AZMEND_CHANNEL_HANDLER_PLACE_H
#define AZMEND_CHANNEL_HANDLER_PLACE_H

#include "base/arena.h"
#include "base/err.h"

struct handler_place {
    const char *root;                   /* folder of HandlerEnvironment.json */
    const char *config, *status, *logs; /* folders; logs NULL: none told */
};

/* Waits up to LIMIT_ENVIRONMENT_MS for a whole document. ERR_NOT_FOUND: none anywhere; ERR_INVALID: never whole. */
bool handler_place_find(struct arena *arena, struct handler_place *ret_place, struct err *err) MUST_CHECK;
/* The document alone; file for messages. Sets all but root. */
bool handler_place_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                        struct handler_place *ret_place, struct err *err) MUST_CHECK;

/*
 * What the agent says (ConfigSequenceNumber); else the newest N.settings, of several equally new ones the highest, as
 * the Linux agent does it. Settings of named instances (NAME.N.settings) are not ours. ERR_NOT_FOUND: neither.
 */
bool handler_sequence(const struct handler_place *place, struct arena *arena, int64_t *ret_sequence, struct err *err)
    MUST_CHECK;

#define HANDLER_SETTINGS_SUFFIX ".settings"
#define HANDLER_STATUS_SUFFIX ".status"
/* Is it "NSUFFIX", and which N? */
bool handler_number(const char *name, const char *suffix, struct arena *arena, int64_t *ret_number);
/* "FOLDER/NAME" */
const char *handler_path(const char *folder, const char *name, struct arena *arena);
const char *handler_settings_path(const struct handler_place *place, int64_t sequence, struct arena *arena);
const char *handler_status_path(const struct handler_place *place, int64_t sequence, struct arena *arena);

/*
 * The folder of another version of this handler that has handled settings most lately; NULL: there is none. An update
 * takes the state over from it. Folders are named NAME-VERSION (Linux) or VERSION (Windows).
 */
bool handler_sibling(const struct handler_place *place, struct arena *arena, const char **ret_root, struct err *err)
    MUST_CHECK;

#endif
