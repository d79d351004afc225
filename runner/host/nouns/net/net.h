/* SPDX-License-Identifier: MIT */
/*
 * The network as jobs: a look says what it wants to know, one event loop asks everything at once, each job ends
 * exactly once with a typed outcome inside its own time. Nothing is retried unless the job says so.
 * Never a proxy, never a redirect followed, never a name asked that a job does not hold.
 */
#ifndef AZMEND_HOST_NOUNS_NET_NET_H
#define AZMEND_HOST_NOUNS_NET_NET_H

#include "host/host.h"

enum net_type {
    NET_RESOLVE_SYSTEM, /* host through the system's resolver (A and AAAA), on a worker thread */
    NET_RESOLVE_HOSTS,  /* host in the hosts file only */
    NET_RESOLVE_SERVER, /* host, record, asked of `server` by UDP, TCP when truncated */
    NET_CONNECT,        /* TCP host:port, closed at once */
    NET_KMS_BIND,       /* TCP, then a DCE/RPC bind to the KMS interface; never a request */
    NET_HTTP,           /* GET url */
    NET_TYPE_COUNT
};

enum net_record { NET_RECORD_A, NET_RECORD_AAAA, NET_RECORD_SRV };

enum net_outcome {
    NET_OPEN,           /* CONNECT: accepted */
    NET_ANSWERED,       /* HTTP: a whole answer, any status; RESOLVE: at least one record */
    NET_ACCEPTED,       /* KMS_BIND: bind_ack with acceptance */
    NET_REJECTED,       /* KMS_BIND: bind_nak or a rejected context */
    NET_REFUSED,        /* TCP reset in answer to SYN; RESOLVE: rcode REFUSED */
    NET_RESET,          /* reset after the connection was made */
    NET_TIMEOUT,        /* nothing within the job's time */
    NET_UNREACHABLE,    /* no route, network or host unreachable */
    NET_DENIED,         /* this machine forbade it (WSAEACCES, EPERM) */
    NET_NO_NAME,        /* RESOLVE: NXDOMAIN; HTTP and CONNECT: the name has no address */
    NET_NO_DATA,        /* RESOLVE: the name exists without such a record */
    NET_SERVER_FAILURE, /* RESOLVE: SERVFAIL or a broken answer */
    NET_CLOSED,         /* closed by the far end before an answer */
    NET_GARBAGE,        /* an answer that is none */
    NET_TOO_LARGE,      /* more than the job's limit */
    NET_FAILED,         /* anything else; `detail` and `os` say what */
    NET_OUTCOME_COUNT
};
extern const char *const net_outcome_names[NET_OUTCOME_COUNT + 1];

struct net_job {
    enum net_type type;
    enum net_record record; /* RESOLVE_SERVER */
    const char *host;       /* name or address literal */
    uint16_t port;
    const char *server;         /* RESOLVE_SERVER: address literal */
    const char *url;            /* HTTP: http:// or https:// */
    const char *const *headers; /* HTTP: "Name: value", NULL-ended; NULL: none */
    size_t limit_bytes;         /* HTTP: body */
    int64_t timeout_ms;         /* the whole job; > 0 */
    int64_t delay_ms;           /* not begun before; counted from when the job was handed over */
};

struct net_address {
    const char *text; /* canonical literal */
};

struct net_service { /* an SRV record */
    const char *target;
    uint16_t port, priority, weight;
};

struct net_reply {
    enum net_outcome outcome;
    uint32_t os;        /* errno or WSA code; 0: none */
    const char *detail; /* one line for people, or NULL */
    int64_t elapsed_ms;
    bool unnamed; /* CONNECT, KMS_BIND, HTTP: ended before the name had an address; nothing tried */
    const struct net_address *addresses; /* RESOLVE; CONNECT and HTTP: the one that was connected, if any */
    size_t address_count;
    const struct net_service *services; /* RESOLVE SRV */
    size_t service_count;
    long status;      /* HTTP */
    const char *body; /* HTTP; NUL behind it */
    size_t body_size;
    const char *content_type; /* HTTP; NULL: none */
    const char *location;     /* HTTP: where a redirect leads, absolute; NULL: none. Never followed here */
    int64_t retry_after_ms;   /* HTTP Retry-After in seconds; -1: none */
    int64_t date;             /* HTTP Date, seconds since 1970; -1: none */
};

/* What a backend supplies. */
struct net_ops {
    /* Jobs' texts live until their reply is given back; timeout_ms is already cut to the deadline. */
    bool (*submit)(void *backend, const struct net_job *job, void *tag, struct err *err);
    bool (*wait)(void *backend, struct arena *arena, void **ret_tag, struct net_reply *ret_reply, struct err *err);
};

/*
 * Hands a job over; it starts when waited for. tag comes back with the reply. Job texts must live until then.
 * ERR_LIMIT over LIMIT_NET_AT_ONCE: wait first. A deadline that has passed makes every job end as NET_TIMEOUT.
 */
bool host_net_submit(struct host *host, const struct net_job *job, void *tag, struct err *err) MUST_CHECK;
/* Jobs handed over and not yet given back. */
size_t host_net_pending(const struct host *host);
/* Waits for one job to end (all wait together in one loop). Memory of the reply: the arena. */
bool host_net_wait(struct host *host, void **ret_tag, struct net_reply *ret_reply, struct err *err) MUST_CHECK;

#endif
