/* SPDX-License-Identifier: MIT */
/*
 * The stand-in for a program (fclip.exe): under whatever name stage.exe has put it, it does what the machine document
 * says of that name, and leaves a line behind so that the other stand-ins know that it ran.
 */
#include <stdio.h>
#include <string.h>

#include "../stage.h"

#define DOCUMENT L"C:\\azmend-standins\\machine.json"

/* The document may name the system's folder as people do. */
static char *expanded(const char *path)
{
    WCHAR out[MAX_PATH * 2];
    WCHAR *in = wide(path);
    return ExpandEnvironmentStringsW(in, out, MAX_PATH * 2) > 0 ? narrow(out, wcslen(out)) : narrow(L"", 0);
}

static const cJSON *entry_of(const cJSON *document, const char *path)
{
    const cJSON *entry = NULL;
    cJSON_ArrayForEach (entry, cJSON_GetObjectItemCaseSensitive(document, "programs")) {
        if (_stricmp(expanded(entry->string), path) == 0) {
            return entry;
        }
    }
    die(0, "the document says nothing of %s", path);
}

static bool same_arguments(const cJSON *entry, int count, WCHAR **arguments)
{
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(entry, "arguments");
    bool same = cJSON_GetArraySize(wanted) == count - 1;
    for (int i = 1; same && i < count; i++) {
        same = strcmp(cJSON_GetStringValue(cJSON_GetArrayItem(wanted, i - 1)),
                      narrow(arguments[i], wcslen(arguments[i]))) == 0;
    }
    return same;
}

static void leave_line(const char *path)
{
    FILE *ran = fopen("C:\\azmend-standins\\ran.txt", "ab");
    if (ran == NULL) {
        die(GetLastError(), "cannot leave a line");
    }
    (void)fprintf(ran, "%s\n", path);
    (void)fclose(ran);
}

int wmain(int count, WCHAR **arguments); /* called by the C runtime, which declares it nowhere */

int wmain(int count, WCHAR **arguments)
{
    WCHAR own[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, own, MAX_PATH);
    char *path = narrow(own, length);
    const cJSON *entry = entry_of(read_document(DOCUMENT), path);
    if (!same_arguments(entry, count, arguments)) {
        die(0, "the document says nothing of %s with these arguments", path);
    }
    leave_line(path);
    Sleep((DWORD)member_number(entry, "ms", 0));
    (void)fputs(member_text(entry, "output") != NULL ? member_text(entry, "output") : "", stdout);
    (void)fflush(stdout);
    ExitProcess((UINT)member_number(entry, "exitCode", 0));
}
