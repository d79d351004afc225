/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <stdio.h>

#include "base/limits.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/net/net.h"

bool host_net_submit(struct host *host, const struct net_job *job, void *tag, struct err *err)
{
    must(job->timeout_ms > 0);
    if (!gate_look(host, host->ops->net->submit != NULL, "network", err)) {
        return false;
    }
    if (host->net_pending >= LIMIT_NET_AT_ONCE) {
        return err_set(err, ERR_LIMIT, 0, "more than %d network jobs at once", (int)LIMIT_NET_AT_ONCE);
    }
    int64_t left = host_left_ms(host);
    struct net_job *bounded = arena_alloc(host->arena, sizeof(*bounded));
    *bounded = *job;
    if (bounded->delay_ms > left) {
        bounded->delay_ms = left;
    }
    if (bounded->timeout_ms > left - bounded->delay_ms) {
        bounded->timeout_ms = left - bounded->delay_ms > 0 ? left - bounded->delay_ms : 1;
    }
    if (!host->ops->net->submit(host->backend, bounded, tag, err)) {
        return false;
    }
    host->net_pending++;
    return true;
}

size_t host_net_pending(const struct host *host)
{
    return host->net_pending;
}

bool host_net_wait(struct host *host, void **ret_tag, struct net_reply *ret_reply, struct err *err)
{
    char what[48];
    must(host->net_pending > 0);
    (void)snprintf(what, sizeof(what), "%zu network answers", host->net_pending);
    gate_waiting(host, what);
    host->net_pending--;
    return host->ops->net->wait(host->backend, host->arena, ret_tag, ret_reply, err);
}

const struct noun_gate net_gate = {0};
