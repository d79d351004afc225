/* SPDX-License-Identifier: MIT */
#define COBJMACROS

#include "host/windows/firewall_com.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/limits.h"
#include "host/nouns/firewall/firewall.h"

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <oaidl.h>
/* clang-format on */

/* Source: netfw.h of the Windows SDK. */
DEFINE_GUID(CLSID_POLICY, 0xe2b3c97f, 0x6ae1, 0x41ac, 0x81, 0x7a, 0xf6, 0xf9, 0x21, 0x66, 0xd7, 0xdd);
DEFINE_GUID(CLSID_RULE, 0x2c5bc43e, 0x3369, 0x4c33, 0xab, 0x0c, 0xbe, 0x94, 0x69, 0x67, 0x7a, 0xf4);

static const wchar_t *const column_names[] = {
    [COLUMN_DIRECTION] = L"Direction",
    [COLUMN_NAME] = L"Name",
    [COLUMN_GROUP] = L"Grouping",
    [COLUMN_ACTION] = L"Action",
    [COLUMN_PROTOCOL] = L"Protocol",
    [COLUMN_REMOTE_PORTS] = L"RemotePorts",
    [COLUMN_REMOTE_ADDRESSES] = L"RemoteAddresses",
    [COLUMN_APPLICATION] = L"ApplicationName",
    [COLUMN_SERVICE] = L"ServiceName",
    [COLUMN_INTERFACE_TYPES] = L"InterfaceTypes",
    [COLUMN_PROFILES] = L"Profiles",
    [COLUMN_ENABLED] = L"Enabled",
    [COLUMN_LOCAL_PORTS] = L"LocalPorts",
    [COLUMN_LOCAL_ADDRESSES] = L"LocalAddresses",
    [COLUMN_INTERFACES] = L"Interfaces",
    [COLUMN_PACKAGE] = L"LocalAppPackageId",
    [COLUMN_OWNER] = L"LocalUserOwner",
    [COLUMN_LOCAL_USERS] = L"LocalUserAuthorizedList",
    [COLUMN_REMOTE_USERS] = L"RemoteUserAuthorizedList",
    [COLUMN_REMOTE_MACHINES] = L"RemoteMachineAuthorizedList",
    [COLUMN_SECURE_FLAGS] = L"SecureFlags",
};
_Static_assert(COUNT_OF(column_names) == FIREWALL_COLUMN_COUNT, "one name a column");

/* --- the call --- */

static void clear_row(struct firewall_row *row)
{
    for (size_t i = 0; i < FIREWALL_COLUMN_COUNT; i++) {
        (void)VariantClear(&row->cells[i]);
    }
}

static void drop(struct worker *worker)
{
    struct firewall_call *call = (struct firewall_call *)worker;
    for (size_t i = 0; i < call->row_count; i++) {
        clear_row(&call->rows[i]);
    }
    clear_row(&call->given);
    free(call->rows);
    free(call);
}

void firewall_call_drop(struct firewall_call **call)
{
    if (*call != NULL) {
        worker_release(&(*call)->worker);
    }
}

/* --- late binding --- */

static void drop_exception(EXCEPINFO *exception)
{
    SysFreeString(exception->bstrSource);
    SysFreeString(exception->bstrDescription);
    SysFreeString(exception->bstrHelpFile);
}

/* What the object itself says stands in the exception. */
static HRESULT invoke(IDispatch *object, DISPID id, WORD flags, VARIANT *argument, VARIANT *ret_value)
{
    static DISPID put = DISPID_PROPERTYPUT;
    EXCEPINFO exception AUTO(drop_exception) = {0};
    DISPPARAMS parameters = {.rgvarg = argument, .cArgs = argument != NULL ? 1 : 0};
    if (flags == DISPATCH_PROPERTYPUT) {
        parameters.rgdispidNamedArgs = &put;
        parameters.cNamedArgs = 1;
    }
    HRESULT result =
        IDispatch_Invoke(object, id, &IID_NULL, LOCALE_SYSTEM_DEFAULT, flags, &parameters, ret_value, &exception, NULL);
    return result == DISP_E_EXCEPTION && FAILED(exception.scode) ? exception.scode : result;
}

static HRESULT find_member(IDispatch *object, const wchar_t *name, DISPID *ret_id)
{
    BSTR text AUTO(drop_bstr) = SysAllocString(name);
    return text == NULL ? E_OUTOFMEMORY
                        : IDispatch_GetIDsOfNames(object, &IID_NULL, &text, 1, LOCALE_SYSTEM_DEFAULT, ret_id);
}

static HRESULT invoke_named(IDispatch *object, const wchar_t *name, WORD flags, VARIANT *argument, VARIANT *ret_value)
{
    DISPID id = 0;
    HRESULT result = find_member(object, name, &id);
    return FAILED(result) ? result : invoke(object, id, flags, argument, ret_value);
}

