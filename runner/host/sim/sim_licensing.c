/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "host/sim/sim_private.h"

#define PLATFORM "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform"
#define FACILITY_WIN32_FAILURE 0x80070000U

struct product {
    const struct json *json;
    struct licensing_product facts;
    const char *reason;
};

#define TEXT(name, member, bits, text) TEXT_FIELD(name, struct product, member, bits, 0, 0, text)
#define NUMBER(name, member, least, most, text) INT_FIELD(name, struct product, member, 0, least, most, text)

static const struct field product_items[] = {
    TEXT("id", facts.id, FIELD_REQUIRED, "SKU id, lower case"),
    TEXT("description", facts.description, 0, "carries the channel token"),
    TEXT("family", facts.family, 0, "LicenseFamily"),
    TEXT("channel", facts.channel, 0, "ProductKeyChannel"),
    TEXT("partialKey", facts.partial_key, 0, "last five of the key"),
    BOOL_FIELD("addon", struct product, facts.is_addon, 0, "LicenseIsAddon"),
    NUMBER("status", facts.status, 0, 6, "LicenseStatus"),
    TEXT("reason", reason, 0, "LicenseStatusReason, like 0x4004F040"),
    NUMBER("graceMinutes", facts.grace_minutes, 0, UINT32_MAX, "GracePeriodRemaining"),
    NUMBER("activationType", facts.activation_type, -1, 3, "VLActivationType; -1 or left out: not told"),
    NUMBER("activationEnabled", facts.activation_enabled, -1, 3, "VLActivationTypeEnabled; -1 or left out: not told"),
    TEXT("discoveredHost", facts.discovered_host, 0, "DiscoveredKeyManagementServiceMachineName"),
};
const struct fields sim_product_fields = FIELDS_KEEPING("licensingProduct", struct product, json, product_items,
                                                        "a SoftwareLicensingProduct of Windows with a partial key");

static const struct field licensing_items[] = {
    TEXT_FIELD("version", struct sim_licensing, version, 0, 0, 0, "SoftwareLicensingService.Version"),
    LIST_FIELD("products", struct sim_licensing, products, 0, 0, 0, &sim_product_fields,
               "those that have a partial key"),
    TEXT_FIELD("error", struct sim_licensing, error, 0, 0, 0, "every call ends with this HRESULT"),
};
const struct fields sim_licensing_fields =
    FIELDS_KEEPING("licensing", struct sim_licensing, json, licensing_items, "the licensing provider");

static bool load_product(const struct sim *sim, struct product *product, struct err *err)
{
    const struct json *reason = json_find(product->json, "reason");
    if (reason != NULL && !sim_hex_code(product->reason, &product->facts.reason)) {
        return json_refuse(reason, sim->file, err, "expected a code like 0xC004F074");
    }
    if (json_find(product->json, "activationType") == NULL) {
        product->facts.activation_type = -1;
    }
    if (json_find(product->json, "activationEnabled") == NULL) {
        product->facts.activation_enabled = -1;
    }
    return true;
}

bool sim_licensing_load(struct sim *sim, struct err *err)
{
    struct sim_licensing *licensing = &sim->document.licensing;
    const struct json *error = licensing->json != NULL ? json_find(licensing->json, "error") : NULL;
    if (error != NULL && (!sim_hex_code(licensing->error, &licensing->error_code) || licensing->error_code == 0)) {
        return json_refuse(error, sim->file, err, "expected a failure code like 0x80041010");
    }
    struct product *products = licensing->products.items;
    for (size_t i = 0; i < licensing->products.count; i++) {
        if (!load_product(sim, &products[i], err)) {
            return false;
        }
    }
    return true;
}

