/* SPDX-License-Identifier: MIT */
/*
 * One name, three witnesses: what programs on this machine get, what Azure's own resolver says, and what the hosts
 * file pins. Where they differ lies the fault.
 */
#include "base/limits.h"
#include "host/platform.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_NAME, PARAM_COUNT };
enum {
    DNS_SYSTEM,
    DNS_SYSTEM_OUTCOME,
    DNS_AZURE,
    DNS_AZURE_OUTCOME,
    DNS_HOSTS,
    DNS_HOSTS_OUTCOME,
    DNS_RESOLVES,
    DNS_COUNT
};

static const struct column params[] = {
    [PARAM_NAME] = TEXT_COLUMN("name", COLUMN_REQUIRED, "the name to look up"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [DNS_SYSTEM] = LIST_COLUMN("system", TYPE_TEXT, 0, "addresses from the system's resolver"),
    [DNS_SYSTEM_OUTCOME] = WORD_COLUMN("systemOutcome", net_outcome_names, 0, "how that went"),
    [DNS_AZURE] = LIST_COLUMN("azure", TYPE_TEXT, 0, "IPv4 addresses from " PLATFORM_HOST),
    [DNS_AZURE_OUTCOME] = WORD_COLUMN("azureOutcome", net_outcome_names, 0, "how that went"),
    [DNS_HOSTS] = LIST_COLUMN("hosts", TYPE_TEXT, 0, "addresses in the hosts file"),
    [DNS_HOSTS_OUTCOME] = WORD_COLUMN("hostsOutcome", net_outcome_names, 0, "how that went"),
    [DNS_RESOLVES] = BOOL_COLUMN("resolves", 0, "the system's resolver gives at least one address"),
};
_Static_assert(COUNT_OF(properties) == DNS_COUNT, "one row a property");

/* One row a witness; its reply has the same index. */
static const struct {
    enum net_type type;
    const char *server;
    size_t addresses, outcome;
} witnesses[] = {
    {NET_RESOLVE_SYSTEM, NULL, DNS_SYSTEM, DNS_SYSTEM_OUTCOME},
    {NET_RESOLVE_SERVER, PLATFORM_HOST, DNS_AZURE, DNS_AZURE_OUTCOME},
    {NET_RESOLVE_HOSTS, NULL, DNS_HOSTS, DNS_HOSTS_OUTCOME},
};

static size_t dns_next(struct look *look, struct net_job *jobs, size_t room)
{
    size_t count = 0;
    for (size_t i = look->reply_count; i < COUNT_OF(witnesses) && count < room; i++, count++) {
        jobs[count] = (struct net_job){
            .type = witnesses[i].type,
            .record = NET_RECORD_A,
            .host = look_text(look, PARAM_NAME),
            .server = witnesses[i].server,
            .timeout_ms = look->probe_ms,
        };
    }
    return count;
}

static void dns_read(struct look *look)
{
    for (size_t i = 0; i < look->reply_count && i < COUNT_OF(witnesses); i++) {
        look->cells[witnesses[i].addresses] = cell_addresses(look->arena, &look->replies[i]);
        look->cells[witnesses[i].outcome] = cell_outcome(look->arena, &look->replies[i]);
    }
    const struct value *system = &look->cells[DNS_SYSTEM];
    look->cells[DNS_RESOLVES] = system->state == VALUE_KNOWN ? value_bool(system->as.list.count > 0) : *system;
}

const struct kind kind_dns = {
    .name = "dns",
    .about = "what a name resolves to: for the system, for Azure's resolver, in the hosts file",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FILE),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"name\": \"azkms.core.windows.net\"}",
    .next = dns_next,
    .read = dns_read,
};
