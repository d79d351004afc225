/* SPDX-License-Identifier: MIT */
/*
 * Chains as the machine builds them, without the network: with the defaults Windows fetches what is missing, keeps it
 * and may add roots, and a look changes nothing. Source:
 * https://learn.microsoft.com/windows/win32/api/wincrypt/nf-wincrypt-certgetcertificatechain (dwFlags),
 * HCCE_LOCAL_MACHINE. claim: certificates.chain-without-network
 */
#include "base/limits.h"
#include "host/port.h"
#include "host/windows/crypt.h"

enum {
    NO_NETWORK =
        CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL | CERT_CHAIN_DISABLE_AIA | CERT_CHAIN_DISABLE_AUTH_ROOT_AUTO_UPDATE,
};

static void drop_chain(PCCERT_CHAIN_CONTEXT *chain)
{
    if (*chain != NULL) {
        CertFreeCertificateChain(*chain);
    }
}

static void drop_engine(HCERTCHAINENGINE *engine)
{
    if (*engine != NULL) {
        CertFreeCertificateChainEngine(*engine);
    }
}

/* LocalMachine's stores as they are now; what HCCE_LOCAL_MACHINE stands for may be older than our own last change. */
static HCERTCHAINENGINE open_engine(void)
{
    /* The form of Windows 7: all later ones take it, Wine no other. */
    CERT_CHAIN_ENGINE_CONFIG how = {.cbSize = offsetof(CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags),
                                    .dwFlags =
                                        CERT_CHAIN_USE_LOCAL_MACHINE_STORE | CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL};
    HCERTCHAINENGINE engine = NULL;
    return CertCreateCertificateChainEngine(&how, &engine) ? engine : NULL;
}

static bool add_extra(HCERTSTORE collection, const struct certificates *extra)
{
    HCERTSTORE memory AUTO(drop_store) =
        CertOpenStore(CERT_STORE_PROV_MEMORY, CRYPT_ENCODING, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);
    if (memory == NULL || !CertAddStoreToCollection(collection, memory, 0, 0)) {
        return false;
    }
    for (size_t i = 0; i < extra->count; i++) {
        if (!CertAddEncodedCertificateToStore(memory, X509_ASN_ENCODING, extra->items[i].bytes,
                                              (DWORD)extra->items[i].size, CERT_STORE_ADD_REPLACE_EXISTING, NULL)) {
            return false;
        }
    }
    return true;
}

/* Where Windows keeps what it fetched for the account that azmend runs as; NULL: nothing. The caller's. */
static HCERTSTORE open_user_store(void)
{
    return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                         CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_READONLY_FLAG,
                         L"CA");
}

static HCERTSTORE open_candidates(const struct crypto_chain_query *query)
{
    HCERTSTORE collection AUTO(drop_store) = CertOpenStore(CERT_STORE_PROV_COLLECTION, 0, 0, 0, NULL);
    HCERTSTORE user AUTO(drop_store) = query->reach == CRYPTO_CACHED ? open_user_store() : NULL;
    bool is_filled = collection != NULL && add_extra(collection, &query->extra) &&
                     (user == NULL || CertAddStoreToCollection(collection, user, 0, 0));
    HCERTSTORE given = is_filled ? collection : NULL;
    collection = is_filled ? NULL : collection;
    return given;
}

static bool is_in(enum certificate_store store, const char *thumbprint, bool *ret_is_in, struct err *err)
{
    HCERTSTORE opened AUTO(drop_store) = NULL;
    if (!crypt_open_store(store, &opened, err)) {
        return false;
    }
    PCCERT_CONTEXT found AUTO(drop_context) = crypt_find(opened, thumbprint);
    *ret_is_in = found != NULL;
    return true;
}

static bool find_place(const char *thumbprint, enum crypto_reach reach, enum crypto_place *ret_place, struct err *err)
{
    static const struct {
        enum certificate_store store;
        enum crypto_place place;
    } places[] = {{CERTIFICATE_AUTH_ROOT, CRYPTO_IN_AUTH_ROOT},
                  {CERTIFICATE_ROOT, CRYPTO_IN_ROOT},
                  {CERTIFICATE_CA, CRYPTO_IN_CA},
                  {CERTIFICATE_MY, CRYPTO_IN_MY}};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        bool is_here = false;
        if (!is_in(places[i].store, thumbprint, &is_here, err)) {
            return false;
        }
        if (is_here) {
            *ret_place = places[i].place;
            return true;
        }
    }
    HCERTSTORE user AUTO(drop_store) = reach == CRYPTO_CACHED ? open_user_store() : NULL;
    PCCERT_CONTEXT found AUTO(drop_context) = crypt_find(user, thumbprint);
    *ret_place = found != NULL ? CRYPTO_IN_USER : CRYPTO_IN_EXTRA;
    return true;
}

