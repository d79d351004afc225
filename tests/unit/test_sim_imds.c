/* SPDX-License-Identifier: MIT */
#include "sim_fixture.h"

void suite_sim_imds(void);

#define BASE "http://169.254.169.254"
#define VERSION "?api-version=2021-02-01"
#define MACHINE(imds) SIM_DOCUMENT(", 'network': {'imds': " imds "}")
#define SERVICE(members)                                                                                               \
    "{'versions': ['2018-02-01', '2020-10-01', '2021-02-01', '2025-04-07'],"                                           \
    " 'instance': {'compute': {'vmId': 'id', 'tagsList': [{'name': 'a'}]}, 'network': {}}" members "}"

static const char *const asked[] = {"Metadata: true", NULL};
static const char *const shouted[] = {"metadata:TRUE", NULL};
static const char *const forwarded[] = {"Metadata: true", "X-Forwarded-For: 10.0.0.1", NULL};

static const struct {
    const char *name, *imds, *path;
    const char *const *headers;
    long status;
    const char *body;
} answers[] = {
    {"instance", SERVICE(""), "/metadata/instance" VERSION, asked, 200,
     "{'compute': {'tagsList': [{'name': 'a'}], 'vmId': 'id'}, 'network': {}}"},
    {"a part", SERVICE(""), "/metadata/instance/network" VERSION, asked, 200, "{}"},
    {"an element", SERVICE(""), "/metadata/instance/compute/tagsList/0" VERSION, asked, 200, "{'name': 'a'}"},
    {"a leaf as text", SERVICE(""), "/metadata/instance/compute/vmId" VERSION "&format=text", asked, 200, "id"},
    {"a leaf as JSON", SERVICE(""), "/metadata/instance/compute/vmId" VERSION, asked, 200, "'id'"},
    {"case of the header", SERVICE(""), "/metadata/instance/network" VERSION, shouted, 200, "{}"},
    {"no such part", SERVICE(""), "/metadata/instance/compute/none" VERSION, asked, 404, "{'error': 'Not found'}"},
    {"no such element", SERVICE(""), "/metadata/instance/compute/tagsList/1" VERSION, asked, 404,
     "{'error': 'Not found'}"},
    {"no such service", SERVICE(""), "/metadata/other" VERSION, asked, 404, "{'error': 'Not found'}"},
    {"no header", SERVICE(""), "/metadata/instance" VERSION, NULL, 400,
     "{'error': 'Bad request. Required metadata header not specified'}"},
    {"through a proxy", SERVICE(""), "/metadata/instance" VERSION, forwarded, 400,
     "{'error': 'Bad request. X-Forwarded-For header is not allowed'}"},
    {"no load balancer", SERVICE(", 'loadbalancer': false"), "/metadata/loadbalancer" VERSION, asked, 404,
     "{'error': 'Not found'}"},
    {"load balancer", SERVICE(", 'loadbalancer': {'outboundRules': []}"), "/metadata/loadbalancer" VERSION, asked, 200,
     "{'loadbalancer': {'outboundRules': []}}"},
    {"attested", SERVICE(", 'attested': {'encoding': 'pkcs7'}"), "/metadata/attested/document" VERSION, asked, 200,
     "{'encoding': 'pkcs7'}"},
};

static bool get(struct sim *sim, const char *path, const char *const *headers, struct net_reply *ret_reply,
                struct err *err)
{
    struct net_job job = {.type = NET_HTTP,
                          .url = arena_format(&sim_arena, BASE "%s", path),
                          .headers = headers,
                          .limit_bytes = LIMIT_IMDS_BYTES,
                          .timeout_ms = LIMIT_IMDS_MS};
    void *tag = NULL;
    return sim_ops.net->submit(sim, &job, NULL, err) && sim_ops.net->wait(sim, &sim_arena, &tag, ret_reply, err);
}

static const char *squeezed(const char *text)
{
    char *copy = arena_text(&sim_arena, text);
    char *out = copy;
    for (const char *at = copy; *at != '\0'; at++) {
        if (*at != ' ' && *at != '\n') {
            *out++ = *at;
        }
    }
    *out = '\0';
    return copy;
}

