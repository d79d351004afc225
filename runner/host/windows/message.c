/* SPDX-License-Identifier: MIT */
/*
 * Signed and encrypted messages by crypt32's low-level functions: the simplified ones ask for certificates in stores of
 * their own choice. Source: https://learn.microsoft.com/windows/win32/seccrypto/low-level-message-functions
 */
#include <string.h>

#include "base/limits.h"
#include "host/port.h"
#include "host/windows/crypt.h"

enum { MESSAGE_CERTIFICATES = 16, RECIPIENTS = 16 };

/* NULL: not such a message. The caller's. */
static HCRYPTMSG open_message(const void *bytes, size_t size)
{
    HCRYPTMSG message AUTO(drop_message) = CryptMsgOpenToDecode(CRYPT_ENCODING, 0, 0, 0, NULL, NULL);
    bool is_read = message != NULL && crypt_is_whole(bytes, size) && CryptMsgUpdate(message, bytes, (DWORD)size, TRUE);
    HCRYPTMSG given = is_read ? message : NULL;
    message = is_read ? NULL : message;
    return given;
}

static DWORD number_of(HCRYPTMSG message, DWORD parameter)
{
    DWORD number = 0;
    DWORD size = sizeof number;
    return CryptMsgGetParam(message, parameter, 0, &number, &size) ? number : 0;
}

/* A parameter whole, with a NUL behind; bytes NULL: the message has none. Aligned for any structure. */
static struct crypto_bytes bytes_of(HCRYPTMSG message, DWORD parameter, struct arena *arena)
{
    DWORD size = 0;
    if (!CryptMsgGetParam(message, parameter, 0, NULL, &size)) {
        return (struct crypto_bytes){0};
    }
    uint8_t *bytes = arena_alloc(arena, (size_t)size + 1);
    return CryptMsgGetParam(message, parameter, 0, bytes, &size) ? (struct crypto_bytes){.bytes = bytes, .size = size}
                                                                 : (struct crypto_bytes){0};
}

static const char *flaw_of(HCRYPTMSG message, struct arena *arena, struct crypto_bytes *ret_content)
{
    if (message == NULL) {
        return "not a message in DER";
    }
    if (number_of(message, CMSG_TYPE_PARAM) != CMSG_SIGNED) {
        return "not signed data";
    }
    if (number_of(message, CMSG_SIGNER_COUNT_PARAM) != 1) {
        return "not signed by exactly one";
    }
    *ret_content = bytes_of(message, CMSG_CONTENT_PARAM, arena);
    return ret_content->size == 0 ? "no content inside" : NULL;
}

static bool read_certificates(HCERTSTORE store, struct arena *arena, struct crypto_message *message, struct err *err)
{
    struct certificate *items = arena_array(arena, MESSAGE_CERTIFICATES, sizeof *items);
    PCCERT_CONTEXT context AUTO(drop_context) = CertEnumCertificatesInStore(store, NULL);
    for (; context != NULL; context = CertEnumCertificatesInStore(store, context)) {
        if (message->embedded.count == MESSAGE_CERTIFICATES) {
            break;
        }
        if (!crypt_read_context(context, arena, &items[message->embedded.count], err)) {
            return false;
        }
        message->embedded.count++;
    }
    message->embedded.items = items;
    return true;
}

/*
 * What is signed may be a list of attributes, one of which is the digest of the content: CryptMsgControl's page does
 * not say that it compares them, and Wine does not.
 */
static bool is_content_signed(HCRYPTMSG handle, struct arena *arena)
{
    const struct crypto_bytes attributes = bytes_of(handle, CMSG_SIGNER_AUTH_ATTR_PARAM, arena);
    const struct crypto_bytes computed = bytes_of(handle, CMSG_COMPUTED_HASH_PARAM, arena);
    const CRYPT_ATTRIBUTES *list = (const CRYPT_ATTRIBUTES *)(const void *)attributes.bytes;
    PCRYPT_ATTRIBUTE digest =
        list != NULL ? CertFindAttribute(szOID_RSA_messageDigest, list->cAttr, list->rgAttr) : NULL;
    CRYPT_DATA_BLOB *signed_digest AUTO(drop_local) = NULL;
    DWORD size = 0;
    if (list == NULL || list->cAttr == 0) {
        return true; /* the content itself is signed */
    }
    return digest != NULL && digest->cValue == 1 &&
           CryptDecodeObjectEx(CRYPT_ENCODING, X509_OCTET_STRING, digest->rgValue[0].pbData, digest->rgValue[0].cbData,
                               CRYPT_DECODE_ALLOC_FLAG, NULL, &signed_digest, &size) &&
           computed.size > 0 && signed_digest->cbData == computed.size &&
           memcmp(signed_digest->pbData, computed.bytes, computed.size) == 0;
}

