/* SPDX-License-Identifier: MIT */
/*
 * A connection of our own would show nothing: rules may name a program, and ours is another one. So the rules are
 * weighed. The way out is one rule of our own; where somebody else decides it is left to them.
 */
#include "base/text.h"
#include "host/firewall.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/firewall_verdict.h"

#define RULE_NAME "azmend KMS outbound"
#define RULE_GROUP "azmend"
#define KMS_CLIENT "%SystemRoot%\\System32\\SppExtComObj.exe"

enum { KMS_PORT = 1688 };
enum { PARAM_PORT, PARAM_PROGRAM, PARAM_ADDRESSES, PARAM_COUNT };
enum {
    OUTBOUND_RUNNING,
    OUTBOUND_BLOCKS,
    OUTBOUND_ALLOWED,
    OUTBOUND_BLOCKED_BY,
    OUTBOUND_DECIDED_BY,
    OUTBOUND_MANAGED,
    OUTBOUND_PLACE,
    OUTBOUND_OWN_RULE_HELPS,
    OUTBOUND_RULE_EXISTS,
    OUTBOUND_COUNT
};

static const struct column params[] = {
    [PARAM_PORT] = INT_COLUMN("port", 1, 65535, 0, "TCP port of the far end; 1688 when left out"),
    [PARAM_PROGRAM] = TEXT_COLUMN("program", 0, "full path of who connects; " KMS_CLIENT " when left out"),
    [PARAM_ADDRESSES] = LIST_COLUMN("addresses", TYPE_TEXT, 0, "far ends; left out or empty: any"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [OUTBOUND_RUNNING] = BOOL_COLUMN("running", 0, "the firewall service runs"),
    [OUTBOUND_BLOCKS] = BOOL_COLUMN("blocks", 0, "an active profile keeps the connection out"),
    [OUTBOUND_ALLOWED] = BOOL_COLUMN("allowed", COLUMN_ENSURE, "no active profile does; true: our own rule sees to it"),
    [OUTBOUND_BLOCKED_BY] = TEXT_COLUMN("blockedBy", 0, "name of the rule that blocks, or default"),
    [OUTBOUND_DECIDED_BY] = WORD_COLUMN("decidedBy", firewall_store_names, 0, "whose setting or rule decides"),
    [OUTBOUND_MANAGED] = BOOL_COLUMN("managed", 0, "group policy or device management decides"),
    [OUTBOUND_PLACE] = TEXT_COLUMN("place", 0, "registry key where that stands"),
    [OUTBOUND_OWN_RULE_HELPS] =
        BOOL_COLUMN("ownRuleHelps", 0, "where it blocks: our own rule would win, and nobody else decides"),
    [OUTBOUND_RULE_EXISTS] =
        BOOL_COLUMN("ruleExists", COLUMN_ENSURE, "our own rule stands as we write it; false: it is removed"),
};
_Static_assert(COUNT_OF(properties) == OUTBOUND_COUNT, "one row a property");

/* --- look --- */

static struct firewall_rule own_rule(int64_t port, struct arena *arena)
{
    return (struct firewall_rule){
        .store = FIREWALL_LOCAL,
        .name = RULE_NAME,
        .group = RULE_GROUP,
        .enabled = true,
        .outbound = true,
        .allows = true,
        .protocol = FIREWALL_PROTOCOL_TCP,
        .remote_ports = arena_format(arena, "%d", (int)port),
        .remote_addresses = "*",
        .interface_types = "All",
        .profiles = FIREWALL_ALL,
    };
}

static bool has_rule(const struct firewall_facts *facts, const struct firewall_rule *rule)
{
    for (size_t i = 0; i < facts->rule_count; i++) {
        if (facts->rules[i].store == FIREWALL_LOCAL && firewall_rule_same(&facts->rules[i], rule)) {
            return true;
        }
    }
    return false;
}

static struct connection connection_of(const struct value *values)
{
    const char *program = wanted_text(&values[PARAM_PROGRAM]);
    return (struct connection){.port = wanted_int(&values[PARAM_PORT], KMS_PORT),
                               .program = program != NULL ? program : KMS_CLIENT};
}

/* The worst over all far ends. */
static struct firewall_verdict weigh(const struct firewall_facts *facts, const struct value *values)
{
    struct connection connection = connection_of(values);
    const struct value *addresses = &values[PARAM_ADDRESSES];
    bool is_any = addresses->state != VALUE_KNOWN || addresses->as.list.count == 0;
    connection.address = is_any ? NULL : addresses->as.list.items[0].as.text;
    struct firewall_verdict worst = firewall_weigh_active(facts, &connection);
    for (size_t i = 1; !is_any && i < addresses->as.list.count; i++) {
        connection.address = addresses->as.list.items[i].as.text;
        struct firewall_verdict verdict = firewall_weigh_active(facts, &connection);
        worst = firewall_is_worse(&verdict, &worst) ? verdict : worst;
    }
    return worst;
}

/* What would be if our rule stood beside the others. */
static struct firewall_verdict weigh_with_own(const struct firewall_facts *facts, const struct value *values,
                                              struct arena *arena)
{
    struct firewall_facts with = *facts;
    struct firewall_rule *rules = arena_array(arena, facts->rule_count + 1, sizeof *rules);
    rules[0] = own_rule(connection_of(values).port, arena);
    for (size_t i = 0; i < facts->rule_count; i++) {
        rules[i + 1] = facts->rules[i];
    }
    with.rules = rules;
    with.rule_count++;
    return weigh(&with, values);
}

static const char *place_of(struct arena *arena, const struct firewall_verdict *verdict)
{
    const struct firewall_place *place = &firewall_places[verdict->store];
    const char *below = verdict->rule != NULL ? "FirewallRules" : place->profiles[verdict->profile];
    return arena_format(arena, "%s\\%s", place->key, below);
}

static const char *by_name(const struct firewall_verdict *verdict)
{
    return verdict->rule != NULL ? verdict->rule->name : "default";
}

static void fill_verdict(struct look *look, const struct firewall_verdict *verdict)
{
    const char *rule = by_name(verdict);
    if (verdict->effect == FIREWALL_UNCERTAIN) {
        struct value unknown = value_unknown_format(
            look->arena, "the rule %.200s may hold or not: it has conditions that cannot be weighed", rule);
        look->cells[OUTBOUND_BLOCKS] = unknown;
        look->cells[OUTBOUND_ALLOWED] = unknown;
        look->cells[OUTBOUND_BLOCKED_BY] = unknown;
    } else {
        look->cells[OUTBOUND_BLOCKS] = value_bool(verdict->effect == FIREWALL_BLOCKED);
        look->cells[OUTBOUND_ALLOWED] = value_bool(verdict->effect == FIREWALL_ALLOWED);
    }
    if (verdict->effect == FIREWALL_BLOCKED) {
        look->cells[OUTBOUND_BLOCKED_BY] = cell_text(look->arena, rule);
    }
    look->cells[OUTBOUND_DECIDED_BY] = value_text(firewall_store_names[verdict->store]);
    look->cells[OUTBOUND_MANAGED] = value_bool(verdict->store != FIREWALL_LOCAL);
    look->cells[OUTBOUND_PLACE] = value_text(place_of(look->arena, verdict));
}

static bool outbound_firewall_look(struct look *look, struct host *host, struct err *err)
{
    struct firewall_facts facts = {0};
    if (!host_firewall_query(host, &facts, err)) {
        return false;
    }
    look->cells[OUTBOUND_RUNNING] = value_bool(facts.running);
    if (!facts.running) {
        look->cells[OUTBOUND_BLOCKS] = value_bool(false);
        look->cells[OUTBOUND_ALLOWED] = value_bool(true);
        return true;
    }
    if (facts.active == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "no firewall profile is active: no network is connected");
    }
    struct firewall_verdict verdict = weigh(&facts, look->params);
    fill_verdict(look, &verdict);
    if (verdict.effect == FIREWALL_BLOCKED) {
        struct firewall_verdict then = weigh_with_own(&facts, look->params, look->arena);
        look->cells[OUTBOUND_OWN_RULE_HELPS] =
            value_bool(verdict.store == FIREWALL_LOCAL && then.effect == FIREWALL_ALLOWED);
    }
    struct firewall_rule own = own_rule(look_int(look, PARAM_PORT, KMS_PORT), look->arena);
    look->cells[OUTBOUND_RULE_EXISTS] = value_bool(has_rule(&facts, &own));
    return true;
}

