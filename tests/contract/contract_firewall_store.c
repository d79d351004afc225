/* SPDX-License-Identifier: MIT */
/* Group policy's store in the registry, written and read back; only under Wine, where it means nothing to anybody else.
 */
#include <wchar.h>
#include <windows.h>

#include "base/limits.h"
#include "base/text.h"
#include "contract.h"

#define STORE "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
#define WIDE_STORE L"SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"

static const struct {
    const char *key, *name, *text; /* NULL: the number */
    uint32_t number;
} values[] = {
    {STORE "\\PublicProfile", "DefaultOutboundAction", NULL, 0},
    {STORE "\\DomainProfile", "DefaultOutboundAction", NULL, 1},
    {STORE "\\DomainProfile", "AllowLocalPolicyMerge", NULL, 0},
    {STORE "\\PrivateProfile", "EnableFirewall", NULL, 0},
    {STORE "\\StandardProfile", "EnableFirewall", NULL, 1},
    {STORE "\\StandardProfile", "DefaultOutboundAction", NULL, 1},
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
    EXPECT(contract, contract->ops->firewall->query(contract->backend, contract->arena, &facts, &contract->err));
    const struct firewall_profile_facts *domain = &facts.profiles[0];
    const struct firewall_profile_facts *shut = &facts.profiles[1], *public = &facts.profiles[2];
    EXPECT(contract, domain->blocks_outbound && !domain->merges_local_rules && domain->decided_by == FIREWALL_POLICY);
    EXPECT(contract, !shut->enabled && shut->merges_local_rules);
    EXPECT(contract, shut->blocks_outbound && shut->decided_by == FIREWALL_POLICY);
    EXPECT(contract, text_same(shut->key, STORE "\\StandardProfile"));
    EXPECT(contract, public->enabled && !public->blocks_outbound && public->decided_by == FIREWALL_POLICY);
    EXPECT(contract, text_same(public->key, STORE "\\PublicProfile"));
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
    EXPECT(contract, count == 2 && !facts.is_cut);
}

/* More rules than are read: one store full of those that are off, then one more than may decide. */
static void expect_cut(struct contract *contract)
{
    static const struct {
        const wchar_t *active;
        bool is_cut;
    } rows[] = {{L"FALSE", false}, {L"TRUE", true}};
    wchar_t name[16], text[96];
    HKEY key = NULL;
    LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, WIDE_STORE L"\\FirewallRules", 0, NULL, 0,
                                     KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &key, NULL);
    for (size_t row = 0; status == ERROR_SUCCESS && row < COUNT_OF(rows); row++) {
        struct firewall_facts facts = {0};
        for (int i = 0; i <= LIMIT_FIREWALL_RULES; i++) {
            (void)swprintf(name, COUNT_OF(name), L"{%d}", i);
            int size = swprintf(text, COUNT_OF(text), L"v2.31|Action=Block|Active=%ls|Dir=Out|Protocol=6|RPort=%d|",
                                rows[row].active, 1 + i);
            status =
                RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)(((size_t)size + 1) * sizeof *text));
        }
        EXPECT(contract, contract->ops->firewall->query(contract->backend, contract->arena, &facts, &contract->err));
        EXPECT(contract, status == ERROR_SUCCESS && facts.is_cut == rows[row].is_cut);
    }
    (void)RegCloseKey(key);
    (void)RegDeleteTreeW(HKEY_LOCAL_MACHINE, WIDE_STORE L"\\FirewallRules");
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
               contract->ops->registry->set(contract->backend, values[i].key, values[i].name, &value, &contract->err));
    }
    expect_facts(contract);
    expect_cut(contract);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        EXPECT(contract,
               contract->ops->registry->delete (contract->backend, values[i].key, values[i].name, &contract->err));
    }
}
