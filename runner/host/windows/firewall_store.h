/* SPDX-License-Identifier: MIT */
/* Settings and rules that group policy or device management put into the registry; COM does not show them. */
#ifndef AZMEND_HOST_WINDOWS_FIREWALL_STORE_H
#define AZMEND_HOST_WINDOWS_FIREWALL_STORE_H

#include "host/windows/backend.h"

/* Lays the store over what is known already; rules (struct firewall_rule) are added. A missing store changes nothing.
 */
bool firewall_store_read(enum firewall_store store, struct arena *arena, struct firewall_facts *facts,
                         struct arena_list *rules, struct err *err) MUST_CHECK;

#endif
