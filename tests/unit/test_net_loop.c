/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "net_fixture.h"

void suite_net_loop(void);

static struct net_job bind_to(const char *server, int64_t timeout_ms)
{
    return (struct net_job){
        .type = NET_KMS_BIND, .host = "127.0.0.1", .port = fixture_port(server), .timeout_ms = timeout_ms};
}

static struct net_job get(const char *path)
{
    return (struct net_job){.type = NET_HTTP,
                            .url = arena_format(fixture_arena(), FIXTURE_WEB "%s", path),
                            .limit_bytes = 1000,
                            .timeout_ms = FIXTURE_MS};
}

/* Every one silent: together they cost one timeout. */
static void test_waiting_together(void)
{
    static struct net_job jobs[64];
    static struct net_reply replies[COUNT_OF(jobs)];
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        jobs[i] = bind_to("SILENT", FIXTURE_MS);
    }
    struct net *net = fixture_open(NULL);
    int64_t begun = port_now_ms();
    fixture_ask_all(net, jobs, replies, COUNT_OF(jobs));
    int64_t elapsed = port_now_ms() - begun;
    net_close(net);
    ROW_ASSERT("64 silent servers", elapsed >= FIXTURE_MS && elapsed < FIXTURE_MS + FIXTURE_MS / 4);
}

static void test_delay(void)
{
    struct net_job job = bind_to("RPC_ACCEPT", FIXTURE_MS);
    job.delay_ms = 300;
    int64_t begun = port_now_ms();
    struct net_reply reply = fixture_ask(&job);
    int64_t elapsed = port_now_ms() - begun;
    CU_ASSERT_EQUAL(reply.outcome, NET_ACCEPTED);
    CU_ASSERT(elapsed >= 300 && reply.elapsed_ms < 300);
}

static void test_bound_of_the_wait(void)
{
    struct net *net = fixture_open(NULL);
    struct net_job job = bind_to("SILENT", 300);
    struct net_reply reply = {0};
    struct err err = {0};
    void *tag = NULL;
    CU_ASSERT_FATAL(net_submit(net, &job, &job, &err));
    CU_ASSERT(!net_wait(net, fixture_arena(), 50, &tag, &reply, &err) && err.code == ERR_TIMEOUT);
    CU_ASSERT_FATAL(net_wait(net, fixture_arena(), FIXTURE_MS, &tag, &reply, &err));
    CU_ASSERT(tag == &job && reply.outcome == NET_TIMEOUT);
    net_close(net);
}

/* The caller was busy past the job's time, but the answer was there: it counts. */
static void test_busy_caller(void)
{
    static const char *const names[] = {"bind", "HTTP", "name server"};
    struct net_job jobs[] = {
        bind_to("RPC_ACCEPT", 200),
        get("/right"),
        {.type = NET_RESOLVE_SERVER, .server = FIXTURE_DNS, .host = "plain.test", .timeout_ms = 200},
    };
    static const enum net_outcome outcomes[] = {NET_ACCEPTED, NET_ANSWERED, NET_ANSWERED};
    jobs[1].timeout_ms = 200;
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        struct net *net = fixture_open(NULL);
        struct net_reply reply = {0};
        struct err err = {0};
        void *tag = NULL;
        CU_ASSERT_FATAL(net_submit(net, &jobs[i], NULL, &err));
        for (int turns = 0; turns < 4; turns++) {
            (void)!net_wait(net, fixture_arena(), 0, &tag, &reply, &err);
        }
        port_sleep_ms(400);
        bool has_ended = reply.outcome == outcomes[i] || net_wait(net, fixture_arena(), 0, &tag, &reply, &err);
        ROW_ASSERT(names[i], has_ended && reply.outcome == outcomes[i]);
        net_close(net);
    }
}

static void test_no_time_at_all(void)
{
    struct net_job job = bind_to("RPC_ACCEPT", 0);
    CU_ASSERT_EQUAL(fixture_ask(&job).outcome, NET_TIMEOUT);
}

/* Also: closing with all of them under way, in every stage, leaves nothing behind (a sanitizer's or valgrind's word).
 */
