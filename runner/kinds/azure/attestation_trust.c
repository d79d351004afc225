/* SPDX-License-Identifier: MIT */
#include "kinds/azure/attestation_trust.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"
#include "kinds/azure/attestation.h"
#include "kinds/azure/proxy.h"

#define AUTH_ROOT_POLICY "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\AuthRoot"

enum {
    HTTP_PORT = 80,
    FETCHES = 4,
    FETCH_JOBS = 32,
    HOSTS = 16
}; /* the platform's chains lack two at most and name five hosts */

const char *const trust_role_names[] = {"issuer", "ocsp", NULL};

/* --- what to ask --- */

static bool is_documented(const struct trust *trust, const char *host)
{
    for (size_t i = 0; i < trust->hosts->as.list.count; i++) {
        if (text_equal(trust->hosts->as.list.items[i].as.text, host)) {
            return true;
        }
    }
    return false;
}

static struct trust_host *find_host(const struct trust *trust, const char *name, enum trust_role role)
{
    for (size_t i = 0; i < trust->named.count; i++) {
        struct trust_host *found = &((struct trust_host *)trust->named.items)[i];
        if (found->role == role && text_equal(found->name, name)) {
            return found;
        }
    }
    return NULL;
}

/* claim: certificates.winhttp-proxy */
static void name_hosts(struct trust *trust, struct host *host_of, const struct certificate_texts *urls,
                       enum trust_role role)
{
    for (size_t i = 0; i < urls->count; i++) {
        const char *host = attestation_host(trust->arena, urls->items[i]);
        if (host == NULL || trust->named.count == HOSTS || find_host(trust, host, role) != NULL) {
            continue;
        }
        struct trust_host *named = arena_push(trust->arena, &trust->named, sizeof *named);
        *named = (struct trust_host){
            .name = host, .role = role, .job = SIZE_MAX, .proxy = proxy_of_winhttp(trust->arena, host_of, host)};
        if (is_documented(trust, host)) {
            named->job = trust->jobs.count;
            *(struct trust_job *)arena_push(trust->arena, &trust->jobs, sizeof(struct trust_job)) =
                (struct trust_job){.host = host};
        }
    }
}

static void name_all_hosts(struct trust *trust, struct host *host, const struct crypto_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        name_hosts(trust, host, &chain->elements[i].certificate.issuer_urls, TRUST_ISSUER);
        name_hosts(trust, host, &chain->elements[i].certificate.ocsp_urls, TRUST_OCSP);
    }
}

/* The next address of the last element's issuer that a documented host has. claim: certificates.several-issuer-urls */
static bool plan_next_url(struct trust *trust)
{
    const struct certificate_texts *urls = &trust->fetched.elements[trust->fetched.count - 1].certificate.issuer_urls;
    while (trust->next_url < urls->count && trust->jobs.count < FETCH_JOBS) {
        const char *url = urls->items[trust->next_url++];
        const char *host = attestation_host(trust->arena, url);
        if (host != NULL && is_documented(trust, host)) {
            *(struct trust_job *)arena_push(trust->arena, &trust->jobs, sizeof(struct trust_job)) =
                (struct trust_job){.host = host, .url = url};
            return true;
        }
    }
    return false;
}

/* Where the issuer of the last element lies, if a documented host has it. */
static void plan_fetch(struct trust *trust)
{
    trust->fetch_end = NULL;
    trust->next_url = 0;
    if (!trust->fetched.is_complete && (trust->got.count >= FETCHES || !plan_next_url(trust))) {
        trust->fetch_end = "no documented host has the next certificate";
    }
}

/* An address that is of no use; the answer stands where there is no other. */
static void try_next_url(struct trust *trust, const char *why)
{
    trust->fetch_end = plan_next_url(trust) ? NULL : why;
}

/* --- what the machine says --- */

static bool build(struct trust *trust, struct host *host, enum crypto_reach reach, struct certificates extra,
                  struct crypto_chain *ret_chain)
{
    const struct crypto_chain_query query = {.leaf = &trust->leaf, .extra = extra, .reach = reach};
    struct err err = {0};
    if (host_crypto_chain(host, &query, ret_chain, &err)) {
        return true;
    }
    trust->failure = arena_text(trust->arena, err.text);
    return false;
}

/* Only asked where a chain ends in a root that the machine does not have. */
static void look_at_policy(struct trust *trust, struct host *host)
{
    const struct crypto_chain *best = trust_best(trust);
    struct registry_value value = {0};
    struct err err = {0};
    if (best->is_complete && !best->root_trusted) {
        trust->no_new_roots = host_registry_query(host, AUTH_ROOT_POLICY, "DisableRootAutoUpdate", &value, &err) &&
                              value.exists && value.is_number && value.number == 1;
    }
}

