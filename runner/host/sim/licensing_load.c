/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/sim/licensing.h"

#define PRODUCT_TEXT(name, member, bits, text) TEXT_FIELD(name, struct sim_product, member, bits, 0, 0, text)
#define PRODUCT_NUMBER(name, member, least, most, text)                                                                \
    INT_FIELD(name, struct sim_product, member, 0, least, most, text)

static const struct field product_items[] = {
    PRODUCT_TEXT("id", facts.id, FIELD_REQUIRED, "SKU id, lower case"),
    PRODUCT_TEXT("name", facts.name, 0, "Name"),
    PRODUCT_TEXT("application", facts.application, 0, "ApplicationID; left out: Windows"),
    PRODUCT_TEXT("description", facts.description, 0, "carries the channel token"),
    PRODUCT_TEXT("family", facts.family, 0, "LicenseFamily"),
    PRODUCT_TEXT("channel", facts.channel, 0, "ProductKeyChannel"),
    PRODUCT_TEXT("partialKey", facts.partial_key, 0, "last five of the key"),
    BOOL_FIELD("addon", struct sim_product, facts.is_addon, 0, "LicenseIsAddon"),
    PRODUCT_NUMBER("status", facts.status, 0, 6, "LicenseStatus"),
    PRODUCT_TEXT("reason", reason, 0, "LicenseStatusReason, like 0x4004F040"),
    PRODUCT_NUMBER("graceMinutes", facts.grace_minutes, 0, UINT32_MAX, "GracePeriodRemaining"),
    PRODUCT_NUMBER("extendedGraceMinutes", facts.extended_minutes, 0, UINT32_MAX, "ExtendedGrace"),
    PRODUCT_NUMBER("activationType", facts.activation_type, -1, 3, "VLActivationType; -1 or left out: not told"),
    PRODUCT_NUMBER("activationEnabled", facts.activation_enabled, -1, 3,
                   "VLActivationTypeEnabled; -1 or left out: not told"),
    PRODUCT_TEXT("discoveredHost", facts.discovered_host, 0, "DiscoveredKeyManagementServiceMachineName"),
    PRODUCT_NUMBER("discoveredPort", facts.discovered_port, 0, UINT32_MAX, "DiscoveredKeyManagementServiceMachinePort"),
    PRODUCT_TEXT("kmsHost", facts.kms_host, 0, "KeyManagementServiceMachine, as recorded"),
    PRODUCT_NUMBER("kmsPort", facts.kms_port, 0, UINT32_MAX, "KeyManagementServicePort, as recorded"),
};
const struct fields sim_product_fields = FIELDS_KEEPING("licensingProduct", struct sim_product, json, product_items,
                                                        "a SoftwareLicensingProduct with a partial key");

#define KEY_TEXT(name, member, bits, text) TEXT_FIELD(name, struct sim_key, member, bits, 0, 0, text)
static const struct field key_items[] = {
    KEY_TEXT("key", key, FIELD_REQUIRED, "the whole product key"),
    KEY_TEXT("id", id, FIELD_REQUIRED, "SKU id of the product it becomes"),
    KEY_TEXT("description", description, FIELD_REQUIRED, "carries the channel token"),
    KEY_TEXT("family", family, 0, "LicenseFamily"),
    KEY_TEXT("channel", channel, 0, "ProductKeyChannel"),
};
const struct fields sim_key_fields =
    FIELDS("licensingKey", struct sim_key, key_items, "a product key that this machine takes");

static const struct field licensing_items[] = {
    TEXT_FIELD("version", struct sim_licensing, version, 0, 0, 0, "SoftwareLicensingService.Version"),
    TEXT_FIELD("kmsHost", struct sim_licensing, told_host, 0, 0, 0, "KeyManagementServiceMachine, as recorded"),
    INT_FIELD("kmsPort", struct sim_licensing, told_port, 0, 0, UINT32_MAX, "KeyManagementServicePort, as recorded"),
    TEXT_FIELD("lookupDomain", struct sim_licensing, told_domain, 0, 0, 0,
               "KeyManagementServiceLookupDomain, as recorded"),
    LIST_FIELD("products", struct sim_licensing, products, 0, 0, 0, &sim_product_fields,
               "those that have a partial key"),
    LIST_FIELD("keys", struct sim_licensing, keys, 0, 0, 0, &sim_key_fields, "keys it takes; all others do not fit"),
    OBJECT_FIELD("store", struct sim_licensing, store, struct sim_store, 0, &sim_store_fields,
                 "the files of the licensing service; left out: sound"),
    JSON_FIELD(
        "kmsServes", struct sim_licensing, serves_json, 0, "kmsServes",
        "does a KMS serve where this machine comes from: true (or left out), false, or a list of true, false and "
        "codes, one an Activate that reaches a KMS"),
    INT_FIELD("activateMs", struct sim_licensing, activate_ms, 0, 0, INT32_MAX,
              "virtual time that Activate takes besides the network's"),
    INT_FIELD("answerMs", struct sim_licensing, answer_ms, 0, 0, INT32_MAX,
              "virtual time that every call takes; one that takes longer than it may is abandoned"),
    TEXT_FIELD("nameError", struct sim_licensing, name_error, 0, 0, 0,
               "setting the name of a KMS host ends with this HRESULT, behind the port that was set"),
    TEXT_FIELD("error", struct sim_licensing, error, 0, 0, 0, "every call ends with this HRESULT"),
};
static const struct fields sim_licensing_fields =
    FIELDS_KEEPING("licensing", struct sim_licensing, json, licensing_items, "the licensing provider");

