/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/kms_target.h"

#include <inttypes.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"
#include "kinds/licensing/kms_name.h"
#include "kinds/licensing/kms_srv.h"
#include "kinds/licensing/own_host.h"
#include "kinds/licensing/product.h"

/* The way to a host is looked at once it is the one that Windows asks, and Windows is activated by it. */
static const char *const with_a_host[] = {"hosts_entry", "outbound_firewall", "license", NULL};

static const char *const scopes_stored[] = {"sku", "application", "root", NULL};

static const struct column properties[] = {
    [TARGET_HOST] = {.name = "host",
                     .about = "the effective name or address; absent: no setting says",
                     .base = TYPE_TEXT,
                     .flags = COLUMN_ENSURE | COLUMN_GROUP,
                     .brings = with_a_host},
    [TARGET_NAME] = TEXT_COLUMN("name", 0, "what host means: without blanks, scheme, port, dot at the end"),
    [TARGET_IS_SPELLED] = BOOL_COLUMN("isSpelled", 0, "host is written otherwise than name"),
    [TARGET_PLACE] = WORD_COLUMN("place", address_class_words, 0,
                                 "of an address: loopback, link_local, private, public; none: host is a name"),
    [TARGET_PORT] = INT_COLUMN("port", 0, 65535, UNIT_NUMBER, COLUMN_ENSURE | COLUMN_GROUP,
                               "the effective port; 0: what is stored is no port"),
    [TARGET_SCOPE] = WANTED_WORD_COLUMN("scope", kms_scope_words, scopes_stored, COLUMN_GROUP, "which setting says so"),
    [TARGET_IS_LITERAL] = BOOL_COLUMN("isLiteral", 0, "host is an address, not a name"),
    [TARGET_IS_LOOPBACK] =
        BOOL_COLUMN("isLoopback", 0, "host is this machine itself: loopback, its name, its own address"),
    [TARGET_SKU_ID] =
        SHAPED_COLUMN("skuId", SHAPE_GUID, 0, "the installed Windows product; unknown: the provider fails"),
    [TARGET_SKU_HOST] = TEXT_COLUMN("skuHost", 0, "stored for the product"),
    [TARGET_SKU_PORT] = INT_COLUMN("skuPort", 0, 65535, UNIT_NUMBER, 0, "stored for the product; 0: no port"),
    [TARGET_APPLICATION_HOST] = TEXT_COLUMN("applicationHost", 0, "stored for Windows"),
    [TARGET_APPLICATION_PORT] =
        INT_COLUMN("applicationPort", 0, 65535, UNIT_NUMBER, 0, "stored for Windows; 0: no port"),
    [TARGET_ROOT_HOST] = TEXT_COLUMN("rootHost", 0, "stored for everything, Office included"),
    [TARGET_ROOT_PORT] = INT_COLUMN("rootPort", 0, 65535, UNIT_NUMBER, 0, "stored for everything; 0: no port"),
    [TARGET_LOOKUP_DOMAIN] = TEXT_COLUMN("lookupDomain", 0, "the one domain to ask for a KMS"),
    [TARGET_SRV_HOST] = TEXT_COLUMN("srvHost", 0, "what DNS says; asked only when no name is stored"),
    [TARGET_SRV_PORT] = INT_COLUMN("srvPort", 0, 65535, UNIT_NUMBER, 0, "what DNS says"),
    [TARGET_DISCOVERED_HOST] =
        TEXT_COLUMN("discoveredHost", 0, "what the licensing service found by DNS before and kept"),
    [TARGET_DISCOVERED_PORT] = INT_COLUMN("discoveredPort", 0, 65535, UNIT_NUMBER, 0, "likewise"),
    [TARGET_PRODUCT_HOSTS] = LIST_COLUMN("productHosts", TYPE_TEXT, 0,
                                         "stored for products other than the one in use: whom Windows asks when "
                                         "another key or a rebuild brings one of these"),
};
_Static_assert(COUNT_OF(properties) == TARGET_COUNT, "one row a property");