/* What a failing provider means to a caller; source: winerror.h and wbemcli.h. All others are ERR_IO. */
static const struct {
    uint32_t code;
    enum err_code meaning;
} meanings[] = {
    {0x8004100E, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_NAMESPACE */
    {0x80041010, ERR_UNSUPPORTED}, /* WBEM_E_INVALID_CLASS */
    {0x80041011, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_NOT_FOUND */
    {0x80041013, ERR_UNSUPPORTED}, /* WBEM_E_PROVIDER_LOAD_FAILURE */
    {0x80040154, ERR_UNSUPPORTED}, /* REGDB_E_CLASSNOTREG */
    {0x80041003, ERR_DENIED},      /* WBEM_E_ACCESS_DENIED */
    {0x80070005, ERR_DENIED},      /* E_ACCESSDENIED */
};

static bool fail(uint32_t code, struct err *err)
{
    enum err_code meaning = ERR_IO;
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        meaning = meanings[i].code == code ? meanings[i].meaning : meaning;
    }
    return err_set(err, meaning, code, "the licensing provider answered 0x%08X", (unsigned)code);
}

/* Counts the call; false when the provider does not answer. */
static bool enter(struct sim *sim, struct err *err)
{
    const struct sim_licensing *licensing = &sim->document.licensing;
    if (!sim_enter(sim, err)) {
        return false;
    }
    if (licensing->json == NULL) {
        return sim_unsaid(sim, err, "licensing");
    }
    uint32_t obstacle = sim_service_obstacle(sim, "sppsvc");
    uint32_t code = obstacle != 0 ? FACILITY_WIN32_FAILURE | obstacle : licensing->error_code;
    return code == 0 || fail(code, err);
}

/* A KMS setting of one scope, from the registry as Windows keeps it. */
static bool read_scope(struct sim *sim, const char *key, struct arena *arena, const char **ret_host, int64_t *ret_port,
                       struct err *err)
{
    struct registry_value name = {0};
    struct registry_value port = {0};
    if (!sim_registry_look(sim, key, "KeyManagementServiceName", arena, &name, err) ||
        !sim_registry_look(sim, key, "KeyManagementServicePort", arena, &port, err)) {
        return false;
    }
    int64_t number = 0;
    bool has_port = port.text != NULL && text_to_int(port.text, &number) && number > 0 && number <= UINT16_MAX;
    *ret_host = name.text != NULL && name.text[0] != '\0' ? name.text : NULL;
    *ret_port = has_port ? number : 0;
    return true;
}

static const char *scope_of(struct arena *arena, const char *sku)
{
    return sku == NULL ? PLATFORM : arena_format(arena, PLATFORM "\\" LICENSING_WINDOWS_APPLICATION "\\%s", sku);
}

bool sim_licensing_products(void *backend, struct arena *arena, struct licensing_products *ret_products,
                            struct err *err)
{
    struct sim *sim = backend;
    if (!enter(sim, err)) {
        return false;
    }
    size_t count = sim->document.licensing.products.count;
    const struct product *products = sim->document.licensing.products.items;
    struct licensing_product *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = products[i].facts;
        if (!read_scope(sim, scope_of(arena, items[i].id), arena, &items[i].kms_host, &items[i].kms_port, err)) {
            return false;
        }
    }
    *ret_products = (struct licensing_products){.items = items, .count = count};
    return true;
}

bool sim_licensing_service(void *backend, struct arena *arena, struct licensing_service *ret_service, struct err *err)
{
    struct sim *sim = backend;
    struct licensing_service service = {.version = sim->document.licensing.version};
    struct registry_value domain = {0};
    if (!enter(sim, err) || !read_scope(sim, PLATFORM, arena, &service.kms_host, &service.kms_port, err) ||
        !sim_registry_look(sim, PLATFORM, "KeyManagementServiceLookupDomain", arena, &domain, err)) {
        return false;
    }
    service.lookup_domain = domain.text;
    *ret_service = service;
    return true;
}

static bool has_product(const struct sim *sim, const char *sku)
{
    const struct product *products = sim->document.licensing.products.items;
    for (size_t i = 0; i < sim->document.licensing.products.count; i++) {
        if (text_equal(products[i].facts.id, sku)) {
            return true;
        }
    }
    return false;
}

static bool put(struct sim *sim, const char *key, const char *name, const char *text, struct err *err)
{
    if (text == NULL) {
        return sim_registry_remove(sim, key, name, err);
    }
    struct registry_value value = registry_from_text(sim->arena, text);
    return sim_registry_store(sim, key, name, &value, err);
}

bool sim_licensing_set_kms(void *backend, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    struct sim *sim = backend;
    if (!enter(sim, err)) {
        return false;
    }
    if (sku != NULL && !has_product(sim, sku)) {
        return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
    }
    const char *key = scope_of(sim->arena, sku);
    const char *port_text = port == 0 ? NULL : arena_format(sim->arena, "%lld", (long long)port);
    return put(sim, key, "KeyManagementServiceName", kms_host, err) &&
           put(sim, key, "KeyManagementServicePort", port_text, err);
}
