/* SPDX-License-Identifier: MIT */
#include "firewall.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/limits.h"

enum { CALL_BYTES = 1024 * 1024, PROFILES = 3 };

/* --- asking the machine --- */

/* Policy and MDM rules are real registry; here only what the local store has. A firewall that does not run says so. */
static HRESULT look(struct arena *arena, struct firewall_facts *ret_facts)
{
    static const HRESULT not_registered = (HRESULT)0x800706D9; /* EPT_S_NOT_REGISTERED */
    struct err err = {0};
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return E_FAIL;
    }
    bool is_told = sim_ops.firewall->query(sim, arena, ret_facts, &err);
    machine_leave(sim);
    return !is_told ? com_failure(&err) : ret_facts->running ? S_OK : not_registered;
}

static HRESULT add(const struct firewall_object *object)
{
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct sim *sim = machine_enter();
    if (sim == NULL || !arena_open(&arena, CALL_BYTES, &err)) {
        return E_FAIL;
    }
    struct firewall_rule rule = firewall_object_rule(object, &arena);
    bool is_added = rule.outbound && sim_ops.firewall->add(sim, &rule, &err);
    machine_leave(sim);
    return is_added ? S_OK : com_failure(&err);
}

/* As documented, a name that is not there is no failure. */
static HRESULT remove_named(const wchar_t *name)
{
    struct err err = {0};
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return E_FAIL;
    }
    char *narrow = standin_narrow(name);
    bool is_removed = sim_ops.firewall->remove(sim, narrow, &err);
    free(narrow);
    machine_leave(sim);
    return is_removed ? S_OK : com_failure(&err);
}

/* --- the list of rules --- */

/* Rules that decide nothing over outbound TCP, more of them than may be listed: Windows has them before the others. */
enum { OTHER_KINDS = 4, OTHERS = LIMIT_FIREWALL_RULES + OTHER_KINDS };
static const struct firewall_rule others[OTHER_KINDS] = {
    {.name = "off", .protocol = FIREWALL_PROTOCOL_TCP, .profiles = FIREWALL_ALL},
    {.name = "UDP", .enabled = true, .protocol = 17, .profiles = FIREWALL_ALL},
    {.name = "a store app", .enabled = true, .for_package = true, .protocol = FIREWALL_PROTOCOL_ANY, .profiles = 7},
};

struct list {
    struct com com;
    size_t next, count;
    struct firewall_object *others[OTHER_KINDS], *rules[LIMIT_FIREWALL_RULES];
};

static void drop_list(struct com *com)
{
    struct list *list = (struct list *)com;
    for (size_t i = 0; i < list->count; i++) {
        (void)com_release(&list->rules[i]->com);
    }
    for (size_t i = 0; i < OTHER_KINDS; i++) {
        (void)com_release(&list->others[i]->com);
    }
}

/* Which of the two types an item has is not promised, so it is now this one and now that. claim: firewall.com-items */
static HRESULT STDMETHODCALLTYPE next_rule(IEnumVARIANT *this, ULONG wanted, VARIANT *values, ULONG *ret_count)
{
    struct list *list = (struct list *)this;
    must(wanted == 1 && ret_count == NULL);
    if (list->next == OTHERS + list->count) {
        return S_FALSE;
    }
    bool is_other = list->next < OTHERS;
    struct firewall_object *rule = is_other ? list->others[list->next % OTHER_KINDS] : list->rules[list->next - OTHERS];
    list->next++;
    (void)com_add_ref(&rule->com);
    V_VT(values) = list->next % 2 == 0 ? VT_DISPATCH : VT_UNKNOWN;
    V_UNKNOWN(values) = (IUnknown *)rule;
    return S_OK;
}

/* The last of the others is an inbound one, as a new one is. */
static void make_others(struct list *list)
{
    for (size_t i = 0; i < OTHER_KINDS; i++) {
        list->others[i] = others[i].name != NULL ? firewall_object_of(&others[i]) : firewall_object_make();
    }
}