/* --- loading --- */

static bool load_product(const struct sim *sim, struct sim_product *product, struct err *err)
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

static bool load_products(struct sim *sim, struct err *err)
{
    struct field_list *list = &sim->document.licensing.products;
    struct sim_product *products = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (!load_product(sim, &products[i], err)) {
            return false;
        }
    }
    return true;
}

static bool load_service_word(const struct sim *sim, const struct json *json, uint32_t *ret_code, struct err *err)
{
    if (json->type == JSON_BOOL) {
        *ret_code = json->as.boolean ? 0 : (uint32_t)SL_NO_KMS;
        return true;
    }
    bool is_code = json->type == JSON_TEXT && sim_hex_code(json->as.text, ret_code) && *ret_code != 0;
    return is_code || json_refuse(json, sim->file, err, "expected true, false or a code like 0xC004F074");
}

static bool load_serves(struct sim *sim, struct err *err)
{
    struct sim_licensing *licensing = &sim->document.licensing;
    const struct json *json = licensing->serves_json;
    bool is_list = json != NULL && json->type == JSON_ARRAY;
    size_t count = is_list ? json->count : 1;
    uint32_t *codes = arena_array(sim->arena, count, sizeof *codes);
    if (is_list && count == 0) {
        return json_refuse(json, sim->file, err, "expected at least one answer");
    }
    for (size_t i = 0; json != NULL && i < count; i++) {
        if (!load_service_word(sim, is_list ? &json->as.items[i] : json, &codes[i], err)) {
            return false;
        }
    }
    licensing->serves = codes;
    licensing->serves_count = count;
    return true;
}

static bool load_failure(const struct sim *sim, const struct json *json, const char *text, uint32_t *ret_code,
                         struct err *err)
{
    bool is_code = json == NULL || (sim_hex_code(text, ret_code) && *ret_code != 0);
    return is_code || json_refuse(json, sim->file, err, "expected a failure code like 0x80041010");
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_licensing *licensing = &sim->document.licensing;
    licensing->told_port = json_find(json, "kmsPort") != NULL ? licensing->told_port : -1;
    return load_failure(sim, json_find(json, "error"), licensing->error, &licensing->error_code, err) &&
           load_failure(sim, json_find(json, "nameError"), licensing->name_error, &licensing->name_code, err) &&
           load_products(sim, err) && sim_store_load(sim, err) && load_serves(sim, err);
}

static void tell_products(struct writer *writer, const struct licensing_products *products, struct arena *arena)
{
    writer_name(writer, "products");
    writer_open_array(writer);
    for (size_t i = 0; i < products->count; i++) {
        const struct licensing_product *facts = &products->items[i];
        struct sim_product product = {.facts = *facts,
                                      .reason = arena_format(arena, "0x%08X", (unsigned)facts->reason)};
        sim_write_struct(writer, &sim_product_fields, &product, NULL);
    }
    writer_close_array(writer);
}

void sim_tell_licensing(struct writer *writer, const struct licensing_products *products,
                        const struct licensing_service *service, struct arena *arena)
{
    writer_open_object(writer);
    if (service != NULL) {
        const char *const texts[][2] = {
            {"version", service->version}, {"kmsHost", service->kms_host}, {"lookupDomain", service->lookup_domain}};
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            if (texts[i][1] != NULL) {
                writer_named_text(writer, texts[i][0], texts[i][1]);
            }
        }
        writer_named_int(writer, "kmsPort", service->kms_port);
    }
    if (products != NULL) {
        tell_products(writer, products, arena);
    }
    writer_close_object(writer);
}

/* --- saving --- */

static void write_products(const struct sim *sim, struct writer *writer)
{
    const struct field_list *list = &sim->document.licensing.products;
    const struct sim_product *products = list->items;
    if (list->count == 0 && json_find(sim->document.licensing.json, "products") == NULL) {
        return;
    }
    writer_name(writer, "products");
    writer_open_array(writer);
    for (size_t i = 0; i < list->count; i++) {
        if (products[i].is_changed) {
            sim_write_struct(writer, &sim_product_fields, &products[i], products[i].json);
        } else {
            sim_write_object(writer, &sim_product_fields, products[i].json, sim->arena);
        }
    }
    writer_close_array(writer);
}

static void write_store(const struct sim *sim, struct writer *writer)
{
    const struct sim_store *store = &sim->document.licensing.store;
    if (store->damaged != NULL || store->lacks > 0) {
        writer_name(writer, "store");
        sim_write_struct(writer, &sim_store_fields, store, NULL);
    }
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    const struct json *json = sim->document.licensing.json;
    writer_open_object(writer);
    for (size_t i = 0; i < sim_licensing_fields.count; i++) {
        const struct field *field = &sim_licensing_fields.items[i];
        if (strcmp(field->name, "products") == 0) {
            write_products(sim, writer);
        } else if (strcmp(field->name, "store") == 0) {
            write_store(sim, writer);
        } else {
            sim_write_member(writer, field, json, sim->arena);
        }
    }
    writer_close_object(writer);
}

const struct sim_section sim_licensing_section = {
    .field = SIM_OBJECT("licensing", licensing, struct sim_licensing, &sim_licensing_fields, "the licensing provider"),
    .load = load_section,
    .write = write_section,
};

struct sim_product *sim_licensing_find(const struct sim *sim, const char *sku)
{
    struct sim_product *products = sim->document.licensing.products.items;
    for (size_t i = 0; i < sim->document.licensing.products.count; i++) {
        if (text_equal(products[i].facts.id, sku)) {
            return &products[i];
        }
    }
    return NULL;
}
