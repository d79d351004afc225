/* SPDX-License-Identifier: MIT */
/* What takes a private key, by libcrypto. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "host/base64.h"
#include "host/sim/certificate.h"

static void drop_message(CMS_ContentInfo **message)
{
    CMS_ContentInfo_free(*message);
}

static void drop_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static void drop_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void drop_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void drop_stack(STACK_OF(X509) * *stack)
{
    sk_X509_free(*stack); /* they belong to others */
}

/* Never asks a person. */
static int no_password(char *buffer, int size, int is_writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)is_writing;
    (void)context;
    return -1;
}

/* NULL: none. The caller's. */
static X509 *open_certificate(struct arena *arena, const char *text)
{
    const uint8_t *der = NULL;
    size_t size = 0;
    certificate_der(arena, text, strlen(text), &der, &size);
    return d2i_X509(NULL, &der, (long)size);
}

static EVP_PKEY *open_key(const char *pem)
{
    BIO *bio AUTO(drop_bio) = BIO_new_mem_buf(pem, (int)strlen(pem));
    return bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
}

/* A copy in the arena, with a NUL behind. */
static struct crypto_bytes bio_bytes(BIO *bio, struct arena *arena)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    size_t count = size > 0 ? (size_t)size : 0;
    return (struct crypto_bytes){.bytes = (const uint8_t *)arena_copy(arena, bytes, count), .size = count};
}

static bool decrypt(const struct crypto_bytes *envelope, const struct sim_certificate *entry, struct arena *arena,
                    struct crypto_bytes *ret_plaintext)
{
    const unsigned char *end = envelope->bytes;
    CMS_ContentInfo *cms AUTO(drop_message) = d2i_CMS_ContentInfo(NULL, &end, (long)envelope->size);
    X509 *x509 AUTO(drop_certificate) = open_certificate(arena, entry->text);
    EVP_PKEY *key AUTO(drop_key) = open_key(entry->key);
    BIO *plaintext AUTO(drop_bio) = BIO_new(BIO_s_mem());
    bool is_enveloped = cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_enveloped;
    if (!is_enveloped || x509 == NULL || key == NULL || plaintext == NULL ||
        CMS_decrypt(cms, key, x509, NULL, plaintext, CMS_BINARY) != 1) {
        return false;
    }
    *ret_plaintext = bio_bytes(plaintext, arena);
    return true;
}

bool sim_crypto_decrypt(void *backend, const struct crypto_bytes *envelope, const char *thumbprint, struct arena *arena,
                        struct crypto_bytes *ret_plaintext, struct err *err)
{
    struct sim *sim = backend;
    if (!sim_certificates_enter(sim, err)) {
        return false;
    }
    const struct sim_certificate *entry = sim_certificate_find(sim, CERTIFICATE_MY, thumbprint);
    if (entry == NULL || !entry->exists || entry->key == NULL) {
        return err_set(err, ERR_NOT_FOUND, 0, "no certificate %s with a private key in My", thumbprint);
    }
    bool is_decrypted = decrypt(envelope, entry, arena, ret_plaintext);
    ERR_clear_error();
    return is_decrypted || err_set(err, ERR_INVALID, 0, "not a message that the key of %s decrypts", thumbprint);
}

bool sim_crypto_sign(struct arena *arena, const struct sim_signing *signing, const char *content,
                     const char **ret_message, struct err *err)
{
    X509 *x509 AUTO(drop_certificate) = open_certificate(arena, signing->certificate);
    X509 *extra AUTO(drop_certificate) = signing->extra != NULL ? open_certificate(arena, signing->extra) : NULL;
    EVP_PKEY *key AUTO(drop_key) = open_key(signing->key);
    BIO *input AUTO(drop_bio) = BIO_new_mem_buf(content, (int)strlen(content));
    BIO *output AUTO(drop_bio) = BIO_new(BIO_s_mem());
    STACK_OF(X509) * along AUTO(drop_stack) = sk_X509_new_null();
    bool is_set = x509 != NULL && key != NULL && input != NULL && output != NULL && along != NULL &&
                  (extra == NULL || sk_X509_push(along, extra) > 0);
    CMS_ContentInfo *cms AUTO(drop_message) =
        is_set ? CMS_sign(x509, key, along, input, CMS_BINARY | CMS_NOATTR | CMS_NOSMIMECAP) : NULL;
    bool is_signed = cms != NULL && i2d_CMS_bio(output, cms) == 1;
    ERR_clear_error();
    if (!is_signed) {
        return err_set(err, ERR_INVALID, 0, "not a certificate and a key that sign");
    }
    struct crypto_bytes der = bio_bytes(output, arena);
    *ret_message = base64_encode(arena, der.bytes, der.size);
    return true;
}
