/* SPDX-License-Identifier: MIT */
/*
 * The console channel: check, plan, fix and undo from the command line, from beginning to end.
 *
 *     intake -> plan -> machine -> (fix, undo: rights, lock, earlier runs) -> engine -> record -> report -> exit code
 *
 * check and plan create no folder and take no lock. What ends a run before it began is one line on stderr, and on
 * stdout a result whose verdict is failed: whoever reads only stdout gets an answer too.
 */
#ifndef AZMEND_CHANNEL_CONSOLE_CONSOLE_H
#define AZMEND_CHANNEL_CONSOLE_CONSOLE_H

#include "base/err.h"
#include "channel/options/options.h"

struct session;

/* There is no memory for a run: says so as a result, and ends the process. */
_Noreturn void console_out_of_memory(const struct options *options, const struct err *err);
/* Returns the exit code. */
int console_run(const struct options *options, struct arena *arena);

/* The result of a run into its files, onto stdout and to the sinks. Returns how it ended. */
enum verdict console_answer(struct session *session, struct err *err);
/* The same of a run that ended before it began: one line on stderr says err, stdout a result that says the same. */
void console_fail(struct session *session, const struct err *err);

#endif
