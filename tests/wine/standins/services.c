/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <wchar.h>

#include "wbem.h"

struct services {
    struct com com;
    IWbemServices *real; /* Wine's own */
};

static void drop_services(struct com *com)
{
    (void)IWbemServices_Release(((struct services *)com)->real);
}

static IWbemServices *real_of(IWbemServices *services)
{
    return ((struct services *)services)->real;
}

static HRESULT STDMETHODCALLTYPE exec_query(IWbemServices *this, const BSTR language, const BSTR text, LONG flags,
                                            IWbemContext *context, IEnumWbemClassObject **ret_found)
{
    struct wbem_query query;
    struct wbem_rows rows = {.count = 0};
    must(_wcsicmp(language, L"WQL") == 0 && context == NULL);
    must(flags == (WBEM_FLAG_RETURN_IMMEDIATELY | WBEM_FLAG_FORWARD_ONLY));
    if (wbem_is_forwarded(text)) {
        return IWbemServices_ExecQuery(real_of(this), language, text, flags, context, ret_found);
    }
    HRESULT result = wbem_query_parse(text, &query);
    struct sim *sim = SUCCEEDED(result) ? machine_enter() : NULL;
    if (sim != NULL) {
        result = query.class->list(sim, &rows);
        result = FAILED(result) ? result : wbem_query_apply(&query, &rows);
        machine_leave(sim);
    } else if (SUCCEEDED(result)) {
        result = (HRESULT)WBEM_E_PROVIDER_LOAD_FAILURE;
    }
    *ret_found = wbem_enumerate(&rows, result);
    return WBEM_S_NO_ERROR;
}

/* The properties of a class are those of its instances. */
static void take_properties(const struct wbem_class *class, struct wbem_object *definition)
{
    struct wbem_rows rows = {.count = 0};
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return;
    }
    (void)class->list(sim, &rows);
    machine_leave(sim);
    for (size_t i = 0; rows.count > 0 && i < rows.items[0]->count; i++) {
        wbem_object_add(definition, rows.items[0]->properties[i].name, (VARIANT){.vt = VT_NULL});
    }
    wbem_rows_clear(&rows);
}

/* The definition of a class. */
static HRESULT STDMETHODCALLTYPE get_object(IWbemServices *this, const BSTR path, LONG flags, IWbemContext *context,
                                            IWbemClassObject **ret_object, IWbemCallResult **ret_call)
{
    must(flags == 0 && context == NULL && ret_call == NULL);
    if (wbem_is_forwarded(path)) {
        return IWbemServices_GetObject(real_of(this), path, flags, context, ret_object, ret_call);
    }
    const struct wbem_class *class = wbem_class_find(path);
    if (class == NULL) {
        return (HRESULT)WBEM_E_NOT_FOUND;
    }
    struct wbem_object *object = wbem_object_make();
    object->class = class;
    take_properties(class, object);
    *ret_object = (IWbemClassObject *)object;
    return S_OK;
}

/* `Class.Key="value"` */
struct address {
    const struct wbem_class *class;
    wchar_t key[WBEM_VALUE_UNITS];
};

static bool read_path(const wchar_t *path, struct address *ret_address)
{
    wchar_t class[WBEM_NAME_UNITS], key[WBEM_NAME_UNITS];
    int used = 0;
    if (swscanf(path, L"%63l[^.].%63l[^=]=\"%255l[^\"]\"%n", class, key, ret_address->key, &used) != 3 ||
        (size_t)used != wcslen(path)) {
        return false;
    }
    ret_address->class = wbem_class_find(class);
    return ret_address->class != NULL && _wcsicmp(ret_address->class->key, key) == 0;
}

static bool is_there(struct sim *sim, const struct address *address)
{
    struct wbem_rows rows = {.count = 0};
    bool found = false;
    (void)address->class->list(sim, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        const wchar_t *key = wbem_object_text(rows.items[i], address->class->key);
        found = found || (key != NULL && _wcsicmp(key, address->key) == 0);
    }
    wbem_rows_clear(&rows);
    return found;
}

