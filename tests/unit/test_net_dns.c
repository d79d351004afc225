/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "net_fixture.h"

void suite_net_dns(void);

static const struct row {
    const char *name;
    enum net_record record;
    enum net_outcome outcome;
    size_t addresses;
    const char *first; /* NULL: not looked at */
} rows[] = {
    {"plain.test", NET_RECORD_A, NET_ANSWERED, 3, "192.0.2.1"},
    {"plain.test.", NET_RECORD_A, NET_ANSWERED, 3, "192.0.2.1"},
    {"plain.test", NET_RECORD_AAAA, NET_NO_DATA, 0, NULL},
    {"v6.test", NET_RECORD_AAAA, NET_ANSWERED, 1, "2001:db8::1"},
    {"alias.test", NET_RECORD_A, NET_ANSWERED, 1, "192.0.2.7"},
    {"twice.test", NET_RECORD_A, NET_ANSWERED, 1, "192.0.2.9"},
    {"many.test", NET_RECORD_A, NET_ANSWERED, LIMIT_ADDRESSES, NULL},
    {"truncated.test", NET_RECORD_A, NET_ANSWERED, LIMIT_ADDRESSES, NULL},
    {"nodata.test", NET_RECORD_A, NET_NO_DATA, 0, NULL},
    {"nxdomain.test", NET_RECORD_A, NET_NO_NAME, 0, NULL},
    {"servfail.test", NET_RECORD_A, NET_SERVER_FAILURE, 0, NULL},
    {"formerr.test", NET_RECORD_A, NET_SERVER_FAILURE, 0, NULL},
    {"refused.test", NET_RECORD_A, NET_REFUSED, 0, NULL},
    {"loop.test", NET_RECORD_A, NET_NO_DATA, 0, NULL},
    {"self.test", NET_RECORD_A, NET_NO_DATA, 0, NULL},
    {"pointer.test", NET_RECORD_A, NET_SERVER_FAILURE, 0, NULL},
    {"lies.test", NET_RECORD_A, NET_SERVER_FAILURE, 0, NULL},
    {"dead.test", NET_RECORD_A, NET_TIMEOUT, 0, NULL},
    {"junk.test", NET_RECORD_A, NET_TIMEOUT, 0, NULL},
    {"short.test", NET_RECORD_A, NET_TIMEOUT, 0, NULL},
    {"wrongid.test", NET_RECORD_A, NET_TIMEOUT, 0, NULL},
    {"otherquestion.test", NET_RECORD_A, NET_TIMEOUT, 0, NULL},
    {"lost.test", NET_RECORD_A, NET_ANSWERED, 3, NULL},
    {"nodata.test", NET_RECORD_SRV, NET_NO_DATA, 0, NULL},
    {"nxdomain.test", NET_RECORD_SRV, NET_NO_NAME, 0, NULL},
    {"a..b", NET_RECORD_A, NET_FAILED, 0, NULL},
};

static struct net_job ask(const char *server, const char *name, enum net_record record)
{
    return (struct net_job){
        .type = NET_RESOLVE_SERVER, .server = server, .host = name, .record = record, .timeout_ms = FIXTURE_MS};
}

static bool is_sorted(const struct net_reply *reply)
{
    for (size_t i = 1; i < reply->address_count; i++) {
        if (strcmp(reply->addresses[i - 1].text, reply->addresses[i].text) >= 0) {
            return false;
        }
    }
    return true;
}

static void check_row(const struct row *row, const struct net_reply *reply)
{
    if (reply->outcome != row->outcome) {
        printf("\n    %s: %s (%s)", row->name, net_outcome_names[reply->outcome],
               reply->detail == NULL ? "" : reply->detail);
    }
    ROW_ASSERT(row->name, reply->outcome == row->outcome);
    ROW_ASSERT(row->name, reply->address_count == row->addresses);
    ROW_ASSERT(row->name,
               row->first == NULL || (reply->address_count > 0 && text_same(reply->addresses[0].text, row->first)));
    ROW_ASSERT(row->name, is_sorted(reply));
    ROW_ASSERT(row->name, reply->elapsed_ms < FIXTURE_MS + 100);
    ROW_ASSERT(row->name, reply->outcome == NET_TIMEOUT || reply->elapsed_ms < FIXTURE_MS / 2);
}

static void test_outcomes(void)
{
    struct net_job jobs[COUNT_OF(rows)];
    struct net_reply replies[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        jobs[i] = ask(FIXTURE_DNS, rows[i].name, rows[i].record);
    }
    struct net *net = fixture_open(NULL);
    fixture_ask_all(net, jobs, replies, COUNT_OF(rows));
    net_close(net);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_row(&rows[i], &replies[i]);
    }
}

static void test_services_in_the_order_of_use(void)
{
    static const struct net_service expected[] = {
        {"a.kms.test", 1689, 10, 9}, {"c.kms.test", 1688, 10, 1}, {"b.kms.test", 1688, 20, 5}};
    struct net_job job = ask(FIXTURE_DNS, "srv.test", NET_RECORD_SRV);
    struct net_reply reply = fixture_ask(&job);
    CU_ASSERT_EQUAL(reply.outcome, NET_ANSWERED);
    CU_ASSERT_EQUAL_FATAL(reply.service_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct net_service *service = &reply.services[i];
        ROW_ASSERT(expected[i].target, text_same(service->target, expected[i].target));
        ROW_ASSERT(expected[i].target, service->port == expected[i].port);
        ROW_ASSERT(expected[i].target, service->priority == expected[i].priority);
        ROW_ASSERT(expected[i].target, service->weight == expected[i].weight);
    }
}

static void test_servers(void)
{
    static const struct {
        const char *server;
        const char *name;
        enum net_outcome outcome;
    } cases[] = {
        {FIXTURE_NO_DNS, "plain.test", NET_UNREACHABLE},
        {FIXTURE_TCP_DNS, "plain.test", NET_UNREACHABLE},
        {"dns.test", "plain.test", NET_FAILED},
        {"", "plain.test", NET_FAILED},
        {"192.0.2.53,192.0.2.54", "plain.test", NET_FAILED},
        {FIXTURE_DNS, "cut.test", NET_UNREACHABLE}, /* truncated, and the TCP connection closed before the answer */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct net_job job = ask(cases[i].server, cases[i].name, NET_RECORD_A);
        struct net_reply reply = fixture_ask(&job);
        if (reply.outcome != cases[i].outcome) {
            printf("\n    %s: %s (%s)", cases[i].server, net_outcome_names[reply.outcome], reply.detail);
        }
        ROW_ASSERT(cases[i].server, fixture_is(&reply, cases[i].outcome));
        ROW_ASSERT(cases[i].server, reply.detail != NULL && reply.elapsed_ms < FIXTURE_MS + 100);
        ROW_ASSERT(cases[i].server, reply.outcome == NET_TIMEOUT || reply.elapsed_ms < FIXTURE_MS / 2);
    }
}

void suite_net_dns(void)
{
    UNIT_SUITE("net_dns", UNIT_TEST(test_outcomes), UNIT_TEST(test_services_in_the_order_of_use),
               UNIT_TEST(test_servers));
}
