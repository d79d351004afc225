/* SPDX-License-Identifier: MIT */
/*
 * KMS discovery as Windows does it: SRV _vlmcs._tcp.<domain>, asked of the DNS servers the machine is configured with.
 * Under which suffixes: host/suffixes.h. Azure's own resolver does not know a company's zone, so it stands in only
 * where no server is configured. Source: https://learn.microsoft.com/openspecs/windows_protocols/ms-kmsgen (discovery),
 * RFC 2782 (order, "." target).
 */
#ifndef AZMEND_KINDS_LICENSING_KMS_SRV_H
#define AZMEND_KINDS_LICENSING_KMS_SRV_H

#include "base/limits.h"
#include "kinds/kind.h"

enum { KMS_SRV_NAMES = 32, KMS_SRV_SERVERS = 2 };
_Static_assert(KMS_SRV_NAMES *KMS_SRV_SERVERS <= LIMIT_NET_JOBS, "every question of one look");

/* What to ask of whom; every name of every server, names outermost. */
struct kms_srv {
    const char *names[KMS_SRV_NAMES];
    size_t name_count;
    const char *servers[KMS_SRV_SERVERS];
    size_t server_count;
    const char *why; /* the question could not be put; NULL: it could */
    bool is_cut;     /* there are more names than are asked for */
};

/* host: known, absent (nobody), or unknown. */
struct kms_srv_answer {
    struct value host, port;
};

/* lookup_domain: known, then it is the only one asked; absent, then the machine's suffixes are. */
void kms_srv_prepare(struct kms_srv *srv, struct look *look, struct host *host, const struct value *lookup_domain);
size_t kms_srv_next(const struct kms_srv *srv, const struct look *look, struct net_job *jobs, size_t room);
struct kms_srv_answer kms_srv_read(const struct kms_srv *srv, const struct look *look);

#endif
