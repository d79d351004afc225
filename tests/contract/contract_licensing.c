/* SPDX-License-Identifier: MIT */
/*
 * The licensing provider and the event log, as machine.json has them. Under Wine stand-ins serve that document, so that
 * these rows show what azmend's own side of COM and wevtapi does, not what Windows does. In this order: a key and an
 * activation are not given back.
 */
#include <string.h>

#include "base/text.h"
#include "contract.h"

#define PLATFORM "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform"
#define SKU "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define ADDON "11111111-2222-3333-4444-555555555555"
#define OFFICE_SKU "d450596f-894d-49e0-966a-fd39ed4c4c64"
#define NEW_SKU "aaaaaaaa-2222-3333-4444-555555555555"
#define NOBODY "00000000-0000-0000-0000-000000000000"
#define KMS "kms.contract.example"

enum { PORT = 1688, ACTIVATE_MS = 60 * 1000, LICENSE_BYTES = 300 * 1000 };

static const struct licensing_product *product_of(struct contract *contract, const char *sku)
{
    struct licensing_products products = {0};
    if (!contract->ops->licensing->products(contract->backend, contract->arena, &products, &contract->err)) {
        return NULL;
    }
    for (size_t i = 0; i < products.count; i++) {
        if (text_equal(products.items[i].id, sku)) {
            return &products.items[i];
        }
    }
    return NULL;
}

static struct licensing_service service_of(struct contract *contract)
{
    struct licensing_service service = {0};
    EXPECT(contract, contract->ops->licensing->service(contract->backend, contract->arena, &service, &contract->err));
    return service;
}

static bool set_kms(struct contract *contract, const char *sku, const char *kms_host, int64_t port)
{
    return contract->ops->licensing->set_kms(contract->backend, sku, kms_host, port, &contract->err);
}

static const char *registry_text(struct contract *contract, const char *key, const char *name)
{
    struct registry_value value = {0};
    EXPECT(contract,
           contract->ops->registry->query(contract->backend, key, name, contract->arena, &value, &contract->err));
    return value.text;
}

static bool activate(struct contract *contract, const char *sku, int64_t timeout_ms)
{
    return contract->ops->licensing->activate(contract->backend, sku, timeout_ms, &contract->err);
}

static void products(struct contract *contract)
{
    const struct licensing_product *product = product_of(contract, SKU);
    const struct licensing_product *addon = product_of(contract, ADDON);
    EXPECT(contract, product != NULL && addon != NULL);
    if (product == NULL || addon == NULL) {
        return;
    }
    EXPECT(contract, text_same(product->id, SKU) && text_same(product->partial_key, "6VM33"));
    EXPECT(contract, text_contains(product->description, "VOLUME_KMSCLIENT"));
    EXPECT(contract, text_same(product->family, "ServerDatacenter") && text_same(product->channel, "Volume:GVLK"));
    EXPECT(contract, product->status == 1 && product->reason == 0x4004F040U && product->grace_minutes == 250000);
    EXPECT(contract, product->activation_type == 2 && product->activation_enabled == 0 && !product->is_addon);
    EXPECT(contract, product->kms_host == NULL && product->kms_port == PORT && product->discovered_host == NULL);
    EXPECT(contract, addon->is_addon && addon->family == NULL && addon->reason == 0xC004F034U);
    EXPECT(contract, addon->activation_type == -1 && addon->activation_enabled == -1);
}

/* Office's products are told with their application, so that nobody takes them for Windows'. */
static void other_application(struct contract *contract)
{
    const struct licensing_product *windows = product_of(contract, SKU);
    const struct licensing_product *office = product_of(contract, OFFICE_SKU);
    EXPECT(contract, windows != NULL && licensing_is_windows(windows));
    EXPECT(contract, office != NULL && !licensing_is_windows(office));
    EXPECT(contract, office != NULL && text_same(office->application, "0ff1ce15-a989-479d-af46-f275c6370663"));
    EXPECT(contract, office != NULL && text_contains(office->name, "ProPlusVL_KMS_Client"));
}

static void service(struct contract *contract)
{
    struct licensing_service service = service_of(contract);
    EXPECT(contract, text_same(service.version, "10.0.20348.1"));
    EXPECT(contract, service.kms_host == NULL && service.kms_port == PORT && service.lookup_domain == NULL);
}

