/* SPDX-License-Identifier: MIT */
/* Signed messages by libcrypto. */
#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/limits.h"
#include "host/nouns/crypto/crypto.h"
#include "host/port.h"

enum { MESSAGE_CERTIFICATES = 16 }; /* a document carries its signer and perhaps the chain */

static void drop_message(CMS_ContentInfo **message)
{
    CMS_ContentInfo_free(*message);
}

static void drop_certificates(STACK_OF(X509) * *certificates)
{
    sk_X509_pop_free(*certificates, X509_free);
}

static void drop_bytes(unsigned char **bytes)
{
    OPENSSL_free(*bytes);
}

static bool read_certificate(X509 *x509, struct arena *arena, struct certificate *ret_certificate, struct err *err)
{
    unsigned char *der AUTO(drop_bytes) = NULL;
    int size = i2d_X509(x509, &der);
    return size > 0 ? port_certificate_read(der, (size_t)size, arena, ret_certificate, err)
                    : err_set(err, ERR_MEMORY, 0, "no memory for a certificate");
}

static bool read_certificates(CMS_ContentInfo *cms, CMS_SignerInfo *signer, struct arena *arena,
                              struct crypto_message *message, struct err *err)
{
    STACK_OF(X509) * all AUTO(drop_certificates) = CMS_get1_certs(cms);
    int count = sk_X509_num(all) < MESSAGE_CERTIFICATES ? sk_X509_num(all) : MESSAGE_CERTIFICATES;
    struct certificate *items = arena_array(arena, count > 0 ? (size_t)count : 0, sizeof *items);
    for (int i = 0; i < count; i++) {
        struct certificate certificate = {0};
        if (!read_certificate(sk_X509_value(all, i), arena, &certificate, err)) {
            return false;
        }
        if (certificate.exists && CMS_SignerInfo_cert_cmp(signer, sk_X509_value(all, i)) == 0) {
            message->signer = certificate;
        }
        if (certificate.exists) {
            items[message->embedded.count++] = certificate;
        }
    }
    message->embedded.items = items;
    return true;
}

static const char *flaw_of(CMS_ContentInfo *cms, bool is_whole)
{
    if (!is_whole) {
        return "not a message in DER";
    }
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed) {
        return "not signed data";
    }
    if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) != 1) {
        return "not signed by exactly one";
    }
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    return content == NULL || *content == NULL ? "no content inside" : NULL;
}

bool port_message_open(const void *bytes, size_t size, struct arena *arena, struct crypto_message *ret_message,
                       struct err *err)
{
    const unsigned char *end = bytes;
    CMS_ContentInfo *cms AUTO(drop_message) = d2i_CMS_ContentInfo(NULL, &end, (long)size);
    struct crypto_message message = {0};
    message.flaw = flaw_of(cms, cms != NULL && end == (const unsigned char *)bytes + size);
    if (message.flaw == NULL) {
        const ASN1_OCTET_STRING *content = *CMS_get0_content(cms);
        message.content_size = (size_t)ASN1_STRING_length(content);
        message.content = arena_copy(arena, ASN1_STRING_get0_data(content), message.content_size);
        if (!read_certificates(cms, sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0), arena, &message, err)) {
            return false;
        }
        message.signature_holds = CMS_verify(cms, NULL, NULL, NULL, NULL, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
    }
    ERR_clear_error();
    *ret_message = message;
    return true;
}
