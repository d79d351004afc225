/* SPDX-License-Identifier: MIT */
/* What goes out after stdout: the event log, the page for people, the evidence. */
#ifndef AZMEND_CHANNEL_RUN_SHARE_H
#define AZMEND_CHANNEL_RUN_SHARE_H

#include "channel/run/session.h"

/*
 * After session_keep and after the channel has said its result. Every sink that was asked for is tried, a failing one
 * is a line on stderr. The event log takes the result of every run that may change this machine, asked for or not, and
 * of a check or plan with --event-log; that it could not is told with --verbose only. False: a file that was asked for
 * is not there.
 */
bool session_share(struct session *session);

#endif
