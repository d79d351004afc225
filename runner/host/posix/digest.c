/* SPDX-License-Identifier: MIT */
#include <openssl/evp.h>
#include <string.h>

#include "host/port.h"

bool port_sha256(const void *bytes, size_t size, uint8_t ret_digest[PORT_SHA256_BYTES], struct err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1) {
        return err_set(err, ERR_UNSUPPORTED, 0, "the system's cryptography has no SHA-256");
    }
    memcpy(ret_digest, digest, PORT_SHA256_BYTES);
    return true;
}
