/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/limits.h"
#include "host/nouns/service/service.h"
#include "host/op_state.h"
#include "host/restore.h"
#include "json/fields.h"

const char *const service_state_names[] = {"stopped",          "start_pending", "stop_pending", "running",
                                           "continue_pending", "pause_pending", "paused",       NULL};
const char *const service_start_names[] = {"boot", "system", "automatic", "manual", "disabled", NULL};

enum { POLL_MS = 250 };

bool host_service_query(struct host *host, const char *name, struct service_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->service->query != NULL, "services", err) &&
           host->ops->service->query(host->backend, name, host->arena, ret_facts, err);
}

static bool query_existing(struct host *host, const char *name, struct service_facts *ret_facts, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, name, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        return err_set(err, ERR_NOT_FOUND, 0, "service %s does not exist", name);
    }
    *ret_facts = facts;
    return true;
}

static const char *start_shown(struct arena *arena, enum service_start start, bool delayed)
{
    return arena_format(arena, "%s%s", service_start_names[start],
                        start == SERVICE_STARTS_AUTOMATIC && delayed ? " (delayed)" : "");
}

static const char *start_text(struct arena *arena, enum service_start start, bool delayed)
{
    return arena_format(arena, "{\"start\":\"%s\",\"delayed\":%s}", service_start_names[start],
                        delayed ? "true" : "false");
}

bool host_service_set_start(struct host *host, const char *name, enum service_start start, bool delayed,
                            struct err *err)
{
    struct service_facts before = {0};
    if (!query_existing(host, name, &before, err)) {
        return false;
    }
    if (before.start == start && before.delayed == delayed) {
        return true;
    }
    struct change change = {.noun = NOUN_SERVICE,
                            .also = NOUN_BIT(NOUN_REGISTRY),
                            .class = OP_REVERSIBLE,
                            .verb = "set_start",
                            .target = name,
                            .before = start_text(host->arena, before.start, before.delayed),
                            .after = start_text(host->arena, start, delayed),
                            .shown_before = start_shown(host->arena, before.start, before.delayed),
                            .shown_after = start_shown(host->arena, start, delayed)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->service->set_start(host->backend, name, start, delayed, err), err);
}

static const char *run_text(struct arena *arena, enum service_state state)
{
    return arena_format(arena, "{\"state\":\"%s\"}", service_state_names[state]);
}

/* Polls until the service is in `wanted`; a start that ends in STOPPED again has failed. */
static bool wait_for(struct host *host, const char *name, enum service_state wanted, struct err *err)
{
    int64_t until = host_now_ms(host) + LIMIT_SERVICE_MS;
    if (until > host->deadline_ms) {
        until = host->deadline_ms;
    }
    for (;;) {
        struct service_facts facts = {0};
        if (!query_existing(host, name, &facts, err)) {
            return false;
        }
        if (facts.state == wanted) {
            return true;
        }
        if (wanted == SERVICE_IS_RUNNING && facts.state == SERVICE_IS_STOPPED) {
            return err_set(err, ERR_IO, facts.exit_code, "service %s stopped again at once (exit code %u)", name,
                           facts.exit_code);
        }
        if (host_now_ms(host) >= until) {
            return err_set(err, ERR_TIMEOUT, 0, "service %s is still %s", name, service_state_names[facts.state]);
        }
        host_sleep_ms(host, POLL_MS);
    }
}

/* Somebody has asked already: that is waited for, and is no change of ours. */
static bool is_on_its_way(enum service_state state, enum service_state wanted)
{
    return state == (wanted == SERVICE_IS_RUNNING ? SERVICE_IS_START_PENDING : SERVICE_IS_STOP_PENDING);
}

static bool bring_to(struct host *host, const char *name, enum service_state wanted,
                     bool (*request)(void *backend, const char *name, struct err *err), struct err *err)
{
    struct service_facts before = {0};
    if (!query_existing(host, name, &before, err)) {
        return false;
    }
    if (before.state == wanted) {
        return true;
    }
    if (is_on_its_way(before.state, wanted)) {
        return host->mode == GATE_PLAN || wait_for(host, name, wanted, err);
    }
    const char *shown_before = service_state_names[before.state];
    const char *shown_after = service_state_names[wanted];
    struct change change = {.noun = NOUN_SERVICE,
                            .class = OP_REVERSIBLE,
                            .verb = wanted == SERVICE_IS_RUNNING ? "start" : "stop",
                            .target = name,
                            .before = run_text(host->arena, before.state),
                            .after = run_text(host->arena, wanted),
                            .shown_before = shown_before,
                            .shown_after = shown_after};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome == OP_PLANNED) {
        return true;
    }
    bool made = request(host->backend, name, err) && wait_for(host, name, wanted, err);
    return gate_end(host, op, made, err);
}

bool host_service_start(struct host *host, const char *name, struct err *err)
{
    return bring_to(host, name, SERVICE_IS_RUNNING, host->ops->service->start, err);
}

bool host_service_stop(struct host *host, const char *name, struct err *err)
{
    return bring_to(host, name, SERVICE_IS_STOPPED, host->ops->service->stop, err);
}

/* --- the way back --- */

struct start_state {
    enum service_start start;
    bool delayed;
};

static const struct field start_items[] = {
    WORD_FIELD("start", struct start_state, start, FIELD_REQUIRED, service_start_names, "start type"),
    BOOL_FIELD("delayed", struct start_state, delayed, FIELD_REQUIRED, "delayed automatic start"),
};
static const struct fields start_fields = FIELDS("start", struct start_state, start_items, "how a service starts");

struct run_state {
    enum service_state state;
};

static const struct field run_items[] = {
    WORD_FIELD("state", struct run_state, state, FIELD_REQUIRED, service_state_names, "running, stopped, ..."),
};
static const struct fields run_fields = FIELDS("run", struct run_state, run_items, "whether a service runs");

static bool start_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = facts.exists ? start_text(host->arena, facts.start, facts.delayed) : "null";
    return true;
}

static bool start_restore(struct host *host, const struct op *op, struct err *err)
{
    struct start_state state = {0};
    bool exists = false;
    return op_state_decode(host, op, &start_fields, &state, &exists, err) &&
           (exists ? host_service_set_start(host, op->target, state.start, state.delayed, err)
                   : op_state_refuse(op, err));
}

static bool run_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct service_facts facts = {0};
    if (!host_service_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = facts.exists ? run_text(host->arena, facts.state) : "null";
    return true;
}

static bool run_restore(struct host *host, const struct op *op, struct err *err)
{
    struct run_state state = {0};
    bool exists = false;
    if (!op_state_decode(host, op, &run_fields, &state, &exists, err)) {
        return false;
    }
    if (exists && state.state == SERVICE_IS_RUNNING) {
        return host_service_start(host, op->target, err);
    }
    return exists && state.state == SERVICE_IS_STOPPED
               ? host_service_stop(host, op->target, err)
               : err_set(err, ERR_UNSUPPORTED, 0, "service %s: only running and stopped can be asked for", op->target);
}

static bool is_target(const char *target)
{
    return strpbrk(target, "\\/") == NULL;
}

static const struct way_back ways[] = {
    {{"set_start"}, start_state, start_restore},
    {{"start", "stop"}, run_state, run_restore},
};
const struct noun_gate service_gate = {ways, COUNT_OF(ways), is_target};
