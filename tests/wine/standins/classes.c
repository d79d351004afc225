/* SPDX-License-Identifier: MIT */
/*
 * SoftwareLicensingProduct and SoftwareLicensingService with the types their MOF has: uint32 comes as VT_I4, boolean as
 * VT_BOOL, string and datetime as VT_BSTR, null as VT_NULL.
 * Source: https://learn.microsoft.com/windows/win32/wmisdk/numbers and .../wmisdk/variants
 */
#include <stdlib.h>
#include <wchar.h>

#include "base/limits.h"
#include "wbem.h"

enum { CALL_BYTES = 1024 * 1024 };

/* --- values --- */

static VARIANT null_value(void)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = VT_NULL;
    return value;
}

static void add_text(struct wbem_object *object, const wchar_t *name, const char *text)
{
    wbem_object_add(object, name, text != NULL ? com_text(text) : null_value());
}

static void add_number(struct wbem_object *object, const wchar_t *name, int64_t number)
{
    VARIANT value = null_value();
    if (number >= 0) {
        V_VT(&value) = VT_I4;
        V_I4(&value) = (LONG)(uint32_t)number;
    }
    wbem_object_add(object, name, value);
}

static void add_flag(struct wbem_object *object, const wchar_t *name, bool flag)
{
    VARIANT value = null_value();
    V_VT(&value) = VT_BOOL;
    V_BOOL(&value) = flag ? VARIANT_TRUE : VARIANT_FALSE;
    wbem_object_add(object, name, value);
}

/* --- what the model says, as an HRESULT --- */

static HRESULT result_of(const struct err *err)
{
    if (err->code == ERR_TIMEOUT && err->os == 0) {
        return WBEM_S_TIMEDOUT;
    }
    return err->os != 0                 ? com_failure(err)
           : err->code == ERR_NOT_FOUND ? (HRESULT)WBEM_E_NOT_FOUND
                                        : (HRESULT)WBEM_E_FAILED;
}

/* --- instances --- */

static struct wbem_object *product_object(const struct licensing_product *product)
{
    struct wbem_object *object = wbem_object_make();
    add_text(object, L"ID", product->id);
    add_text(object, L"Name", product->name);
    add_text(object, L"ApplicationID",
             product->application != NULL ? product->application : LICENSING_WINDOWS_APPLICATION);
    add_text(object, L"Description", product->description);
    add_text(object, L"LicenseFamily", product->family);
    add_text(object, L"ProductKeyChannel", product->channel);
    add_text(object, L"PartialProductKey", product->partial_key);
    add_flag(object, L"LicenseIsAddon", product->is_addon);
    add_number(object, L"LicenseStatus", product->status);
    add_number(object, L"LicenseStatusReason", product->reason);
    add_number(object, L"GracePeriodRemaining", product->grace_minutes);
    add_number(object, L"ExtendedGrace", product->extended_minutes);
    /* claim: wmi.no-date */
    add_text(object, L"EvaluationEndDate", "16010101000000.000000-000");
    add_number(object, L"VLActivationType", product->activation_type);
    add_number(object, L"VLActivationTypeEnabled", product->activation_enabled);
    /* claim: wmi.effective-kms-host */
    add_text(object, L"KeyManagementServiceMachine", product->kms_host);
    add_number(object, L"KeyManagementServicePort", product->kms_port);
    add_text(object, L"DiscoveredKeyManagementServiceMachineName", product->discovered_host);
    add_number(object, L"DiscoveredKeyManagementServiceMachinePort", product->discovered_port);
    return object;
}

static HRESULT list_products(struct sim *sim, struct wbem_rows *rows)
{
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct licensing_products products = {0};
    if (!arena_open(&arena, CALL_BYTES, &err) || !sim_ops.licensing->products(sim, &arena, &products, &err)) {
        return result_of(&err);
    }
    for (size_t i = 0; i < products.count && i < COUNT_OF(rows->items); i++) {
        rows->items[rows->count++] = product_object(&products.items[i]);
    }
    return S_OK;
}

