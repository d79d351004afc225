/* SPDX-License-Identifier: MIT */
#include "host/nouns/task/task.h"

#include "base/limits.h"
#include "host/windows/task_com.h"

static bool make_call(const void *backend, const char *path, enum task_verb verb, struct task_call **ret_call,
                      struct err *err)
{
    struct task_call *call AUTO(task_call_drop) = task_call_open(verb, path);
    if (call == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to ask for task %s", path);
    }
    if (!worker_run(&call->worker, "the Task Scheduler", windows_wait_ms(backend, LIMIT_TASK_MS), err)) {
        return err_context(err, "task %s", path);
    }
    *ret_call = call;
    call = NULL;
    return true;
}

static bool query(void *backend, const char *path, struct task_facts *ret_facts, struct err *err)
{
    struct task_call *call AUTO(task_call_drop) = NULL;
    if (!make_call(backend, path, TASK_CALL_LOOK, &call, err)) {
        return false;
    }
    *ret_facts = (struct task_facts){.exists = call->exists,
                                     .enabled = call->enabled != VARIANT_FALSE,
                                     .has_last_result = call->has_last_result,
                                     .last_result = (uint32_t)call->last_result};
    return true;
}

static bool set_enabled(void *backend, const char *path, bool enabled, struct err *err)
{
    struct task_call *call AUTO(task_call_drop) = NULL;
    if (!make_call(backend, path, enabled ? TASK_CALL_ENABLE : TASK_CALL_DISABLE, &call, err)) {
        return false;
    }
    return call->exists || err_set(err, ERR_NOT_FOUND, ERROR_FILE_NOT_FOUND, "task %s does not exist", path);
}

const struct task_ops windows_task_ops = {
    .query = query,
    .set_enabled = set_enabled,
};
