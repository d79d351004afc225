/* SPDX-License-Identifier: MIT */
/*
 * A connection of our own would show nothing: rules may name a program, and ours is another one. So the rules are
 * evaluated, for the KMS client and for this program. A fix adds one rule, as narrow as it helps: outbound, TCP, this
 * port, the KMS client's program, any address (Azure's change), the profiles that block. It names no service, since
 * which service matches an activation is not settled. Where policy or device management decides, it is left to them.
 */
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/verdict.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

#define RULE_NAME "azmend KMS client"
#define BROAD_NAME "azmend KMS outbound" /* of earlier versions, for any program */

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
    OUTBOUND_RULE_BROAD,
    OUTBOUND_PROFILES,
    OUTBOUND_PROBE_BLOCKED,
    OUTBOUND_PROBE_ALLOWED,
    OUTBOUND_PROBE_RULE_LEFT,
    OUTBOUND_COUNT
};

static const struct column params[] = {
    [PARAM_PORT] = INT_COLUMN("port", 1, 65535, UNIT_NUMBER, 0, "TCP port of the far end; 1688 when left out"),
    [PARAM_PROGRAM] =
        TEXT_COLUMN("program", 0, "full path of the program that connects; " FIREWALL_KMS_CLIENT " when left out"),
    [PARAM_ADDRESSES] = LIST_COLUMN("addresses", TYPE_TEXT, 0, "far ends; left out or empty: any"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

/* Without a rule that let them out as well, this program's probes may be blocked. */
static const char *const with_a_rule_less[] = {"outbound_firewall", NULL};

/* The KMS client gets out; this program's probes may need a rule of their own. */
static const char *const with_a_path[] = {"outbound_firewall", "license", NULL};

static const struct column properties[] = {
    [OUTBOUND_RUNNING] = BOOL_COLUMN("running", 0, "the firewall service runs"),
    [OUTBOUND_BLOCKS] = BOOL_COLUMN("blocks", 0, "an active profile keeps the connection out"),
    [OUTBOUND_ALLOWED] = {.name = "allowed",
                          .about = "no active profile does; true: our own rule sees to it",
                          .base = TYPE_BOOL,
                          .wants = wants_true,
                          .flags = COLUMN_ENSURE,
                          .brings = with_a_path},
    [OUTBOUND_BLOCKED_BY] = TEXT_COLUMN("blockedBy", 0, "name of the rule that blocks, or default"),
    [OUTBOUND_DECIDED_BY] = WORD_COLUMN("decidedBy", firewall_store_names, 0, "whose setting or rule decides"),
    [OUTBOUND_MANAGED] = BOOL_COLUMN("managed", 0, "group policy or device management decides"),
    [OUTBOUND_PLACE] = TEXT_COLUMN("place", 0, "registry key where that stands"),
    [OUTBOUND_OWN_RULE_HELPS] =
        BOOL_COLUMN("ownRuleHelps", 0, "where it blocks: our own rule would win, and no one else decides"),
    [OUTBOUND_RULE_EXISTS] = {.name = "ruleExists",
                              .about = "our own rule is there as we write it; false: it is removed",
                              .base = TYPE_BOOL,
                              .flags = COLUMN_ENSURE,
                              .brings = with_a_rule_less},
    [OUTBOUND_RULE_BROAD] =
        {.name = "ruleIsBroad",
         .about = "our own rule lets out every program, as earlier versions wrote it; false: it is narrowed",
         .base = TYPE_BOOL,
         .wants = wants_false,
         .flags = COLUMN_ENSURE,
         .brings = with_a_rule_less},
    [OUTBOUND_PROFILES] = TEXT_COLUMN("profiles", 0, "profiles that need the rule: those that block by default"),
    [OUTBOUND_PROBE_BLOCKED] =
        BOOL_COLUMN("probeBlocked", 0, "an active profile is certain to keep in this program's own probes"),
    [OUTBOUND_PROBE_ALLOWED] = WANTED_BOOL_COLUMN(
        "probeAllowed", wants_true, 0, "none does; true: a rule for this program sees to it until the run ends"),
    [OUTBOUND_PROBE_RULE_LEFT] = {.name = "probeRuleLeft",
                                  .about = "the probes' rule is there from a run that was killed; false: it is removed",
                                  .base = TYPE_BOOL,
                                  .wants = wants_false,
                                  .flags = COLUMN_ENSURE,
                                  .brings = with_a_rule_less},
};
_Static_assert(COUNT_OF(properties) == OUTBOUND_COUNT, "one row a property");

/* --- look --- */

/* Where rules count at all: a profile that is on and blocks what no rule allows. None: all, since none needs it now. */
static unsigned blocking_profiles(const struct firewall_facts *facts)
{
    unsigned profiles = 0;
    for (unsigned i = 0; i < COUNT_OF(facts->profiles); i++) {
        profiles |= facts->profiles[i].enabled && facts->profiles[i].blocks_outbound ? 1U << i : 0;
    }
    return profiles != 0 ? profiles : FIREWALL_ALL;
}

static struct firewall_rule narrow_rule(const struct firewall_facts *facts, const char *name, const char *program,
                                        int64_t port, struct arena *arena)
{
    return (struct firewall_rule){
        .store = FIREWALL_LOCAL,
        .name = name,
        .group = FIREWALL_OWN_GROUP,
        .application = program,
        .enabled = true,
        .outbound = true,
        .allows = true,
        .protocol = FIREWALL_PROTOCOL_TCP,
        .remote_ports = arena_format(arena, "%d", (int)port),
        .remote_addresses = "*",
        .interface_types = "All",
        .profiles = blocking_profiles(facts),
    };
}

static struct firewall_rule own_rule(const struct firewall_facts *facts, int64_t port, struct arena *arena)
{
    return narrow_rule(facts, RULE_NAME, FIREWALL_KMS_CLIENT, port, arena);
}

/* Our own of that name; NULL: none, or not among those that are read. */
static const struct firewall_rule *find_own(const struct firewall_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->rule_count; i++) {
        const struct firewall_rule *rule = &facts->rules[i];
        bool is_own =
            rule->store == FIREWALL_LOCAL && rule->group != NULL && text_equal(rule->group, FIREWALL_OWN_GROUP);
        if (is_own && text_equal(rule->name, name)) {
            return rule;
        }
    }
    return NULL;
}

/* Earlier versions named no program. What an administrator changed in it otherwise is theirs. */
static bool is_broad(const struct firewall_rule *rule)
{
    return rule != NULL && rule->enabled && rule->allows && rule->application == NULL;
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
                               .program = program != NULL ? program : FIREWALL_KMS_CLIENT,
                               .service = program != NULL ? NULL : FIREWALL_KMS_SERVICE};
}

