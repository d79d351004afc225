/* SPDX-License-Identifier: MIT */
/*
 * What a recording knows of certificates and signed messages: no bytes, only what the system read of them. A
 * certificate given back has SIM_STAND_IN and its thumbprint for bytes, by which it is known again.
 */
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/certificate.h"

struct told_certificate {
    const char *name; /* its thumbprint */
    const char *sha256, *subject, *issuer, *common_name, *issuer_name;
    struct field_texts dns_names, issuer_urls, ocsp_urls;
    int64_t not_before, not_after;
    bool self_issued;
};

#define TEXT(name, member, text) TEXT_FIELD(name, struct told_certificate, member, 0, 0, LIMIT_CERTIFICATE_BYTES, text)
#define TEXTS(name, member, text)                                                                                      \
    TEXTS_FIELD(name, struct told_certificate, member, 0, 0, LIMIT_CERTIFICATE_NAMES, text)
#define TIME(name, member, text) INT_FIELD(name, struct told_certificate, member, 0, INT64_MIN, INT64_MAX, text)
static const struct field certificate_items[] = {
    TEXT("sha256", sha256, "SHA-256"),
    TEXT("subject", subject, "whose it is"),
    TEXT("issuer", issuer, "who issued it"),
    TEXT("commonName", common_name, "of the subject"),
    TEXT("issuerName", issuer_name, "common name of the issuer"),
    TEXTS("dnsNames", dns_names, "subject alternative names"),
    TEXTS("issuerUrls", issuer_urls, "where the issuer's certificate lies"),
    TEXTS("ocspUrls", ocsp_urls, "who tells whether it is revoked"),
    TIME("notBefore", not_before, "seconds since 1970"),
    TIME("notAfter", not_after, "seconds since 1970"),
    BOOL_FIELD("selfIssued", struct told_certificate, self_issued, 0, "subject and issuer are the same"),
};
const struct fields sim_told_certificate_fields =
    FIELDS("toldCertificate", struct told_certificate, certificate_items, "what was read of a certificate");

struct told_message {
    const char *flaw, *content, *signer;
    bool holds;
    struct field_texts embedded;
};
static const struct field message_items[] = {
    TEXT_FIELD("flaw", struct told_message, flaw, 0, 0, 0, "why it is no such message"),
    TEXT_FIELD("content", struct told_message, content, 0, 0, LIMIT_MESSAGE_BYTES, "what is signed"),
    BOOL_FIELD("holds", struct told_message, holds, 0, "the signature over it holds"),
    TEXT_FIELD("signer", struct told_message, signer, 0, 0, 0, "thumbprint of the signer's certificate"),
    TEXTS_FIELD("embedded", struct told_message, embedded, 0, 0, LIMIT_CERTIFICATES,
                "thumbprints of all that it carries"),
};
const struct fields sim_told_message_fields =
    FIELDS("toldMessage", struct told_message, message_items, "what was read of a signed message");

struct told_element {
    const char *certificate;
    int place;
    bool disallowed;
};
static const struct field element_items[] = {
    TEXT_FIELD("certificate", struct told_element, certificate, FIELD_REQUIRED, 1, 0, "its thumbprint"),
    WORD_FIELD("place", struct told_element, place, FIELD_REQUIRED, crypto_place_names, "the store it was found in"),
    BOOL_FIELD("disallowed", struct told_element, disallowed, 0, "it is in Disallowed"),
};
const struct fields sim_told_element_fields =
    FIELDS("toldElement", struct told_element, element_items, "a certificate of a chain");

