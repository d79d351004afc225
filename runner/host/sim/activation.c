/* SPDX-License-Identifier: MIT */
/*
 * Keys and activation, behaving as documented: Activate succeeds only where target, channel, network, clock and the KMS
 * would let it; else it returns the outer code and writes the event that carries the inner one. Sources:
 * https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/ (error-0xc004f06c,
 * error-0xc004f074, rebuild-tokens-dotdat-file) and .../windows-server/get-started/activation-troubleshoot-kms-general
 * (12288, 12289). claim: events.one-data-with-commas, claim: events.request-state,
 * claim: kms.application-scope-at-once
 */
#include <string.h>

#include "base/text.h"
#include "host/platform.h"
#include "host/sim/licensing.h"

enum {
    KMS_COUNT = 50,
    ACTIVATION_MINUTES = 120,
    RENEWAL_MINUTES = 10080,
    GRACE_MINUTES = 180 * 24 * 60,
    SKEW_SECONDS = 4 * 3600,   /* a KMS refuses a client whose clock is further away */
    BLACKHOLE_MS = 21 * 1000,  /* three SYNs of Windows, then it gives up */
    SILENT_DNS_MS = 12 * 1000, /* all tries of Windows' resolver */
    REQUEST_SENT = 12288,
    RESPONSE_PROCESSED = 12289,
    STATUS_LICENSED = 1,
    STATUS_NOTIFICATION = 5,
    ENABLED_AD = 1,
    ENABLED_TOKEN = 3,
    TYPE_KMS = 2,
};

/* --- product keys --- */

static bool is_kms_client(const char *description)
{
    return description != NULL && text_contains(description, "VOLUME_KMSCLIENT");
}

static const struct sim_key *find_key(const struct sim_licensing *licensing, const char *key)
{
    const struct sim_key *keys = licensing->keys.items;
    for (size_t i = 0; i < licensing->keys.count; i++) {
        if (text_equal(keys[i].key, key)) {
            return &keys[i];
        }
    }
    return NULL;
}

/* An evaluation edition takes no key of a full one. */
static bool is_evaluation(const struct sim_licensing *licensing)
{
    const struct sim_product *products = licensing->products.items;
    for (size_t i = 0; i < licensing->products.count; i++) {
        const char *description = products[i].facts.description;
        if (description != NULL && text_contains(description, "TIMEBASED_EVAL")) {
            return true;
        }
    }
    return false;
}

static struct sim_product product_of(struct arena *arena, const struct sim_key *key)
{
    uint32_t reason = is_kms_client(key->description) ? SL_NOT_BOUND : SL_NOT_LICENSED_YET;
    size_t length = strlen(key->key);
    return (struct sim_product){
        .facts = {.id = key->id,
                  .description = key->description,
                  .family = key->family,
                  .channel = key->channel,
                  .partial_key = length > 5 ? key->key + length - 5 : key->key,
                  .status = STATUS_NOTIFICATION,
                  .reason = reason},
        .reason = arena_format(arena, "0x%08X", (unsigned)reason),
        .is_changed = true,
    };
}

/* The one key that counts is replaced; add-ons and other applications keep theirs. The new product has an id, and so a
 * KMS scope, of its own.
 */
static void replace_product(struct sim *sim, const struct sim_key *key)
{
    struct field_list *list = &sim->document.licensing.products;
    const struct sim_product *before = list->items;
    struct sim_product *products = arena_array(sim->arena, list->count + 1, sizeof *products);
    size_t count = 0;
    products[count++] = product_of(sim->arena, key);
    for (size_t i = 0; i < list->count; i++) {
        if (before[i].facts.is_addon || !licensing_is_windows(&before[i].facts)) {
            products[count++] = before[i];
        }
    }
    *list = (struct field_list){.items = products, .count = count};
}

bool sim_licensing_install_key(void *backend, const char *key, struct err *err)
{
    struct sim *sim = backend;
    const struct sim_licensing *licensing = &sim->document.licensing;
    if (!sim_licensing_enter(sim, err) || !sim_store_serves(sim, err)) {
        return false;
    }
    if (json_find(licensing->json, "keys") == NULL) {
        return sim_unlisted(sim, err, "licensing.keys");
    }
    const struct sim_key *found = find_key(licensing, key);
    if (found == NULL || is_evaluation(licensing)) {
        return sim_licensing_fail(SL_MISMATCHED, err);
    }
    replace_product(sim, found);
    return sim_pass(sim, err);
}

