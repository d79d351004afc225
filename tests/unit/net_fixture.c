/* SPDX-License-Identifier: MIT */
#include "net_fixture.h"

#include <stdlib.h>

#include "base/text.h"

enum { ARENA_BYTES = 32 * 1024 * 1024, WAIT_MS = 30 * 1000 };

struct arena *fixture_arena(void)
{
    static struct arena arena;
    struct err err = {0};
    if (arena.bytes == NULL && !arena_open(&arena, ARENA_BYTES, &err)) {
        CU_FAIL_FATAL("no arena");
    }
    return &arena;
}

uint16_t fixture_port(const char *server)
{
    int64_t port = 0;
    const char *text = getenv(arena_format(fixture_arena(), "AZMEND_NET_%s", server));
    ROW_ASSERT(server, text != NULL && text_to_int(text, &port));
    return (uint16_t)port;
}

static const char *loopback(const char *server)
{
    return arena_format(fixture_arena(), "127.0.0.1:%u", (unsigned)fixture_port(server));
}

struct net *fixture_open(const char *hosts_file)
{
    static struct net_redirect redirects[4];
    struct net *net = NULL;
    struct err err = {0};
    redirects[0] = (struct net_redirect){"azmend.test:80", loopback("HTTP")};
    redirects[1] = (struct net_redirect){FIXTURE_DNS ":53", loopback("DNS")};
    redirects[2] = (struct net_redirect){FIXTURE_NO_DNS ":53", loopback("CLOSED")};
    redirects[3] = (struct net_redirect){"[" FIXTURE_TCP_DNS "]:53", loopback("SILENT")};
    const struct net_options options = {redirects, COUNT_OF(redirects), hosts_file};
    CU_ASSERT_FATAL(net_open(&options, &net, &err));
    return net;
}

void fixture_ask_all(struct net *net, const struct net_job *jobs, struct net_reply *ret_replies, size_t count)
{
    struct err err = {0};
    for (size_t i = 0; i < count; i++) {
        CU_ASSERT_FATAL(net_submit(net, &jobs[i], &ret_replies[i], &err));
    }
    for (size_t i = 0; i < count; i++) {
        void *tag = NULL;
        struct net_reply reply;
        CU_ASSERT_FATAL(net_wait(net, fixture_arena(), WAIT_MS, &tag, &reply, &err));
        *(struct net_reply *)tag = reply;
    }
    void *tag = NULL;
    struct net_reply none;
    CU_ASSERT(!net_wait(net, fixture_arena(), 0, &tag, &none, &err) && err.code == ERR_NOT_FOUND);
}

struct net_reply fixture_ask(const struct net_job *job)
{
    struct net *net = fixture_open(NULL);
    struct net_reply reply = {0};
    fixture_ask_all(net, job, &reply, 1);
    net_close(net);
    return reply;
}

bool fixture_is(const struct net_reply *reply, enum net_outcome outcome)
{
    bool may_lose = getenv("AZMEND_NET_LOSES_ERRORS") != NULL;
    return reply->outcome == outcome || (may_lose && outcome == NET_RESET && reply->outcome == NET_CLOSED) ||
           (may_lose && outcome == NET_UNREACHABLE && reply->outcome == NET_TIMEOUT);
}
