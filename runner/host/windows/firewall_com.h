/* SPDX-License-Identifier: MIT */
/*
 * The firewall's COM objects on a worker thread: what the local store says, and one rule added or removed. Late bound,
 * as scripts do it: rules are rows of VARIANTs by property name, of which a Windows may lack some.
 * Source: https://learn.microsoft.com/windows/win32/api/netfw/nn-netfw-inetfwpolicy2 and nn-netfw-inetfwrule3
 */
#ifndef AZMEND_HOST_WINDOWS_FIREWALL_COM_H
#define AZMEND_HOST_WINDOWS_FIREWALL_COM_H

#include "host/windows/com.h"
#include "host/windows/worker.h"

enum firewall_verb { FIREWALL_LOOK, FIREWALL_ADD, FIREWALL_REMOVE };

/* In the order in which a new rule takes them: ports are checked against the protocol. */
enum firewall_column {
    COLUMN_DIRECTION,
    COLUMN_NAME,
    COLUMN_GROUP,
    COLUMN_ACTION,
    COLUMN_PROTOCOL,
    COLUMN_REMOTE_PORTS,
    COLUMN_REMOTE_ADDRESSES,
    COLUMN_APPLICATION,
    COLUMN_SERVICE,
    COLUMN_INTERFACE_TYPES,
    COLUMN_PROFILES,
    COLUMN_ENABLED,
    COLUMN_WRITTEN_COUNT, /* the rest is read only */
    COLUMN_LOCAL_PORTS = COLUMN_WRITTEN_COUNT,
    COLUMN_LOCAL_ADDRESSES,
    COLUMN_INTERFACES,
    COLUMN_PACKAGE,
    COLUMN_OWNER,
    COLUMN_LOCAL_USERS,
    COLUMN_REMOTE_USERS,
    COLUMN_REMOTE_MACHINES,
    COLUMN_SECURE_FLAGS,
    FIREWALL_COLUMN_COUNT
};

enum { FIREWALL_PROFILE_COUNT = 3, FIREWALL_DIRECTION_OUT = 2, FIREWALL_ACTION_ALLOW = 1 };

struct firewall_row {
    VARIANT cells[FIREWALL_COLUMN_COUNT]; /* VT_EMPTY: not told, or not to be set */
};

struct firewall_call {
    struct worker worker;
    enum firewall_verb verb;
    struct firewall_row given; /* ADD: the rule; REMOVE: its name */
    /* the answer of LOOK */
    unsigned active;
    bool enabled[FIREWALL_PROFILE_COUNT], allows[FIREWALL_PROFILE_COUNT];
    struct firewall_row *rows; /* those that may decide over TCP, and our own */
    size_t row_count;
    bool is_cut; /* there are more than LIMIT_FIREWALL_RULES of them */
};

/* NULL: no memory. The caller's: AUTO(firewall_call_drop). */
struct firewall_call *firewall_call_open(enum firewall_verb verb);
void firewall_call_drop(struct firewall_call **call);

#endif