/* --- whom it asks --- */

/* One Activate: whom it asks, what it came to, and how long it took. */
struct activation {
    struct sim *sim;
    struct sim_product *product;
    const char *host; /* NULL: nobody says */
    int64_t port;
    int64_t ms;
    uint32_t code;    /* what Activate returns; 0: activated */
    uint32_t sent;    /* first field of 12288 */
    bool is_sent;     /* there is a 12288 */
    bool is_answered; /* there is a 12289 */
    bool is_kept;     /* host is the one that was found before */
};

static bool ask(struct activation *activation, const struct net_job *job, struct sim_answer *ret_answer,
                int64_t silence_ms, struct err *err)
{
    struct sim_answer answer = {0};
    if (!sim_network_ask(activation->sim, job, &answer, err)) {
        return false;
    }
    activation->ms += answer.ms == SIM_NEVER ? silence_ms : answer.ms;
    *ret_answer = answer;
    return true;
}

/* Azure's resolver stands for whichever the machine asks. */
static bool discover(struct activation *activation, const char *domain, struct err *err)
{
    struct sim_answer answer = {0};
    struct net_job job = {.type = NET_RESOLVE_SERVER,
                          .record = NET_RECORD_SRV,
                          .host = arena_format(activation->sim->arena, "_vlmcs._tcp.%s", domain),
                          .server = PLATFORM_HOST};
    if (!ask(activation, &job, &answer, SILENT_DNS_MS, err)) {
        return false;
    }
    if (answer.reply.service_count > 0) {
        activation->host = answer.reply.services[0].target;
        activation->port = answer.reply.services[0].port;
    }
    return true;
}

/* The first suffix whose SRV record names a KMS host. claim: discovery.search-list */
static bool discover_by_suffixes(struct activation *activation, struct err *err)
{
    struct sim *sim = activation->sim;
    struct arena_list suffixes = {0};
    (void)sim_system_suffixes(sim, sim->arena, &suffixes); /* the service reads what azmend may not */
    const char *const *items = suffixes.items;
    for (size_t i = 0; i < suffixes.count && activation->host == NULL; i++) {
        if (!discover(activation, items[i], err)) {
            return false;
        }
    }
    return true;
}

/* What it found before goes first. claim: discovery.host-is-kept */
static bool use_discovered(struct activation *activation)
{
    const struct licensing_product *product = &activation->product->facts;
    if (product->discovered_host == NULL || product->discovered_host[0] == '\0') {
        return false;
    }
    activation->is_kept = true;
    activation->host = product->discovered_host;
    bool has_port = product->discovered_port > 0 && product->discovered_port <= UINT16_MAX;
    activation->port = has_port ? product->discovered_port : SIM_KMS_PORT;
    return true;
}

static bool find_target(struct activation *activation, struct err *err)
{
    struct sim *sim = activation->sim;
    struct registry_value domain = {0};
    if (!sim_licensing_effective(sim, activation->product->facts.id, sim->arena, &activation->host, &activation->port,
                                 err) ||
        !sim_registry_look(sim, SIM_PLATFORM, "KeyManagementServiceLookupDomain", sim->arena, &domain, err)) {
        return false;
    }
    if (activation->host == NULL && domain.text != NULL && *domain.text != '\0') {
        return discover(activation, domain.text, err);
    }
    return activation->host != NULL || use_discovered(activation) || discover_by_suffixes(activation, err);
}

/* --- what the network does to it --- */

/* An outcome that is no KMS, and what event 12288 says of it. All others: SL_NO_KMS. */
static const struct {
    enum net_outcome outcome;
    uint32_t sent;
} failures[] = {
    {NET_REFUSED, 0xC0020017U}, /* RPC_NT_SERVER_UNAVAILABLE */
    {NET_UNREACHABLE, 0xC0020017U},    {NET_DENIED, 0xC0020017U},
    {NET_NO_NAME, 0x8007232BU},        /* DNS name does not exist */
    {NET_NO_DATA, 0x8007251DU},        /* no records for the query */
    {NET_SERVER_FAILURE, 0x8007232AU}, /* DNS server failure */
};

