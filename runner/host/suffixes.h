/* SPDX-License-Identifier: MIT */
/*
 * The DNS suffixes under which Windows looks for a KMS host, in one order for every backend: the primary suffix, the
 * search list of the machine, that of group policy, the suffixes of the connections.
 * Source: KB 275553 (search list in Tcpip\Parameters), ADMX DNSClient "DNS suffix search list" (policy), and the
 * discovery of volume activation, which asks for _vlmcs._tcp in each of them. claim: discovery.search-list
 * Use: suffixes_add and suffixes_add_list in that order; what is empty or already there is left out.
 */
#ifndef AZMEND_HOST_SUFFIXES_H
#define AZMEND_HOST_SUFFIXES_H

#include "base/arena.h"

#define SUFFIXES_MACHINE_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"
#define SUFFIXES_POLICY_KEY "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient"
#define SUFFIXES_VALUE "SearchList" /* REG_SZ, suffixes with commas between */

/* suffixes: of const char *. suffix: NULL adds nothing; its memory is the caller's and lives as long as the list. */
void suffixes_add(struct arena *arena, struct arena_list *suffixes, const char *suffix);
/* list: as SUFFIXES_VALUE holds it; NULL adds nothing. */
void suffixes_add_list(struct arena *arena, struct arena_list *suffixes, const char *list);

#endif
