/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/firewall/verdict.h"
#include "host/sim/sim_private.h"

enum { ENDPOINT_NOT_REGISTERED = (int)0x800706D9 }; /* what the firewall's COM objects say when it does not run */

struct sim_firewall_rule {
    const struct json *json;
    struct firewall_rule rule;
    struct field_texts profiles;
    bool exists;
};

#define RULE_TEXT(name, member, bits, text) TEXT_FIELD(name, struct sim_firewall_rule, rule.member, bits, 0, 0, text)
#define RULE_FLAG(name, member, bits, text) BOOL_FIELD(name, struct sim_firewall_rule, rule.member, bits, text)

static const struct field rule_items[] = {
    WORD_FIELD("store", struct sim_firewall_rule, rule.store, 0, firewall_store_names,
               "whose it is; local when left out"),
    RULE_TEXT("name", name, FIELD_REQUIRED, "as people see it"),
    RULE_TEXT("group", group, 0, "grouping"),
    RULE_FLAG("enabled", enabled, 0, "true when left out"),
    RULE_FLAG("allows", allows, FIELD_REQUIRED, "false: blocks"),
    RULE_FLAG("package", for_package, 0, "counts for one store app only"),
    RULE_FLAG("narrower", is_narrower, 0, "has conditions that this document does not tell"),
    INT_FIELD("protocol", struct sim_firewall_rule, rule.protocol, 0, 0, 256, "6 TCP, 17 UDP; 256 or left out: any"),
    RULE_TEXT("remotePorts", remote_ports, 0, "any when left out"),
    RULE_TEXT("remoteAddresses", remote_addresses, 0, "any when left out"),
    RULE_TEXT("application", application, 0, "full path; any when left out"),
    RULE_TEXT("service", service, 0, "short name"),
    RULE_TEXT("interfaceTypes", interface_types, 0, "Lan, Wireless, RemoteAccess; All when left out"),
    TEXTS_FIELD("profiles", struct sim_firewall_rule, profiles, 0, 1, 3, "domain, private, public; all when left out"),
};
const struct fields sim_firewall_rule_fields =
    FIELDS_KEEPING("firewallRule", struct sim_firewall_rule, json, rule_items, "an outbound rule");

#define PROFILE_FLAG(name, member, bits, text) BOOL_FIELD(name, struct sim_firewall_profile, facts.member, bits, text)
static const struct field profile_items[] = {
    PROFILE_FLAG("enabled", enabled, FIELD_REQUIRED, "the firewall is on"),
    PROFILE_FLAG("blocksOutbound", blocks_outbound, FIELD_REQUIRED, "what no rule names is blocked"),
    PROFILE_FLAG("mergesLocalRules", merges_local_rules, 0, "false: local rules do not count; true when left out"),
    WORD_FIELD("decidedBy", struct sim_firewall_profile, facts.decided_by, 0, firewall_store_names,
               "who set it; local when left out"),
    TEXT_FIELD("key", struct sim_firewall_profile, facts.key, 0, 0, 0, "registry key where it stands, as recorded"),
};
const struct fields sim_firewall_profile_fields =
    FIELDS_KEEPING("firewallProfile", struct sim_firewall_profile, json, profile_items, "settings of one profile");

#define PROFILE(name, member)                                                                                          \
    OBJECT_FIELD(name, struct sim_firewall_profiles, member, struct sim_firewall_profile, 0,                           \
                 &sim_firewall_profile_fields, "settings of this profile")
static const struct field profiles_items[] = {PROFILE("domain", domain), PROFILE("private", private),
                                              PROFILE("public", public)};
const struct fields sim_firewall_profiles_fields =
    FIELDS("firewallProfiles", struct sim_firewall_profiles, profiles_items, "the three profiles");

