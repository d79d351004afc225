/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include "host/nouns/task/task.h"
#include "host/op_state.h"
#include "host/restore.h"
#include "json/fields.h"

bool host_task_query(struct host *host, const char *path, struct task_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->task->query != NULL, "scheduled tasks", err) &&
           host->ops->task->query(host->backend, path, ret_facts, err);
}

static const char *enabled_text(const struct task_facts *facts)
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
                            .before = enabled_text(&before),
                            .after = enabled_text(&after),
                            .shown_before = shown(before.enabled),
                            .shown_after = shown(enabled)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->task->set_enabled(host->backend, path, enabled, err), err);
}

/* --- the way back --- */

struct enabled_state {
    bool enabled;
};

static const struct field enabled_items[] = {
    BOOL_FIELD("enabled", struct enabled_state, enabled, FIELD_REQUIRED, "it may run"),
};
static const struct fields enabled_fields =
    FIELDS("task", struct enabled_state, enabled_items, "whether a task may run");

static bool task_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct task_facts facts = {0};
    if (!host_task_query(host, op->target, &facts, err)) {
        return false;
    }
    *ret_state = enabled_text(&facts);
    return true;
}

static bool task_restore(struct host *host, const struct op *op, struct err *err)
{
    struct enabled_state state = {0};
    bool exists = false;
    return op_state_decode(host, op, &enabled_fields, &state, &exists, err) &&
           (exists ? host_task_set_enabled(host, op->target, state.enabled, err) : op_state_refuse(op, err));
}

static bool is_target(const char *target)
{
    return target[0] == '\\' && gate_is_chain(target + 1);
}

static const struct way_back ways[] = {
    {{"set_enabled"}, task_state, task_restore},
};
const struct noun_gate task_gate = {ways, COUNT_OF(ways), is_target};
