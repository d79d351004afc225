/* SPDX-License-Identifier: MIT */
/*
 * A certificate in a store of the machine. One that is missing may be added to CA: from bytes that were handed in, read
 * from an offline pack or fetched, when they have the thumbprint asked for and chain to a root that is trusted already.
 */
#include "host/nouns/certificate/certificate.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/base64.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/crypto/crypto.h"
#include "host/nouns/file/file.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_STORE, PARAM_THUMBPRINT, PARAM_BASE64, PARAM_FILE, PARAM_URL, PARAM_ABOVE, PARAM_COUNT };

static const struct column params[] = {
    [PARAM_STORE] =
        WORD_COLUMN("store", certificate_store_names, COLUMN_REQUIRED, "of LocalMachine; only CA is ever changed"),
    [PARAM_THUMBPRINT] = TEXT_COLUMN("thumbprint", COLUMN_REQUIRED, "SHA-1, forty hexadecimal digits"),
    [PARAM_BASE64] = TEXT_COLUMN("base64", 0, "the certificate itself: DER as base64, or PEM"),
    [PARAM_FILE] = TEXT_COLUMN("file", 0, "where an offline pack on this machine has it: DER or PEM"),
    [PARAM_URL] = TEXT_COLUMN("url", 0, "where it may be fetched; asked while it is neither in the store nor in those"),
    [PARAM_ABOVE] = LIST_COLUMN("above", TYPE_TEXT, 0,
                                "certificates that may stand between it and the root, DER as base64; never trusted"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

enum { SOURCE_BASE64, SOURCE_FILE, SOURCE_URL };
static const char *const sources[] = {"base64", "file", "url", NULL};

enum { EXISTS, SUBJECT, SHA256, NOT_AFTER, EXPIRES_IN_DAYS, AVAILABLE, SOURCE, FLAW, CHAINS, BYTES, PROPERTY_COUNT };

static const struct column properties[] = {
    [EXISTS] = WANTED_BOOL_COLUMN("exists", wants_true, 0,
                                  "it is in the store; true: added, if thumbprint and chain are right"),
    [SUBJECT] = TEXT_COLUMN("subject", 0, "whose it is"),
    [SHA256] = TEXT_COLUMN("sha256", 0, "SHA-256, upper-case digits"),
    [NOT_AFTER] = INT_COLUMN("notAfter", 0, 0, UNIT_TIME, 0, "end of its validity"),
    [EXPIRES_IN_DAYS] =
        INT_COLUMN("expiresInDays", 0, 0, UNIT_DAYS, 0, "whole days until then; below 0: it has expired"),
    [AVAILABLE] = BOOL_COLUMN("available", 0, "not in the store, and bytes with this thumbprint could be had"),
    [SOURCE] = WORD_COLUMN("source", sources, 0, "where those bytes came from"),
    [FLAW] = TEXT_COLUMN("flaw", 0, "why no such bytes could be had"),
    [CHAINS] = BOOL_COLUMN("chains", 0, "those bytes chain to a root that is trusted already"),
    [BYTES] = TEXT_COLUMN("base64", 0, "those bytes"),
};
_Static_assert(COUNT_OF(properties) == PROPERTY_COUNT, "one row a property");

/* What was seen: it is in the store, or what is offered for it. */
struct offer {
    const char *thumbprint;
    struct certificate stored, offered;
    int source;
    const char *flaw;
    struct value chains;
    int64_t now; /* seconds since 1970 */
};

/* --- look --- */

static struct certificates read_above(struct arena *arena, struct host *host, const struct value *above)
{
    size_t count = above->state == VALUE_KNOWN ? above->as.list.count : 0;
    struct certificate *items = arena_array(arena, count, sizeof *items);
    size_t read = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = above->as.list.items[i].as.text;
        struct err err = {0};
        if (host_certificate_read(host, text, strlen(text), &items[read], &err) && items[read].exists) {
            read++;
        }
    }
    return (struct certificates){.items = items, .count = read};
}

static bool build_chain(struct arena *arena, struct host *host, const struct certificate *leaf,
                        const struct value *above, struct crypto_chain *ret_chain, struct err *err)
{
    const struct crypto_chain_query query = {.leaf = leaf, .extra = read_above(arena, host, above)};
    return host_crypto_chain(host, &query, ret_chain, err);
}

static bool is_settled(const struct offer *offer)
{
    return offer->stored.exists || offer->offered.exists;
}

/* Takes the bytes if they are the certificate asked for. */
static void consider(struct look *look, struct host *host, const void *bytes, size_t size, int source)
{
    struct offer *offer = look->local;
    struct certificate certificate = {0};
    struct crypto_chain chain = {0};
    struct err err = {0};
    if (!host_certificate_read(host, bytes, size, &certificate, &err)) {
        offer->flaw = arena_format(look->arena, "%s: %s", sources[source], err.text);
    } else if (!certificate.exists) {
        offer->flaw = arena_format(look->arena, "%s: no certificate", sources[source]);
    } else if (!text_same(certificate.sha1, offer->thumbprint)) {
        offer->flaw = arena_format(look->arena, "%s: another certificate, %s", sources[source], certificate.sha1);
    } else {
        offer->offered = certificate;
        offer->source = source;
        offer->flaw = NULL;
        offer->chains = build_chain(look->arena, host, &certificate, &look->params[PARAM_ABOVE], &chain, &err)
                            ? value_bool(chain.holds)
                            : cell_failed(look->arena, &err);
    }
}

static void consider_file(struct look *look, struct host *host, const char *path)
{
    struct offer *offer = look->local;
    struct file_bytes content = {0};
    struct err err = {0};
    if (!host_file_read(host, path, LIMIT_CERTIFICATE_BYTES, &content, &err)) {
        offer->flaw = arena_text(look->arena, err.text);
    } else if (!content.exists) {
        offer->flaw = arena_format(look->arena, "file: %.300s is not there", path);
    } else {
        consider(look, host, content.bytes, content.size, SOURCE_FILE);
    }
}

static bool certificate_look(struct look *look, struct host *host, struct err *err)
{
    struct offer *offer = arena_alloc(look->arena, sizeof *offer);
    int store = text_word(certificate_store_names, look_text(look, PARAM_STORE));
    offer->thumbprint = certificate_thumbprint(look->arena, look_text(look, PARAM_THUMBPRINT));
    if (store < 0 || offer->thumbprint == NULL) {
        return err_set(err, ERR_INVALID, 0, "no such store, or not the forty digits of a thumbprint");
    }
    if (!host_certificate_query(host, (enum certificate_store)store, offer->thumbprint, &offer->stored, err)) {
        return false;
    }
    look->local = offer;
    offer->now = host_utc_ms(host) / 1000;
    offer->flaw = "nothing was offered";
    const char *base64 = look_text(look, PARAM_BASE64);
    const char *file = look_text(look, PARAM_FILE);
    if (!is_settled(offer) && base64 != NULL) {
        consider(look, host, base64, strlen(base64), SOURCE_BASE64);
    }
    if (!is_settled(offer) && file != NULL) {
        consider_file(look, host, file);
    }
    return true;
}

static size_t certificate_next(struct look *look, struct net_job *jobs, size_t room)
{
    const char *url = look_text(look, PARAM_URL);
    if (is_settled(look->local) || url == NULL || look->reply_count > 0 || room == 0) {
        return 0;
    }
    jobs[0] = (struct net_job){
        .type = NET_HTTP, .url = url, .limit_bytes = LIMIT_CERTIFICATE_BYTES, .timeout_ms = look->probe_ms};
    return 1;
}

static void certificate_verify(struct look *look, struct host *host)
{
    struct offer *offer = look->local;
    const struct net_reply *reply = &look->replies[0];
    if (reply->outcome != NET_ANSWERED || reply->status != 200) {
        offer->flaw = arena_format(look->arena, "url: %s, status %ld", net_outcome_names[reply->outcome],
                                   reply->outcome == NET_ANSWERED ? reply->status : 0L);
        return;
    }
    consider(look, host, reply->body, reply->body_size, SOURCE_URL);
}

static void certificate_read(struct look *look)
{
    const struct offer *offer = look->local;
    const struct certificate *certificate = offer->stored.exists ? &offer->stored : &offer->offered;
    look->cells[EXISTS] = value_bool(offer->stored.exists);
    look->cells[AVAILABLE] = value_bool(!offer->stored.exists && offer->offered.exists);
    if (certificate->exists) {
        look->cells[SUBJECT] = cell_text(look->arena, certificate->subject);
        look->cells[SHA256] = cell_text(look->arena, certificate->sha256);
        look->cells[NOT_AFTER] = value_int(certificate->not_after);
        look->cells[EXPIRES_IN_DAYS] = cell_days_until(certificate->not_after, offer->now);
    }
    if (offer->stored.exists) {
        return;
    }
    if (offer->offered.exists) {
        look->cells[SOURCE] = value_text(sources[offer->source]);
        look->cells[CHAINS] = offer->chains;
        look->cells[BYTES] = cell_text(look->arena, base64_encode(look->arena, certificate->bytes, certificate->size));
    } else {
        look->cells[FLAW] = cell_text(look->arena, offer->flaw);
    }
}

/* --- set --- */

/* All of it again, on the machine as it is now: an earlier step may have brought what was missing above. */
static bool check_offer(struct host *host, const struct wanted *wanted, struct certificate *ret_certificate,
                        struct err *err)
{
    const char *thumbprint = certificate_thumbprint(wanted->arena, wanted->params[PARAM_THUMBPRINT].as.text);
    const char *bytes = wanted_text(&wanted->facts[BYTES]);
    const char *flaw = wanted_text(&wanted->facts[FLAW]);
    struct certificate certificate = {0};
    struct crypto_chain chain = {0};
    if (bytes == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "no certificate %s to add: %s", thumbprint,
                       flaw != NULL ? flaw : "its bytes are not known");
    }
    if (!host_certificate_read(host, bytes, strlen(bytes), &certificate, err)) {
        return false;
    }
    if (!certificate.exists || !text_same(certificate.sha1, thumbprint)) {
        return err_set(err, ERR_REFUSED, 0, "not the certificate %s", thumbprint);
    }
    if (!build_chain(wanted->arena, host, &certificate, &wanted->params[PARAM_ABOVE], &chain, err)) {
        return false;
    }
    if (!chain.holds) {
        return err_set(err, ERR_REFUSED, chain.status, "%s does not chain to a root that is trusted already",
                       thumbprint);
    }
    *ret_certificate = certificate;
    return true;
}

