/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "host/nouns/task/task.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_PATH, PARAM_COUNT };
enum { TASK_EXISTS, TASK_ENABLED, TASK_LAST_RESULT, TASK_STAYS_OFF, TASK_COUNT };

static const struct column params[] = {
    [PARAM_PATH] = TEXT_COLUMN("path", COLUMN_REQUIRED, "\\Microsoft\\Windows\\..."),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [TASK_EXISTS] = BOOL_COLUMN("exists", 0, "it is registered"),
    [TASK_ENABLED] = BOOL_COLUMN("enabled", COLUMN_ENSURE, "it may run"),
    [TASK_LAST_RESULT] = TEXT_COLUMN("lastResult", 0, "code of its last run"),
    [TASK_STAYS_OFF] = BOOL_COLUMN("staysOff", 0, "this run tried to enable it: denied, or it is disabled again"),
};
_Static_assert(COUNT_OF(properties) == TASK_COUNT, "one row a property");

/* Denied, or made and undone by another program. */
static bool was_tried(const struct host *host, const char *path)
{
    const struct op *op = host_op_last(host, NOUN_TASK, "set_enabled", path);
    return op != NULL && (op->outcome == OP_DONE || (op->outcome == OP_FAILED && op->err.code == ERR_DENIED));
}

static bool scheduled_task_look(struct look *look, struct host *host, struct err *err)
{
    struct task_facts facts = {0};
    if (!host_task_query(host, look_text(look, PARAM_PATH), &facts, err)) {
        return false;
    }
    look->cells[TASK_EXISTS] = value_bool(facts.exists);
    if (facts.exists) {
        look->cells[TASK_STAYS_OFF] = value_bool(!facts.enabled && was_tried(host, look_text(look, PARAM_PATH)));
        look->cells[TASK_ENABLED] = value_bool(facts.enabled);
        look->cells[TASK_LAST_RESULT] = facts.has_last_result ? cell_hresult(look->arena, facts.last_result)
                                                              : value_unknown("the Task Scheduler does not tell");
    }
    return true;
}

static bool scheduled_task_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    return host_task_set_enabled(host, wanted->params[PARAM_PATH].as.text,
                                 wanted_bool(&wanted->cells[TASK_ENABLED], true), err);
}

const struct kind kind_scheduled_task = {
    .name = "scheduled_task",
    .about = "a task of the Task Scheduler",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_TASK),
    .changes = NOUN_BIT(NOUN_TASK),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"path\": \"\\\\Microsoft\\\\Windows\\\\Clip\\\\LicenseImdsIntegration\"}",
    .example_step = "{\"path\": \"\\\\Microsoft\\\\Windows\\\\Clip\\\\LicenseImdsIntegration\", \"enabled\": true}",
    .look = scheduled_task_look,
    .set = scheduled_task_set,
};
