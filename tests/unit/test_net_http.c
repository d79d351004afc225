/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "net_fixture.h"

void suite_net_http(void);

enum { LIMIT = 1000 };

static const struct row {
    const char *path;
    enum net_outcome outcome;
    long status;
    const char *body; /* NULL: not looked at */
} rows[] = {
    {"/missing", NET_ANSWERED, 404, "none"},
    {"/redirect", NET_ANSWERED, 302, ""},
    {"/empty", NET_ANSWERED, 200, ""},
    {"/exact", NET_ANSWERED, 200, NULL},
    {"/one-more", NET_TOO_LARGE, 0, NULL},
    {"/length-lie", NET_TOO_LARGE, 0, NULL},
    {"/length-junk", NET_GARBAGE, 0, NULL},
    {"/partial", NET_CLOSED, 0, NULL},
    {"/no-length", NET_ANSWERED, 200, "until the end"},
    {"/half-header", NET_CLOSED, 0, NULL},
    {"/one-header", NET_CLOSED, 0, NULL},
    {"/chunked", NET_ANSWERED, 200, "first,second"},
    {"/bad-chunk", NET_GARBAGE, 0, NULL},
    {"/half-chunk", NET_CLOSED, 0, NULL},
    {"/interim", NET_ANSWERED, 200, "after"},
    {"/interim-only", NET_CLOSED, 0, NULL},
    {"/junk-behind", NET_ANSWERED, 200, "whole"},
    {"/version-0.9", NET_GARBAGE, 0, NULL},
    {"/garbage", NET_GARBAGE, 0, NULL},
    {"/version-9", NET_GARBAGE, 0, NULL},
    {"/close", NET_CLOSED, 0, NULL},
    {"/huge", NET_TOO_LARGE, 0, NULL},
    {"/huge-chunks", NET_TOO_LARGE, 0, NULL},
    {"/huge-headers", NET_TOO_LARGE, 0, NULL},
    {"/huge-header", NET_FAILED, 0, NULL}, /* one line over what curl takes; it calls that out of memory */
    {"/interim-for-ever", NET_TOO_LARGE, 0, NULL},
    {"/drip", NET_TIMEOUT, 0, NULL},
    {"/header-drip", NET_TIMEOUT, 0, NULL},
    {"/silent", NET_TIMEOUT, 0, NULL},
    {"/reset", NET_RESET, 0, NULL},
};

static struct net_job get(const char *url)
{
    return (struct net_job){.type = NET_HTTP, .url = url, .limit_bytes = LIMIT, .timeout_ms = FIXTURE_MS};
}

static struct net_reply get_path(const char *path)
{
    struct net_job job = get(arena_format(fixture_arena(), FIXTURE_WEB "%s", path));
    return fixture_ask(&job);
}

static void test_outcomes(void)
{
    struct net_job jobs[COUNT_OF(rows)];
    struct net_reply replies[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        jobs[i] = get(arena_format(fixture_arena(), FIXTURE_WEB "%s", rows[i].path));
    }
    struct net *net = fixture_open(NULL);
    fixture_ask_all(net, jobs, replies, COUNT_OF(rows));
    net_close(net);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        const struct net_reply *reply = &replies[i];
        if (reply->outcome != row->outcome) {
            printf("\n    %s: %s (%s)", row->path, net_outcome_names[reply->outcome], reply->detail);
        }
        ROW_ASSERT(row->path, fixture_is(reply, row->outcome));
        ROW_ASSERT(row->path, reply->status == row->status);
        ROW_ASSERT(row->path, row->body == NULL || (reply->body != NULL && text_same(reply->body, row->body)));
        ROW_ASSERT(row->path, reply->outcome == NET_ANSWERED || (reply->detail != NULL && reply->body == NULL));
        ROW_ASSERT(row->path, reply->elapsed_ms >= 0 && reply->elapsed_ms < FIXTURE_MS + 100);
        ROW_ASSERT(row->path, row->outcome != NET_TIMEOUT || reply->elapsed_ms >= FIXTURE_MS);
    }
}

