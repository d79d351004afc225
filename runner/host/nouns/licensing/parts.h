/* SPDX-License-Identifier: MIT */
/* What the files of this noun share: gate.c (whom Windows asks), activation.c, license_files.c, ways.c. */
#ifndef AZMEND_HOST_NOUNS_LICENSING_PARTS_H
#define AZMEND_HOST_NOUNS_LICENSING_PARTS_H

#include "host/nouns/file/file.h"
#include "host/nouns/licensing/licensing.h"
#include "host/op_state.h"

/* The product of a target; NULL: the service itself. */
static inline const char *licensing_sku_of(const struct op *op)
{
    return op_state_name_behind(op->target, "SoftwareLicensingProduct");
}
/* How it stands whom Windows asks, and a key and an activation, for the ways back. */
bool licensing_kms_state(struct host *host, const struct op *op, const char **ret_state, struct err *err) MUST_CHECK;
bool licensing_kms_restore(struct host *host, const struct op *op, struct err *err) MUST_CHECK;
bool licensing_key_state(struct host *host, const struct op *op, const char **ret_state, struct err *err) MUST_CHECK;
bool licensing_activation_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
    MUST_CHECK;

/* A licence file as slmgr reads it: by its byte order mark, else as ANSI; the files that ship are UTF-8 or UTF-16LE.
 * NULL: no text, err says why. */
const char *licensing_file_text(struct arena *scratch, const struct file_bytes *file, struct err *err);

#endif
