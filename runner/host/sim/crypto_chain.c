/* SPDX-License-Identifier: MIT */
/* Chains by libcrypto, of nothing but the document's stores, at the document's time. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/limits.h"
#include "host/port.h"
#include "host/sim/certificate.h"

/* What the verification found, besides the chain itself. */
struct finding {
    int first;     /* X509_V_ERR_*; X509_V_OK: nothing */
    bool is_other; /* neither time nor a missing or untrusted end: a signature, a constraint */
    bool is_out_of_time;
};

static void drop_store(X509_STORE **store)
{
    X509_STORE_free(*store);
}

static void drop_context(X509_STORE_CTX **context)
{
    X509_STORE_CTX_free(*context);
}

static void drop_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static void drop_certificates(STACK_OF(X509) * *certificates)
{
    sk_X509_pop_free(*certificates, X509_free);
}

static X509 *open_certificate(const struct certificate *certificate)
{
    const unsigned char *end = certificate->bytes;
    return d2i_X509(NULL, &end, (long)certificate->size);
}

/* Goes on after every error, so that all of them are known. */
static int note_error(int is_right, X509_STORE_CTX *context)
{
    struct finding *finding = X509_STORE_CTX_get_app_data(context);
    int error = X509_STORE_CTX_get_error(context);
    if (is_right != 0) {
        return 1;
    }
    finding->first = finding->first == X509_V_OK ? error : finding->first;
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        finding->is_out_of_time = true;
        break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        break; /* seen in the chain itself */
    default:
        finding->is_other = true;
        break;
    }
    return 1;
}

static bool add_candidate(const struct certificate *certificate, STACK_OF(X509) * candidates)
{
    X509 *x509 AUTO(drop_certificate) = open_certificate(certificate);
    if (x509 == NULL || sk_X509_push(candidates, x509) <= 0) {
        return false;
    }
    x509 = NULL; /* the stack's now */
    return true;
}

static bool add_candidates(const struct sim *sim, unsigned store, STACK_OF(X509) * candidates)
{
    const struct arena_list *list = &sim->document.certificates.stores[store];
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_certificate *entry = ((struct sim_certificate *const *)list->items)[i];
        if (entry->exists && !add_candidate(&entry->certificate, candidates)) {
            return false;
        }
    }
    return true;
}

static bool add_roots(const struct sim *sim, unsigned store, X509_STORE *roots)
{
    const struct arena_list *list = &sim->document.certificates.stores[store];
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_certificate *entry = ((struct sim_certificate *const *)list->items)[i];
        X509 *x509 AUTO(drop_certificate) = entry->exists ? open_certificate(&entry->certificate) : NULL;
        if (entry->exists && (x509 == NULL || X509_STORE_add_cert(roots, x509) != 1)) {
            return false;
        }
    }
    return true;
}

static bool add_all_candidates(const struct sim *sim, const struct crypto_chain_query *query,
                               STACK_OF(X509) * candidates)
{
    bool is_added = add_candidates(sim, CERTIFICATE_CA, candidates) &&
                    (query->reach != CRYPTO_CACHED || add_candidates(sim, SIM_USER_CA, candidates));
    for (size_t i = 0; is_added && i < query->extra.count; i++) {
        is_added = add_candidate(&query->extra.items[i], candidates);
    }
    return is_added;
}

static enum crypto_place place_of(const struct sim *sim, const char *thumbprint, enum crypto_reach reach)
{
    static const struct {
        unsigned store;
        enum crypto_place place;
    } places[] = {{CERTIFICATE_AUTH_ROOT, CRYPTO_IN_AUTH_ROOT},
                  {CERTIFICATE_ROOT, CRYPTO_IN_ROOT},
                  {CERTIFICATE_CA, CRYPTO_IN_CA},
                  {CERTIFICATE_MY, CRYPTO_IN_MY}};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (sim_certificate_is_in(sim, places[i].store, thumbprint)) {
            return places[i].place;
        }
    }
    bool is_cached = reach == CRYPTO_CACHED && sim_certificate_is_in(sim, SIM_USER_CA, thumbprint);
    return is_cached ? CRYPTO_IN_USER : CRYPTO_IN_EXTRA;
}