/* What the look found out for itself. */
struct kms_search {
    struct kms_srv srv;
    struct own_host own;
};

/* --- the stored scopes --- */

/* An empty text sets nothing. */
static struct value stored_text(struct look *look, struct host *host, const char *key, const char *name)
{
    struct value text = cell_registry_text(look->arena, host, key, name);
    return text.state == VALUE_KNOWN && *text.as.text == '\0' ? value_absent() : text;
}

/* A text by definition; a number is understood, and everything else is known to be no port. */
static struct value stored_port(struct look *look, struct host *host, const char *key)
{
    struct err err = {0};
    struct registry_value value = {0};
    int64_t port = 0;
    if (!host_registry_query(host, key, LICENSING_KMS_PORT, &value, &err)) {
        return cell_failed(look->arena, &err);
    }
    if (!value.exists || (value.text != NULL && *value.text == '\0')) {
        return value_absent();
    }
    if (value.is_number) {
        port = value.number;
    } else if (value.text == NULL || !text_to_int(value.text, &port)) {
        return value_int(0);
    }
    return value_int(port >= 1 && port <= UINT16_MAX ? port : 0);
}

static void look_scope(struct look *look, struct host *host, enum kms_scope scope)
{
    const char *key = kms_scope_key(look->arena, scope, look->cells[TARGET_SKU_ID].as.text);
    look->cells[kms_scope_cells[scope].host] = stored_text(look, host, key, LICENSING_KMS_NAME);
    look->cells[kms_scope_cells[scope].port] = stored_port(look, host, key);
}

/* The provider reads 0 where it found none, and 4294967295 where that does not apply. claim: wmi.not-applicable */
static void fill_discovered(struct look *look, const struct licensing_product *product)
{
    bool has_port = product->discovered_port > 0 && product->discovered_port <= UINT16_MAX;
    if (product->discovered_host != NULL && product->discovered_host[0] != '\0') {
        look->cells[TARGET_DISCOVERED_HOST] = cell_text(look->arena, product->discovered_host);
        look->cells[TARGET_DISCOVERED_PORT] = value_int(has_port ? product->discovered_port : KMS_PORT);
    }
}

/* None or several: we cannot tell which scope is in effect. */
static struct value primary_sku(struct look *look, struct host *host)
{
    struct err err = {0};
    struct licensing_products products = {0};
    const struct licensing_product *product = NULL;
    if (!host_licensing_products(host, &products, &err)) {
        struct value failed = cell_failed(look->arena, &err);
        look->cells[TARGET_DISCOVERED_HOST] = failed;
        look->cells[TARGET_DISCOVERED_PORT] = failed;
        return failed;
    }
    size_t count = product_in_use(host, &products, &product, NULL);
    if (product == NULL || count != 1) {
        struct value why = value_unknown_format(look->arena, "%zu Windows products with a key, expected one", count);
        look->cells[TARGET_DISCOVERED_HOST] = count > 1 ? why : value_absent();
        look->cells[TARGET_DISCOVERED_PORT] = look->cells[TARGET_DISCOVERED_HOST];
        return why;
    }
    fill_discovered(look, product);
    struct value checked = cell_checked(look->arena, &properties[TARGET_SKU_ID], product->id);
    return checked.state == VALUE_ABSENT ? value_unknown("the Windows product has no id") : checked;
}

/* Without the product its scope still does not matter, unless some product below the application has a name stored. */
static struct value any_sku_host(struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_names names = {0};
    if (!host_registry_subkeys(host, LICENSING_APPLICATION_KEY, &names, &err)) {
        return cell_failed(look->arena, &err);
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *key = kms_scope_key(look->arena, KMS_SCOPE_SKU, names.items[i]);
        if (stored_text(look, host, key, LICENSING_KMS_NAME).state != VALUE_ABSENT) {
            return value_unknown_format(
                look->arena, "product %s has a KMS name of its own, and which product is in use is not known: %s",
                names.items[i], look->cells[TARGET_SKU_ID].as.why);
        }
    }
    return value_absent();
}