/* --- set --- */

/* Somebody's default that blocks is left to them, even where a local rule would get round it. */
static bool is_ours_to_change(const struct firewall_facts *facts, const struct value *values, struct arena *arena,
                              struct err *err)
{
    struct firewall_verdict now = weigh(facts, values);
    struct firewall_verdict then = weigh_with_own(facts, values, arena);
    if (now.effect == FIREWALL_BLOCKED && now.store != FIREWALL_LOCAL) {
        return err_set(err, ERR_REFUSED, 0, "the firewall is managed by %s: %s", firewall_store_names[now.store],
                       place_of(arena, &now));
    }
    return then.effect == FIREWALL_ALLOWED ||
           err_set(err, ERR_REFUSED, 0, "a rule of our own would not win against %.200s", by_name(&then));
}

static bool outbound_firewall_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const struct value *allowed = &wanted->cells[OUTBOUND_ALLOWED];
    const struct value *exists = &wanted->cells[OUTBOUND_RULE_EXISTS];
    struct firewall_facts facts = {0};
    if (!wanted_bool(allowed, true)) {
        return err_set(err, ERR_INVALID, 0, "nothing is ever blocked: allowed may only be wanted");
    }
    if (!wanted_bool(exists, true)) {
        return host_firewall_remove_rule(host, RULE_NAME, err);
    }
    if (!host_firewall_query(host, &facts, err)) {
        return false;
    }
    if (!facts.running || facts.active == 0) {
        return err_set(err, ERR_REFUSED, 0, "the firewall does not run, or no profile of it is active");
    }
    struct firewall_rule own = own_rule(connection_of(wanted->params).port, wanted->arena);
    return is_ours_to_change(&facts, wanted->params, wanted->arena, err) && host_firewall_set_rule(host, &own, err);
}

const struct kind kind_outbound_firewall = {
    .name = "outbound_firewall",
    .about = "what this machine's own firewall does to connections to a port outside",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_FIREWALL) | NOUN_BIT(NOUN_SERVICE),
    .changes = NOUN_BIT(NOUN_FIREWALL),
    .look = outbound_firewall_look,
    .set = outbound_firewall_set,
};
