/* SPDX-License-Identifier: MIT */
#include "host/nouns/licensing/licensing.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/windows/wmi.h"

#define PRODUCT_CLASS L"SoftwareLicensingProduct"
#define SERVICE_CLASS L"SoftwareLicensingService"
/* Unfiltered, the provider walks hundreds of licences that have no key. Office's products are in the same store. */
#define WITH_KEY L"PartialProductKey <> NULL"

enum product_column {
    PRODUCT_ID,
    PRODUCT_NAME,
    PRODUCT_APPLICATION,
    PRODUCT_DESCRIPTION,
    PRODUCT_FAMILY,
    PRODUCT_CHANNEL,
    PRODUCT_PARTIAL_KEY,
    PRODUCT_IS_ADDON,
    PRODUCT_STATUS,
    PRODUCT_REASON,
    PRODUCT_GRACE,
    PRODUCT_EXTENDED_GRACE,
    PRODUCT_TYPE,
    PRODUCT_TYPE_ENABLED,
    PRODUCT_KMS_HOST,
    PRODUCT_KMS_PORT,
    PRODUCT_DISCOVERED,
    PRODUCT_DISCOVERED_PORT,
    PRODUCT_COLUMNS
};

static const wchar_t *const product_columns[] = {
    [PRODUCT_ID] = L"ID",
    [PRODUCT_NAME] = L"Name",
    [PRODUCT_APPLICATION] = L"ApplicationID",
    [PRODUCT_DESCRIPTION] = L"Description",
    [PRODUCT_FAMILY] = L"LicenseFamily",
    [PRODUCT_CHANNEL] = L"ProductKeyChannel",
    [PRODUCT_PARTIAL_KEY] = L"PartialProductKey",
    [PRODUCT_IS_ADDON] = L"LicenseIsAddon",
    [PRODUCT_STATUS] = L"LicenseStatus",
    [PRODUCT_REASON] = L"LicenseStatusReason",
    [PRODUCT_GRACE] = L"GracePeriodRemaining",
    [PRODUCT_EXTENDED_GRACE] = L"ExtendedGrace",
    [PRODUCT_TYPE] = L"VLActivationType",
    [PRODUCT_TYPE_ENABLED] = L"VLActivationTypeEnabled",
    [PRODUCT_KMS_HOST] = L"KeyManagementServiceMachine",
    [PRODUCT_KMS_PORT] = L"KeyManagementServicePort",
    [PRODUCT_DISCOVERED] = L"DiscoveredKeyManagementServiceMachineName",
    [PRODUCT_DISCOVERED_PORT] = L"DiscoveredKeyManagementServiceMachinePort",
    [PRODUCT_COLUMNS] = NULL,
};
_Static_assert(COUNT_OF(product_columns) - 1 <= WMI_COLUMNS_MOST, "too many columns");

enum service_column { SERVICE_VERSION, SERVICE_KMS_HOST, SERVICE_KMS_PORT, SERVICE_LOOKUP_DOMAIN, SERVICE_COLUMNS };

static const wchar_t *const service_columns[] = {
    [SERVICE_VERSION] = L"Version",
    [SERVICE_KMS_HOST] = L"KeyManagementServiceMachine",
    [SERVICE_KMS_PORT] = L"KeyManagementServicePort",
    [SERVICE_LOOKUP_DOMAIN] = L"KeyManagementServiceLookupDomain",
    [SERVICE_COLUMNS] = NULL,
};

