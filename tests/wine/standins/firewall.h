/* SPDX-License-Identifier: MIT */
/*
 * The stand-in for the firewall's COM objects: late bound, as scripts and azmend use them, for the outbound rules of
 * the local store. It filters nothing. Source:
 * https://learn.microsoft.com/windows/win32/api/netfw/nn-netfw-inetfwpolicy2
 */
#ifndef AZMEND_TESTS_STANDINS_FIREWALL_H
#define AZMEND_TESTS_STANDINS_FIREWALL_H

#include "com.h"

enum firewall_member {
    RULE_PROTOCOL,
    RULE_PORTS,
    RULE_NAME,
    RULE_ENABLED,
    RULE_PROFILES,
    RULE_ADDRESSES,
    RULE_TYPES,
    RULE_DIRECTION,
    RULE_ACTION,
    RULE_GROUP,
    RULE_APPLICATION,
    RULE_SERVICE,
    RULE_LOCAL_PORTS,
    RULE_PACKAGE,
    RULE_MEMBERS
};

enum { PROFILES_ALL = 0x7fffffff, ACTION_ALLOW = 1, DIRECTION_IN = 1, DIRECTION_OUT = 2 };

/* --- firewall.c --- */
HRESULT firewall_make_policy(REFIID iid, void **ret_object);

/* --- firewall_rule.c: INetFwRule --- */

struct firewall_object {
    struct com com;
    VARIANT cells[RULE_MEMBERS];
};

/* As a new one is: inbound, any protocol, not enabled. */
struct firewall_object *firewall_object_make(void);
struct firewall_object *firewall_object_of(const struct firewall_rule *rule);
struct firewall_rule firewall_object_rule(const struct firewall_object *object, struct arena *arena);
HRESULT firewall_make_rule(REFIID iid, void **ret_object);

/* --- both: IDispatch without a type library --- */
HRESULT STDMETHODCALLTYPE firewall_type_count(IDispatch *this, UINT *ret_count);
HRESULT STDMETHODCALLTYPE firewall_type_info(IDispatch *this, UINT index, LCID locale, ITypeInfo **ret_info);
/* names: as many as count; an identifier is its place in them and one more. */
HRESULT firewall_find_name(const wchar_t *const names[], size_t count, const wchar_t *name, DISPID *ret_id);

#endif
