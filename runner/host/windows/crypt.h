/* SPDX-License-Identifier: MIT */
/* What the files on crypt32 share: handles that close themselves, stores, one certificate. */
#ifndef AZMEND_HOST_WINDOWS_CRYPT_H
#define AZMEND_HOST_WINDOWS_CRYPT_H

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/backend.h"
#include <wincrypt.h>
/* clang-format on */

#include "host/nouns/crypto/crypto.h"

enum { CRYPT_ENCODING = X509_ASN_ENCODING | PKCS_7_ASN_ENCODING };

void drop_store(HCERTSTORE *store);
void drop_context(PCCERT_CONTEXT *context);
void drop_message(HCRYPTMSG *message);

/* Is it one whole DER value, nothing behind it? An indefinite length is left to the decoder. */
bool crypt_is_whole(const void *bytes, size_t size);
/* The certificate of a context. */
bool crypt_read_context(PCCERT_CONTEXT context, struct arena *arena, struct certificate *ret_certificate,
                        struct err *err) MUST_CHECK;

/* A store of LocalMachine for looking only; one that does not exist is not made: NULL. The handle is the caller's. */
bool crypt_open_store(enum certificate_store store, HCERTSTORE *ret_store, struct err *err) MUST_CHECK;
/* By SHA-1, forty digits; NULL: not there, or no store. The caller's. */
PCCERT_CONTEXT crypt_find(HCERTSTORE store, const char *thumbprint);

/* Of the crypto table; message.c. */
bool windows_crypto_decrypt(void *backend, const struct crypto_bytes *envelope, const char *thumbprint,
                            struct arena *arena, struct crypto_bytes *ret_plaintext, struct err *err);

#endif
