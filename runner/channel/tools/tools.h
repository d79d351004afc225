/* SPDX-License-Identifier: MIT */
/* The commands that look at no machine: they write to stdout and return the exit code. */
#ifndef AZMEND_CHANNEL_DESK_DESK_H
#define AZMEND_CHANNEL_DESK_DESK_H

#include "channel/options/options.h"

int tools_list(const struct options *options, struct arena *arena);
int tools_validate(const struct options *options, struct arena *arena);
int tools_schema(const struct options *options, struct arena *arena);
int tools_explain(const struct options *options, struct arena *arena);
int tools_report(const struct options *options, struct arena *arena);
int tools_version(const struct options *options, struct arena *arena);
int tools_help(const struct options *options, struct arena *arena);

/* A text of a plan as the playbook writes it, with its ${references}; NULL: nothing said. Memory: the arena. */
const char *tools_spell(const struct expr *expr, struct arena *arena);
const char *tools_said(const struct said *said, int language, struct arena *arena);
/* Writes to stdout. */
void tools_print(const struct buf *buf);

#endif
