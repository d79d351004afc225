/* SPDX-License-Identifier: MIT */
#include "host/sim/sim_private.h"
#include "host/suffixes.h"

#define NUMBER(name, member, most, text) INT_FIELD(name, struct sim_system, member, 0, 0, most, text)
#define TEXT(name, member, text) TEXT_FIELD(name, struct sim_system, member, 0, 0, 0, text)

static const struct field items[] = {
    TEXT("name", name, "computer name"),
    TEXT("arch", arch, "of Windows: x64, arm64, or x86"),
    BOOL_FIELD("elevated", struct sim_system, elevated, 0, "is the run elevated; true when left out"),
    TEXT("bootId", boot_id, "changes with every boot"),
    NUMBER("memoryBytes", memory_bytes, INT64_MAX, "physical memory"),
    NUMBER("productType", product_type, 3, "1 workstation, 2 domain controller, 3 server"),
    NUMBER("sku", sku, INT32_MAX, "OperatingSystemSKU"),
    NUMBER("domainRole", domain_role, 5, "Win32_ComputerSystem.DomainRole"),
    NUMBER("major", major, INT32_MAX, "version, as RtlGetVersion tells it"),
    NUMBER("minor", minor, INT32_MAX, "version"),
    NUMBER("build", build, INT32_MAX, "version"),
    TEXT("assetTag", asset_tag, "SMBIOS chassis asset tag"),
    TEXTS_FIELD("dnsSuffixes", struct sim_system, dns_suffixes, 0, 0, 0,
                "primary suffix first, then the connections'; search lists are the registry's"),
};
static const struct fields sim_system_fields =
    FIELDS_KEEPING("system", struct sim_system, json, items, "the machine as a whole; a member left out is unknown");

/* A bit is set when the document has all of its members. */
static const struct {
    enum system_member bit;
    const char *members[3];
} known[] = {
    {SYSTEM_NAME, {"name"}},
    {SYSTEM_ARCH, {"arch"}},
    {SYSTEM_BOOT, {"bootId"}},
    {SYSTEM_MEMORY, {"memoryBytes"}},
    {SYSTEM_PRODUCT, {"productType", "sku"}},
    {SYSTEM_ROLE, {"domainRole"}},
    {SYSTEM_ASSET_TAG, {"assetTag"}},
    {SYSTEM_SUFFIXES, {"dnsSuffixes"}},
    {SYSTEM_VERSION, {"major", "minor", "build"}},
};

static bool has(const struct json *object, const char *name)
{
    return object != NULL && json_find(object, name) != NULL;
}

static unsigned known_bits(const struct json *json)
{
    unsigned bits = SYSTEM_ELEVATED;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        bool complete = true;
        for (size_t j = 0; j < COUNT_OF(known[i].members) && known[i].members[j] != NULL; j++) {
            complete = complete && has(json, known[i].members[j]);
        }
        bits |= complete ? (unsigned)known[i].bit : 0;
    }
    return bits;
}

/* A document that says nothing of a search list has none. */
static bool add_search_list(struct sim *sim, struct arena *arena, struct arena_list *suffixes, const char *key)
{
    struct err err = {0};
    struct registry_value list = {0};
    if (sim_table_find(&sim->tables[NOUN_REGISTRY], key) != NULL &&
        !sim_registry_look(sim, key, SUFFIXES_VALUE, arena, &list, &err)) {
        return false;
    }
    suffixes_add_list(arena, suffixes, list.exists ? list.text : NULL);
    return true;
}

/* claim: discovery.search-list */
bool sim_system_suffixes(struct sim *sim, struct arena *arena, struct arena_list *ret_suffixes)
{
    const struct field_texts *own = &sim->document.system.dns_suffixes;
    struct arena_list suffixes = {0};
    suffixes_add(arena, &suffixes, own->count > 0 ? own->items[0] : NULL);
    /* A recorder wrote down all of them. */
    bool is_whole = sim_is_recording(sim) || (add_search_list(sim, arena, &suffixes, SUFFIXES_MACHINE_KEY) &&
                                              add_search_list(sim, arena, &suffixes, SUFFIXES_POLICY_KEY));
    for (size_t i = 1; i < own->count; i++) {
        suffixes_add(arena, &suffixes, own->items[i]);
    }
    *ret_suffixes = suffixes;
    return is_whole;
}

