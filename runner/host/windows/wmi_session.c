/* SPDX-License-Identifier: MIT */
#define COBJMACROS

#include <stdio.h>
#include <wchar.h>

#include "host/windows/wmi_private.h"

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <wbemcli.h>
/* clang-format on */

enum { QUERY_UNITS = 2048 };

static BSTR text_of(const wchar_t *text)
{
    BSTR copy = SysAllocString(text);
    if (copy == NULL) {
        must_exhausted("WMI text");
    }
    return copy;
}

/* The provider acts as us: it must be allowed to impersonate. An object within this process is no proxy and needs none.
 */
static HRESULT let_impersonate(void *proxy)
{
    HRESULT result = CoSetProxyBlanket(proxy, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, NULL, RPC_C_AUTHN_LEVEL_CALL,
                                       RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_NONE);
    return result == E_NOINTERFACE ? S_OK : result;
}

/* Connecting is bounded by WMI itself: two minutes. Source: IWbemLocator::ConnectServer,
 * WBEM_FLAG_CONNECT_USE_MAX_WAIT. */
static bool connect_server(IWbemServices **ret_services, struct err *err)
{
    HRESULT result = com_let_impersonate();
    if (FAILED(result)) {
        return hresult_failed(err, result, "prepare", "COM");
    }
    IWbemLocator *locator AUTO(drop_object) = NULL;
    void *created = NULL;
    result = CoCreateInstance(&CLSID_WbemLocator, NULL, CLSCTX_INPROC_SERVER, &IID_IWbemLocator, &created);
    if (FAILED(result)) {
        return hresult_failed(err, result, "reach", "WMI");
    }
    locator = created;
    BSTR space AUTO(drop_bstr) = text_of(L"root\\cimv2");
    IWbemServices *services AUTO(drop_object) = NULL;
    result = IWbemLocator_ConnectServer(locator, space, NULL, NULL, NULL, WBEM_FLAG_CONNECT_USE_MAX_WAIT, NULL, NULL,
                                        &services);
    if (SUCCEEDED(result)) {
        result = let_impersonate(services);
    }
    if (FAILED(result)) {
        return hresult_failed(err, result, "connect to", "root\\cimv2");
    }
    *ret_services = services;
    services = NULL;
    return true;
}

/* definition NULL: every column is taken to be there. */
static bool has_column(IWbemClassObject *definition, const wchar_t *column)
{
    VARIANT value;
    VariantInit(&value);
    bool has = definition == NULL || SUCCEEDED(IWbemClassObject_Get(definition, column, 0, &value, NULL, NULL));
    (void)VariantClear(&value);
    return has;
}

/* Named columns: a provider that walks the token store for every property of every product takes minutes. */
static void compose(const struct wmi_request *request, IWbemClassObject *definition, wchar_t query[static QUERY_UNITS])
{
    int used = swprintf(query, QUERY_UNITS, L"SELECT");
    const wchar_t *between = L" ";
    for (size_t i = 0; request->columns[i] != NULL; i++) {
        if (has_column(definition, request->columns[i])) {
            used += swprintf(query + used, QUERY_UNITS - (size_t)used, L"%ls%ls", between, request->columns[i]);
            between = L", ";
        }
    }
    (void)swprintf(query + used, QUERY_UNITS - (size_t)used, L" FROM %ls%ls%ls", request->class,
                   request->where[0] == L'\0' ? L"" : L" WHERE ", request->where);
}

/* A property that cannot be read is empty and costs only itself. */
static void read_row(IWbemClassObject *object, const wchar_t *const *columns, VARIANT *cells)
{
    for (size_t i = 0; i < WMI_COLUMNS_MOST && columns[i] != NULL; i++) {
        if (FAILED(IWbemClassObject_Get(object, columns[i], 0, &cells[i], NULL, NULL))) {
            VariantInit(&cells[i]);
        }
    }
}

