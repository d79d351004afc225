/* SPDX-License-Identifier: MIT */
/*
 * Rules as JSON and in the form of the registry stores. Source of the latter: MS-GPFAS 2.2.2.19 (the grammar of a rule:
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-gpfas/). claim: firewall.rule-grammar
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/firewall.h"
#include "host/restore.h"
#include "json/fields.h"
#include "json/writer.h"

enum { PROFILE_COUNT = 3 };

/* Both missing, or equal without case. */
static bool same_text(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right : text_equal(left, right);
}

static bool same_program(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right
                                         : text_equal(firewall_below_root(left), firewall_below_root(right));
}

bool firewall_rule_counts(const struct firewall_rule *rule)
{
    bool is_tcp = rule->protocol == FIREWALL_PROTOCOL_TCP || rule->protocol == FIREWALL_PROTOCOL_ANY;
    bool is_own = (rule->group != NULL && text_equal(rule->group, FIREWALL_OWN_GROUP)) ||
                  text_starts(rule->name, FIREWALL_OWN_GROUP " ");
    return rule->outbound && (is_own || (rule->enabled && !rule->for_package && is_tcp));
}

bool firewall_rule_same(const struct firewall_rule *left, const struct firewall_rule *right)
{
    return left->enabled == right->enabled && left->outbound == right->outbound && left->allows == right->allows &&
           left->for_package == right->for_package && left->is_narrower == right->is_narrower &&
           left->protocol == right->protocol && left->profiles == right->profiles &&
           same_text(left->name, right->name) && same_text(left->group, right->group) &&
           same_text(left->remote_ports, right->remote_ports) &&
           same_text(left->remote_addresses, right->remote_addresses) &&
           same_program(left->application, right->application) && same_text(left->service, right->service) &&
           same_text(left->interface_types, right->interface_types);
}

/* --- JSON --- */

static void write_profiles(struct writer *writer, unsigned profiles)
{
    writer_name(writer, "profiles");
    writer_open_array(writer);
    for (unsigned i = 0; i < PROFILE_COUNT; i++) {
        if ((profiles & 1U << i) != 0) {
            writer_text(writer, firewall_profile_names[i]);
        }
    }
    writer_close_array(writer);
}

static void write_optional(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL) {
        writer_named_text(writer, name, text);
    }
}

static void write_rule(struct writer *writer, const struct firewall_rule *rule)
{
    writer_open_object(writer);
    writer_named_text(writer, "store", firewall_store_names[rule->store]);
    writer_named_text(writer, "name", rule->name);
    write_optional(writer, "group", rule->group);
    writer_named_bool(writer, "enabled", rule->enabled);
    writer_named_bool(writer, "allows", rule->allows);
    if (rule->for_package) {
        writer_named_bool(writer, "package", true);
    }
    if (rule->is_narrower) {
        writer_named_bool(writer, "narrower", true);
    }
    writer_named_int(writer, "protocol", rule->protocol);
    writer_named_text(writer, "remotePorts", rule->remote_ports);
    writer_named_text(writer, "remoteAddresses", rule->remote_addresses);
    write_optional(writer, "application", rule->application);
    write_optional(writer, "service", rule->service);
    writer_named_text(writer, "interfaceTypes", rule->interface_types);
    write_profiles(writer, rule->profiles);
    writer_close_object(writer);
}

