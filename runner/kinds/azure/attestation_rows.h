/* SPDX-License-Identifier: MIT */
/* The rows that azure_attestation reports: elements of the chain, what is missing, hosts. */
#ifndef AZMEND_KINDS_AZURE_ATTESTATION_ROWS_H
#define AZMEND_KINDS_AZURE_ATTESTATION_ROWS_H

#include "kinds/azure/attestation_trust.h"

extern const struct columns attestation_chain, attestation_missing, attestation_hosts;

/* now: seconds since 1970. */
struct value attestation_element(struct arena *arena, const struct crypto_element *element, int64_t now);
/* First the issuer that nobody could find, then from the top down what is in no store of LocalMachine; never a root. */
struct value attestation_missing_rows(const struct trust *trust);
/* replies: those of the trust's jobs, in their order; count of them are there. */
struct value attestation_host_rows(const struct trust *trust, const struct net_reply *replies, size_t count);

#endif
