/* SPDX-License-Identifier: MIT */
#include "host/nouns/clock/clock.h"

#include "host/port.h"
#include "host/windows/machine.h"

static void set_deadline(void *backend, int64_t deadline_ms)
{
    ((struct machine *)backend)->deadline_ms = deadline_ms;
}

int64_t windows_wait_ms(const void *backend, int64_t most_ms)
{
    const struct machine *machine = backend;
    if (machine == NULL || machine->deadline_ms == 0) {
        return most_ms;
    }
    int64_t left_ms = machine->deadline_ms - port_now_ms();
    return left_ms < 1 ? 1 : left_ms < most_ms ? left_ms : most_ms;
}

static int64_t now_ms(void *backend)
{
    (void)backend;
    return port_now_ms();
}

static int64_t utc_ms(void *backend)
{
    (void)backend;
    return port_utc_ms();
}

static void sleep_ms(void *backend, int64_t duration_ms)
{
    (void)backend;
    port_sleep_ms(duration_ms);
}

const struct clock_ops windows_clock_ops = {
    .set_deadline = set_deadline,
    .now_ms = now_ms,
    .utc_ms = utc_ms,
    .sleep_ms = sleep_ms,
};
