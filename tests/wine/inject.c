/* SPDX-License-Identifier: MIT */
#include "inject.h"

#include <string.h>

enum { LOAD_MS = 30000 };

/* kernel32.dll is at the same address in every process of a boot. */
static LPTHREAD_START_ROUTINE loader(void)
{
    FARPROC load = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "LoadLibraryW");
    LPTHREAD_START_ROUTINE start = NULL;
    memcpy(&start, &load, sizeof start);
    return start;
}

BOOL inject(HANDLE process, const WCHAR *dll)
{
    SIZE_T size = (wcslen(dll) + 1) * sizeof(WCHAR);
    void *room = VirtualAllocEx(process, NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (room == NULL || !WriteProcessMemory(process, room, dll, size, NULL)) {
        return FALSE;
    }
    DWORD loaded = 0;
    HANDLE thread = CreateRemoteThread(process, NULL, 0, loader(), room, 0, NULL);
    if (thread == NULL) {
        return FALSE;
    }
    BOOL ended = WaitForSingleObject(thread, LOAD_MS) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &loaded);
    (void)CloseHandle(thread);
    return ended && loaded != 0;
}
