/* SPDX-License-Identifier: MIT */
/* Cryptography of the simulated machine: chains and keys by libcrypto, where the program has that library. */
#include "host/port.h"
#include "host/sim/certificate.h"

static bool open_message(void *backend, const void *bytes, size_t size, struct arena *arena,
                         struct crypto_message *ret_message, struct err *err)
{
    struct sim *sim = backend;
    if (sim_is_recording(sim)) {
        return sim_told_message(sim, bytes, size, ret_message, err);
    }
    return sim_enter(sim, err) && port_message_open(bytes, size, arena, ret_message, err);
}

static bool build_chain(void *backend, const struct crypto_chain_query *query, struct arena *arena,
                        struct crypto_chain *ret_chain, struct err *err)
{
    struct sim *sim = backend;
    return sim_is_recording(sim) ? sim_told_chain(sim, query, ret_chain, err)
                                 : sim_crypto_chain(sim, query, arena, ret_chain, err);
}

static bool random_bytes(void *backend, void *bytes, size_t size, struct err *err)
{
    if (sim_is_recording(backend)) {
        return sim_told_random(backend, bytes, size, err);
    }
    if (!sim_enter(backend, err)) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)bytes)[i] = (uint8_t)(i * 89 + 41); /* the same in every run, so that runs compare */
    }
    return true;
}

const struct crypto_ops sim_crypto_ops = {
    .open_message = open_message,
    .chain = build_chain,
    .decrypt = sim_crypto_decrypt,
    .random = random_bytes,
};
