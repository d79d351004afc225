/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_net(void);

#define HOSTS                                                                                                          \
    "'files': {'%SystemRoot%\\\\System32\\\\drivers\\\\etc\\\\hosts': {'text': '23.102.135.246 stale.example\\n'}}"

static const char machine[] = SIM_DOCUMENT(
    ", " HOSTS ", 'network': {"
    " 'resolve': {'system': {'kms.example': ['10.0.0.1', '10.0.0.2'], 'gone.example': 'no_name', 'bare.example': "
    "'no_data',"
    " 'slow.example': {'addresses': ['10.0.0.3'], 'ms': 100}, 'lost.example': 'timeout', 'sick.example': "
    "'server_failure',"
    " 'stale.example': ['10.0.0.1']},"
    " '168.63.129.16': {'A kms.example': ['10.0.0.1'], 'AAAA kms.example': 'no_data',"
    " 'SRV _vlmcs._tcp.example': [{'target': 'kms.example', 'port': 1688, 'weight': 7}]}, '10.9.9.9': 'timeout'},"
    " 'tcp': {'10.0.0.1:1688': {'outcome': 'open', 'ms': 30}, '10.0.0.3:1688': {'outcome': 'refused', 'ms': 20},"
    " 'kms.example:443': 'unreachable', '10.0.0.1:9': 'timeout', '[fe80::1]:1': 'open', '10.0.0.5:80': 'refused',"
    " '10.0.0.6:1688': 'refused', '10.0.0.7:1688': 'open', '23.102.135.246:1688': 'timeout'},"
    " 'kms': {'10.0.0.1:1688': {'outcome': 'accepted', 'ms': 60}, '10.0.0.2:1688': 'reset'},"
    " 'http': {'http://10.0.0.1/x': {'body': 'hello', 'contentType': 'text/plain', 'retryAfter': 2,"
    " 'date': '2026-01-15T08:00:00Z', 'ms': 10}, 'http://10.0.0.1/y': {'status': 503}, 'http://10.0.0.1/z': 'reset'}}");

#define RESOLVE(kind, name)                                                                                            \
    {                                                                                                                  \
        .type = (kind), .host = (name), .timeout_ms = 1000                                                             \
    }
#define ASK(kind, name, at)                                                                                            \
    {                                                                                                                  \
        .type = NET_RESOLVE_SERVER, .record = (kind), .host = (name), .server = (at), .timeout_ms = 1000               \
    }
#define TCP(name, number)                                                                                              \
    {                                                                                                                  \
        .type = NET_CONNECT, .host = (name), .port = (number), .timeout_ms = 1000                                      \
    }
#define BIND(name, number)                                                                                             \
    {                                                                                                                  \
        .type = NET_KMS_BIND, .host = (name), .port = (number), .timeout_ms = 1000                                     \
    }
#define GET(address)                                                                                                   \
    {                                                                                                                  \
        .type = NET_HTTP, .url = (address), .limit_bytes = 4096, .timeout_ms = 1000                                    \
    }