const char *firewall_rule_json(struct arena *arena, const struct firewall_rule *rule)
{
    if (rule == NULL) {
        return "null";
    }
    struct buf buf AUTO(buf_clear);
    struct writer writer;
    buf_init(&buf, (size_t)4 * LIMIT_REGISTRY_BYTES);
    writer_init(&writer, &buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    write_rule(&writer, rule);
    return arena_text(arena, buf_whole(&buf));
}

struct rule_state {
    struct firewall_rule rule;
    struct field_texts profiles;
};

#define RULE_TEXT(name, member, bits, text) TEXT_FIELD(name, struct rule_state, rule.member, bits, 0, 0, text)
#define RULE_FLAG(name, member, bits, text) BOOL_FIELD(name, struct rule_state, rule.member, bits, text)
static const struct field rule_items[] = {
    WORD_FIELD("store", struct rule_state, rule.store, FIELD_REQUIRED, firewall_store_names, "whose it is"),
    RULE_TEXT("name", name, FIELD_REQUIRED, "as people see it"),
    RULE_TEXT("group", group, 0, "grouping"),
    RULE_FLAG("enabled", enabled, FIELD_REQUIRED, "it counts"),
    RULE_FLAG("allows", allows, FIELD_REQUIRED, "false: blocks"),
    RULE_FLAG("package", for_package, 0, "counts for one store app only"),
    RULE_FLAG("narrower", is_narrower, 0, "has conditions that are not told"),
    INT_FIELD("protocol", struct rule_state, rule.protocol, FIELD_REQUIRED, 0, FIREWALL_PROTOCOL_ANY, "6 TCP, 17 UDP"),
    RULE_TEXT("remotePorts", remote_ports, FIELD_REQUIRED, "normalised"),
    TEXT_FIELD("remoteAddresses", struct rule_state, rule.remote_addresses, FIELD_REQUIRED, 0, LIMIT_JOURNAL_BYTES,
               "normalised"),
    RULE_TEXT("application", application, 0, "full path"),
    RULE_TEXT("service", service, 0, "short name"),
    RULE_TEXT("interfaceTypes", interface_types, FIELD_REQUIRED, "All, or a list"),
    TEXTS_FIELD("profiles", struct rule_state, profiles, FIELD_REQUIRED, 0, PROFILE_COUNT, "domain, private, public"),
};
static const struct fields rule_fields = FIELDS("rule", struct rule_state, rule_items, "an outbound rule");

bool firewall_rule_load(struct arena *arena, const struct json *json, struct firewall_rule *ret_rule, struct err *err)
{
    struct rule_state state = {.rule.outbound = true};
    if (!fields_decode(&rule_fields, json, "rule", arena, &state, err)) {
        return false;
    }
    for (size_t i = 0; i < state.profiles.count; i++) {
        int profile = text_word(firewall_profile_names, state.profiles.items[i]);
        if (profile < 0) {
            return json_refuse(json, "rule", err, "no such profile: %.40s", state.profiles.items[i]);
        }
        state.rule.profiles |= 1U << (unsigned)profile;
    }
    *ret_rule = state.rule;
    return true;
}

/* --- the registry's form --- */

/* A rule under way: lists grow, the rest is set as it comes. */
struct draft {
    struct firewall_rule rule;
    struct buf ports, addresses, interfaces;
    struct arena *arena;
};

static void drop_draft(struct draft *draft)
{
    buf_clear(&draft->ports);
    buf_clear(&draft->addresses);
    buf_clear(&draft->interfaces);
}

static void add_to(struct buf *list, const char *value)
{
    if (list->size > 0) {
        buf_text(list, ",");
    }
    buf_text(list, value);
}

/* False: the value has no meaning known here. */

static bool take_action(struct draft *draft, const char *value)
{
    bool is_block = text_equal(value, "Block");
    draft->rule.allows = !is_block;
    draft->rule.is_narrower |= text_equal(value, "ByPass"); /* only over authenticated connections */
    return is_block || text_equal(value, "Allow") || text_equal(value, "ByPass");
}

static bool take_active(struct draft *draft, const char *value)
{
    draft->rule.enabled = text_equal(value, "TRUE");
    return true;
}

static bool take_direction(struct draft *draft, const char *value)
{
    draft->rule.outbound = text_equal(value, "Out");
    return true;
}

static bool take_protocol(struct draft *draft, const char *value)
{
    return text_to_int(value, &draft->rule.protocol);
}

static bool take_profile(struct draft *draft, const char *value)
{
    for (unsigned i = 0; i < PROFILE_COUNT; i++) {
        if (text_equal(firewall_profile_names[i], value)) {
            draft->rule.profiles |= 1U << i;
            return true;
        }
    }
    return false;
}

static bool take_port(struct draft *draft, const char *value)
{
    add_to(&draft->ports, value);
    return true;
}

static bool take_address(struct draft *draft, const char *value)
{
    add_to(&draft->addresses, value);
    return true;
}

static bool take_interface_type(struct draft *draft, const char *value)
{
    add_to(&draft->interfaces, value);
    return true;
}

static bool take_name(struct draft *draft, const char *value)
{
    draft->rule.name = arena_text(draft->arena, value);
    return true;
}

static bool take_group(struct draft *draft, const char *value)
{
    draft->rule.group = arena_text(draft->arena, value);
    return true;
}

static bool take_application(struct draft *draft, const char *value)
{
    draft->rule.application = firewall_normal_program(draft->arena, arena_text(draft->arena, value));
    return true;
}

static bool take_service(struct draft *draft, const char *value)
{
    draft->rule.service = arena_text(draft->arena, value);
    return true;
}

static bool take_package(struct draft *draft, const char *value)
{
    (void)value;
    draft->rule.for_package = true;
    return true;
}

/* For people, or about inbound traffic only. */
static bool take_nothing(struct draft *draft, const char *value)
{
    (void)draft;
    (void)value;
    return true;
}

static const struct {
    const char *name;
    bool (*take)(struct draft *draft, const char *value);
} keywords[] = {
    {"Action", take_action},    {"Active", take_active},   {"Dir", take_direction},   {"Protocol", take_protocol},
    {"Profile", take_profile},  {"RPort", take_port},      {"RPort2_10", take_port},  {"RA4", take_address},
    {"RA42", take_address},     {"RA6", take_address},     {"RA62", take_address},    {"IFType", take_interface_type},
    {"Name", take_name},        {"EmbedCtxt", take_group}, {"App", take_application}, {"Svc", take_service},
    {"AppPkgId", take_package}, {"PFN", take_package},     {"Desc", take_nothing},    {"Edge", take_nothing},
    {"Defer", take_nothing},
};

/* A keyword that is not in the table is a condition that cannot be taken here. */
static bool take(struct draft *draft, const char *part, size_t size)
{
    const char *equals = memchr(part, '=', size);
    if (equals == NULL) {
        return false;
    }
    const char *name = arena_copy(draft->arena, part, (size_t)(equals - part));
    const char *value = arena_copy(draft->arena, equals + 1, size - (size_t)(equals + 1 - part));
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        if (text_equal(keywords[i].name, name)) {
            return keywords[i].take(draft, value);
        }
    }
    draft->rule.is_narrower = true;
    return true;
}