static bool read_element(const struct sim *sim, X509 *x509, enum crypto_reach reach, struct arena *arena,
                         struct crypto_element *ret_element, struct err *err)
{
    unsigned char *der = NULL;
    int size = i2d_X509(x509, &der);
    if (size <= 0) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a certificate");
    }
    struct crypto_element element = {0};
    bool is_read = port_certificate_read(der, (size_t)size, arena, &element.certificate, err);
    OPENSSL_free(der);
    if (!is_read) {
        return false;
    }
    element.place = place_of(sim, element.certificate.sha1, reach);
    element.is_disallowed = sim_certificate_is_in(sim, CERTIFICATE_DISALLOWED, element.certificate.sha1);
    *ret_element = element;
    return true;
}

static bool read_chain(const struct sim *sim, X509_STORE_CTX *context, enum crypto_reach reach, struct arena *arena,
                       struct crypto_chain *chain, struct err *err)
{
    STACK_OF(X509) *elements = X509_STORE_CTX_get0_chain(context);
    int count = sk_X509_num(elements) < LIMIT_CHAIN ? sk_X509_num(elements) : LIMIT_CHAIN;
    if (count <= 0) {
        return err_set(err, ERR_INVALID, 0, "no chain was built");
    }
    struct crypto_element *items = arena_array(arena, (size_t)count, sizeof *items);
    for (int i = 0; i < count; i++) {
        if (!read_element(sim, sk_X509_value(elements, i), reach, arena, &items[i], err)) {
            return false;
        }
    }
    chain->elements = items;
    chain->count = (size_t)count;
    return true;
}

static void judge(struct crypto_chain *chain, const struct finding *finding)
{
    must(chain->count > 0);
    const struct crypto_element *last = &chain->elements[chain->count - 1];
    bool is_disallowed = false;
    for (size_t i = 0; i < chain->count; i++) {
        is_disallowed |= chain->elements[i].is_disallowed;
    }
    chain->is_complete = last->certificate.is_self_issued;
    chain->root_trusted = chain->is_complete && (last->place == CRYPTO_IN_ROOT || last->place == CRYPTO_IN_AUTH_ROOT);
    chain->in_time = !finding->is_out_of_time;
    chain->status = (uint32_t)finding->first;
    chain->holds = chain->root_trusted && chain->in_time && !finding->is_other && !is_disallowed;
}

static bool verify(X509_STORE_CTX *context, int64_t seconds, struct finding *finding)
{
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(parameters, (time_t)seconds);
    X509_VERIFY_PARAM_set_depth(parameters, LIMIT_CHAIN);
    X509_STORE_CTX_set_verify_cb(context, note_error);
    return X509_STORE_CTX_set_app_data(context, finding) == 1 && X509_verify_cert(context) >= 0;
}

bool sim_crypto_chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                      struct crypto_chain *ret_chain, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_certificates_enter(sim, err)) {
        return false;
    }
    X509_STORE *roots AUTO(drop_store) = X509_STORE_new();
    X509 *leaf AUTO(drop_certificate) = open_certificate(query->leaf);
    STACK_OF(X509) * candidates AUTO(drop_certificates) = sk_X509_new_null();
    X509_STORE_CTX *context AUTO(drop_context) = X509_STORE_CTX_new();
    struct finding finding = {0};
    struct crypto_chain chain = {0};
    bool is_verified = roots != NULL && context != NULL && leaf != NULL && candidates != NULL &&
                       add_all_candidates(sim, query, candidates) && add_roots(sim, CERTIFICATE_ROOT, roots) &&
                       add_roots(sim, CERTIFICATE_AUTH_ROOT, roots) &&
                       X509_STORE_CTX_init(context, roots, leaf, candidates) == 1 &&
                       verify(context, sim_utc_ms(sim) / 1000, &finding);
    ERR_clear_error();
    if (!is_verified) {
        return err_set(err, ERR_INVALID, 0, "the chain of %.100s cannot be built", query->leaf->subject);
    }
    if (!read_chain(sim, context, query->reach, arena, &chain, err)) {
        return false;
    }
    judge(&chain, &finding);
    *ret_chain = chain;
    return true;
}
