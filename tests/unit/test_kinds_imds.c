/* SPDX-License-Identifier: MIT */
/* azure_instance and azure_load_balancer, fed with replies: what is asked next, and what is believed. */
#include "kinds_fixture.h"
#include "unit.h"

#define INSTANCE                                                                                                       \
    "{\"compute\": {\"azEnvironment\": \"AZUREPUBLICCLOUD\", \"vmId\": \"02aab8a4-74ef-476e-8182-f6d2ba4166a6\","      \
    " \"name\": \"vm-web-01\", \"resourceGroupName\": \"rg-web\", \"publisher\": \"MicrosoftWindowsServer\","          \
    " \"newMember\": {\"deep\": [1, 2]}},"                                                                             \
    " \"network\": {\"interface\": [{\"ipv4\": {\"ipAddress\": [{\"privateIpAddress\": \"10.0.0.4\","                  \
    " \"publicIpAddress\": \"\"}]}}]}}"
#define HOSTILE                                                                                                        \
    "{\"compute\": {\"azEnvironment\": \"$(reboot)\", \"vmId\": \"02aab8a4$(reboot)\", \"name\": \"a; rm -rf /\","     \
    " \"resourceGroupName\": \"--help\", \"resourceId\": \"/subscriptions/`id`\", \"publisher\": 7},"                  \
    " \"network\": {\"interface\": [{\"ipv4\": {\"ipAddress\": [{\"privateIpAddress\": \"10.0.0.4 | sh\"}]}}]}}"
#define MOON                                                                                                           \
    "{\"compute\": {\"azEnvironment\": \"AzureMoonCloud\", \"vmId\": \"02aab8a4-74ef-476e-8182-f6d2ba4166a6\"}}"
#define HINT "{\"error\": \"Bad request\", \"newest-versions\": [\"../../x\", \"2021-12-13\", \"2021-11-15\"]}"
#define HTML "<html><body>Blocked by policy</body></html>"

static struct net_reply answered(long status, const char *body, const char *content_type)
{
    return (struct net_reply){.outcome = NET_ANSWERED,
                              .status = status,
                              .body = body,
                              .body_size = strlen(body),
                              .content_type = content_type,
                              .retry_after_ms = -1,
                              .date = -1};
}

static struct net_reply ended(enum net_outcome outcome, int64_t elapsed_ms)
{
    return (struct net_reply){.outcome = outcome, .elapsed_ms = elapsed_ms, .retry_after_ms = -1, .date = -1};
}

/* Replies given in order; when they run out the last one repeats. Returns how many jobs were asked. */
static size_t feed(struct fixture *fixture, const struct kind *kind, const struct net_reply *replies, size_t count,
                   const char **ret_last_url)
{
    struct net_job job = {0};
    fixture->look.reply_count = 0;
    memset(fixture->cells, 0, sizeof fixture->cells);
    while (fixture->look.reply_count < FIXTURE_ROUNDS && kind->next(&fixture->look, &job, 1) == 1) {
        size_t at = fixture->look.reply_count;
        fixture->replies[at] = replies[at < count ? at : count - 1];
        fixture->look.reply_count++;
        *ret_last_url = job.url;
    }
    kind->read(&fixture->look);
    return fixture->look.reply_count;
}

struct imds_case {
    const char *name;
    const char *tag; /* NULL: not known */
    struct net_reply replies[3];
    size_t reply_count, asked;
    const char *last_version;
    struct expected_cell cells[8];
};

static void run_case(const struct imds_case *row)
{
    struct fixture fixture AUTO(fixture_close);
    fixture_open(&fixture);
    struct value tag = row->tag != NULL ? value_text(row->tag) : value_unknown("not told");
    const char *url = "";
    fixture.look.local = &tag;
    size_t asked = feed(&fixture, &kind_azure_instance, row->replies, row->reply_count, &url);
    ROW_ASSERT(row->name, asked == row->asked);
    ROW_ASSERT(row->name, text_starts(url, "http://169.254.169.254/metadata/instance?api-version="));
    ROW_ASSERT(row->name, text_ends(url, row->last_version));
    ROW_ASSERT(row->name, cells_match(&fixture, &kind_azure_instance, row->cells));
}

