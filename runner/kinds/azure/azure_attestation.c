/* SPDX-License-Identifier: MIT */
/*
 * The attested document of IMDS: asked for with a fresh number, its signature and its signer's chain judged by the
 * machine's own cryptography, every doubt a fact of its own. Source:
 * https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (attested data) and
 * https://learn.microsoft.com/azure/security/fundamentals/azure-certificate-authority-details.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/crypto/crypto.h"
#include "host/platform.h"
#include "kinds/azure/attestation.h"
#include "kinds/azure/attestation_rows.h"
#include "kinds/azure/imds.h"
#include "kinds/azure/proxy.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

/* Microsoft's page on these certificates counts a clock as wrong from five minutes on. */
enum { NONCE_DIGITS = 10, CLOCK_TOLERANCE_SECONDS = 300 };

enum { PARAM_SIGNERS, PARAM_HOSTS, PARAM_COUNT };

static const struct column params[] = {
    [PARAM_SIGNERS] = LIST_COLUMN("signers", TYPE_TEXT, COLUMN_REQUIRED,
                                  "documented names of the signer; names below them count too"),
    [PARAM_HOSTS] = LIST_COLUMN("hosts", TYPE_TEXT, COLUMN_REQUIRED,
                                "documented hosts of issuers' certificates and of OCSP; no other one is ever asked"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

enum {
    DOCUMENT,
    READABLE,
    FLAW,
    SIGNATURE,
    NONCE,
    CURRENT,
    CREATED_ON,
    EXPIRES_ON,
    VM_ID,
    SIGNER,
    SIGNER_KNOWN,
    SELF_SIGNED,
    CHAIN,
    COMPLETE,
    ROOT_TRUSTED,
    HOLDS,
    HOLDS_CACHED,
    CACHED_ONLY,
    HOLDS_FETCHED,
    FETCHED,
    MISSING,
    MISSING_ISSUER,
    DISALLOWED,
    EXPIRES_IN_DAYS,
    HOSTS,
    WIN_HTTP_PROXY,
    ENVIRONMENT_PROXY,
    PROXY_SWALLOWS,
    RESTRICTED,
    PROPERTY_COUNT
};

static const struct column properties[] = {
    [DOCUMENT] = BOOL_COLUMN("document", 0, "IMDS gives one"),
    [READABLE] = BOOL_COLUMN("readable", 0, "it is a signed message with JSON inside"),
    [FLAW] = TEXT_COLUMN("flaw", 0, "why it is not readable"),
    [SIGNATURE] = BOOL_COLUMN("signature", 0, "the signature over its content holds"),
    [NONCE] =
        BOOL_COLUMN("nonce", 0, "it carries the number that we asked with; false: an older or another's document"),
    [CURRENT] = BOOL_COLUMN("current", 0, "the machine's time is between createdOn and expiresOn, give or take 5 min"),
    [CREATED_ON] = INT_COLUMN("createdOn", 0, 0, UNIT_TIME, 0, "begin of its validity"),
    [EXPIRES_ON] = INT_COLUMN("expiresOn", 0, 0, UNIT_TIME, 0, "end of its validity"),
    [VM_ID] = SHAPED_COLUMN("vmId", SHAPE_GUID, 0, "of the machine that it speaks of"),
    [SIGNER] = TEXT_COLUMN("signer", 0, "common name of the signer"),
    [SIGNER_KNOWN] = BOOL_COLUMN("signerKnown", 0, "one of its names is documented"),
    [SELF_SIGNED] = BOOL_COLUMN("selfSigned", 0, "the signer vouches for itself"),
    [CHAIN] = ROWS_COLUMN("chain", &attestation_chain, 0, "from the signer upwards, as far as anybody has it"),
    [COMPLETE] = BOOL_COLUMN("complete", 0, "LocalMachine's stores alone make it reach a root"),
    [ROOT_TRUSTED] = BOOL_COLUMN("rootTrusted", 0, "that root is in LocalMachine; unknown: Windows may still fetch it"),
    [HOLDS] = BOOL_COLUMN("holds", 0, "the whole chain holds by LocalMachine's stores alone"),
    [HOLDS_CACHED] = BOOL_COLUMN("holdsCached", 0, "it holds with what this account's own store has cached"),
    [CACHED_ONLY] = BOOL_COLUMN("cachedOnly", 0, "it holds only with that"),
    [HOLDS_FETCHED] = BOOL_COLUMN("holdsFetched", 0, "it would hold with what is missing, fetched"),
    [FETCHED] = BOOL_COLUMN("fetched", 0, "the documented hosts gave all that is missing"),
    [MISSING] =
        ROWS_COLUMN("missing", &attestation_missing, 0, "what is not in LocalMachine, the one nearest the root first"),
    [MISSING_ISSUER] =
        TEXT_COLUMN("missingIssuer", 0, "common name of the issuer at which LocalMachine's chain breaks off"),
    [DISALLOWED] = LIST_COLUMN("disallowed", TYPE_TEXT, 0, "thumbprints of the chain that are in the Disallowed store"),
    [EXPIRES_IN_DAYS] =
        INT_COLUMN("expiresInDays", 0, 0, UNIT_DAYS, 0, "time until the first expiry in the chain; below 0: past"),
    [HOSTS] = ROWS_COLUMN("hosts", &attestation_hosts, 0, "hosts that the chain's certificates name"),
    [WIN_HTTP_PROXY] = TEXT_COLUMN("winHttpProxy", 0, "proxy of WinHTTP that gets requests to " PLATFORM_IMDS),
    [ENVIRONMENT_PROXY] = TEXT_COLUMN("environmentProxy", 0, "the same of the system's environment"),
    [PROXY_SWALLOWS] = BOOL_COLUMN("proxySwallows", 0, "one of the two does"),
    [RESTRICTED] = BOOL_COLUMN("restricted", 0, "IMDS answers, but not this program (403 on /metadata/attested)"),
};
_Static_assert(COUNT_OF(properties) == PROPERTY_COUNT, "one row a property");

/* --- what was seen --- */

struct sight {
    const char *nonce, *query;
    struct value win_http_proxy, environment_proxy;
    size_t asked; /* replies of IMDS; 0: not over */
    struct imds_answer answer;
    int64_t now;         /* seconds since 1970, when it was answered */
    const char *flaw;    /* why the document is not readable */
    const char *failure; /* why the machine could not be asked */
    struct crypto_message message;
    struct attested_content content;
    bool has_trust;
    struct trust trust;
};

static const char *const versions[] = {"2025-04-07", "2021-02-01", "2020-09-01", "2018-10-01", NULL};

static struct imds_question question_of(const struct sight *sight)
{
    return (struct imds_question){
        .path = "/metadata/attested/document", .more = sight->query, .versions = versions, .patient = false};
}

/* Ten digits, as the page has them. */
static bool make_nonce(struct look *look, struct host *host, struct sight *sight, struct err *err)
{
    uint8_t bytes[NONCE_DIGITS];
    char digits[NONCE_DIGITS + 1] = "";
    if (!host_crypto_random(host, bytes, sizeof bytes, err)) {
        return false;
    }
    for (size_t i = 0; i < NONCE_DIGITS; i++) {
        digits[i] = (char)('0' + bytes[i] % 10);
    }
    sight->nonce = arena_text(look->arena, digits);
    sight->query = arena_format(look->arena, "&nonce=%s", digits);
    return true;
}

static bool azure_attestation_look(struct look *look, struct host *host, struct err *err)
{
    struct sight *sight = arena_alloc(look->arena, sizeof *sight);
    if (!make_nonce(look, host, sight, err)) {
        return false;
    }
    sight->win_http_proxy = proxy_of_winhttp(look->arena, host, PLATFORM_IMDS);
    sight->environment_proxy = proxy_of_environment(look->arena, host, PLATFORM_IMDS);
    look->local = sight;
    return true;
}

static size_t azure_attestation_next(struct look *look, struct net_job *jobs, size_t room)
{
    const struct sight *sight = look->local;
    struct imds_question question = question_of(sight);
    if (sight->asked == 0) {
        return imds_next(look, &question, jobs, room);
    }
    return sight->has_trust ? trust_next(&sight->trust, look->reply_count - sight->asked, look->probe_ms, jobs, room)
                            : 0;
}

static bool is_signer_known(const struct look *look, const struct certificate *signer)
{
    const struct value *names = &look->params[PARAM_SIGNERS];
    for (size_t i = 0; i < names->as.list.count; i++) {
        if (certificate_is_for(signer, names->as.list.items[i].as.text)) {
            return true;
        }
    }
    return false;
}

static void open_document(struct look *look, struct host *host, struct sight *sight)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct err err = {0};
    if (!attestation_bytes(look->arena, sight->answer.document, &bytes, &size, &sight->flaw)) {
        return;
    }
    if (!host_crypto_open_message(host, bytes, size, &sight->message, &err)) {
        sight->failure = arena_text(look->arena, err.text);
        return;
    }
    sight->flaw = sight->message.flaw;
    if (sight->flaw == NULL &&
        !attestation_content(look->arena, sight->message.content, sight->message.content_size, &sight->content)) {
        sight->flaw = "its content is no JSON object";
    }
}

/* Only a document that is what it says makes us ask somebody: its signature holds, and by a documented signer. */
static void begin_trust(struct look *look, struct host *host, struct sight *sight)
{
    const struct crypto_message *message = &sight->message;
    sight->has_trust = sight->failure == NULL && sight->flaw == NULL && message->signer.exists;
    if (sight->has_trust) {
        sight->trust = (struct trust){.hosts = &look->params[PARAM_HOSTS],
                                      .arena = look->arena,
                                      .leaf = message->signer,
                                      .embedded = message->embedded};
        trust_begin(&sight->trust, host, message->signature_holds && is_signer_known(look, &message->signer));
    }
}

static void azure_attestation_verify(struct look *look, struct host *host)
{
    struct sight *sight = look->local;
    if (sight->asked > 0) {
        trust_verify(&sight->trust, host, look->replies + sight->asked, look->reply_count - sight->asked);
        return;
    }
    struct imds_question question = question_of(sight);
    struct imds_answer answer = imds_follow(look, &question);
    if (answer.outcome == IMDS_ASK) {
        return;
    }
    sight->asked = look->reply_count;
    sight->answer = answer;
    sight->now = host_utc_ms(host) / 1000;
    if (answer.outcome == IMDS_ANSWERED) {
        open_document(look, host, sight);
        begin_trust(look, host, sight);
    }
}

/* --- facts --- */

static void fill_from(struct look *look, size_t first, size_t last, struct value value)
{
    for (size_t i = first; i <= last; i++) {
        look->cells[i] = value;
    }
}

static struct value time_cell(int64_t seconds)
{
    return seconds >= 0 ? value_int(seconds) : value_unknown("the document has no such time");
}

static struct value current_cell(const struct sight *sight)
{
    const struct attested_content *content = &sight->content;
    if (content->created_on < 0 || content->expires_on < 0) {
        return value_unknown("the document has no such time");
    }
    return value_bool(sight->now + CLOCK_TOLERANCE_SECONDS >= content->created_on &&
                      sight->now - CLOCK_TOLERANCE_SECONDS <= content->expires_on);
}

static void fill_document(struct look *look, const struct sight *sight)
{
    const struct certificate *signer = &sight->message.signer;
    look->cells[SIGNATURE] = value_bool(sight->message.signature_holds);
    look->cells[NONCE] = value_bool(text_same(sight->content.nonce, sight->nonce));
    look->cells[CURRENT] = current_cell(sight);
    look->cells[CREATED_ON] = time_cell(sight->content.created_on);
    look->cells[EXPIRES_ON] = time_cell(sight->content.expires_on);
    look->cells[VM_ID] = cell_checked(look->arena, &properties[VM_ID], sight->content.vm_id);
    if (!signer->exists) {
        fill_from(look, SIGNER, HOSTS, value_unknown("the document does not carry its signer's certificate"));
        return;
    }
    look->cells[SIGNER] = cell_text(look->arena, signer->common_name);
    look->cells[SIGNER_KNOWN] = value_bool(is_signer_known(look, signer));
    look->cells[SELF_SIGNED] = value_bool(signer->is_self_issued);
}

static void fill_chain(struct look *look, const struct crypto_chain *chain, int64_t now)
{
    struct value *rows = arena_array(look->arena, chain->count, sizeof *rows);
    struct value *disallowed = arena_array(look->arena, chain->count, sizeof *disallowed);
    size_t disallowed_count = 0;
    int64_t first_end = INT64_MAX;
    for (size_t i = 0; i < chain->count; i++) {
        const struct certificate *certificate = &chain->elements[i].certificate;
        rows[i] = attestation_element(look->arena, &chain->elements[i], now);
        first_end = certificate->not_after < first_end ? certificate->not_after : first_end;
        if (chain->elements[i].is_disallowed) {
            disallowed[disallowed_count++] = cell_text(look->arena, certificate->sha1);
        }
    }
    look->cells[CHAIN] = value_rows(rows, chain->count);
    look->cells[DISALLOWED] = value_list(TYPE_TEXT, disallowed, disallowed_count);
    look->cells[EXPIRES_IN_DAYS] = cell_days_until(first_end, now);
}

static struct value fetched_cell(const struct trust *trust)
{
    bool is_fetchable = trust->fetched.is_complete || trust->fetch_end == NULL;
    return is_fetchable ? trust_holds(trust, &trust->fetched) : value_unknown(trust->fetch_end);
}

static struct value cached_only_cell(const struct value *holds, const struct value *cached)
{
    bool is_certain = holds->state == VALUE_KNOWN && cached->state == VALUE_KNOWN;
    if (holds->state == VALUE_KNOWN && holds->as.boolean) {
        return value_bool(false);
    }
    return is_certain ? value_bool(cached->as.boolean)
                      : value_unknown(holds->state != VALUE_KNOWN ? holds->as.why : cached->as.why);
}

static void fill_trust(struct look *look, const struct sight *sight)
{
    const struct trust *trust = &sight->trust;
    if (trust->failure != NULL) {
        fill_from(look, CHAIN, HOSTS, value_unknown(trust->failure));
        return;
    }
    const struct crypto_chain *machine = &trust->machine;
    look->cells[COMPLETE] = value_bool(machine->is_complete);
    look->cells[ROOT_TRUSTED] = trust_root(trust, trust_best(trust));
    look->cells[HOLDS] = trust_holds(trust, machine);
    look->cells[HOLDS_CACHED] = trust_holds(trust, &trust->cached);
    look->cells[CACHED_ONLY] = cached_only_cell(&look->cells[HOLDS], &look->cells[HOLDS_CACHED]);
    look->cells[HOLDS_FETCHED] = fetched_cell(trust);
    look->cells[FETCHED] = value_bool(trust->fetched.is_complete);
    look->cells[MISSING] = attestation_missing_rows(trust);
    if (!machine->is_complete) {
        look->cells[MISSING_ISSUER] =
            cell_text(look->arena, machine->elements[machine->count - 1].certificate.issuer_name);
    }
    look->cells[HOSTS] = attestation_host_rows(trust, look->replies + sight->asked, look->reply_count - sight->asked);
    fill_chain(look, trust_best(trust), sight->now);
}

static void fill_answer(struct look *look, const struct sight *sight)
{
    if (sight->failure != NULL) {
        fill_from(look, READABLE, HOSTS, value_unknown(sight->failure));
    } else if (sight->flaw != NULL) {
        fill_from(look, SIGNATURE, HOSTS, value_unknown("the document is not readable"));
        look->cells[READABLE] = value_bool(false);
        look->cells[FLAW] = value_text(sight->flaw);
    } else {
        look->cells[READABLE] = value_bool(true);
        fill_document(look, sight);
        if (sight->has_trust) {
            fill_trust(look, sight);
        }
    }
}

static struct value swallows_cell(const struct sight *sight)
{
    const struct value *const proxies[] = {&sight->win_http_proxy, &sight->environment_proxy};
    struct value swallows = value_bool(false);
    for (size_t i = 0; i < COUNT_OF(proxies); i++) {
        if (proxies[i]->state == VALUE_KNOWN) {
            return value_bool(true);
        }
        swallows = proxies[i]->state == VALUE_UNKNOWN ? *proxies[i] : swallows;
    }
    return swallows;
}

static void azure_attestation_read(struct look *look)
{
    const struct sight *sight = look->local;
    const struct imds_answer *answer = &sight->answer;
    if (sight->asked > 0 && answer->outcome == IMDS_ANSWERED) {
        look->cells[DOCUMENT] = value_bool(true);
        fill_answer(look, sight);
    } else {
        struct value why = value_unknown(answer->why != NULL ? answer->why : "IMDS was not asked to the end");
        fill_from(look, READABLE, HOSTS, why);
        look->cells[DOCUMENT] = answer->outcome == IMDS_NONE ? value_bool(false) : why;
    }
    look->cells[WIN_HTTP_PROXY] = sight->win_http_proxy;
    look->cells[ENVIRONMENT_PROXY] = sight->environment_proxy;
    look->cells[PROXY_SWALLOWS] = swallows_cell(sight);
    look->cells[RESTRICTED] =
        sight->asked > 0 ? imds_restricted(answer) : value_unknown("IMDS was not asked to the end");
}

const struct kind kind_azure_attestation = {
    .name = "azure_attestation",
    .about = "the attested document of IMDS and the certificates behind it",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_NET) | NOUN_BIT(NOUN_FIREWALL) | NOUN_BIT(NOUN_CRYPTO) | NOUN_BIT(NOUN_CERTIFICATE) |
             NOUN_BIT(NOUN_REGISTRY) | NOUN_BIT(NOUN_CLOCK),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"signers\": [\"metadata.azure.com\"], \"hosts\": [\"www.microsoft.com\"]}",
    .look = azure_attestation_look,
    .verify = azure_attestation_verify,
    .next = azure_attestation_next,
    .read = azure_attestation_read,
};
