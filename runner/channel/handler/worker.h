/* SPDX-License-Identifier: MIT */
/*
 * The work that a handler's settings ask for: one run, from N.settings to N.status. Mostly in a process of its own
 * (`handler worker N`, started by enable), so that neither the agent's time limit nor the end of enable ends it.
 *
 *     the lock -> begun is counted -> transitioning -> settings -> the run -> the result is kept -> N.status
 */
#ifndef AZMEND_CHANNEL_HANDLER_WORKER_H
#define AZMEND_CHANNEL_HANDLER_WORKER_H

#include "channel/handler/record.h"
#include "channel/options/options.h"

/*
 * given: the handler's own command line (which machine, which state folder). True: the status is terminal, or there was
 * nothing to do any more. False: it could not be written, or the one who holds the lock does not let go.
 */
bool handler_work(const struct handler_place *place, int64_t sequence, const struct options *given, struct arena *arena,
                  struct err *err) MUST_CHECK;
/* Terminal, without a run. Any cause but STOPPED is the result of this number: it is not run again. */
bool handler_fail(const struct handler_place *place, int64_t sequence, enum status_cause cause, const char *why,
                  struct arena *arena, struct err *err) MUST_CHECK;
/*
 * The lock, for sequence, from whoever holds it: who was asked to stop is waited for, and in the end killed, unless it
 * is no process of this program (ERR_REFUSED). Who is in the middle of a group (handler_hold) is given its time.
 * ERR_BUSY: it is at work on this very number, or, with HANDLER_ALL, in such a group: it ends by itself.
 */
bool handler_take_over(const struct handler_place *place, int64_t sequence, struct arena *arena,
                       struct port_lock **ret_lock, struct err *err) MUST_CHECK;
/* Transitioning. mode, what: see status_of_work. */
bool handler_show_work(const struct handler_place *place, int64_t sequence, const char *mode, const char *what,
                       struct arena *arena, struct err *err) MUST_CHECK;

#endif
