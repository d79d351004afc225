/* SPDX-License-Identifier: MIT */
/*
 * Which DNS servers Windows is told to ask, and who says so: typed in on an adapter, given by DHCP, or set by group
 * policy, which goes before both. Each is its own fact: what cannot be read of one hides nothing of the others.
 * An adapter that was taken out leaves its key behind; the address tells which one is in use. IPv4 alone.
 * claim: dns.nic-before-dhcp, claim: dns.policy-servers, claim: dns.nrpt, claim: net.connection-name
 */
#include <string.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

#define TCPIP_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces"
#define POLICY_KEY "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient"
#define OWN_RULES_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters\\DnsPolicyConfig"
#define CONNECTION_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}"

enum { INTERFACES_MAX = 16, SERVERS_MAX = 8 };
enum { PARAM_ADDRESS, PARAM_COUNT };
enum { SERVERS_TYPED, SERVERS_ADAPTERS, SERVERS_GIVEN, SERVERS_POLICY, SERVERS_LOCAL, SERVERS_RULES, SERVERS_COUNT };

static const struct column params[] = {
    [PARAM_ADDRESS] = TEXT_COLUMN("address", 0, "only adapters that have it; left out, or none has it: all"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [SERVERS_TYPED] = LIST_COLUMN("typed", TYPE_TEXT, 0, "servers typed in on an adapter"),
    [SERVERS_ADAPTERS] = LIST_COLUMN("adapters", TYPE_TEXT, 0, "the names of these adapters"),
    [SERVERS_GIVEN] = LIST_COLUMN("given", TYPE_TEXT, 0, "servers from DHCP on adapters without typed ones"),
    [SERVERS_POLICY] = LIST_COLUMN("policy", TYPE_TEXT, 0, "servers set by group policy for all adapters"),
    [SERVERS_LOCAL] = BOOL_COLUMN("local", 0, "one that is typed in or given is a loopback address"),
    [SERVERS_RULES] = INT_COLUMN("rules", 0, INT64_MAX, UNIT_COUNT, 0, "rules of the name resolution policy table"),
};
_Static_assert(COUNT_OF(properties) == SERVERS_COUNT, "one row a property");

/* What has been collected for one list. */
struct list {
    struct value items[SERVERS_MAX];
    size_t count;
};

static void list_add(struct list *list, struct arena *arena, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (text_equal(list->items[i].as.text, text)) {
            return;
        }
    }
    struct value item = cell_text(arena, text);
    if (list->count < SERVERS_MAX && item.state == VALUE_KNOWN) {
        list->items[list->count++] = item;
    }
}

/* "10.0.0.4,10.0.0.5" when typed in, "10.0.0.4 10.0.0.5" when from DHCP or a policy; what is no address is passed over.
 * False: there is none.
 */
static bool list_add_servers(struct list *list, struct arena *arena, const char *text)
{
    bool any = false;
    for (const char *at = text + strspn(text, " ,;"); *at != '\0'; at += strspn(at, " ,;")) {
        size_t size = strcspn(at, " ,;");
        const char *server = arena_copy(arena, at, size);
        if (text_is_address(server)) {
            list_add(list, arena, server);
            any = true;
        }
        at += size;
    }
    return any;
}

static struct value list_value(const struct list *list, struct arena *arena)
{
    struct value *items = arena_array(arena, list->count, sizeof(*items));
    for (size_t i = 0; i < list->count; i++) {
        items[i] = list->items[i];
    }
    return value_list(TYPE_TEXT, items, list->count);
}

static bool has_loopback(const struct list *list)
{
    bool has = false;
    for (size_t i = 0; i < list->count; i++) {
        has = has || address_class_of(list->items[i].as.text) == ADDRESS_LOOPBACK;
    }
    return has;
}

/* --- adapters --- */

struct adapters {
    struct list typed, names, given;
    const char *why; /* something could not be read; NULL: all could */
};

/* The text of a value; NULL: there is none, or it could not be read, which is noted. */
static const char *text_at(struct adapters *adapters, struct look *look, struct host *host, const char *key,
                           const char *name)
{
    struct value text = cell_registry_text(look->arena, host, key, name);
    adapters->why = text.state == VALUE_UNKNOWN ? text.as.why : adapters->why;
    return text.state == VALUE_KNOWN && *text.as.text != '\0' ? text.as.text : NULL;
}

/* REG_MULTI_SZ of an address that was typed in: its texts are ASCII, each with its NUL. */
static bool is_typed_address(struct host *host, struct arena *arena, const char *key, const char *address)
{
    struct err err = {0};
    struct registry_value value = {0};
    size_t used = 0;
    if (!host_registry_query(host, key, "IPAddress", &value, &err) || value.type != REGISTRY_MULTI_SZ) {
        return false;
    }
    char *text = arena_alloc(arena, value.size / 2 + 1);
    for (size_t i = 0; i + 1 < value.size; i += 2) {
        text[used] = value.bytes[i + 1] == 0 ? (char)value.bytes[i] : '?';
        if (text[used++] == '\0') {
            if (text_same(text, address)) {
                return true;
            }
            used = 0;
        }
    }
    text[used] = '\0';
    return text_same(text, address);
}