static HRESULT make_list(VARIANT *result)
{
    static const IEnumVARIANTVtbl table = {COM_METHODS(IEnumVARIANT), .Next = next_rule};
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct firewall_facts facts = {0};
    HRESULT told = arena_open(&arena, CALL_BYTES, &err) ? look(&arena, &facts) : E_OUTOFMEMORY;
    if (FAILED(told)) {
        return told;
    }
    struct list *list = com_make(sizeof *list, &table, &IID_IEnumVARIANT, drop_list);
    make_others(list);
    for (size_t i = 0; i < facts.rule_count && list->count < LIMIT_FIREWALL_RULES; i++) {
        if (facts.rules[i].store == FIREWALL_LOCAL) {
            list->rules[list->count++] = firewall_object_of(&facts.rules[i]);
        }
    }
    V_VT(result) = VT_UNKNOWN;
    V_UNKNOWN(result) = (IUnknown *)list;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE find_rules_names(IDispatch *this, REFIID iid, LPOLESTR *wanted, UINT count,
                                                  LCID locale, DISPID *ids)
{
    static const wchar_t *const names[] = {L"Add", L"Remove"};
    (void)this, (void)iid, (void)locale;
    must(count == 1);
    return firewall_find_name(names, COUNT_OF(names), wanted[0], ids);
}

static HRESULT STDMETHODCALLTYPE invoke_rules(IDispatch *this, DISPID id, REFIID iid, LCID locale, WORD flags,
                                              DISPPARAMS *given, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    enum { ADD = 1, REMOVE };
    (void)this, (void)iid, (void)locale, (void)flags, (void)exception, (void)bad;
    if (id == DISPID_NEWENUM) {
        return make_list(result);
    }
    const VARIANT *argument = given->cArgs == 1 ? &given->rgvarg[0] : NULL;
    bool is_add = id == ADD && argument != NULL && V_VT(argument) == VT_DISPATCH;
    bool is_remove = id == REMOVE && argument != NULL && V_VT(argument) == VT_BSTR;
    if (is_add || is_remove) {
        standin_count_change();
    }
    return is_add      ? add((const struct firewall_object *)V_DISPATCH(argument))
           : is_remove ? remove_named(V_BSTR(argument))
                       : DISP_E_MEMBERNOTFOUND;
}

static HRESULT make_rules(VARIANT *result)
{
    static const IDispatchVtbl table = {COM_METHODS(IDispatch), .GetTypeInfoCount = firewall_type_count,
                                        .GetTypeInfo = firewall_type_info, .GetIDsOfNames = find_rules_names,
                                        .Invoke = invoke_rules};
    V_VT(result) = VT_DISPATCH;
    V_DISPATCH(result) = com_make(sizeof(struct com), &table, &IID_IDispatch, NULL);
    return S_OK;
}

/* --- the policy --- */

enum { POLICY_ACTIVE, POLICY_ENABLED, POLICY_DEFAULT, POLICY_RULES, POLICY_MEMBERS };
static const wchar_t *const policy_names[POLICY_MEMBERS] = {
    [POLICY_ACTIVE] = L"CurrentProfileTypes",
    [POLICY_ENABLED] = L"FirewallEnabled",
    [POLICY_DEFAULT] = L"DefaultOutboundAction",
    [POLICY_RULES] = L"Rules",
};

static HRESULT STDMETHODCALLTYPE find_policy_names(IDispatch *this, REFIID iid, LPOLESTR *wanted, UINT count,
                                                   LCID locale, DISPID *ids)
{
    (void)this, (void)iid, (void)locale;
    must(count == 1);
    return firewall_find_name(policy_names, COUNT_OF(policy_names), wanted[0], ids);
}

/* NULL: the argument is no single profile. What policy or MDM decided is in their registry; the local store allows. */
static const struct firewall_profile_facts *find_profile(const struct firewall_facts *facts, const DISPPARAMS *given)
{
    LONG wanted = given->cArgs == 1 ? V_I4(&given->rgvarg[0]) : 0;
    for (int i = 0; i < PROFILES; i++) {
        if (wanted == 1 << i) {
            return &facts->profiles[i];
        }
    }
    return NULL;
}

static HRESULT STDMETHODCALLTYPE invoke_policy(IDispatch *this, DISPID id, REFIID iid, LCID locale, WORD flags,
                                               DISPPARAMS *given, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    (void)this, (void)iid, (void)locale, (void)flags, (void)exception, (void)bad;
    struct err err = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct firewall_facts facts = {0};
    HRESULT told = arena_open(&arena, CALL_BYTES, &err) ? look(&arena, &facts) : E_OUTOFMEMORY;
    if (FAILED(told)) {
        return told;
    }
    const struct firewall_profile_facts *profile = find_profile(&facts, given);
    bool is_local = profile != NULL && profile->decided_by == FIREWALL_LOCAL;
    switch (id - 1) {
    case POLICY_ACTIVE:
        *result = com_number(VT_I4, (LONG)facts.active);
        return S_OK;
    case POLICY_RULES:
        return make_rules(result);
    case POLICY_ENABLED:
        *result = com_number(VT_BOOL, profile != NULL && profile->enabled ? VARIANT_TRUE : VARIANT_FALSE);
        return profile != NULL ? S_OK : E_INVALIDARG;
    case POLICY_DEFAULT:
        *result = com_number(VT_I4, is_local && profile->blocks_outbound ? 0 : ACTION_ALLOW);
        return profile != NULL ? S_OK : E_INVALIDARG;
    default:
        return DISP_E_MEMBERNOTFOUND;
    }
}

HRESULT firewall_make_policy(REFIID iid, void **ret_object)
{
    static const IDispatchVtbl table = {COM_METHODS(IDispatch), .GetTypeInfoCount = firewall_type_count,
                                        .GetTypeInfo = firewall_type_info, .GetIDsOfNames = find_policy_names,
                                        .Invoke = invoke_policy};
    struct com *policy = com_make(sizeof *policy, &table, &IID_IDispatch, NULL);
    HRESULT result = com_query_interface(policy, iid, ret_object);
    (void)com_release(policy);
    return result;
}