static bool request_failed(const struct wmi_answer *answer, HRESULT result, struct err *err)
{
    char class[WMI_TEXT_UNITS];
    (void)snprintf(class, sizeof class, "%ls", answer->request.class);
    return hresult_failed(err, result, "ask WMI for", class);
}

static bool overdue(struct err *err)
{
    return err_set(err, ERR_TIMEOUT, (uint32_t)WBEM_S_TIMEDOUT, "WMI does not answer in time");
}

/* ret_object NULL: no more. */
static bool next_object(struct wmi_answer *answer, IEnumWbemClassObject *found, IWbemClassObject **ret_object,
                        struct err *err)
{
    HRESULT result = WBEM_S_TIMEDOUT;
    IWbemClassObject *object = NULL;
    while (result == WBEM_S_TIMEDOUT) {
        long step_ms = wmi_step_ms(answer);
        ULONG count = 0;
        if (step_ms == 0) {
            return overdue(err);
        }
        result = IEnumWbemClassObject_Next(found, step_ms, 1, &object, &count);
    }
    if (FAILED(result)) {
        return request_failed(answer, result, err);
    }
    *ret_object = object;
    return true;
}

static bool run_query(IWbemServices *services, struct wmi_answer *answer, IWbemClassObject *definition, struct err *err)
{
    wchar_t text[QUERY_UNITS];
    compose(&answer->request, definition, text);
    BSTR language AUTO(drop_bstr) = text_of(L"WQL");
    BSTR query AUTO(drop_bstr) = text_of(text);
    IEnumWbemClassObject *found AUTO(drop_object) = NULL;
    HRESULT result = IWbemServices_ExecQuery(services, language, query,
                                             WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, NULL, &found);
    if (SUCCEEDED(result)) {
        result = let_impersonate(found);
    }
    if (FAILED(result)) {
        return request_failed(answer, result, err);
    }
    while (answer->rows < WMI_ROWS_MOST) {
        IWbemClassObject *object AUTO(drop_object) = NULL;
        if (!next_object(answer, found, &object, err)) {
            return false;
        }
        if (object == NULL) {
            return true;
        }
        read_row(object, answer->request.columns, answer->cells[answer->rows++]);
    }
    return err_set(err, ERR_LIMIT, 0, "WMI: more than %d rows", WMI_ROWS_MOST);
}

static HRESULT define(IWbemServices *services, const wchar_t *name, IWbemClassObject **ret_definition)
{
    BSTR class AUTO(drop_bstr) = text_of(name);
    return IWbemServices_GetObject(services, class, 0, NULL, ret_definition, NULL);
}

/*
 * A column that an older class lacks makes the whole query invalid: it is asked again for the columns that the class
 * has; the others stay empty.
 */
static bool select_rows(IWbemServices *services, struct wmi_answer *answer, struct err *err)
{
    IWbemClassObject *definition AUTO(drop_object) = NULL;
    if (run_query(services, answer, NULL, err)) {
        return true;
    }
    bool is_older = err->os == (uint32_t)WBEM_E_INVALID_QUERY &&
                    SUCCEEDED(define(services, answer->request.class, &definition)) && definition != NULL;
    return is_older && run_query(services, answer, definition, err);
}

/* An instance of the method's parameters with the one value in it; NULL for a method that takes none. */
static HRESULT make_arguments(IWbemServices *services, struct wmi_answer *answer, IWbemClassObject **ret_arguments)
{
    const struct wmi_request *request = &answer->request;
    if (request->parameter == NULL) {
        return S_OK;
    }
    IWbemClassObject *definition AUTO(drop_object) = NULL;
    IWbemClassObject *signature AUTO(drop_object) = NULL;
    HRESULT result = define(services, request->class, &definition);
    if (SUCCEEDED(result)) {
        result = IWbemClassObject_GetMethod(definition, request->method, 0, &signature, NULL);
    }
    if (SUCCEEDED(result)) {
        result = signature == NULL ? (HRESULT)WBEM_E_METHOD_NOT_IMPLEMENTED
                                   : IWbemClassObject_SpawnInstance(signature, 0, ret_arguments);
    }
    return FAILED(result) ? result : IWbemClassObject_Put(*ret_arguments, request->parameter, 0, &answer->argument, 0);
}