static const struct {
    const char *name;
    struct net_job job;
    enum net_outcome outcome;
    int64_t elapsed_ms;
    const char *address; /* the first of the reply */
} answers[] = {
    {"name", RESOLVE(NET_RESOLVE_SYSTEM, "KMS.example"), NET_ANSWERED, 0, "10.0.0.1"},
    {"literal", RESOLVE(NET_RESOLVE_SYSTEM, "10.1.1.1"), NET_ANSWERED, 0, "10.1.1.1"},
    {"slow name", RESOLVE(NET_RESOLVE_SYSTEM, "slow.example"), NET_ANSWERED, 100, "10.0.0.3"},
    {"no such name", RESOLVE(NET_RESOLVE_SYSTEM, "gone.example"), NET_NO_NAME, 0, NULL},
    {"no address", RESOLVE(NET_RESOLVE_SYSTEM, "bare.example"), NET_NO_DATA, 0, NULL},
    {"no answer", RESOLVE(NET_RESOLVE_SYSTEM, "lost.example"), NET_TIMEOUT, 1000, NULL},
    {"hosts file before DNS", RESOLVE(NET_RESOLVE_SYSTEM, "stale.example"), NET_ANSWERED, 0, "23.102.135.246"},
    {"hosts file", RESOLVE(NET_RESOLVE_HOSTS, "stale.example"), NET_ANSWERED, 0, "23.102.135.246"},
    {"not in the hosts file", RESOLVE(NET_RESOLVE_HOSTS, "kms.example"), NET_NO_NAME, 0, NULL},
    {"asked of a server", ASK(NET_RECORD_A, "kms.example", "168.63.129.16"), NET_ANSWERED, 0, "10.0.0.1"},
    {"other record", ASK(NET_RECORD_AAAA, "kms.example", "168.63.129.16"), NET_NO_DATA, 0, NULL},
    {"dead server", ASK(NET_RECORD_A, "any.example", "10.9.9.9"), NET_TIMEOUT, 1000, NULL},
    {"open", TCP("10.0.0.1", 1688), NET_OPEN, 30, "10.0.0.1"},
    {"open by name", TCP("kms.example", 1688), NET_OPEN, 30, "10.0.0.1"},
    {"under its name", TCP("kms.example", 443), NET_UNREACHABLE, 0, NULL},
    {"refused after a slow name", TCP("slow.example", 1688), NET_REFUSED, 120, NULL},
    {"blackhole", TCP("10.0.0.1", 9), NET_TIMEOUT, 1000, NULL},
    {"stale hosts line", TCP("stale.example", 1688), NET_TIMEOUT, 1000, NULL},
    {"IPv6", TCP("fe80::1", 1), NET_OPEN, 0, "fe80::1"},
    {"connect to no name", TCP("gone.example", 1688), NET_NO_NAME, 0, NULL},
    {"connect when names fail", TCP("sick.example", 1688), NET_NO_NAME, 0, NULL},
    {"connect when names hang", TCP("lost.example", 1688), NET_TIMEOUT, 1000, NULL},
    {"bind", BIND("kms.example", 1688), NET_ACCEPTED, 60, "10.0.0.1"},
    {"bind reset", BIND("10.0.0.2", 1688), NET_RESET, 0, "10.0.0.2"},
    {"bind without a connection", BIND("10.0.0.6", 1688), NET_REFUSED, 0, NULL},
    {"page", GET("http://10.0.0.1/x"), NET_ANSWERED, 10, "10.0.0.1"},
    {"page that is reset", GET("http://10.0.0.1/z"), NET_RESET, 0, "10.0.0.1"},
    {"page without a connection", GET("http://10.0.0.5/"), NET_REFUSED, 0, NULL},
};

static bool ask(struct sim *sim, const struct net_job *job, struct net_reply *ret_reply, struct err *err)
{
    int mark = 0;
    void *tag = NULL;
    if (!sim_ops.net->submit(sim, job, &mark, err)) {
        return false;
    }
    bool waited = sim_ops.net->wait(sim, &sim_arena, &tag, ret_reply, err);
    CU_ASSERT(waited && tag == &mark);
    return waited;
}

static void the_document_answers(void)
{
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct sim *sim = sim_make(machine);
        struct net_reply reply = {0};
        struct err err = {0};
        ROW_ASSERT(answers[i].name, ask(sim, &answers[i].job, &reply, &err));
        ROW_ASSERT(answers[i].name, reply.outcome == answers[i].outcome);
        ROW_ASSERT(answers[i].name, reply.elapsed_ms == answers[i].elapsed_ms);
        ROW_ASSERT(answers[i].name, sim_ops.clock->now_ms(sim) == answers[i].elapsed_ms);
        ROW_ASSERT(answers[i].name,
                   text_same(reply.address_count > 0 ? reply.addresses[0].text : NULL, answers[i].address));
        sim_close(sim);
    }
}

static void answers_carry_their_content(void)
{
    struct sim *sim = sim_make(machine);
    struct net_reply reply = {0};
    struct err err = {0};
    const struct net_job page = GET("http://10.0.0.1/x");
    CU_ASSERT(ask(sim, &page, &reply, &err) && reply.status == 200 && reply.body_size == 5);
    CU_ASSERT(text_same(reply.body, "hello") && text_same(reply.content_type, "text/plain"));
    CU_ASSERT(reply.retry_after_ms == 2000 && reply.date == 1768464000);
    const struct net_job busy = GET("http://10.0.0.1/y");
    CU_ASSERT(ask(sim, &busy, &reply, &err) && reply.status == 503 && reply.body_size == 0);
    CU_ASSERT(reply.retry_after_ms == -1 && reply.date == -1 && reply.content_type == NULL);
    const struct net_job small = {.type = NET_HTTP, .url = "http://10.0.0.1/x", .limit_bytes = 4, .timeout_ms = 9};
    CU_ASSERT(ask(sim, &small, &reply, &err) && reply.outcome == NET_TIMEOUT);
    const struct net_job tight = {.type = NET_HTTP, .url = "http://10.0.0.1/x", .limit_bytes = 4, .timeout_ms = 99};
    CU_ASSERT(ask(sim, &tight, &reply, &err) && reply.outcome == NET_TOO_LARGE && reply.body == NULL);
    const struct net_job service = ASK(NET_RECORD_SRV, "_vlmcs._tcp.example", "168.63.129.16");
    CU_ASSERT(ask(sim, &service, &reply, &err) && reply.service_count == 1);
    const struct net_service *found = reply.services;
    CU_ASSERT(found != NULL && text_same(found->target, "kms.example"));
    CU_ASSERT(found != NULL && found->port == 1688 && found->weight == 7 && found->priority == 0);
    sim_close(sim);
}

