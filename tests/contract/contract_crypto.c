/* SPDX-License-Identifier: MIT */
/* Certificates, messages, chains and envelopes of tests/certificates. Under Wine its own crypt32, not Microsoft's. */
#include <string.h>

#include "base/text.h"
#include "certificates.h"
#include "contract.h"

static const struct host_ops *ops_of(struct contract *contract)
{
    if (certificates_json == NULL) {
        certificates_load(contract->arena);
    }
    return contract->ops;
}

static struct crypto_bytes bytes_of(struct contract *contract, const char *base64)
{
    struct crypto_bytes bytes = {0};
    EXPECT(contract, base64_decode(contract->arena, base64, &bytes.bytes, &bytes.size));
    return bytes;
}

static struct certificate read_bytes(struct contract *contract, const void *bytes, size_t size)
{
    struct certificate certificate = {0};
    EXPECT(contract, ops_of(contract)->certificate->read(contract->backend, bytes, size, contract->arena, &certificate,
                                                         &contract->err));
    return certificate;
}

static struct certificate named(struct contract *contract, const char *name)
{
    (void)ops_of(contract);
    struct crypto_bytes der = bytes_of(contract, certificate_text(name));
    struct certificate certificate = read_bytes(contract, der.bytes, der.size);
    EXPECT(contract, certificate.exists && text_same(certificate.sha1, certificate_sha1(name)));
    return certificate;
}

/* --- certificates --- */

static void tells_a_certificate(struct contract *contract)
{
    struct certificate leaf = named(contract, "leaf"), root = named(contract, "root");
    EXPECT(contract, strlen(leaf.sha256) == CERTIFICATE_SHA256_DIGITS);
    EXPECT(contract, text_same(leaf.subject, "CN=metadata.azure.com, O=azmend test, C=US"));
    EXPECT(contract, text_same(leaf.issuer, "CN=azmend test issuing CA 06, O=azmend test, C=US"));
    EXPECT(contract, text_same(leaf.common_name, "metadata.azure.com"));
    EXPECT(contract, text_same(leaf.issuer_name, "azmend test issuing CA 06"));
    EXPECT(contract, leaf.not_before == 1735689600 && leaf.not_after == 1798761600);
    EXPECT(contract, leaf.dns_names.count == 2 && leaf.issuer_urls.count == 1 && leaf.ocsp_urls.count == 1);
    EXPECT(contract, text_same(leaf.dns_names.items[1], "eastus.metadata.azure.com"));
    EXPECT(contract, text_same(leaf.issuer_urls.items[0], "http://caissuers.azmend-test.example/issuing.crt"));
    EXPECT(contract, text_same(leaf.ocsp_urls.items[0], "http://ocsp.azmend-test.example/ocsp"));
    EXPECT(contract, !leaf.is_self_issued && root.is_self_issued && root.issuer_urls.count == 0);
}

static void no_certificate(struct contract *contract)
{
    struct certificate leaf = named(contract, "leaf");
    const char *longer = arena_copy(contract->arena, leaf.bytes, leaf.size);
    EXPECT(contract, !read_bytes(contract, leaf.bytes, leaf.size - 1).exists);
    EXPECT(contract, !read_bytes(contract, longer, leaf.size + 1).exists);
    EXPECT(contract, !read_bytes(contract, leaf.bytes, 2).exists);
    EXPECT(contract, !read_bytes(contract, "0", 1).exists && !read_bytes(contract, "", 0).exists);
    EXPECT(contract, !read_bytes(contract, "<html></html>", 13).exists);
}

/* --- stores --- */

static bool is_in(struct contract *contract, enum certificate_store store, const char *name)
{
    struct certificate certificate = {0};
    EXPECT(contract, ops_of(contract)->certificate->query(contract->backend, store, certificate_sha1(name),
                                                          contract->arena, &certificate, &contract->err));
    return certificate.exists && text_same(certificate.sha1, certificate_sha1(name));
}

static size_t count_in(struct contract *contract, enum certificate_store store)
{
    struct certificates list = {0};
    EXPECT(contract,
           ops_of(contract)->certificate->list(contract->backend, store, contract->arena, &list, &contract->err));
    for (size_t i = 1; i < list.count; i++) {
        EXPECT(contract, strcmp(list.items[i - 1].sha1, list.items[i].sha1) < 0);
    }
    return list.count;
}

static bool add(struct contract *contract, const char *name)
{
    struct certificate certificate = named(contract, name);
    return contract->ops->certificate->add(contract->backend, CERTIFICATE_CA, certificate.bytes, certificate.size,
                                           &contract->err);
}

static bool take_away(struct contract *contract, const char *name)
{
    return contract->ops->certificate->remove(contract->backend, CERTIFICATE_CA, certificate_sha1(name),
                                              &contract->err);
}

