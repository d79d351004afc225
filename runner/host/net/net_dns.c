/* SPDX-License-Identifier: MIT */
/*
 * RESOLVE_SERVER: one c-ares channel a job, asking the one server and nothing else: no search domain, no hosts file, no
 * other server of the machine. Error codes are passed through as they come, not retried.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/net_private.h"

enum {
    CLASS_IN = 1,
    TRIES = 3,       /* c-ares waits 1, 2 and 4 units for them: */
    TIME_SHARES = 7, /* so a unit is a seventh of the job's time */
    DNS_PORT = 53,
};

static const int record_types[] = {[NET_RECORD_A] = 1, [NET_RECORD_AAAA] = 28, [NET_RECORD_SRV] = 33};

static const struct {
    int status;
    enum net_outcome outcome;
} ends[] = {
    {ARES_SUCCESS, NET_ANSWERED},         {ARES_ENODATA, NET_NO_DATA},         {ARES_ENOTFOUND, NET_NO_NAME},
    {ARES_ESERVFAIL, NET_SERVER_FAILURE}, {ARES_EFORMERR, NET_SERVER_FAILURE}, {ARES_ENOTIMP, NET_SERVER_FAILURE},
    {ARES_EBADRESP, NET_SERVER_FAILURE},  {ARES_EREFUSED, NET_REFUSED},        {ARES_ETIMEOUT, NET_TIMEOUT},
    {ARES_ECONNREFUSED, NET_UNREACHABLE}, /* closed port, no route: no datagram came through */
};

static void end_as_status(struct task *task, int status)
{
    enum net_outcome outcome = NET_FAILED;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (ends[i].status == status) {
            outcome = ends[i].outcome;
        }
    }
    task_end(task, outcome, 0, outcome == NET_ANSWERED ? NULL : ares_strerror(status));
}

/* --- answers --- */

static void keep_address(struct task *task, int family, const void *bytes)
{
    struct port_addresses *addresses = &task->addresses;
    if (ares_inet_ntop(family, bytes, addresses->texts[addresses->count], PORT_ADDRESS_SIZE) != NULL) {
        addresses->count++;
    }
}

static int read_a(struct task *task, const unsigned char *answer, int size)
{
    struct ares_addrttl found[LIMIT_ADDRESSES];
    int count = LIMIT_ADDRESSES;
    int status = ares_parse_a_reply(answer, size, NULL, found, &count);
    for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
        keep_address(task, AF_INET, &found[i].ipaddr);
    }
    return status;
}

static int read_aaaa(struct task *task, const unsigned char *answer, int size)
{
    struct ares_addr6ttl found[LIMIT_ADDRESSES];
    int count = LIMIT_ADDRESSES;
    int status = ares_parse_aaaa_reply(answer, size, NULL, found, &count);
    for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
        keep_address(task, AF_INET6, &found[i].ip6addr);
    }
    return status;
}

static int read_srv(struct task *task, const unsigned char *answer, int size)
{
    return ares_parse_srv_reply(answer, size, &task->services);
}

/* An answer whose records are all of another type or name is one without data. */
static int read_answer(struct task *task, const unsigned char *answer, int size)
{
    static int (*const readers[])(struct task *, const unsigned char *, int) = {
        [NET_RECORD_A] = read_a, [NET_RECORD_AAAA] = read_aaaa, [NET_RECORD_SRV] = read_srv};
    int status = readers[task->job.record](task, answer, size);
    bool is_empty = task->addresses.count == 0 && task->services == NULL;
    net_addresses_sort(&task->addresses);
    return status == ARES_SUCCESS && is_empty ? ARES_ENODATA : status;
}

static void take_answer(void *user, int status, int timeouts, unsigned char *answer, int size)
{
    struct task *task = user;
    (void)timeouts;
    if (status == ARES_EDESTRUCTION || task->stage == TASK_ENDED) {
        return;
    }
    end_as_status(task, status == ARES_SUCCESS ? read_answer(task, answer, size) : status);
}

