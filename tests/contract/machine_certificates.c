/* SPDX-License-Identifier: MIT */
/* The contract's certificates in LocalMachine's stores, one with its private key. Written apart from host/windows. */
#include "machine_certificates.h"

#include "certificates.h"

/* Of the account: Wine forgets that a key was the machine's. */
#define CONTAINER L"azmend-contract"

static const struct {
    const wchar_t *store;
    const char *name;
} places[] = {{L"My", "extension"}, {L"Root", "root"}, {L"Disallowed", "leafOtherName"}};

static DWORD import_key(struct arena *arena)
{
    const uint8_t *blob = NULL;
    size_t size = 0;
    HCRYPTPROV provider = 0;
    HCRYPTKEY key = 0;
    must(base64_decode(arena, certificates_member("certificates", "extension", "keyBlob"), &blob, &size));
    if (!CryptAcquireContextW(&provider, CONTAINER, MS_ENH_RSA_AES_PROV_W, PROV_RSA_AES, CRYPT_NEWKEYSET) ||
        !CryptImportKey(provider, blob, (DWORD)size, 0, 0, &key)) {
        return GetLastError();
    }
    (void)CryptDestroyKey(key);
    (void)CryptReleaseContext(provider, 0);
    return ERROR_SUCCESS;
}

/* With its key from the beginning: Wine does not keep what is set on a certificate that is in a store already. */
static PCCERT_CONTEXT make_context(struct arena *arena, const char *name, BOOL has_key)
{
    const uint8_t *der = NULL;
    size_t size = 0;
    CRYPT_KEY_PROV_INFO key = {.pwszContainerName = (LPWSTR)(uintptr_t)CONTAINER,
                               .pwszProvName = (LPWSTR)(uintptr_t)MS_ENH_RSA_AES_PROV_W,
                               .dwProvType = PROV_RSA_AES,
                               .dwKeySpec = AT_KEYEXCHANGE};
    must(base64_decode(arena, certificate_text(name), &der, &size));
    PCCERT_CONTEXT context = CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)size);
    must(context != NULL);
    must(!has_key || CertSetCertificateContextProperty(context, CERT_KEY_PROV_INFO_PROP_ID, 0, &key));
    return context;
}

static DWORD add(struct arena *arena, const wchar_t *store_name, const char *name, BOOL has_key)
{
    PCCERT_CONTEXT context = make_context(arena, name, has_key);
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, store_name);
    DWORD failure = ERROR_SUCCESS;
    if (store == NULL || !CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_REPLACE_EXISTING, NULL)) {
        failure = GetLastError();
    }
    (void)CertFreeCertificateContext(context);
    (void)CertCloseStore(store, 0);
    return failure;
}

DWORD machine_certificates_make(struct arena *arena)
{
    certificates_load(arena);
    DWORD failure = import_key(arena);
    for (size_t i = 0; failure == ERROR_SUCCESS && i < COUNT_OF(places); i++) {
        failure = add(arena, places[i].store, places[i].name, i == 0);
    }
    return failure;
}

void machine_certificates_remove(void)
{
    HCRYPTPROV none = 0;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        BYTE hash[20];
        CRYPT_HASH_BLOB blob = {.cbData = sizeof hash, .pbData = hash};
        DWORD size = sizeof hash;
        HCERTSTORE store =
            CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, places[i].store);
        (void)CryptStringToBinaryA(certificate_sha1(places[i].name), 0, CRYPT_STRING_HEXRAW, hash, &size, NULL, NULL);
        PCCERT_CONTEXT found =
            CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SHA1_HASH, &blob, NULL);
        if (found != NULL) {
            (void)CertDeleteCertificateFromStore(found);
        }
        (void)CertCloseStore(store, 0);
    }
    (void)CryptAcquireContextW(&none, CONTAINER, MS_ENH_RSA_AES_PROV_W, PROV_RSA_AES, CRYPT_DELETEKEYSET);
}
