/* SPDX-License-Identifier: MIT */
/*
 * Asks the network what its arguments say, all at once, one line an answer and one for the whole:
 *
 *   net_ask TIMEOUT_MS LINGER_MS JOB...    JOB: connect:HOST:PORT kms:HOST:PORT system:NAME server:ADDRESS:NAME URL
 *
 * It lingers between closing the network and its end, so that a worker left behind is seen to come home unharmed.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/net/net.h"
#include "host/port.h"

enum { ARENA_BYTES = 4 * 1024 * 1024, WAIT_MS = 60 * 1000, FIRST_JOB = 3 };

static const struct {
    const char *prefix;
    enum net_type type;
} words[] = {
    {"connect:", NET_CONNECT},       {"kms:", NET_KMS_BIND}, {"system:", NET_RESOLVE_SYSTEM},
    {"server:", NET_RESOLVE_SERVER}, {"http://", NET_HTTP},
};

/* Fills what stands behind the prefix: one name, or two parts with the last colon between them. */
static bool read_parts(const char *rest, struct arena *arena, struct net_job *job)
{
    int64_t port = 0;
    char *first = arena_text(arena, rest);
    char *colon = strrchr(first, ':');
    if (job->type == NET_RESOLVE_SYSTEM || job->type == NET_HTTP) {
        job->host = first;
        return true;
    }
    if (colon == NULL) {
        return false;
    }
    *colon = '\0';
    if (job->type == NET_RESOLVE_SERVER) {
        job->server = first;
        job->host = colon + 1;
        return true;
    }
    job->host = first;
    job->port = (uint16_t)(text_to_int(colon + 1, &port) ? port : 0);
    return job->port != 0;
}

static bool read_job(const char *text, struct arena *arena, struct net_job *job)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_starts(text, words[i].prefix)) {
            job->type = words[i].type;
            job->url = text;
            return read_parts(text + strlen(words[i].prefix), arena, job);
        }
    }
    return false;
}

static void print_reply(const char *job, const struct net_reply *reply)
{
    printf("%s %s os=%u ms=%lld", job, net_outcome_names[reply->outcome], (unsigned)reply->os,
           (long long)reply->elapsed_ms);
    for (size_t i = 0; i < reply->address_count; i++) {
        printf(" %s", reply->addresses[i].text);
    }
    printf("\n");
}

static bool ask(struct net *net, struct arena *arena, int count, char **jobs, int64_t timeout_ms)
{
    struct err err = {0};
    for (int i = 0; i < count; i++) {
        struct net_job job = {.timeout_ms = timeout_ms};
        if (!read_job(jobs[i], arena, &job) || !net_submit(net, &job, jobs[i], &err)) {
            fprintf(stderr, "%s: not a job %s\n", jobs[i], err.text);
            return false;
        }
    }
    for (int i = 0; i < count; i++) {
        void *job = NULL;
        struct net_reply reply;
        if (!net_wait(net, arena, WAIT_MS, &job, &reply, &err)) {
            fprintf(stderr, "%s\n", err.text);
            return false;
        }
        print_reply(job, &reply);
    }
    return true;
}

int main(int argument_count, char **arguments)
{
    const struct net_options options = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct net *net = NULL;
    struct err err = {0};
    int64_t timeout_ms = 0;
    int64_t linger_ms = 0;
    if (argument_count <= FIRST_JOB || !text_to_int(arguments[1], &timeout_ms) ||
        !text_to_int(arguments[2], &linger_ms) || !arena_open(&arena, ARENA_BYTES, &err) ||
        !net_open(&options, &net, &err)) {
        fprintf(stderr, "usage: net_ask TIMEOUT_MS LINGER_MS JOB... %s\n", err.text);
        return 2;
    }
    int64_t begun = port_now_ms();
    bool asked = ask(net, &arena, argument_count - FIRST_JOB, arguments + FIRST_JOB, timeout_ms);
    printf("total ms=%lld\n", (long long)(port_now_ms() - begun));
    net_close(net);
    port_sleep_ms(linger_ms);
    return asked ? 0 : 1;
}
