/* SPDX-License-Identifier: MIT */
/*
 * What Windows Firewall does to an outbound TCP connection: pure, from the facts. In each active profile an explicit
 * block wins over an explicit allow, that over the default; local rules count only where policy lets them. A list of
 * rules that is cut proves nothing by what it lacks. Source:
 * https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/rules
 */
#ifndef AZMEND_HOST_NOUNS_FIREWALL_VERDICT_H
#define AZMEND_HOST_NOUNS_FIREWALL_VERDICT_H

#include "host/nouns/firewall/firewall.h"

struct connection {
    const char *program; /* full path; %SystemRoot% or C:\Windows */
    const char *service; /* short name of the service whose program it is; NULL: none */
    int64_t port;
    const char *address; /* NULL: any */
};

enum firewall_effect { FIREWALL_ALLOWED, FIREWALL_UNCERTAIN, FIREWALL_BLOCKED };

struct firewall_verdict {
    enum firewall_effect effect;
    unsigned profile;                 /* 0 domain, 1 private, 2 public */
    const struct firewall_rule *rule; /* the one that decides, or might; NULL: the default action */
    enum firewall_store store;        /* who has to be asked */
    const char *key;                  /* of the default action: see struct firewall_profile_facts */
};

/* In the profile. Not running, or the profile switched off: allowed. */
struct firewall_verdict firewall_evaluate(const struct firewall_facts *facts, unsigned profile,
                                          const struct connection *connection);
/* More is blocked, or as much but by somebody else than this machine's own settings. */
bool firewall_is_worse(const struct firewall_verdict *left, const struct firewall_verdict *right);
/* The worst over all active profiles; there must be one. */
struct firewall_verdict firewall_evaluate_active(const struct firewall_facts *facts,
                                                 const struct connection *connection);

#endif