void trust_begin(struct trust *trust, struct host *host, bool asks)
{
    if (!build(trust, host, CRYPTO_MACHINE, trust->embedded, &trust->machine)) {
        return;
    }
    trust->cached = trust->machine;
    trust->fetched = trust->machine;
    if (!trust->machine.holds && !build(trust, host, CRYPTO_CACHED, trust->embedded, &trust->cached)) {
        return;
    }
    look_at_policy(trust, host);
    trust->fetch_end = "nothing was asked";
    if (asks) {
        name_all_hosts(trust, host, &trust->machine);
        plan_fetch(trust);
    }
}

/* All that may stand between leaf and root: what the message carries and what was fetched. */
static struct certificates candidates(const struct trust *trust)
{
    size_t count = trust->embedded.count + trust->got.count;
    struct certificate *items = arena_array(trust->arena, count, sizeof *items);
    const struct certificate *got = trust->got.items;
    for (size_t i = 0; i < count; i++) {
        items[i] = i < trust->embedded.count ? trust->embedded.items[i] : got[i - trust->embedded.count];
    }
    return (struct certificates){.items = items, .count = count};
}

static void take_fetched(struct trust *trust, struct host *host, const struct net_reply *reply)
{
    struct certificate certificate = {0};
    struct err err = {0};
    size_t before = trust->fetched.count;
    const char *wanted = trust->fetched.elements[before - 1].certificate.issuer;
    if (reply->outcome != NET_ANSWERED || reply->status != 200) {
        const char *why = arena_format(trust->arena, "fetching: %s, status %ld", net_outcome_names[reply->outcome],
                                       reply->outcome == NET_ANSWERED ? reply->status : 0L);
        trust->unread = reply->outcome == NET_FAILED ? why : trust->unread;
        try_next_url(trust, why);
        return;
    }
    if (!host_certificate_read(host, reply->body, reply->body_size, &certificate, &err)) {
        trust->unread = arena_text(trust->arena, err.text);
        try_next_url(trust, trust->unread);
        return;
    }
    if (!certificate.exists || !text_same(certificate.subject, wanted)) {
        try_next_url(trust, "what was fetched is not the certificate that was looked for");
        return;
    }
    *(struct certificate *)arena_push(trust->arena, &trust->got, sizeof certificate) = certificate;
    if (!build(trust, host, CRYPTO_MACHINE, candidates(trust), &trust->fetched)) {
        return;
    }
    name_all_hosts(trust, host, &trust->fetched);
    if (trust->fetched.count > before) {
        plan_fetch(trust);
    } else {
        try_next_url(trust, "what was fetched does not belong into the chain");
    }
    look_at_policy(trust, host);
}

void trust_verify(struct trust *trust, struct host *host, const struct net_reply *replies, size_t count)
{
    for (; trust->failure == NULL && trust->taken < count; trust->taken++) {
        const struct trust_job *job = &((const struct trust_job *)trust->jobs.items)[trust->taken];
        if (job->url != NULL) {
            take_fetched(trust, host, &replies[trust->taken]);
        }
    }
}

size_t trust_next(const struct trust *trust, size_t done, int64_t probe_ms, struct net_job *jobs, size_t room)
{
    size_t count = 0;
    for (size_t i = done; trust->failure == NULL && i < trust->jobs.count && count < room; i++) {
        const struct trust_job *job = &((const struct trust_job *)trust->jobs.items)[i];
        jobs[count++] = (struct net_job){.type = job->url != NULL ? NET_HTTP : NET_CONNECT,
                                         .host = job->host,
                                         .port = HTTP_PORT,
                                         .url = job->url,
                                         .limit_bytes = LIMIT_CERTIFICATE_BYTES,
                                         .timeout_ms = probe_ms};
    }
    return count;
}

/* --- what comes of it --- */

const struct crypto_chain *trust_best(const struct trust *trust)
{
    const struct crypto_chain *const order[] = {&trust->machine, &trust->fetched, &trust->cached};
    const struct crypto_chain *longest = order[0];
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (order[i]->is_complete) {
            return order[i];
        }
        longest = order[i]->count > longest->count ? order[i] : longest;
    }
    return longest;
}

struct value trust_root(const struct trust *trust, const struct crypto_chain *chain)
{
    const struct crypto_element *last = &chain->elements[chain->count - 1];
    if (!chain->is_complete) {
        return value_unknown("the chain does not reach a root");
    }
    if (chain->root_trusted) {
        return value_bool(true);
    }
    bool is_settled = chain->count == 1 || last->is_disallowed || trust->no_new_roots;
    return is_settled ? value_bool(false)
                      : value_unknown_format(trust->arena, "%.200s is not installed, but Windows may fetch a root",
                                             last->certificate.subject);
}

struct value trust_holds(const struct trust *trust, const struct crypto_chain *chain)
{
    bool may_hold = chain->is_complete && !chain->root_trusted && chain->in_time;
    for (size_t i = 0; i < chain->count; i++) {
        may_hold = may_hold && !chain->elements[i].is_disallowed;
    }
    struct value root = trust_root(trust, chain);
    return may_hold && root.state == VALUE_UNKNOWN ? root : value_bool(chain->holds);
}
