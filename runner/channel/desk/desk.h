/* SPDX-License-Identifier: MIT */
/* The commands that look at no machine: they write to stdout and return the exit code. */
#ifndef AZMEND_CHANNEL_DESK_DESK_H
#define AZMEND_CHANNEL_DESK_DESK_H

#include "channel/options/options.h"

int desk_list(const struct options *options, struct arena *arena);
int desk_validate(const struct options *options, struct arena *arena);
int desk_schema(const struct options *options, struct arena *arena);
int desk_explain(const struct options *options, struct arena *arena);
int desk_version(const struct options *options, struct arena *arena);
int desk_help(const struct options *options, struct arena *arena);

/* A text of a plan as the playbook writes it, with its ${references}; NULL: nothing said. Memory: the arena. */
const char *desk_spell(const struct expr *expr, struct arena *arena);
const char *desk_said(const struct said *said, int language, struct arena *arena);
/* Writes to stdout. */
void desk_print(const struct buf *buf);

#endif
