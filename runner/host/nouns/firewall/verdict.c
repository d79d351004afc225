/* SPDX-License-Identifier: MIT */
#include "host/nouns/firewall/verdict.h"

#include <string.h>

#include "base/text.h"

enum { PROFILE_COUNT = 3 };

static const char *file_of(const char *path)
{
    const char *slash = strrchr(path, '\\');
    return slash != NULL ? slash + 1 : path;
}

/* A path below a variable of another name (%ProgramFiles%) is not expanded here: the same file may be meant. */
static enum firewall_match program_holds(const struct firewall_rule *rule, const struct connection *connection)
{
    if (rule->application == NULL || text_equal(rule->application, "*")) {
        return FIREWALL_YES;
    }
    const char *path = firewall_below_root(rule->application);
    if (text_equal(path, firewall_below_root(connection->program))) {
        return FIREWALL_YES;
    }
    bool may_be = path[0] == '%' && text_equal(file_of(path), file_of(connection->program));
    return may_be ? FIREWALL_MAYBE : FIREWALL_NO;
}

/*
 * Windows' own rule for KMS names the service sppsvc beside the client's program, so that pair is the client. Whether
 * WinMgmt matches an activation that WMI began is not settled: one report needed it, none explains it (source:
 * MicrosoftDocs/azure-docs issue 33524). "*" stands for any service.
 */
static enum firewall_match service_holds(const struct firewall_rule *rule, const struct connection *connection)
{
    if (rule->service == NULL) {
        return FIREWALL_YES;
    }
    if (connection->service == NULL) {
        return FIREWALL_NO;
    }
    bool may_be = text_equal(rule->service, "WinMgmt") || text_equal(rule->service, "*");
    return text_equal(rule->service, connection->service) ? FIREWALL_YES : may_be ? FIREWALL_MAYBE : FIREWALL_NO;
}

/* Conditions that are not told here, and interfaces that a VM may have or not. */
static enum firewall_match rest_holds(const struct firewall_rule *rule)
{
    bool is_any_interface = text_equal(rule->interface_types, "All") || text_contains(rule->interface_types, "Lan");
    return rule->is_narrower || !is_any_interface ? FIREWALL_MAYBE : FIREWALL_YES;
}

static enum firewall_match lesser(enum firewall_match left, enum firewall_match right)
{
    return left < right ? left : right;
}

static enum firewall_match rule_holds(const struct firewall_rule *rule, unsigned profile,
                                      const struct connection *connection)
{
    bool is_protocol = rule->protocol == FIREWALL_PROTOCOL_TCP || rule->protocol == FIREWALL_PROTOCOL_ANY;
    bool is_considered = rule->enabled && rule->outbound && !rule->for_package && (rule->profiles & 1U << profile) != 0;
    if (!is_considered || !is_protocol || !firewall_ports_hold(rule->remote_ports, connection->port)) {
        return FIREWALL_NO;
    }
    enum firewall_match match = firewall_addresses_hold(rule->remote_addresses, connection->address);
    match = lesser(match, program_holds(rule, connection));
    return lesser(lesser(match, service_holds(rule, connection)), rest_holds(rule));
}

/* Stands for those that a list lacks because it is cut: each may hold. */
static const struct firewall_rule unread[2] = {{.name = FIREWALL_UNREAD}, {.name = FIREWALL_UNREAD, .allows = true}};

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
    for (size_t i = 0; facts->is_cut && i < COUNT_OF(unread); i++) {
        found.possible[i] = found.possible[i] == NULL ? &unread[i] : found.possible[i];
    }
    return found;
}

static struct firewall_verdict by_rule(enum firewall_effect effect, unsigned profile, const struct firewall_rule *rule)
{
    return (struct firewall_verdict){.effect = effect, .profile = profile, .rule = rule, .store = rule->store};
}

static struct firewall_verdict by_default(enum firewall_effect effect, unsigned profile,
                                          const struct firewall_profile_facts *settings)
{
    return (struct firewall_verdict){
        .effect = effect, .profile = profile, .store = settings->decided_by, .key = settings->key};
}

struct firewall_verdict firewall_evaluate(const struct firewall_facts *facts, unsigned profile,
                                          const struct connection *connection)
{
    const struct firewall_profile_facts *settings = &facts->profiles[profile];
    if (!facts->running || !settings->enabled) {
        return by_default(FIREWALL_ALLOWED, profile, settings);
    }
    struct found found = find_rules(facts, profile, connection);
    const struct firewall_rule *allowing = found.certain[true];
    if (found.certain[false] != NULL) {
        return by_rule(FIREWALL_BLOCKED, profile, found.certain[false]);
    }
    if (settings->blocks_outbound && allowing == NULL && found.possible[true] == NULL) {
        return by_default(FIREWALL_BLOCKED, profile, settings);
    }
    if (found.possible[false] != NULL) {
        return by_rule(FIREWALL_UNCERTAIN, profile, found.possible[false]);
    }
    if (settings->blocks_outbound && allowing == NULL) {
        return by_rule(FIREWALL_UNCERTAIN, profile, found.possible[true]);
    }
    return allowing != NULL ? by_rule(FIREWALL_ALLOWED, profile, allowing)
                            : by_default(FIREWALL_ALLOWED, profile, settings);
}

bool firewall_is_worse(const struct firewall_verdict *left, const struct firewall_verdict *right)
{
    bool is_more_managed = left->store != FIREWALL_LOCAL && right->store == FIREWALL_LOCAL;
    return left->effect > right->effect || (left->effect == right->effect && is_more_managed);
}

struct firewall_verdict firewall_evaluate_active(const struct firewall_facts *facts,
                                                 const struct connection *connection)
{
    struct firewall_verdict worst = {0};
    bool is_first = true;
    must(facts->active != 0);
    for (unsigned profile = 0; profile < PROFILE_COUNT; profile++) {
        if ((facts->active & 1U << profile) == 0) {
            continue;
        }
        struct firewall_verdict verdict = firewall_evaluate(facts, profile, connection);
        if (is_first || firewall_is_worse(&verdict, &worst)) {
            worst = verdict;
        }
        is_first = false;
    }
    return worst;
}
