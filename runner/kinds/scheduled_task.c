/* SPDX-License-Identifier: MIT */
/* Parameters and properties only, so that a playbook that names it is refused by name and not for a typing error. */
#include "kinds/catalog.h"

static const struct column params[] = {
    TEXT_COLUMN("path", COLUMN_REQUIRED, "\\Microsoft\\Windows\\..."),
};

static const struct column properties[] = {
    BOOL_COLUMN("exists", 0, "it is registered"),
    BOOL_COLUMN("enabled", COLUMN_ENSURE, "it may run"),
    TEXT_COLUMN("lastResult", 0, "of its last run"),
    INT_COLUMN("lastRunAt", 0, 0, COLUMN_NUMBERED, "seconds since 1970, UTC"),
};

const struct kind kind_scheduled_task = {
    .name = "scheduled_task",
    .about = "a task of the Task Scheduler",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .missing = "not in this version",
};
