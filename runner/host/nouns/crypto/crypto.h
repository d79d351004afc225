/* SPDX-License-Identifier: MIT */
/*
 * Cryptography by the system: signed messages, certificate chains, envelopes. On Windows crypt32 and the machine's own
 * stores; on the simulated machine libcrypto and the document's. Nothing here asks the network or changes a store.
 * What hostile bytes turn out to be is told as a fact; an error means that nobody could look.
 * Source: https://learn.microsoft.com/windows/win32/seccrypto/cryptography-portal (CryptMsg*, CertGetCertificateChain).
 */
#ifndef AZMEND_HOST_NOUNS_CRYPTO_CRYPTO_H
#define AZMEND_HOST_NOUNS_CRYPTO_CRYPTO_H

#include "host/nouns/certificate/certificate.h"

struct crypto_bytes {
    const uint8_t *bytes; /* a NUL stands behind those that are given back */
    size_t size;
};

/* A CMS (PKCS #7) SignedData message with its content inside and one signer. */
struct crypto_message {
    const char *flaw; /* NULL: readable; else why it is no such message, and nothing below is set */
    const char *content;
    size_t content_size;          /* bytes; a NUL stands behind them */
    bool signature_holds;         /* over this content, by the signer's key; says nothing about who that is */
    struct certificate signer;    /* exists false: the message does not carry it */
    struct certificates embedded; /* all that the message carries, the signer's among them */
};

/* What one may reach for besides the machine's own stores. */
enum crypto_reach {
    CRYPTO_MACHINE, /* LocalMachine alone */
    CRYPTO_CACHED,  /* and the CA store of the account that azmend runs as, where Windows keeps what it has fetched */
};

struct crypto_chain_query {
    const struct certificate *leaf;
    struct certificates extra; /* further candidates for issuers, never trusted by themselves */
    enum crypto_reach reach;
};

enum crypto_place { /* where an element of a chain was found */
                    CRYPTO_IN_MY,
                    CRYPTO_IN_CA,
                    CRYPTO_IN_ROOT,
                    CRYPTO_IN_AUTH_ROOT,
                    CRYPTO_IN_USER,  /* CRYPTO_CACHED only */
                    CRYPTO_IN_EXTRA, /* in none of the machine's stores: the leaf, the message, or what was handed in */
                    CRYPTO_PLACE_COUNT
};
extern const char
    *const crypto_place_names[CRYPTO_PLACE_COUNT + 1]; /* "My", "CA", "Root", "AuthRoot", "user", "none" */

struct crypto_element {
    struct certificate certificate;
    enum crypto_place place;
    bool is_disallowed; /* in the Disallowed store */
};

struct crypto_chain {
    const struct crypto_element *elements; /* from the leaf upwards; at least the leaf */
    size_t count;                          /* at most LIMIT_CHAIN */
    bool is_complete;                      /* ends in a certificate that issued itself */
    bool root_trusted;                     /* complete, and that one is in Root */
    bool in_time;                          /* each is valid at the machine's time */
    bool holds;      /* all of it: complete, trusted, in time, signatures right, none disallowed */
    uint32_t status; /* what the system calls it (CERT_TRUST_STATUS or X509_V_ERR_*), for people */
};

/* What a backend supplies. */
struct crypto_ops {
    bool (*open_message)(void *backend, const void *bytes, size_t size, struct arena *arena,
                         struct crypto_message *ret_message, struct err *err);
    bool (*chain)(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                  struct crypto_chain *ret_chain, struct err *err);
    bool (*decrypt)(void *backend, const struct crypto_bytes *envelope, const char *thumbprint, struct arena *arena,
                    struct crypto_bytes *ret_plaintext, struct err *err);
    bool (*random)(void *backend, void *bytes, size_t size, struct err *err);
};

bool host_crypto_open_message(struct host *host, const void *bytes, size_t size, struct crypto_message *ret_message,
                              struct err *err) MUST_CHECK;
/*
 * The best chain for the leaf at the machine's own time. A root that Windows would fetch when asked is not in Root:
 * root_trusted false may mean "not yet". Revocation is not looked at.
 */
bool host_crypto_chain(struct host *host, const struct crypto_chain_query *query, struct crypto_chain *ret_chain,
                       struct err *err) MUST_CHECK;
/*
 * The plaintext of a CMS EnvelopedData message (DER), by the private key of the certificate with this thumbprint in
 * LocalMachine\My. ERR_NOT_FOUND: no such certificate or key. ERR_INVALID: not such a message, or not for this key. The
 * plaintext is a secret: it lives in the arena and is for nobody's log.
 */
bool host_crypto_decrypt(struct host *host, const struct crypto_bytes *envelope, const char *thumbprint,
                         struct crypto_bytes *ret_plaintext, struct err *err) MUST_CHECK;
/* Unguessable bytes; on the simulated machine always the same ones. */
bool host_crypto_random(struct host *host, void *bytes, size_t size, struct err *err) MUST_CHECK;

#endif
