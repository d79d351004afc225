/* SPDX-License-Identifier: MIT */
/*
 * Playbook bytes, wherever they come from: built in, a file, a folder, an archive, an https URL. Collects them for
 * plan_load and keeps their memory until then. Decides nothing about their content.
 *
 * A given table wins over the built-in one of the same file name or name, and so does a given playbook: a person's
 * edited copy stands in for the original. Built-in playbooks that were not asked for stay at hand for `requires`.
 */
#ifndef AZMEND_INTAKE_INTAKE_H
#define AZMEND_INTAKE_INTAKE_H

#include "base/buf.h"
#include "plan/plan.h"

/* A scenario, or a machine that scenarios begin from. */
struct intake_document {
    const char *name;  /* "kms-target/retired-address"; of a machine "server-2022-datacenter" */
    const char *file;  /* where it is, also for messages */
    const char *bytes; /* of an archive; NULL: the file is to be read */
    size_t size;
};

struct intake {
    struct arena *arena;
    struct arena_list playbooks; /* struct plan_source */
    struct arena_list tables;    /* struct plan_source */
    struct arena_list texts;     /* struct plan_source: those beside given playbooks */
    struct arena_list scenarios; /* struct intake_document: beside given playbooks, where they are wanted */
    struct arena_list machines;  /* struct intake_document: the same */
    bool wants_scenarios;
    struct arena_list bytes; /* struct buf: what was read from files */
    size_t file_count;       /* playbook files read, against LIMIT_PLAYBOOKS */
};

/*
 * names: each the id of a built-in playbook, a folder (its *.json, texts/ *.json and tables/ *.json, *.schema.json left
 * out), a file, or an https URL; none, or only folders and archives of tables: all built-in ones. A file or URL may
 * hold an archive laid out like such a folder, by its content and not by its name; a folder around all its entries does
 * not count.
 */
struct intake_request {
    const char *const *names;
    size_t count;
    const char *sha256; /* of the bytes of the file or URL, 64 hexadecimal digits; a URL needs it. NULL: not told */
    const char *clouds; /* a file of clouds (plan/clouds.c); NULL: none */
    const struct json *clouds_document; /* the same, read already, of clouds_file; NULL: none */
    const char *clouds_file;
    int64_t timeout_ms; /* of a download; no more than LIMIT_DOWNLOAD_MS */
    /* The SHA-256 of each given playbook, where the system gives one. Off: no cryptography is loaded, and OpenSSL under
     * POSIX crashes where an allocation fails; nothing is changed yet then. That of a file of clouds is always told. */
    bool wants_digests;
    bool wants_scenarios; /* scenarios/ of a folder or archive too */
};

/*
 * ERR_NOT_FOUND, ERR_INVALID (FIFO, device, archive that is refused, SHA-256 differs), ERR_LIMIT, ERR_IO; for a URL
 * also ERR_NETWORK, ERR_TIMEOUT, ERR_REFUSED. Opens archives, so before the first change only (pack/pack.h).
 */
bool intake_collect(const struct intake_request *request, struct arena *arena, struct intake *ret_intake,
                    struct err *err) MUST_CHECK;
/* Gives the bytes back: after plan_load nothing needs them. Takes a zeroed one. */
void intake_clear(struct intake *intake);

#endif
