/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/kms_srv.h"

#include <string.h>

#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "host/nouns/system/system.h"
#include "host/platform.h"
#include "kinds/cells.h"

#define INTERFACES_KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces"

enum { INTERFACES_MAX = 64 };

static void add_name(struct kms_srv *srv, struct look *look, const char *domain)
{
    if (!shape_accepts(SHAPE_HOST, domain)) {
        return;
    }
    if (srv->name_count == KMS_SRV_NAMES) {
        srv->is_cut = true;
        return;
    }
    srv->names[srv->name_count++] = arena_format(look->arena, "_vlmcs._tcp.%s", domain);
}

static void add_server(struct kms_srv *srv, const char *server)
{
    for (size_t i = 0; i < srv->server_count; i++) {
        if (text_equal(srv->servers[i], server)) {
            return;
        }
    }
    if (srv->server_count < KMS_SRV_SERVERS && text_is_address(server)) {
        srv->servers[srv->server_count++] = server;
    }
}

/* "10.0.0.4,10.0.0.5" when typed in, "10.0.0.4 10.0.0.5" when from DHCP. */
static void add_servers(struct kms_srv *srv, struct look *look, const char *list)
{
    for (const char *at = list + strspn(list, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t size = strcspn(at, " ,");
        add_server(srv, arena_copy(look->arena, at, size));
        at += size;
    }
}

/* What was typed in goes before what DHCP gave. */
static void add_interface(struct kms_srv *srv, struct look *look, struct host *host, const char *name)
{
    static const char *const values[] = {"NameServer", "DhcpNameServer"};
    const char *key = arena_format(look->arena, INTERFACES_KEY "\\%s", name);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct value list = cell_registry_text(look->arena, host, key, values[i]);
        if (list.state == VALUE_UNKNOWN) {
            srv->why = list.as.why;
        } else if (list.state == VALUE_KNOWN && *list.as.text != '\0') {
            add_servers(srv, look, list.as.text);
            return;
        }
    }
}

static void find_servers(struct kms_srv *srv, struct look *look, struct host *host)
{
    struct err err = {0};
    struct registry_names interfaces = {0};
    if (!host_registry_subkeys(host, INTERFACES_KEY, &interfaces, &err)) {
        srv->why = arena_text(look->arena, err.text);
        return;
    }
    for (size_t i = 0; i < interfaces.count && i < INTERFACES_MAX; i++) {
        add_interface(srv, look, host, interfaces.items[i]);
    }
    if (srv->server_count == 0) {
        add_server(srv, PLATFORM_HOST);
    }
}

static void find_suffixes(struct kms_srv *srv, struct look *look, struct host *host)
{
    struct err err = {0};
    struct system_facts facts = {0};
    if (!host_system_query(host, &facts, &err)) {
        srv->why = arena_text(look->arena, err.text);
    } else if ((facts.known & SYSTEM_SUFFIXES) == 0) {
        srv->why = "the machine's DNS suffixes are not known";
    }
    for (size_t i = 0; i < facts.dns_suffix_count; i++) {
        add_name(srv, look, facts.dns_suffixes[i]);
    }
}

void kms_srv_prepare(struct kms_srv *srv, struct look *look, struct host *host, const struct value *lookup_domain)
{
    if (lookup_domain->state == VALUE_UNKNOWN) {
        srv->why = lookup_domain->as.why;
        return;
    }
    if (lookup_domain->state == VALUE_KNOWN) {
        add_name(srv, look, lookup_domain->as.text);
    } else {
        find_suffixes(srv, look, host);
    }
    if (srv->why == NULL && srv->name_count > 0) {
        find_servers(srv, look, host);
    }
}

size_t kms_srv_next(const struct kms_srv *srv, const struct look *look, struct net_job *jobs, size_t room)
{
    size_t total = srv->why == NULL ? srv->name_count * srv->server_count : 0;
    size_t count = 0;
    for (size_t i = look->reply_count; i < total && count < room; i++, count++) {
        jobs[count] = (struct net_job){
            .type = NET_RESOLVE_SERVER,
            .record = NET_RECORD_SRV,
            .host = srv->names[i / srv->server_count],
            .server = srv->servers[i % srv->server_count],
            .timeout_ms = look->probe_ms,
        };
    }
    return count;
}

/* Lowest priority first, then highest weight: the one most clients would take. A "." says that there is none. */
static const struct net_service *best_service(const struct net_reply *reply)
{
    const struct net_service *best = NULL;
    for (size_t i = 0; i < reply->service_count; i++) {
        const struct net_service *service = &reply->services[i];
        bool is_better = best == NULL || service->priority < best->priority ||
                         (service->priority == best->priority && service->weight > best->weight);
        if (is_better && !text_same(service->target, ".") && *service->target != '\0') {
            best = service;
        }
    }
    return best;
}

/* One name: any server's record counts; it is settled that there is none as soon as one server says so. */
static struct kms_srv_answer read_name(const struct kms_srv *srv, const struct look *look, size_t first)
{
    bool is_settled = false;
    size_t last = first + srv->server_count < look->reply_count ? first + srv->server_count : look->reply_count;
    for (size_t i = first; i < last; i++) {
        const struct net_reply *reply = &look->replies[i];
        const struct net_service *service = best_service(reply);
        if (service != NULL) {
            return (struct kms_srv_answer){cell_text(look->arena, service->target), value_int(service->port)};
        }
        is_settled = is_settled || reply->outcome == NET_NO_NAME || reply->outcome == NET_NO_DATA ||
                     reply->outcome == NET_ANSWERED;
    }
    struct value none = value_absent();
    if (!is_settled) {
        none = first < last ? cell_unreached(look->arena, &look->replies[first]) : value_unknown("DNS was not asked");
    }
    return (struct kms_srv_answer){none, none};
}

struct kms_srv_answer kms_srv_read(const struct kms_srv *srv, const struct look *look)
{
    struct kms_srv_answer nobody = {value_absent(), value_absent()};
    if (srv->why != NULL) {
        nobody.host = value_unknown(srv->why);
        nobody.port = nobody.host;
        return nobody;
    }
    for (size_t i = 0; i < srv->name_count; i++) {
        struct kms_srv_answer answer = read_name(srv, look, i * srv->server_count);
        if (answer.host.state == VALUE_KNOWN) {
            return answer;
        }
        if (answer.host.state == VALUE_UNKNOWN) {
            nobody = answer;
        }
    }
    if (srv->is_cut && nobody.host.state == VALUE_ABSENT) {
        nobody.host = value_unknown("there are more DNS suffixes than are asked");
        nobody.port = nobody.host;
    }
    return nobody;
}
