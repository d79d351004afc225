/* SPDX-License-Identifier: MIT */
/*
 * X.509 certificates and the machine's stores of them (LocalMachine). A certificate is known by the SHA-1 of its bytes,
 * as everywhere on Windows. Roots are never added and nothing is ever taken out of Disallowed: what a machine trusts or
 * refuses is its owner's choice.
 * Source: https://learn.microsoft.com/windows/win32/seccrypto/system-store-locations
 */
#ifndef AZMEND_HOST_NOUNS_CERTIFICATE_CERTIFICATE_H
#define AZMEND_HOST_NOUNS_CERTIFICATE_CERTIFICATE_H

#include "host/host.h"

enum certificate_store {
    CERTIFICATE_MY,         /* with private keys */
    CERTIFICATE_CA,         /* intermediates */
    CERTIFICATE_ROOT,       /* trusted roots, those of AuthRoot among them */
    CERTIFICATE_AUTH_ROOT,  /* roots that Windows has fetched itself */
    CERTIFICATE_DISALLOWED, /* never trusted */
    CERTIFICATE_STORE_COUNT
};
extern const char *const certificate_store_names[CERTIFICATE_STORE_COUNT + 1]; /* "My", "CA", "Root", ... */

enum { CERTIFICATE_SHA1_DIGITS = 40, CERTIFICATE_SHA256_DIGITS = 64 };

struct certificate_texts {
    const char *const *items;
    size_t count; /* at most LIMIT_CERTIFICATE_NAMES; further ones are left out */
};

struct certificate {
    bool exists;
    const char *sha1, *sha256;            /* of its bytes, upper-case hexadecimal */
    const char *subject, *issuer;         /* "CN=..., O=..., C=..." */
    const char *common_name;              /* of the subject; NULL: none */
    const char *issuer_name;              /* common name of the issuer; NULL: none */
    struct certificate_texts dns_names;   /* subject alternative names */
    struct certificate_texts issuer_urls; /* authority information access: where the issuer's certificate lies */
    struct certificate_texts ocsp_urls;   /* authority information access: who tells whether it is revoked */
    int64_t not_before, not_after;        /* seconds since 1970 */
    bool is_self_issued;                  /* subject and issuer are the same, byte for byte */
    const uint8_t *bytes;                 /* DER */
    size_t size;
};

struct certificates {
    const struct certificate *items;
    size_t count;
};

/* What a backend supplies. */
struct certificate_ops {
    /* thumbprint: forty upper-case digits. remove: absent is true. add never replaces: there already is true. */
    bool (*query)(void *backend, enum certificate_store store, const char *thumbprint, struct arena *arena,
                  struct certificate *ret_certificate, struct err *err);
    bool (*list)(void *backend, enum certificate_store store, struct arena *arena,
                 struct certificates *ret_certificates, struct err *err);
    bool (*read)(void *backend, const void *der, size_t size, struct arena *arena, struct certificate *ret_certificate,
                 struct err *err);
    bool (*add)(void *backend, enum certificate_store store, const void *der, size_t size, struct err *err);
    bool (*remove)(void *backend, enum certificate_store store, const char *thumbprint, struct err *err);
};

/* Absent: exists == false. thumbprint: see certificate_thumbprint. */
bool host_certificate_query(struct host *host, enum certificate_store store, const char *thumbprint,
                            struct certificate *ret_certificate, struct err *err) MUST_CHECK;
/* Sorted by SHA-1; at most LIMIT_CERTIFICATES. A store that does not exist is empty. */
bool host_certificate_list(struct host *host, enum certificate_store store, struct certificates *ret_certificates,
                           struct err *err) MUST_CHECK;
/* Reads one: DER, PEM or plain base64. Bytes that hold none: exists == false. Touches no store. */
bool host_certificate_read(struct host *host, const void *bytes, size_t size, struct certificate *ret_certificate,
                           struct err *err) MUST_CHECK;

/*
 * Changes (reversible). add: into CA only, else ERR_REFUSED; one that is there is no op, and never replaced. remove:
 * from CA only; one that is not there is no op.
 */
bool host_certificate_add(struct host *host, enum certificate_store store, const struct certificate *certificate,
                          struct err *err) MUST_CHECK;
bool host_certificate_remove(struct host *host, enum certificate_store store, const char *thumbprint, struct err *err)
    MUST_CHECK;

/* --- pure --- */

/*
 * Forty upper-case digits of a thumbprint as people paste it: blanks and colons between, any case, and the stray
 * left-to-right mark that the certificate dialog puts in front. NULL: not one.
 */
const char *certificate_thumbprint(struct arena *arena, const char *text);
/* The DER bytes within DER, PEM or base64; what is none of them is given back as it is. */
void certificate_der(struct arena *arena, const void *bytes, size_t size, const uint8_t **ret_bytes, size_t *ret_size);
/* Is one of its names this one, or below it? A common name counts as a DNS name. */
bool certificate_is_for(const struct certificate *certificate, const char *name);

#endif