static HRESULT list_service(struct sim *sim, struct wbem_rows *rows)
{
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct licensing_service service = {0};
    if (!arena_open(&arena, CALL_BYTES, &err) || !sim_ops.licensing->service(sim, &arena, &service, &err)) {
        return result_of(&err);
    }
    struct wbem_object *object = wbem_object_make();
    add_text(object, L"Version", service.version);
    add_text(object, L"KeyManagementServiceMachine", service.kms_host);
    /* claim: wmi.service-port-reads-1688 */
    add_number(object, L"KeyManagementServicePort", service.kms_port);
    add_text(object, L"KeyManagementServiceLookupDomain", service.lookup_domain);
    rows->items[rows->count++] = object;
    return S_OK;
}

/* --- methods --- */

/* WMI sets the name and the port one after the other, the model both together: the other one stays as it is stored. */
static HRESULT set_one(struct sim *sim, const char *sku, bool is_port, const char *text, int64_t number)
{
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    const char *host = NULL;
    int64_t port = 0;
    if (!arena_open(&arena, CALL_BYTES, &err) ||
        !sim_licensing_scope(sim, sim_licensing_scope_key(&arena, sku), &arena, &host, &port, &err)) {
        return result_of(&err);
    }
    bool is_set = sim_ops.licensing->set_kms(sim, sku, is_port ? host : text, is_port ? number : port, &err);
    return is_set ? S_OK : result_of(&err);
}

/* text NULL: clear. */
static HRESULT set_machine(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    (void)number;
    return set_one(sim, sku, false, text, 0);
}

/* number 0: clear. */
static HRESULT set_port(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    (void)text;
    return set_one(sim, sku, true, NULL, number);
}

static HRESULT install_key(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    struct err err = {0};
    (void)sku;
    (void)number;
    return sim_ops.licensing->install_key(sim, text, &err) ? S_OK : result_of(&err);
}

static HRESULT install_license(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    struct err err = {0};
    (void)sku;
    (void)number;
    return sim_ops.licensing->install_license(sim, text, &err) ? S_OK : result_of(&err);
}

static HRESULT activate(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    struct err err = {0};
    (void)text;
    (void)number;
    return sim_ops.licensing->activate(sim, sku, LIMIT_ACTIVATE_MS, &err) ? S_OK : result_of(&err);
}

static HRESULT refresh(struct sim *sim, const char *sku, const char *text, uint32_t number)
{
    struct err err = {0};
    (void)sku;
    (void)text;
    (void)number;
    return sim_licensing_enter(sim, &err) ? S_OK : result_of(&err);
}

#define KMS_METHODS                                                                                                    \
    {L"SetKeyManagementServiceMachine", L"MachineName", VT_BSTR, set_machine},                                         \
        {L"ClearKeyManagementServiceMachine", NULL, VT_EMPTY, set_machine},                                            \
        {L"SetKeyManagementServicePort", L"PortNumber", VT_I4, set_port},                                              \
    {                                                                                                                  \
        L"ClearKeyManagementServicePort", NULL, VT_EMPTY, set_port                                                     \
    }

static const struct wbem_method product_methods[] = {
    KMS_METHODS,
    {L"Activate", NULL, VT_EMPTY, activate},
    {NULL, NULL, VT_EMPTY, NULL},
};

static const struct wbem_method service_methods[] = {
    KMS_METHODS,
    {L"InstallProductKey", L"ProductKey", VT_BSTR, install_key},
    {L"InstallLicense", L"License", VT_BSTR, install_license},
    {L"RefreshLicenseStatus", NULL, VT_EMPTY, refresh},
    {NULL, NULL, VT_EMPTY, NULL},
};

static const struct wbem_class classes[] = {
    {L"SoftwareLicensingProduct", L"ID", product_methods, list_products},
    {L"SoftwareLicensingService", L"Version", service_methods, list_service},
};

const struct wbem_class *wbem_class_find(const wchar_t *name)
{
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        if (_wcsicmp(classes[i].name, name) == 0) {
            return &classes[i];
        }
    }
    return NULL;
}

const struct wbem_method *wbem_method_find(const struct wbem_class *class, const wchar_t *name)
{
    for (const struct wbem_method *method = class->methods; method->name != NULL; method++) {
        if (_wcsicmp(method->name, name) == 0) {
            return method;
        }
    }
    return NULL;
}
