/* SPDX-License-Identifier: MIT */
#include "channel/run/wait_network.h"

#include "base/limits.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/net/net.h"
#include "host/platform.h"

enum { ROUND_MS = 2000, PAUSE_MS = 1000, ANSWER_BYTES = 64 * 1024 };

static const char *const imds_headers[] = {"Metadata: true", NULL};
/* Of the names that the playbooks ask for anyway: one that exists from every cloud. */
static const struct net_job questions[] = {
    {.type = NET_RESOLVE_SYSTEM, .host = "azkms.core.windows.net"},
    {.type = NET_HTTP,
     .url = "http://" PLATFORM_IMDS "/metadata/instance?api-version=2021-02-01",
     .headers = imds_headers,
     .limit_bytes = ANSWER_BYTES},
};

static int64_t less(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

/* Waits for both: a job left under way would take a place in the loop of the looks. */
static bool ask_once(struct host *host, int64_t bound_ms)
{
    bool is_answered = false;
    struct err err = {0};
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        struct net_job job = questions[i];
        job.timeout_ms = bound_ms;
        if (!host_net_submit(host, &job, host, &err)) {
            err = (struct err){0};
        }
    }
    while (host_net_pending(host) > 0) {
        void *tag = NULL;
        struct net_reply reply = {0};
        bool is_told = host_net_wait(host, &tag, &reply, &err);
        is_answered = is_answered || (is_told && reply.outcome == NET_ANSWERED);
    }
    return is_answered;
}

bool wait_network(struct host *host, int64_t wait_ms)
{
    int64_t end_ms = host_now_ms(host) + less(wait_ms, host_left_ms(host) - LIMIT_LOOKS_MS);
    for (int64_t left = end_ms - host_now_ms(host); left > 0; left = end_ms - host_now_ms(host)) {
        if (ask_once(host, less(left, ROUND_MS))) {
            return true;
        }
        left = end_ms - host_now_ms(host);
        if (left > 0) {
            host_sleep_ms(host, less(left, PAUSE_MS));
        }
    }
    return wait_ms == 0;
}
