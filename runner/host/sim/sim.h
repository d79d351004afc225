/* SPDX-License-Identifier: MIT */
/*
 * The simulated machine: a machine document (azmend.machine/1), closed-world. What the document does not mention is
 * ERR_UNSCRIPTED, which no scenario forgives. Time is virtual. Changes change the document in
 * memory; sim_save gives it back.
 */
#ifndef AZMEND_HOST_SIM_SIM_H
#define AZMEND_HOST_SIM_SIM_H

#include "base/buf.h"
#include "host/host_ops.h"
#include "json/fields.h"

struct sim;

extern const struct host_ops sim_ops;

/* The JSON Schema of a machine document: what `schema machine` prints. */
void sim_schema(struct writer *writer);

/* bytes: the document; file: its name for messages, and where a relative fileRoot starts from. ERR_INVALID. */
bool sim_open(const char *bytes, size_t size, const char *file, struct arena *arena, struct sim **ret_sim,
              struct err *err) MUST_CHECK;
void sim_close(struct sim *sim); /* takes NULL */

/* One more connectTo, "host:port=127.0.0.1:port", before anything is looked at. ERR_INVALID. */
bool sim_connect_to(struct sim *sim, const char *pair, struct err *err) MUST_CHECK;

/* The document as it stands now, canonical (members sorted as the schema lists them, keys sorted). */
void sim_save(const struct sim *sim, struct buf *buf);

/* Faults, for tests: the n-th host call from now (1 the next) fails with ERR_IO; 0: none. */
void sim_fail_call(struct sim *sim, uint64_t call);
/*
 * The same behind what a call does: one that changes something passes a point at its end, and one between its parts
 * where it has some. At the n-th point from now it fails with ERR_IO, and what it did stays; 0: none.
 */
void sim_fail_late(struct sim *sim, uint64_t point);
uint64_t sim_late_points(const struct sim *sim); /* passed so far */
/* Asked before each host call does anything, and at each such point behind what one did. False: it fails, as above. */
struct sim_watch {
    void *context;
    bool (*calling)(void *context); /* NULL: nobody is asked */
    bool (*passing)(void *context);
};
void sim_watch(struct sim *sim, const struct sim_watch *watch);
uint64_t sim_calls(const struct sim *sim);
/* Looks at something the document does not mention, so far: the first one for people, or NULL. */
const char *sim_unscripted(const struct sim *sim);
/* The same of a recording: how many different ones, and the one at index, of which the first few are kept. */
size_t sim_missing_count(const struct sim *sim);
const char *sim_missing(const struct sim *sim, size_t index); /* NULL: no such one is kept */

#endif
