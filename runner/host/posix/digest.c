/* SPDX-License-Identifier: MIT */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/attr.h"
#include "host/port.h"

static void drop_context(OSSL_LIB_CTX **context)
{
    OSSL_LIB_CTX_free(*context);
}

/* In a context of its own: OpenSSL 3.0's default one crashes where it had no memory to set itself up (seen). */
bool port_sha256(const void *bytes, size_t size, uint8_t ret_digest[PORT_SHA256_BYTES], struct err *err)
{
    OSSL_LIB_CTX *context AUTO(drop_context) = OSSL_LIB_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (context == NULL || EVP_Q_digest(context, "SHA256", NULL, bytes, size, digest, NULL) != 1) {
        return err_set(err, ERR_UNSUPPORTED, 0, "the system's cryptography has no SHA-256");
    }
    memcpy(ret_digest, digest, PORT_SHA256_BYTES);
    return true;
}
