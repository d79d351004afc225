/* SPDX-License-Identifier: MIT */
/* Which known word did the person mean? */
#ifndef AZMEND_CHANNEL_OPTIONS_NEAREST_H
#define AZMEND_CHANNEL_OPTIONS_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *wrong; /* as typed */
    const char *word;  /* best so far; NULL: none is near */
    size_t distance;
};

struct nearest nearest_to(const char *wrong);
/* Keeps candidate when it is nearer than the best so far, and near at all: a third of its letters at most differ. */
void nearest_offer(struct nearest *nearest, const char *candidate);
/* "; did you mean WORD?" or "": to hang behind a message. text: at least 64 bytes. */
const char *nearest_hint(const struct nearest *nearest, char *text, size_t size);

#endif