static const struct field firewall_items[] = {
    BOOL_FIELD("running", struct sim_firewall, running, FIELD_REQUIRED, "false: nothing is filtered, nothing is told"),
    TEXTS_FIELD("active", struct sim_firewall, active, 0, 0, 3, "profiles in effect now"),
    OBJECT_FIELD("profiles", struct sim_firewall, profiles, struct sim_firewall_profiles, 0,
                 &sim_firewall_profiles_fields, "settings by profile"),
    LIST_FIELD("rules", struct sim_firewall, listed, 0, 0, 0, &sim_firewall_rule_fields,
               "outbound rules of all stores"),
    TEXT_FIELD("program", struct sim_firewall, program, 0, 0, 0, "where this program lies, as recorded"),
    BOOL_FIELD("cut", struct sim_firewall, is_cut, 0, "there were more rules than these"),
};
static const struct fields sim_firewall_fields =
    FIELDS_KEEPING("firewall", struct sim_firewall, json, firewall_items, "the machine's own firewall, outbound");

/* --- loading --- */

static bool load_profiles(const struct sim *sim, const struct json *json, const struct field_texts *names,
                          unsigned *ret_bits, struct err *err)
{
    unsigned bits = 0;
    for (size_t i = 0; i < names->count; i++) {
        int profile = text_word(firewall_profile_names, names->items[i]);
        if (profile < 0) {
            return json_refuse(json, sim->file, err, "expected domain, private or public, not %s", names->items[i]);
        }
        bits |= 1U << (unsigned)profile;
    }
    *ret_bits = bits;
    return true;
}

static bool load_rule(struct sim *sim, struct sim_firewall_rule *entry, struct err *err)
{
    struct firewall_rule *rule = &entry->rule;
    rule->outbound = true;
    rule->enabled = json_find(entry->json, "enabled") == NULL || rule->enabled;
    rule->protocol = json_find(entry->json, "protocol") == NULL ? FIREWALL_PROTOCOL_ANY : rule->protocol;
    rule->interface_types = rule->interface_types != NULL ? rule->interface_types : "All";
    rule->remote_ports = firewall_normal_ports(sim->arena, rule->remote_ports);
    rule->remote_addresses = firewall_normal_addresses(sim->arena, rule->remote_addresses);
    if (rule->remote_ports == NULL || rule->remote_addresses == NULL) {
        return json_refuse(entry->json, sim->file, err, "no such ports or addresses");
    }
    rule->profiles = FIREWALL_ALL;
    if (entry->profiles.count > 0 && !load_profiles(sim, entry->json, &entry->profiles, &rule->profiles, err)) {
        return false;
    }
    entry->exists = true;
    *(struct sim_firewall_rule **)arena_push(sim->arena, &sim->document.firewall.rules, sizeof entry) = entry;
    return true;
}

static bool load_profile(const struct sim *sim, struct sim_firewall_profile *profile, struct err *err)
{
    if (profile->json == NULL) {
        return true;
    }
    bool is_merge_said = json_find(profile->json, "mergesLocalRules") != NULL;
    profile->facts.merges_local_rules |= !is_merge_said;
    if (!profile->facts.merges_local_rules && profile->facts.decided_by == FIREWALL_LOCAL) {
        return json_refuse(profile->json, sim->file, err, "only policy or mdm switches local rules off: say decidedBy");
    }
    return true;
}

static bool is_complete(const struct sim_firewall *firewall)
{
    const struct sim_firewall_profiles *profiles = &firewall->profiles;
    return json_find(firewall->json, "active") != NULL && json_find(firewall->json, "rules") != NULL &&
           profiles->domain.json != NULL && profiles->private.json != NULL && profiles->public.json != NULL;
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_firewall *firewall = &sim->document.firewall;
    if (json == NULL) {
        return true;
    }
    if (firewall->running && !is_complete(firewall)) {
        return json_refuse(json, sim->file, err, "a running one has active, rules and all three profiles");
    }
    if (!load_profiles(sim, json, &firewall->active, &firewall->active_bits, err) ||
        !load_profile(sim, &firewall->profiles.domain, err) || !load_profile(sim, &firewall->profiles.private, err) ||
        !load_profile(sim, &firewall->profiles.public, err)) {
        return false;
    }
    struct sim_firewall_rule *listed = firewall->listed.items;
    for (size_t i = 0; i < firewall->listed.count; i++) {
        if (!load_rule(sim, &listed[i], err)) {
            return false;
        }
    }
    return true;
}

/* --- saving --- */

static struct sim_firewall_rule *rule_at(const struct sim_firewall *firewall, size_t index)
{
    return ((struct sim_firewall_rule *const *)firewall->rules.items)[index];
}

