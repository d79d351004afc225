/* SPDX-License-Identifier: MIT */
/*
 * Source: MS-GPFAS 2.2.2 (profiles: DefaultOutboundAction 0 allows and 1 blocks, the inverse of NET_FW_ACTION;
 * AllowLocalPolicyMerge, in effect when missing) and 2.2.2.19 (rules).
 */
#include "host/windows/firewall_store.h"

#include "base/limits.h"
#include "base/text.h"

enum { PROFILE_COUNT = 3, NAME_UNITS = 16384 }; /* 16,383 and a NUL: the documented limit of a value's name */

/* ret_number -1: not set. */
static bool read_setting(const char *key, const char *name, struct arena *arena, int64_t *ret_number, struct err *err)
{
    struct registry_value value = {0};
    if (!windows_registry_ops.query(NULL, key, name, arena, &value, err)) {
        return false;
    }
    *ret_number = value.exists && value.is_number ? value.number : -1;
    return true;
}

static bool read_profile(enum firewall_store store, const char *key, struct arena *arena,
                         struct firewall_profile_facts *facts, struct err *err)
{
    int64_t enabled = -1, action = -1, merge = -1;
    if (!read_setting(key, "EnableFirewall", arena, &enabled, err) ||
        !read_setting(key, "DefaultOutboundAction", arena, &action, err) ||
        !read_setting(key, "AllowLocalPolicyMerge", arena, &merge, err)) {
        return false;
    }
    facts->enabled = enabled >= 0 ? enabled != 0 : facts->enabled;
    facts->blocks_outbound = action >= 0 ? action != 0 : facts->blocks_outbound;
    facts->merges_local_rules = merge >= 0 ? merge != 0 : facts->merges_local_rules;
    if (action >= 0 || merge == 0) {
        facts->decided_by = store;
        facts->key = key;
    }
    return true;
}

/*
 * What Windows before Vista knew as its one profile outside a domain. Policy objects made for it still write there, for
 * the private and the public profile (inf); a key of either profile goes before it. The local and the Mdm store have it
 * as the name of the private profile. Source: MS-GPFAS 2.2.3 names it beside the three, without a merge setting.
 */
static bool read_standard(enum firewall_store store, struct arena *arena, struct firewall_facts *facts, struct err *err)
{
    const char *key = arena_format(arena, "%s\\StandardProfile", firewall_places[store].key);
    return store != FIREWALL_POLICY || (read_profile(store, key, arena, &facts->profiles[1], err) &&
                                        read_profile(store, key, arena, &facts->profiles[2], err));
}

/* --- rules --- */

static void drop_key(HKEY *key)
{
    if (*key != NULL) {
        (void)RegCloseKey(*key);
    }
}

/* What cannot be read may hold for anything. False: it can decide nothing, and is not kept. */
static bool add_rule(enum firewall_store store, const char *name, const char *text, struct arena *arena,
                     struct arena_list *rules)
{
    struct firewall_rule rule = {.store = store,
                                 .name = name,
                                 .enabled = true,
                                 .outbound = true,
                                 .is_narrower = true,
                                 .protocol = FIREWALL_PROTOCOL_ANY,
                                 .remote_ports = "*",
                                 .remote_addresses = "*",
                                 .interface_types = "All",
                                 .profiles = FIREWALL_ALL};
    bool is_inbound = text != NULL && text_contains(text, "|Dir=In|");
    if (!is_inbound && text != NULL && !firewall_rule_parse(arena, store, text, &rule)) {
        rule.is_narrower = true;
    }
    bool is_kept = !is_inbound && firewall_rule_counts(&rule);
    if (is_kept) {
        *(struct firewall_rule *)arena_push(arena, rules, sizeof rule) = rule;
    }
    return is_kept;
}

/* ERROR_MORE_DATA: there are more. */
static LSTATUS read_rules(HKEY key, const char *key_name, enum firewall_store store, struct arena *arena,
                          struct arena_list *rules)
{
    wchar_t *name = arena_array(arena, NAME_UNITS, sizeof *name);
    size_t before = rules->count;
    for (DWORD i = 0; rules->count - before < LIMIT_FIREWALL_RULES; i++) {
        DWORD units = NAME_UNITS;
        struct registry_value value = {0};
        struct err err = {0};
        LSTATUS status = RegEnumValueW(key, i, name, &units, NULL, NULL, NULL, NULL);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        size_t mark = arena_mark(arena);
        const char *shown = narrow_part(arena, name, units);
        if (!windows_registry_ops.query(NULL, key_name, shown, arena, &value, &err)) {
            return (LSTATUS)err.os;
        }
        if (!add_rule(store, shown, value.text, arena, rules)) {
            arena_release(arena, mark);
        }
    }
    return ERROR_MORE_DATA;
}

bool firewall_store_read(enum firewall_store store, struct arena *arena, struct firewall_facts *facts,
                         struct arena_list *rules, struct err *err)
{
    const struct firewall_place *place = &firewall_places[store];
    if (!read_standard(store, arena, facts, err)) {
        return false;
    }
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        const char *key = arena_format(arena, "%s\\%s", place->key, place->profiles[i]);
        if (!read_profile(store, key, arena, &facts->profiles[i], err)) {
            return false;
        }
    }
    const char *key = arena_format(arena, "%s\\FirewallRules", place->key);
    wchar_t *wide AUTO(drop_wide) = NULL;
    HKEY opened AUTO(drop_key) = NULL;
    if (!wide_open(key + sizeof "HKLM\\" - 1, &wide, err)) {
        return false;
    }
    LSTATUS status = RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &opened);
    if (status == ERROR_SUCCESS) {
        status = read_rules(opened, key, store, arena, rules);
    }
    facts->is_cut = facts->is_cut || status == ERROR_MORE_DATA;
    bool is_read = status == ERROR_FILE_NOT_FOUND || status == ERROR_NO_MORE_ITEMS || status == ERROR_MORE_DATA;
    return is_read || windows_failed(err, (DWORD)status, "read firewall rules in", key);
}