static HRESULT run_method(struct sim *sim, const struct address *address, const struct wbem_method *method,
                          struct wbem_object *parameters)
{
    const struct wbem_property *given =
        parameters != NULL && method->parameter != NULL ? wbem_object_find(parameters, method->parameter) : NULL;
    if ((method->parameter != NULL) != (given != NULL)) {
        return (HRESULT)WBEM_E_INVALID_METHOD_PARAMETERS;
    }
    if (!is_there(sim, address)) {
        return (HRESULT)WBEM_E_NOT_FOUND;
    }
    bool is_product = _wcsicmp(address->class->key, L"ID") == 0;
    bool is_text = given != NULL && V_VT(&given->value) == VT_BSTR;
    char *sku = is_product ? standin_narrow(address->key) : NULL;
    char *text = is_text ? standin_narrow(V_BSTR(&given->value)) : NULL;
    HRESULT result = method->run(sim, sku, text, given != NULL && !is_text ? (uint32_t)V_I4(&given->value) : 0);
    free(sku);
    free(text);
    return result;
}

static HRESULT call(const wchar_t *path, const wchar_t *name, struct wbem_object *parameters)
{
    struct address address;
    const struct wbem_method *method = read_path(path, &address) ? wbem_method_find(address.class, name) : NULL;
    if (method == NULL) {
        machine_refuse("not a method of the stand-in: %ls.%ls", path, name);
        return (HRESULT)WBEM_E_INVALID_METHOD;
    }
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return (HRESULT)WBEM_E_PROVIDER_LOAD_FAILURE;
    }
    HRESULT result = run_method(sim, &address, method, parameters);
    machine_leave(sim);
    return result;
}

/* A method's own failure is the call's, and comes when it is asked for. */
static HRESULT STDMETHODCALLTYPE exec_method(IWbemServices *this, const BSTR path, const BSTR name, LONG flags,
                                             IWbemContext *context, IWbemClassObject *parameters,
                                             IWbemClassObject **ret_out, IWbemCallResult **ret_call)
{
    must(flags == WBEM_FLAG_RETURN_IMMEDIATELY && context == NULL && ret_out == NULL);
    if (wbem_is_forwarded(path)) {
        return IWbemServices_ExecMethod(real_of(this), path, name, flags, context, parameters, ret_out, ret_call);
    }
    standin_count_change();
    *ret_call = wbem_call_result(call(path, name, (struct wbem_object *)parameters));
    return WBEM_S_NO_ERROR;
}

static HRESULT STDMETHODCALLTYPE connect_server(IWbemLocator *this, const BSTR space, const BSTR user,
                                                const BSTR password, const BSTR locale, LONG flags,
                                                const BSTR authority, IWbemContext *context,
                                                IWbemServices **ret_services)
{
    static const IWbemServicesVtbl table = {COM_METHODS(IWbemServices), .GetObject = get_object,
                                            .ExecQuery = exec_query, .ExecMethod = exec_method};
    (void)this;
    must(user == NULL && password == NULL && locale == NULL && authority == NULL && context == NULL);
    must(flags == WBEM_FLAG_CONNECT_USE_MAX_WAIT);
    if (_wcsicmp(space, L"root\\cimv2") != 0) {
        return (HRESULT)WBEM_E_INVALID_NAMESPACE;
    }
    IWbemServices *real = NULL;
    HRESULT result = wbem_forward(&real);
    if (FAILED(result)) {
        return result;
    }
    struct services *services = com_make(sizeof *services, &table, &IID_IWbemServices, drop_services);
    services->real = real;
    *ret_services = (IWbemServices *)services;
    return WBEM_S_NO_ERROR;
}

HRESULT wbem_make_locator(REFIID iid, void **ret_object)
{
    static const IWbemLocatorVtbl table = {COM_METHODS(IWbemLocator), .ConnectServer = connect_server};
    struct com *locator = com_make(sizeof *locator, &table, &IID_IWbemLocator, NULL);
    HRESULT result = com_query_interface(locator, iid, ret_object);
    (void)com_release(locator);
    return result;
}
