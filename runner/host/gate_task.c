/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

bool host_task_query(struct host *host, const char *path, struct task_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->task_query != NULL, "scheduled tasks", err) &&
           host->ops->task_query(host->backend, path, ret_facts, err);
}

const char *gate_task_state(const struct task_facts *facts)
{
    return !facts->exists ? "null" : facts->enabled ? "{\"enabled\":true}" : "{\"enabled\":false}";
}

static const char *shown(bool enabled)
{
    return enabled ? "enabled" : "disabled";
}

bool host_task_set_enabled(struct host *host, const char *path, bool enabled, struct err *err)
{
    struct task_facts before = {0};
    if (!host_task_query(host, path, &before, err)) {
        return false;
    }
    if (!before.exists) {
        return err_set(err, ERR_NOT_FOUND, 0, "task %s does not exist", path);
    }
    if (before.enabled == enabled) {
        return true;
    }
    struct task_facts after = {.exists = true, .enabled = enabled};
    struct change change = {.noun = NOUN_TASK,
                            .class = OP_REVERSIBLE,
                            .verb = "set_enabled",
                            .target = path,
                            .before = gate_task_state(&before),
                            .after = gate_task_state(&after),
                            .shown_before = shown(before.enabled),
                            .shown_after = shown(enabled)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->task_set_enabled(host->backend, path, enabled, err), err);
}