/* A number or a truth of the policy; profile 0: the property takes none. */
static HRESULT read_number(IDispatch *policy, const wchar_t *name, LONG profile, LONG *ret_number)
{
    VARIANT argument = {.vt = VT_I4, .lVal = profile};
    VARIANT value AUTO(VariantClear) = {.vt = VT_EMPTY};
    HRESULT result = invoke_named(policy, name, DISPATCH_PROPERTYGET, profile != 0 ? &argument : NULL, &value);
    if (SUCCEEDED(result)) {
        result = VariantChangeType(&value, &value, 0, VT_I4);
    }
    if (SUCCEEDED(result)) {
        *ret_number = V_I4(&value);
    }
    return result;
}

static HRESULT make_object(const GUID *class, IDispatch **ret_object)
{
    void *created = NULL;
    HRESULT result = CoCreateInstance(class, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, &created);
    *ret_object = created;
    return result;
}

/*
 * Which type of object a VARIANT holds is not promised: it is changed to the one that is wanted, as the SDK's sample
 * that lists the rules does (Windows-classic-samples, "Windows Firewall Enumerating Firewall Rules"). The caller's.
 * claim: firewall.com-items
 */
static HRESULT take_object(VARIANT *value, IDispatch **ret_object)
{
    HRESULT result = VariantChangeType(value, value, 0, VT_DISPATCH);
    if (FAILED(result) || V_DISPATCH(value) == NULL) {
        return FAILED(result) ? result : E_NOINTERFACE;
    }
    *ret_object = V_DISPATCH(value);
    V_VT(value) = VT_EMPTY;
    return S_OK;
}

static HRESULT find_rules(IDispatch *policy, IDispatch **ret_rules)
{
    VARIANT value AUTO(VariantClear) = {.vt = VT_EMPTY};
    HRESULT result = invoke_named(policy, L"Rules", DISPATCH_PROPERTYGET, NULL, &value);
    return FAILED(result) ? result : take_object(&value, ret_rules);
}

/* --- look --- */

static HRESULT read_profiles(struct firewall_call *call, IDispatch *policy)
{
    LONG number = 0;
    HRESULT result = read_number(policy, L"CurrentProfileTypes", 0, &number);
    call->active = (unsigned)number & FIREWALL_ALL;
    for (size_t i = 0; SUCCEEDED(result) && i < FIREWALL_PROFILE_COUNT; i++) {
        LONG profile = 1L << i, enabled = 0, action = 0;
        result = read_number(policy, L"FirewallEnabled", profile, &enabled);
        if (SUCCEEDED(result)) {
            result = read_number(policy, L"DefaultOutboundAction", profile, &action);
        }
        call->enabled[i] = enabled != 0;
        call->allows[i] = action == FIREWALL_ACTION_ALLOW;
    }
    return result;
}

/* What is no number is 0. */
static LONG number_in(const VARIANT *cell)
{
    VARIANT number AUTO(VariantClear) = {.vt = VT_EMPTY};
    return SUCCEEDED(VariantChangeType(&number, (VARIANT *)(uintptr_t)cell, 0, VT_I4)) ? V_I4(&number) : 0;
}

static bool has_text(const VARIANT *cell)
{
    return V_VT(cell) == VT_BSTR && SysStringLen(V_BSTR(cell)) > 0;
}

static const wchar_t own_names[] = L"" FIREWALL_OWN_GROUP L" ";

/* As firewall_rule_counts says, from as few properties as tell it: there may be thousands of rules. */
static bool counts(const struct firewall_row *row)
{
    const VARIANT *group = &row->cells[COLUMN_GROUP], *name = &row->cells[COLUMN_NAME];
    LONG protocol = number_in(&row->cells[COLUMN_PROTOCOL]);
    bool is_tcp = protocol == FIREWALL_PROTOCOL_TCP || protocol == FIREWALL_PROTOCOL_ANY;
    bool is_own = (has_text(group) && _wcsicmp(V_BSTR(group), L"" FIREWALL_OWN_GROUP) == 0) ||
                  (has_text(name) && _wcsnicmp(V_BSTR(name), own_names, COUNT_OF(own_names) - 1) == 0);
    bool is_on = number_in(&row->cells[COLUMN_ENABLED]) != 0 && !has_text(&row->cells[COLUMN_PACKAGE]);
    return number_in(&row->cells[COLUMN_DIRECTION]) == FIREWALL_DIRECTION_OUT && (is_own || (is_on && is_tcp));
}

/* Takes the row. False: no memory; it stays the caller's. */
static bool keep_row(struct firewall_call *call, const struct firewall_row *row)
{
    if ((call->row_count & (call->row_count - 1)) == 0) {
        size_t capacity = call->row_count == 0 ? 1 : call->row_count * 2;
        struct firewall_row *rows = realloc(call->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            return false;
        }
        call->rows = rows;
    }
    call->rows[call->row_count++] = *row;
    return true;
}

/* A property that this Windows lacks, or does not tell, stays empty. */
static void read_cell(IDispatch *rule, struct firewall_row *row, size_t column)
{
    if (FAILED(invoke_named(rule, column_names[column], DISPATCH_PROPERTYGET, NULL, &row->cells[column]))) {
        V_VT(&row->cells[column]) = VT_EMPTY;
    }
}