static bool has_address(struct look *look, struct host *host, const char *key, const char *address)
{
    struct value given = cell_registry_text(look->arena, host, key, "DhcpIPAddress");
    return (given.state == VALUE_KNOWN && text_same(given.as.text, address)) ||
           is_typed_address(host, look->arena, key, address);
}

/* What was typed in goes before what DHCP gave. Its name is for people: without one the key's serves. */
static void read_adapter(struct adapters *adapters, struct look *look, struct host *host, const char *id)
{
    const char *key = arena_format(look->arena, TCPIP_KEY "\\%s", id);
    const char *typed = text_at(adapters, look, host, key, "NameServer");
    if (typed == NULL || !list_add_servers(&adapters->typed, look->arena, typed)) {
        const char *given = text_at(adapters, look, host, key, "DhcpNameServer");
        (void)list_add_servers(&adapters->given, look->arena, given != NULL ? given : "");
        return;
    }
    const char *connection = arena_format(look->arena, CONNECTION_KEY "\\%s\\Connection", id);
    struct value name = cell_registry_text(look->arena, host, connection, "Name");
    list_add(&adapters->names, look->arena, name.state == VALUE_KNOWN ? name.as.text : id);
}

static void read_adapters(struct adapters *adapters, struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_names ids = {0};
    bool has_it[INTERFACES_MAX] = {false};
    bool any_has = false;
    const char *address = look_text(look, PARAM_ADDRESS);
    if (!host_registry_subkeys(host, TCPIP_KEY, &ids, &err)) {
        adapters->why = arena_text(look->arena, err.text);
        return;
    }
    if (ids.count > INTERFACES_MAX) {
        adapters->why = "there are more adapters than are read";
    }
    size_t count = ids.count < INTERFACES_MAX ? ids.count : INTERFACES_MAX;
    for (size_t i = 0; address != NULL && i < count; i++) {
        has_it[i] = has_address(look, host, arena_format(look->arena, TCPIP_KEY "\\%s", ids.items[i]), address);
        any_has = any_has || has_it[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (has_it[i] || !any_has) {
            read_adapter(adapters, look, host, ids.items[i]);
        }
    }
}

static void look_adapters(struct look *look, struct host *host)
{
    struct adapters adapters = {0};
    read_adapters(&adapters, look, host);
    if (adapters.why != NULL) {
        for (size_t i = SERVERS_TYPED; i <= SERVERS_LOCAL; i++) {
            look->cells[i] = value_unknown(adapters.why);
        }
        return;
    }
    look->cells[SERVERS_TYPED] = list_value(&adapters.typed, look->arena);
    look->cells[SERVERS_ADAPTERS] = list_value(&adapters.names, look->arena);
    look->cells[SERVERS_GIVEN] = list_value(&adapters.given, look->arena);
    look->cells[SERVERS_LOCAL] = value_bool(has_loopback(&adapters.typed) || has_loopback(&adapters.given));
}

/* --- policy --- */

static struct value policy_servers(struct look *look, struct host *host)
{
    struct list list = {0};
    struct value text = cell_registry_text(look->arena, host, POLICY_KEY, "NameServer");
    if (text.state == VALUE_UNKNOWN) {
        return text;
    }
    (void)list_add_servers(&list, look->arena, text.state == VALUE_KNOWN ? text.as.text : "");
    return list_value(&list, look->arena);
}

/* Of policy and of this VM's own: each rule is a key. */
static struct value rule_count(struct look *look, struct host *host)
{
    static const char *const keys[] = {POLICY_KEY "\\DnsPolicyConfig", OWN_RULES_KEY};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct err err = {0};
        struct registry_names names = {0};
        if (!host_registry_subkeys(host, keys[i], &names, &err)) {
            return cell_failed(look->arena, &err);
        }
        count += names.count;
    }
    return value_int((int64_t)count);
}

static bool dns_servers_look(struct look *look, struct host *host, struct err *err)
{
    (void)err;
    look_adapters(look, host);
    look->cells[SERVERS_POLICY] = policy_servers(look, host);
    look->cells[SERVERS_RULES] = rule_count(look, host);
    return true;
}

const struct kind kind_dns_servers = {
    .name = "dns_servers",
    .about = "which DNS servers Windows is told to ask, and by whom",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY),
    .memory_bytes = LIMIT_LOOK_ADAPTERS_BYTES,
    .example = "{\"address\": \"10.0.0.4\"}",
    .look = dns_servers_look,
};