/* What went out, word for word: no proxy form, the name in Host, only our headers. */
static void test_request(void)
{
    static const char expected[] = "GET /right HTTP/1.1\r\nHost: azmend.test\r\nUser-Agent: azmend\r\nAccept: */*\r\n"
                                   "Metadata: true\r\n\r\n";
    const char *const headers[] = {"Metadata: true", NULL};
    struct net_job job = get(FIXTURE_WEB "/right");
    job.headers = headers;
    struct net_reply reply = fixture_ask(&job);
    CU_ASSERT_EQUAL(reply.outcome, NET_ANSWERED);
    CU_ASSERT(text_same(reply.body, expected) && reply.body_size == sizeof expected - 1);
    CU_ASSERT(text_same(reply.content_type, "application/json; charset=utf-8"));
    CU_ASSERT_EQUAL(reply.date, 784887151);
    CU_ASSERT_EQUAL(reply.retry_after_ms, -1);
}

static void test_body_with_nul(void)
{
    struct net_reply reply = get_path("/nul");
    CU_ASSERT_EQUAL(reply.outcome, NET_ANSWERED);
    CU_ASSERT_EQUAL_FATAL(reply.body_size, 3);
    CU_ASSERT(memcmp(reply.body, "a\0b\0", 4) == 0);
}

static void test_headers_that_say_when(void)
{
    static const struct {
        const char *path;
        int64_t retry_after_ms;
        long status;
    } cases[] = {
        {"/busy", 7000, 429},
        {"/busy-date", -1, 503},
        {"/busy-forever", -1, 503},
        {"/bad-date", -1, 200},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct net_reply reply = get_path(cases[i].path);
        ROW_ASSERT(cases[i].path, reply.outcome == NET_ANSWERED && reply.status == cases[i].status);
        ROW_ASSERT(cases[i].path, reply.retry_after_ms == cases[i].retry_after_ms);
        ROW_ASSERT(cases[i].path, reply.date == -1 && reply.content_type == NULL);
    }
}

static void test_urls(void)
{
    const char *own = arena_format(fixture_arena(), "http://127.0.0.1:%u/right", (unsigned)fixture_port("HTTP"));
    const char *user = arena_format(fixture_arena(), "http://a:b@127.0.0.1:%u/right", (unsigned)fixture_port("HTTP"));
    const char *closed = arena_format(fixture_arena(), "http://127.0.0.1:%u/", (unsigned)fixture_port("CLOSED"));
    const char *full = arena_format(fixture_arena(), "http://127.0.0.1:%u/", (unsigned)fixture_port("FULL"));
    const char *plain = arena_format(fixture_arena(), "https://127.0.0.1:%u/", (unsigned)fixture_port("CLOSE"));
    const struct {
        const char *url;
        enum net_outcome outcome;
    } cases[] = {
        {own, NET_ANSWERED},
        {user, NET_FAILED},
        {closed, NET_REFUSED},
        {full, NET_TIMEOUT},
        {plain, NET_FAILED},
        {"ftp://azmend.test/", NET_FAILED},
        {"file:///etc/passwd", NET_FAILED},
        {"", NET_FAILED},
        {"http://", NET_FAILED},
        {"http://azmend.test:99999/", NET_FAILED},
        {"http://no such host/", NET_FAILED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct net_job job = get(cases[i].url);
        struct net_reply reply = fixture_ask(&job);
        if (reply.outcome != cases[i].outcome) {
            printf("\n    %s: %s (%s)", cases[i].url, net_outcome_names[reply.outcome], reply.detail);
        }
        ROW_ASSERT(cases[i].url, reply.outcome == cases[i].outcome);
        bool is_connected = reply.outcome == NET_ANSWERED || cases[i].url == plain;
        ROW_ASSERT(cases[i].url, reply.address_count == (is_connected ? 1U : 0U));
    }
}

void suite_net_http(void)
{
    UNIT_SUITE("net_http", UNIT_TEST(test_outcomes), UNIT_TEST(test_request), UNIT_TEST(test_body_with_nul),
               UNIT_TEST(test_headers_that_say_when), UNIT_TEST(test_urls));
}
