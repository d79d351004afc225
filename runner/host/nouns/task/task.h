/* SPDX-License-Identifier: MIT */
/*
 * Tasks of the Task Scheduler, by path ("\Microsoft\Windows\Clip\LicenseImdsIntegration"). A missing task, or a missing
 * folder of it, is exists == false. The time of the last run is not told: the scheduler gives it as a DATE whose time
 * zone no page names. Source: https://learn.microsoft.com/windows/win32/api/taskschd/nn-taskschd-iregisteredtask
 */
#ifndef AZMEND_HOST_NOUNS_TASK_TASK_H
#define AZMEND_HOST_NOUNS_TASK_TASK_H

#include "host/host.h"

struct task_facts {
    bool exists;
    bool enabled;         /* it may run, by its triggers or by hand */
    bool has_last_result; /* false: the scheduler does not tell */
    uint32_t last_result; /* exit code or HRESULT of its last run; 0x00041303: it has not run yet */
};

/* What a backend supplies. */
struct task_ops {
    bool (*query)(void *backend, const char *path, struct task_facts *ret_facts, struct err *err);
    bool (*set_enabled)(void *backend, const char *path, bool enabled, struct err *err);
};

bool host_task_query(struct host *host, const char *path, struct task_facts *ret_facts, struct err *err) MUST_CHECK;
/* A change (reversible). ERR_NOT_FOUND: no such task. */
bool host_task_set_enabled(struct host *host, const char *path, bool enabled, struct err *err) MUST_CHECK;

#endif
