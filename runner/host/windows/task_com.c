/* SPDX-License-Identifier: MIT */
#define COBJMACROS

#include "host/windows/task_com.h"

#include <stdlib.h>

#include "host/windows/com.h"

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <taskschd.h>
/* clang-format on */

static void drop(struct worker *worker)
{
    struct task_call *call = (struct task_call *)worker;
    drop_wide(&call->path);
    free(call);
}

void task_call_drop(struct task_call **call)
{
    if (*call != NULL) {
        worker_release(&(*call)->worker);
    }
}

/* The scheduler acts as us, as the samples of its documentation ask for. */
static HRESULT reach(ITaskService **ret_service)
{
    VARIANT here = {.vt = VT_EMPTY};
    void *created = NULL;
    HRESULT result = com_let_impersonate();
    if (FAILED(result)) {
        return result;
    }
    result = CoCreateInstance(&CLSID_TaskScheduler, NULL, CLSCTX_INPROC_SERVER, &IID_ITaskService, &created);
    ITaskService *service AUTO(drop_object) = created;
    if (SUCCEEDED(result)) {
        result = ITaskService_Connect(service, here, here, here, here);
    }
    if (SUCCEEDED(result)) {
        *ret_service = service;
        service = NULL;
    }
    return result;
}

static HRESULT find_task(ITaskService *service, const wchar_t *path, IRegisteredTask **ret_task)
{
    BSTR root AUTO(drop_bstr) = SysAllocString(L"\\");
    BSTR name AUTO(drop_bstr) = SysAllocString(path);
    ITaskFolder *folder AUTO(drop_object) = NULL;
    if (root == NULL || name == NULL) {
        return E_OUTOFMEMORY;
    }
    HRESULT result = ITaskService_GetFolder(service, root, &folder);
    return FAILED(result) ? result : ITaskFolder_GetTask(folder, name, ret_task);
}

static bool is_absence(HRESULT result)
{
    return result == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND) || result == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
}

static HRESULT read_task(struct task_call *call, IRegisteredTask *task)
{
    call->has_last_result = SUCCEEDED(IRegisteredTask_get_LastTaskResult(task, &call->last_result));
    return IRegisteredTask_get_Enabled(task, &call->enabled);
}

static HRESULT talk(struct task_call *call)
{
    ITaskService *service AUTO(drop_object) = NULL;
    IRegisteredTask *task AUTO(drop_object) = NULL;
    HRESULT result = reach(&service);
    if (FAILED(result)) {
        return result;
    }
    result = find_task(service, call->path, &task);
    if (FAILED(result)) {
        return is_absence(result) ? S_OK : result;
    }
    call->exists = true;
    return call->verb == TASK_CALL_LOOK
               ? read_task(call, task)
               : IRegisteredTask_put_Enabled(task, call->verb == TASK_CALL_ENABLE ? VARIANT_TRUE : VARIANT_FALSE);
}

static bool work(struct worker *worker, struct err *err)
{
    struct task_call *call = (struct task_call *)worker;
    HRESULT entered AUTO(com_leave) = com_enter();
    HRESULT result = SUCCEEDED(entered) ? talk(call) : entered;
    return SUCCEEDED(result) ||
           hresult_failed(err, result, call->verb == TASK_CALL_LOOK ? "ask" : "switch a task of", "the Task Scheduler");
}

struct task_call *task_call_open(enum task_verb verb, const char *path)
{
    struct err unheard = {0};
    struct task_call *call = calloc(1, sizeof *call);
    if (call == NULL || !wide_open(path, &call->path, &unheard)) {
        free(call);
        return NULL;
    }
    call->worker.work = work;
    call->worker.drop = drop;
    call->verb = verb;
    return call;
}
