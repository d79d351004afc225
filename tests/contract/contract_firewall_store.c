/* SPDX-License-Identifier: MIT */
/* Group policy's store in the registry, written and read back; only under Wine, where it means nothing to anybody else.
 */
#include <windows.h>

#include "base/text.h"
#include "contract.h"

#define STORE "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"

static const struct {
    const char *key, *name, *text; /* NULL: the number */
    uint32_t number;
} values[] = {
    {STORE "\\PublicProfile", "DefaultOutboundAction", NULL, 0},
    {STORE "\\DomainProfile", "DefaultOutboundAction", NULL, 1},
    {STORE "\\DomainProfile", "AllowLocalPolicyMerge", NULL, 0},
    {STORE "\\PrivateProfile", "EnableFirewall", NULL, 0},
    {STORE "\\FirewallRules", "{1}", "v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=No KMS|", 0},
    {STORE "\\FirewallRules", "{2}", "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=In|", 0},
    {STORE "\\FirewallRules", "{3}", "another form", 0},
};

static bool is_wine(void)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}

static void expect_facts(struct contract *contract)
{
    struct firewall_facts facts = {0};
    EXPECT(contract, contract->ops->firewall_query(contract->backend, contract->arena, &facts, &contract->err));
    const struct firewall_profile_facts *domain = &facts.profiles[0];
    const struct firewall_profile_facts *shut = &facts.profiles[1], *public = &facts.profiles[2];
    EXPECT(contract, domain->blocks_outbound && !domain->merges_local_rules && domain->decided_by == FIREWALL_POLICY);
    EXPECT(contract, !shut->enabled && shut->merges_local_rules && shut->decided_by == FIREWALL_LOCAL);
    EXPECT(contract, public->enabled && !public->blocks_outbound && public->decided_by == FIREWALL_POLICY);
    size_t count = 0;
    for (size_t i = 0; i < facts.rule_count; i++) {
        const struct firewall_rule *rule = &facts.rules[i];
        if (rule->store == FIREWALL_LOCAL) {
            continue;
        }
        count++;
        bool is_known = text_same(rule->name, "No KMS") && !rule->is_narrower && text_same(rule->remote_ports, "1688");
        bool is_unknown = text_same(rule->name, "{3}") && rule->is_narrower;
        EXPECT(contract, rule->store == FIREWALL_POLICY && !rule->allows && (is_known || is_unknown));
    }
    EXPECT(contract, count == 2);
}

void contract_firewall_store(struct contract *contract)
{
    if (!is_wine()) {
        return;
    }
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct registry_value value = values[i].text != NULL ? registry_from_text(contract->arena, values[i].text)
                                                             : registry_from_dword(contract->arena, values[i].number);
        EXPECT(contract,
               contract->ops->registry_set(contract->backend, values[i].key, values[i].name, &value, &contract->err));
    }
    expect_facts(contract);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        EXPECT(contract,
               contract->ops->registry_delete(contract->backend, values[i].key, values[i].name, &contract->err));
    }
}