/* S_FALSE: one too many. */
static HRESULT read_rule(struct firewall_call *call, IDispatch *rule)
{
    static const enum firewall_column first[] = {COLUMN_DIRECTION, COLUMN_ENABLED, COLUMN_PROTOCOL,
                                                 COLUMN_GROUP,     COLUMN_PACKAGE, COLUMN_NAME};
    struct firewall_row row AUTO(clear_row) = {0};
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        read_cell(rule, &row, first[i]);
    }
    if (!counts(&row)) {
        return S_OK;
    }
    if (call->row_count == LIMIT_FIREWALL_RULES) {
        call->is_cut = true;
        return S_FALSE;
    }
    for (size_t i = 0; i < FIREWALL_COLUMN_COUNT; i++) {
        if (V_VT(&row.cells[i]) == VT_EMPTY) {
            read_cell(rule, &row, i);
        }
    }
    if (!keep_row(call, &row)) {
        return E_OUTOFMEMORY;
    }
    row = (struct firewall_row){0};
    return S_OK;
}

static HRESULT read_item(struct firewall_call *call, VARIANT *item)
{
    IDispatch *rule AUTO(drop_object) = NULL;
    HRESULT result = take_object(item, &rule);
    return FAILED(result) ? result : read_rule(call, rule);
}

static HRESULT list_rules(IDispatch *rules, IEnumVARIANT **ret_list)
{
    VARIANT value AUTO(VariantClear) = {.vt = VT_EMPTY};
    void *list = NULL;
    HRESULT result = invoke(rules, DISPID_NEWENUM, DISPATCH_PROPERTYGET | DISPATCH_METHOD, NULL, &value);
    if (SUCCEEDED(result)) {
        result = VariantChangeType(&value, &value, 0, VT_UNKNOWN);
    }
    if (SUCCEEDED(result) && V_UNKNOWN(&value) == NULL) {
        result = E_NOINTERFACE;
    }
    if (SUCCEEDED(result)) {
        result = IUnknown_QueryInterface(V_UNKNOWN(&value), &IID_IEnumVARIANT, &list);
    }
    *ret_list = list;
    return result;
}

static HRESULT read_rules(struct firewall_call *call, IDispatch *rules)
{
    IEnumVARIANT *list AUTO(drop_object) = NULL;
    HRESULT result = list_rules(rules, &list);
    while (result == S_OK) {
        VARIANT item AUTO(VariantClear) = {.vt = VT_EMPTY};
        result = IEnumVARIANT_Next(list, 1, &item, NULL);
        if (result == S_OK) {
            result = read_item(call, &item);
        }
    }
    return result;
}

/* --- change --- */

static HRESULT add_rule(struct firewall_call *call, IDispatch *rules)
{
    IDispatch *rule AUTO(drop_object) = NULL;
    HRESULT result = make_object(&CLSID_RULE, &rule);
    for (size_t i = 0; SUCCEEDED(result) && i < COLUMN_WRITTEN_COUNT; i++) {
        if (V_VT(&call->given.cells[i]) != VT_EMPTY) {
            result = invoke_named(rule, column_names[i], DISPATCH_PROPERTYPUT, &call->given.cells[i], NULL);
        }
    }
    VARIANT argument = {.vt = VT_DISPATCH, .pdispVal = rule};
    return FAILED(result) ? result : invoke_named(rules, L"Add", DISPATCH_METHOD, &argument, NULL);
}

static HRESULT talk(struct firewall_call *call)
{
    IDispatch *policy AUTO(drop_object) = NULL;
    IDispatch *rules AUTO(drop_object) = NULL;
    HRESULT result = make_object(&CLSID_POLICY, &policy);
    if (SUCCEEDED(result) && call->verb == FIREWALL_LOOK) {
        result = read_profiles(call, policy);
    }
    if (SUCCEEDED(result)) {
        result = find_rules(policy, &rules);
    }
    if (FAILED(result)) {
        return result;
    }
    switch (call->verb) {
    case FIREWALL_LOOK:
        return read_rules(call, rules);
    case FIREWALL_ADD:
        return add_rule(call, rules);
    case FIREWALL_REMOVE:
        return invoke_named(rules, L"Remove", DISPATCH_METHOD, &call->given.cells[COLUMN_NAME], NULL);
    }
    return E_INVALIDARG;
}

static bool work(struct worker *worker, struct err *err)
{
    static const char *const verbs[] = {
        [FIREWALL_LOOK] = "ask", [FIREWALL_ADD] = "add a rule to", [FIREWALL_REMOVE] = "remove a rule from"};
    struct firewall_call *call = (struct firewall_call *)worker;
    HRESULT entered AUTO(com_leave) = com_enter();
    HRESULT result = SUCCEEDED(entered) ? talk(call) : entered;
    return SUCCEEDED(result) || hresult_failed(err, result, verbs[call->verb], "the firewall");
}

struct firewall_call *firewall_call_open(enum firewall_verb verb)
{
    struct firewall_call *call = calloc(1, sizeof *call);
    if (call != NULL) {
        call->worker.work = work;
        call->worker.drop = drop;
        call->verb = verb;
    }
    return call;
}
