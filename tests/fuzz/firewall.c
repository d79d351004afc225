/* SPDX-License-Identifier: MIT */
/* A firewall rule as a policy spells it; what is accepted can be written as a state. */
#include "host/nouns/firewall/firewall.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = fuzz_arena();
    struct firewall_rule rule = {0};
    const char *text = arena_copy(arena, bytes, size);
    if (firewall_rule_parse(arena, FIREWALL_POLICY, text, &rule)) {
        fuzz_promise(rule.remote_addresses != NULL && rule.remote_ports != NULL && rule.name != NULL,
                     "a rule is whole");
    }
    return 0;
}
