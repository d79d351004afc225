/* SPDX-License-Identifier: MIT */
/*
 * Starts a program with stand-ins for some of its imports (imports/imports.h): suspended, with a thread of its own that
 * loads the DLL beside this program, and then on its way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject.h"
#include "stage.h"

/* What follows the first `count` words of this program's command line. */
static WCHAR *rest_of_line(int count)
{
    WCHAR *at = GetCommandLineW();
    for (int i = 0; i < count; i++) {
        WCHAR end = *at == L'"' ? L'"' : L' ';
        at = wcschr(at + 1, end);
        if (at == NULL) {
            die(0, "no program to run");
        }
        at += wcsspn(at, L"\" ");
    }
    return at;
}

static WCHAR *imports_path(void)
{
    WCHAR *path = allocate((MAX_PATH + 16) * sizeof(WCHAR));
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    WCHAR *name = length > 0 && length < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    if (name == NULL) {
        die(GetLastError(), "where is this program?");
    }
    (void)wcscpy_s(name + 1, 16, L"imports.dll");
    return path;
}

int run_main(const WCHAR *exe)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    DWORD code = 1;
    if (!CreateProcessW(exe, rest_of_line(2), NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &started)) {
        die(GetLastError(), "cannot start %ls", exe);
    }
    const WCHAR *dll = imports_path();
    if (!inject(started.hProcess, dll)) {
        die(GetLastError(), "cannot load %ls into the program", dll);
    }
    (void)ResumeThread(started.hThread);
    (void)WaitForSingleObject(started.hProcess, INFINITE);
    (void)GetExitCodeProcess(started.hProcess, &code);
    return (int)code;
}
