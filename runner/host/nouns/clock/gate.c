/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include "host/nouns/clock/clock.h"

int64_t host_now_ms(struct host *host)
{
    return host->ops->clock->now_ms(host->backend);
}

int64_t host_utc_ms(struct host *host)
{
    return host->ops->clock->utc_ms(host->backend);
}

int64_t host_left_ms(struct host *host)
{
    int64_t left = host->deadline_ms - host_now_ms(host);
    return left > 0 ? left : 0;
}

bool host_is_over(struct host *host)
{
    return host->stop_asked || host_left_ms(host) == 0;
}

void host_sleep_ms(struct host *host, int64_t duration_ms)
{
    int64_t left = host_left_ms(host);
    int64_t wait = duration_ms < left ? duration_ms : left;
    if (wait > 0) {
        gate_waiting(host, "the next try");
        host->ops->clock->sleep_ms(host->backend, wait);
    }
}

const struct noun_gate clock_gate = {0};
