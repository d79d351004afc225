/* SPDX-License-Identifier: MIT */
/*
 * Documents built into the program, as trees that need no reading. The arrays are made by embed/embed.c, in the build
 * of the room that declares them.
 */
#ifndef AZMEND_JSON_EMBEDDED_H
#define AZMEND_JSON_EMBEDDED_H

#include "json/json.h"

struct embedded {
    const char *name; /* file name, "kms-target.json"; NULL ends the list */
    const struct json *document;
};

#endif
