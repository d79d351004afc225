/* SPDX-License-Identifier: MIT */
/*
 * Windows Firewall, outbound: profiles, rules and who owns them. COM (INetFwPolicy2) shows the local store only; group
 * policy and MDM rules are read from their registry stores, where DefaultOutboundAction has the inverse meaning of the
 * COM enumeration. Source: https://learn.microsoft.com/windows/win32/api/netfw/ ; MS-GPFAS 2.2.2 and 2.2.3 for the
 * registry form.
 */
#ifndef AZMEND_HOST_NOUNS_FIREWALL_FIREWALL_H
#define AZMEND_HOST_NOUNS_FIREWALL_FIREWALL_H

#include "host/host.h"
#include "json/json.h"

enum firewall_profile { FIREWALL_DOMAIN = 1, FIREWALL_PRIVATE = 2, FIREWALL_PUBLIC = 4, FIREWALL_ALL = 7 };
extern const char *const firewall_profile_names[]; /* "domain", "private", "public": by position, as the bits are */
enum firewall_store { FIREWALL_LOCAL, FIREWALL_POLICY, FIREWALL_MDM, FIREWALL_STORE_COUNT };
extern const char *const firewall_store_names[];
enum { FIREWALL_PROTOCOL_TCP = 6, FIREWALL_PROTOCOL_ANY = 256 };

struct firewall_profile_facts {
    bool enabled;
    bool blocks_outbound;           /* default outbound action */
    bool merges_local_rules;        /* false: AllowLocalPolicyMerge is 0, local rules do not count */
    enum firewall_store decided_by; /* who set the default outbound action in effect, or switched the merge off */
    const char *key;                /* the registry key where that stands; NULL: as firewall_places says */
};

struct firewall_rule {
    enum firewall_store store;
    const char *name, *group;
    bool enabled, outbound, allows;
    bool for_package;             /* counts for one store app only */
    bool is_narrower;             /* has conditions that are not told here: a user, a computer, a local port ... */
    int64_t protocol;             /* 6 TCP, 17 UDP, 256 any */
    const char *remote_ports;     /* normalised: "*" or "1688" or "80,443,1600-1700" */
    const char *remote_addresses; /* normalised: "*" or "a.b.c.d/mask,..." as the system reads back */
    const char *application;      /* full path, normalised; NULL: any program */
    const char *service;          /* short name or NULL: any */
    const char *interface_types;  /* "All" or a list */
    unsigned profiles;            /* enum firewall_profile bits */
};

struct firewall_facts {
    bool running;                              /* MpsSvc and BFE serve; false: nothing is filtered by it */
    unsigned active;                           /* profiles in effect now: enum firewall_profile bits */
    struct firewall_profile_facts profiles[3]; /* domain, private, public */
    const struct firewall_rule *rules;         /* of all stores: those that firewall_rule_counts */
    size_t rule_count;
    bool is_cut;         /* a store has more than LIMIT_FIREWALL_RULES of them: what is not listed may be there */
    const char *program; /* full path of this program, as a rule names it; NULL: not known */
};

/* Who connects to a KMS since Windows 8 and Server 2012. Source: Windows' own rule for KMS names this pair. */
/* claim: firewall.kms-client-program */
#define FIREWALL_KMS_CLIENT "%SystemRoot%\\System32\\SppExtComObj.exe"
#define FIREWALL_KMS_SERVICE "sppsvc"
#define FIREWALL_OWN_GROUP "azmend" /* of each rule that is made here */
/* How a verdict calls what a list lacks because it is cut. */
#define FIREWALL_UNREAD "(one beyond those that are read)"

/* What a backend supplies. */
struct firewall_ops {
    bool (*query)(void *backend, struct arena *arena, struct firewall_facts *ret_facts, struct err *err);
    bool (*add)(void *backend, const struct firewall_rule *rule, struct err *err);
    bool (*remove)(void *backend, const char *name, struct err *err);
};

bool host_firewall_query(struct host *host, struct firewall_facts *ret_facts, struct err *err) MUST_CHECK;
/* Changes (reversible). set_rule: by name; a rule that is the same field by field in normalised form is no op. */
bool host_firewall_set_rule(struct host *host, const struct firewall_rule *rule, struct err *err) MUST_CHECK;
bool host_firewall_remove_rule(struct host *host, const char *name, struct err *err) MUST_CHECK;
/*
 * A rule that this program needs for its own probes, of the name FIREWALL_PROBE_RULE. It ends with the run: end_probe
 * takes it away, whatever is left of the time, and that of a run that was killed as well. Both are journalled, neither
 * counts as a change, and undo only ever takes it away (host_is_passing).
 */
#define FIREWALL_PROBE_RULE "azmend probe (temporary)"
bool host_firewall_begin_probe(struct host *host, const struct firewall_rule *rule, struct err *err) MUST_CHECK;
bool host_firewall_end_probe(struct host *host, struct err *err) MUST_CHECK;

/* --- pure --- */

/* Ports and addresses in the form the system reads back, so that rules compare field by field. NULL: not valid. */
const char *firewall_normal_ports(struct arena *arena, const char *ports);
const char *firewall_normal_addresses(struct arena *arena, const char *addresses);
/*
 * A program below the system's folder as %SystemRoot%\..., however it is written: whether the system reads it back
 * expanded is not settled. Any other as it is; NULL: NULL. below_root: the part behind the folder, or the whole path.
 */
const char *firewall_normal_program(struct arena *arena, const char *path);
const char *firewall_below_root(const char *path);

/* Where a store stands: its own key, below it the rules under FirewallRules and the settings of each profile. */
struct firewall_place {
    const char *key;
    const char *profiles[3];
};
extern const struct firewall_place firewall_places[]; /* by enum firewall_store */

enum firewall_match { FIREWALL_NO, FIREWALL_MAYBE, FIREWALL_YES };
/* Of normalised ones. Address NULL: any; a part given by a word (LocalSubnet) is MAYBE. */
bool firewall_ports_hold(const char *ports, int64_t port);
enum firewall_match firewall_addresses_hold(const char *addresses, const char *address);

/* May it decide over an outbound TCP connection? One of our own, by group or name, always counts: it is found again. */
bool firewall_rule_counts(const struct firewall_rule *rule);
/* Field by field, without the store; both normalised. */
bool firewall_rule_same(const struct firewall_rule *left, const struct firewall_rule *right);
/* Canonical JSON, the state of an op and the machine document's notation; NULL: "null". */
const char *firewall_rule_json(struct arena *arena, const struct firewall_rule *rule);
/* The way back, strict. ERR_INVALID. */
bool firewall_rule_load(struct arena *arena, const struct json *json, struct firewall_rule *ret_rule, struct err *err)
    MUST_CHECK;
/*
 * A rule in the form of the registry stores: "v2.31|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|RPort=1688|Name=...|".
 * False: no rule of this form. What narrows the rule and has no member above sets is_narrower.
 */
bool firewall_rule_parse(struct arena *arena, enum firewall_store store, const char *text,
                         struct firewall_rule *ret_rule) MUST_CHECK;

#endif
