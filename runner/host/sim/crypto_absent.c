/* SPDX-License-Identifier: MIT */
/*
 * The simulated machine's cryptography is libcrypto's, and the Windows program goes without that library. There, what
 * needs chains or private keys of a machine document is unknown, with this reason.
 */
#include "host/sim/certificate.h"

static bool refuse(struct sim *sim, struct err *err)
{
    return sim_enter(sim, err) &&
           err_set(err, ERR_UNSUPPORTED, 0, "chains and keys of a machine document need the program for Linux");
}

bool sim_crypto_chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                      struct crypto_chain *ret_chain, struct err *err)
{
    (void)query;
    (void)arena;
    (void)ret_chain;
    return refuse(backend, err);
}

bool sim_crypto_decrypt(void *backend, const struct crypto_bytes *envelope, const char *thumbprint, struct arena *arena,
                        struct crypto_bytes *ret_plaintext, struct err *err)
{
    (void)envelope;
    (void)thumbprint;
    (void)arena;
    (void)ret_plaintext;
    return refuse(backend, err);
}

bool sim_crypto_sign(struct arena *arena, const struct sim_signing *signing, const char *content,
                     const char **ret_message, struct err *err)
{
    (void)arena;
    (void)signing;
    (void)content;
    (void)ret_message;
    return err_set(err, ERR_UNSUPPORTED, 0, "signing for a machine document needs the program for Linux");
}