static bool read_signer(HCRYPTMSG handle, struct arena *arena, struct crypto_message *message, struct err *err)
{
    HCERTSTORE store AUTO(drop_store) = CertOpenStore(CERT_STORE_PROV_MSG, CRYPT_ENCODING, 0, 0, handle);
    const struct crypto_bytes info = bytes_of(handle, CMSG_SIGNER_CERT_INFO_PARAM, arena);
    if (store == NULL || info.size < sizeof(CERT_INFO)) {
        return windows_failed(err, GetLastError(), "read", "the certificates of a message");
    }
    if (!read_certificates(store, arena, message, err)) {
        return false;
    }
    PCCERT_CONTEXT signer AUTO(drop_context) =
        CertGetSubjectCertificateFromStore(store, CRYPT_ENCODING, (PCERT_INFO)(uintptr_t)info.bytes);
    if (signer == NULL) {
        return true; /* it does not carry it */
    }
    message->signature_holds =
        CryptMsgControl(handle, 0, CMSG_CTRL_VERIFY_SIGNATURE, signer->pCertInfo) && is_content_signed(handle, arena);
    return crypt_read_context(signer, arena, &message->signer, err);
}

bool port_message_open(const void *bytes, size_t size, struct arena *arena, struct crypto_message *ret_message,
                       struct err *err)
{
    HCRYPTMSG handle AUTO(drop_message) = open_message(bytes, size);
    struct crypto_bytes content = {0};
    struct crypto_message message = {.flaw = flaw_of(handle, arena, &content)};
    if (message.flaw == NULL) {
        message.content = (const char *)content.bytes;
        message.content_size = content.size;
        if (!read_signer(handle, arena, &message, err)) {
            return false;
        }
    }
    *ret_message = message;
    return true;
}

/* --- envelopes --- */

struct key {
    HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle;
    DWORD spec;
    BOOL is_ours; /* to be released */
};

static void drop_key(struct key *key)
{
    if (key->is_ours && key->spec == CERT_NCRYPT_KEY_SPEC) {
        (void)NCryptFreeObject(key->handle);
    } else if (key->is_ours) {
        (void)CryptReleaseContext(key->handle, 0);
    }
}

/* Which recipient is ours is told by who can decrypt: there are one or two. */
static bool decrypt(HCRYPTMSG message, const struct key *key)
{
    DWORD count = number_of(message, CMSG_RECIPIENT_COUNT_PARAM);
    for (DWORD i = 0; i < count && i < RECIPIENTS; i++) {
        CMSG_CTRL_DECRYPT_PARA how = {
            .cbSize = sizeof how, .hCryptProv = key->handle, .dwKeySpec = key->spec, .dwRecipientIndex = i};
        if (CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &how)) {
            return true;
        }
    }
    return false;
}

bool windows_crypto_decrypt(void *backend, const struct crypto_bytes *envelope, const char *thumbprint,
                            struct arena *arena, struct crypto_bytes *ret_plaintext, struct err *err)
{
    HCERTSTORE store AUTO(drop_store) = NULL;
    (void)backend;
    if (!crypt_open_store(CERTIFICATE_MY, &store, err)) {
        return false;
    }
    struct key key AUTO(drop_key) = {0};
    PCCERT_CONTEXT context AUTO(drop_context) = crypt_find(store, thumbprint);
    if (context == NULL ||
        !CryptAcquireCertificatePrivateKey(context, CRYPT_ACQUIRE_SILENT_FLAG | CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG,
                                           NULL, &key.handle, &key.spec, &key.is_ours)) {
        return err_set(err, ERR_NOT_FOUND, GetLastError(), "no certificate %s with a private key in My", thumbprint);
    }
    HCRYPTMSG message AUTO(drop_message) = open_message(envelope->bytes, envelope->size);
    bool is_enveloped = message != NULL && number_of(message, CMSG_TYPE_PARAM) == CMSG_ENVELOPED;
    struct crypto_bytes plaintext = {0};
    if (is_enveloped && decrypt(message, &key)) {
        plaintext = bytes_of(message, CMSG_CONTENT_PARAM, arena);
    }
    if (plaintext.bytes == NULL) {
        return err_set(err, ERR_INVALID, GetLastError(), "not a message that the key of %s decrypts", thumbprint);
    }
    *ret_plaintext = plaintext;
    return true;
}