struct told_chain {
    struct field_list elements; /* struct told_element */
    bool complete, root_trusted, in_time, holds;
    int64_t status;
};
static const struct field chain_items[] = {
    LIST_FIELD("elements", struct told_chain, elements, FIELD_REQUIRED, 1, LIMIT_CHAIN, &sim_told_element_fields,
               "from the leaf upwards"),
    BOOL_FIELD("complete", struct told_chain, complete, 0, "it ends in a certificate that issued itself"),
    BOOL_FIELD("rootTrusted", struct told_chain, root_trusted, 0, "that one is trusted"),
    BOOL_FIELD("inTime", struct told_chain, in_time, 0, "each is valid at the machine's time"),
    BOOL_FIELD("holds", struct told_chain, holds, 0, "all of it"),
    INT_FIELD("status", struct told_chain, status, 0, 0, UINT32_MAX, "what the system calls it"),
};
const struct fields sim_told_chain_fields =
    FIELDS("toldChain", struct told_chain, chain_items, "the chain that was built");

static const struct field items[] = {
    TEXT_FIELD("random", struct sim_told, random, 0, 0, 0, "the random bytes that were taken, digits"),
    MAP_FIELD("certificates", struct sim_told, certificates, 0, 0, LIMIT_ENTRIES, &sim_told_certificate_fields,
              "by thumbprint"),
    JSON_FIELD("stores", struct sim_told, stores, 0, "toldStores", "is it in the store: by store and thumbprint"),
    JSON_FIELD("reads", struct sim_told, reads, 0, "toldReads", "thumbprint of the certificate that bytes are; false"),
    JSON_FIELD("messages", struct sim_told, messages, 0, "toldMessages", "signed messages by number"),
    JSON_FIELD("chains", struct sim_told, chains, 0, "toldChains", "by leaf, reach and what was handed in"),
};
static const struct fields sim_told_fields =
    FIELDS_KEEPING("told", struct sim_told, json, items, "of a recording: what was read of signed bytes");

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return json == NULL || sim_is_recording(sim) ||
           json_refuse(json, sim->file, err, "only a recording tells of signed bytes");
}

/* --- names --- */

/* FNV-1a: not against an attacker, only to find again what was read. */
const char *sim_bytes_number(struct arena *arena, const void *bytes, size_t size)
{
    size_t prefix = strlen(SIM_STAND_IN);
    if (size > prefix && size < prefix + LIMIT_TEXT_BYTES / 8 && memcmp(bytes, SIM_STAND_IN, prefix) == 0) {
        return arena_copy(arena, (const char *)bytes + prefix, size - prefix);
    }
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3U;
    }
    return arena_format(arena, "%" PRIu64, hash);
}

const char *sim_chain_name(struct arena *arena, const struct crypto_chain_query *query)
{
    enum { SHOWN = 16 };
    const char *name =
        arena_format(arena, "%s %s", query->leaf->sha1, query->reach == CRYPTO_CACHED ? "cached" : "machine");
    for (size_t i = 0; i < query->extra.count && i < SHOWN; i++) {
        name = arena_format(arena, "%s %s", name, query->extra.items[i].sha1);
    }
    return name;
}

/* --- looking --- */

static struct certificate_texts texts_of(const struct field_texts *texts)
{
    return (struct certificate_texts){.items = texts->items, .count = texts->count};
}

static bool find_certificate(struct sim *sim, const char *thumbprint, struct certificate *ret_certificate,
                             struct err *err)
{
    const struct field_list *list = &sim->document.told.certificates;
    for (size_t i = 0; i < list->count; i++) {
        const struct told_certificate *told = &((const struct told_certificate *)list->items)[i];
        if (!text_same(told->name, thumbprint)) {
            continue;
        }
        const char *bytes = arena_format(sim->arena, SIM_STAND_IN "%s", told->name);
        *ret_certificate = (struct certificate){.exists = true,
                                                .sha1 = told->name,
                                                .sha256 = told->sha256 != NULL ? told->sha256 : "",
                                                .subject = told->subject != NULL ? told->subject : "",
                                                .issuer = told->issuer != NULL ? told->issuer : "",
                                                .common_name = told->common_name,
                                                .issuer_name = told->issuer_name,
                                                .dns_names = texts_of(&told->dns_names),
                                                .issuer_urls = texts_of(&told->issuer_urls),
                                                .ocsp_urls = texts_of(&told->ocsp_urls),
                                                .not_before = told->not_before,
                                                .not_after = told->not_after,
                                                .is_self_issued = told->self_issued,
                                                .bytes = (const uint8_t *)bytes,
                                                .size = strlen(bytes)};
        return true;
    }
    return sim_unlisted(sim, err, "certificate %s", thumbprint);
}

