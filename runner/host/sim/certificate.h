/* SPDX-License-Identifier: MIT */
/* Between the document's certificate stores and the cryptography that works on them. */
#ifndef AZMEND_HOST_SIM_CERTIFICATE_H
#define AZMEND_HOST_SIM_CERTIFICATE_H

#include "host/sim/sim_private.h"

/* The entry of a store, there or removed; NULL: never was. store: enum certificate_store or SIM_USER_CA. */
struct sim_certificate *sim_certificate_find(const struct sim *sim, unsigned store, const char *thumbprint);
bool sim_certificate_is_in(const struct sim *sim, unsigned store, const char *thumbprint);
/* Counts the call; ERR_UNSCRIPTED where the document says nothing of certificates. */
bool sim_certificates_enter(struct sim *sim, struct err *err) MUST_CHECK;

/* What a recording knows of signed bytes; sim_told.c. */
bool sim_told_query(struct sim *sim, enum certificate_store store, const char *thumbprint,
                    struct certificate *ret_certificate, struct err *err) MUST_CHECK;
bool sim_told_read(struct sim *sim, const void *bytes, size_t size, struct certificate *ret_certificate,
                   struct err *err) MUST_CHECK;
bool sim_told_message(struct sim *sim, const void *bytes, size_t size, struct crypto_message *ret_message,
                      struct err *err) MUST_CHECK;
bool sim_told_chain(struct sim *sim, const struct crypto_chain_query *query, struct crypto_chain *ret_chain,
                    struct err *err) MUST_CHECK;
bool sim_told_random(struct sim *sim, void *bytes, size_t size, struct err *err) MUST_CHECK;

/* What takes libcrypto, of the crypto table: crypto_chain.c and crypto_key.c, or crypto_absent.c. */
bool sim_crypto_chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                      struct crypto_chain *ret_chain, struct err *err);
bool sim_crypto_decrypt(void *backend, const struct crypto_bytes *envelope, const char *thumbprint, struct arena *arena,
                        struct crypto_bytes *ret_plaintext, struct err *err);

/* How a document is signed that the Instance Metadata Service makes while it is asked. */
struct sim_signing {
    const char *certificate, *key; /* of the signer: PEM, or DER as base64; PEM */
    const char *extra;             /* a further certificate that goes along; NULL: none */
};
/* content as PKCS #7 signed data, base64. ERR_INVALID: not such a certificate or key. */
bool sim_crypto_sign(struct arena *arena, const struct sim_signing *signing, const char *content,
                     const char **ret_message, struct err *err) MUST_CHECK;

#endif
