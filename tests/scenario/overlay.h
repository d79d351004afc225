/* SPDX-License-Identifier: MIT */
/*
 * Scenarios laid over one another: the patches of two or three on the base machine that they share, in order, the later
 * wins. What a machine only gets more of is joined: the events of a log in the order of their times, numbered anew, and
 * the keys that the machine takes. Memory: the arena given.
 */
#ifndef AZMEND_TESTS_OVERLAY_H
#define AZMEND_TESTS_OVERLAY_H

#include "channel/scenario/scenario.h"
#include "files.h"

enum { PARTS_MAX = 3 };

/* A scenario as far as it can be laid over another one. */
struct part {
    const char *name;           /* "kms-target/retired-address" */
    const char *base;           /* "server-2022-datacenter" */
    const char *machine_file;   /* a relative fileRoot starts from its folder */
    const struct json *machine; /* the base machine */
    const struct json *patch;
    const struct json *args;
    const struct json *excluded; /* "undo": laws that cannot hold there; NULL: none */
};

/* Why a machine is left out: there can be none like it, or it is no new one. */
enum skip {
    SKIP_NONE,
    SKIP_NOTHING_LEFT,  /* one of them leaves no trace under the others */
    SKIP_TAKES_NO_KEY,  /* one says that the machine takes no key at all; Windows takes that of its own edition */
    SKIP_TWO_EDITIONS,  /* two of them name an edition or a build */
    SKIP_OTHER_EDITION, /* one names an edition, another a product that is licensed: of the edition before */
    SKIP_REFUSED,       /* the simulated machine refuses the document */
    SKIP_SILENT,        /* it says nothing about something that a fix asks for */
    SKIP_COUNT
};
extern const char *const skip_names[SKIP_COUNT + 1];

struct overlay {
    const struct part *parts[PARTS_MAX];
    size_t count;
    bool is_off_azure; /* taken to where nothing says Azure */
};

/* Those with a base machine and no clouds of their own; the others cannot be laid over anything. */
bool parts_load(const char *root, const struct files *files, struct arena *arena, struct part *ret_parts,
                size_t *ret_count, struct err *err) MUST_CHECK;

/* The machine. Where ret_skip is not SKIP_NONE there is none. SKIP_REFUSED is not found out here. */
bool overlay_machine(const struct overlay *overlay, struct arena *arena, struct text *ret_machine, enum skip *ret_skip,
                     struct err *err) MUST_CHECK;

/* Does the "not" of one of them have the word? */
bool overlay_excludes(const struct overlay *overlay, const char *word);

/* "A + B", "A + B, off Azure". */
const char *overlay_name(const struct overlay *overlay, struct arena *arena);

#endif
