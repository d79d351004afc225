/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "contract.h"

#define RULE "azmend contract"

static const struct firewall_rule rules[] = {
    {.name = RULE,
     .group = "azmend",
     .enabled = true,
     .outbound = true,
     .allows = true,
     .protocol = FIREWALL_PROTOCOL_TCP,
     .remote_ports = "1688",
     .remote_addresses = "*",
     .interface_types = "All",
     .profiles = FIREWALL_ALL},
    {.name = RULE,
     .group = "azmend",
     .enabled = false,
     .outbound = true,
     .protocol = 17,
     .remote_ports = "53,1600-1700",
     .remote_addresses = "192.0.2.0/255.255.255.0,198.51.100.7/255.255.255.255",
     .application = "%SystemRoot%\\azmend-nothing.exe",
     .interface_types = "Lan",
     .profiles = FIREWALL_DOMAIN | FIREWALL_PRIVATE},
    {.name = RULE,
     .group = "azmend",
     .enabled = false,
     .outbound = true,
     .allows = true,
     .protocol = FIREWALL_PROTOCOL_ANY,
     .remote_ports = "*",
     .remote_addresses = "LocalSubnet",
     .interface_types = "All",
     .profiles = FIREWALL_PUBLIC},
};

static bool query(struct contract *contract, struct firewall_facts *ret_facts)
{
    *ret_facts = (struct firewall_facts){0};
    return contract->ops->firewall->query(contract->backend, contract->arena, ret_facts, &contract->err);
}

static const struct firewall_rule *find(const struct firewall_facts *facts)
{
    for (size_t i = 0; i < facts->rule_count; i++) {
        if (facts->rules[i].store == FIREWALL_LOCAL && text_same(facts->rules[i].name, RULE)) {
            return &facts->rules[i];
        }
    }
    return NULL;
}

static void facts_in_form(struct contract *contract)
{
    struct firewall_facts facts;
    EXPECT(contract, query(contract, &facts) && facts.running);
    EXPECT(contract, facts.active <= FIREWALL_ALL && !facts.is_cut);
    EXPECT(contract, facts.program != NULL && text_contains(facts.program, ".exe"));
    for (size_t i = 0; i < facts.rule_count; i++) {
        const struct firewall_rule *rule = &facts.rules[i];
        const char *ports = firewall_normal_ports(contract->arena, rule->remote_ports);
        const char *addresses = firewall_normal_addresses(contract->arena, rule->remote_addresses);
        bool is_in_form = firewall_rule_counts(rule) && rule->name != NULL && rule->interface_types != NULL &&
                          rule->profiles <= FIREWALL_ALL && text_same(ports, rule->remote_ports) &&
                          text_same(addresses, rule->remote_addresses);
        contract_expect(contract, is_in_form, rule->name != NULL ? rule->name : "no name", __LINE__);
    }
}

static void rules_come_back(struct contract *contract)
{
    struct firewall_facts facts;
    EXPECT(contract, query(contract, &facts) && facts.running);
    size_t before = facts.rule_count;
    EXPECT(contract, find(&facts) == NULL);
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        EXPECT(contract, contract->ops->firewall->add(contract->backend, &rules[i], &contract->err));
        EXPECT(contract, query(contract, &facts) && facts.rule_count == before + 1);
        const struct firewall_rule *found = find(&facts);
        contract_expect(contract, found != NULL && firewall_rule_same(found, &rules[i]),
                        firewall_rule_json(contract->arena, found), __LINE__);
        EXPECT(contract, contract->ops->firewall->remove(contract->backend, RULE, &contract->err));
        EXPECT(contract, query(contract, &facts) && facts.rule_count == before && find(&facts) == NULL);
    }
}

static void absent(struct contract *contract)
{
    EXPECT(contract, contract->ops->firewall->remove(contract->backend, RULE, &contract->err));
}

const struct contract_row contract_firewall[] = {
    {"firewall: facts in form", facts_in_form},
    {"firewall: rules come back as they were given", rules_come_back},
    {"firewall: removing an absent rule", absent},
    {NULL, NULL},
};