static void the_service_answers_as_documented(void)
{
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct sim *sim = sim_make(arena_format(&sim_arena, MACHINE("%s"), answers[i].imds));
        struct net_reply reply = {0};
        struct err err = {0};
        ROW_ASSERT(answers[i].name, get(sim, answers[i].path, answers[i].headers, &reply, &err));
        ROW_ASSERT(answers[i].name, reply.outcome == NET_ANSWERED && reply.status == answers[i].status);
        bool is_same = reply.body != NULL && strcmp(squeezed(reply.body), squeezed(sim_json(answers[i].body))) == 0;
        ROW_ASSERT(answers[i].name, is_same);
        if (!is_same) {
            printf("    it says: %s\n", reply.body);
        }
        sim_close(sim);
    }
}

static void an_unknown_version_is_told_the_newest(void)
{
    static const char *const paths[] = {"/metadata/instance", "/metadata/instance?api-version=2021-02",
                                        "/metadata/instance?api-version=2021-02-012",
                                        "/metadata/instance?api-version=2999-01-01&format=json"};
    struct sim *sim = sim_make(MACHINE(SERVICE("")));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct net_reply reply = {0};
        struct err err = {0};
        ROW_ASSERT(paths[i], get(sim, paths[i], asked, &reply, &err) && reply.status == 400);
        const char *body = reply.body != NULL ? reply.body : "";
        ROW_ASSERT(paths[i],
                   strstr(body, "\"newest-versions\": [\"2025-04-07\", \"2021-02-01\", \"2020-10-01\"]") != NULL);
    }
    sim_close(sim);
}

static void a_part_that_is_left_out_is_unscripted(void)
{
    struct sim *sim = sim_make(MACHINE(SERVICE("")));
    struct net_reply reply = {0};
    struct err err = {0};
    CU_ASSERT(!get(sim, "/metadata/loadbalancer" VERSION, asked, &reply, &err) && err.code == ERR_UNSCRIPTED);
    CU_ASSERT_STRING_EQUAL(sim_unscripted(sim), "network.imds for /metadata/loadbalancer");
    sim_close(sim);
}

static void a_dead_or_scripted_service_answers_so(void)
{
    struct sim *dead = sim_make(MACHINE("{'outcome': 'timeout'}"));
    struct sim *scripted = sim_make(MACHINE("{'sequence': [{'status': 429, 'retryAfter': 1}, {'body': '{}'}]}"));
    const struct net_job connect = {.type = NET_CONNECT, .host = "169.254.169.254", .port = 80, .timeout_ms = 70};
    struct net_reply reply = {0};
    struct err err = {0};
    void *tag = NULL;
    CU_ASSERT(get(dead, "/metadata/instance" VERSION, asked, &reply, &err) && reply.outcome == NET_TIMEOUT);
    CU_ASSERT(sim_ops.clock->now_ms(dead) == LIMIT_IMDS_MS);
    CU_ASSERT(sim_ops.net->submit(dead, &connect, NULL, &err));
    CU_ASSERT(sim_ops.net->wait(dead, &sim_arena, &tag, &reply, &err) && reply.outcome == NET_TIMEOUT);
    CU_ASSERT(get(scripted, "/metadata/instance" VERSION, asked, &reply, &err) && reply.status == 429);
    CU_ASSERT(reply.retry_after_ms == 1000);
    CU_ASSERT(sim_ops.net->submit(scripted, &connect, NULL, &err));
    CU_ASSERT(sim_ops.net->wait(scripted, &sim_arena, &tag, &reply, &err) && reply.outcome == NET_OPEN);
    CU_ASSERT(get(scripted, "/metadata/instance" VERSION, asked, &reply, &err) && reply.status == 200);
    sim_close(dead);
    sim_close(scripted);
}

void suite_sim_imds(void)
{
    SIM_SUITE("sim_imds", UNIT_TEST(the_service_answers_as_documented),
              UNIT_TEST(an_unknown_version_is_told_the_newest), UNIT_TEST(a_part_that_is_left_out_is_unscripted),
              UNIT_TEST(a_dead_or_scripted_service_answers_so));
}