bool sim_told_query(struct sim *sim, enum certificate_store store, const char *thumbprint,
                    struct certificate *ret_certificate, struct err *err)
{
    const char *name = arena_format(sim->arena, "%s %s", certificate_store_names[store], thumbprint);
    if (!sim_look(sim, err, SIM_LOOK_CERTIFICATE, name)) {
        return false;
    }
    const struct json *there = json_find(sim->document.told.stores, name);
    if (there == NULL || there->type != JSON_BOOL) {
        return sim_unlisted(sim, err, SIM_LOOK_CERTIFICATE, name);
    }
    *ret_certificate = (struct certificate){0};
    return !there->as.boolean || find_certificate(sim, thumbprint, ret_certificate, err);
}

bool sim_told_read(struct sim *sim, const void *bytes, size_t size, struct certificate *ret_certificate,
                   struct err *err)
{
    const char *number = sim_bytes_number(sim->arena, bytes, size);
    if (!sim_look(sim, err, SIM_LOOK_READ, number)) {
        return false;
    }
    const struct json *read = json_find(sim->document.told.reads, number);
    if (strlen(number) == CERTIFICATE_SHA1_DIGITS) {
        return find_certificate(sim, number, ret_certificate, err); /* one of ours */
    }
    if (read == NULL || (read->type != JSON_TEXT && read->type != JSON_BOOL)) {
        return sim_unlisted(sim, err, SIM_LOOK_READ, number);
    }
    *ret_certificate = (struct certificate){0};
    return read->type == JSON_BOOL || find_certificate(sim, read->as.text, ret_certificate, err);
}

bool sim_told_message(struct sim *sim, const void *bytes, size_t size, struct crypto_message *ret_message,
                      struct err *err)
{
    const char *number = sim_bytes_number(sim->arena, bytes, size);
    struct told_message told = {0};
    if (!sim_look(sim, err, SIM_LOOK_MESSAGE, number)) {
        return false;
    }
    const struct json *json = json_find(sim->document.told.messages, number);
    if (json == NULL) {
        return sim_unlisted(sim, err, SIM_LOOK_MESSAGE, number);
    }
    if (!fields_decode(&sim_told_message_fields, json, sim->file, sim->arena, &told, err)) {
        return false;
    }
    struct crypto_message message = {.flaw = told.flaw, .content = told.content, .signature_holds = told.holds};
    message.content_size = told.content != NULL ? strlen(told.content) : 0;
    struct certificate *embedded = arena_array(sim->arena, told.embedded.count, sizeof *embedded);
    message.embedded = (struct certificates){.items = embedded, .count = told.embedded.count};
    for (size_t i = 0; i < told.embedded.count; i++) {
        if (!find_certificate(sim, told.embedded.items[i], &embedded[i], err)) {
            return false;
        }
    }
    if (told.signer != NULL && !find_certificate(sim, told.signer, &message.signer, err)) {
        return false;
    }
    *ret_message = message;
    return true;
}

