/* SPDX-License-Identifier: MIT */
/*
 * A group: changes of several steps that leave the machine worse than before when they end half-way, such as a rebuild
 * of the licensing store, which loses the product key. It begins only with the time for all of it kept back. Behind its
 * point of no return neither a request to stop nor newer settings end it before its bound: what belongs to it is still
 * begun, nothing else is.
 */
#ifndef AZMEND_HOST_GROUP_H
#define AZMEND_HOST_GROUP_H

#include "host/host.h"

/*
 * From now on whoever watches the waits sees host->group, so that nobody ends this process: it is told of the wait
 * before this returns. ERR_REFUSED: less than bound_ms are left, or a stop was asked for. An open one goes on.
 */
bool host_group_open(struct host *host, int64_t bound_ms, struct err *err) MUST_CHECK;
/* One that an earlier run began: with the time that is left, at most bound_ms, and behind its point of no return. */
void host_group_resume(struct host *host, int64_t bound_ms);
/* The next change cannot be taken back without loss. */
void host_group_commit(struct host *host);
/* It was taken back, or it ended: a stop ends the run again. */
void host_group_close(struct host *host);
/* Behind its point of no return, and within its bound. */
bool host_group_holds(struct host *host);
/* What is left of the bound; 0: none is open. */
int64_t host_group_left_ms(struct host *host);

/*
 * A text for people into this run's folder: how to end by hand what the run is about to begin. Nowhere, where the run
 * has no folder. text NULL: it is taken away, since nothing was begun. False: it could not be written, so what it is
 * about is not begun.
 */
bool host_note(struct host *host, const char *name, const char *text, struct err *err) MUST_CHECK;

#endif
