/* SPDX-License-Identifier: MIT */
/* What check-planting plants: a DLL that leaves "<its own path>.loaded" when a process loads it.
 * With HOSTILE_CONTROL: a careless program that loads every name on its command line by bare name, to show
 * that the planted DLLs do get loaded where nothing prevents it; it imports wevtapi.dll statically. */
#include <windows.h>
#include <winevt.h>

#ifdef HOSTILE_CONTROL

int wmain(int argc, wchar_t **argv)
{
    for (int i = 1; i < argc; i++)
        LoadLibraryW(argv[i]);
    /* Never called: the planted wevtapi.dll has no such function. */
    return argc == 0 && EvtClose(NULL);
}

#else

static void leave_marker(HINSTANCE module)
{
    wchar_t path[MAX_PATH + 8];
    DWORD length = GetModuleFileNameW(module, path, MAX_PATH);
    lstrcpyW(path + length, L".loaded");
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        leave_marker(module);
    return TRUE;
}

#endif