static void what_nobody_mentions_is_refused_at_once(void)
{
    static const struct {
        const char *name;
        struct net_job job;
        const char *unscripted;
    } rows[] = {
        {"name", RESOLVE(NET_RESOLVE_SYSTEM, "x.example"), "network.resolve.system x.example"},
        {"server", ASK(NET_RECORD_A, "kms.example", "10.0.0.9"), "network.resolve 10.0.0.9: A kms.example"},
        {"question", ASK(NET_RECORD_SRV, "kms.example", "168.63.129.16"),
         "network.resolve 168.63.129.16: SRV kms.example"},
        {"name of a connection", TCP("x.example", 1), "network.resolve.system x.example"},
        {"port", TCP("kms.example", 2), "network.tcp kms.example:2"},
        {"bind behind an open port", BIND("10.0.0.7", 1688), "network.kms 10.0.0.7:1688"},
        {"page", GET("http://10.0.0.1/none"), "network.http http://10.0.0.1/none"},
        {"metadata", GET("http://169.254.169.254/metadata/instance"),
         "network.http http://169.254.169.254/metadata/instance"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim *sim = sim_make(machine);
        struct net_reply reply = {0};
        struct err err = {0};
        ROW_ASSERT(rows[i].name, !ask(sim, &rows[i].job, &reply, &err) && err.code == ERR_UNSCRIPTED);
        ROW_ASSERT(rows[i].name, text_same(sim_unscripted(sim), rows[i].unscripted));
        sim_close(sim);
    }
}

static void twenty_blackholes_cost_one_timeout(void)
{
    enum { BLACKHOLES = 20, TIMEOUT_MS = 5000 };
    struct sim *sim = sim_make(machine);
    const struct net_job job = {.type = NET_CONNECT, .host = "10.0.0.1", .port = 9, .timeout_ms = TIMEOUT_MS};
    struct err err = {0};
    for (size_t i = 0; i < BLACKHOLES; i++) {
        CU_ASSERT(sim_ops.net->submit(sim, &job, &sim, &err));
    }
    for (size_t i = 0; i < BLACKHOLES; i++) {
        void *tag = NULL;
        struct net_reply reply = {0};
        CU_ASSERT(sim_ops.net->wait(sim, &sim_arena, &tag, &reply, &err) && reply.outcome == NET_TIMEOUT);
    }
    CU_ASSERT(sim_ops.clock->now_ms(sim) == TIMEOUT_MS);
    sim_close(sim);
}

static void jobs_end_in_the_order_of_time(void)
{
    static const struct net_job jobs[] = {
        {.type = NET_CONNECT, .host = "10.0.0.1", .port = 1688, .timeout_ms = 1000, .delay_ms = 50},
        {.type = NET_KMS_BIND, .host = "10.0.0.1", .port = 1688, .timeout_ms = 1000},
        {.type = NET_KMS_BIND, .host = "10.0.0.1", .port = 1688, .timeout_ms = 59},
        {.type = NET_CONNECT, .host = "10.0.0.1", .port = 1688, .timeout_ms = 30},
    };
    static const struct {
        size_t job;
        int64_t now_ms;
        enum net_outcome outcome;
    } ends[] = {{3, 30, NET_OPEN}, {2, 59, NET_TIMEOUT}, {1, 60, NET_ACCEPTED}, {0, 80, NET_OPEN}};
    struct sim *sim = sim_make(machine);
    struct err err = {0};
    void *tag = NULL;
    struct net_reply reply = {0};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        CU_ASSERT(sim_ops.net->submit(sim, &jobs[i], (void *)(uintptr_t)(i + 1), &err));
    }
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        CU_ASSERT(sim_ops.net->wait(sim, &sim_arena, &tag, &reply, &err));
        CU_ASSERT((uintptr_t)tag == ends[i].job + 1 && reply.outcome == ends[i].outcome);
        CU_ASSERT(sim_ops.clock->now_ms(sim) == ends[i].now_ms);
    }
    CU_ASSERT(!sim_ops.net->wait(sim, &sim_arena, &tag, &reply, &err) && err.code == ERR_NOT_FOUND);
    sim_close(sim);
}

