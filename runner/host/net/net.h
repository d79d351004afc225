/* SPDX-License-Identifier: MIT */
/*
 * Real network jobs, shared by every backend: libcurl multi for TCP and HTTP, c-ares for a named server, the system
 * resolver on worker threads; one poll for all of them. The only room that includes curl and ares.
 * One instance a run, main thread only. An overdue worker is abandoned: it owns heap of its own.
 */
#ifndef AZMEND_HOST_NET_NET_H
#define AZMEND_HOST_NET_NET_H

#include "host/nouns/net/net.h"
#include "host/port.h"

struct net;

/*
 * "169.254.169.254:80" -> "127.0.0.1:8111": jobs to the left go to the right (sim's connectTo and nothing else; the
 * shipped Windows backend passes none). A job's own host counts, and each address its name resolves to; an IPv6 address
 * stands in brackets. Texts must outlive the net.
 */
struct net_redirect {
    const char *from; /* host:port */
    const char *to;   /* address:port on loopback; anything else: ERR_INVALID */
};

struct net_options {
    const struct net_redirect *redirects;
    size_t redirect_count;
    const char *hosts_file; /* native path; NULL: the port's own */
};

bool net_open(const struct net_options *options, struct net **ret_net, struct err *err) MUST_CHECK;
/* Abandons what is still under way. Takes NULL. */
void net_close(struct net *net);
/* The job's time counts from its first turn in net_wait, so that a busy caller does not use it up. */
bool net_submit(struct net *net, const struct net_job *job, void *tag, struct err *err) MUST_CHECK;
/* Waits for one to end, at most wait_ms (then ERR_TIMEOUT, and it goes on). Nothing under way: ERR_NOT_FOUND. */
bool net_wait(struct net *net, struct arena *arena, int64_t wait_ms, void **ret_tag, struct net_reply *ret_reply,
              struct err *err) MUST_CHECK;

/* Addresses that a hosts file's bytes give to name, in its order; pure. */
void hosts_find(const char *bytes, size_t size, const char *name, struct port_addresses *ret_addresses);

#endif
