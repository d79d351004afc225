/* SPDX-License-Identifier: MIT */
/* The verb enable: one worker at most, watched for a while. */
#ifndef AZMEND_CHANNEL_HANDLER_ENABLE_H
#define AZMEND_CHANNEL_HANDLER_ENABLE_H

#include "channel/handler/worker.h"

/*
 * True: N.status is terminal, or a worker is at work and time for waiting is over. False: it could not even be said
 * that nothing can be done.
 */
bool handler_enable(const struct handler_place *place, int64_t sequence, const struct options *options,
                    struct arena *arena, struct err *err) MUST_CHECK;

#endif
