/* SPDX-License-Identifier: MIT */
/* The simulated machine's stores and cryptography: certificates, messages, envelopes. */
#include <string.h>

#include "certificates_sim.h"

static void tells_a_certificate(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT());
    struct certificate leaf = read_named(sim, "leaf"), root = read_named(sim, "root");
    CU_ASSERT_STRING_EQUAL(leaf.sha1, certificate_sha1("leaf"));
    CU_ASSERT(strlen(leaf.sha256) == CERTIFICATE_SHA256_DIGITS);
    CU_ASSERT_STRING_EQUAL(leaf.subject, "CN=metadata.azure.com, O=azmend test, C=US");
    CU_ASSERT_STRING_EQUAL(leaf.issuer, "CN=azmend test issuing CA 06, O=azmend test, C=US");
    CU_ASSERT_STRING_EQUAL(leaf.common_name, "metadata.azure.com");
    CU_ASSERT_STRING_EQUAL(leaf.issuer_name, "azmend test issuing CA 06");
    CU_ASSERT(leaf.not_before == 1735689600 && leaf.not_after == 1798761600);
    CU_ASSERT_FATAL(leaf.dns_names.count == 2 && leaf.issuer_urls.count == 1 && leaf.ocsp_urls.count == 1);
    CU_ASSERT_STRING_EQUAL(leaf.dns_names.items[1], "eastus.metadata.azure.com");
    CU_ASSERT_STRING_EQUAL(leaf.issuer_urls.items[0], "http://caissuers.azmend-test.example/issuing.crt");
    CU_ASSERT_STRING_EQUAL(leaf.ocsp_urls.items[0], "http://ocsp.azmend-test.example/ocsp");
    CU_ASSERT(!leaf.is_self_issued && root.is_self_issued && root.issuer_urls.count == 0);
    sim_close(sim);
}

static void refuses_what_is_none(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT());
    struct certificate leaf = read_named(sim, "leaf"), found = {0};
    struct err err = {0};
    /* Every length but the whole one, and something behind. */
    for (size_t size = 0; size < leaf.size; size++) {
        CU_ASSERT(sim_ops.certificate->read(sim, leaf.bytes, size, &sim_arena, &found, &err) && !found.exists);
    }
    const char *longer = arena_copy(&sim_arena, leaf.bytes, leaf.size);
    CU_ASSERT(sim_ops.certificate->read(sim, longer, leaf.size + 1, &sim_arena, &found, &err) && !found.exists);
    sim_close(sim);
}

static const struct {
    const char *name, *message, *flaw; /* flaw: NULL readable */
    bool holds, has_signer;
    const char *content; /* part of it */
} messages[] = {
    {"good", "good", NULL, true, true, "\"nonce\":\"1234567890\""},
    {"with the chain", "withChain", NULL, true, true, "1234567890"},
    {"without signed attributes", "withoutAttributes", NULL, true, true, "1234567890"},
    {"without certificates", "withoutCertificates", NULL, false, false, "1234567890"},
    {"tampered", "tampered", NULL, false, true, "9234567890"},
    {"signature broken", "signatureBroken", NULL, false, true, "1234567890"},
    {"content that is not JSON", "notJson", NULL, true, true, NULL},
    {"Microsoft's sample", "sample", NULL, true, true, "\"nonce\":\"1234566766\""},
    {"detached", "detached", "no content inside", false, false, NULL},
    {"two signers", "twoSigners", "not signed by exactly one", false, false, NULL},
    {"an envelope", "enveloped", "not signed data", false, false, NULL},
};

static struct crypto_message open_message(struct sim *sim, const void *bytes, size_t size)
{
    struct crypto_message message = {0};
    struct err err = {0};
    CU_ASSERT_FATAL(sim_ops.crypto->open_message(sim, bytes, size, &sim_arena, &message, &err));
    return message;
}

