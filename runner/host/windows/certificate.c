/* SPDX-License-Identifier: MIT */
/*
 * LocalMachine's stores. A look opens what exists and for reading only: opening a store by default makes it.
 * Source: https://learn.microsoft.com/windows/win32/api/wincrypt/nf-wincrypt-certopenstore
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "host/hex.h"
#include "host/port.h"
#include "host/windows/crypt.h"

static const wchar_t *const store_names[CERTIFICATE_STORE_COUNT] = {L"My", L"CA", L"Root", L"AuthRoot", L"Disallowed"};

enum { SHA1_BYTES = 20 };

/* An existing store, for what the flags say; one that does not exist is NULL. */
static bool open_existing(enum certificate_store store, DWORD flags, HCERTSTORE *ret_store, struct err *err)
{
    HCERTSTORE opened =
        CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                      CERT_SYSTEM_STORE_LOCAL_MACHINE | CERT_STORE_OPEN_EXISTING_FLAG | flags, store_names[store]);
    DWORD failure = opened == NULL ? GetLastError() : ERROR_SUCCESS;
    if (opened == NULL && failure != ERROR_FILE_NOT_FOUND) {
        return windows_failed(err, failure, "open certificate store", certificate_store_names[store]);
    }
    *ret_store = opened;
    return true;
}

bool crypt_open_store(enum certificate_store store, HCERTSTORE *ret_store, struct err *err)
{
    return open_existing(store, CERT_STORE_READONLY_FLAG, ret_store, err);
}

PCCERT_CONTEXT crypt_find(HCERTSTORE store, const char *thumbprint)
{
    uint8_t hash[SHA1_BYTES];
    CRYPT_HASH_BLOB blob = {.cbData = sizeof hash, .pbData = hash};
    for (size_t i = 0; i < sizeof hash; i++) {
        hash[i] = (uint8_t)(hex_digit(thumbprint[2 * i]) * 16 + hex_digit(thumbprint[2 * i + 1]));
    }
    return store != NULL ? CertFindCertificateInStore(store, CRYPT_ENCODING, 0, CERT_FIND_SHA1_HASH, &blob, NULL)
                         : NULL;
}

static bool query(void *backend, enum certificate_store store, const char *thumbprint, struct arena *arena,
                  struct certificate *ret_certificate, struct err *err)
{
    HCERTSTORE opened AUTO(drop_store) = NULL;
    (void)backend;
    if (!crypt_open_store(store, &opened, err)) {
        return false;
    }
    PCCERT_CONTEXT context AUTO(drop_context) = crypt_find(opened, thumbprint);
    if (context == NULL) {
        *ret_certificate = (struct certificate){0};
        return true;
    }
    return crypt_read_context(context, arena, ret_certificate, err);
}

static int by_sha1(const void *left, const void *right)
{
    return strcmp(((const struct certificate *)left)->sha1, ((const struct certificate *)right)->sha1);
}

/* A logical store gathers several: one certificate may stand in two of them. */
static size_t without_doubles(struct certificate *items, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(items[kept - 1].sha1, items[i].sha1) != 0) {
            items[kept++] = items[i];
        }
    }
    return kept;
}

static bool list_store(void *backend, enum certificate_store store, struct arena *arena,
                       struct certificates *ret_certificates, struct err *err)
{
    HCERTSTORE opened AUTO(drop_store) = NULL;
    struct arena_list list = {0};
    (void)backend;
    if (!crypt_open_store(store, &opened, err)) {
        return false;
    }
    PCCERT_CONTEXT context AUTO(drop_context) = opened != NULL ? CertEnumCertificatesInStore(opened, NULL) : NULL;
    for (; context != NULL; context = CertEnumCertificatesInStore(opened, context)) {
        if (list.count == LIMIT_CERTIFICATES) {
            return err_set(err, ERR_LIMIT, 0, "certificate store %s: more than %d", certificate_store_names[store],
                           (int)LIMIT_CERTIFICATES);
        }
        if (!crypt_read_context(context, arena, arena_push(arena, &list, sizeof(struct certificate)), err)) {
            return false;
        }
    }
    if (list.count > 1) {
        qsort(list.items, list.count, sizeof(struct certificate), by_sha1);
    }
    *ret_certificates = (struct certificates){.items = list.items, .count = without_doubles(list.items, list.count)};
    return true;
}

static bool read_one(void *backend, const void *der, size_t size, struct arena *arena,
                     struct certificate *ret_certificate, struct err *err)
{
    (void)backend;
    return port_certificate_read(der, size, arena, ret_certificate, err);
}

static bool add(void *backend, enum certificate_store store, const void *der, size_t size, struct err *err)
{
    (void)backend;
    HCERTSTORE opened AUTO(drop_store) =
        CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, store_names[store]);
    if (opened == NULL) {
        return windows_failed(err, GetLastError(), "open certificate store", certificate_store_names[store]);
    }
    if (!CertAddEncodedCertificateToStore(opened, X509_ASN_ENCODING, der, (DWORD)size, CERT_STORE_ADD_NEW, NULL) &&
        GetLastError() != (DWORD)CRYPT_E_EXISTS) {
        return hresult_failed(err, HRESULT_FROM_WIN32(GetLastError()), "add a certificate to",
                              certificate_store_names[store]);
    }
    return true;
}

static bool remove_one(void *backend, enum certificate_store store, const char *thumbprint, struct err *err)
{
    HCERTSTORE opened AUTO(drop_store) = NULL;
    (void)backend;
    if (!open_existing(store, 0, &opened, err)) {
        return false;
    }
    PCCERT_CONTEXT found = crypt_find(opened, thumbprint); /* CertDeleteCertificateFromStore takes it */
    if (found != NULL && !CertDeleteCertificateFromStore(found)) {
        return hresult_failed(err, HRESULT_FROM_WIN32(GetLastError()), "remove a certificate from",
                              certificate_store_names[store]);
    }
    if (found != NULL) {
        (void)CertControlStore(opened, 0, CERT_STORE_CTRL_COMMIT,
                               NULL); /* Wine counts one holder too many to do it at closing */
    }
    return true;
}

const struct certificate_ops windows_certificate_ops = {
    .query = query,
    .list = list_store,
    .read = read_one,
    .add = add,
    .remove = remove_one,
};
