/* SPDX-License-Identifier: MIT */
#include "kinds/firewall_verdict.h"

#include "base/text.h"

enum { PROFILE_COUNT = 3 };

/* Behind the system's folder, however that is written; a path elsewhere stays whole. */
static const char *below_system_root(const char *path)
{
    static const char *const roots[] = {"%SystemRoot%\\", "%windir%\\", "_:\\Windows\\"};
    static const size_t lengths[] = {13, 9, 11};
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        bool is_drive = roots[i][0] == '_' && path[0] != '\0' && text_starts(path + 1, roots[i] + 1);
        if (is_drive || text_starts(path, roots[i])) {
            return path + lengths[i];
        }
    }
    return path;
}

static bool same_program(const char *rule, const char *program)
{
    return rule == NULL || text_equal(rule, "*") || text_equal(below_system_root(rule), below_system_root(program));
}

/* Of the conditions that are not plain to see, the better one: none of them makes a match certain. */
static bool is_certain(const struct firewall_rule *rule)
{
    bool is_any_interface = text_equal(rule->interface_types, "All") || text_contains(rule->interface_types, "Lan");
    return !rule->is_narrower && rule->service == NULL && is_any_interface;
}

static enum firewall_match rule_holds(const struct firewall_rule *rule, unsigned profile,
                                      const struct connection *connection)
{
    bool is_protocol = rule->protocol == FIREWALL_PROTOCOL_TCP || rule->protocol == FIREWALL_PROTOCOL_ANY;
    bool is_considered = rule->enabled && rule->outbound && !rule->for_package && (rule->profiles & 1U << profile) != 0;
    if (!is_considered || !is_protocol || !firewall_ports_hold(rule->remote_ports, connection->port) ||
        !same_program(rule->application, connection->program)) {
        return FIREWALL_NO;
    }
    enum firewall_match match = firewall_addresses_hold(rule->remote_addresses, connection->address);
    return match == FIREWALL_YES && !is_certain(rule) ? FIREWALL_MAYBE : match;
}

/* The first certain and the first possible rule of each kind. */
struct found {
    const struct firewall_rule *certain[2], *possible[2]; /* by `allows` */
};

static struct found find_rules(const struct firewall_facts *facts, unsigned profile,
                               const struct connection *connection)
{
    struct found found = {0};
    for (size_t i = 0; i < facts->rule_count; i++) {
        const struct firewall_rule *rule = &facts->rules[i];
        bool counts = rule->store != FIREWALL_LOCAL || facts->profiles[profile].merges_local_rules;
        enum firewall_match match = counts ? rule_holds(rule, profile, connection) : FIREWALL_NO;
        const struct firewall_rule **place = match == FIREWALL_YES ? found.certain : found.possible;
        if (match != FIREWALL_NO && place[rule->allows] == NULL) {
            place[rule->allows] = rule;
        }
    }
    return found;
}

static struct firewall_verdict decided(enum firewall_effect effect, unsigned profile, const struct firewall_rule *rule,
                                       enum firewall_store otherwise)
{
    return (struct firewall_verdict){
        .effect = effect, .profile = profile, .rule = rule, .store = rule != NULL ? rule->store : otherwise};
}

struct firewall_verdict firewall_weigh(const struct firewall_facts *facts, unsigned profile,
                                       const struct connection *connection)
{
    const struct firewall_profile_facts *settings = &facts->profiles[profile];
    if (!facts->running || !settings->enabled) {
        return decided(FIREWALL_ALLOWED, profile, NULL, settings->decided_by);
    }
    struct found found = find_rules(facts, profile, connection);
    const struct firewall_rule *allowing = found.certain[true];
    if (found.certain[false] != NULL) {
        return decided(FIREWALL_BLOCKED, profile, found.certain[false], FIREWALL_LOCAL);
    }
    if (settings->blocks_outbound && allowing == NULL && found.possible[true] == NULL) {
        return decided(FIREWALL_BLOCKED, profile, NULL, settings->decided_by);
    }
    if (found.possible[false] != NULL) {
        return decided(FIREWALL_UNCERTAIN, profile, found.possible[false], FIREWALL_LOCAL);
    }
    if (settings->blocks_outbound && allowing == NULL) {
        return decided(FIREWALL_UNCERTAIN, profile, found.possible[true], FIREWALL_LOCAL);
    }
    return decided(FIREWALL_ALLOWED, profile, allowing, settings->decided_by);
}

bool firewall_is_worse(const struct firewall_verdict *left, const struct firewall_verdict *right)
{
    bool is_more_managed = left->store != FIREWALL_LOCAL && right->store == FIREWALL_LOCAL;
    return left->effect > right->effect || (left->effect == right->effect && is_more_managed);
}

struct firewall_verdict firewall_weigh_active(const struct firewall_facts *facts, const struct connection *connection)
{
    struct firewall_verdict worst = {0};
    bool is_first = true;
    must(facts->active != 0);
    for (unsigned profile = 0; profile < PROFILE_COUNT; profile++) {
        if ((facts->active & 1U << profile) == 0) {
            continue;
        }
        struct firewall_verdict verdict = firewall_weigh(facts, profile, connection);
        if (is_first || firewall_is_worse(&verdict, &worst)) {
            worst = verdict;
        }
        is_first = false;
    }
    return worst;
}
