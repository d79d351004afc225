/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the firewall's COM objects, for Wine 8, whose own have no list of rules: this process' own class
 * objects answer by name, as the documented interfaces do. It filters nothing. Single-threaded but for the one caller.
 */
#define COBJMACROS
#include <windows.h>

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <oaidl.h>
/* clang-format on */

#include "standin_firewall.h"

DEFINE_GUID(CLSID_STANDIN_POLICY, 0xe2b3c97f, 0x6ae1, 0x41ac, 0x81, 0x7a, 0xf6, 0xf9, 0x21, 0x66, 0xd7, 0xdd);
DEFINE_GUID(CLSID_STANDIN_RULE, 0x2c5bc43e, 0x3369, 0x4c33, 0xab, 0x0c, 0xbe, 0x94, 0x69, 0x67, 0x7a, 0xf4);

enum { RULES_MOST = 16, PROTOCOL_ANY = 256, PROFILES_ALL = 0x7fffffff, PROFILE_PUBLIC = 4, ALLOW = 1, INBOUND = 1 };
enum {
    MEMBER_PROTOCOL,
    MEMBER_PORTS,
    MEMBER_NAME,
    MEMBER_ENABLED,
    MEMBER_PROFILES,
    MEMBER_ADDRESSES,
    MEMBER_TYPES,
    MEMBER_DIRECTION,
    MEMBER_ACTION,
    MEMBER_GROUP,
    MEMBER_APPLICATION,
    MEMBER_SERVICE,
    RULE_MEMBERS,
    MEMBER_ACTIVE = RULE_MEMBERS,
    MEMBER_ON,
    MEMBER_DEFAULT,
    MEMBER_RULES,
    MEMBER_ADD,
    MEMBER_REMOVE
};
static const wchar_t *const members[] = {[MEMBER_PROTOCOL] = L"Protocol",
                                         [MEMBER_PORTS] = L"RemotePorts",
                                         [MEMBER_NAME] = L"Name",
                                         [MEMBER_ENABLED] = L"Enabled",
                                         [MEMBER_PROFILES] = L"Profiles",
                                         [MEMBER_ADDRESSES] = L"RemoteAddresses",
                                         [MEMBER_TYPES] = L"InterfaceTypes",
                                         [MEMBER_DIRECTION] = L"Direction",
                                         [MEMBER_ACTION] = L"Action",
                                         [MEMBER_GROUP] = L"Grouping",
                                         [MEMBER_APPLICATION] = L"ApplicationName",
                                         [MEMBER_SERVICE] = L"ServiceName",
                                         [MEMBER_ACTIVE] = L"CurrentProfileTypes",
                                         [MEMBER_ON] = L"FirewallEnabled",
                                         [MEMBER_DEFAULT] = L"DefaultOutboundAction",
                                         [MEMBER_RULES] = L"Rules",
                                         [MEMBER_ADD] = L"Add",
                                         [MEMBER_REMOVE] = L"Remove"};

/* Objects live as long as the process: nothing is ever counted or freed. */
struct object {
    IDispatch dispatch;
    VARIANT cells[RULE_MEMBERS]; /* of a rule */
};
static struct object *stored[RULES_MOST];
static LONG stored_count, next_index;

static HRESULT WINAPI query(IDispatch *self, REFIID id, void **ret_object)
{
    (void)id;
    *ret_object = self;
    return S_OK;
}

static ULONG WINAPI count(IDispatch *self)
{
    (void)self;
    return 1;
}

static HRESULT WINAPI type_count(IDispatch *self, UINT *ret_count)
{
    (void)self;
    *ret_count = 0;
    return S_OK;
}

static HRESULT WINAPI type_info(IDispatch *self, UINT index, LCID locale, ITypeInfo **ret_info)
{
    (void)self, (void)index, (void)locale, (void)ret_info;
    return E_NOTIMPL;
}

