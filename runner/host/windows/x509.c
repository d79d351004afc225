/* SPDX-License-Identifier: MIT */
/* Certificates by crypt32. */
#include <string.h>

#include "base/limits.h"
#include "host/hex.h"
#include "host/port.h"
#include "host/windows/crypt.h"

enum { SHA1_BYTES = 20, DER_SEQUENCE = 0x30, DER_LONG_FORM = 0x80 };

void drop_store(HCERTSTORE *store)
{
    if (*store != NULL) {
        (void)CertCloseStore(*store, 0);
    }
}

void drop_context(PCCERT_CONTEXT *context)
{
    if (*context != NULL) {
        (void)CertFreeCertificateContext(*context);
    }
}

void drop_message(HCRYPTMSG *message)
{
    if (*message != NULL) {
        (void)CryptMsgClose(*message);
    }
}

bool crypt_is_whole(const void *bytes, size_t size)
{
    const uint8_t *der = bytes;
    if (size < 2 || der[0] != DER_SEQUENCE) {
        return false;
    }
    size_t length = der[1];
    size_t digits = 0;
    if (length == DER_LONG_FORM) {
        return true;
    }
    if (length > DER_LONG_FORM) {
        digits = length - DER_LONG_FORM;
        length = 0;
        for (size_t i = 0; i < digits; i++) {
            if (digits > sizeof(uint32_t) || 2 + i >= size) {
                return false;
            }
            length = length << 8U | der[2 + i];
        }
    }
    return length == size - 2 - digits;
}

/* "CN=..., O=..., C=..." */
static const char *name_text(const CERT_NAME_BLOB *name, struct arena *arena)
{
    CERT_NAME_BLOB blob = *name;
    const DWORD form = CERT_X500_NAME_STR | CERT_NAME_STR_REVERSE_FLAG;
    DWORD count = CertNameToStrW(CRYPT_ENCODING, &blob, form, NULL, 0);
    wchar_t *wide = arena_array(arena, count, sizeof *wide);
    return CertNameToStrW(CRYPT_ENCODING, &blob, form, wide, count) > 0 ? narrow(arena, wide) : "";
}

static const char *common_name(PCCERT_CONTEXT context, DWORD flags, struct arena *arena)
{
    char oid[] = szOID_COMMON_NAME;
    DWORD count = CertGetNameStringW(context, CERT_NAME_ATTR_TYPE, flags, oid, NULL, 0);
    wchar_t *wide = arena_array(arena, count, sizeof *wide);
    return count > 1 && CertGetNameStringW(context, CERT_NAME_ATTR_TYPE, flags, oid, wide, count) > 1
               ? narrow(arena, wide)
               : NULL;
}

/* The value of an extension, decoded; NULL: none, or one that does not decode. LocalFree. */
static void *extension(PCCERT_CONTEXT context, const char *oid, LPCSTR type)
{
    PCERT_INFO info = context->pCertInfo;
    PCERT_EXTENSION found = CertFindExtension(oid, info->cExtension, info->rgExtension);
    void *decoded = NULL;
    DWORD size = 0;
    bool is_decoded =
        found != NULL && CryptDecodeObjectEx(CRYPT_ENCODING, type, found->Value.pbData, found->Value.cbData,
                                             CRYPT_DECODE_ALLOC_FLAG, NULL, &decoded, &size);
    return is_decoded ? decoded : NULL;
}

static void add_text(struct arena *arena, struct arena_list *list, const wchar_t *wide)
{
    if (wide != NULL && list->count < LIMIT_CERTIFICATE_NAMES) {
        *(const char **)arena_push(arena, list, sizeof(char *)) = narrow(arena, wide);
    }
}