/* A product that comes of another key brings its scope into effect. */
static struct value product_hosts(struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_names names = {0};
    const struct value *used = &look->cells[TARGET_SKU_ID];
    if (!host_registry_subkeys(host, LICENSING_APPLICATION_KEY, &names, &err)) {
        return cell_failed(look->arena, &err);
    }
    struct value *hosts = arena_array(look->arena, names.count, sizeof *hosts);
    size_t count = 0;
    for (size_t i = 0; i < names.count; i++) {
        bool is_used = used->state == VALUE_KNOWN && text_equal(names.items[i], used->as.text);
        const char *key = kms_scope_key(look->arena, KMS_SCOPE_SKU, names.items[i]);
        struct value name = is_used ? value_absent() : stored_text(look, host, key, LICENSING_KMS_NAME);
        if (name.state == VALUE_UNKNOWN) {
            return name;
        }
        if (name.state == VALUE_KNOWN) {
            hosts[count++] = name;
        }
    }
    return value_list(TYPE_TEXT, hosts, count);
}

static void look_stored(struct look *look, struct host *host)
{
    look->cells[TARGET_SKU_ID] = primary_sku(look, host);
    if (look->cells[TARGET_SKU_ID].state == VALUE_KNOWN) {
        look_scope(look, host, KMS_SCOPE_SKU);
    } else {
        look->cells[TARGET_SKU_HOST] = any_sku_host(look, host);
        look->cells[TARGET_SKU_PORT] = look->cells[TARGET_SKU_HOST];
    }
    look_scope(look, host, KMS_SCOPE_APPLICATION);
    look_scope(look, host, KMS_SCOPE_ROOT);
    look->cells[TARGET_LOOKUP_DOMAIN] = stored_text(look, host, LICENSING_KEY, "KeyManagementServiceLookupDomain");
    look->cells[TARGET_PRODUCT_HOSTS] = product_hosts(look, host);
}

/* --- the effective one --- */

/* Of an address that cannot be this machine's nothing more is asked; NIC addresses are private ones (judged). */
static struct value is_own(const struct look *look, const char *name)
{
    const struct kms_search *search = look->local;
    if (own_host_is(&search->own, look->arena, name)) {
        return value_bool(true);
    }
    bool may_be = search->own.why != NULL && address_class_of(name) == ADDRESS_PRIVATE;
    return may_be ? value_unknown(search->own.why) : value_bool(false);
}

static void fill_host(struct look *look, const char *host)
{
    const char *name = kms_name_meant(look->arena, host);
    look->cells[TARGET_NAME] = value_text(name);
    look->cells[TARGET_IS_SPELLED] = value_bool(!text_equal(name, host));
    look->cells[TARGET_PLACE] = value_text(address_class_words[address_class_of(name)]);
    look->cells[TARGET_IS_LITERAL] = value_bool(text_is_address(name));
    look->cells[TARGET_IS_LOOPBACK] = is_own(look, name);
}

static void fill_effective(struct look *look, enum kms_scope scope, const struct value *host, const struct value *port)
{
    look->cells[TARGET_SCOPE] = value_text(kms_scope_words[scope]);
    look->cells[TARGET_HOST] = *host;
    look->cells[TARGET_PORT] = host->state == VALUE_KNOWN && port->state == VALUE_ABSENT ? value_int(KMS_PORT) : *port;
    if (host->state == VALUE_KNOWN) {
        fill_host(look, host->as.text);
    }
}

static void fill_unknown(struct look *look, const struct value *why)
{
    for (size_t i = TARGET_HOST; i <= TARGET_IS_LOOPBACK; i++) {
        look->cells[i] = *why;
    }
}