static void finds(struct contract *contract)
{
    EXPECT(contract, is_in(contract, CERTIFICATE_ROOT, "root") && !is_in(contract, CERTIFICATE_CA, "root"));
    EXPECT(contract, is_in(contract, CERTIFICATE_DISALLOWED, "leafOtherName"));
    EXPECT(contract, is_in(contract, CERTIFICATE_MY, "extension") && !is_in(contract, CERTIFICATE_MY, "leaf"));
    EXPECT(contract, count_in(contract, CERTIFICATE_ROOT) >= 1 && count_in(contract, CERTIFICATE_MY) >= 1);
    (void)count_in(contract, CERTIFICATE_AUTH_ROOT); /* a machine may have none of it: that is no error */
}

static void adds_and_removes(struct contract *contract)
{
    size_t before = count_in(contract, CERTIFICATE_CA);
    EXPECT(contract, !is_in(contract, CERTIFICATE_CA, "issuingLong"));
    EXPECT(contract, add(contract, "issuingLong") && is_in(contract, CERTIFICATE_CA, "issuingLong"));
    EXPECT(contract, add(contract, "issuingLong") && count_in(contract, CERTIFICATE_CA) == before + 1);
    EXPECT(contract, take_away(contract, "issuingLong") && !is_in(contract, CERTIFICATE_CA, "issuingLong"));
    EXPECT(contract, take_away(contract, "issuingLong") && count_in(contract, CERTIFICATE_CA) == before);
}

/* --- chains --- */

static struct crypto_chain chain_of(struct contract *contract, const char *leaf, const char *extra)
{
    struct certificate certificate = named(contract, leaf);
    struct certificate candidate = extra != NULL ? named(contract, extra) : (struct certificate){0};
    struct crypto_chain_query query = {.leaf = &certificate,
                                       .extra = {.items = &candidate, .count = extra != NULL ? 1 : 0}};
    struct crypto_chain chain = {0};
    EXPECT(contract, contract->ops->crypto->chain(contract->backend, &query, contract->arena, &chain, &contract->err));
    return chain;
}

static void chain_breaks_off(struct contract *contract)
{
    struct crypto_chain chain = chain_of(contract, "leafLong", NULL);
    EXPECT(contract, chain.count == 1 && !chain.is_complete && !chain.root_trusted && !chain.holds);
    EXPECT(contract,
           chain.in_time && chain.status != 0 && chain.count > 0 && chain.elements[0].place == CRYPTO_IN_EXTRA);
}

static void chain_by_what_is_handed_in(struct contract *contract)
{
    struct crypto_chain chain = chain_of(contract, "leafLong", "issuingLong");
    EXPECT(contract, chain.count == 3 && chain.is_complete && chain.root_trusted && chain.holds && chain.status == 0);
    EXPECT(contract,
           chain.count == 3 && chain.elements[1].place == CRYPTO_IN_EXTRA && chain.elements[2].place == CRYPTO_IN_ROOT);
}

static void chain_by_the_machine(struct contract *contract)
{
    EXPECT(contract, add(contract, "issuingLong"));
    struct crypto_chain chain = chain_of(contract, "leafLong", NULL);
    EXPECT(contract, chain.count == 3 && chain.holds && chain.elements[1].place == CRYPTO_IN_CA);
    EXPECT(contract, take_away(contract, "issuingLong"));
    EXPECT(contract, !chain_of(contract, "leafLong", NULL).holds);
}

static void chain_to_a_root_that_is_not_trusted(struct contract *contract)
{
    struct crypto_chain chain = chain_of(contract, "leafOtherRoot", "otherRoot");
    EXPECT(contract, chain.count == 2 && chain.is_complete && !chain.root_trusted && !chain.holds);
}

static void chain_out_of_time(struct contract *contract)
{
    struct crypto_chain chain = chain_of(contract, "leafExpired", NULL);
    EXPECT(contract, !chain.in_time && !chain.holds);
}

static void chain_disallowed(struct contract *contract)
{
    struct crypto_chain chain = chain_of(contract, "leafOtherName", NULL);
    EXPECT(contract, chain.count > 0 && chain.elements[0].is_disallowed && !chain.holds);
}

/* --- messages --- */

static const struct {
    const char *name, *flaw; /* NULL: readable */
    bool holds, has_signer;
    const char *content; /* part of it; NULL: not looked at */
} messages[] = {
    {"good", NULL, true, true, "\"nonce\":\"1234567890\""},
    {"withChain", NULL, true, true, "1234567890"},
    {"withoutAttributes", NULL, true, true, "1234567890"},
    {"withoutCertificates", NULL, false, false, "1234567890"},
    {"tampered", NULL, false, true, "9234567890"},
    {"signatureBroken", NULL, false, true, "1234567890"},
    {"notJson", NULL, true, true, NULL},
    {"sample", NULL, true, true, "\"nonce\":\"1234566766\""},
    {"detached", "no content inside", false, false, NULL},
    {"twoSigners", "not signed by exactly one", false, false, NULL}, /* Wine 8 cannot read it at all */
    {"enveloped", "not signed data", false, false, NULL},
};

