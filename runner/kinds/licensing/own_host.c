/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/own_host.h"

#include "base/address.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "host/nouns/system/system.h"

#define INTERFACES_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces"

enum { INTERFACES_MAX = 12 };

static void add_address(struct own_host *own, struct arena *arena, const char *address)
{
    if (own->addresses.count < LIMIT_ADDRESSES && text_is_address(address)) {
        *(const char **)arena_push(arena, &own->addresses, sizeof(char *)) = address;
    }
}

/* REG_MULTI_SZ: texts, each with its NUL. Addresses are ASCII; what is none is passed over. */
static void add_list(struct own_host *own, struct arena *arena, const struct registry_value *value)
{
    size_t used = 0;
    char *text = arena_alloc(arena, value->size / 2 + 1);
    for (size_t i = 0; i + 1 < value->size; i += 2) {
        text[used] = value->bytes[i + 1] == 0 ? (char)value->bytes[i] : '?';
        if (text[used++] == '\0') {
            add_address(own, arena, text);
            text += used;
            used = 0;
        }
    }
    text[used] = '\0';
    add_address(own, arena, text);
}

/* IPAddress where they were typed in (REG_MULTI_SZ), DhcpIPAddress where DHCP gave one (REG_SZ). */
static void look_interface(struct own_host *own, struct arena *arena, struct host *host, const char *name)
{
    static const char *const values[] = {"IPAddress", "DhcpIPAddress"};
    const char *key = arena_format(arena, INTERFACES_KEY "\\%s", name);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct err err = {0};
        struct registry_value value = {0};
        if (!host_registry_query(host, key, values[i], &value, &err)) {
            own->why = arena_text(arena, err.text);
        } else if (value.exists && value.text != NULL) {
            add_address(own, arena, value.text);
        } else if (value.exists && value.type == REGISTRY_MULTI_SZ) {
            add_list(own, arena, &value);
        }
    }
}

void own_host_look_names(struct own_host *own, struct host *host)
{
    struct err err = {0};
    struct system_facts facts = {0};
    *own = (struct own_host){0};
    if (host_system_query(host, &facts, &err)) {
        own->name = (facts.known & SYSTEM_NAME) != 0 ? facts.computer_name : NULL;
        own->suffixes = facts.dns_suffixes;
        own->suffix_count = facts.dns_suffix_count;
    }
}

void own_host_look_addresses(struct own_host *own, struct arena *arena, struct host *host)
{
    struct err err = {0};
    struct registry_names interfaces = {0};
    if (!host_registry_subkeys(host, INTERFACES_KEY, &interfaces, &err)) {
        own->why = arena_text(arena, err.text);
    }
    if (interfaces.count > INTERFACES_MAX) {
        own->why = "there are more connections than are read";
    }
    for (size_t i = 0; i < interfaces.count && i < INTERFACES_MAX; i++) {
        look_interface(own, arena, host, interfaces.items[i]);
    }
}

bool own_host_has(const struct own_host *own, const char *address)
{
    const char *const *items = own->addresses.items;
    bool is_own = address_class_of(address) == ADDRESS_LOOPBACK;
    for (size_t i = 0; !is_own && i < own->addresses.count; i++) {
        is_own = text_equal(items[i], address);
    }
    return is_own;
}

bool own_host_is(const struct own_host *own, struct arena *arena, const char *name)
{
    bool is_own = text_equal(name, "localhost") || own_host_has(own, name);
    if (own->name == NULL || own->name[0] == '\0') {
        return is_own;
    }
    is_own = is_own || text_equal(name, own->name);
    for (size_t i = 0; !is_own && i < own->suffix_count; i++) {
        is_own = text_equal(name, arena_format(arena, "%s.%s", own->name, own->suffixes[i]));
    }
    return is_own;
}