static void root_target(struct contract *contract)
{
    EXPECT(contract, set_kms(contract, NULL, KMS, PORT));
    struct licensing_service service = service_of(contract);
    EXPECT(contract, text_same(service.kms_host, KMS) && service.kms_port == PORT);
    EXPECT(contract, text_same(registry_text(contract, PLATFORM, "KeyManagementServiceName"), KMS));
    EXPECT(contract, text_same(registry_text(contract, PLATFORM, "KeyManagementServicePort"), "1688"));
    EXPECT(contract, set_kms(contract, NULL, KMS, 0));
    service = service_of(contract);
    EXPECT(contract, text_same(service.kms_host, KMS) && service.kms_port == PORT);
    EXPECT(contract, registry_text(contract, PLATFORM, "KeyManagementServicePort") == NULL);
    const struct licensing_product *product = product_of(contract, SKU);
    EXPECT(contract, product != NULL && text_same(product->kms_host, KMS) && product->kms_port == PORT);
    EXPECT(contract, set_kms(contract, NULL, NULL, 0));
    EXPECT(contract, service_of(contract).kms_host == NULL);
    EXPECT(contract, registry_text(contract, PLATFORM, "KeyManagementServiceName") == NULL);
}

static void product_target(struct contract *contract)
{
    EXPECT(contract, set_kms(contract, SKU, KMS, 1689));
    const struct licensing_product *product = product_of(contract, SKU);
    EXPECT(contract, product != NULL && text_same(product->kms_host, KMS) && product->kms_port == 1689);
    EXPECT(contract, service_of(contract).kms_host == NULL);
    EXPECT(contract, text_same(registry_text(contract, PLATFORM "\\" LICENSING_WINDOWS_APPLICATION "\\" SKU,
                                             "KeyManagementServicePort"),
                               "1689"));
    EXPECT(contract, set_kms(contract, SKU, NULL, 0));
    product = product_of(contract, SKU);
    EXPECT(contract, product != NULL && product->kms_host == NULL && product->kms_port == PORT);
}

static void no_product(struct contract *contract)
{
    EXPECT(contract, !set_kms(contract, NOBODY, KMS, PORT) && contract->err.code == ERR_NOT_FOUND);
    EXPECT(contract, !activate(contract, NOBODY, ACTIVATE_MS) && contract->err.code == ERR_NOT_FOUND);
}

static void wrong_key(struct contract *contract)
{
    bool done =
        contract->ops->licensing->install_key(contract->backend, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", &contract->err);
    EXPECT(contract, !done && contract->err.os == 0xC004F069U && contract->err.code == ERR_IO);
    EXPECT(contract, product_of(contract, SKU) != NULL);
}

static void right_key(struct contract *contract)
{
    EXPECT(contract,
           contract->ops->licensing->install_key(contract->backend, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", &contract->err));
    const struct licensing_product *product = product_of(contract, NEW_SKU);
    EXPECT(contract, product != NULL && text_same(product->partial_key, "EEEEE") && product->status == 5);
    EXPECT(contract, product_of(contract, SKU) == NULL && product_of(contract, ADDON) != NULL);
}

/* The KMS refuses the first request and serves the second. */
static void activation(struct contract *contract)
{
    EXPECT(contract, set_kms(contract, NULL, KMS, PORT));
    EXPECT(contract, !activate(contract, NEW_SKU, ACTIVATE_MS) && contract->err.os == 0xC004F042U);
    EXPECT(contract, activate(contract, NEW_SKU, ACTIVATE_MS));
    const struct licensing_product *product = product_of(contract, NEW_SKU);
    EXPECT(contract, product != NULL && product->status == 1 && product->grace_minutes > 0);
    EXPECT(contract, set_kms(contract, NULL, NULL, 0));
}

/* Longer than any line of a request, and not ASCII. */
static void license_file(struct contract *contract)
{
    static const unsigned char letter[] = {0xE3, 0x83, 0xA9};
    char *license = arena_alloc(contract->arena, LICENSE_BYTES + 1);
    memset(license, 'x', LICENSE_BYTES);
    memcpy(license, letter, sizeof(letter));
    EXPECT(contract, contract->ops->licensing->install_license(contract->backend, license, &contract->err));
}

/* Nobody waits for it any more; it may still happen. */
static void overdue(struct contract *contract)
{
    EXPECT(contract, set_kms(contract, NULL, KMS, PORT));
    EXPECT(contract, !activate(contract, NEW_SKU, 1) && contract->err.code == ERR_TIMEOUT);
    EXPECT(contract, set_kms(contract, NULL, NULL, 0));
}

const struct contract_row contract_licensing[] = {
    {"licensing: products", products},
    {"licensing: products of other applications", other_application},
    {"licensing: service", service},
    {"licensing: KMS of the service", root_target},
    {"licensing: KMS of a product", product_target},
    {"licensing: no such product", no_product},
    {"licensing: a key that does not fit", wrong_key},
    {"licensing: a key that fits", right_key},
    {"licensing: refused, then activated", activation},
    {"licensing: a long licence file", license_file},
    {"licensing: an overdue activation is abandoned", overdue},
    {NULL, NULL},
};
