/* SPDX-License-Identifier: MIT */
/* On a terminal long waits show what is waited for, on one line that is wiped away; otherwise silence. */
#ifndef AZMEND_CHANNEL_CONSOLE_PROGRESS_H
#define AZMEND_CHANNEL_CONSOLE_PROGRESS_H

#include "channel/options/options.h"
#include "host/host.h"

struct progress {
    size_t shown; /* characters on the line now */
};

/* Watches the host when stderr is a terminal and neither --quiet nor --verbose is given. */
void progress_watch(struct progress *progress, const struct options *options, struct host *host);
/* Wipes the line; before anything else is written. */
void progress_wipe(struct progress *progress);

#endif