/* The worst over all far ends. */
static struct firewall_verdict evaluate_of(const struct firewall_facts *facts, struct connection connection,
                                           const struct value *values)
{
    const struct value *addresses = &values[PARAM_ADDRESSES];
    bool is_any = addresses->state != VALUE_KNOWN || addresses->as.list.count == 0;
    connection.address = is_any ? NULL : addresses->as.list.items[0].as.text;
    struct firewall_verdict worst = firewall_evaluate_active(facts, &connection);
    for (size_t i = 1; !is_any && i < addresses->as.list.count; i++) {
        connection.address = addresses->as.list.items[i].as.text;
        struct firewall_verdict verdict = firewall_evaluate_active(facts, &connection);
        worst = firewall_is_worse(&verdict, &worst) ? verdict : worst;
    }
    return worst;
}

static struct firewall_verdict evaluate(const struct firewall_facts *facts, const struct value *values)
{
    return evaluate_of(facts, connection_of(values), values);
}

/* What would be if our rule were beside the others. */
static struct firewall_verdict evaluate_with_own(const struct firewall_facts *facts, const struct value *values,
                                                 struct arena *arena)
{
    struct firewall_facts with = *facts;
    struct firewall_rule *rules = arena_array(arena, facts->rule_count + 1, sizeof *rules);
    rules[0] = own_rule(facts, connection_of(values).port, arena);
    for (size_t i = 0; i < facts->rule_count; i++) {
        rules[i + 1] = facts->rules[i];
    }
    with.rules = rules;
    with.rule_count++;
    return evaluate(&with, values);
}

static const char *place_of(struct arena *arena, const struct firewall_verdict *verdict)
{
    const struct firewall_place *place = &firewall_places[verdict->store];
    const char *below = verdict->rule != NULL ? "FirewallRules" : place->profiles[verdict->profile];
    return verdict->key != NULL ? verdict->key : arena_format(arena, "%s\\%s", place->key, below);
}

