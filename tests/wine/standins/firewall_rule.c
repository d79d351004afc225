/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "firewall.h"

static const wchar_t *const names[RULE_MEMBERS] = {
    [RULE_PROTOCOL] = L"Protocol",      [RULE_PORTS] = L"RemotePorts",           [RULE_NAME] = L"Name",
    [RULE_ENABLED] = L"Enabled",        [RULE_PROFILES] = L"Profiles",           [RULE_ADDRESSES] = L"RemoteAddresses",
    [RULE_TYPES] = L"InterfaceTypes",   [RULE_DIRECTION] = L"Direction",         [RULE_ACTION] = L"Action",
    [RULE_GROUP] = L"Grouping",         [RULE_APPLICATION] = L"ApplicationName", [RULE_SERVICE] = L"ServiceName",
    [RULE_LOCAL_PORTS] = L"LocalPorts", [RULE_PACKAGE] = L"LocalAppPackageId",
};

HRESULT STDMETHODCALLTYPE firewall_type_count(IDispatch *this, UINT *ret_count)
{
    (void)this;
    *ret_count = 0;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE firewall_type_info(IDispatch *this, UINT index, LCID locale, ITypeInfo **ret_info)
{
    (void)this, (void)index, (void)locale, (void)ret_info;
    return E_NOTIMPL;
}

HRESULT firewall_find_name(const wchar_t *const known[], size_t count, const wchar_t *name, DISPID *ret_id)
{
    for (size_t i = 0; i < count; i++) {
        if (_wcsicmp(known[i], name) == 0) {
            *ret_id = (DISPID)i + 1;
            return S_OK;
        }
    }
    return DISP_E_UNKNOWNNAME; /* one of those that not every Windows has */
}

static HRESULT STDMETHODCALLTYPE find_names(IDispatch *this, REFIID iid, LPOLESTR *wanted, UINT count, LCID locale,
                                            DISPID *ids)
{
    (void)this, (void)iid, (void)locale;
    must(count == 1);
    return firewall_find_name(names, RULE_MEMBERS, wanted[0], ids);
}

static HRESULT STDMETHODCALLTYPE invoke(IDispatch *this, DISPID id, REFIID iid, LCID locale, WORD flags,
                                        DISPPARAMS *given, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    (void)iid, (void)locale, (void)exception, (void)bad;
    VARIANT *cells = ((struct firewall_object *)this)->cells;
    if (id < 1 || id > RULE_MEMBERS) {
        return DISP_E_MEMBERNOTFOUND;
    }
    if (flags == DISPATCH_PROPERTYGET) {
        return VariantCopy(result, &cells[id - 1]);
    }
    if (id - 1 == RULE_PORTS && V_I4(&cells[RULE_PROTOCOL]) == FIREWALL_PROTOCOL_ANY) {
        return E_INVALIDARG; /* as documented: the protocol goes first */
    }
    return VariantCopy(&cells[id - 1], &given->rgvarg[0]);
}

static void drop(struct com *com)
{
    for (size_t i = 0; i < RULE_MEMBERS; i++) {
        (void)VariantClear(&((struct firewall_object *)com)->cells[i]);
    }
}

struct firewall_object *firewall_object_make(void)
{
    static const IDispatchVtbl table = {COM_METHODS(IDispatch), .GetTypeInfoCount = firewall_type_count,
                                        .GetTypeInfo = firewall_type_info, .GetIDsOfNames = find_names,
                                        .Invoke = invoke};
    struct firewall_object *object = com_make(sizeof *object, &table, &IID_IDispatch, drop);
    object->cells[RULE_PROTOCOL] = com_number(VT_I4, FIREWALL_PROTOCOL_ANY);
    object->cells[RULE_PROFILES] = com_number(VT_I4, PROFILES_ALL);
    object->cells[RULE_DIRECTION] = com_number(VT_I4, DIRECTION_IN);
    object->cells[RULE_ACTION] = com_number(VT_I4, ACTION_ALLOW);
    object->cells[RULE_ENABLED] = com_number(VT_BOOL, VARIANT_FALSE);
    return object;
}

HRESULT firewall_make_rule(REFIID iid, void **ret_object)
{
    struct firewall_object *object = firewall_object_make();
    HRESULT result = com_query_interface(&object->com, iid, ret_object);
    (void)com_release(&object->com);
    return result;
}

/* Read back expanded: whether Windows does so is not settled, so it must not matter. */
static VARIANT expanded(const char *path)
{
    char text[MAX_PATH];
    const char *below = path != NULL ? firewall_below_root(path) : NULL;
    if (below == path) {
        return com_text(path);
    }
    (void)snprintf(text, sizeof text, "C:\\Windows\\%s", below);
    return com_text(text);
}

struct firewall_object *firewall_object_of(const struct firewall_rule *rule)
{
    struct firewall_object *object = firewall_object_make();
    VARIANT *cells = object->cells;
    cells[RULE_PROTOCOL] = com_number(VT_I4, (LONG)rule->protocol);
    cells[RULE_PROFILES] = com_number(VT_I4, rule->profiles == FIREWALL_ALL ? PROFILES_ALL : (LONG)rule->profiles);
    cells[RULE_DIRECTION] = com_number(VT_I4, DIRECTION_OUT);
    cells[RULE_ACTION] = com_number(VT_I4, rule->allows ? ACTION_ALLOW : 0);
    cells[RULE_ENABLED] = com_number(VT_BOOL, rule->enabled ? VARIANT_TRUE : VARIANT_FALSE);
    cells[RULE_PORTS] = com_text(rule->remote_ports);
    cells[RULE_NAME] = com_text(rule->name);
    cells[RULE_ADDRESSES] = com_text(rule->remote_addresses);
    cells[RULE_TYPES] = com_text(rule->interface_types);
    cells[RULE_GROUP] = com_text(rule->group);
    cells[RULE_APPLICATION] = expanded(rule->application);
    cells[RULE_SERVICE] = com_text(rule->service);
    cells[RULE_LOCAL_PORTS] = com_text(rule->is_narrower ? "50000" : NULL);
    cells[RULE_PACKAGE] = com_text(rule->for_package ? "S-1-15-2-1" : NULL);
    return object;
}

/* otherwise: where it was never set. */
static const char *text_of(const VARIANT *cell, struct arena *arena, const char *otherwise)
{
    if (V_VT(cell) != VT_BSTR) {
        return otherwise;
    }
    char *narrow = standin_narrow(V_BSTR(cell));
    const char *text = arena_text(arena, narrow);
    free(narrow);
    return text;
}

struct firewall_rule firewall_object_rule(const struct firewall_object *object, struct arena *arena)
{
    const VARIANT *cells = object->cells;
    return (struct firewall_rule){
        .store = FIREWALL_LOCAL,
        .name = text_of(&cells[RULE_NAME], arena, ""),
        .group = text_of(&cells[RULE_GROUP], arena, NULL),
        .enabled = V_BOOL(&cells[RULE_ENABLED]) != VARIANT_FALSE,
        .outbound = V_I4(&cells[RULE_DIRECTION]) == DIRECTION_OUT,
        .allows = V_I4(&cells[RULE_ACTION]) == ACTION_ALLOW,
        .protocol = V_I4(&cells[RULE_PROTOCOL]),
        .remote_ports = text_of(&cells[RULE_PORTS], arena, "*"),
        .remote_addresses = text_of(&cells[RULE_ADDRESSES], arena, "*"),
        .application = text_of(&cells[RULE_APPLICATION], arena, NULL),
        .service = text_of(&cells[RULE_SERVICE], arena, NULL),
        .interface_types = text_of(&cells[RULE_TYPES], arena, "All"),
        .profiles = (unsigned)V_I4(&cells[RULE_PROFILES]) & FIREWALL_ALL,
    };
}
