/* SPDX-License-Identifier: MIT */
#include "channel/run/wait_licensing.h"

#include "base/limits.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/licensing/licensing.h"
#include "host/nouns/service/service.h"

enum { PAUSE_MS = 2000 };

static bool is_on_its_way(const struct service_facts *facts)
{
    return facts->exists && facts->start != SERVICE_STARTS_DISABLED && facts->state != SERVICE_IS_STOPPED &&
           facts->state != SERVICE_IS_RUNNING && facts->state != SERVICE_IS_PAUSED;
}

/* No answer is none within its bound, or one that says to come back. */
static bool is_answering(struct host *host)
{
    struct service_facts facts = {0};
    struct licensing_service service = {0};
    struct err err = {0};
    if (host_service_query(host, "sppsvc", &facts, &err) && is_on_its_way(&facts)) {
        return false;
    }
    return host_licensing_service(host, &service, &err) || (err.code != ERR_TIMEOUT && err.code != ERR_BUSY);
}

bool wait_licensing(struct host *host, int64_t wait_ms)
{
    int64_t left_ms = host_left_ms(host) - LIMIT_LOOKS_MS;
    int64_t end_ms = host_now_ms(host) + (wait_ms < left_ms ? wait_ms : left_ms);
    while (host_now_ms(host) < end_ms && !host_is_over(host)) {
        if (is_answering(host)) {
            return true;
        }
        host_sleep_ms(host, PAUSE_MS);
    }
    return wait_ms == 0;
}