static void test_instance_answers(void)
{
    const struct imds_case cases[] = {
        {"a plain answer",
         AZURE_TAG,
         {answered(200, INSTANCE, "application/json")},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "true"},
          {"reachable", "true"},
          {"cloud", "AzurePublicCloud"},
          {"name", "vm-web-01"},
          {"privateIp", "10.0.0.4"},
          {"publicIp", "absent"},
          {"customImage", "false"}}},
        {"a cloud that is not known here",
         AZURE_TAG,
         {answered(200, MOON, "application/json")},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "true"}, {"reachable", "true"}, {"cloud", "AzureMoonCloud"}}},
        {"a vmId proves Azure without a tag",
         NULL,
         {answered(200, INSTANCE, NULL)},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "true"}, {"proxied", "false"}}},
        {"hostile texts",
         NULL,
         {answered(200, HOSTILE, "application/json")},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "unknown"},
          {"cloud", "unknown"},
          {"vmId", "unknown"},
          {"name", "unknown"},
          {"resourceGroup", "unknown"},
          {"resourceId", "unknown"},
          {"privateIp", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        run_case(&cases[i]);
    }
}

static void test_instance_is_asked_again(void)
{
    const struct imds_case cases[] = {
        {"the version it hints at",
         AZURE_TAG,
         {answered(400, HINT, NULL), answered(200, INSTANCE, NULL)},
         2,
         2,
         "2021-12-13",
         {{"reachable", "true"}, {"cloud", "AzurePublicCloud"}}},
        {"a 400 without a hint",
         AZURE_TAG,
         {answered(400, "", NULL), answered(200, INSTANCE, NULL)},
         2,
         2,
         "2021-02-01",
         {{"reachable", "true"}}},
        {"400 to the end",
         AZURE_TAG,
         {answered(400, HINT, NULL)},
         1,
         6,
         "2018-10-01",
         {{"onAzure", "true"}, {"reachable", "unknown"}, {"cloud", "unknown"}}},
        {"user data too large",
         AZURE_TAG,
         {ended(NET_TOO_LARGE, 5), answered(200, INSTANCE, NULL)},
         2,
         2,
         "2020-09-01",
         {{"reachable", "true"}, {"cloud", "AzurePublicCloud"}}},
        {"too large twice",
         AZURE_TAG,
         {ended(NET_TOO_LARGE, 5)},
         1,
         2,
         "2020-09-01",
         {{"reachable", "unknown"}, {"cloud", "unknown"}}},
        {"busy once",
         AZURE_TAG,
         {answered(429, "", NULL), answered(200, INSTANCE, NULL)},
         2,
         2,
         "2025-04-07",
         {{"reachable", "true"}}},
        {"busy for good",
         AZURE_TAG,
         {answered(503, "", NULL)},
         1,
         5,
         "2025-04-07",
         {{"onAzure", "true"}, {"reachable", "unknown"}, {"proxied", "unknown"}, {"cloud", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        run_case(&cases[i]);
    }
}

static void test_instance_strangers(void)
{
    const struct imds_case cases[] = {
        {"dead, on Azure by the tag",
         AZURE_TAG,
         {ended(NET_TIMEOUT, 2000)},
         1,
         2,
         "2025-04-07",
         {{"onAzure", "true"}, {"reachable", "false"}, {"proxied", "false"}, {"cloud", "unknown"}}},
        {"dead, another maker's tag: asked once",
         "QEMU",
         {ended(NET_TIMEOUT, 2000)},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "false"}, {"reachable", "false"}, {"cloud", "absent"}, {"vmId", "absent"}}},
        {"dead, tag not known",
         NULL,
         {ended(NET_UNREACHABLE, 0)},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "unknown"}, {"reachable", "false"}, {"cloud", "unknown"}}},
        {"a proxy's page with status 200",
         "",
         {answered(200, HTML, "text/html")},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "unknown"}, {"reachable", "false"}, {"proxied", "true"}}},
        {"a page that calls itself JSON",
         "",
         {answered(200, HTML, "application/json")},
         1,
         1,
         "2025-04-07",
         {{"reachable", "false"}, {"proxied", "true"}}},
        {"a redirect",
         AZURE_TAG,
         {answered(302, "", NULL)},
         1,
         1,
         "2025-04-07",
         {{"onAzure", "true"}, {"reachable", "false"}, {"proxied", "true"}}},
        {"proxy login", AZURE_TAG, {answered(407, "", NULL)}, 1, 1, "2025-04-07", {{"proxied", "true"}}},
        {"a gateway's page to the end",
         AZURE_TAG,
         {answered(502, HTML, "text/html")},
         1,
         5,
         "2025-04-07",
         {{"reachable", "false"}, {"proxied", "true"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        run_case(&cases[i]);
    }
}

static void test_instance_is_not_understood(void)
{
    const struct imds_case cases[] = {
        {"404", AZURE_TAG, {answered(404, "", NULL)}, 1, 1, "2025-04-07", {{"reachable", "unknown"}}},
        {"garbage", AZURE_TAG, {ended(NET_GARBAGE, 1)}, 1, 1, "2025-04-07", {{"reachable", "unknown"}}},
        {"JSON that is no object",
         AZURE_TAG,
         {answered(200, "[1]", NULL)},
         1,
         1,
         "2025-04-07",
         {{"reachable", "unknown"}, {"cloud", "unknown"}}},
        {"an object that is no instance",
         AZURE_TAG,
         {answered(200, "{\"a\": 1}", NULL)},
         1,
         1,
         "2025-04-07",
         {{"reachable", "unknown"}, {"vmId", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        run_case(&cases[i]);
    }
}

/* Retry-After counts, but never past the time for all tries. */
static void test_retry_after_is_capped(void)
{
    const struct {
        const char *name;
        int64_t retry_after_ms;
        size_t asked;
        int64_t delay_ms;
    } cases[] = {
        {"honoured", 3000, 3, 3000},
        {"too far away", 3600000, 1, 0},
        {"shorter than our own", 1, 5, 4000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        struct value tag = value_text(AZURE_TAG);
        struct net_reply busy = answered(429, "", NULL);
        struct net_job job = {0};
        busy.retry_after_ms = cases[i].retry_after_ms;
        fixture_open(&fixture);
        fixture.look.local = &tag;
        int64_t delay_ms = 0;
        while (kind_azure_instance.next(&fixture.look, &job, 1) == 1 && fixture.look.reply_count < FIXTURE_ROUNDS) {
            delay_ms = job.delay_ms;
            fixture.replies[fixture.look.reply_count++] = busy;
        }
        ROW_ASSERT(cases[i].name, fixture.look.reply_count == cases[i].asked);
        ROW_ASSERT(cases[i].name, delay_ms == cases[i].delay_ms);
    }
}

static void test_load_balancer(void)
{
    static const char present[] =
        "{\"loadbalancer\": {\"publicIpAddresses\": [{\"frontendIpAddress\": \"51.0.0.1\","
        " \"privateIpAddress\": \"10.1.0.4\"}], \"inboundRules\": [], \"outboundRules\": []}}";
    static const char hostile[] = "{\"loadbalancer\": {\"publicIpAddresses\": [{\"frontendIpAddress\": \"$(id)\"}],"
                                  " \"outboundRules\": [{}]}}";
    const struct {
        const char *name;
        struct net_reply reply;
        struct expected_cell cells[4];
    } cases[] = {
        {"one without outbound rules",
         answered(200, present, NULL),
         {{"state", "present"}, {"outboundRules", "0"}, {"publicIps", "51.0.0.1"}}},
        {"none",
         answered(404, "{\"error\": \"No load balancer metadata is found.\"}", NULL),
         {{"state", "none"}, {"outboundRules", "absent"}}},
        {"a front end that is no address",
         answered(200, hostile, NULL),
         {{"state", "present"}, {"outboundRules", "1"}, {"publicIps", "unknown"}}},
        {"dead", ended(NET_TIMEOUT, 2000), {{"state", "unknown"}, {"publicIps", "unknown"}}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture AUTO(fixture_close);
        const char *url = "";
        fixture_open(&fixture);
        (void)feed(&fixture, &kind_azure_load_balancer, &cases[i].reply, 1, &url);
        ROW_ASSERT(cases[i].name, text_ends(url, "/metadata/loadbalancer?api-version=2020-10-01"));
        ROW_ASSERT(cases[i].name, cells_match(&fixture, &kind_azure_load_balancer, cases[i].cells));
    }
}

void suite_kinds_imds(void);
void suite_kinds_imds(void)
{
    UNIT_SUITE("kinds: IMDS", UNIT_TEST(test_instance_answers), UNIT_TEST(test_instance_is_asked_again),
               UNIT_TEST(test_instance_strangers), UNIT_TEST(test_instance_is_not_understood),
               UNIT_TEST(test_retry_after_is_capped), UNIT_TEST(test_load_balancer));
}
