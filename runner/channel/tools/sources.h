/* SPDX-License-Identifier: MIT */
/*
 * Results wherever an administrator has collected them, one at a time: a file or a folder with all below it. Told by
 * what it holds, not by its name:
 *
 *   a JSON document        a result; or anything else, of which each text is looked at (what `az`, PowerShell and Azure
 *                          Monitor print of a run or an event)
 *   lines                  as an append blob has them: a line that begins with { is a document, the others are passed
 * over events in XML          of Event Viewer or wevtutil; those of azmend
 *
 * UTF-8, or UTF-16 with its byte order mark. What is cut off or hostile is refused by name, and the rest goes on.
 */
#ifndef AZMEND_CHANNEL_TOOLS_SOURCES_H
#define AZMEND_CHANNEL_TOOLS_SOURCES_H

#include "report/fleet.h"

struct source_sink {
    void *context;
    /* What lives in the arena goes when it returns. */
    void (*take)(void *context, const struct json *result, const struct fleet_place *place);
    void (*refuse)(void *context, const struct fleet_place *place, const char *why);
};

/* path: a file or a folder. */
void sources_read(const char *path, struct arena *arena, const struct source_sink *sink);
/* The bytes of one file that fit into memory: for what is UTF-16, and for tests. */
void sources_bytes(const char *file, const char *bytes, size_t size, struct arena *arena,
                   const struct source_sink *sink);
/* One file, piece by piece. */
void sources_file(const char *file, struct arena *arena, const struct source_sink *sink);

#endif
