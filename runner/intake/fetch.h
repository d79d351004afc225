/* SPDX-License-Identifier: MIT */
/*
 * Playbook bytes over https: certificate and host name checked against the system's roots, no proxy, no user in the
 * URL, a redirect followed only to https. Who serves them is not trusted all the same: intake compares their SHA-256.
 */
#ifndef AZMEND_INTAKE_FETCH_H
#define AZMEND_INTAKE_FETCH_H

#include "host/nouns/net/net.h"

struct fetched {
    const char *bytes; /* NUL behind */
    size_t size;
};

/*
 * timeout_ms: all redirects together; no more than LIMIT_DOWNLOAD_MS. At most LIMIT_PLAYBOOK_BYTES. ERR_INVALID (not
 * https), ERR_NETWORK, ERR_TIMEOUT, ERR_LIMIT. Memory: the arena.
 */
bool fetch(const char *url, int64_t timeout_ms, struct arena *arena, struct fetched *ret_fetched, struct err *err)
    MUST_CHECK;

/* What an answer means, pure. ret_next: where to ask next; NULL: these are the bytes. */
bool fetch_read(const struct net_reply *reply, const char **ret_next, struct err *err) MUST_CHECK;

/* The URL for people and results: without a user, and without what stands behind '?' or '#', where signatures stand. */
const char *fetch_shown(const char *url, struct arena *arena);

#endif