static HRESULT wait_for_call(struct wmi_answer *answer, IWbemCallResult *call, HRESULT result)
{
    while (SUCCEEDED(result) && call != NULL) {
        long step_ms = wmi_step_ms(answer), status = S_OK;
        if (step_ms == 0) {
            return (HRESULT)WBEM_E_TIMED_OUT;
        }
        result = IWbemCallResult_GetCallStatus(call, step_ms, &status);
        if (result != WBEM_S_TIMEDOUT) {
            return FAILED(result) ? result : (HRESULT)status;
        }
    }
    return result;
}

/*
 * Class.Key="value" of the row found. Not __RELPATH: it is null for a query with named columns (seen on Wine 8; Windows
 * has it only when every key is named). A value that would need escaping is no key of ours.
 */
static BSTR path_of(const struct wmi_answer *answer)
{
    const VARIANT *key = &answer->cells[0][0];
    wchar_t path[QUERY_UNITS];
    bool is_plain = answer->rows == 1 && V_VT(key) == VT_BSTR && V_BSTR(key) != NULL &&
                    wcspbrk(V_BSTR(key), L"\"\\") == NULL && SysStringLen(V_BSTR(key)) < WMI_TEXT_UNITS;
    if (!is_plain) {
        return NULL;
    }
    (void)swprintf(path, QUERY_UNITS, L"%ls.%ls=\"%ls\"", answer->request.class, answer->request.columns[0],
                   V_BSTR(key));
    return text_of(path);
}

/* An answer is an answer, also where it tells of a time-out that the provider met (0x800705B4): nothing is under way.
 */
static bool method_failed(struct err *err, HRESULT result, const char *name)
{
    (void)hresult_failed(err, result, "call", name);
    if (err->code == ERR_TIMEOUT && result != (HRESULT)WBEM_E_TIMED_OUT) {
        err->code = ERR_IO;
    }
    return false;
}

/* A method's own failure comes back as the HRESULT of the call, not as its ReturnValue. */
static bool call_method(IWbemServices *services, struct wmi_answer *answer, struct err *err)
{
    char name[WMI_TEXT_UNITS];
    (void)snprintf(name, sizeof name, "%ls", answer->request.method);
    BSTR path AUTO(drop_bstr) = path_of(answer);
    BSTR method AUTO(drop_bstr) = text_of(answer->request.method);
    IWbemClassObject *arguments AUTO(drop_object) = NULL;
    IWbemCallResult *call AUTO(drop_object) = NULL;
    if (path == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "call %s: no such object", name);
    }
    HRESULT result = make_arguments(services, answer, &arguments);
    if (SUCCEEDED(result)) {
        result = IWbemServices_ExecMethod(services, path, method, WBEM_FLAG_RETURN_IMMEDIATELY, NULL, arguments, NULL,
                                          &call);
    }
    if (SUCCEEDED(result) && call != NULL) {
        result = let_impersonate(call);
    }
    result = wait_for_call(answer, call, result);
    return SUCCEEDED(result) || method_failed(err, result, name);
}

static bool work_connected(struct wmi_answer *answer, struct err *err)
{
    IWbemServices *services AUTO(drop_object) = NULL;
    return connect_server(&services, err) && select_rows(services, answer, err) &&
           (answer->request.method == NULL || call_method(services, answer, err));
}

bool wmi_work(struct worker *worker, struct err *err)
{
    HRESULT entered AUTO(com_leave) = com_enter();
    return FAILED(entered) ? hresult_failed(err, entered, "start", "COM")
                           : work_connected((struct wmi_answer *)worker, err);
}
