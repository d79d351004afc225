/* SPDX-License-Identifier: MIT */
/*
 * Codes that show a damaged licensing store, and where they were seen: in the provider's answer, in this run's
 * activations, in events. Which codes these are is the playbook's to say.
 */
#ifndef AZMEND_KINDS_STORE_DAMAGE_H
#define AZMEND_KINDS_STORE_DAMAGE_H

#include "kinds/kind.h"

struct store_damage {
    const uint32_t *codes; /* that show it */
    size_t count;
    const struct err *query; /* how asking the provider for its products ended */
};

/* A row a code: code, at, from (query, activate, event). */
extern const struct columns store_damage_rows;

/* The codes from a list of HRESULTs as the language writes them. False: one is none. */
bool store_damage_load(struct store_damage *damage, const struct value *list, struct arena *arena, struct err *err)
    MUST_CHECK;
bool store_damage_is(const struct store_damage *damage, uint32_t code);
/*
 * Rows of what was seen since `created` (the cell: seconds since 1970), each code once, at most 16, the provider's
 * first. Unknown when none was seen and not all could be looked at.
 */
struct value store_damage_seen(const struct store_damage *damage, struct arena *arena, struct host *host,
                               const struct value *created);

#endif
