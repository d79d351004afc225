/* SPDX-License-Identifier: MIT */
/* What the rows over tests/artefacts need of a machine: the simulated one is another one meanwhile. */
#ifndef AZMEND_TESTS_CONTRACT_ARTEFACTS_H
#define AZMEND_TESTS_CONTRACT_ARTEFACTS_H

#include <string.h>

#include "base/text.h"
#include "contract.h"
#include "json/json.h"

#define CONTRACT_ARTEFACT "azmend-artefact/" /* the log of events/NAME.json is called so, with NAME behind it */

struct contract_artefacts {
    void *backend; /* the one that the other rows have */
};

/* The logs, and the rules of firewall/rules.json in the store of group policy. */
bool contract_artefacts_open(struct contract *contract, struct contract_artefacts *ret_before);
void contract_artefacts_close(struct contract *contract, const struct contract_artefacts *before);

/* The text behind MEMBER= in a stored rule; NULL: it has none. */
static inline const char *contract_artefact_member(struct arena *arena, const char *stored, const char *member)
{
    const char *at = strstr(stored, arena_format(arena, "|%s=", member));
    at = at != NULL ? at + strlen(member) + 2 : NULL;
    return at != NULL ? arena_copy(arena, at, strcspn(at, "|")) : NULL;
}

/* Does a row of rules.json tell a rule that may decide over outbound TCP? By its `read`, which people wrote. */
static inline bool contract_artefact_counts(const struct json *row)
{
    const struct json *read = json_find(row, "read"), *package = json_find(read, "package");
    int64_t protocol = json_find(read, "protocol")->as.integer;
    return json_find(read, "version")->type == JSON_TEXT && json_find(read, "active")->as.boolean &&
           text_same(json_find(read, "direction")->as.text, "out") && (protocol == 6 || protocol == 256) &&
           (package == NULL || !package->as.boolean);
}

#endif