static HRESULT WINAPI find_names(IDispatch *self, REFIID id, LPOLESTR *names, UINT name_count, LCID locale, DISPID *ids)
{
    (void)self, (void)id, (void)locale;
    for (DISPID i = 0; name_count == 1 && i < (DISPID)ARRAYSIZE(members); i++) {
        if (_wcsicmp(members[i], names[0]) == 0) {
            ids[0] = i + 1;
            return S_OK;
        }
    }
    return DISP_E_UNKNOWNNAME;
}

static HRESULT number(VARIANT *value, VARTYPE type, LONG as_number)
{
    V_VT(value) = type;
    V_I4(value) = as_number;
    return S_OK;
}

/* --- a rule --- */

static HRESULT WINAPI invoke_rule(IDispatch *self, DISPID id, REFIID iid, LCID locale, WORD flags, DISPPARAMS *given,
                                  VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    (void)iid, (void)locale, (void)exception, (void)bad;
    VARIANT *cells = ((struct object *)self)->cells;
    if (id < 1 || id > RULE_MEMBERS) {
        return DISP_E_MEMBERNOTFOUND;
    }
    if (flags == DISPATCH_PROPERTYGET) {
        return VariantCopy(result, &cells[id - 1]);
    }
    if (id - 1 == MEMBER_PORTS && V_I4(&cells[MEMBER_PROTOCOL]) == PROTOCOL_ANY) {
        return E_INVALIDARG; /* as documented: the protocol goes first */
    }
    return VariantCopy(&cells[id - 1], &given->rgvarg[0]);
}

static IDispatchVtbl rule_calls = {query, count, count, type_count, type_info, find_names, invoke_rule};

static struct object *make_rule(void)
{
    struct object *rule = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *rule);
    if (rule != NULL) {
        rule->dispatch.lpVtbl = &rule_calls;
        (void)number(&rule->cells[MEMBER_PROTOCOL], VT_I4, PROTOCOL_ANY);
        (void)number(&rule->cells[MEMBER_PROFILES], VT_I4, PROFILES_ALL);
        (void)number(&rule->cells[MEMBER_DIRECTION], VT_I4, INBOUND);
        (void)number(&rule->cells[MEMBER_ACTION], VT_I4, ALLOW);
        (void)number(&rule->cells[MEMBER_ENABLED], VT_BOOL, VARIANT_FALSE);
    }
    return rule;
}

/* --- the list of rules --- */

static HRESULT WINAPI next_rule(IEnumVARIANT *self, ULONG wanted, VARIANT *values, ULONG *ret_count)
{
    (void)self, (void)wanted, (void)ret_count;
    if (next_index >= stored_count) {
        return S_FALSE;
    }
    V_VT(values) = VT_DISPATCH;
    V_DISPATCH(values) = &stored[next_index++]->dispatch;
    return S_OK;
}

static HRESULT WINAPI query_list(IEnumVARIANT *self, REFIID id, void **ret_object)
{
    (void)id;
    *ret_object = self;
    return S_OK;
}

static ULONG WINAPI count_list(IEnumVARIANT *self)
{
    (void)self;
    return 1;
}

static IEnumVARIANTVtbl list_calls = {
    .QueryInterface = query_list, .AddRef = count_list, .Release = count_list, .Next = next_rule};
static IEnumVARIANT list = {&list_calls};

static HRESULT add_rule(const VARIANT *rule)
{
    if (V_VT(rule) != VT_DISPATCH || stored_count == RULES_MOST) {
        return E_INVALIDARG;
    }
    stored[stored_count++] = (struct object *)V_DISPATCH(rule);
    return S_OK;
}

static HRESULT remove_rule(const VARIANT *name)
{
    for (LONG i = 0; V_VT(name) == VT_BSTR && i < stored_count; i++) {
        if (_wcsicmp(V_BSTR(&stored[i]->cells[MEMBER_NAME]), V_BSTR(name)) == 0) {
            stored[i] = stored[--stored_count];
            return S_OK;
        }
    }
    return S_OK;
}

