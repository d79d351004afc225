/* SPDX-License-Identifier: MIT */
/*
 * Is a host this machine itself: by a loopback or own address, by the computer's name, alone or in one of its domains.
 * Windows 8 and later refuse such a KMS host (0x8007000D; reported: Wind4/vlmcsd issue 6).
 * Use: own_host_look_names, and own_host_look_addresses where an address is in question; then own_host_is,
 * own_host_has.
 */
#ifndef AZMEND_KINDS_LICENSING_OWN_HOST_H
#define AZMEND_KINDS_LICENSING_OWN_HOST_H

#include "host/host.h"

struct own_host {
    const char *name;            /* the computer's; NULL: not known */
    const char *const *suffixes; /* its DNS suffixes */
    size_t suffix_count;
    struct arena_list addresses; /* of const char *, of its connections as the registry has them */
    const char *why;             /* some of the addresses are not known; NULL: they are, or were not looked for */
};

/* Begins anew. Memory: the arena of the look. What cannot be read is left out. */
void own_host_look_names(struct own_host *own, struct host *host);
/* Adds the addresses; what cannot be read is named in `why`. */
void own_host_look_addresses(struct own_host *own, struct arena *arena, struct host *host);
/* name: a name or an address literal; nothing is resolved. */
bool own_host_is(const struct own_host *own, struct arena *arena, const char *name);
/* address: a literal. */
bool own_host_has(const struct own_host *own, const char *address);

#endif
