/* SPDX-License-Identifier: MIT */
/* States of ops as they stand in a journal, read back: what the way back of every noun needs. Private to host/. */
#ifndef AZMEND_HOST_OP_STATE_H
#define AZMEND_HOST_OP_STATE_H

#include "host/host.h"
#include "json/fields.h"

/* Neither before nor after, whatever they are: this program cannot have left it so. */
extern const char op_state_other[];

/* Not of the form that the gate journals: ERR_INVALID, false. */
bool op_state_refuse(const struct op *op, struct err *err);
bool op_state_load(struct host *host, const char *state, const struct json **ret_json, struct err *err) MUST_CHECK;
/* op->before by a field table into `target`; null: ret_exists false. */
bool op_state_decode(struct host *host, const struct op *op, const struct fields *fields, void *target,
                     bool *ret_exists, struct err *err) MUST_CHECK;
/* "KIND|NAME" of a target; NULL: another kind of target. */
const char *op_state_name_behind(const char *target, const char *kind);

/* The content of a file or a certificate: {"hex": "..."}. */
struct content_state {
    const char *hex;
};
extern const struct fields op_state_content_fields;

#endif
