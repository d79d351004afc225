/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/backend.h"
#include <bcrypt.h>
/* clang-format on */

/* Source: https://learn.microsoft.com/windows/win32/sysinfo/acquiring-high-resolution-time-stamps */
int64_t port_now_ms(void)
{
    LARGE_INTEGER ticks, a_second;
    (void)QueryPerformanceFrequency(&a_second);
    (void)QueryPerformanceCounter(&ticks);
    int64_t rest = ticks.QuadPart % a_second.QuadPart;
    return ticks.QuadPart / a_second.QuadPart * 1000 + rest * 1000 / a_second.QuadPart;
}

int64_t port_utc_ms(void)
{
    const int64_t from_1601_ms = 11644473600000, units_a_ms = 10000;
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return (int64_t)((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) / units_a_ms - from_1601_ms;
}

void port_sleep_ms(int64_t duration_ms)
{
    const int64_t most_ms = 24 * 60 * 60 * 1000; /* far from INFINITE */
    if (duration_ms > 0) {
        Sleep((DWORD)(duration_ms < most_ms ? duration_ms : most_ms));
    }
}

/*
 * Not RtlGenRandom: its import is forwarded to cryptbase.dll, which the loader would take from beside the program.
 * Source: https://learn.microsoft.com/windows/win32/api/bcrypt/nf-bcrypt-bcryptgenrandom
 */
bool port_random(void *bytes, size_t size, struct err *err)
{
    must(size <= ULONG_MAX);
    NTSTATUS status = BCryptGenRandom(NULL, bytes, (ULONG)size, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
    return status >= 0 ||
           err_set(err, ERR_IO, (uint32_t)status, "read the system's random generator: 0x%08X", (unsigned)status);
}

struct task {
    void (*run)(void *);
    void *argument;
};

static volatile LONG threads_running;

static DWORD WINAPI work(void *argument)
{
    struct task task = *(struct task *)argument;
    free(argument);
    task.run(task.argument);
    (void)InterlockedDecrement(&threads_running);
    return 0;
}

bool windows_threads_ended(void)
{
    enum { TRIES = 10, PAUSE_MS = 5 };
    for (int i = 0; i < TRIES && InterlockedCompareExchange(&threads_running, 0, 0) > 0; i++) {
        Sleep(PAUSE_MS);
    }
    return InterlockedCompareExchange(&threads_running, 0, 0) == 0;
}

bool port_thread_start(void (*run)(void *), void *argument, struct err *err)
{
    struct task *task = malloc(sizeof *task);
    if (task == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a worker thread");
    }
    *task = (struct task){run, argument};
    (void)InterlockedIncrement(&threads_running);
    HANDLE thread AUTO(drop_handle) = CreateThread(NULL, 0, work, task, 0, NULL);
    if (thread == NULL) {
        DWORD failure = GetLastError();
        (void)InterlockedDecrement(&threads_running);
        free(task);
        return err_set(err, ERR_MEMORY, failure, "the system gives no worker thread");
    }
    return true;
}

int64_t port_process_id(void)
{
    return (int64_t)GetCurrentProcessId();
}