static void write_rules(const struct sim *sim, struct writer *writer)
{
    const struct sim_firewall *firewall = &sim->document.firewall;
    writer_name(writer, "rules");
    writer_open_array(writer);
    for (size_t i = 0; i < firewall->rules.count; i++) {
        const struct sim_firewall_rule *entry = rule_at(firewall, i);
        if (entry->exists) {
            sim_write_object(writer, &sim_firewall_rule_fields, entry->json, sim->arena);
        }
    }
    writer_close_array(writer);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    const struct json *json = sim->document.firewall.json;
    writer_open_object(writer);
    for (size_t i = 0; i < sim_firewall_fields.count; i++) {
        const struct field *field = &sim_firewall_fields.items[i];
        if (field->type != FIELD_LIST) {
            sim_write_member(writer, field, json, sim->arena);
        } else if (json_find(json, field->name) != NULL) {
            write_rules(sim, writer);
        }
    }
    writer_close_object(writer);
}

/* --- ops --- */

static bool is_told(struct sim *sim, struct err *err)
{
    return sim->document.firewall.json != NULL || sim_unlisted(sim, err, SIM_LOOK_FIREWALL);
}

static bool enter(struct sim *sim, struct err *err)
{
    return sim_enter(sim, err) && is_told(sim, err);
}

static bool enter_running(struct sim *sim, struct err *err)
{
    return enter(sim, err) && (sim->document.firewall.running ||
                               err_set(err, ERR_IO, (uint32_t)ENDPOINT_NOT_REGISTERED, "the firewall does not run"));
}

static struct firewall_facts facts_of(const struct sim_firewall *firewall, struct arena *arena)
{
    struct firewall_rule *rules = arena_array(arena, firewall->rules.count, sizeof *rules);
    struct firewall_facts facts = {.running = firewall->running,
                                   .rules = rules,
                                   .program = firewall->program != NULL ? firewall->program : SIM_PROGRAM,
                                   .is_cut = firewall->is_cut};
    size_t counts[FIREWALL_STORE_COUNT] = {0};
    if (!firewall->running) {
        return facts;
    }
    facts.active = firewall->active_bits;
    facts.profiles[0] = firewall->profiles.domain.facts;
    facts.profiles[1] = firewall->profiles.private.facts;
    facts.profiles[2] = firewall->profiles.public.facts;
    for (size_t i = 0; i < firewall->rules.count; i++) {
        const struct sim_firewall_rule *entry = rule_at(firewall, i);
        if (!entry->exists || !firewall_rule_counts(&entry->rule)) {
            continue;
        }
        if (counts[entry->rule.store]++ < LIMIT_FIREWALL_RULES) {
            rules[facts.rule_count] = entry->rule;
            rules[facts.rule_count].application = firewall_normal_program(arena, entry->rule.application);
            facts.rule_count++;
        } else {
            facts.is_cut = true;
        }
    }
    return facts;
}

static void tell_rules(struct writer *writer, const struct firewall_facts *facts, struct arena *arena)
{
    writer_name(writer, "rules");
    writer_open_array(writer);
    for (size_t i = 0; i < facts->rule_count; i++) {
        const char *text = firewall_rule_json(arena, &facts->rules[i]);
        struct json_source source = {.file = "rule", .limit = LIMIT_MACHINE_BYTES};
        const struct json *rule = NULL;
        struct err err = {0};
        if (json_load(text, strlen(text), &source, arena, &rule, &err)) {
            sim_write_object(writer, &sim_firewall_rule_fields, rule, arena);
        }
    }
    writer_close_array(writer);
}