static uint32_t sent_of(enum net_outcome outcome)
{
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        if (failures[i].outcome == outcome) {
            return failures[i].sent;
        }
    }
    return SL_NO_KMS;
}

static void refuse(struct activation *activation, uint32_t sent)
{
    activation->code = SL_NO_KMS;
    activation->sent = sent;
    activation->is_sent = true;
}

/* Is anything scripted for this very address? */
static bool is_scripted(const struct sim *sim, const char *address, int64_t port)
{
    bool is_bracketed = strchr(address, ':') != NULL;
    const char *endpoint = arena_format(sim->arena, "%s%s%s:%lld", is_bracketed ? "[" : "", address,
                                        is_bracketed ? "]" : "", (long long)port);
    const struct sim_network *network = &sim->document.network;
    return sim_table_find(&network->kms, endpoint) != NULL || sim_table_find(&network->tcp, endpoint) != NULL;
}

/* A bind stands for the connection and the request; one address after the other until one listens. */
static bool reach(struct activation *activation, bool *ret_reached, struct err *err)
{
    struct sim *sim = activation->sim;
    struct sim_answer found = {0};
    struct sim_answer bound = {0};
    struct net_job resolve = {.type = NET_RESOLVE_SYSTEM, .host = activation->host};
    struct net_job bind = {.type = NET_KMS_BIND, .host = activation->host, .port = (uint16_t)activation->port};
    if (!ask(activation, &resolve, &found, SILENT_DNS_MS, err)) {
        return false;
    }
    *ret_reached = false;
    if (found.reply.outcome != NET_ANSWERED) {
        refuse(activation, sent_of(found.reply.outcome));
        return true;
    }
    for (size_t i = 0; i < found.reply.address_count && !*ret_reached; i++) {
        bind.host = i == 0 ? activation->host : found.reply.addresses[i].text;
        if (i > 0 && !is_scripted(sim, bind.host, activation->port)) {
            break;
        }
        sim->is_client_asking = true;
        bool is_asked = ask(activation, &bind, &bound, BLACKHOLE_MS, err);
        sim->is_client_asking = false;
        if (!is_asked) {
            return false;
        }
        *ret_reached = bound.reply.outcome == NET_ACCEPTED;
    }
    if (!*ret_reached) {
        refuse(activation, sent_of(bound.reply.outcome));
    }
    return true;
}

/* The host that was found before does not answer: DNS is asked anew, and another one that it names is tried. */
static bool reach_another(struct activation *activation, bool *ret_reached, struct err *err)
{
    struct activation anew = *activation;
    anew.host = NULL;
    anew.is_kept = false;
    if (!discover_by_suffixes(&anew, err)) {
        return false;
    }
    activation->ms = anew.ms;
    if (anew.host == NULL || text_equal(anew.host, activation->host)) {
        return true;
    }
    *activation = anew;
    return reach(activation, ret_reached, err);
}

/* --- what the KMS says --- */

/* Codes that mean that no answer came; any other is the answer itself. */
static bool is_silence(uint32_t code)
{
    static const uint32_t silent[] = {SL_NO_KMS, 0xC0020017U, 0x8007139FU, 0x800706BAU, 0x800705B4U};
    for (size_t i = 0; i < COUNT_OF(silent); i++) {
        if (silent[i] == code) {
            return true;
        }
    }
    return false;
}

static uint32_t take_service(struct sim_licensing *licensing)
{
    uint32_t code = licensing->serves[licensing->serves_next];
    licensing->serves_next += licensing->serves_next + 1 < licensing->serves_count ? 1 : 0;
    return code;
}

static void be_served(struct activation *activation)
{
    struct sim *sim = activation->sim;
    int64_t skew = sim->document.clock.skew_seconds;
    if (skew > SKEW_SECONDS || skew < -SKEW_SECONDS) {
        refuse(activation, SL_WRONG_TIME);
        return;
    }
    uint32_t code = take_service(&sim->document.licensing);
    if (is_silence(code)) {
        refuse(activation, code);
        return;
    }
    activation->is_sent = true;
    activation->is_answered = true;
    activation->code = code;
}

/* --- Activate --- */

