/* SPDX-License-Identifier: MIT */
/*
 * Between the gate and a backend: each look goes through, and what it was asked and answered is written down as an
 * entry of a machine document (azmend.machine/1). Looks only: a change is no look, and the recorder has none.
 *
 *     recorder_open -> for each pass: recorder_begin, host_init(recorder_ops, recorder), a run -> recorder_write
 *
 * The first pass counts: what it was answered more than once becomes a sequence. A later pass adds what no earlier one
 * asked. Absent, a name that does not exist, a time-out and a denial are entries; what nobody asked is in no entry.
 */
#ifndef AZMEND_HOST_RECORD_RECORDER_H
#define AZMEND_HOST_RECORD_RECORDER_H

#include "base/buf.h"
#include "host/host_ops.h"

struct recorder;

extern const struct host_ops recorder_ops;

/* arena: the recorder's own for as long as it lives; no run allocates in it. */
struct recorder *recorder_open(struct arena *arena);
/* A run on this backend begins, at its present time. */
void recorder_begin(struct recorder *recorder, const struct host_ops *ops, void *backend);

/* What makes a recording fit to be handed over; words: what everybody has. */
struct recorder_form {
    bool redacts;
    const struct json *const *known; /* documents whose words are no secret, NULL-ended */
    uint64_t seed;                   /* of the stand-ins for addresses */
    /* The recorder looked at a redacted recording: its stand-ins and the list of them stay as they are. NULL: not. */
    const struct sim *redacted;
};

/* What a recording says besides its looks. */
struct recorder_report {
    size_t looks, failed; /* different ones; those that failed */
    bool is_cut;          /* the memory was full: the last ones are not in it */
};

/* The document, as the simulated machine writes one. ERR_LIMIT, ERR_INVALID. */
bool recorder_write(struct recorder *recorder, const struct recorder_form *form, struct buf *buf,
                    struct recorder_report *ret_report, struct err *err) MUST_CHECK;

#endif
