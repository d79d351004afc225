/* SPDX-License-Identifier: MIT */
#include "host/nouns/process/process.h"

#include <stdlib.h>
#include <wchar.h>

#include "host/port.h"
#include "host/windows/child_pipe.h"

enum { POLL_MS = 20 };

struct child {
    HANDLE job, process, thread;
};

/* What the child has started dies with its job. */
static void drop_child(struct child *child)
{
    drop_handle(&child->job);
    drop_handle(&child->process);
    drop_handle(&child->thread);
}

static bool open_job(HANDLE *ret_job, struct err *err)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    *ret_job = CreateJobObjectW(NULL, NULL);
    return (*ret_job != NULL &&
            SetInformationJobObject(*ret_job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) ||
           windows_failed(err, GetLastError(), "make", "a job for a program");
}

static void drop_list(LPPROC_THREAD_ATTRIBUTE_LIST *list)
{
    if (*list != NULL) {
        DeleteProcThreadAttributeList(*list);
        free(*list);
    }
}

/* The child inherits these handles and no others. */
static bool open_list(HANDLE *handles, size_t count, LPPROC_THREAD_ATTRIBUTE_LIST *ret_list, struct err *err)
{
    SIZE_T size = 0;
    (void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    LPPROC_THREAD_ATTRIBUTE_LIST list = calloc(1, size);
    if (list == NULL || !InitializeProcThreadAttributeList(list, 1, 0, &size)) {
        free(list);
        return err_set(err, ERR_MEMORY, 0, "no memory to start a program");
    }
    *ret_list = list;
    return UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles, count * sizeof *handles, NULL,
                                     NULL) ||
           windows_failed(err, GetLastError(), "prepare", "a program's handles");
}

static bool create(const struct process_order *order, wchar_t *line, struct child_pipe *pipe, struct child *child,
                   struct err *err)
{
    HANDLE handles[] = {pipe->nothing, pipe->childs};
    STARTUPINFOEXW startup = {.StartupInfo = {.cb = sizeof startup,
                                              .dwFlags = STARTF_USESTDHANDLES,
                                              .hStdInput = pipe->nothing,
                                              .hStdOutput = pipe->childs,
                                              .hStdError = pipe->childs}};
    LPPROC_THREAD_ATTRIBUTE_LIST list AUTO(drop_list) = NULL;
    PROCESS_INFORMATION made = {0};
    wchar_t folder[MAX_PATH] = L"";
    wchar_t *program AUTO(drop_wide) = NULL;
    if (!machine_path_open(order->program, &program, err) || !open_list(handles, COUNT_OF(handles), &list, err)) {
        return false;
    }
    startup.lpAttributeList = list;
    DWORD flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT;
    if (GetSystemDirectoryW(folder, MAX_PATH) == 0 ||
        !CreateProcessW(program + wcslen(L"\\\\?\\"), line, NULL, NULL, TRUE, flags, NULL, folder, &startup.StartupInfo,
                        &made)) {
        return windows_failed(err, GetLastError(), "run", order->program);
    }
    child->process = made.hProcess;
    child->thread = made.hThread;
    return true;
}

/* It does nothing before it is in its job. */
static bool release(const struct child *child, const char *program, struct err *err)
{
    if (AssignProcessToJobObject(child->job, child->process) && ResumeThread(child->thread) != (DWORD)-1) {
        return true;
    }
    DWORD failure = GetLastError();
    (void)TerminateProcess(child->process, ERROR_PROCESS_ABORTED);
    return windows_failed(err, failure, "run", program);
}

static bool wait_for_end(const struct process_order *order, const struct child *child, struct child_pipe *pipe,
                         struct err *err)
{
    int64_t end_ms = port_now_ms() + order->timeout_ms;
    DWORD state = WAIT_TIMEOUT;
    while (state == WAIT_TIMEOUT && port_now_ms() < end_ms) {
        child_pipe_drain(pipe);
        state = WaitForSingleObject(child->process, POLL_MS);
    }
    if (state == WAIT_OBJECT_0) {
        child_pipe_drain(pipe);
        return true;
    }
    (void)TerminateJobObject(child->job, ERROR_PROCESS_ABORTED);
    return err_set(err, ERR_TIMEOUT, 0, "%s: not done after %lld ms, ended", order->program,
                   (long long)order->timeout_ms);
}

static bool run(void *backend, const struct process_order *order, struct arena *arena,
                struct process_result *ret_result, struct err *err)
{
    (void)backend;
    struct child_pipe pipe AUTO(child_pipe_close) = {0};
    struct child child AUTO(drop_child) = {0};
    wchar_t *line AUTO(drop_wide) = NULL;
    DWORD exit_code = 0;
    if (!command_line_open(order->program, order->arguments, order->argument_count, &line, err) ||
        !child_pipe_open(&pipe, err) || !open_job(&child.job, err) || !create(order, line, &pipe, &child, err) ||
        !release(&child, order->program, err) || !wait_for_end(order, &child, &pipe, err)) {
        return false;
    }
    if (!GetExitCodeProcess(child.process, &exit_code)) {
        return windows_failed(err, GetLastError(), "read the exit code of", order->program);
    }
    *ret_result = (struct process_result){.exit_code = exit_code, .output = child_pipe_text(&pipe, arena)};
    return true;
}

const struct process_ops windows_process_ops = {
    .run = run,
};
