/* SPDX-License-Identifier: MIT */
/* tcp, kms_rpc, dns, http: which jobs they ask for, and what they make of the replies. */
#include "kinds_fixture.h"
#include "unit.h"

static const struct net_address one_address[] = {{"20.118.99.224"}};

static struct net_reply reply_of(enum net_outcome outcome)
{
    bool has_address = outcome == NET_OPEN || outcome == NET_ANSWERED;
    return (struct net_reply){.outcome = outcome,
                              .addresses = has_address ? one_address : NULL,
                              .address_count = has_address ? 1 : 0,
                              .retry_after_ms = -1,
                              .date = -1};
}

static void test_tcp_counts_tries(void)
{
    const struct {
        const char *name;
        enum net_outcome outcomes[4];
        struct expected_cell cells[5];
    } cases[] = {
        {"all open",
         {NET_OPEN, NET_OPEN, NET_OPEN, NET_OPEN},
         {{"outcome", "open"}, {"openCount", "4"}, {"tries", "4"}, {"address", "20.118.99.224"}}},
        {"one of four",
         {NET_TIMEOUT, NET_TIMEOUT, NET_OPEN, NET_RESET},
         {{"outcome", "open"}, {"openCount", "1"}, {"address", "20.118.99.224"}}},
        {"a try that could not be made tells nothing",
         {NET_FAILED, NET_TIMEOUT, NET_TIMEOUT, NET_TIMEOUT},
         {{"outcome", "timeout"}, {"openCount", "0"}, {"tries", "3"}}},
        {"none could be made",
         {NET_FAILED, NET_FAILED, NET_FAILED, NET_FAILED},
         {{"outcome", "unknown"}, {"openCount", "unknown"}, {"tries", "0"}}},
        {"a name without an address: no way was tried",
         {NET_NO_NAME, NET_NO_NAME, NET_NO_NAME, NET_NO_NAME},
         {{"outcome", "no_name"}, {"openCount", "unknown"}, {"tries", "0"}}},
        {"none: the first one tells",
         {NET_REFUSED, NET_TIMEOUT, NET_TIMEOUT, NET_TIMEOUT},
         {{"outcome", "refused"}, {"openCount", "0"}, {"address", "absent"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        fixture_open(&fixture);
        for (size_t j = 0; j < COUNT_OF(cases[i].outcomes); j++) {
            fixture.replies[j] = reply_of(cases[i].outcomes[j]);
        }
        fixture.look.reply_count = COUNT_OF(cases[i].outcomes);
        kind_tcp.read(&fixture.look);
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_tcp, cases[i].cells));
    }
}

/* The time ran out before the name had an address: dead DNS says nothing about the way. */
static void test_tcp_without_an_address(void)
{
    static const struct expected_cell cells[] = {
        {"outcome", "timeout"}, {"openCount", "unknown"}, {"tries", "0"}, {NULL, NULL}};
    struct fixture fixture AUTO(fixture_close);
    fixture_open(&fixture);
    for (size_t i = 0; i < 4; i++) {
        fixture.replies[i] = reply_of(NET_TIMEOUT);
        fixture.replies[i].unnamed = true;
    }
    fixture.look.reply_count = 4;
    kind_tcp.read(&fixture.look);
    ROW_ASSERT("nobody resolved it in time", cells_match(&fixture, &kind_tcp, cells));
}

/* However small the room and however many the tries: none waits past one probe time. */
static void test_tcp_ends_within_one_probe(void)
{
    struct fixture fixture AUTO(fixture_close);
    struct net_job jobs[3];
    size_t asked = 0;
    fixture_open(&fixture);
    fixture.params[0] = value_text("azkms.core.windows.net");
    fixture.params[1] = value_int(1688);
    fixture.params[2] = value_int(8);
    for (size_t count = 0; (count = kind_tcp.next(&fixture.look, jobs, COUNT_OF(jobs))) > 0;) {
        for (size_t i = 0; i < count; i++) {
            CU_ASSERT(jobs[i].type == NET_CONNECT && jobs[i].port == 1688);
            CU_ASSERT(jobs[i].timeout_ms > FIXTURE_PROBE_MS / 2);
            CU_ASSERT(jobs[i].delay_ms + jobs[i].timeout_ms == FIXTURE_PROBE_MS);
        }
        asked += count;
        fixture.look.reply_count += count;
    }
    CU_ASSERT(asked == 8);
}

static void test_kms_rpc_tells_the_bind(void)
{
    const struct {
        enum net_outcome outcome;
        const char *bind;
    } cases[] = {{NET_ACCEPTED, "accepted"}, {NET_RESET, "reset"},   {NET_REJECTED, "rejected"},
                 {NET_TIMEOUT, "timeout"},   {NET_CLOSED, "closed"}, {NET_GARBAGE, "garbage"},
                 {NET_FAILED, "unknown"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct net_job job = {0};
        fixture_open(&fixture);
        fixture.params[0] = value_text("20.118.99.224");
        ROW_ASSERT(cases[i].bind, kind_kms_rpc.next(&fixture.look, &job, 1) == 1);
        ROW_ASSERT(cases[i].bind, job.type == NET_KMS_BIND && job.port == 1688);
        fixture.replies[0] = reply_of(cases[i].outcome);
        fixture.look.reply_count = 1;
        ROW_ASSERT(cases[i].bind, kind_kms_rpc.next(&fixture.look, &job, 1) == 0);
        kind_kms_rpc.read(&fixture.look);
        ROW_ASSERT(cases[i].bind, text_same(shown(&fixture, &kind_kms_rpc, "bind"), cases[i].bind));
    }
}

/* system, 168.63.129.16, hosts */
static void test_dns_witnesses(void)
{
    const struct {
        const char *name;
        enum net_outcome outcomes[3];
        struct expected_cell cells[7];
    } cases[] = {
        {"all well",
         {NET_ANSWERED, NET_ANSWERED, NET_NO_NAME},
         {{"system", "20.118.99.224"},
          {"azure", "20.118.99.224"},
          {"hosts", ""},
          {"resolves", "true"},
          {"hostsOutcome", "no_name"}}},
        {"a server that cannot forward",
         {NET_NO_NAME, NET_ANSWERED, NET_NO_NAME},
         {{"system", ""}, {"azureOutcome", "answered"}, {"resolves", "false"}}},
        {"silence is not absence",
         {NET_TIMEOUT, NET_TIMEOUT, NET_NO_NAME},
         {{"system", "unknown"}, {"systemOutcome", "timeout"}, {"azure", "unknown"}, {"resolves", "unknown"}}},
        {"a failing server is not absence",
         {NET_SERVER_FAILURE, NET_REFUSED, NET_ANSWERED},
         {{"system", "unknown"}, {"azureOutcome", "refused"}, {"hosts", "20.118.99.224"}, {"resolves", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct net_job jobs[4];
        fixture_open(&fixture);
        fixture.params[0] = value_text("azkms.core.windows.net");
        size_t count = kind_dns.next(&fixture.look, jobs, COUNT_OF(jobs));
        ROW_ASSERT(cases[i].name, count == COUNT_OF(cases[i].outcomes));
        ROW_ASSERT(cases[i].name, text_same(jobs[1].server, "168.63.129.16"));
        for (size_t j = 0; j < count; j++) {
            fixture.replies[j] = reply_of(cases[i].outcomes[j]);
        }
        fixture.look.reply_count = count;
        kind_dns.read(&fixture.look);
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_dns, cases[i].cells));
    }
}

static void test_http_body_facts(void)
{
    struct fixture fixture AUTO(fixture_close);
    fixture_open(&fixture);
    fixture.params[0] = value_text("http://example.test/");
    fixture.params[1] = value_text("CONNECT TEST");
    fixture.replies[0] = reply_of(NET_ANSWERED);
    fixture.replies[0].status = 200;
    fixture.replies[0].body = "Microsoft Connect Test";
    fixture.replies[0].body_size = strlen(fixture.replies[0].body);
    fixture.replies[0].date = 1768464000;
    fixture.look.reply_count = 1;
    kind_http.read(&fixture.look);
    const struct expected_cell cells[] = {
        {"outcome", "answered"}, {"status", "200"},         {"bodyBytes", "22"},          {"containsText", "true"},
        {"date", "1768464000"},  {"contentType", "absent"}, {"address", "20.118.99.224"}, {0}};
    CU_ASSERT(cells_match(&fixture, &kind_http, cells));
}

static void test_http_without_answer(void)
{
    struct fixture fixture AUTO(fixture_close);
    fixture_open(&fixture);
    fixture.params[1] = value_text("anything");
    fixture.replies[0] = reply_of(NET_UNREACHABLE);
    fixture.look.reply_count = 1;
    kind_http.read(&fixture.look);
    const struct expected_cell cells[] = {
        {"outcome", "unreachable"}, {"status", "absent"}, {"containsText", "absent"}, {0}};
    CU_ASSERT(cells_match(&fixture, &kind_http, cells));
}

void suite_kinds_network(void);
void suite_kinds_network(void)
{
    UNIT_SUITE("kinds: network", UNIT_TEST(test_tcp_counts_tries), UNIT_TEST(test_tcp_without_an_address),
               UNIT_TEST(test_tcp_ends_within_one_probe), UNIT_TEST(test_kms_rpc_tells_the_bind),
               UNIT_TEST(test_dns_witnesses), UNIT_TEST(test_http_body_facts), UNIT_TEST(test_http_without_answer));
}