void sim_tell_firewall(struct writer *writer, const struct firewall_facts *facts, struct arena *arena)
{
    writer_open_object(writer);
    writer_named_bool(writer, "running", facts->running);
    if (facts->running) {
        writer_name(writer, "active");
        writer_open_array(writer);
        for (unsigned i = 0; i < COUNT_OF(facts->profiles); i++) {
            if ((facts->active & 1U << i) != 0) {
                writer_text(writer, firewall_profile_names[i]);
            }
        }
        writer_close_array(writer);
        writer_name(writer, "profiles");
        writer_open_object(writer);
        for (unsigned i = 0; i < COUNT_OF(facts->profiles); i++) {
            static const struct json merges = {.name = "mergesLocalRules"};
            const struct json notation = {.type = JSON_OBJECT, .count = 1, .as.items = &merges};
            const struct sim_firewall_profile profile = {.facts = facts->profiles[i]};
            writer_name(writer, firewall_profile_names[i]);
            sim_write_struct(writer, &sim_firewall_profile_fields, &profile, &notation);
        }
        writer_close_object(writer);
        tell_rules(writer, facts, arena);
    }
    if (facts->program != NULL) {
        writer_named_text(writer, "program", facts->program);
    }
    if (facts->is_cut) {
        writer_named_bool(writer, "cut", true);
    }
    writer_close_object(writer);
}

static bool query(void *backend, struct arena *arena, struct firewall_facts *ret_facts, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_look(sim, err, SIM_LOOK_FIREWALL) || !is_told(sim, err)) {
        return false;
    }
    *ret_facts = facts_of(&sim->document.firewall, arena);
    return true;
}

bool sim_firewall_denies(struct sim *sim, const char *address, uint16_t port)
{
    static const struct connection client = {.program = FIREWALL_KMS_CLIENT, .service = FIREWALL_KMS_SERVICE};
    const struct sim_firewall *firewall = &sim->document.firewall;
    struct connection connection = sim->is_client_asking ? client : (struct connection){.program = SIM_PROGRAM};
    if (firewall->json == NULL || !firewall->running || firewall->active_bits == 0) {
        return false;
    }
    connection.address = address;
    connection.port = port;
    struct firewall_facts facts = facts_of(firewall, sim->arena);
    return firewall_evaluate_active(&facts, &connection).effect == FIREWALL_BLOCKED;
}

/* A rule that the document had and the run removed comes back as it was written. */
static bool revive(const struct sim_firewall *firewall, const struct firewall_rule *rule)
{
    for (size_t i = 0; i < firewall->rules.count; i++) {
        struct sim_firewall_rule *entry = rule_at(firewall, i);
        if (!entry->exists && entry->rule.store == FIREWALL_LOCAL && firewall_rule_same(&entry->rule, rule)) {
            entry->exists = true;
            return true;
        }
    }
    return false;
}

static bool put_rule(void *backend, const struct firewall_rule *rule, struct err *err)
{
    struct sim *sim = backend;
    if (!enter_running(sim, err)) {
        return false;
    }
    if (revive(&sim->document.firewall, rule)) {
        return true;
    }
    struct sim_firewall_rule *entry = arena_alloc(sim->arena, sizeof *entry);
    struct json_source source = {.file = rule->name, .limit = LIMIT_MACHINE_BYTES};
    const char *json = firewall_rule_json(sim->arena, rule);
    return json_load(json, strlen(json), &source, sim->arena, &entry->json, err) &&
           fields_decode(&sim_firewall_rule_fields, entry->json, sim->file, sim->arena, entry, err) &&
           load_rule(sim, entry, err);
}

/* As Windows does: the first of that name. */
static bool take_rule(void *backend, const char *name, struct err *err)
{
    struct sim *sim = backend;
    const struct sim_firewall *firewall = &sim->document.firewall;
    if (!enter_running(sim, err)) {
        return false;
    }
    for (size_t i = 0; i < firewall->rules.count; i++) {
        struct sim_firewall_rule *entry = rule_at(firewall, i);
        if (entry->exists && entry->rule.store == FIREWALL_LOCAL && text_equal(entry->rule.name, name)) {
            entry->exists = false;
            return true;
        }
    }
    return true;
}

static bool add_rule(void *backend, const struct firewall_rule *rule, struct err *err)
{
    return put_rule(backend, rule, err) && sim_pass(backend, err);
}

static bool remove_rule(void *backend, const char *name, struct err *err)
{
    return take_rule(backend, name, err) && sim_pass(backend, err);
}

const struct firewall_ops sim_firewall_ops = {
    .query = query,
    .add = add_rule,
    .remove = remove_rule,
};

const struct sim_section sim_firewall_section = {
    .field = SIM_OBJECT("firewall", firewall, struct sim_firewall, &sim_firewall_fields,
                        "the machine's own firewall, outbound"),
    .load = load_section,
    .write = write_section,
};
