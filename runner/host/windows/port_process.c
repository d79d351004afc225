/* SPDX-License-Identifier: MIT */
/* This program as a process, and once more as a worker of its own. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "host/port.h"
#include "host/windows/backend.h"

enum {
    PATH_UNITS = 32768, /* the longest path that Windows takes */
    FORGOTTEN = 1,      /* exit code of a process that is ended */
};

struct port_worker {
    HANDLE process;
};

static bool program_open(wchar_t **ret_path, struct err *err)
{
    wchar_t *path = calloc(PATH_UNITS, sizeof *path);
    if (path == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    DWORD size = GetModuleFileNameW(NULL, path, PATH_UNITS);
    if (size == 0 || size == PATH_UNITS) {
        DWORD failure = GetLastError();
        free(path);
        return windows_failed(err, failure, "find", "this program");
    }
    *ret_path = path;
    return true;
}

bool port_program(struct arena *arena, const char **ret_path, struct err *err)
{
    wchar_t *path AUTO(drop_wide) = NULL;
    if (!program_open(&path, err)) {
        return false;
    }
    *ret_path = narrow(arena, path);
    return true;
}

const char *port_environment(const char *name, struct arena *arena)
{
    struct err err;
    wchar_t *wide AUTO(drop_wide) = NULL;
    wchar_t *value AUTO(drop_wide) = calloc(PATH_UNITS, sizeof *value);
    if (value == NULL || !wide_open(name, &wide, &err)) {
        return NULL;
    }
    DWORD size = GetEnvironmentVariableW(wide, value, PATH_UNITS);
    return size == 0 || size >= PATH_UNITS ? NULL : narrow(arena, value);
}

/* --- the worker --- */

static bool start(const wchar_t *program, wchar_t *line, DWORD flags, HANDLE *ret_process)
{
    STARTUPINFOW how = {.cb = sizeof how};
    PROCESS_INFORMATION started;
    if (!CreateProcessW(program, line, NULL, NULL, FALSE, flags, NULL, NULL, &how, &started)) {
        return false;
    }
    (void)CloseHandle(started.hThread);
    *ret_process = started.hProcess;
    return true;
}

/*
 * Out of the agent's job object (claim: agent.named-job), which may end with the command; where the job does not let
 * go, inside it. Source: https://learn.microsoft.com/windows/win32/procthread/process-creation-flags
 */
bool port_worker_start(const char *const *arguments, struct port_worker **ret_worker, struct err *err)
{
    const DWORD flags = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP;
    wchar_t *program AUTO(drop_wide) = NULL;
    wchar_t *line AUTO(drop_wide) = NULL;
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    if (!program_open(&program, err) || !command_line_open("azmend", arguments, count, &line, err)) {
        return false;
    }
    struct port_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a process");
    }
    if (!start(program, line, flags | CREATE_BREAKAWAY_FROM_JOB, &worker->process) &&
        !start(program, line, flags, &worker->process)) {
        DWORD failure = GetLastError();
        free(worker);
        return windows_failed(err, failure, "start", "the worker");
    }
    *ret_worker = worker;
    return true;
}

bool port_worker_ended(struct port_worker *worker)
{
    return WaitForSingleObject(worker->process, 0) != WAIT_TIMEOUT;
}

void port_worker_forget(struct port_worker *worker)
{
    if (worker != NULL) {
        drop_handle(&worker->process);
        free(worker);
    }
}

/* Source: https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-queryfullprocessimagenamew */
static bool runs_this_program(HANDLE process)
{
    wchar_t *paths AUTO(drop_wide) = calloc(2 * (size_t)PATH_UNITS, sizeof *paths);
    DWORD own = PATH_UNITS, other = PATH_UNITS;
    return paths != NULL && QueryFullProcessImageNameW(GetCurrentProcess(), 0, paths, &own) &&
           QueryFullProcessImageNameW(process, 0, paths + PATH_UNITS, &other) &&
           CompareStringOrdinal(paths, (int)own, paths + PATH_UNITS, (int)other, TRUE) == CSTR_EQUAL;
}

bool port_process_end(int64_t id, struct err *err)
{
    must(id > 0 && id <= UINT32_MAX);
    DWORD access = PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION;
    HANDLE process AUTO(drop_handle) = OpenProcess(access, FALSE, (DWORD)id);
    if (process == NULL) {
        return GetLastError() == ERROR_INVALID_PARAMETER || windows_failed(err, GetLastError(), "open", "a process");
    }
    if (!runs_this_program(process)) {
        return err_set(err, ERR_REFUSED, 0, "process %lld is not this program's: it is not ended", (long long)id);
    }
    return TerminateProcess(process, FORGOTTEN) || windows_failed(err, GetLastError(), "end", "a process");
}
