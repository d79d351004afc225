/* SPDX-License-Identifier: MIT */
/*
 * The loop of the simulated network. A job's answer and its moment are known when it is handed over; waiting moves the
 * virtual clock to the earliest of them, so that all pending jobs wait together. Jobs for real sockets are waited for
 * in real time, which the virtual clock then follows.
 */
#include "host/net/net.h"

#include <string.h>

#include "base/limits.h"
#include "host/port.h"
#include "host/sim/sim_private.h"

static bool submit_real(struct sim_network *network, const struct net_job *job, void *tag, struct err *err)
{
    if (network->net == NULL) {
        struct net_options options = {.redirects = network->redirects, .redirect_count = network->redirect_count};
        if (!net_open(&options, &network->net, err)) {
            return false;
        }
    }
    if (!net_submit(network->net, job, tag, err)) {
        return false;
    }
    network->real_pending++;
    return true;
}

static bool submit(void *backend, const struct net_job *job, void *tag, struct err *err)
{
    struct sim *sim = backend;
    struct sim_network *network = &sim->document.network;
    struct sim_answer answer;
    if (!sim_enter(sim, err)) {
        return false;
    }
    if (network->job_count + network->real_pending == LIMIT_NET_AT_ONCE) {
        return err_set(err, ERR_LIMIT, 0, "more than %d network jobs at once", LIMIT_NET_AT_ONCE);
    }
    if (sim_network_is_real(sim, job)) {
        return submit_real(network, job, tag, err);
    }
    if (!sim_network_ask(sim, job, &answer, err)) {
        return false;
    }
    if (answer.ms > job->timeout_ms) {
        answer.reply = (struct net_reply){
            .outcome = NET_TIMEOUT, .retry_after_ms = -1, .date = -1, .unnamed = answer.reply.unnamed};
        answer.ms = job->timeout_ms;
    }
    answer.reply.elapsed_ms = answer.ms;
    network->jobs[network->job_count++] =
        (struct sim_job){.tag = tag, .reply = answer.reply, .due_ms = sim->now_ms + job->delay_ms + answer.ms};
    return true;
}

/* The first to end; of two at the same moment, the first handed over. */
static size_t earliest(const struct sim_network *network)
{
    size_t first = 0;
    for (size_t i = 1; i < network->job_count; i++) {
        first = network->jobs[i].due_ms < network->jobs[first].due_ms ? i : first;
    }
    return first;
}

static struct sim_job take(struct sim_network *network, size_t index)
{
    struct sim_job job = network->jobs[index];
    network->job_count--;
    memmove(&network->jobs[index], &network->jobs[index + 1], (network->job_count - index) * sizeof network->jobs[0]);
    return job;
}

/* At most wait_ms of real time; ERR_TIMEOUT: nothing ended. */
static bool wait_real(struct sim *sim, struct arena *arena, int64_t wait_ms, void **ret_tag,
                      struct net_reply *ret_reply, struct err *err)
{
    int64_t began_ms = port_now_ms();
    bool has_ended = net_wait(sim->document.network.net, arena, wait_ms, ret_tag, ret_reply, err);
    sim->now_ms += port_now_ms() - began_ms;
    sim->document.network.real_pending -= has_ended ? 1 : 0;
    return has_ended;
}

static bool wait_for_one(void *backend, struct arena *arena, void **ret_tag, struct net_reply *ret_reply,
                         struct err *err)
{
    struct sim *sim = backend;
    struct sim_network *network = &sim->document.network;
    bool has_virtual = network->job_count > 0;
    size_t first = earliest(network);
    int64_t left_ms = has_virtual ? network->jobs[first].due_ms - sim->now_ms : LIMIT_RUN_MAX_MS;
    if (network->real_pending > 0 && left_ms > 0) {
        struct err real_err = {0};
        if (wait_real(sim, arena, left_ms, ret_tag, ret_reply, &real_err)) {
            return true;
        }
        if (real_err.code != ERR_TIMEOUT || !has_virtual) {
            *err = real_err;
            return false;
        }
    }
    if (!has_virtual) {
        return err_set(err, ERR_NOT_FOUND, 0, "no network job is under way");
    }
    struct sim_job job = take(network, first);
    if (job.due_ms > sim->now_ms) {
        sim->now_ms = job.due_ms;
    }
    *ret_tag = job.tag;
    *ret_reply = job.reply;
    return true;
}

const struct net_ops sim_net_ops = {
    .submit = submit,
    .wait = wait_for_one,
};
