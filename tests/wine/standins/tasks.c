/* SPDX-License-Identifier: MIT */
/*
 * The stand-in for the Task Scheduler: tasks of the machine document, asked and switched by path. Wine 8 reads tasks of
 * its own but says yes to switching one and does not (seen). Methods that azmend does not call are NULL. Source:
 * https://learn.microsoft.com/windows/win32/api/taskschd/
 */
#include <stdlib.h>

#include "wbem.h"

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <taskschd.h>
/* clang-format on */

#include "tasks.h"

struct task {
    struct com com;
    char *path;
};

/* --- one task --- */

static HRESULT result_of(const struct err *err)
{
    return err->os != 0 ? HRESULT_FROM_WIN32(err->os) : E_FAIL;
}

static HRESULT query(const char *path, struct task_facts *ret_facts)
{
    struct err err = {0};
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return E_FAIL;
    }
    bool known = sim_ops.task->query(sim, path, ret_facts, &err);
    machine_leave(sim);
    return known ? S_OK : result_of(&err);
}

static const char *path_of(IRegisteredTask *task)
{
    return ((struct task *)task)->path;
}

static HRESULT STDMETHODCALLTYPE get_enabled(IRegisteredTask *this, VARIANT_BOOL *ret_enabled)
{
    struct task_facts facts = {0};
    HRESULT result = query(path_of(this), &facts);
    *ret_enabled = facts.enabled ? VARIANT_TRUE : VARIANT_FALSE;
    return result;
}

static HRESULT STDMETHODCALLTYPE put_enabled(IRegisteredTask *this, VARIANT_BOOL enabled)
{
    struct err err = {0};
    standin_count_change();
    struct sim *sim = machine_enter();
    if (sim == NULL) {
        return E_FAIL;
    }
    bool done = sim_ops.task->set_enabled(sim, path_of(this), enabled != VARIANT_FALSE, &err);
    machine_leave(sim);
    return done ? S_OK : result_of(&err);
}

static HRESULT STDMETHODCALLTYPE get_last_result(IRegisteredTask *this, LONG *ret_result)
{
    struct task_facts facts = {0};
    HRESULT result = query(path_of(this), &facts);
    *ret_result = (LONG)facts.last_result;
    return result;
}

static void drop_task(struct com *com)
{
    free(((struct task *)com)->path);
}

/* --- the folder, the service --- */

static HRESULT STDMETHODCALLTYPE get_task(ITaskFolder *this, BSTR path, IRegisteredTask **ret_task)
{
    static const IRegisteredTaskVtbl table = {COM_METHODS(IRegisteredTask), .get_Enabled = get_enabled,
                                              .put_Enabled = put_enabled, .get_LastTaskResult = get_last_result};
    struct task_facts facts = {0};
    char *narrow = standin_narrow(path);
    HRESULT result = query(narrow, &facts);
    (void)this;
    if (FAILED(result) || !facts.exists) {
        free(narrow);
        return FAILED(result) ? result : HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    }
    struct task *task = com_make(sizeof *task, &table, &IID_IRegisteredTask, drop_task);
    task->path = narrow;
    *ret_task = (IRegisteredTask *)task;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE get_folder(ITaskService *this, BSTR path, ITaskFolder **ret_folder)
{
    static const ITaskFolderVtbl table = {COM_METHODS(ITaskFolder), .GetTask = get_task};
    (void)this;
    must(wcscmp(path, L"\\") == 0);
    *ret_folder = com_make(sizeof(struct com), &table, &IID_ITaskFolder, NULL);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connect_here(ITaskService *this, VARIANT server, VARIANT user, VARIANT domain,
                                              VARIANT password)
{
    (void)this;
    must(V_VT(&server) == VT_EMPTY && V_VT(&user) == VT_EMPTY && V_VT(&domain) == VT_EMPTY);
    must(V_VT(&password) == VT_EMPTY);
    return S_OK;
}

HRESULT tasks_make_service(REFIID iid, void **ret_object)
{
    static const ITaskServiceVtbl table = {COM_METHODS(ITaskService), .GetFolder = get_folder, .Connect = connect_here};
    struct com *service = com_make(sizeof *service, &table, &IID_ITaskService, NULL);
    HRESULT result = com_query_interface(service, iid, ret_object);
    (void)com_release(service);
    return result;
}