/* A null and an empty text mean the same to the provider: unset. */
static const char *set_text(const struct wmi_answer *answer, size_t row, size_t column, struct arena *arena)
{
    const char *text = wmi_text(answer, row, column, arena);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Lower case, without braces. */
static const char *plain_id(struct arena *arena, const char *id)
{
    size_t size = id != NULL ? strlen(id) : 0;
    bool has_braces = size > 1 && id[0] == '{' && id[size - 1] == '}';
    char *plain = arena_copy(arena, has_braces ? id + 1 : id, has_braces ? size - 2 : size);
    for (char *at = plain; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    }
    return plain;
}

/* NULL: the property could not be read, and what is asked for is Windows'. */
static const char *plain_application(const struct wmi_answer *answer, size_t row, struct arena *arena)
{
    const char *id = set_text(answer, row, PRODUCT_APPLICATION, arena);
    return id != NULL ? plain_id(arena, id) : NULL;
}

static struct licensing_product read_product(const struct wmi_answer *answer, size_t row, struct arena *arena)
{
    return (struct licensing_product){
        .id = plain_id(arena, wmi_text(answer, row, PRODUCT_ID, arena)),
        .name = set_text(answer, row, PRODUCT_NAME, arena),
        .application = plain_application(answer, row, arena),
        .description = wmi_text(answer, row, PRODUCT_DESCRIPTION, arena),
        .family = wmi_text(answer, row, PRODUCT_FAMILY, arena),
        .channel = wmi_text(answer, row, PRODUCT_CHANNEL, arena),
        .partial_key = wmi_text(answer, row, PRODUCT_PARTIAL_KEY, arena),
        .is_addon = wmi_bool(answer, row, PRODUCT_IS_ADDON),
        .status = wmi_number(answer, row, PRODUCT_STATUS, 0),
        .reason = (uint32_t)wmi_number(answer, row, PRODUCT_REASON, 0),
        .grace_minutes = wmi_number(answer, row, PRODUCT_GRACE, 0),
        .extended_minutes = wmi_number(answer, row, PRODUCT_EXTENDED_GRACE, 0),
        .activation_type = wmi_number(answer, row, PRODUCT_TYPE, -1),
        .activation_enabled = wmi_number(answer, row, PRODUCT_TYPE_ENABLED, -1),
        .kms_host = set_text(answer, row, PRODUCT_KMS_HOST, arena),
        .kms_port = wmi_number(answer, row, PRODUCT_KMS_PORT, 0),
        .discovered_host = set_text(answer, row, PRODUCT_DISCOVERED, arena),
        .discovered_port = wmi_number(answer, row, PRODUCT_DISCOVERED_PORT, 0),
    };
}

/* claim: licensing.query-takes-long */
static bool list_products(void *backend, struct arena *arena, struct licensing_products *ret_products, struct err *err)
{
    static const struct wmi_request request = {.class = PRODUCT_CLASS, .columns = product_columns, .where = WITH_KEY};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    if (!wmi_run(&request, windows_wait_ms(backend, LIMIT_LICENSING_MS), &answer, err)) {
        return false;
    }
    size_t count = wmi_rows(answer);
    struct licensing_product *products = arena_array(arena, count, sizeof *products);
    for (size_t i = 0; i < count; i++) {
        products[i] = read_product(answer, i, arena);
    }
    *ret_products = (struct licensing_products){.items = products, .count = count};
    return true;
}

static bool query_service(void *backend, struct arena *arena, struct licensing_service *ret_service, struct err *err)
{
    static const struct wmi_request request = {.class = SERVICE_CLASS, .columns = service_columns};
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    if (!wmi_run(&request, windows_wait_ms(backend, LIMIT_LICENSING_MS), &answer, err)) {
        return false;
    }
    if (wmi_rows(answer) == 0) {
        return err_set(err, ERR_UNSUPPORTED, 0, "the licensing provider has no service object");
    }
    *ret_service = (struct licensing_service){
        .version = wmi_text(answer, 0, SERVICE_VERSION, arena),
        .kms_host = set_text(answer, 0, SERVICE_KMS_HOST, arena),
        .kms_port = wmi_number(answer, 0, SERVICE_KMS_PORT, 0),
        .lookup_domain = set_text(answer, 0, SERVICE_LOOKUP_DOMAIN, arena),
    };
    return true;
}

/* The object that a scope is set on: a product by its id, or the service. */
static bool aim(const char *sku, struct wmi_request *ret_request, struct err *err)
{
    static const wchar_t *const product[] = {L"ID", NULL}, *const service[] = {L"Version", NULL};
    if (sku == NULL) {
        *ret_request = (struct wmi_request){.class = SERVICE_CLASS, .columns = service};
        return true;
    }
    if (!licensing_is_product(sku)) {
        return err_set(err, ERR_INVALID, 0, "%s is no product id", sku);
    }
    *ret_request = (struct wmi_request){.class = PRODUCT_CLASS, .columns = product};
    (void)swprintf(ret_request->where, WMI_TEXT_UNITS, L"ID = '%hs'", sku);
    return true;
}

/* At most most_ms, and not past the run's deadline. */
static bool call(const void *backend, const struct wmi_request *request, int64_t most_ms, struct err *err)
{
    struct wmi_answer *answer AUTO(wmi_drop) = NULL;
    return wmi_run(request, windows_wait_ms(backend, most_ms), &answer, err);
}

/* A method with one text. The worker has its own copy. */
static bool call_with_text(const void *backend, struct wmi_request request, const char *text, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_open(text, &wide, err)) {
        return false;
    }
    request.text = wide;
    return call(backend, &request, LIMIT_LICENSING_MS, err);
}

