/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/backend.h"
#include <bcrypt.h>
/* clang-format on */

static void drop_algorithm(BCRYPT_ALG_HANDLE *algorithm)
{
    if (*algorithm != NULL) {
        (void)BCryptCloseAlgorithmProvider(*algorithm, 0);
    }
}

static void drop_hash(BCRYPT_HASH_HANDLE *hash)
{
    if (*hash != NULL) {
        (void)BCryptDestroyHash(*hash);
    }
}

/*
 * Not BCryptHash: it came with Windows 10. BCryptHashData takes bytes it does not write to, without const.
 * Source: https://learn.microsoft.com/windows/win32/seccng/creating-a-hash-with-cng
 */
static NTSTATUS hash_all(const void *bytes, size_t size, uint8_t *digest)
{
    BCRYPT_ALG_HANDLE algorithm AUTO(drop_algorithm) = NULL;
    BCRYPT_HASH_HANDLE hash AUTO(drop_hash) = NULL;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0);
    if (status >= 0) {
        status = BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0);
    }
    if (status >= 0) {
        status = BCryptHashData(hash, (PUCHAR)(uintptr_t)bytes, (ULONG)size, 0);
    }
    return status >= 0 ? BCryptFinishHash(hash, digest, PORT_SHA256_BYTES, 0) : status;
}

bool port_sha256(const void *bytes, size_t size, uint8_t ret_digest[PORT_SHA256_BYTES], struct err *err)
{
    uint8_t digest[PORT_SHA256_BYTES];
    must(size <= ULONG_MAX);
    NTSTATUS status = hash_all(bytes, size, digest);
    if (status < 0) {
        return err_set(err, ERR_UNSUPPORTED, (uint32_t)status, "SHA-256 by the system: 0x%08X", (unsigned)status);
    }
    memcpy(ret_digest, digest, sizeof(digest));
    return true;
}
