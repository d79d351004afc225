/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "host/port.h"
#include "host/windows/backend.h"

int wmain(int argument_count, wchar_t **wide);

/* For the whole life of the process: nothing frees them. */
static char **narrow_arguments(int count, wchar_t **wide)
{
    char **arguments = calloc((size_t)count + 1, sizeof *arguments);
    for (int i = 0; arguments != NULL && i < count; i++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        arguments[i] = calloc((size_t)size + 1, 1);
        if (arguments[i] == NULL) {
            must_exhausted("command line");
        }
        (void)WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, arguments[i], size, NULL, NULL);
    }
    if (arguments == NULL) {
        must_exhausted("command line");
    }
    return arguments;
}

/*
 * First of all: no DLL from beside the program or from the current folder, whatever is loaded later. No dialog box may
 * wait for somebody who is not there.
 * Source: https://learn.microsoft.com/windows/win32/api/libloaderapi/nf-libloaderapi-setdefaultdlldirectories.
 * claim: loading.class-paths
 * At the end: an abandoned worker may hold a lock that the DLLs want when ExitProcess tells them, and the process would
 * wait for ever. All that was written is written by then.
 * Source: https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-exitprocess (remarks)
 */
int wmain(int argument_count, wchar_t **wide)
{
    (void)SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    (void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    UINT code = (UINT)azmend_main(argument_count, narrow_arguments(argument_count, wide));
    if (!windows_threads_ended()) {
        (void)TerminateProcess(GetCurrentProcess(), code);
    }
    ExitProcess(code);
}
