/* SPDX-License-Identifier: MIT */
/*
 * Codes that show a damaged licensing store, and where and how often they were seen: in the provider's answer, in this
 * run's activations, as the reason of the product's status, in events. Which codes these are, and how many tell, is the
 * playbook's to say.
 */
#ifndef AZMEND_KINDS_LICENSING_STORE_DAMAGE_H
#define AZMEND_KINDS_LICENSING_STORE_DAMAGE_H

#include "host/nouns/licensing/licensing.h"
#include "kinds/kind.h"

struct store_damage {
    const uint32_t *codes; /* that show it */
    size_t count;
    const struct err *query;                 /* how asking the provider for its products ended */
    const struct licensing_product *product; /* the Windows product in use; NULL: none, or not known */
};

/* A row a code and place: code, at, ageSeconds, from, times, timesInDay. */
extern const struct columns store_damage_rows;

/* What the log and this run tell since the store was made. */
struct store_history {
    struct value sound_at; /* its last proof of soundness, seconds since 1970; absent: none is known */
    struct value codes;    /* rows of what was seen since then */
};

/* The codes from a list of HRESULTs as the language writes them. False: one is none. */
bool store_damage_load(struct store_damage *damage, const struct value *list, struct arena *arena, struct err *err)
    MUST_CHECK;
bool store_damage_is(const struct store_damage *damage, uint32_t code);
/*
 * `created` is the cell: seconds since 1970. A proof of soundness is an answer by which a KMS activated something, an
 * Activate of this run that succeeded, and the renewal that the product's remaining time tells. At most 16 rows, what
 * is seen now first. Unknown codes: none was seen, and not all could be looked at.
 */
struct store_history store_damage_history(const struct store_damage *damage, struct arena *arena, struct host *host,
                                          const struct value *created);

#endif