/* What nobody named is any. A port by a word (IPHTTPSOut) is some port. */
static bool finish(struct draft *draft)
{
    struct firewall_rule *rule = &draft->rule;
    rule->remote_ports = firewall_normal_ports(draft->arena, buf_whole(&draft->ports));
    rule->remote_addresses = firewall_normal_addresses(draft->arena, buf_whole(&draft->addresses));
    rule->interface_types = draft->interfaces.size > 0 || draft->interfaces.failed
                                ? arena_text(draft->arena, buf_whole(&draft->interfaces))
                                : "All";
    rule->profiles = rule->profiles != 0 ? rule->profiles : FIREWALL_ALL;
    rule->name = rule->name != NULL ? rule->name : "";
    if (rule->remote_ports == NULL) {
        rule->remote_ports = "*";
        rule->is_narrower = true;
    }
    return rule->remote_addresses != NULL;
}

bool firewall_rule_parse(struct arena *arena, enum firewall_store store, const char *text,
                         struct firewall_rule *ret_rule)
{
    struct draft draft AUTO(drop_draft) = {.arena = arena, .rule = {.store = store, .protocol = FIREWALL_PROTOCOL_ANY}};
    buf_init(&draft.ports, LIMIT_REGISTRY_BYTES);
    buf_init(&draft.addresses, LIMIT_REGISTRY_BYTES);
    buf_init(&draft.interfaces, LIMIT_TEXT_BYTES);
    const char *bar = strchr(text, '|');
    if (!text_starts(text, "v2.") || bar == NULL) {
        return false;
    }
    for (const char *part = bar + 1; *part != '\0'; part = *bar == '\0' ? bar : bar + 1) {
        bar = part + strcspn(part, "|");
        if (bar > part && !take(&draft, part, (size_t)(bar - part))) {
            return false;
        }
    }
    if (!finish(&draft)) {
        return false;
    }
    *ret_rule = draft.rule;
    return true;
}

bool host_is_passing(const struct op *op)
{
    return op->noun == NOUN_FIREWALL && text_same(op->target, "firewall rule|" FIREWALL_PROBE_RULE);
}
