/* SPDX-License-Identifier: MIT */
/*
 * Starts a program with stand-ins for some of its imports (imports/imports.h): suspended, with a thread of its own that
 * loads the DLL beside this program, and then on its way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* kernel32.dll is at the same address in every process of a boot. */
static void load_imports(HANDLE process)
{
    const WCHAR *path = imports_path();
    SIZE_T size = (wcslen(path) + 1) * sizeof(WCHAR);
    void *room = VirtualAllocEx(process, NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    FARPROC load = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "LoadLibraryW");
    LPTHREAD_START_ROUTINE start = NULL;
    DWORD loaded = 0;
    memcpy(&start, &load, sizeof start);
    if (room == NULL || !WriteProcessMemory(process, room, path, size, NULL)) {
        die(GetLastError(), "cannot write into the program");
    }
    HANDLE thread = CreateRemoteThread(process, NULL, 0, start, room, 0, NULL);
    if (thread == NULL || WaitForSingleObject(thread, 30000) != WAIT_OBJECT_0 || !GetExitCodeThread(thread, &loaded) ||
        loaded == 0) {
        die(GetLastError(), "cannot load %ls into the program", path);
    }
    CloseHandle(thread);
}

int run_main(const WCHAR *exe)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    DWORD code = 1;
    if (!CreateProcessW(exe, rest_of_line(2), NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &started)) {
        die(GetLastError(), "cannot start %ls", exe);
    }
    load_imports(started.hProcess);
    (void)ResumeThread(started.hThread);
    (void)WaitForSingleObject(started.hProcess, INFINITE);
    (void)GetExitCodeProcess(started.hProcess, &code);
    return (int)code;
}
