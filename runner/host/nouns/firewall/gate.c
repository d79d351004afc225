/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "host/op_state.h"
#include "host/restore.h"

bool host_firewall_query(struct host *host, struct firewall_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->firewall->query != NULL, "firewall", err) &&
           host->ops->firewall->query(host->backend, host->arena, ret_facts, err);
}

/* A list that is cut does not tell whether there is one; several of one name cannot be told apart when one shall go. */
static bool find_rule(struct host *host, const char *name, const struct firewall_rule **ret_rule, struct err *err)
{
    struct firewall_facts facts = {0};
    const struct firewall_rule *found = NULL;
    if (!host_firewall_query(host, &facts, err)) {
        return false;
    }
    if (!facts.running) {
        return err_set(err, ERR_REFUSED, 0, "firewall rule %s: the firewall does not run", name);
    }
    for (size_t i = 0; i < facts.rule_count; i++) {
        const struct firewall_rule *rule = &facts.rules[i];
        if (rule->store != FIREWALL_LOCAL || !text_equal(rule->name, name)) {
            continue;
        }
        if (found != NULL || rule->is_narrower || rule->for_package) {
            return err_set(err, ERR_REFUSED, 0, "firewall rule %s: %s", name,
                           found != NULL ? "several have this name" : "it has conditions that could not be put back");
        }
        found = rule;
    }
    if (found == NULL && facts.is_cut) {
        return err_set(err, ERR_REFUSED, 0, "firewall rule %s: only the first %d rules are read", name,
                       (int)LIMIT_FIREWALL_RULES);
    }
    *ret_rule = found;
    return true;
}

static const char *rule_shown(struct arena *arena, const struct firewall_rule *rule)
{
    return rule == NULL
               ? NULL
               : arena_format(arena, "%s, %s protocol %lld to %s port %s%s", rule->enabled ? "on" : "off",
                              rule->allows ? "allow" : "block", (long long)rule->protocol, rule->remote_addresses,
                              rule->remote_ports, rule->application != NULL ? ", one program only" : "");
}

/* Adding never replaces: what was answered as failed and was made all the same stays the only one of its name. */
static bool is_missing(struct host *host, const char *name)
{
    const struct firewall_rule *rule = NULL;
    struct err unseen = {0};
    return find_rule(host, name, &rule, &unseen) && rule == NULL;
}

/* The old rule goes, the new one comes; where that fails the old one is put back. */
static bool exchange(struct host *host, const struct firewall_rule *before, const struct firewall_rule *after,
                     struct err *err)
{
    struct err unheard = {0};
    if (before != NULL && !host->ops->firewall->remove(host->backend, before->name, err)) {
        return false;
    }
    if (after == NULL || host->ops->firewall->add(host->backend, after, err)) {
        return true;
    }
    if (before != NULL && is_missing(host, before->name) &&
        !host->ops->firewall->add(host->backend, before, &unheard) && is_missing(host, before->name)) {
        return err_context(err, "and the rule that was there is gone");
    }
    return false;
}

/* One op; before or after NULL: none. */
static bool replace(struct host *host, const struct firewall_rule *before, const struct firewall_rule *after,
                    struct err *err)
{
    struct arena *arena = host->arena;
    struct change change = {.noun = NOUN_FIREWALL,
                            .also = NOUN_BIT(NOUN_NET),
                            .class = OP_REVERSIBLE,
                            .verb = after != NULL ? "set" : "delete",
                            .target = arena_format(arena, "firewall rule|%s", (after != NULL ? after : before)->name),
                            .before = firewall_rule_json(arena, before),
                            .after = firewall_rule_json(arena, after),
                            .shown_before = rule_shown(arena, before),
                            .shown_after = rule_shown(arena, after)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED || gate_end(host, op, exchange(host, before, after, err), err);
}

bool host_firewall_set_rule(struct host *host, const struct firewall_rule *rule, struct err *err)
{
    const struct firewall_rule *before = NULL;
    struct firewall_rule after = *rule;
    after.store = FIREWALL_LOCAL;
    after.application = firewall_normal_program(host->arena, rule->application);
    after.remote_ports = firewall_normal_ports(host->arena, rule->remote_ports);
    after.remote_addresses = firewall_normal_addresses(host->arena, rule->remote_addresses);
    if (after.remote_ports == NULL || after.remote_addresses == NULL) {
        return err_set(err, ERR_INVALID, 0, "firewall rule %s: no such ports or addresses", rule->name);
    }
    if (!find_rule(host, rule->name, &before, err)) {
        return false;
    }
    return (before != NULL && firewall_rule_same(before, &after)) || replace(host, before, &after, err);
}

bool host_firewall_remove_rule(struct host *host, const char *name, struct err *err)
{
    const struct firewall_rule *before = NULL;
    return find_rule(host, name, &before, err) && (before == NULL || replace(host, before, NULL, err));
}

/* --- a rule that ends with the run --- */

bool host_firewall_begin_probe(struct host *host, const struct firewall_rule *rule, struct err *err)
{
    must(text_same(rule->name, FIREWALL_PROBE_RULE));
    host->has_probe_rule = true;
    return host_firewall_set_rule(host, rule, err);
}

bool host_firewall_end_probe(struct host *host, struct err *err)
{
    host->is_ending = true;
    bool is_removed = host_firewall_remove_rule(host, FIREWALL_PROBE_RULE, err);
    host->is_ending = false;
    host->has_probe_rule = host->has_probe_rule && !is_removed;
    return is_removed;
}

/* --- the way back --- */

static bool rule_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *name = op_state_name_behind(op->target, "firewall rule");
    const struct firewall_rule *rule = NULL;
    if (name == NULL) {
        return op_state_refuse(op, err);
    }
    if (!find_rule(host, name, &rule, err)) {
        return false;
    }
    *ret_state = firewall_rule_json(host->arena, rule);
    return true;
}

static bool rule_restore(struct host *host, const struct op *op, struct err *err)
{
    const char *name = op_state_name_behind(op->target, "firewall rule");
    const struct json *json = NULL;
    struct firewall_rule rule = {0};
    if (name == NULL || !op_state_load(host, op->before, &json, err)) {
        return op_state_refuse(op, err);
    }
    if (json->type == JSON_NULL) {
        return host_firewall_remove_rule(host, name, err);
    }
    return firewall_rule_load(host->arena, json, &rule, err) &&
           (text_same(rule.name, name) ? host_firewall_set_rule(host, &rule, err) : op_state_refuse(op, err));
}

static bool is_target(const char *target)
{
    static const char rule[] = "firewall rule|";
    return text_starts(target, rule) && target[strlen(rule)] != '\0';
}

static const struct way_back ways[] = {
    {{"set", "delete"}, rule_state, rule_restore},
};
const struct noun_gate firewall_gate = {ways, COUNT_OF(ways), is_target};
