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

static const wchar_t *const copies[] = {L"C:\\azmend-contract-code.exe",  L"C:\\azmend-contract-echo.exe",
                                        L"C:\\azmend-contract-wait.exe",  L"C:\\azmend-contract-parent.exe",
                                        L"C:\\azmend-contract-much.exe",  L"C:\\azmend-contract-input.exe",
                                        L"C:\\azmend-contract-stuck.exe", L"C:\\azmend-contract-words.exe"};

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

/* What programs write: without an argument all of LIMIT_CHILD_BYTES, cut inside its last character. */
static const struct {
    const char *name;
    const char *bytes;
    size_t size;
    const char *text; /* in every code page; NULL: it depends */
    const char *in_437, *in_932;
} said[] = {
    {"utf-8", "\xE6\xBC\xA2", 3, "\xE6\xBC\xA2", NULL, NULL},
    {"utf-16", "\xFF\xFE\x22\x6F", 4, "\xE6\xBC\xA2", NULL, NULL},
    {"utf-16-unmarked", "o\0k\0", 4, "ok", NULL, NULL},
    {"cp437", "caf\x82", 4, NULL, "caf\xC3\xA9", NULL},
    {"cp932", "\x8A\xBF\x8E\x9A", 4, NULL, "\xC3\xA8\xE2\x94\x90\xC3\x84\xC3\x9C", "\xE6\xBC\xA2\xE5\xAD\x97"},
    {"garbage", "\0\1\xFF\0\0", 5, "hex 0001ff0000", NULL, NULL},
};

static int say_words(int count, char **arguments)
{
    for (size_t i = 0; count > 1 && i < COUNT_OF(said); i++) {
        if (text_same(arguments[1], said[i].name)) {
            (void)fwrite(said[i].bytes, 1, said[i].size, stdout);
        }
    }
    for (size_t written = 0; count == 1 && written <= LIMIT_CHILD_BYTES; written += 3) {
        (void)fputs("\xE6\xBC\xA2", stdout);
    }
    return 0;
}

static const struct {
    const char *name;
    int (*run)(int count, char **arguments);
} deeds[] = {{"code.exe", tell_code},           {"echo.exe", echo},       {"wait.exe", sleep_long},
             {"parent.exe", start_child},       {"much.exe", write_much}, {"input.exe", read_input},
             {"stuck.exe", leave_stuck_worker}, {"words.exe", say_words}};

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
    return contract->ops->process->run(contract->backend, &order, contract->arena, ret_result, &contract->err);
}

void contract_child_grandchild(struct contract *contract)
{
    struct process_result result;
    int64_t began_ms = contract->ops->clock->now_ms(contract->backend);
    EXPECT(contract, run(contract, PREFIX "parent.exe", &result) && result.exit_code != 0);
    EXPECT(contract, contract->ops->clock->now_ms(contract->backend) - began_ms < PROMPT_MS);
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

static const char *said_in_page(size_t row)
{
    UINT page = GetOEMCP();
    return said[row].text != NULL ? said[row].text
           : page == 437          ? said[row].in_437
           : page == 932          ? said[row].in_932
                                  : NULL;
}

/* The code page is the prefix's: bytes of another one are some text, and never the end of the run. */
void contract_child_words(struct contract *contract)
{
    struct process_result result = {0};
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        const struct process_order order = {
            .program = PREFIX "words.exe", .arguments = &said[i].name, .argument_count = 1, .timeout_ms = WAIT_MS / 2};
        const char *expected = said_in_page(i);
        EXPECT(contract,
               contract->ops->process->run(contract->backend, &order, contract->arena, &result, &contract->err));
        EXPECT(contract, result.output != NULL && text_is_utf8(result.output, strlen(result.output), NULL));
        EXPECT(contract, expected == NULL || text_same(result.output, expected));
    }
    EXPECT(contract, run(contract, PREFIX "words.exe", &result));
    EXPECT(contract, result.output != NULL && strlen(result.output) == LIMIT_CHILD_BYTES - 1);
    EXPECT(contract, text_is_utf8(result.output, strlen(result.output), NULL));
}

void contract_child_stuck(struct contract *contract)
{
    struct process_result result;
    EXPECT(contract, run(contract, PREFIX "stuck.exe", &result) && result.exit_code == BIG_CODE);
}

/* Sleeps, as this program under the name that the file has. NULL: not started. */
static HANDLE start_sleeper(const wchar_t *program, int64_t *ret_id)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made = {0};
    wchar_t line[] = L"azmend-contract-wait.exe";
    if (!CreateProcessW(program, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made)) {
        return NULL;
    }
    (void)CloseHandle(made.hThread);
    *ret_id = made.dwProcessId;
    return made.hProcess;
}

/* The id of a worker that hangs is read from a file, and may be somebody else's by then. */
void contract_child_ended(struct contract *contract)
{
    wchar_t own_path[MAX_PATH] = L"";
    int64_t other_id = 0, own_id = 0;
    struct err err = {0};
    EXPECT(contract, GetModuleFileNameW(NULL, own_path, MAX_PATH) > 0);
    HANDLE other = start_sleeper(copies[2], &other_id);
    HANDLE own = start_sleeper(own_path, &own_id);
    EXPECT(contract, other != NULL && own != NULL);
    if (other != NULL && own != NULL) {
        EXPECT(contract, !port_process_end(other_id, &err) && err.code == ERR_REFUSED);
        EXPECT(contract, WaitForSingleObject(other, 0) == WAIT_TIMEOUT);
        EXPECT(contract, port_process_end(own_id, &err) && WaitForSingleObject(own, PROMPT_MS) == WAIT_OBJECT_0);
        (void)TerminateProcess(other, 0);
    }
    (void)CloseHandle(other);
    (void)CloseHandle(own);
}

void contract_child_input(struct contract *contract)
{
    struct process_result result;
    EXPECT(contract, run(contract, PREFIX "input.exe", &result) && result.exit_code == 0);
}