static bool query(void *backend, struct arena *arena, struct system_facts *ret_facts, struct err *err)
{
    struct sim *sim = backend;
    struct arena_list suffixes = {0};
    if (!sim_look(sim, err, SIM_LOOK_SYSTEM)) {
        return false;
    }
    if (sim_is_recording(sim) && sim->document.system.json == NULL) {
        return sim_unlisted(sim, err, SIM_LOOK_SYSTEM);
    }
    bool has_suffixes = sim_system_suffixes(sim, arena, &suffixes);
    const struct sim_system *system = &sim->document.system;
    *ret_facts = (struct system_facts){
        .known = known_bits(system->json) & ~(has_suffixes ? 0U : (unsigned)SYSTEM_SUFFIXES),
        .family = "windows",
        .computer_name = system->name,
        .arch = system->arch,
        .is_elevated = !has(system->json, "elevated") || system->elevated,
        .boot_id = system->boot_id,
        .uptime_ms = sim->document.clock.uptime_seconds * 1000 + sim->now_ms,
        .memory_bytes = system->memory_bytes,
        .product_type = system->product_type,
        .sku = system->sku,
        .domain_role = system->domain_role,
        .major = system->major,
        .minor = system->minor,
        .build = system->build,
        .asset_tag = system->asset_tag,
        .dns_suffixes = suffixes.items,
        .dns_suffix_count = suffixes.count,
    };
    return true;
}

void sim_tell_system(struct writer *writer, const struct system_facts *facts)
{
    unsigned known_of = facts->known;
    const struct sim_system system = {
        .name = (known_of & SYSTEM_NAME) != 0 ? facts->computer_name : NULL,
        .arch = (known_of & SYSTEM_ARCH) != 0 ? facts->arch : NULL,
        .elevated = facts->is_elevated,
        .boot_id = (known_of & SYSTEM_BOOT) != 0 ? facts->boot_id : NULL,
        .memory_bytes = facts->memory_bytes,
        .product_type = facts->product_type,
        .sku = facts->sku,
        .domain_role = facts->domain_role,
        .major = facts->major,
        .minor = facts->minor,
        .build = facts->build,
        .asset_tag = (known_of & SYSTEM_ASSET_TAG) != 0 ? facts->asset_tag : NULL,
        .dns_suffixes = {.items = facts->dns_suffixes,
                         .count = (known_of & SYSTEM_SUFFIXES) != 0 ? facts->dns_suffix_count : 0},
    };
    static const struct {
        const char *member;
        enum system_member bit;
    } bits[] = {{"elevated", SYSTEM_ELEVATED}, {"memoryBytes", SYSTEM_MEMORY}, {"productType", SYSTEM_PRODUCT},
                {"sku", SYSTEM_PRODUCT},       {"domainRole", SYSTEM_ROLE},    {"major", SYSTEM_VERSION},
                {"minor", SYSTEM_VERSION},     {"build", SYSTEM_VERSION},      {"dnsSuffixes", SYSTEM_SUFFIXES}};
    struct json members[COUNT_OF(bits)] = {0};
    struct json notation = {.type = JSON_OBJECT, .as.items = members};
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        if ((known_of & (unsigned)bits[i].bit) != 0) {
            members[notation.count++] = (struct json){.name = bits[i].member, .type = JSON_NULL};
        }
    }
    sim_write_struct(writer, &sim_system_fields, &system, &notation);
}

const struct system_ops sim_system_ops = {
    .query = query,
};

const struct sim_section sim_system_section = {
    .field = SIM_OBJECT("system", system, struct sim_system, &sim_system_fields, "the machine as a whole"),
};