/* True when a stored scope settles it, be it that we cannot know. */
static bool fill_from_stored(struct look *look)
{
    for (enum kms_scope scope = KMS_SCOPE_SKU; scope <= KMS_SCOPE_ROOT; scope++) {
        const struct value *host = &look->cells[kms_scope_cells[scope].host];
        if (host->state == VALUE_KNOWN) {
            fill_effective(look, scope, host, &look->cells[kms_scope_cells[scope].port]);
            return true;
        }
        if (host->state == VALUE_UNKNOWN) {
            fill_unknown(look, host);
            return true;
        }
    }
    return false;
}

/* The addresses of the machine matter only where one is set, or was found. */
static void look_own(struct look *look, struct host *host, struct own_host *own)
{
    static const size_t hosts[] = {TARGET_SKU_HOST, TARGET_APPLICATION_HOST, TARGET_ROOT_HOST, TARGET_DISCOVERED_HOST};
    bool is_address = false;
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        const struct value *cell = &look->cells[hosts[i]];
        is_address = is_address || (cell->state == VALUE_KNOWN &&
                                    address_class_of(kms_name_meant(look->arena, cell->as.text)) == ADDRESS_PRIVATE);
    }
    own_host_look_names(own, host);
    if (is_address) {
        own_host_look_addresses(own, look->arena, host);
    }
}

static bool kms_target_look(struct look *look, struct host *host, struct err *err)
{
    (void)err;
    struct kms_search *search = arena_alloc(look->arena, sizeof *search);
    look->local = search;
    look_stored(look, host);
    look_own(look, host, &search->own);
    if (!fill_from_stored(look)) {
        kms_srv_prepare(&search->srv, look, host, &look->cells[TARGET_LOOKUP_DOMAIN]);
    }
    return true;
}

static size_t kms_target_next(struct look *look, struct net_job *jobs, size_t room)
{
    const struct kms_search *search = look->local;
    return kms_srv_next(&search->srv, look, jobs, room);
}

/* Nothing is stored: what the service kept of DNS goes before what DNS says now. */
static void fill_found(struct look *look, const struct kms_srv_answer *answer)
{
    const struct value *discovered = &look->cells[TARGET_DISCOVERED_HOST];
    if (look->cells[TARGET_LOOKUP_DOMAIN].state == VALUE_KNOWN) {
        fill_effective(look, KMS_SCOPE_LOOKUP_DOMAIN, &answer->host, &answer->port);
    } else if (discovered->state == VALUE_KNOWN) {
        fill_effective(look, KMS_SCOPE_DISCOVERED, discovered, &look->cells[TARGET_DISCOVERED_PORT]);
    } else if (discovered->state == VALUE_UNKNOWN || answer->host.state == VALUE_UNKNOWN) {
        fill_unknown(look, discovered->state == VALUE_UNKNOWN ? discovered : &answer->host);
    } else {
        enum kms_scope scope = answer->host.state == VALUE_KNOWN ? KMS_SCOPE_SRV : KMS_SCOPE_NONE;
        fill_effective(look, scope, &answer->host, &answer->port);
    }
}

static void kms_target_read(struct look *look)
{
    if (look->cells[TARGET_SCOPE].state != VALUE_ABSENT) {
        return;
    }
    const struct kms_search *search = look->local;
    struct kms_srv_answer answer = kms_srv_read(&search->srv, look);
    look->cells[TARGET_SRV_HOST] = answer.host;
    look->cells[TARGET_SRV_PORT] = answer.port;
    fill_found(look, &answer);
}

const struct kind kind_kms_target = {
    .name = "kms_target",
    .about = "whom this machine asks for activation, and which setting says so",
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_REGISTRY) | NOUN_BIT(NOUN_LICENSING) | NOUN_BIT(NOUN_NET),
    .changes = NOUN_BIT(NOUN_REGISTRY) | NOUN_BIT(NOUN_LICENSING),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example_step = "{\"host\": \"azkms.core.windows.net\", \"port\": 1688}",
    .look = kms_target_look,
    .next = kms_target_next,
    .read = kms_target_read,
    .set = kms_target_set,
};
