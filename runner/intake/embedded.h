/* SPDX-License-Identifier: MIT */
/* The playbooks and tables built into the program; the arrays are made by cmake/embed.cmake. */
#ifndef AZMEND_INTAKE_EMBEDDED_H
#define AZMEND_INTAKE_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name;  /* file name, "kms-target.json"; NULL ends the list */
    const char *bytes; /* as in the tree; NUL behind */
    size_t size;
};

extern const struct embedded embedded_playbooks[]; /* sorted by name */
extern const struct embedded embedded_common[];    /* one: what they use */
extern const struct embedded embedded_texts[];     /* of the playbooks: "kms-target.en.json" */
extern const struct embedded embedded_tables[];

/* By file name or by file name without ".json"; NULL: none. */
const struct embedded *embedded_find(const struct embedded *list, const char *name);

#endif
