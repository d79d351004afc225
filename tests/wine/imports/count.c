/* SPDX-License-Identifier: MIT */
/*
 * All that azmend.exe changes goes through these imports, or through COM, whose stand-ins call count_change. Between
 * two of them the machine and azmend's own files stay as they are: to be killed before each is to be killed anywhere.
 */
#include <stdint.h>
#include <stdio.h>

#include "imports.h"

enum { EXIT_KILLED = 137 };

static volatile LONG made;

static LONG wanted(void)
{
    char text[16] = "";
    DWORD length = GetEnvironmentVariableA("AZMEND_STANDIN_KILL_AT", text, sizeof text);
    LONG number = 0;
    for (DWORD i = 0; i < length && length < sizeof text && text[i] >= '0' && text[i] <= '9'; i++) {
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

void count_change(void)
{
    if (InterlockedIncrement(&made) == wanted()) {
        (void)TerminateProcess(GetCurrentProcess(), EXIT_KILLED);
    }
}

void count_tell(void)
{
    FILE *file = fopen("C:\\azmend-standins\\changes.txt", "wb");
    if (file != NULL) {
        (void)fprintf(file, "%ld\n", made);
        (void)fclose(file);
    }
}

/*
 * The calling convention of x64 Windows passes every integer and pointer in a place of its own and lets the caller
 * clear up: as many as the longest of these functions takes are handed on, whatever each one looks at.
 */
#define TWELVE(of) of a, of b, of c, of d, of e, of f, of g, of h, of i, of j, of k, of l
#define CHANGES(row)                                                                                                   \
    row(ChangeServiceConfig2W) row(ChangeServiceConfigW) row(ControlService) row(CreateDirectoryW) row(CreateFileW)    \
        row(DeleteFileW) row(FlushFileBuffers) row(MoveFileExW) row(RegCreateKeyExW) row(RegDeleteValueW)              \
            row(RegSetValueExW) row(ReplaceFileW) row(SetEndOfFile) row(SetKernelObjectSecurity) row(StartServiceW)    \
                row(WriteFile)

#define INDEX(name) INDEX_##name,
enum { CHANGES(INDEX) };

/* Opening a file to read it changes nothing. */
static int is_change(int index, uintptr_t access)
{
    return index != INDEX_CreateFileW || (access & GENERIC_WRITE) != 0;
}

#define COUNTED(name)                                                                                                  \
    static uintptr_t WINAPI counted_##name(TWELVE(uintptr_t))                                                          \
    {                                                                                                                  \
        uintptr_t(WINAPI *real)(TWELVE(uintptr_t)) =                                                                   \
            (uintptr_t(WINAPI *)(TWELVE(uintptr_t)))import_changes[INDEX_##name].real;                                 \
        if (is_change(INDEX_##name, b)) {                                                                              \
            count_change();                                                                                            \
        }                                                                                                              \
        return real(TWELVE());                                                                                         \
    }
CHANGES(COUNTED)

#define ROW(name) [INDEX_##name] = {#name, STANDIN(counted_##name), NULL},
struct import import_changes[] = {CHANGES(ROW){NULL, NULL, NULL}};