static const char *by_name(const struct firewall_verdict *verdict)
{
    return verdict->rule != NULL ? verdict->rule->name : "default";
}

static struct value uncertain(struct look *look, const struct firewall_verdict *verdict)
{
    return value_unknown_format(
        look->arena, "the rule %.200s may hold or not: it has conditions that cannot be evaluated", by_name(verdict));
}

static void fill_verdict(struct look *look, const struct firewall_verdict *verdict)
{
    const char *rule = by_name(verdict);
    if (verdict->effect == FIREWALL_UNCERTAIN) {
        struct value unknown = uncertain(look, verdict);
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

static const char *profiles_shown(struct arena *arena, unsigned profiles)
{
    const char *text = NULL;
    for (unsigned i = 0; firewall_profile_names[i] != NULL; i++) {
        if ((profiles & 1U << i) != 0) {
            text = text == NULL ? firewall_profile_names[i]
                                : arena_format(arena, "%s,%s", text, firewall_profile_names[i]);
        }
    }
    return text;
}

/* A list that is cut does not tell that a rule is missing. */
static struct value is_there(struct look *look, const struct firewall_facts *facts, bool is_found)
{
    return is_found || !facts->is_cut
               ? value_bool(is_found)
               : value_unknown_format(look->arena, "only the first %d rules are read", (int)LIMIT_FIREWALL_RULES);
}

static void fill_rules(struct look *look, const struct host *host, const struct firewall_facts *facts)
{
    struct firewall_rule own = own_rule(facts, look_int(look, PARAM_PORT, KMS_PORT), look->arena);
    bool is_left = find_own(facts, FIREWALL_PROBE_RULE) != NULL && !host->has_probe_rule;
    look->cells[OUTBOUND_RULE_EXISTS] = is_there(look, facts, has_rule(facts, &own));
    look->cells[OUTBOUND_RULE_BROAD] = is_there(look, facts, is_broad(find_own(facts, BROAD_NAME)));
    look->cells[OUTBOUND_PROBE_RULE_LEFT] = is_there(look, facts, is_left);
    look->cells[OUTBOUND_PROFILES] = value_text(profiles_shown(look->arena, own.profiles));
}

/* This program connects by itself, and no rule of Windows names it. */
static void fill_probe(struct look *look, const struct firewall_facts *facts)
{
    struct connection probe = {.program = facts->program, .port = look_int(look, PARAM_PORT, KMS_PORT)};
    if (facts->program == NULL) {
        look->cells[OUTBOUND_PROBE_BLOCKED] = value_unknown("the path of this program is not known");
        look->cells[OUTBOUND_PROBE_ALLOWED] = look->cells[OUTBOUND_PROBE_BLOCKED];
        return;
    }
    struct firewall_verdict verdict = evaluate_of(facts, probe, look->params);
    look->cells[OUTBOUND_PROBE_BLOCKED] = value_bool(verdict.effect == FIREWALL_BLOCKED);
    look->cells[OUTBOUND_PROBE_ALLOWED] = value_bool(verdict.effect == FIREWALL_ALLOWED);
    if (verdict.effect == FIREWALL_UNCERTAIN) {
        look->cells[OUTBOUND_PROBE_ALLOWED] = uncertain(look, &verdict);
    }
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
        look->cells[OUTBOUND_PROBE_BLOCKED] = value_bool(false);
        look->cells[OUTBOUND_PROBE_ALLOWED] = value_bool(true);
        return true;
    }
    if (facts.active == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "no firewall profile is active: no network is connected");
    }
    struct firewall_verdict verdict = evaluate(&facts, look->params);
    fill_verdict(look, &verdict);
    if (verdict.effect == FIREWALL_BLOCKED) {
        struct firewall_verdict then = evaluate_with_own(&facts, look->params, look->arena);
        look->cells[OUTBOUND_OWN_RULE_HELPS] =
            value_bool(verdict.store == FIREWALL_LOCAL && then.effect == FIREWALL_ALLOWED);
    }
    fill_rules(look, host, &facts);
    fill_probe(look, &facts);
    return true;
}

/* --- set --- */