static void a_sequence_gives_one_answer_a_call(void)
{
    static const enum net_outcome wanted[] = {NET_RESET, NET_ACCEPTED, NET_REJECTED, NET_REJECTED};
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'network': {'kms': {'10.0.0.1:1688':"
                                            " {'sequence': ['reset', {'ms': 1}, 'rejected']}}}"));
    const struct net_job job = BIND("10.0.0.1", 1688);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct net_reply reply = {0};
        struct err err = {0};
        CU_ASSERT(ask(sim, &job, &reply, &err) && reply.outcome == wanted[i]);
    }
    sim_close(sim);
}

static void a_failed_submit_leaves_no_job(void)
{
    struct sim *sim = sim_make(machine);
    const struct net_job job = TCP("10.0.0.1", 1688);
    struct net_reply reply = {0};
    struct err err = {0};
    void *tag = NULL;
    sim_fail_call(sim, 1);
    CU_ASSERT(!sim_ops.net->submit(sim, &job, NULL, &err) && err.code == ERR_IO);
    CU_ASSERT(!sim_ops.net->wait(sim, &sim_arena, &tag, &reply, &err) && err.code == ERR_NOT_FOUND);
    CU_ASSERT(ask(sim, &job, &reply, &err) && sim_calls(sim) == 2);
    sim_close(sim);
}

static void jobs_have_a_limit(void)
{
    struct sim *sim = sim_make(machine);
    const struct net_job job = TCP("10.0.0.1", 1688);
    struct err err = {0};
    for (size_t i = 0; i < LIMIT_NET_AT_ONCE; i++) {
        CU_ASSERT(sim_ops.net->submit(sim, &job, NULL, &err));
    }
    CU_ASSERT(!sim_ops.net->submit(sim, &job, NULL, &err) && err.code == ERR_LIMIT);
    sim_close(sim);
}

static void without_a_hosts_file_the_hosts_table_is_all(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'network': {'hosts': {'a.example': ['10.0.0.1']}}"));
    const struct net_job known = RESOLVE(NET_RESOLVE_HOSTS, "A.example");
    const struct net_job other = RESOLVE(NET_RESOLVE_HOSTS, "b.example");
    struct net_reply reply = {0};
    struct err err = {0};
    CU_ASSERT(ask(sim, &known, &reply, &err) && reply.outcome == NET_ANSWERED && reply.address_count == 1);
    CU_ASSERT(ask(sim, &other, &reply, &err) && reply.outcome == NET_NO_NAME);
    sim_close(sim);
}

/* Port 1 of loopback is closed: a real refusal, while a virtual job waits beside it. */
static void redirected_jobs_use_real_sockets(void)
{
    struct sim *sim = sim_make(SIM_DOCUMENT(", 'network': {'tcp': {'10.0.0.1:9': 'timeout', '10.0.0.1:8': 'open'},"
                                            " 'connectTo': {'10.0.0.2:80': '127.0.0.1:1'}}"));
    static const struct net_job jobs[] = {TCP("10.0.0.1", 9),
                                          {.type = NET_CONNECT, .host = "10.0.0.2", .port = 80, .timeout_ms = 5000},
                                          TCP("10.0.0.1", 8)};
    static const enum net_outcome wanted[] = {NET_OPEN, NET_REFUSED, NET_TIMEOUT};
    struct err err = {0};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        CU_ASSERT(sim_ops.net->submit(sim, &jobs[i], NULL, &err));
    }
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        void *tag = NULL;
        struct net_reply reply = {0};
        bool waited = sim_ops.net->wait(sim, &sim_arena, &tag, &reply, &err);
        ROW_ASSERT(net_outcome_names[reply.outcome], waited && reply.outcome == wanted[i]);
    }
    CU_ASSERT(sim_ops.clock->now_ms(sim) == 1000);
    sim_close(sim);
}

void suite_sim_net(void)
{
    SIM_SUITE("sim_net", UNIT_TEST(the_document_answers), UNIT_TEST(answers_carry_their_content),
              UNIT_TEST(what_nobody_mentions_is_refused_at_once), UNIT_TEST(twenty_blackholes_cost_one_timeout),
              UNIT_TEST(jobs_end_in_the_order_of_time), UNIT_TEST(a_sequence_gives_one_answer_a_call),
              UNIT_TEST(a_failed_submit_leaves_no_job), UNIT_TEST(jobs_have_a_limit),
              UNIT_TEST(without_a_hosts_file_the_hosts_table_is_all), UNIT_TEST(redirected_jobs_use_real_sockets));
}
