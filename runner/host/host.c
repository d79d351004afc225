/* SPDX-License-Identifier: MIT */
/* The one place that knows the gates of all nouns. */
#include "host/host.h"

#include "host/gate.h"
#include "host/nouns/clock/clock.h"

static const struct noun_gate *const noun_gates[NOUN_COUNT] = {
#define NOUN_GATE_AT(upper, lower) &lower##_gate,
    NOUNS(NOUN_GATE_AT)
#undef NOUN_GATE_AT
};

void host_init(struct host *host, const struct host_ops *ops, void *backend, struct arena *arena, enum gate_mode mode,
               int64_t deadline_ms)
{
    *host = (struct host){.nouns = noun_gates, .ops = ops, .backend = backend, .arena = arena, .mode = mode};
    host->started_ms = ops->clock->now_ms(backend);
    host->deadline_ms = host->started_ms + deadline_ms;
    if (ops->clock->set_deadline != NULL) {
        ops->clock->set_deadline(backend, host->deadline_ms);
    }
}
