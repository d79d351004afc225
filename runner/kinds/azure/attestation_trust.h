/* SPDX-License-Identifier: MIT */
/*
 * Who vouches for an attested document: the chain by the machine's own stores, the same with what Windows has cached
 * for this account, and with what is missing fetched as the certificates say. Only documented hosts are ever asked;
 * what is fetched is looked at and kept nowhere.
 */
#ifndef AZMEND_KINDS_AZURE_ATTESTATION_TRUST_H
#define AZMEND_KINDS_AZURE_ATTESTATION_TRUST_H

#include "host/nouns/crypto/crypto.h"
#include "kinds/kind.h"

enum trust_role { TRUST_ISSUER, TRUST_OCSP };
extern const char *const trust_role_names[]; /* "issuer", "ocsp" */

/* A host that a certificate of the chain names. */
struct trust_host {
    const char *name;
    enum trust_role role;
    size_t job;         /* index of its job; SIZE_MAX: not documented, not asked */
    struct value proxy; /* of WinHTTP, through which Windows asks this host; absent: none */
};

struct trust_job {
    const char *host; /* connect to port 80 */
    const char *url;  /* or fetch; NULL: no */
};

struct trust {
    const struct value *hosts; /* documented ones: a list of text */
    struct arena *arena;
    struct certificate leaf;
    struct certificates embedded;
    const char *failure; /* why the machine could not be asked; NULL: it could, and what follows is set */
    struct crypto_chain machine, cached, fetched;
    bool no_new_roots;     /* Windows is told not to fetch roots; looked up only where it matters */
    struct arena_list got; /* struct certificate: fetched ones */
    size_t next_url;       /* of the last element's addresses: the one to try next */
    const char *unread;    /* what a host may have given could not be taken: not known to be missing; NULL: it could */
    const char *fetch_end; /* why fetching ended before the chain was complete; NULL: it did not */
    struct arena_list named; /* struct trust_host */
    struct arena_list jobs;  /* struct trust_job, in the order of their replies */
    size_t taken;            /* replies taken */
};

/* The chains of a leaf by what the machine has, and what to ask the network. asks false: nothing. */
void trust_begin(struct trust *trust, struct host *host, bool asks);
/* Takes the replies of its jobs, as many as there are by now. */
void trust_verify(struct trust *trust, struct host *host, const struct net_reply *replies, size_t count);
/* Jobs of the next round, given that `done` of them have their replies. */
size_t trust_next(const struct trust *trust, size_t done, int64_t probe_ms, struct net_job *jobs, size_t room);

/* The chain that tells most: complete by the machine, else fetched, else cached, else the longest. */
const struct crypto_chain *trust_best(const struct trust *trust);
/* Three-valued: a root that is not there may still be fetched by Windows. */
struct value trust_root(const struct trust *trust, const struct crypto_chain *chain);
struct value trust_holds(const struct trust *trust, const struct crypto_chain *chain);

#endif
