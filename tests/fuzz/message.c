/* SPDX-License-Identifier: MIT */
/* A signed PKCS #7 message, and a certificate, by the cryptography of this port. */
#include "fuzz.h"
#include "host/nouns/crypto/crypto.h"
#include "host/port.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = fuzz_arena();
    struct crypto_message message = {0};
    struct certificate certificate = {0};
    struct err err = {0};
    if (!port_message_open(bytes, size, arena, &message, &err)) {
        fuzz_refused(&err);
    }
    err = (struct err){0};
    if (!port_certificate_read(bytes, size, arena, &certificate, &err)) {
        fuzz_refused(&err);
    }
    return 0;
}