static bool read_element(PCCERT_CONTEXT context, enum crypto_reach reach, struct arena *arena,
                         struct crypto_element *ret_element, struct err *err)
{
    struct crypto_element element = {0};
    if (!crypt_read_context(context, arena, &element.certificate, err) ||
        !find_place(element.certificate.sha1, reach, &element.place, err) ||
        !is_in(CERTIFICATE_DISALLOWED, element.certificate.sha1, &element.is_disallowed, err)) {
        return false;
    }
    *ret_element = element;
    return true;
}

static bool read_chain(const CERT_SIMPLE_CHAIN *simple, enum crypto_reach reach, struct arena *arena,
                       struct crypto_chain *chain, struct err *err)
{
    size_t count = simple->cElement < LIMIT_CHAIN ? simple->cElement : LIMIT_CHAIN;
    struct crypto_element *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        if (!read_element(simple->rgpElement[i]->pCertContext, reach, arena, &items[i], err)) {
            return false;
        }
    }
    chain->elements = items;
    chain->count = count;
    return true;
}

static void judge(struct crypto_chain *chain, DWORD status)
{
    /* The nested times are an old profile's rule that Windows does not hold to, and its page says so. */
    const DWORD flaws = status & ~(DWORD)CERT_TRUST_IS_NOT_TIME_NESTED;
    const struct crypto_element *last = &chain->elements[chain->count - 1];
    bool is_disallowed = false;
    for (size_t i = 0; i < chain->count; i++) {
        is_disallowed |= chain->elements[i].is_disallowed;
    }
    chain->status = status;
    chain->is_complete = last->certificate.is_self_issued;
    chain->root_trusted = chain->is_complete && (last->place == CRYPTO_IN_ROOT || last->place == CRYPTO_IN_AUTH_ROOT);
    chain->in_time = (flaws & CERT_TRUST_IS_NOT_TIME_VALID) == 0;
    chain->holds = flaws == CERT_TRUST_NO_ERROR && chain->root_trusted && !is_disallowed;
}

static bool chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                  struct crypto_chain *ret_chain, struct err *err)
{
    CERT_CHAIN_PARA how = {.cbSize = sizeof how};
    struct crypto_chain chain = {0};
    (void)backend;
    HCERTCHAINENGINE engine AUTO(drop_engine) = open_engine();
    HCERTSTORE candidates AUTO(drop_store) = open_candidates(query);
    PCCERT_CONTEXT leaf AUTO(drop_context) =
        CertCreateCertificateContext(X509_ASN_ENCODING, query->leaf->bytes, (DWORD)query->leaf->size);
    PCCERT_CHAIN_CONTEXT built AUTO(drop_chain) = NULL;
    if (engine == NULL || candidates == NULL || leaf == NULL ||
        !CertGetCertificateChain(engine, leaf, NULL, candidates, &how, NO_NETWORK, NULL, &built) ||
        built->cChain == 0 || built->rgpChain[0]->cElement == 0) {
        return windows_failed(err, GetLastError(), "build the chain of", query->leaf->subject);
    }
    if (!read_chain(built->rgpChain[0], query->reach, arena, &chain, err)) {
        return false;
    }
    judge(&chain, built->TrustStatus.dwErrorStatus);
    *ret_chain = chain;
    return true;
}

static bool open_message(void *backend, const void *bytes, size_t size, struct arena *arena,
                         struct crypto_message *ret_message, struct err *err)
{
    (void)backend;
    return port_message_open(bytes, size, arena, ret_message, err);
}

static bool random_bytes(void *backend, void *bytes, size_t size, struct err *err)
{
    (void)backend;
    return port_random(bytes, size, err);
}

const struct crypto_ops windows_crypto_ops = {
    .open_message = open_message,
    .chain = chain,
    .decrypt = windows_crypto_decrypt,
    .random = random_bytes,
};
