/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/net/net.h"
#include "host/platform.h"
#include "host/sim/sim_private.h"

#define BY_NAME(name, member, definition, text) JSON_FIELD(name, struct sim_network, member, 0, definition, text)

static const struct field items[] = {
    BY_NAME("asked", asked_json, "askedAnswers", "of a recording: what each question got, instead of all below"),
    BY_NAME("imds", imds_json, "imds", "the Instance Metadata Service"),
    BY_NAME("resolve", resolve_json, "resolvers",
            "answers of resolvers: system by name, a server's address by record and name"),
    BY_NAME("hosts", hosts_json, "resolver", "addresses by name, where files does not hold the hosts file"),
    BY_NAME("tcp", tcp_json, "plainAnswers", "outcomes by host:port"),
    BY_NAME("kms", kms_json, "plainAnswers", "outcomes of a KMS bind by host:port"),
    BY_NAME("http", http_json, "httpAnswers", "answers by URL"),
    BY_NAME("connectTo", connect_json, "connectTo", "host:port to a loopback address:port with a real listener"),
};
static const struct fields sim_network_fields =
    FIELDS("network", struct sim_network, items, "what the network answers");

/* --- loading --- */

static bool load_server(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_server *server = arena_alloc(sim->arena, sizeof *server);
    server->node = (struct sim_node){.name = json->name, .exists = true};
    bool is_one_answer = json->type != JSON_OBJECT || json_find(json, "outcome") != NULL;
    if (is_one_answer) {
        server->answers = arena_alloc(sim->arena, sizeof *server->answers);
    }
    bool is_loaded = is_one_answer ? sim_answers_load(sim, json, &sim_form_resolve, server->answers, err)
                                   : sim_answers_load_table(sim, json, &sim_form_resolve, &server->questions, err);
    return is_loaded && sim_add_member(sim, &sim->document.network.servers, &server->node, json, err);
}

static bool load_resolvers(struct sim *sim, const struct json *json, struct err *err)
{
    if (json == NULL) {
        return true;
    }
    if (!json_want(json, JSON_OBJECT, sim->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        bool is_system = text_same(member->name, "system");
        if (!is_system && !text_is_address(member->name)) {
            return json_refuse(member, sim->file, err, "expected system or the address of a server");
        }
        bool is_loaded = is_system
                             ? sim_answers_load_table(sim, member, &sim_form_resolve, &sim->document.network.names, err)
                             : load_server(sim, member, err);
        if (!is_loaded) {
            return false;
        }
    }
    return true;
}

static bool is_loopback(const char *endpoint)
{
    return text_starts(endpoint, "127.") || text_starts(endpoint, "[::1]:");
}

static bool load_redirects(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_network *network = &sim->document.network;
    if (json == NULL) {
        return true;
    }
    if (!json_want(json, JSON_OBJECT, sim->file, err)) {
        return false;
    }
    network->redirects = arena_array(sim->arena, json->count, sizeof *network->redirects);
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        if (member->type != JSON_TEXT || !is_loopback(member->as.text)) {
            return json_refuse(member, sim->file, err, "expected address:port on loopback");
        }
        network->redirects[i] = (struct net_redirect){.from = member->name, .to = member->as.text};
    }
    network->redirect_count = json->count;
    return true;
}

/* In front of the document's own, so that it wins; never saved. */
bool sim_connect_to(struct sim *sim, const char *pair, struct err *err)
{
    struct sim_network *network = &sim->document.network;
    const char *equals = strchr(pair, '=');
    if (equals == NULL || equals == pair || !is_loopback(equals + 1)) {
        return err_set(err, ERR_INVALID, 0, "--connect-to %s: expected HOST:PORT=ADDRESS:PORT, the address on loopback",
                       pair);
    }
    struct net_redirect *redirects = arena_array(sim->arena, network->redirect_count + 1, sizeof *redirects);
    redirects[0].from = arena_copy(sim->arena, pair, (size_t)(equals - pair));
    redirects[0].to = arena_text(sim->arena, equals + 1);
    if (network->redirect_count > 0) {
        memcpy(redirects + 1, network->redirects, network->redirect_count * sizeof *redirects);
    }
    network->redirects = redirects;
    network->redirect_count++;
    return true;
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    (void)json;
    struct sim_network *network = &sim->document.network;
    network->jobs = arena_array(sim->arena, LIMIT_NET_AT_ONCE, sizeof *network->jobs);
    return sim_asked_load(sim, network->asked_json, err) && sim_imds_load(sim, network->imds_json, err) &&
           load_resolvers(sim, network->resolve_json, err) &&
           sim_answers_load_table(sim, network->hosts_json, &sim_form_resolve, &network->hosts, err) &&
           sim_answers_load_table(sim, network->tcp_json, &sim_form_tcp, &network->tcp, err) &&
           sim_answers_load_table(sim, network->kms_json, &sim_form_kms, &network->kms, err) &&
           sim_answers_load_table(sim, network->http_json, &sim_form_http, &network->http, err) &&
           load_redirects(sim, network->connect_json, err);
}