static void opens_messages(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT());
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        const uint8_t *der = NULL;
        size_t size = 0;
        CU_ASSERT_FATAL(base64_decode(&sim_arena, message_text(messages[i].message), &der, &size));
        struct crypto_message message = open_message(sim, der, size);
        ROW_ASSERT(messages[i].name, text_same(message.flaw, messages[i].flaw));
        ROW_ASSERT(messages[i].name, message.signature_holds == messages[i].holds);
        ROW_ASSERT(messages[i].name, message.signer.exists == messages[i].has_signer);
        ROW_ASSERT(messages[i].name, messages[i].content == NULL || strstr(message.content, messages[i].content));
    }
    sim_close(sim);
}

/* No length of a message but the whole one is readable, and no single changed byte crashes or keeps a wrong signature.
 */
static void survives_broken_messages(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT());
    const uint8_t *der = NULL;
    size_t size = 0;
    CU_ASSERT_FATAL(base64_decode(&sim_arena, message_text("withoutAttributes"), &der, &size));
    const struct crypto_message good = open_message(sim, der, size);
    for (size_t cut = 1; cut < size; cut += 7) {
        CU_ASSERT(open_message(sim, der, cut).flaw != NULL);
    }
    char *changed = arena_copy(&sim_arena, der, size);
    CU_ASSERT(open_message(sim, changed, size + 1).flaw != NULL);
    for (size_t at = 0; at < size; at += 3) {
        changed[at] = (char)(changed[at] ^ 0x11);
        struct crypto_message message = open_message(sim, changed, size);
        bool is_same = message.flaw == NULL && message.content_size == good.content_size &&
                       memcmp(message.content, good.content, good.content_size) == 0;
        CU_ASSERT(!message.signature_holds || is_same);
        changed[at] = (char)(changed[at] ^ 0x11);
    }
    sim_close(sim);
}

static const struct {
    const char *name, *message, *thumbprint; /* NULL: the extension's own */
    enum err_code code;
} envelopes[] = {
    {"AES-256", "enveloped", NULL, ERR_NONE},
    {"triple DES", "envelopedOld", NULL, ERR_NONE},
    {"for another key", "envelopedForOther", NULL, ERR_INVALID},
    {"signed, not encrypted", "good", NULL, ERR_INVALID},
    {"no such certificate", "enveloped", "0123456789012345678901234567890123456789", ERR_NOT_FOUND},
    {"a certificate without its key", "enveloped", "leaf", ERR_NOT_FOUND},
};

static void decrypts(void)
{
    struct sim *sim = sim_make(arena_format(
        &sim_arena,
        "{'machine': 'azmend.machine/1', 'certificates': {'My': {'%s': {'certificate': '%s', 'key': '%s'}, %s}}}",
        certificate_sha1("extension"), certificate_text("extension"), certificate_key(&sim_arena, "extension"),
        store_members(&sim_arena, "leaf")));
    for (size_t i = 0; i < COUNT_OF(envelopes); i++) {
        struct crypto_bytes envelope = {0}, plain = {0};
        struct err err = {0};
        const char *thumbprint = envelopes[i].thumbprint;
        thumbprint = thumbprint == NULL              ? certificate_sha1("extension")
                     : text_same(thumbprint, "leaf") ? certificate_sha1("leaf")
                                                     : thumbprint;
        CU_ASSERT_FATAL(base64_decode(&sim_arena, message_text(envelopes[i].message), &envelope.bytes, &envelope.size));
        bool is_done = sim_ops.crypto->decrypt(sim, &envelope, thumbprint, &sim_arena, &plain, &err);
        ROW_ASSERT(envelopes[i].name, is_done == (envelopes[i].code == ERR_NONE));
        ROW_ASSERT(envelopes[i].name, err.code == envelopes[i].code);
        ROW_ASSERT(envelopes[i].name, !is_done || text_same((const char *)plain.bytes, "{\"secret\":\"value\"}"));
    }
    sim_close(sim);
}