static void test_limit_and_abandoning(void)
{
    struct net_job kinds[] = {
        bind_to("SILENT", FIXTURE_MS),
        bind_to("RPC_SLOW", FIXTURE_MS),
        get("/drip"),
        get("/huge"),
        {.type = NET_RESOLVE_SYSTEM, .host = "localhost", .timeout_ms = FIXTURE_MS},
        {.type = NET_CONNECT, .host = "localhost", .port = fixture_port("FULL"), .timeout_ms = FIXTURE_MS},
        {.type = NET_RESOLVE_SERVER, .server = FIXTURE_DNS, .host = "dead.test", .timeout_ms = FIXTURE_MS},
        {.type = NET_RESOLVE_SERVER,
         .server = FIXTURE_DNS,
         .host = "srv.test",
         .record = NET_RECORD_SRV,
         .timeout_ms = FIXTURE_MS},
    };
    struct net *net = fixture_open(NULL);
    struct err err = {0};
    struct net_reply reply;
    void *tag = NULL;
    for (size_t i = 0; i < LIMIT_NET_AT_ONCE; i++) {
        struct net_job job = kinds[i % COUNT_OF(kinds)];
        job.delay_ms = i < LIMIT_NET_AT_ONCE / 2 ? 0 : FIXTURE_MS;
        CU_ASSERT_FATAL(net_submit(net, &job, NULL, &err));
    }
    CU_ASSERT(!net_submit(net, &kinds[0], NULL, &err) && err.code == ERR_LIMIT);
    CU_ASSERT(net_wait(net, fixture_arena(), FIXTURE_MS, &tag, &reply, &err));
    CU_ASSERT(net_submit(net, &kinds[0], NULL, &err));
    net_close(net);
    net_close(NULL);
}

static void test_redirect_targets(void)
{
    static const struct {
        const char *to;
        bool allowed;
    } cases[] = {
        {"127.0.0.1:80", true},
        {"127.9.8.7:65535", true},
        {"[::1]:53", true},
        {"10.0.0.1:80", false},
        {"127.0.0.1", false},
        {"127.0.0.1:0", false},
        {"127.0.0.1:65536", false},
        {"127.0.0.1.evil:80", false},
        {"localhost:80", false},
        {"::1:53", false},
        {"", false},
        {"[::2]:53", false},
        {"127.0.0.1:80,8.8.8.8", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct net_redirect redirect = {"a:1", cases[i].to};
        const struct net_options options = {&redirect, 1, NULL};
        struct net *net = NULL;
        struct err err = {0};
        bool opened = net_open(&options, &net, &err);
        ROW_ASSERT(cases[i].to, opened == cases[i].allowed && (opened || err.code == ERR_INVALID));
        net_close(net);
    }
}

static void test_system_and_hosts(void)
{
    static const char *const file = AZMEND_SOURCE_DIR "/tests/net/hosts";
    static const char *const path_in_the_way = AZMEND_SOURCE_DIR "/tests/net";
    const struct net_job in_hosts = {
        .type = NET_RESOLVE_HOSTS, .host = "KMS.core.windows.net", .timeout_ms = FIXTURE_MS};
    const struct net_job by_system = {.type = NET_RESOLVE_SYSTEM, .host = "localhost", .timeout_ms = FIXTURE_MS};
    const struct {
        const char *hosts_file;
        enum net_outcome outcome;
    } cases[] = {{file, NET_ANSWERED}, {"/nonexistent/hosts", NET_NO_NAME}, {path_in_the_way, NET_FAILED}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct net *net = fixture_open(cases[i].hosts_file);
        struct net_reply reply = {0};
        fixture_ask_all(net, &in_hosts, &reply, 1);
        net_close(net);
        ROW_ASSERT(cases[i].hosts_file, reply.outcome == cases[i].outcome);
        ROW_ASSERT(cases[i].hosts_file, (reply.address_count > 0) == (reply.outcome == NET_ANSWERED));
    }
    struct net_reply reply = fixture_ask(&by_system);
    CU_ASSERT_EQUAL(reply.outcome, NET_ANSWERED);
    CU_ASSERT_FATAL(reply.address_count > 0);
    CU_ASSERT_STRING_EQUAL(reply.addresses[0].text, "127.0.0.1");
}

void suite_net_loop(void)
{
    UNIT_SUITE("net_loop", UNIT_TEST(test_waiting_together), UNIT_TEST(test_delay), UNIT_TEST(test_bound_of_the_wait),
               UNIT_TEST(test_busy_caller), UNIT_TEST(test_no_time_at_all), UNIT_TEST(test_limit_and_abandoning),
               UNIT_TEST(test_redirect_targets), UNIT_TEST(test_system_and_hosts));
}