static bool certificate_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    struct certificate certificate = {0};
    int store = text_word(certificate_store_names, wanted->params[PARAM_STORE].as.text);
    if (!wanted_bool(&wanted->cells[EXISTS], true)) {
        return err_set(err, ERR_REFUSED, 0, "certificates are never taken away, but by undo");
    }
    return check_offer(host, wanted, &certificate, err) &&
           host_certificate_add(host, (enum certificate_store)store, &certificate, err);
}

const struct kind kind_certificate = {
    .name = "certificate",
    .about = "a certificate in a store of the machine",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_CERTIFICATE) | NOUN_BIT(NOUN_CRYPTO) | NOUN_BIT(NOUN_FILE) | NOUN_BIT(NOUN_NET) |
             NOUN_BIT(NOUN_FIREWALL),
    .changes = NOUN_BIT(NOUN_CERTIFICATE) | NOUN_BIT(NOUN_CRYPTO),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"store\": \"CA\", \"thumbprint\": \"B5EE89E77326AB2BF1775BD99C19A28947FF8184\"}",
    .example_step = "{\"store\": \"CA\", \"thumbprint\": \"B5EE89E77326AB2BF1775BD99C19A28947FF8184\", \"file\": "
                    "\"C:\\\\certificates\\\\B5EE89E77326AB2BF1775BD99C19A28947FF8184.cer\", \"exists\": true}",
    .look = certificate_look,
    .verify = certificate_verify,
    .next = certificate_next,
    .read = certificate_read,
    .set = certificate_set,
};
