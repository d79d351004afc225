/* SPDX-License-Identifier: MIT */
/*
 * What stands in the attested document of IMDS. Source:
 * https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service (attested data).
 */
#ifndef AZMEND_KINDS_AZURE_ATTESTATION_H
#define AZMEND_KINDS_AZURE_ATTESTATION_H

#include "json/json.h"
#include "kinds/kind.h"

/* NULL and -1: it does not say, or not in the documented form. */
struct attested_content {
    const char *nonce, *vm_id;
    int64_t created_on, expires_on; /* seconds since 1970 */
};

/* The bytes of the answer's signature; false: ret_flaw says what is wrong with the answer. */
bool attestation_bytes(struct arena *arena, const struct json *answer, const uint8_t **ret_bytes, size_t *ret_size,
                       const char **ret_flaw) MUST_CHECK;
/* False: the content is no JSON object. */
bool attestation_content(struct arena *arena, const char *content, size_t size, struct attested_content *ret_content)
    MUST_CHECK;
/* "11/20/18 22:07:39 -0000": seconds since 1970; -1: not that. */
int64_t attestation_time(const char *text);
/* The host of an http:// address on port 80; NULL: another scheme or port. */
const char *attestation_host(struct arena *arena, const char *url);

#endif
