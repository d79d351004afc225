/* SPDX-License-Identifier: MIT */
/*
 * Inside the gate: how a change passes, the same way for every noun. Private to host/.
 *
 *     if (!gate_begin(host, &change, &op, err)) return false;    refused: mode, Azure, deadline, memory, journal
 *     if (op->outcome == OP_PLANNED) return true;                dry run: recorded, not made
 *     return gate_end(host, op, host->ops->...(...), err);       made or not: journalled, counted, logged
 */
#ifndef AZMEND_HOST_GATE_H
#define AZMEND_HOST_GATE_H

#include "host/host_ops.h"

struct change {
    enum noun noun;
    unsigned also; /* further NOUN_BITs whose looks it makes stale */
    enum op_class class;
    const char *verb, *target;
    const char *before, *after;             /* states: canonical JSON, "null": absent */
    const char *shown_before, *shown_after; /* for people; NULL: absent */
};

bool gate_begin(struct host *host, const struct change *change, struct op **ret_op, struct err *err) MUST_CHECK;
/*
 * made false: err is what the backend said, which does not decide: the gate looks. What stands as before has failed;
 * all else is unknown and counts as a change, and so does what was given up waiting for (ERR_TIMEOUT). Returns whether
 * it was made, or is seen to stand as wanted.
 */
bool gate_end(struct host *host, struct op *op, bool made, struct err *err) MUST_CHECK;
/* Whether a failed op may have been made all the same, seen by the state of its noun; fills op->stands. What has no
 * state says it itself: is_partial. */
bool gate_may_stand(struct host *host, struct op *op);
/* Counts a look; false with ERR_UNSUPPORTED when the backend has no such function. */
bool gate_look(struct host *host, bool supported, const char *what, struct err *err) MUST_CHECK;
/* Tells whoever watches what is waited for. */
void gate_waiting(struct host *host, const char *what);
/* A JSON text of the form printf makes; arguments must already be safe inside JSON. */
const char *gate_json_text(struct arena *arena, const char *text); /* quoted and escaped; NULL: null */

/* --- states: how a thing stands, in the notation of the ops that change it --- */

/* A file that is rewritten or deleted must fit into its journal line; larger ones are renamed. */
enum { GATE_KEPT_BYTES = 64 * 1024 };

const char *gate_registry_state(struct arena *arena, const struct registry_value *value);
const char *gate_file_state(struct arena *arena, const struct file_bytes *content);
const char *gate_start_state(struct arena *arena, enum service_start start, bool delayed);
const char *gate_run_state(struct arena *arena, enum service_state state);
bool gate_kms_state(struct host *host, const char *sku, const char **ret_state, struct err *err) MUST_CHECK;
/* As host_licensing_set_kms; a product that the provider no longer lists gets its scope back in the registry. */
bool gate_kms_restore(struct host *host, const char *sku, const char *kms_host, int64_t port, struct err *err)
    MUST_CHECK;
bool gate_key_state(struct host *host, const char **ret_state, struct err *err) MUST_CHECK;
/* The status of a product and its minutes; op->before while the minutes only run down, op->after once it is licensed.
 */
bool gate_activation_state(struct host *host, const char *sku, const struct op *op, const char **ret_state,
                           struct err *err) MUST_CHECK;
const char *gate_certificate_state(struct arena *arena, const struct certificate *certificate);
const char *gate_task_state(const struct task_facts *facts);
/* The local rule of that name, NULL: none. ERR_REFUSED: several, or one that could not be put back. */
bool gate_firewall_rule(struct host *host, const char *name, const struct firewall_rule **ret_rule, struct err *err)
    MUST_CHECK;

/* A licence file as slmgr reads it: by its byte order mark, else as ANSI; the files that ship are UTF-8 or UTF-16LE.
 * NULL: no text, err says why. */
const char *gate_license_text(struct arena *scratch, const struct file_bytes *file, struct err *err);

/* Is it what a target of this noun looks like? A journal is read back by it. */
bool gate_is_target(enum noun noun, const char *target);

#endif