/* Somebody's default that blocks is left to them, even where a local rule would get round it. */
static bool is_ours_to_change(const struct firewall_facts *facts, const struct value *values, struct arena *arena,
                              struct err *err)
{
    struct firewall_verdict now = evaluate(facts, values);
    struct firewall_verdict then = evaluate_with_own(facts, values, arena);
    if (now.effect == FIREWALL_BLOCKED && now.store != FIREWALL_LOCAL) {
        return err_set(err, ERR_REFUSED, 0, "the firewall is managed by %s: %s", firewall_store_names[now.store],
                       place_of(arena, &now));
    }
    return then.effect == FIREWALL_ALLOWED ||
           err_set(err, ERR_REFUSED, 0, "a rule of our own would not win against %.200s", by_name(&then));
}

/*
 * The broad rule for the KMS client alone, nothing else of it changes. It has another name, so that it is there before
 * the broad one goes: a run that is killed in between leaves more than is needed, never less.
 */
static bool narrow(struct host *host, const struct firewall_facts *facts, struct err *err)
{
    const struct firewall_rule *broad = find_own(facts, BROAD_NAME);
    if (!is_broad(broad)) {
        return true;
    }
    struct firewall_rule rule = *broad;
    rule.name = RULE_NAME;
    rule.application = FIREWALL_KMS_CLIENT;
    return (find_own(facts, RULE_NAME) != NULL || host_firewall_set_rule(host, &rule, err)) &&
           host_firewall_remove_rule(host, BROAD_NAME, err);
}

static bool allow(struct host *host, const struct firewall_facts *facts, const struct wanted *wanted, struct err *err)
{
    int64_t port = connection_of(wanted->params).port;
    if (!facts->running || facts->active == 0) {
        return err_set(err, ERR_REFUSED, 0, "the firewall does not run, or no profile of it is active");
    }
    if (wanted->cells[OUTBOUND_PROBE_ALLOWED].state == VALUE_KNOWN) {
        struct firewall_rule rule = narrow_rule(facts, FIREWALL_PROBE_RULE, facts->program, port, wanted->arena);
        return facts->program != NULL ? host_firewall_begin_probe(host, &rule, err)
                                      : err_set(err, ERR_REFUSED, 0, "the path of this program is not known");
    }
    struct firewall_rule own = own_rule(facts, port, wanted->arena);
    return is_ours_to_change(facts, wanted->params, wanted->arena, err) && host_firewall_set_rule(host, &own, err);
}

static bool outbound_firewall_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const struct value *cells = wanted->cells;
    struct firewall_facts facts = {0};
    if (!wanted_bool(&cells[OUTBOUND_ALLOWED], true) || !wanted_bool(&cells[OUTBOUND_PROBE_ALLOWED], true) ||
        wanted_bool(&cells[OUTBOUND_RULE_BROAD], false) || wanted_bool(&cells[OUTBOUND_PROBE_RULE_LEFT], false)) {
        return err_set(err, ERR_INVALID, 0,
                       "nothing is ever blocked, and no rule is widened or left: not to be wanted");
    }
    if (!wanted_bool(&cells[OUTBOUND_RULE_EXISTS], true)) {
        return host_firewall_remove_rule(host, RULE_NAME, err);
    }
    if (cells[OUTBOUND_PROBE_RULE_LEFT].state == VALUE_KNOWN) {
        return host_firewall_end_probe(host, err);
    }
    if (!host_firewall_query(host, &facts, err)) {
        return false;
    }
    return cells[OUTBOUND_RULE_BROAD].state == VALUE_KNOWN ? narrow(host, &facts, err)
                                                           : allow(host, &facts, wanted, err);
}

const struct kind kind_outbound_firewall = {
    .name = "outbound_firewall",
    .about = "what Windows Firewall does to connections to a port outside; with more than 8,192 rules that may decide "
             "it is unknown",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_FIREWALL) | NOUN_BIT(NOUN_SERVICE),
    .changes = NOUN_BIT(NOUN_FIREWALL),
    .memory_bytes = LIMIT_LOOK_FIREWALL_BYTES,
    .example = "{\"port\": 1688}",
    .example_step = "{\"port\": 1688, \"allowed\": true}",
    .look = outbound_firewall_look,
    .set = outbound_firewall_set,
};