/* Why a product asks no KMS at all; 0: it does. One of another edition or version stays what it is until its key is
 * replaced, whichever KMS there is.
 */
static uint32_t obstacle(const struct licensing_product *product)
{
    static const struct {
        const char *token;
        uint32_t code;
    } channels[] = {{"VIRTUAL_MACHINE_ACTIVATION", 0xC004FD01U}, {"TIMEBASED_EVAL", 0xC004F009U}};
    const char *description = product->description != NULL ? product->description : "";
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        if (text_contains(description, channels[i].token)) {
            return channels[i].code;
        }
    }
    if (!is_kms_client(description)) {
        return 0xC004C003U; /* the activation server determined that the key is blocked */
    }
    return product->reason == SL_MISMATCHED               ? SL_MISMATCHED
           : product->activation_enabled == ENABLED_AD    ? 0xC004F081U
           : product->activation_enabled == ENABLED_TOKEN ? 0xC004F301U
                                                          : 0;
}

static bool run_activation(struct activation *activation, struct err *err)
{
    bool is_reached = false;
    activation->code = obstacle(&activation->product->facts);
    if (activation->code != 0) {
        return true;
    }
    if (!find_target(activation, err)) {
        return false;
    }
    if (activation->host == NULL) {
        activation->code = 0x8007232BU; /* DNS name does not exist: nobody to ask, so no request */
        return true;
    }
    if (!reach(activation, &is_reached, err) ||
        (!is_reached && activation->is_kept && !reach_another(activation, &is_reached, err))) {
        return false;
    }
    if (is_reached) {
        be_served(activation);
    }
    return true;
}

static void log_activation(const struct activation *activation)
{
    struct sim *sim = activation->sim;
    const struct licensing_product *product = &activation->product->facts;
    const char *utc = clock_format_utc(sim->arena, sim_utc_ms(sim));
    const char *when =
        arena_format(sim->arena, "%.4s/%.2s/%.2s %.5s", utc, utc + 5, utc + 8, utc + 11); /* 2026/01/15 08:00 */
    if (activation->is_sent) {
        sim_event_log(
            sim, REQUEST_SENT,
            arena_format(sim->arena,
                         "0x%08X, 0x00000000, %s:%lld, 4d3c2b1a-0000-4000-8000-000000000001, %s, 1, %lld, %lld, "
                         "%s, 5",
                         (unsigned)activation->sent, activation->host, (long long)activation->port, when,
                         (long long)product->status, (long long)product->grace_minutes, product->id));
    }
    if (activation->is_answered) {
        sim_event_log(sim, RESPONSE_PROCESSED,
                      arena_format(sim->arena, "0x%08X, 0x00000000, %d, 0, %d, %d, %d, %s", (unsigned)activation->code,
                                   activation->code == 0 ? 1 : 0, KMS_COUNT, ACTIVATION_MINUTES, RENEWAL_MINUTES,
                                   when));
    }
}

static void license(struct arena *arena, struct sim_product *product)
{
    product->facts.status = STATUS_LICENSED;
    product->facts.reason = SL_ACTIVATED;
    product->reason = arena_format(arena, "0x%08X", SL_ACTIVATED);
    product->facts.grace_minutes = GRACE_MINUTES;
    product->facts.activation_type = TYPE_KMS;
    product->is_changed = true;
}

bool sim_licensing_activate(void *backend, const char *sku, int64_t timeout_ms, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_licensing_enter(sim, err) || !sim_store_serves(sim, err)) {
        return false;
    }
    struct activation activation = {
        .sim = sim, .product = sim_licensing_find(sim, sku), .ms = sim->document.licensing.activate_ms};
    if (activation.product == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "no licensing product %s", sku);
    }
    if (!run_activation(&activation, err)) {
        return false;
    }
    if (activation.ms > timeout_ms) {
        sim->now_ms += timeout_ms;
        return err_set(err, ERR_TIMEOUT, 0, "Activate has not come back within %lld ms", (long long)timeout_ms);
    }
    sim->now_ms += activation.ms;
    log_activation(&activation);
    if (activation.code != 0) {
        return sim_licensing_fail(activation.code, err);
    }
    license(sim->arena, activation.product);
    return sim_pass(sim, err);
}
