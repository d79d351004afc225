/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include "base/limits.h"
#include "host/nouns/crypto/crypto.h"

const char *const crypto_place_names[CRYPTO_PLACE_COUNT + 1] = {"My", "CA", "Root", "AuthRoot", "user", "none", NULL};

bool host_crypto_open_message(struct host *host, const void *bytes, size_t size, struct crypto_message *ret_message,
                              struct err *err)
{
    if (size == 0 || size > LIMIT_MESSAGE_BYTES) {
        *ret_message = (struct crypto_message){.flaw = size == 0 ? "empty" : "larger than such messages are"};
        return true;
    }
    return gate_look(host, host->ops->crypto->open_message != NULL, "cryptography", err) &&
           host->ops->crypto->open_message(host->backend, bytes, size, host->arena, ret_message, err);
}

bool host_crypto_chain(struct host *host, const struct crypto_chain_query *query, struct crypto_chain *ret_chain,
                       struct err *err)
{
    must(query->leaf->exists);
    return gate_look(host, host->ops->crypto->chain != NULL, "cryptography", err) &&
           host->ops->crypto->chain(host->backend, query, host->arena, ret_chain, err);
}

bool host_crypto_decrypt(struct host *host, const struct crypto_bytes *envelope, const char *thumbprint,
                         struct crypto_bytes *ret_plaintext, struct err *err)
{
    const char *digits = certificate_thumbprint(host->arena, thumbprint);
    if (digits == NULL) {
        return err_set(err, ERR_INVALID, 0, "%.80s is no thumbprint of %d digits", thumbprint,
                       (int)CERTIFICATE_SHA1_DIGITS);
    }
    if (envelope->size == 0 || envelope->size > LIMIT_MESSAGE_BYTES) {
        return err_set(err, ERR_INVALID, 0, "an encrypted message of %zu bytes, at most %d are read", envelope->size,
                       (int)LIMIT_MESSAGE_BYTES);
    }
    return gate_look(host, host->ops->crypto->decrypt != NULL, "cryptography", err) &&
           host->ops->crypto->decrypt(host->backend, envelope, digits, host->arena, ret_plaintext, err);
}

bool host_crypto_random(struct host *host, void *bytes, size_t size, struct err *err)
{
    return gate_look(host, host->ops->crypto->random != NULL, "cryptography", err) &&
           host->ops->crypto->random(host->backend, bytes, size, err);
}

const struct noun_gate crypto_gate = {0};
