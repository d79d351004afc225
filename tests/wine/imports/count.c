/* SPDX-License-Identifier: MIT */
/*
 * Where the process can be killed. What "every host call" comes to here:
 *
 * All that azmend.exe does to the machine goes through its imports, static or delayed, or through COM, whose stand-ins
 * call count_change. Each import is either in changes.inc (child.c has one more), or in the file `looks`, which says
 * why a kill before it is no other point; tests/windows/check-changes fails where one is in neither. A kill before a
 * look leaves the machine, and azmend's own files, as a kill before the next change does. So to be killed before each
 * change and once more before the end is to be killed in every state that a run can leave behind.
 *
 * Flushing is in `looks`: the system keeps what was written, whether or not the writer lives. What a power loss takes
 * is not shown here.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "imports.h"

enum { EXIT_KILLED = 137, WORD_UNITS = 64, LINE_UNITS = 1024 };

static volatile LONG made;

/* 0: not in the environment. */
static LONG number_of(const wchar_t *name)
{
    wchar_t text[WORD_UNITS] = L"";
    DWORD length = GetEnvironmentVariableW(name, text, WORD_UNITS);
    LONG number = 0;
    for (DWORD i = 0; i < length && length < WORD_UNITS && text[i] >= L'0' && text[i] <= L'9'; i++) {
        number = number * 10 + (text[i] - L'0');
    }
    return number;
}

/* One command of several that start each other: its words are on this process's command line, quoted or not. */
static BOOL is_meant(void)
{
    wchar_t words[WORD_UNITS] = L"", line[LINE_UNITS];
    DWORD length = GetEnvironmentVariableW(L"AZMEND_STANDIN_KILL_VERB", words, WORD_UNITS), units = 0;
    for (const wchar_t *at = GetCommandLineW(); *at != L'\0' && units < LINE_UNITS - 1; at++) {
        line[units] = *at;
        units += *at != L'"';
    }
    line[units] = L'\0';
    return length < WORD_UNITS && wcsstr(line, words) != NULL;
}

/* Whoever is started anew after a kill has the same environment. */
static BOOL is_first_kill(void)
{
    HANDLE file = CreateFileW(L"C:\\azmend-standins\\killed.txt", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    return file != INVALID_HANDLE_VALUE && CloseHandle(file);
}

static void end(DWORD id)
{
    HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, id);
    if (process != NULL) {
        (void)TerminateProcess(process, EXIT_KILLED);
        (void)CloseHandle(process);
    }
}

void count_change(void)
{
    if (!is_meant() || InterlockedIncrement(&made) != number_of(L"AZMEND_STANDIN_KILL_AT") || !is_first_kill()) {
        return;
    }
    if (number_of(L"AZMEND_STANDIN_KILL_PARENT") != 0) {
        end((DWORD)number_of(STANDIN_PARENT));
    }
    (void)TerminateProcess(GetCurrentProcess(), EXIT_KILLED);
}

void count_tell(void)
{
    FILE *file = is_meant() ? fopen("C:\\azmend-standins\\changes.txt", "wb") : NULL;
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
#define CHANGE(name) INDEX_##name,
enum {
#include "changes.inc"
    CHANGES
};
#undef CHANGE

/* A file that is there already, or is opened to be read, is as it was; so is a store that is only read. */
static BOOL is_change(int index, uintptr_t first, uintptr_t second, uintptr_t fourth, uintptr_t fifth)
{
    switch (index) {
    case INDEX_CreateFileW:
        return (second & GENERIC_WRITE) != 0 && (DWORD)fifth != OPEN_EXISTING &&
               ((DWORD)fifth != OPEN_ALWAYS || GetFileAttributesW((const wchar_t *)first) == INVALID_FILE_ATTRIBUTES);
    case INDEX_CertOpenStore:
        return (fourth & (CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG)) == 0;
    default:
        return TRUE;
    }
}

#define CHANGE(name)                                                                                                   \
    static uintptr_t WINAPI counted_##name(TWELVE(uintptr_t))                                                          \
    {                                                                                                                  \
        uintptr_t(WINAPI *real)(TWELVE(uintptr_t)) =                                                                   \
            (uintptr_t(WINAPI *)(TWELVE(uintptr_t)))import_changes[INDEX_##name].real;                                 \
        if (is_change(INDEX_##name, a, b, d, e)) {                                                                     \
            count_change();                                                                                            \
        }                                                                                                              \
        return real(TWELVE());                                                                                         \
    }
#include "changes.inc"
#undef CHANGE

#define CHANGE(name) [INDEX_##name] = {#name, STANDIN(counted_##name), NULL},
struct import import_changes[] = {
#include "changes.inc"
    [CHANGES] = {NULL, NULL, NULL},
};
