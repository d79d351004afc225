/* SPDX-License-Identifier: MIT */
/*
 * The Task Scheduler's COM objects on a worker thread: one registered task, asked or switched.
 * Source: https://learn.microsoft.com/windows/win32/api/taskschd/nn-taskschd-itaskservice
 */
#ifndef AZMEND_HOST_WINDOWS_TASK_COM_H
#define AZMEND_HOST_WINDOWS_TASK_COM_H

#include "host/windows/worker.h"

enum task_verb { TASK_CALL_LOOK, TASK_CALL_ENABLE, TASK_CALL_DISABLE };

struct task_call {
    struct worker worker;
    enum task_verb verb;
    wchar_t *path;
    /* the answer */
    bool exists;
    VARIANT_BOOL enabled; /* LOOK */
    bool has_last_result;
    LONG last_result;
};

/* NULL: no memory. The caller's: AUTO(task_call_drop). */
struct task_call *task_call_open(enum task_verb verb, const char *path);
void task_call_drop(struct task_call **call);

#endif