/* --- the question --- */

static int open_channel(struct task *task)
{
    int64_t unit = task->job.timeout_ms / TIME_SHARES;
    /* A server given here keeps c-ares from asking the system for some; the next call replaces it. */
    struct in_addr none = {0};
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | ARES_FLAG_STAYOPEN,
        .timeout = (int)(unit > 0 ? unit : 1),
        .tries = TRIES,
        .lookups = (char[]){"b"},
        .servers = &none,
        .nservers = 1,
    };
    return ares_init_options(&task->channel, &options,
                             ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
                                 ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_NOROTATE);
}

void dns_start(struct task *task)
{
    char server[NET_TARGET_SIZE];
    char address[PORT_ADDRESS_SIZE];
    if (!net_canonical(task->job.server, address)) {
        task_end(task, NET_FAILED, 0, "the name server is not an address literal");
        return;
    }
    const char *redirect = reach_redirect(task->net, task->job.server, DNS_PORT);
    reach_join(server, address, DNS_PORT);
    int status = open_channel(task);
    if (status == ARES_SUCCESS) {
        status = ares_set_servers_ports_csv(task->channel, redirect != NULL ? redirect : server);
    }
    if (status != ARES_SUCCESS) {
        end_as_status(task, status);
        return;
    }
    task->stage = TASK_RUNNING;
    ares_query(task->channel, task->job.host, CLASS_IN, record_types[task->job.record], take_answer, task);
}

size_t dns_watch(const struct task *task, struct curl_waitfd *ret_fds)
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    unsigned bits = (unsigned)ares_getsock(task->channel, sockets, ARES_GETSOCK_MAXNUM);
    size_t count = 0;
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM && count < NET_WAIT_FDS; i++) {
        bool is_readable = (bits >> i & 1U) != 0;
        bool is_writable = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0;
        short events = (short)((is_readable ? CURL_WAIT_POLLIN : 0) | (is_writable ? CURL_WAIT_POLLOUT : 0));
        if (events != 0) {
            ret_fds[count++] = (struct curl_waitfd){.fd = sockets[i], .events = events};
        }
    }
    return count;
}

/* The last call does c-ares' own timers. */
void dns_step(struct task *task)
{
    for (size_t i = 0; i < task->fd_count; i++) {
        const struct curl_waitfd *fd = &task->fds[i];
        ares_process_fd(task->channel, (fd->revents & CURL_WAIT_POLLIN) != 0 ? fd->fd : ARES_SOCKET_BAD,
                        (fd->revents & CURL_WAIT_POLLOUT) != 0 ? fd->fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(task->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* --- the reply --- */

/* As a client would use them; the name decides between equals, so that the same answer reads the same. */
static int compare_services(const void *left, const void *right)
{
    const struct net_service *a = left;
    const struct net_service *b = right;
    if (a->priority != b->priority) {
        return a->priority < b->priority ? -1 : 1;
    }
    if (a->weight != b->weight) {
        return a->weight > b->weight ? -1 : 1;
    }
    return strcmp(a->target, b->target);
}

void dns_write(const struct task *task, struct arena *arena, struct net_reply *ret_reply)
{
    struct net_service *services = arena_array(arena, LIMIT_ADDRESSES, sizeof *services);
    size_t count = 0;
    for (const struct ares_srv_reply *record = task->services; record != NULL && count < LIMIT_ADDRESSES;
         record = record->next) {
        services[count++] = (struct net_service){.target = arena_text(arena, record->host),
                                                 .port = record->port,
                                                 .priority = record->priority,
                                                 .weight = record->weight};
    }
    qsort(services, count, sizeof *services, compare_services);
    ret_reply->services = services;
    ret_reply->service_count = count;
}

void dns_clear(struct task *task)
{
    if (task->channel != NULL) {
        ares_destroy(task->channel);
        task->channel = NULL;
    }
    if (task->services != NULL) {
        ares_free_data(task->services);
        task->services = NULL;
    }
}