static HRESULT WINAPI invoke_rules(IDispatch *self, DISPID id, REFIID iid, LCID locale, WORD flags, DISPPARAMS *given,
                                   VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    (void)self, (void)iid, (void)locale, (void)flags, (void)exception, (void)bad;
    if (id == DISPID_NEWENUM) {
        next_index = 0;
        V_VT(result) = VT_UNKNOWN;
        V_UNKNOWN(result) = (IUnknown *)&list;
        return S_OK;
    }
    bool is_add = id - 1 == MEMBER_ADD, is_remove = id - 1 == MEMBER_REMOVE;
    return is_add ? add_rule(&given->rgvarg[0]) : is_remove ? remove_rule(&given->rgvarg[0]) : DISP_E_MEMBERNOTFOUND;
}

static IDispatchVtbl rules_calls = {query, count, count, type_count, type_info, find_names, invoke_rules};
static IDispatch rules = {&rules_calls};

/* --- the policy --- */

static HRESULT WINAPI invoke_policy(IDispatch *self, DISPID id, REFIID iid, LCID locale, WORD flags, DISPPARAMS *given,
                                    VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    (void)self, (void)iid, (void)locale, (void)flags, (void)exception, (void)bad;
    bool has_profile = given->cArgs == 1;
    if (id - 1 == MEMBER_ACTIVE) {
        return number(result, VT_I4, PROFILE_PUBLIC);
    }
    if (id - 1 == MEMBER_ON && has_profile) {
        return number(result, VT_BOOL, VARIANT_TRUE);
    }
    if (id - 1 == MEMBER_DEFAULT && has_profile) {
        return number(result, VT_I4, V_I4(&given->rgvarg[0]) == PROFILE_PUBLIC ? 0 : ALLOW);
    }
    if (id - 1 == MEMBER_RULES) {
        V_VT(result) = VT_DISPATCH;
        V_DISPATCH(result) = &rules;
        return S_OK;
    }
    return DISP_E_MEMBERNOTFOUND;
}

static IDispatchVtbl policy_calls = {query, count, count, type_count, type_info, find_names, invoke_policy};
static IDispatch policy = {&policy_calls};

/* --- class objects --- */

static HRESULT WINAPI query_class(IClassFactory *self, REFIID id, void **ret_object)
{
    (void)id;
    *ret_object = self;
    return S_OK;
}

static ULONG WINAPI count_class(IClassFactory *self)
{
    (void)self;
    return 1;
}

static HRESULT WINAPI make_policy(IClassFactory *self, IUnknown *outer, REFIID id, void **ret_object)
{
    (void)self, (void)outer, (void)id;
    *ret_object = &policy;
    return S_OK;
}

static HRESULT WINAPI make_new_rule(IClassFactory *self, IUnknown *outer, REFIID id, void **ret_object)
{
    (void)self, (void)outer, (void)id;
    *ret_object = make_rule();
    return *ret_object != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT WINAPI lock(IClassFactory *self, BOOL is_locked)
{
    (void)self, (void)is_locked;
    return S_OK;
}

static IClassFactoryVtbl policy_class_calls = {query_class, count_class, count_class, make_policy, lock};
static IClassFactoryVtbl rule_class_calls = {query_class, count_class, count_class, make_new_rule, lock};
static IClassFactory policy_class = {&policy_class_calls}, rule_class = {&rule_class_calls};

bool standin_firewall_is_used(void)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}

bool standin_firewall_start(void)
{
    DWORD cookie = 0;
    if (!standin_firewall_is_used()) {
        return true;
    }
    stored[0] = make_rule(); /* an inbound one, which a look leaves out */
    stored_count = stored[0] != NULL ? 1 : 0;
    return stored_count == 1 && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) &&
           SUCCEEDED(CoRegisterClassObject(&CLSID_STANDIN_POLICY, (IUnknown *)&policy_class, CLSCTX_INPROC_SERVER,
                                           REGCLS_MULTIPLEUSE, &cookie)) &&
           SUCCEEDED(CoRegisterClassObject(&CLSID_STANDIN_RULE, (IUnknown *)&rule_class, CLSCTX_INPROC_SERVER,
                                           REGCLS_MULTIPLEUSE, &cookie));
}
