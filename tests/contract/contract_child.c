/* SPDX-License-Identifier: MIT */
/* Only the Windows backend has children: what they inherit, how much is kept of them, and who dies with them. */
#include "contract_child.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"

enum { WAIT_MS = 60 * 1000, PROMPT_MS = 20 * 1000, MUCH_LINES = 20 * 1000, BIG_CODE = 0x40000005 };
#define PREFIX "C:\\azmend-contract-"

static const wchar_t *const copies[] = {L"C:\\azmend-contract-code.exe", L"C:\\azmend-contract-echo.exe",
                                        L"C:\\azmend-contract-wait.exe", L"C:\\azmend-contract-parent.exe",
                                        L"C:\\azmend-contract-much.exe", L"C:\\azmend-contract-input.exe",
                                        L"C:\\azmend-contract-stuck.exe"};

/* --- the child: this very program under another name, which says what it does --- */

static int tell_code(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    (void)fputs("out\n", stdout);
    (void)fflush(stdout);
    (void)fputs("err\n", stderr);
    return BIG_CODE;
}

static int echo(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        printf("[%s]\n", arguments[i]);
    }
    return 0;
}

static int sleep_long(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    Sleep(WAIT_MS);
    return 0;
}

/* Its child holds the output and would outlive it. */
static int start_child(int count, char **arguments)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made = {0};
    wchar_t line[] = L"\"C:\\azmend-contract-wait.exe\"";
    (void)count;
    (void)arguments;
    return CreateProcessW(copies[2], line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &made)
               ? (int)GetProcessId(made.hProcess)
               : 0;
}

static int write_much(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    for (int i = 0; i < MUCH_LINES; i++) {
        printf("line %08d\n", i);
    }
    return 0;
}

static int read_input(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    return getchar() == EOF ? 0 : 1;
}

NTSTATUS NTAPI LdrLockLoaderLock(ULONG flags, ULONG *ret_taken, ULONG_PTR *ret_cookie);

/* As a worker does that is abandoned while a DLL is loaded for it. */
static void hold_loader_lock(void *ready)
{
    ULONG_PTR cookie = 0;
    (void)LdrLockLoaderLock(0, NULL, &cookie);
    (void)SetEvent(ready);
    Sleep(INFINITE);
}

static int leave_stuck_worker(int count, char **arguments)
{
    struct err err = {0};
    HANDLE ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    (void)count;
    (void)arguments;
    return port_thread_start(hold_loader_lock, ready, &err) && WaitForSingleObject(ready, WAIT_MS) == WAIT_OBJECT_0
               ? BIG_CODE
               : 0;
}

static const struct {
    const char *name;
    int (*run)(int count, char **arguments);
} deeds[] = {{"code.exe", tell_code},          {"echo.exe", echo},       {"wait.exe", sleep_long},
             {"parent.exe", start_child},      {"much.exe", write_much}, {"input.exe", read_input},
             {"stuck.exe", leave_stuck_worker}};

bool contract_child_main(int count, char **arguments, int *ret_code)
{
    const char *tail = strstr(arguments[0], "azmend-contract-");
    for (size_t i = 0; tail != NULL && i < COUNT_OF(deeds); i++) {
        if (text_equal(tail + strlen("azmend-contract-"), deeds[i].name)) {
            (void)_setmode(_fileno(stdout), _O_BINARY);
            (void)_setmode(_fileno(stderr), _O_BINARY);
            *ret_code = deeds[i].run(count, arguments);
            (void)fflush(stdout);
            return true;
        }
    }
    return false;
}

bool contract_child_copy(void)
{
    wchar_t own[MAX_PATH] = L"";
    bool copied = GetModuleFileNameW(NULL, own, MAX_PATH) > 0;
    for (size_t i = 0; copied && i < COUNT_OF(copies); i++) {
        copied = CopyFileW(own, copies[i], FALSE);
    }
    return copied;
}

void contract_child_remove(void)
{
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        (void)DeleteFileW(copies[i]);
    }
}

/* --- rows --- */

static bool run(struct contract *contract, const char *program, struct process_result *ret_result)
{
    const struct process_order order = {.program = program, .timeout_ms = WAIT_MS / 2};
    *ret_result = (struct process_result){0};
    return contract->ops->process_run(contract->backend, &order, contract->arena, ret_result, &contract->err);
}

void contract_child_grandchild(struct contract *contract)
{
    struct process_result result;
    int64_t began_ms = contract->ops->now_ms(contract->backend);
    EXPECT(contract, run(contract, PREFIX "parent.exe", &result) && result.exit_code != 0);
    EXPECT(contract, contract->ops->now_ms(contract->backend) - began_ms < PROMPT_MS);
    HANDLE grandchild = OpenProcess(SYNCHRONIZE, FALSE, result.exit_code);
    EXPECT(contract, grandchild == NULL || WaitForSingleObject(grandchild, PROMPT_MS) == WAIT_OBJECT_0);
    if (grandchild != NULL) {
        (void)CloseHandle(grandchild);
    }
}

void contract_child_much(struct contract *contract)
{
    struct process_result result;
    EXPECT(contract, run(contract, PREFIX "much.exe", &result) && result.exit_code == 0);
    EXPECT(contract, result.output != NULL && strlen(result.output) == LIMIT_CHILD_BYTES);
    EXPECT(contract, text_starts(result.output, "line 00000000"));
}

void contract_child_stuck(struct contract *contract)
{
    struct process_result result;
    EXPECT(contract, run(contract, PREFIX "stuck.exe", &result) && result.exit_code == BIG_CODE);
}

void contract_child_input(struct contract *contract)
{
    struct process_result result;
    EXPECT(contract, run(contract, PREFIX "input.exe", &result) && result.exit_code == 0);
}
