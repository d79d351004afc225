/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "net_fixture.h"

void suite_net_tcp(void);

static const struct row {
    const char *server;
    enum net_type type;
    enum net_outcome outcome;
} rows[] = {
    {"SILENT", NET_CONNECT, NET_OPEN},
    {"CLOSED", NET_CONNECT, NET_REFUSED},
    {"FULL", NET_CONNECT, NET_TIMEOUT},
    {"CLOSED", NET_KMS_BIND, NET_REFUSED},
    {"FULL", NET_KMS_BIND, NET_TIMEOUT},
    {"SILENT", NET_KMS_BIND, NET_TIMEOUT},
    {"RESET", NET_KMS_BIND, NET_RESET},
    {"RESET_AT_ONCE", NET_KMS_BIND, NET_RESET},
    {"CLOSE", NET_KMS_BIND, NET_CLOSED},
    {"GARBAGE", NET_KMS_BIND, NET_GARBAGE},
    {"HTTP", NET_KMS_BIND, NET_TIMEOUT}, /* waits for a line that never comes */
    {"RPC_GARBAGE", NET_KMS_BIND, NET_GARBAGE},
    {"RPC_ACCEPT", NET_KMS_BIND, NET_ACCEPTED},
    {"RPC_ACCEPT_WITHOUT_ADDRESS", NET_KMS_BIND, NET_ACCEPTED},
    {"RPC_ACCEPT_BIG_ENDIAN", NET_KMS_BIND, NET_ACCEPTED},
    {"RPC_DRIP", NET_KMS_BIND, NET_ACCEPTED},
    {"RPC_SLOW", NET_KMS_BIND, NET_TIMEOUT},
    {"RPC_REJECT", NET_KMS_BIND, NET_REJECTED},
    {"RPC_USER_REJECT", NET_KMS_BIND, NET_REJECTED},
    {"RPC_NAK", NET_KMS_BIND, NET_REJECTED},
    {"RPC_FAULT", NET_KMS_BIND, NET_REJECTED},
    {"RPC_WRONG_CALL", NET_KMS_BIND, NET_GARBAGE},
    {"RPC_WRONG_SYNTAX", NET_KMS_BIND, NET_GARBAGE},
    {"RPC_WRONG_LENGTH", NET_KMS_BIND, NET_GARBAGE},
    {"RPC_HALF", NET_KMS_BIND, NET_CLOSED},
};

static struct net_job to(enum net_type type, const char *host, uint16_t port)
{
    return (struct net_job){.type = type, .host = host, .port = port, .timeout_ms = FIXTURE_MS};
}

/* -1: a reset that races with the handshake leaves both possible. */
static int addresses_of(const struct row *row)
{
    if (text_same(row->server, "RESET_AT_ONCE")) {
        return -1;
    }
    return !text_same(row->server, "CLOSED") && !text_same(row->server, "FULL");
}

static void check_row(const struct row *row, const struct net_reply *reply)
{
    if (reply->outcome != row->outcome) {
        printf("\n    %s: %s (%s)", row->server, net_outcome_names[reply->outcome],
               reply->detail == NULL ? "" : reply->detail);
    }
    ROW_ASSERT(row->server, fixture_is(reply, row->outcome));
    ROW_ASSERT(row->server, reply->elapsed_ms < FIXTURE_MS + 100);
    ROW_ASSERT(row->server, (reply->elapsed_ms >= FIXTURE_MS) == (row->outcome == NET_TIMEOUT));
    bool has_number = reply->outcome == NET_REFUSED || reply->outcome == NET_RESET;
    ROW_ASSERT(row->server, (reply->os != 0) == has_number);
    ROW_ASSERT(row->server, addresses_of(row) < 0 || (int)reply->address_count == addresses_of(row));
    ROW_ASSERT(row->server, reply->address_count == 0 || text_same(reply->addresses[0].text, "127.0.0.1"));
}

static void test_outcomes(void)
{
    struct net_job jobs[COUNT_OF(rows)];
    struct net_reply replies[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        jobs[i] = to(rows[i].type, "127.0.0.1", fixture_port(rows[i].server));
    }
    struct net *net = fixture_open(NULL);
    fixture_ask_all(net, jobs, replies, COUNT_OF(rows));
    net_close(net);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_row(&rows[i], &replies[i]);
    }
}

/* Reset between the handshake and our first look: the connection was made or it did not, both are honest; never a hang.
 */
static void test_reset_at_once(void)
{
    struct net_job job = to(NET_CONNECT, "127.0.0.1", fixture_port("RESET_AT_ONCE"));
    struct net_reply reply = fixture_ask(&job);
    CU_ASSERT(reply.outcome == NET_OPEN || reply.outcome == NET_RESET);
}

static void test_names(void)
{
    struct net_job known = to(NET_CONNECT, "localhost", fixture_port("SILENT"));
    struct net_job redirected = to(NET_CONNECT, "AZMEND.test", 80);
    struct net_reply reply = fixture_ask(&known);
    CU_ASSERT_EQUAL(reply.outcome, NET_OPEN);
    CU_ASSERT_EQUAL_FATAL(reply.address_count, 1);
    CU_ASSERT_STRING_EQUAL(reply.addresses[0].text, "127.0.0.1");
    CU_ASSERT_EQUAL(fixture_ask(&redirected).outcome, NET_OPEN);
}

void suite_net_tcp(void)
{
    UNIT_SUITE("net_tcp", UNIT_TEST(test_outcomes), UNIT_TEST(test_reset_at_once), UNIT_TEST(test_names));
}
