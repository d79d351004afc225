/* SPDX-License-Identifier: MIT */
/* Certificates stand in the real stores of the prefix. A clean prefix has none: the harness hides the ones of the
 * system below. */
#include <string.h>

#include "stage.h"

/* windows.h goes first. */
/* clang-format off */
#include <wincrypt.h>
/* clang-format on */

enum { SHA1_BYTES = 20 };

static const struct place {
    const char *word;
    const WCHAR *name;
    DWORD location;
} places[] = {
    {"My", L"My", CERT_SYSTEM_STORE_LOCAL_MACHINE},
    {"CA", L"CA", CERT_SYSTEM_STORE_LOCAL_MACHINE},
    {"Root", L"Root", CERT_SYSTEM_STORE_LOCAL_MACHINE},
    {"AuthRoot", L"AuthRoot", CERT_SYSTEM_STORE_LOCAL_MACHINE},
    {"Disallowed", L"Disallowed", CERT_SYSTEM_STORE_LOCAL_MACHINE},
    {"userCA", L"CA", CERT_SYSTEM_STORE_CURRENT_USER},
};

/* The account's own, which without the physical provider has LocalMachine's among them. */
static HCERTSTORE open_store(const struct place *place)
{
    BOOL is_account = place->location == CERT_SYSTEM_STORE_CURRENT_USER;
    HCERTSTORE store = CertOpenStore(is_account ? CERT_STORE_PROV_SYSTEM_REGISTRY_W : CERT_STORE_PROV_SYSTEM_W, 0, 0,
                                     place->location, place->name);
    if (store == NULL) {
        die(GetLastError(), "cannot open certificate store %s", place->word);
    }
    return store;
}

/* PEM, or DER as base64. */
static void add_certificate(HCERTSTORE store, const cJSON *entry)
{
    const char *text = member_text(entry, "certificate");
    DWORD size = 0;
    if (member_text(entry, "key") != NULL) {
        cannot_stage("private key of certificate", entry->string);
    }
    if (text == NULL || !CryptStringToBinaryA(text, 0, CRYPT_STRING_ANY, NULL, &size, NULL, NULL)) {
        die(GetLastError(), "not a certificate: %s", entry->string);
    }
    BYTE *bytes = allocate(size);
    (void)CryptStringToBinaryA(text, 0, CRYPT_STRING_ANY, bytes, &size, NULL, NULL);
    if (!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, bytes, size, CERT_STORE_ADD_REPLACE_EXISTING,
                                          NULL)) {
        die(GetLastError(), "cannot add certificate %s", entry->string);
    }
}

void certificate_load(const cJSON *section)
{
    for (size_t i = 0; section != NULL && i < sizeof places / sizeof places[0]; i++) {
        const cJSON *entries = cJSON_GetObjectItemCaseSensitive(section, places[i].word);
        const cJSON *entry = NULL;
        HCERTSTORE store = open_store(&places[i]);
        cJSON_ArrayForEach (entry, entries) {
            add_certificate(store, entry);
        }
        (void)CertCloseStore(store, 0);
    }
}

/* By thumbprint; the bytes are what the thumbprint says they are. */
static cJSON *dump_store(const struct place *place)
{
    HCERTSTORE store = open_store(place);
    cJSON *out = cJSON_CreateObject();
    PCCERT_CONTEXT context = NULL;
    while ((context = CertEnumCertificatesInStore(store, context)) != NULL) {
        BYTE hash[SHA1_BYTES];
        DWORD size = sizeof hash;
        if (!CertGetCertificateContextProperty(context, CERT_SHA1_HASH_PROP_ID, hash, &size)) {
            die(GetLastError(), "a certificate of %s has no thumbprint", place->word);
        }
        cJSON_AddTrueToObject(out, _strupr(to_hex(hash, size)));
    }
    (void)CertCloseStore(store, 0);
    return out;
}

cJSON *certificate_dump(const cJSON *section)
{
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; section != NULL && i < sizeof places / sizeof places[0]; i++) {
        cJSON_AddItemToObject(out, places[i].word, dump_store(&places[i]));
    }
    return out;
}
