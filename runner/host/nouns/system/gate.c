/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include "host/nouns/system/system.h"

bool host_system_query(struct host *host, struct system_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->system->query != NULL, "system", err) &&
           host->ops->system->query(host->backend, host->arena, ret_facts, err);
}

const struct noun_gate system_gate = {0};
