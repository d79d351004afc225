/* SPDX-License-Identifier: MIT */
#include "channel/run/wait_setup.h"

#include "base/limits.h"
#include "engine/engine.h"
#include "host/nouns/clock/clock.h"

enum { PAUSE_MS = 2000 };

/* A host of its own on the same machine: what it remembers goes with the memory of the look. */
static const char *held_by(const struct host *host, const struct plan *plan, int64_t probe_ms, struct arena *scratch)
{
    const struct engine_options how = {.mode = MODE_CHECK, .probe_ms = probe_ms};
    struct host asked = {0};
    size_t mark = arena_mark(scratch);
    host_init(&asked, host->ops, host->backend, scratch, GATE_LOOK, LIMIT_LOOKS_MS);
    const char *finding = engine_held_by(plan, &asked, &how, scratch);
    arena_release(scratch, mark);
    return finding;
}

const char *wait_setup(struct host *host, const struct plan *plan, int64_t probe_ms, int64_t wait_ms)
{
    int64_t left_ms = host_left_ms(host) - LIMIT_LOOKS_MS;
    int64_t end_ms = host_now_ms(host) + (wait_ms < left_ms ? wait_ms : left_ms);
    struct arena scratch AUTO(arena_close) = {0};
    struct err err = {0};
    if (!arena_open(&scratch, LIMIT_HELD_SCRATCH_BYTES, &err)) {
        return NULL; /* the run itself looks again, and holds its fixes */
    }
    const char *finding = held_by(host, plan, probe_ms, &scratch);
    while (finding != NULL && host_now_ms(host) < end_ms && !host_is_over(host)) {
        host_sleep_ms(host, PAUSE_MS);
        finding = held_by(host, plan, probe_ms, &scratch);
    }
    return finding;
}
