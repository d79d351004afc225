/* SPDX-License-Identifier: MIT */
/* Certificates by libcrypto. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/limits.h"
#include "host/hex.h"
#include "host/nouns/certificate/certificate.h"
#include "host/port.h"

static void drop_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void drop_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static void drop_time(ASN1_TIME **time)
{
    ASN1_TIME_free(*time);
}

static void drop_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

static void drop_access(AUTHORITY_INFO_ACCESS **access)
{
    AUTHORITY_INFO_ACCESS_free(*access);
}

static void drop_text(unsigned char **text)
{
    OPENSSL_free(*text);
}

static const char *bio_text(BIO *bio, struct arena *arena)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    return size > 0 ? arena_copy(arena, bytes, (size_t)size) : "";
}

/* "CN=..., O=..., C=...", as Windows shows it too. */
static const char *name_text(const X509_NAME *name, struct arena *arena)
{
    const unsigned long form =
        (XN_FLAG_RFC2253 & ~(unsigned long)(ASN1_STRFLGS_ESC_MSB | XN_FLAG_SEP_MASK)) | XN_FLAG_SEP_CPLUS_SPC;
    BIO *bio AUTO(drop_bio) = BIO_new(BIO_s_mem());
    return bio != NULL && X509_NAME_print_ex(bio, name, 0, form) >= 0 ? bio_text(bio, arena) : "";
}

/* A text without NUL inside, or NULL. */
static const char *string_text(const ASN1_STRING *string, struct arena *arena)
{
    unsigned char *text AUTO(drop_text) = NULL;
    int size = ASN1_STRING_to_UTF8(&text, string);
    return size > 0 && memchr(text, '\0', (size_t)size) == NULL ? arena_copy(arena, text, (size_t)size) : NULL;
}

/* The last one: the most specific. */
static const char *common_name(const X509_NAME *name, struct arena *arena)
{
    int last = -1;
    for (int found = -1; (found = X509_NAME_get_index_by_NID(name, NID_commonName, found)) >= 0;) {
        last = found;
    }
    return last >= 0 ? string_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)), arena) : NULL;
}

static void add_text(struct arena *arena, struct arena_list *list, const char *text)
{
    if (text != NULL && list->count < LIMIT_CERTIFICATE_NAMES) {
        *(const char **)arena_push(arena, list, sizeof text) = text;
    }
}

static struct certificate_texts texts_of(const struct arena_list *list)
{
    return (struct certificate_texts){.items = list->items, .count = list->count};
}

static struct certificate_texts dns_names(const X509 *certificate, struct arena *arena)
{
    struct arena_list list = {0};
    GENERAL_NAMES *names AUTO(drop_names) = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) {
            add_text(arena, &list, string_text(name->d.dNSName, arena));
        }
    }
    return texts_of(&list);
}

static struct certificate_texts access_urls(const X509 *certificate, int method, struct arena *arena)
{
    struct arena_list list = {0};
    AUTHORITY_INFO_ACCESS *access AUTO(drop_access) = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *item = sk_ACCESS_DESCRIPTION_value(access, i);
        if (OBJ_obj2nid(item->method) == method && item->location->type == GEN_URI) {
            add_text(arena, &list, string_text(item->location->d.uniformResourceIdentifier, arena));
        }
    }
    return texts_of(&list);
}

static bool seconds_of(const ASN1_TIME *time, int64_t *ret_seconds)
{
    ASN1_TIME *epoch AUTO(drop_time) = ASN1_TIME_set(NULL, 0);
    int days = 0;
    int seconds = 0;
    if (epoch == NULL || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1) {
        return false;
    }
    *ret_seconds = (int64_t)days * 86400 + seconds;
    return true;
}

static const char *digest_text(const X509 *certificate, const EVP_MD *type, struct arena *arena)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return X509_digest(certificate, type, digest, &size) == 1 ? hex_thumbprint(arena, digest, size) : NULL;
}

bool port_certificate_read(const void *der, size_t size, struct arena *arena, struct certificate *ret_certificate,
                           struct err *err)
{
    const unsigned char *end = der;
    X509 *x509 AUTO(drop_certificate) = size <= LIMIT_CERTIFICATE_BYTES ? d2i_X509(NULL, &end, (long)size) : NULL;
    struct certificate certificate = {.exists = true, .size = size};
    bool is_whole = x509 != NULL && end == (const unsigned char *)der + size &&
                    seconds_of(X509_get0_notBefore(x509), &certificate.not_before) &&
                    seconds_of(X509_get0_notAfter(x509), &certificate.not_after);
    ERR_clear_error();
    if (!is_whole) {
        *ret_certificate = (struct certificate){0};
        return true;
    }
    const X509_NAME *subject = X509_get_subject_name(x509);
    const X509_NAME *issuer = X509_get_issuer_name(x509);
    certificate.sha1 = digest_text(x509, EVP_sha1(), arena);
    certificate.sha256 = digest_text(x509, EVP_sha256(), arena);
    if (certificate.sha1 == NULL || certificate.sha256 == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "the system's cryptography has no SHA-1 or no SHA-256");
    }
    certificate.subject = name_text(subject, arena);
    certificate.issuer = name_text(issuer, arena);
    certificate.common_name = common_name(subject, arena);
    certificate.issuer_name = common_name(issuer, arena);
    certificate.dns_names = dns_names(x509, arena);
    certificate.issuer_urls = access_urls(x509, NID_ad_ca_issuers, arena);
    certificate.ocsp_urls = access_urls(x509, NID_ad_OCSP, arena);
    certificate.is_self_issued = X509_NAME_cmp(subject, issuer) == 0;
    certificate.bytes = (const uint8_t *)arena_copy(arena, der, size);
    ERR_clear_error();
    *ret_certificate = certificate;
    return true;
}
