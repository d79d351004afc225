/* SPDX-License-Identifier: MIT */
#include "host/nouns/service/service.h"

#include "host/windows/backend.h"

/* The system's numbers are ours: states from 1, start types from 0. Source: winsvc.h, winnt.h. */
_Static_assert(SERVICE_STOPPED - 1 == (int)SERVICE_IS_STOPPED, "states differ");
_Static_assert(SERVICE_PAUSED - 1 == (int)SERVICE_IS_PAUSED, "states differ");
_Static_assert(SERVICE_BOOT_START == (int)SERVICE_STARTS_BOOT, "start types differ");
_Static_assert(SERVICE_DISABLED == (int)SERVICE_STARTS_DISABLED, "start types differ");

enum {
    CONFIG_BYTES_MOST = 8192, /* Source: QueryServiceConfigW: "the maximum size of this array is 8K bytes" */
    LAUNCH_PROTECTED = 12,    /* SERVICE_CONFIG_LAUNCH_PROTECTED; answers one DWORD, 0: not protected */
};

static void drop_service(SC_HANDLE *handle)
{
    if (*handle != NULL) {
        (void)CloseServiceHandle(*handle);
    }
}

/* ret_service NULL: no such service. A protected or hidden service may refuse an access right: ERR_DENIED. */
static bool open_service(const char *name, DWORD access, SC_HANDLE *ret_service, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_open(name, &wide, err)) {
        return false;
    }
    SC_HANDLE manager AUTO(drop_service) = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (manager == NULL) {
        return windows_failed(err, GetLastError(), "reach", "the service manager");
    }
    SC_HANDLE service = OpenServiceW(manager, wide, access);
    DWORD failure = service == NULL ? GetLastError() : ERROR_SUCCESS;
    bool is_absent = failure == ERROR_SERVICE_DOES_NOT_EXIST || failure == ERROR_INVALID_NAME;
    if (failure != ERROR_SUCCESS && !is_absent) {
        return windows_failed(err, failure, "open service", name);
    }
    *ret_service = service;
    return true;
}

static bool open_existing(const char *name, DWORD access, SC_HANDLE *ret_service, struct err *err)
{
    SC_HANDLE service = NULL;
    if (!open_service(name, access, &service, err)) {
        return false;
    }
    if (service == NULL) {
        return err_set(err, ERR_NOT_FOUND, ERROR_SERVICE_DOES_NOT_EXIST, "open service %s: there is none", name);
    }
    *ret_service = service;
    return true;
}

static bool query_status(SC_HANDLE service, SERVICE_STATUS_PROCESS *ret_status)
{
    DWORD needed = 0;
    return QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)ret_status, sizeof *ret_status, &needed);
}

/* A DWORD-sized optional configuration; a system that does not know the level has the default, 0. */
static DWORD query_flag(SC_HANDLE service, DWORD level)
{
    DWORD flag = 0, needed = 0;
    return QueryServiceConfig2W(service, level, (BYTE *)&flag, sizeof flag, &needed) ? flag : 0;
}

static bool query(void *backend, const char *name, struct arena *arena, struct service_facts *ret_facts,
                  struct err *err)
{
    (void)backend;
    SC_HANDLE service AUTO(drop_service) = NULL;
    if (!open_service(name, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG, &service, err)) {
        return false;
    }
    if (service == NULL) {
        *ret_facts = (struct service_facts){0};
        return true;
    }
    SERVICE_STATUS_PROCESS status = {0};
    QUERY_SERVICE_CONFIGW *config = arena_alloc(arena, CONFIG_BYTES_MOST);
    DWORD needed = 0;
    if (!query_status(service, &status) || !QueryServiceConfigW(service, config, CONFIG_BYTES_MOST, &needed)) {
        return windows_failed(err, GetLastError(), "look at service", name);
    }
    if (status.dwCurrentState < SERVICE_STOPPED || status.dwCurrentState > SERVICE_PAUSED ||
        config->dwStartType > SERVICE_DISABLED) {
        return err_set(err, ERR_INVALID, 0, "service %s: state %lu, start type %lu", name, status.dwCurrentState,
                       config->dwStartType);
    }
    *ret_facts = (struct service_facts){
        .exists = true,
        .state = (enum service_state)(status.dwCurrentState - SERVICE_STOPPED),
        .start = (enum service_start)config->dwStartType,
        .delayed = query_flag(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO) != 0,
        .is_protected = query_flag(service, LAUNCH_PROTECTED) != 0,
        .image = narrow(arena, config->lpBinaryPathName != NULL ? config->lpBinaryPathName : L""),
        .exit_code = status.dwWin32ExitCode,
    };
    return true;
}