/* --- asking --- */

static struct sim_answer ended(enum net_outcome outcome, const char *detail)
{
    return (struct sim_answer){
        .reply = {.outcome = outcome, .detail = detail, .retry_after_ms = -1, .date = -1},
        .ms = outcome == NET_TIMEOUT ? SIM_NEVER : 0,
    };
}

static struct sim_answer addresses(const struct net_address *items_found, size_t count)
{
    struct sim_answer answer = ended(count > 0 ? NET_ANSWERED : NET_NO_NAME, NULL);
    answer.reply.addresses = items_found;
    answer.reply.address_count = count;
    return answer;
}

static struct sim_answer literal(struct arena *arena, const char *text)
{
    struct net_address *address = arena_alloc(arena, sizeof *address);
    address->text = text;
    return addresses(address, 1);
}

static struct sim_answers *find(const struct sim_table *table, const char *name)
{
    return (struct sim_answers *)sim_table_find(table, name);
}

static bool ask_hosts(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    const struct net_address *found = NULL;
    size_t count = 0;
    if (!sim_hosts_find(sim, job->host, &found, &count, err)) {
        return false;
    }
    *ret_answer = addresses(found, count);
    return true;
}

/* Like Windows' own resolver: the hosts file first, when the document tells of one. */
static bool resolve(struct sim *sim, const char *host, struct sim_answer *ret_answer, struct err *err)
{
    if (text_is_address(host)) {
        *ret_answer = literal(sim->arena, host);
        return true;
    }
    struct err ignored = {0};
    const char *unscripted = sim->unscripted;
    const struct net_address *found = NULL;
    size_t count = 0;
    bool has_hosts = sim_hosts_find(sim, host, &found, &count, &ignored);
    sim->unscripted = unscripted;
    if (has_hosts && count > 0) {
        *ret_answer = addresses(found, count);
        return true;
    }
    struct sim_answers *answers = find(&sim->document.network.names, host);
    if (answers == NULL) {
        return sim_unlisted(sim, err, "network.resolve.system %s", host);
    }
    *ret_answer = sim_answers_take(answers);
    return true;
}

static bool ask_system(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    return resolve(sim, job->host, ret_answer, err);
}

static bool ask_server(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    static const char *const records[] = {"A", "AAAA", "SRV"};
    const char *question = arena_format(sim->arena, "%s %s", records[job->record], job->host);
    struct sim_server *server = (struct sim_server *)sim_table_find(&sim->document.network.servers, job->server);
    struct sim_answers *answers = NULL;
    if (server != NULL) {
        answers = server->answers != NULL ? server->answers : find(&server->questions, question);
    }
    if (answers == NULL) {
        return sim_unlisted(sim, err, "network.resolve %s: %s", job->server, question);
    }
    *ret_answer = sim_answers_take(answers);
    return true;
}

