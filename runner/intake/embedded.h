/* SPDX-License-Identifier: MIT */
/* The playbooks and tables built into the program. */
#ifndef AZMEND_INTAKE_EMBEDDED_H
#define AZMEND_INTAKE_EMBEDDED_H

#include "json/embedded.h"

extern const struct embedded embedded_playbooks[]; /* sorted by name */
extern const struct embedded embedded_common[];    /* one: what they use */
extern const struct embedded embedded_texts[];     /* of the playbooks: "kms-target.en.json" */
extern const struct embedded embedded_tables[];

/* SHA-256 of the files that the playbooks were read from, in hexadecimal; the array is made by cmake/digests.cmake. */
struct embedded_digest {
    const char *name; /* NULL ends the list */
    const char *sha256;
};
extern const struct embedded_digest embedded_digests[];

/* By file name or by file name without ".json"; NULL: none. */
const struct embedded *embedded_find(const struct embedded *list, const char *name);
/* Of a built-in playbook, by file name; NULL: none. */
const char *embedded_sha256(const char *name);

#endif