bool sim_told_chain(struct sim *sim, const struct crypto_chain_query *query, struct crypto_chain *ret_chain,
                    struct err *err)
{
    const char *name = sim_chain_name(sim->arena, query);
    struct told_chain told = {0};
    if (!sim_look(sim, err, SIM_LOOK_CHAIN, name)) {
        return false;
    }
    const struct json *json = json_find(sim->document.told.chains, name);
    if (json == NULL) {
        return sim_unlisted(sim, err, SIM_LOOK_CHAIN, name);
    }
    if (!fields_decode(&sim_told_chain_fields, json, sim->file, sim->arena, &told, err)) {
        return false;
    }
    struct crypto_element *elements = arena_array(sim->arena, told.elements.count, sizeof *elements);
    const struct told_element *listed = told.elements.items;
    for (size_t i = 0; i < told.elements.count; i++) {
        if (!find_certificate(sim, listed[i].certificate, &elements[i].certificate, err)) {
            return false;
        }
        elements[i].place = (enum crypto_place)listed[i].place;
        elements[i].is_disallowed = listed[i].disallowed;
    }
    *ret_chain = (struct crypto_chain){.elements = elements,
                                       .count = told.elements.count,
                                       .is_complete = told.complete,
                                       .root_trusted = told.root_trusted,
                                       .in_time = told.in_time,
                                       .holds = told.holds,
                                       .status = (uint32_t)told.status};
    return true;
}

bool sim_told_random(struct sim *sim, void *bytes, size_t size, struct err *err)
{
    const uint8_t *taken = NULL;
    size_t count = 0;
    const char *random = sim->document.told.random;
    if (!sim_look(sim, err, SIM_LOOK_RANDOM)) {
        return false;
    }
    if (random == NULL || !hex_decode(sim->arena, random, &taken, &count) || count < size) {
        return sim_unlisted(sim, err, SIM_LOOK_RANDOM);
    }
    memcpy(bytes, taken, size);
    return true;
}

/* --- telling --- */

static struct field_texts told_texts(const struct certificate_texts *texts)
{
    return (struct field_texts){.items = texts->items, .count = texts->count};
}

void sim_tell_certificate(struct writer *writer, const struct certificate *certificate)
{
    const struct told_certificate told = {.sha256 = certificate->sha256,
                                          .subject = certificate->subject,
                                          .issuer = certificate->issuer,
                                          .common_name = certificate->common_name,
                                          .issuer_name = certificate->issuer_name,
                                          .dns_names = told_texts(&certificate->dns_names),
                                          .issuer_urls = told_texts(&certificate->issuer_urls),
                                          .ocsp_urls = told_texts(&certificate->ocsp_urls),
                                          .not_before = certificate->not_before,
                                          .not_after = certificate->not_after,
                                          .self_issued = certificate->is_self_issued};
    sim_write_struct(writer, &sim_told_certificate_fields, &told, NULL);
}

void sim_tell_message(struct writer *writer, const struct crypto_message *message, struct arena *arena)
{
    const char **embedded = arena_array(arena, message->embedded.count, sizeof *embedded);
    for (size_t i = 0; i < message->embedded.count; i++) {
        embedded[i] = message->embedded.items[i].sha1;
    }
    const struct told_message told = {.flaw = message->flaw,
                                      .content = message->content,
                                      .holds = message->signature_holds,
                                      .signer = message->signer.exists ? message->signer.sha1 : NULL,
                                      .embedded = {.items = embedded, .count = message->embedded.count}};
    sim_write_struct(writer, &sim_told_message_fields, &told, NULL);
}

void sim_tell_chain(struct writer *writer, const struct crypto_chain *chain, struct arena *arena)
{
    struct told_element *elements = arena_array(arena, chain->count, sizeof *elements);
    for (size_t i = 0; i < chain->count; i++) {
        elements[i] = (struct told_element){.certificate = chain->elements[i].certificate.sha1,
                                            .place = (int)chain->elements[i].place,
                                            .disallowed = chain->elements[i].is_disallowed};
    }
    const struct told_chain told = {.elements = {.items = elements, .count = chain->count},
                                    .complete = chain->is_complete,
                                    .root_trusted = chain->root_trusted,
                                    .in_time = chain->in_time,
                                    .holds = chain->holds,
                                    .status = chain->status};
    sim_write_struct(writer, &sim_told_chain_fields, &told, NULL);
}

const struct sim_section sim_told_section = {
    .field = SIM_OBJECT("told", told, struct sim_told, &sim_told_fields, "what was read of signed bytes"),
    .load = load_section,
};