static void changes_ca(void)
{
    const struct stores before = {"cross", "root", NULL, NULL, NULL};
    struct sim *sim = sim_make(document_of(&before, NOW));
    const char *saved = sim_text(sim);
    struct certificate issuing = read_named(sim, "issuing"), found = {0};
    struct certificates list = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.certificate->query(sim, CERTIFICATE_CA, issuing.sha1, &sim_arena, &found, &err) && !found.exists);
    CU_ASSERT(sim_ops.certificate->add(sim, CERTIFICATE_CA, issuing.bytes, issuing.size, &err));
    CU_ASSERT(sim_ops.certificate->query(sim, CERTIFICATE_CA, issuing.sha1, &sim_arena, &found, &err) && found.exists);
    CU_ASSERT(sim_ops.certificate->list(sim, CERTIFICATE_CA, &sim_arena, &list, &err) && list.count == 2);
    CU_ASSERT(list.count == 2 && strcmp(list.items[0].sha1, list.items[1].sha1) < 0);
    const struct stores after = {"cross issuing", "root", NULL, NULL, NULL};
    CU_ASSERT(sim_is(sim, document_of(&after, NOW)));
    CU_ASSERT(sim_ops.certificate->remove(sim, CERTIFICATE_CA, issuing.sha1, &err));
    CU_ASSERT(sim_ops.certificate->remove(sim, CERTIFICATE_CA, issuing.sha1, &err));
    CU_ASSERT(strcmp(sim_text(sim), saved) == 0);
    sim_close(sim);
}

static void lists_fetched_roots_among_the_roots(void)
{
    const struct stores stores = {NULL, "root", "otherRoot", NULL, NULL};
    struct sim *sim = sim_make(document_of(&stores, NOW));
    struct certificates list = {0};
    struct certificate found = {0};
    struct err err = {0};
    CU_ASSERT(sim_ops.certificate->list(sim, CERTIFICATE_ROOT, &sim_arena, &list, &err) && list.count == 2);
    CU_ASSERT(sim_ops.certificate->list(sim, CERTIFICATE_AUTH_ROOT, &sim_arena, &list, &err) && list.count == 1);
    CU_ASSERT(
        sim_ops.certificate->query(sim, CERTIFICATE_ROOT, certificate_sha1("otherRoot"), &sim_arena, &found, &err));
    CU_ASSERT(found.exists);
    sim_close(sim);
}

static const struct {
    const char *name, *store, *named, *content, *more; /* named, content: of which certificate; NULL: none */
} wrong_documents[] = {
    {"no certificate", "CA", "leaf", NULL, ""},
    {"another one's thumbprint", "CA", "root", "leaf", ""},
    {"an unknown member", "CA", "leaf", "leaf", ", 'trusted': true"},
    {"an unknown store", "Roots", "leaf", "leaf", ""},
};

static void refuses_wrong_documents(void)
{
    for (size_t i = 0; i < COUNT_OF(wrong_documents); i++) {
        struct sim *sim = NULL;
        struct err err = {0};
        const char *content = wrong_documents[i].content != NULL ? certificate_text(wrong_documents[i].content) : "x";
        const char *text = arena_format(
            &sim_arena, "{'machine': 'azmend.machine/1', 'certificates': {'%s': {'%s': {'certificate': '%s'%s}}}}",
            wrong_documents[i].store, certificate_sha1(wrong_documents[i].named), content, wrong_documents[i].more);
        ROW_ASSERT(wrong_documents[i].name, !sim_try(text, "t.json", &sim, &err) && err.code == ERR_INVALID);
    }
}

static void unscripted_stores_are_unknown(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT());
    struct certificate found = {0};
    struct err err = {0};
    CU_ASSERT(!sim_ops.certificate->query(sim, CERTIFICATE_CA, certificate_sha1("leaf"), &sim_arena, &found, &err));
    CU_ASSERT(err.code == ERR_UNSCRIPTED);
    CU_ASSERT(text_same(sim_unscripted(sim), "certificates"));
    sim_close(sim);
}

void suite_sim_crypto(void);
void suite_sim_crypto(void)
{
    CERTIFICATES_SUITE("sim_crypto", UNIT_TEST(tells_a_certificate), UNIT_TEST(refuses_what_is_none),
                       UNIT_TEST(opens_messages), UNIT_TEST(survives_broken_messages), UNIT_TEST(decrypts),
                       UNIT_TEST(changes_ca), UNIT_TEST(lists_fetched_roots_among_the_roots),
                       UNIT_TEST(refuses_wrong_documents), UNIT_TEST(unscripted_stores_are_unknown));
}
