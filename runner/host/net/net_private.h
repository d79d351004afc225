/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share. A task is one job from submit to reply:
 *
 *   WAITING -> its delay passed: start -> RESOLVING (a name) -> RUNNING -> ENDED -> reply written, task freed
 *
 * A task owns heap, never arena: the arena belongs to the caller of net_wait and is written to once, when the reply is
 * handed out. Only the main thread sees tasks; a resolver worker sees its own struct lookup and nothing else.
 */
#ifndef AZMEND_HOST_NET_NET_PRIVATE_H
#define AZMEND_HOST_NET_NET_PRIVATE_H

/* clang-format off */
#include <stdatomic.h>
#include <sys/time.h> /* before ares.h, which uses fd_set and in strict C does not include it */
#include <ares.h>
#include <curl/curl.h>
/* clang-format on */

#include "base/buf.h"
#include "base/limits.h"
#include "host/net/net.h"
#include "host/port.h"

enum {
    NET_TARGET_SIZE = PORT_ADDRESS_SIZE + 8, /* "[address]:port" */
    NET_WAIT_FDS = 4,                        /* of one task, at most: c-ares has one UDP and one TCP socket a server */
};

/* Where a connection goes. */
struct endpoint {
    char address[PORT_ADDRESS_SIZE]; /* as reported: what was asked for */
    char target[NET_TARGET_SIZE];    /* "address:port" that is connected; differs after a redirect */
};

struct lookup;

enum task_stage { TASK_WAITING, TASK_RESOLVING, TASK_RUNNING, TASK_ENDED };

struct task {
    struct task *next;
    struct net *net;
    struct net_job job;
    const struct task_type *type; /* of the job */
    void *tag;
    enum task_stage stage;
    int64_t due_ms, begun_ms, deadline_ms, ended_ms;

    enum net_outcome outcome;
    uint32_t os;
    char detail[CURL_ERROR_SIZE];
    struct port_addresses addresses; /* of the reply */

    struct lookup *lookup; /* RESOLVING */

    /* CONNECT, KMS_BIND, HTTP */
    struct endpoint endpoints[LIMIT_ADDRESSES]; /* tried in this order */
    size_t endpoint_count, endpoint_index;
    uint16_t port;
    CURL *easy;
    struct curl_slist *connect_to;
    char curl_error[CURL_ERROR_SIZE];
    struct buf body; /* HTTP; KMS_BIND: the answer so far */

    /* KMS_BIND */
    curl_socket_t socket; /* CURL_SOCKET_BAD until the bind is sent */

    /* HTTP */
    CURLU *url;
    struct curl_slist *headers;
    size_t header_bytes;
    bool headers_ended, is_too_large;

    /* RESOLVE_SERVER */
    ares_channel channel;
    struct ares_srv_reply *services;
    struct curl_waitfd *fds; /* this task's part of net->fds, as last polled */
    size_t fd_count;
};

/*
 * The multi handle, which a worker rings when it has an answer. An abandoned worker may ring after net_close: so the
 * last holder cleans the handle up, whichever thread that is.
 */
struct bell {
    atomic_uint holders;
    CURLM *multi;
};

struct net {
    struct bell *bell;
    CURLM *multi; /* the bell's */
    struct net_options options;
    struct task *tasks; /* in the order of submission */
    size_t task_count;
    struct curl_waitfd fds[LIMIT_NET_AT_ONCE * NET_WAIT_FDS];
};

/* What one type of job does; NULL: nothing. */
struct task_type {
    void (*start)(struct task *task);
    /* The name has these addresses. */
    void (*found)(struct task *task, const struct port_addresses *addresses);
    /* What one attempt needs beyond the common options. False: out of memory. */
    bool (*prepare)(struct task *task);
    /* The attempt that curl made has ended so. */
    void (*done)(struct task *task, CURLcode code);
    /* Once a turn of the loop while RUNNING: what no callback of curl moves. */
    void (*step)(struct task *task);
    /* Descriptors to poll besides curl's; returns how many of NET_WAIT_FDS it wrote. */
    size_t (*watch)(const struct task *task, struct curl_waitfd *ret_fds);
    /* Its own part of the reply. */
    void (*write)(const struct task *task, struct arena *arena, struct net_reply *ret_reply);
};

/* --- net_outcome.c --- */
/* What the task ends with unless something better comes. detail (copied) may be NULL. */
void task_note(struct task *task, enum net_outcome outcome, uint32_t os, const char *detail);
void task_finish(struct task *task); /* ends it with what was noted */
/* Both. A task ends once: later calls do nothing. */
void task_end(struct task *task, enum net_outcome outcome, uint32_t os, const char *detail);
/* What a socket error stands for; NET_FAILED: nothing in particular. */
enum net_outcome net_outcome_of(uint32_t os);
/* What the end of a curl transfer stands for, with the system's number. */
void task_note_curl(struct task *task, CURLcode code);
void task_end_curl(struct task *task, CURLcode code);
/* Sorted, none twice. */
void net_addresses_sort(struct port_addresses *addresses);
/* The canonical form of an address literal; false: it is none. */
bool net_canonical(const char *text, char ret_text[PORT_ADDRESS_SIZE]);

/* --- net_resolver.c: the system's resolver on a worker thread --- */
void resolver_start(struct task *task, const char *name);
void resolver_step(struct task *task); /* RESOLVING: has the worker answered? */
void resolver_abandon(struct task *task);
void bell_drop(struct bell *bell); /* takes NULL */

/* --- net_reach.c: connections through curl, one address after the other --- */
/* Literal, redirected or a name; ends in type->done. */
void reach_start(struct task *task, const char *host, uint16_t port);
void reach_found(struct task *task, const struct port_addresses *addresses);
void reach_done(struct task *task, CURLcode code);
/* Takes the transfer out of the loop; what it learned can still be asked. */
void reach_stop(struct task *task);
void reach_clear(struct task *task);
/* The redirect for host and port, as "address:port", or NULL. */
const char *reach_redirect(const struct net *net, const char *host, uint16_t port);
/* Is every redirect an address on loopback and a port? */
bool reach_check(const struct net_options *options, struct err *err) MUST_CHECK;
/* "address:port", an IPv6 address in brackets. */
void reach_join(char ret_target[NET_TARGET_SIZE], const char *address, uint16_t port);

/* --- the types --- */
void system_start(struct task *task); /* net_resolver.c */
void system_found(struct task *task, const struct port_addresses *addresses);
void hosts_start(struct task *task); /* net_hosts.c */
void dns_start(struct task *task);   /* net_dns.c */
void dns_step(struct task *task);
size_t dns_watch(const struct task *task, struct curl_waitfd *ret_fds);
void dns_write(const struct task *task, struct arena *arena, struct net_reply *ret_reply);
void dns_clear(struct task *task);
void tcp_start(struct task *task); /* net_tcp.c: CONNECT and KMS_BIND */
bool tcp_prepare(struct task *task);
void connect_done(struct task *task, CURLcode code);
void kms_done(struct task *task, CURLcode code);
void kms_step(struct task *task);
size_t kms_watch(const struct task *task, struct curl_waitfd *ret_fds);
void http_start(struct task *task); /* net_http.c */
bool http_prepare(struct task *task);
void http_done(struct task *task, CURLcode code);
void http_write(const struct task *task, struct arena *arena, struct net_reply *ret_reply);
void http_clear(struct task *task);

#endif
