/* SPDX-License-Identifier: MIT */
/* What the files of this noun share: gate.c (whom Windows asks, the ways back), activation.c, license_files.c. */
#ifndef AZMEND_HOST_NOUNS_LICENSING_PARTS_H
#define AZMEND_HOST_NOUNS_LICENSING_PARTS_H

#include "host/nouns/file/file.h"
#include "host/nouns/licensing/licensing.h"

/* The product of a target; NULL: the service itself. */
const char *licensing_sku_of(const struct op *op);
/* How keys and activation stand, for the ways back. */
bool licensing_key_state(struct host *host, const struct op *op, const char **ret_state, struct err *err) MUST_CHECK;
bool licensing_activation_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
    MUST_CHECK;

/* A licence file as slmgr reads it: by its byte order mark, else as ANSI; the files that ship are UTF-8 or UTF-16LE.
 * NULL: no text, err says why. */
const char *licensing_file_text(struct arena *scratch, const struct file_bytes *file, struct err *err);

#endif
