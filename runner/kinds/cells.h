/* SPDX-License-Identifier: MIT */
/*
 * From a host's answer to a cell, and from a wanted cell back to C: the few steps that every kind shares.
 * Whatever comes from outside is bounded and shape-checked here; what does not fit is unknown with its reason.
 */
#ifndef AZMEND_KINDS_CELLS_H
#define AZMEND_KINDS_CELLS_H

#include "kinds/kind.h"

/* Unknown, because the look failed with err. */
struct value cell_failed(struct arena *arena, const struct err *err);
/* A text as the language knows it: UTF-8, at most LIMIT_TEXT_BYTES; NULL: absent. Copied. */
struct value cell_text(struct arena *arena, const char *text);
/* A text from a stranger: NULL or empty is absent, one that does not fit the column's shape or words is unknown. */
struct value cell_checked(struct arena *arena, const struct column *column, const char *text);
/* An HRESULT as the language writes it: "0xC004F074". */
struct value cell_hresult(struct arena *arena, uint32_t code);
/* A registry value that should be a text; absent when missing, unknown when it is of another type. */
struct value cell_registry_text(struct arena *arena, struct host *host, const char *key, const char *name);
/* A member of the system that may not be known: unknown unless bit is set in known. */
struct value cell_when_known(unsigned known, unsigned bit, struct value value);

/* Whole days from now until then, both seconds since 1970; below 0: it is past. */
struct value cell_days_until(int64_t then, int64_t now);

/* --- parameters, by index of the kind's own enum --- */

const char *look_text(const struct look *look, size_t param); /* NULL: absent */
int64_t look_int(const struct look *look, size_t param, int64_t otherwise);

/* --- network replies --- */

/* Unknown, with "timeout after 5000 ms (detail)" as the reason. */
struct value cell_unreached(struct arena *arena, const struct net_reply *reply);
/* The outcome as a word of net_outcome_names. NET_FAILED says that nothing was learnt: unknown. */
struct value cell_outcome(struct arena *arena, const struct net_reply *reply);
/* Addresses of an answer: empty where the answer is that there are none, unknown where nobody could tell. */
struct value cell_addresses(struct arena *arena, const struct net_reply *reply);

/* --- wanted cells --- */
const char *wanted_text(const struct value *cell); /* NULL: not asked for */
bool wanted_bool(const struct value *cell, bool otherwise);
int64_t wanted_int(const struct value *cell, int64_t otherwise);

#endif
