/* SPDX-License-Identifier: MIT */
/*
 * To start a program is a change like others. azmend.exe as its own child (the handler's worker) gets the stand-ins
 * too, and is told who its parent is: both go down together where a machine loses its power.
 */
#include <stdio.h>
#include <string.h>

#include "imports.h"
#include "inject.h"

#define REAL(function) ((__typeof__(&(function)))import_children[0].real)

static BOOL is_itself(const wchar_t *program)
{
    wchar_t self[MAX_PATH];
    return program != NULL && GetModuleFileNameW(NULL, self, MAX_PATH) < MAX_PATH && lstrcmpiW(self, program) == 0;
}

static void name_parent(void)
{
    wchar_t text[16];
    (void)swprintf(text, ARRAYSIZE(text), L"%lu", GetCurrentProcessId());
    (void)SetEnvironmentVariableW(STANDIN_PARENT, text);
}

static BOOL WINAPI create_process(const wchar_t *program, wchar_t *line, SECURITY_ATTRIBUTES *process,
                                  SECURITY_ATTRIBUTES *thread, BOOL inherits, DWORD flags, void *environment,
                                  const wchar_t *folder, STARTUPINFOW *startup, PROCESS_INFORMATION *ret_started)
{
    BOOL is_own = is_itself(program);
    DWORD held = is_own ? CREATE_SUSPENDED : 0;
    count_change();
    if (is_own) {
        name_parent();
    }
    if (!REAL(CreateProcessW)(program, line, process, thread, inherits, flags | held, environment, folder, startup,
                              ret_started)) {
        return FALSE;
    }
    if (is_own && !inject(ret_started->hProcess, imports_file)) {
        (void)TerminateProcess(ret_started->hProcess, ERROR_PROCESS_ABORTED);
    }
    if (is_own && (flags & CREATE_SUSPENDED) == 0) {
        (void)ResumeThread(ret_started->hThread);
    }
    return TRUE;
}

struct import import_children[] = {
    {"CreateProcessW", STANDIN(create_process), NULL},
    {NULL, NULL, NULL},
};