/* A system that does not know delayed starts has none to take away (seen on Wine 8). */
static bool set_delayed(SC_HANDLE service, bool delayed)
{
    SERVICE_DELAYED_AUTO_START_INFO delay = {.fDelayedAutostart = delayed};
    return ChangeServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delay) ||
           (!delayed && GetLastError() == ERROR_INVALID_LEVEL);
}

static bool set_type(SC_HANDLE service, enum service_start start)
{
    return ChangeServiceConfigW(service, SERVICE_NO_CHANGE, (DWORD)start, SERVICE_NO_CHANGE, NULL, NULL, NULL, NULL,
                                NULL, NULL, NULL) != FALSE;
}

/*
 * The flag can be kept by any service, and counts where the start is automatic: undo needs it as it was. It goes first,
 * so that a failure leaves no start type behind that was not asked for, and is put back where the second call is
 * denied. Source: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_delayed_auto_start_info
 */
static bool set_start(void *backend, const char *name, enum service_start start, bool delayed, struct err *err)
{
    (void)backend;
    SC_HANDLE service AUTO(drop_service) = NULL;
    if (!open_existing(name, SERVICE_CHANGE_CONFIG | SERVICE_QUERY_CONFIG, &service, err)) {
        return false;
    }
    bool was_delayed = query_flag(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO) != 0;
    if (was_delayed != delayed && !set_delayed(service, delayed)) {
        return windows_failed(err, GetLastError(), "set the delayed start of service", name);
    }
    if (set_type(service, start)) {
        return true;
    }
    DWORD failure = GetLastError();
    if (was_delayed != delayed) {
        (void)set_delayed(service, was_delayed);
    }
    return windows_failed(err, failure, "set the start type of service", name);
}

static bool start(void *backend, const char *name, struct err *err)
{
    (void)backend;
    SC_HANDLE service AUTO(drop_service) = NULL;
    if (!open_existing(name, SERVICE_START, &service, err)) {
        return false;
    }
    bool started = StartServiceW(service, 0, NULL) || GetLastError() == ERROR_SERVICE_ALREADY_RUNNING;
    return started || windows_failed(err, GetLastError(), "start service", name);
}

/* A service that is already stopping takes no further controls. */
static bool is_stopping(SC_HANDLE service)
{
    SERVICE_STATUS_PROCESS status = {0};
    return query_status(service, &status) &&
           (status.dwCurrentState == SERVICE_STOP_PENDING || status.dwCurrentState == SERVICE_STOPPED);
}

static bool stop(void *backend, const char *name, struct err *err)
{
    (void)backend;
    SC_HANDLE service AUTO(drop_service) = NULL;
    if (!open_existing(name, SERVICE_STOP | SERVICE_QUERY_STATUS, &service, err)) {
        return false;
    }
    SERVICE_STATUS status = {0};
    if (ControlService(service, SERVICE_CONTROL_STOP, &status)) {
        return true;
    }
    DWORD failure = GetLastError();
    return failure == ERROR_SERVICE_NOT_ACTIVE || is_stopping(service) ||
           windows_failed(err, failure, "stop service", name);
}

const struct service_ops windows_service_ops = {
    .query = query,
    .set_start = set_start,
    .start = start,
    .stop = stop,
};
