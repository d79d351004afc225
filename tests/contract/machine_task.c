/* SPDX-License-Identifier: MIT */
/* The contract's task, registered and removed. Written apart from host/windows. */
#define COBJMACROS
#include <windows.h>

/* windows.h goes first; the identifiers' values are compiled in. */
/* clang-format off */
#include <initguid.h>
#include <oleauto.h>
#include <taskschd.h>
/* clang-format on */

#include <stdbool.h>
#include <wchar.h>

#include "machine_task.h"

#define FOLDER L"\\azmend-contract"
#define TASK_XML                                                                                                       \
    L"<?xml version=\"1.0\" encoding=\"UTF-16\"?>"                                                                     \
    L"<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">"                          \
    L"<RegistrationInfo><Author>azmend contract test</Author></RegistrationInfo><Triggers/>"                           \
    L"<Principals><Principal id=\"Author\"><UserId>S-1-5-18</UserId></Principal></Principals>"                         \
    L"<Settings><Enabled>true</Enabled></Settings>"                                                                    \
    L"<Actions Context=\"Author\"><Exec><Command>C:\\azmend-nothing.exe</Command></Exec></Actions></Task>"

/* Under Wine the stand-in for the scheduler serves the task of the machine document. */
static bool is_standin(void)
{
    static const wchar_t key[] = L"SOFTWARE\\Classes\\CLSID\\{0F87369F-A4E5-4CFC-BD3E-73E6154572DD}\\InprocServer32";
    wchar_t server[MAX_PATH] = L"";
    DWORD size = sizeof server;
    return RegGetValueW(HKEY_LOCAL_MACHINE, key, NULL, RRF_RT_REG_SZ, NULL, server, &size) == ERROR_SUCCESS &&
           wcsstr(server, L"wevtapi.dll") != NULL;
}

static HRESULT open_root(ITaskService **ret_service, ITaskFolder **ret_root)
{
    VARIANT here = {.vt = VT_EMPTY};
    void *created = NULL;
    BSTR root = SysAllocString(L"\\");
    HRESULT result = CoCreateInstance(&CLSID_TaskScheduler, NULL, CLSCTX_INPROC_SERVER, &IID_ITaskService, &created);
    *ret_service = created;
    if (SUCCEEDED(result)) {
        result = ITaskService_Connect(*ret_service, here, here, here, here);
    }
    if (SUCCEEDED(result)) {
        result = ITaskService_GetFolder(*ret_service, root, ret_root);
    }
    SysFreeString(root);
    return result;
}

static void release(ITaskService *service, ITaskFolder *root)
{
    if (root != NULL) {
        (void)ITaskFolder_Release(root);
    }
    if (service != NULL) {
        (void)ITaskService_Release(service);
    }
}

static HRESULT add_task(ITaskFolder *root)
{
    VARIANT nothing = {.vt = VT_EMPTY};
    IRegisteredTask *task = NULL;
    BSTR path = SysAllocString(FOLDER L"\\Task");
    BSTR xml = SysAllocString(TASK_XML);
    HRESULT result = ITaskFolder_RegisterTask(root, path, xml, TASK_CREATE_OR_UPDATE, nothing, nothing, TASK_LOGON_NONE,
                                              nothing, &task);
    if (task != NULL) {
        (void)IRegisteredTask_Release(task);
    }
    SysFreeString(path);
    SysFreeString(xml);
    return result;
}

HRESULT machine_task_make(void)
{
    ITaskService *service = NULL;
    ITaskFolder *root = NULL;
    if (is_standin()) {
        return S_OK;
    }
    HRESULT result = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (FAILED(result)) {
        return result;
    }
    result = open_root(&service, &root);
    if (SUCCEEDED(result)) {
        result = add_task(root);
    }
    release(service, root);
    return result;
}

void machine_task_remove(void)
{
    ITaskService *service = NULL;
    ITaskFolder *root = NULL;
    if (is_standin()) {
        return;
    }
    if (SUCCEEDED(open_root(&service, &root))) {
        BSTR task = SysAllocString(FOLDER L"\\Task");
        BSTR folder = SysAllocString(FOLDER);
        (void)ITaskFolder_DeleteTask(root, task, 0);
        (void)ITaskFolder_DeleteFolder(root, folder, 0);
        SysFreeString(task);
        SysFreeString(folder);
    }
    release(service, root);
    CoUninitialize();
}