static const char *endpoint(struct arena *arena, const char *host, uint16_t port)
{
    must(host != NULL); /* every job that connects or asks a server has one */
    return arena_format(arena, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

/* A host that a connection is made to: its address, and the two names its answers may stand under. */
struct peer {
    struct sim_answer found; /* of the resolver */
    const char *by_name, *by_address;
    bool is_denied; /* by the machine's own firewall */
};

static bool locate(struct sim *sim, const char *host, uint16_t port, struct peer *ret_peer, struct err *err)
{
    struct peer peer = {0};
    if (!resolve(sim, host, &peer.found, err)) {
        return false;
    }
    peer.by_name = endpoint(sim->arena, host, port);
    peer.by_address =
        peer.found.reply.address_count > 0 ? endpoint(sim->arena, peer.found.reply.addresses[0].text, port) : "";
    peer.is_denied =
        peer.found.reply.address_count > 0 && sim_firewall_denies(sim, peer.found.reply.addresses[0].text, port);
    *ret_peer = peer;
    return true;
}

static struct sim_answers *answers_of(const struct sim_table *table, const struct peer *peer)
{
    struct sim_answers *answers = find(table, peer->by_name);
    return answers != NULL ? answers : find(table, peer->by_address);
}

static bool is_imds(const struct peer *peer)
{
    return text_same(peer->by_address, PLATFORM_IMDS ":80");
}

/* The connection below everything else; where only the Instance Metadata Service is described, its own. */
static bool connection(struct sim *sim, const struct peer *peer, struct sim_answer *ret_answer)
{
    const struct sim_imds *imds = &sim->document.network.imds;
    struct sim_answers *answers = answers_of(&sim->document.network.tcp, peer);
    if (answers != NULL) {
        *ret_answer = sim_answers_take(answers);
        return true;
    }
    if (imds->json == NULL || !is_imds(peer)) {
        return false;
    }
    enum net_outcome outcome = imds->answers != NULL ? sim_answers_outcome(imds->answers) : NET_ANSWERED;
    *ret_answer = ended(outcome == NET_ANSWERED || outcome == NET_TOO_LARGE ? NET_OPEN : outcome, NULL);
    return true;
}

/* What the machine itself denies, or a name without an address, ends the job before there is a connection. */
static bool ends_here(struct sim *sim, const char *host, const struct peer *peer, struct sim_answer *ret_answer)
{
    if (peer->is_denied) {
        *ret_answer = ended(NET_DENIED, NULL);
        return true;
    }
    enum net_outcome outcome = peer->found.reply.outcome;
    if (outcome == NET_ANSWERED && peer->found.reply.address_count > 0) {
        return false;
    }
    const char *detail = arena_format(sim->arena, "%s: %s", host, net_outcome_names[outcome]);
    *ret_answer = ended(outcome == NET_TIMEOUT ? NET_TIMEOUT : NET_NO_NAME, detail);
    ret_answer->reply.unnamed = true;
    ret_answer->ms = peer->found.ms;
    return true;
}

static void reached(const struct peer *peer, struct sim_answer *answer)
{
    if (answer->ms != SIM_NEVER) {
        answer->ms += peer->found.ms;
    }
    if (answer->reply.outcome == NET_TIMEOUT || answer->reply.outcome == NET_REFUSED ||
        answer->reply.outcome == NET_UNREACHABLE || answer->reply.outcome == NET_DENIED) {
        return; /* nothing was connected */
    }
    answer->reply.addresses = peer->found.reply.addresses;
    answer->reply.address_count = 1;
}

static bool ask_connect(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    struct peer peer;
    if (!locate(sim, job->host, job->port, &peer, err)) {
        return false;
    }
    if (ends_here(sim, job->host, &peer, ret_answer)) {
        return true;
    }
    if (!connection(sim, &peer, ret_answer)) {
        return sim_unlisted(sim, err, "network.tcp %s", peer.by_name);
    }
    reached(&peer, ret_answer);
    return true;
}

/* Where nothing is said of the talk itself, a connection that does not come about is answer enough. */
static bool ask_talk(struct sim *sim, const struct peer *peer, const char *what, struct sim_answers *talk,
                     struct sim_answer *ret_answer, struct err *err)
{
    struct sim_answer below = ended(NET_OPEN, NULL);
    if (talk != NULL) {
        *ret_answer = sim_answers_take(talk);
    } else if (connection(sim, peer, &below) && below.reply.outcome != NET_OPEN) {
        *ret_answer = below;
    } else {
        return sim_unlisted(sim, err, "%s", what);
    }
    reached(peer, ret_answer);
    return true;
}

static bool ask_kms(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    struct peer peer;
    if (!locate(sim, job->host, job->port, &peer, err)) {
        return false;
    }
    if (ends_here(sim, job->host, &peer, ret_answer)) {
        return true;
    }
    const char *what = arena_format(sim->arena, "network.kms %s", peer.by_name);
    return ask_talk(sim, &peer, what, answers_of(&sim->document.network.kms, &peer), ret_answer, err);
}

struct url {
    const char *host, *path;
    uint16_t port;
};

static bool split_url(struct arena *arena, const char *url, struct url *ret_url, struct err *err)
{
    bool is_secure = text_starts(url, "https://");
    if (!is_secure && !text_starts(url, "http://")) {
        return err_set(err, ERR_INVALID, 0, "%s is no http address", url);
    }
    const char *host = url + strlen(is_secure ? "https://" : "http://");
    size_t length = strcspn(host, "/?");
    const char *authority = arena_copy(arena, host, length);
    bool is_bracketed = authority[0] == '[';
    size_t end = is_bracketed ? strcspn(authority, "]") : strcspn(authority, ":");
    const char *behind = authority + end + (is_bracketed && authority[end] == ']' ? 1 : 0);
    int64_t port = is_secure ? 443 : 80;
    if (*behind == ':' && (!text_to_int(behind + 1, &port) || port < 1 || port > UINT16_MAX)) {
        return err_set(err, ERR_INVALID, 0, "%s has no valid port", url);
    }
    ret_url->host = arena_copy(arena, authority + (is_bracketed ? 1 : 0), end - (is_bracketed ? 1 : 0));
    ret_url->path = host + length;
    ret_url->port = (uint16_t)port;
    return true;
}

static void cut_to_limit(const struct net_job *job, struct sim_answer *answer)
{
    if (job->limit_bytes > 0 && answer->reply.body_size > job->limit_bytes) {
        int64_t ms = answer->ms;
        *answer = ended(NET_TOO_LARGE, NULL);
        answer->ms = ms;
    }
}

static bool ask_http(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    struct url url = {0};
    struct peer peer;
    if (!split_url(sim->arena, job->url, &url, err) || !locate(sim, url.host, url.port, &peer, err)) {
        return false;
    }
    if (ends_here(sim, url.host, &peer, ret_answer)) {
        return true;
    }
    struct sim_answers *answers = find(&sim->document.network.http, job->url);
    bool is_served = answers == NULL && is_imds(&peer) && sim->document.network.imds.json != NULL &&
                     answers_of(&sim->document.network.tcp, &peer) == NULL;
    if (is_served) {
        if (!sim_imds_get(sim, job, url.path, ret_answer, err)) {
            return false;
        }
        reached(&peer, ret_answer);
    } else if (!ask_talk(sim, &peer, arena_format(sim->arena, "network.http %s", job->url), answers, ret_answer, err)) {
        return false;
    }
    if (ret_answer->reply.date == SIM_DATE_NOW) {
        ret_answer->reply.date = sim_clock_right(sim);
    }
    cut_to_limit(job, ret_answer);
    return true;
}

static bool (*const askers[NET_TYPE_COUNT])(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer,
                                            struct err *err) = {
    [NET_RESOLVE_SYSTEM] = ask_system, [NET_RESOLVE_HOSTS] = ask_hosts, [NET_RESOLVE_SERVER] = ask_server,
    [NET_CONNECT] = ask_connect,       [NET_KMS_BIND] = ask_kms,        [NET_HTTP] = ask_http,
};

bool sim_network_ask(struct sim *sim, const struct net_job *job, struct sim_answer *ret_answer, struct err *err)
{
    if (!sim_is_recording(sim)) {
        return askers[job->type](sim, job, ret_answer, err);
    }
    if (!sim_asked(sim, job, ret_answer, err)) {
        return false;
    }
    cut_to_limit(job, ret_answer);
    return true;
}

enum { DNS_PORT = 53 };

/* Where the packets of a job go, as connectTo writes it; NULL: nowhere that can be redirected. */
static const char *target(const struct sim *sim, const struct net_job *job)
{
    struct url url = {0};
    struct err ignored = {0};
    switch (job->type) {
    case NET_CONNECT:
    case NET_KMS_BIND:
        return endpoint(sim->arena, job->host, job->port);
    case NET_RESOLVE_SERVER:
        return endpoint(sim->arena, job->server, DNS_PORT);
    case NET_HTTP:
        return split_url(sim->arena, job->url, &url, &ignored) ? endpoint(sim->arena, url.host, url.port) : NULL;
    case NET_RESOLVE_SYSTEM:
    case NET_RESOLVE_HOSTS:
    case NET_TYPE_COUNT:
        break;
    }
    return NULL;
}

bool sim_network_is_real(const struct sim *sim, const struct net_job *job)
{
    const struct sim_network *network = &sim->document.network;
    const char *to = network->redirect_count > 0 ? target(sim, job) : NULL;
    for (size_t i = 0; to != NULL && i < network->redirect_count; i++) {
        if (text_equal(network->redirects[i].from, to)) {
            return true;
        }
    }
    return false;
}

const struct sim_section sim_network_section = {
    .field = SIM_OBJECT("network", network, struct sim_network, &sim_network_fields, "what the network answers"),
    .load = load_section,
};
