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
    if (!windows_registry_query(NULL, key, name, arena, &value, err)) {
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
    facts->decided_by = action >= 0 || merge == 0 ? store : facts->decided_by;
    return true;
}

/* --- rules --- */

static void drop_key(HKEY *key)
{
    if (*key != NULL) {
        (void)RegCloseKey(*key);
    }
}

/* What cannot be read may hold for anything. */
static void add_rule(enum firewall_store store, const char *name, const char *text, struct arena *arena,
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
    if (!is_inbound && rule.outbound) {
        *(struct firewall_rule *)arena_push(arena, rules, sizeof rule) = rule;
    }
}

static LSTATUS read_rules(HKEY key, const char *key_name, enum firewall_store store, struct arena *arena,
                          struct arena_list *rules)
{
    wchar_t *name = arena_array(arena, NAME_UNITS, sizeof *name);
    for (DWORD i = 0; i < LIMIT_FIREWALL_RULES; i++) {
        DWORD units = NAME_UNITS;
        struct registry_value value = {0};
        struct err err = {0};
        LSTATUS status = RegEnumValueW(key, i, name, &units, NULL, NULL, NULL, NULL);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        const char *shown = narrow_part(arena, name, units);
        if (!windows_registry_query(NULL, key_name, shown, arena, &value, &err)) {
            return (LSTATUS)err.os;
        }
        add_rule(store, shown, value.text, arena, rules);
    }
    return ERROR_FILE_TOO_LARGE;
}

bool firewall_store_read(enum firewall_store store, struct arena *arena, struct firewall_facts *facts,
                         struct arena_list *rules, struct err *err)
{
    const struct firewall_place *place = &firewall_places[store];
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
    bool is_complete = status == ERROR_FILE_NOT_FOUND || status == ERROR_NO_MORE_ITEMS;
    return is_complete || windows_failed(err, (DWORD)status, "read firewall rules in", key);
}