static bool set_host(const void *backend, struct wmi_request request, const char *kms_host, struct err *err)
{
    if (kms_host == NULL) {
        request.method = L"ClearKeyManagementServiceMachine";
        return call(backend, &request, LIMIT_LICENSING_MS, err);
    }
    if (!text_is_ascii(kms_host)) {
        return err_set(err, ERR_INVALID, 0, "%.64s is no KMS name", kms_host);
    }
    request.method = L"SetKeyManagementServiceMachine";
    request.parameter = L"MachineName";
    return call_with_text(backend, request, kms_host, err);
}

static bool set_port(const void *backend, struct wmi_request request, int64_t port, struct err *err)
{
    if (port < 0 || port > UINT16_MAX) {
        return err_set(err, ERR_INVALID, 0, "%lld is no port", (long long)port);
    }
    request.method = port != 0 ? L"SetKeyManagementServicePort" : L"ClearKeyManagementServicePort";
    request.parameter = port != 0 ? L"PortNumber" : NULL;
    request.number = (uint32_t)port;
    return call(backend, &request, LIMIT_LICENSING_MS, err);
}

/* Two calls that the provider does not join: when the second fails, the journal knows the state before both. */
static bool set_kms(void *backend, const char *sku, const char *kms_host, int64_t port, struct err *err)
{
    struct wmi_request request;
    /* Two calls; the name last: cut off in between, the next look still finds what is wrong. */
    return aim(sku, &request, err) && set_port(backend, request, port, err) &&
           set_host(backend, request, kms_host, err);
}

/*
 * The service plans when to stop and to start again by the licences it last read. What this comes to says nothing
 * about the change already made; the next look asks anew.
 */
static void refresh(const void *backend, int64_t timeout_ms)
{
    struct wmi_request request;
    struct err err = {0};
    if (timeout_ms > 0 && aim(NULL, &request, &err)) {
        request.method = L"RefreshLicenseStatus";
        (void)(call(backend, &request, timeout_ms, &err) || err.code != ERR_NONE);
    }
}

static bool install_key(void *backend, const char *key, struct err *err)
{
    struct wmi_request request;
    if (!aim(NULL, &request, err)) {
        return false;
    }
    request.method = L"InstallProductKey";
    request.parameter = L"ProductKey";
    if (!call_with_text(backend, request, key, err)) {
        return false;
    }
    refresh(backend, LIMIT_LICENSING_MS);
    return true;
}

static bool activate(void *backend, const char *sku, int64_t timeout_ms, struct err *err)
{
    struct wmi_request request;
    int64_t deadline_ms = port_now_ms() + timeout_ms;
    if (!aim(sku, &request, err)) {
        return false;
    }
    request.method = L"Activate";
    if (!call(backend, &request, timeout_ms, err)) {
        return false;
    }
    refresh(backend, deadline_ms - port_now_ms());
    return true;
}

static bool install_license(void *backend, const char *license, struct err *err)
{
    struct wmi_request request;
    if (!aim(NULL, &request, err)) {
        return false;
    }
    request.method = L"InstallLicense";
    request.parameter = L"License";
    return call_with_text(backend, request, license, err);
}

const struct licensing_ops windows_licensing_ops = {
    .products = list_products,
    .service = query_service,
    .set_kms = set_kms,
    .install_key = install_key,
    .activate = activate,
    .install_license = install_license,
};