static struct certificate_texts dns_names(PCCERT_CONTEXT context, struct arena *arena)
{
    struct arena_list list = {0};
    CERT_ALT_NAME_INFO *names AUTO(drop_local) = extension(context, szOID_SUBJECT_ALT_NAME2, X509_ALTERNATE_NAME);
    for (DWORD i = 0; names != NULL && i < names->cAltEntry; i++) {
        if (names->rgAltEntry[i].dwAltNameChoice == CERT_ALT_NAME_DNS_NAME) {
            add_text(arena, &list, names->rgAltEntry[i].pwszDNSName);
        }
    }
    return (struct certificate_texts){.items = list.items, .count = list.count};
}

static struct certificate_texts access_urls(PCCERT_CONTEXT context, const char *method, struct arena *arena)
{
    struct arena_list list = {0};
    CERT_AUTHORITY_INFO_ACCESS *access AUTO(drop_local) =
        extension(context, szOID_AUTHORITY_INFO_ACCESS, X509_AUTHORITY_INFO_ACCESS);
    for (DWORD i = 0; access != NULL && i < access->cAccDescr; i++) {
        const CERT_ACCESS_DESCRIPTION *item = &access->rgAccDescr[i];
        if (strcmp(item->pszAccessMethod, method) == 0 && item->AccessLocation.dwAltNameChoice == CERT_ALT_NAME_URL) {
            add_text(arena, &list, item->AccessLocation.pwszURL);
        }
    }
    return (struct certificate_texts){.items = list.items, .count = list.count};
}

static bool digests(PCCERT_CONTEXT context, struct arena *arena, struct certificate *certificate, struct err *err)
{
    uint8_t sha1[SHA1_BYTES];
    uint8_t sha256[PORT_SHA256_BYTES];
    DWORD size = sizeof sha1;
    if (!CertGetCertificateContextProperty(context, CERT_SHA1_HASH_PROP_ID, sha1, &size) || size != sizeof sha1) {
        return windows_failed(err, GetLastError(), "hash", "a certificate");
    }
    if (!port_sha256(context->pbCertEncoded, context->cbCertEncoded, sha256, err)) {
        return false;
    }
    certificate->sha1 = hex_thumbprint(arena, sha1, sizeof sha1);
    certificate->sha256 = hex_thumbprint(arena, sha256, sizeof sha256);
    return true;
}

bool crypt_read_context(PCCERT_CONTEXT context, struct arena *arena, struct certificate *ret_certificate,
                        struct err *err)
{
    PCERT_INFO info = context->pCertInfo;
    struct certificate certificate = {
        .exists = true,
        .subject = name_text(&info->Subject, arena),
        .issuer = name_text(&info->Issuer, arena),
        .common_name = common_name(context, 0, arena),
        .issuer_name = common_name(context, CERT_NAME_ISSUER_FLAG, arena),
        .dns_names = dns_names(context, arena),
        .issuer_urls = access_urls(context, szOID_PKIX_CA_ISSUERS, arena),
        .ocsp_urls = access_urls(context, szOID_PKIX_OCSP, arena),
        .not_before = unix_seconds(info->NotBefore),
        .not_after = unix_seconds(info->NotAfter),
        .is_self_issued = CertCompareCertificateName(CRYPT_ENCODING, &info->Subject, &info->Issuer) != FALSE,
        .bytes = (const uint8_t *)arena_copy(arena, context->pbCertEncoded, context->cbCertEncoded),
        .size = context->cbCertEncoded,
    };
    if (!digests(context, arena, &certificate, err)) {
        return false;
    }
    *ret_certificate = certificate;
    return true;
}

bool port_certificate_read(const void *der, size_t size, struct arena *arena, struct certificate *ret_certificate,
                           struct err *err)
{
    bool may_be_one = size <= LIMIT_CERTIFICATE_BYTES && crypt_is_whole(der, size);
    PCCERT_CONTEXT context AUTO(drop_context) =
        may_be_one ? CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)size) : NULL;
    if (context == NULL) {
        *ret_certificate = (struct certificate){0};
        return true;
    }
    return crypt_read_context(context, arena, ret_certificate, err);
}
