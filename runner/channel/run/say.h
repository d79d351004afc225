/* SPDX-License-Identifier: MIT */
/* What a run says to the person beside it, on stderr. */
#ifndef AZMEND_CHANNEL_RUN_SAY_H
#define AZMEND_CHANNEL_RUN_SAY_H

/* "azmend: TEXT", one line, without secrets. Says it even where there is no memory for its words. */
void complain(const char *text);

#endif