static struct crypto_message open_bytes(struct contract *contract, const void *bytes, size_t size)
{
    struct crypto_message message = {0};
    EXPECT(contract, contract->ops->crypto->open_message(contract->backend, bytes, size, contract->arena, &message,
                                                         &contract->err));
    return message;
}

static void opens_messages(struct contract *contract)
{
    (void)ops_of(contract);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        struct crypto_bytes der = bytes_of(contract, message_text(messages[i].name));
        struct crypto_message message = open_bytes(contract, der.bytes, der.size);
        bool is_flaw_right = contract_is_wine() ? (message.flaw != NULL) == (messages[i].flaw != NULL)
                                                : text_same(message.flaw, messages[i].flaw);
        bool is_right = is_flaw_right && message.signature_holds == messages[i].holds &&
                        message.signer.exists == messages[i].has_signer &&
                        (messages[i].content == NULL || strstr(message.content, messages[i].content) != NULL);
        const char *found =
            arena_format(contract->arena, "%s: flaw %s, holds %d, signer %d", messages[i].name,
                         message.flaw != NULL ? message.flaw : "none", message.signature_holds, message.signer.exists);
        contract_expect(contract, is_right, found, __LINE__);
    }
}

static void no_message(struct contract *contract)
{
    (void)ops_of(contract);
    struct crypto_bytes der = bytes_of(contract, message_text("good"));
    const char *longer = arena_copy(contract->arena, der.bytes, der.size);
    EXPECT(contract, open_bytes(contract, der.bytes, der.size - 1).flaw != NULL);
    EXPECT(contract, open_bytes(contract, longer, der.size + 1).flaw != NULL);
    EXPECT(contract, open_bytes(contract, "0", 1).flaw != NULL && open_bytes(contract, "<html>", 6).flaw != NULL);
    for (size_t cut = 1; cut < der.size; cut += 101) {
        EXPECT(contract, open_bytes(contract, der.bytes, cut).flaw != NULL);
    }
}

/* --- envelopes --- */

static bool decrypt(struct contract *contract, const char *message, const char *thumbprint, const char **ret_text)
{
    struct crypto_bytes envelope = bytes_of(contract, message_text(message)), plain = {0};
    bool is_done = contract->ops->crypto->decrypt(contract->backend, &envelope, thumbprint, contract->arena, &plain,
                                                  &contract->err);
    *ret_text = (const char *)plain.bytes;
    return is_done;
}

/* Wine 8 knows no AES in messages, and takes every initialisation vector for zeros. */
static const struct {
    const char *name;
    bool on_wine;
} envelopes[] = {{"envelopedZeroVector", true}, {"envelopedOld", false}, {"enveloped", false}};

static void decrypts(struct contract *contract)
{
    const char *text = NULL;
    (void)ops_of(contract);
    for (size_t i = 0; i < COUNT_OF(envelopes); i++) {
        if (contract_is_wine() && !envelopes[i].on_wine) {
            continue;
        }
        bool is_done = decrypt(contract, envelopes[i].name, certificate_sha1("extension"), &text);
        contract_expect(contract, is_done && text_same(text, "{\"secret\":\"value\"}"), envelopes[i].name, __LINE__);
    }
    bool is_done = decrypt(contract, "envelopedForOther", certificate_sha1("extension"), &text);
    EXPECT(contract, !is_done && contract->err.code == ERR_INVALID);
    is_done = decrypt(contract, "good", certificate_sha1("extension"), &text);
    EXPECT(contract, !is_done && contract->err.code == ERR_INVALID);
    is_done = decrypt(contract, "envelopedZeroVector", certificate_sha1("leaf"), &text);
    EXPECT(contract, !is_done && contract->err.code == ERR_NOT_FOUND);
}

static void draws_bytes(struct contract *contract)
{
    uint8_t bytes[32] = {0}, none[32] = {0};
    EXPECT(contract, contract->ops->crypto->random(contract->backend, bytes, sizeof bytes, &contract->err));
    EXPECT(contract, memcmp(bytes, none, sizeof bytes) != 0);
}

const struct contract_row contract_crypto[] = {
    {"certificate: what it says", tells_a_certificate},
    {"certificate: what is none", no_certificate},
    {"certificate: found in its store", finds},
    {"certificate: added and removed", adds_and_removes},
    {"chain: breaks off", chain_breaks_off},
    {"chain: by what is handed in", chain_by_what_is_handed_in},
    {"chain: by the machine's store", chain_by_the_machine},
    {"chain: to a root that is not trusted", chain_to_a_root_that_is_not_trusted},
    {"chain: out of time", chain_out_of_time},
    {"chain: disallowed", chain_disallowed},
    {"message: opened", opens_messages},
    {"message: what is none", no_message},
    {"envelope: decrypted", decrypts},
    {"crypto: random bytes", draws_bytes},
    {NULL, NULL},
};
