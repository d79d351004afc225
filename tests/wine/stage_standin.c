/* SPDX-License-Identifier: MIT */
/* The stand-ins (standins/README.md): one DLL, the document it serves, and its place in COM. */
#include <stdio.h>
#include <string.h>

#include "stage.h"

#define FOLDER L"C:\\azmend-standins"
#define DOCUMENT FOLDER L"\\machine.json"
#define RAN FOLDER L"\\ran.txt"
#define REFUSED FOLDER L"\\refused.txt"
#define SERVER L"C:\\windows\\system32\\wevtapi.dll"
/* What COM finds the DLL by. Wine looks here, and not below HKEY_CURRENT_USER (seen on Wine 8). */
#define CLASS(id) L"SOFTWARE\\Classes\\CLSID\\{" id L"}\\InprocServer32"
static const WCHAR *const classes[] = {
    CLASS(L"4590F811-1D3A-11D0-891F-00AA004B2E24"), /* WbemLocator */
    CLASS(L"0F87369F-A4E5-4CFC-BD3E-73E6154572DD"), /* TaskScheduler */
    CLASS(L"E2B3C97F-6AE1-41AC-817A-F6F92166D7DD"), /* NetFwPolicy2 */
    CLASS(L"2C5BC43E-3369-4C33-AB0C-BE9469677AF4"), /* NetFwRule */
};

/* Deleted first: the clone shares its files with the template by hard links. */
static void put_file(const WCHAR *from, const WCHAR *to)
{
    (void)DeleteFileW(to);
    if (!CopyFileW(from, to, TRUE)) {
        die(GetLastError(), "cannot copy to %ls", to);
    }
}

/* A file that lies beside this program. */
static void put_beside(const WCHAR *file, const WCHAR *to)
{
    WCHAR path[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    WCHAR *name = length > 0 && length < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    if (name == NULL || (size_t)(name - path) + 16 > MAX_PATH) {
        die(GetLastError(), "where is this program?");
    }
    (void)lstrcpynW(name + 1, file, 16);
    put_file(path, to);
}

static void register_server(const WCHAR *class)
{
    static const WCHAR path[] = SERVER, model[] = L"Both";
    LSTATUS status = RegSetKeyValueW(HKEY_LOCAL_MACHINE, class, NULL, REG_SZ, path, sizeof(path));
    if (status == ERROR_SUCCESS) {
        status = RegSetKeyValueW(HKEY_LOCAL_MACHINE, class, L"ThreadingModel", REG_SZ, model, sizeof(model));
    }
    if (status != ERROR_SUCCESS) {
        die((DWORD)status, "cannot register the stand-in");
    }
}

void standin_load(const WCHAR *document)
{
    (void)CreateDirectoryW(FOLDER, NULL);
    (void)DeleteFileW(REFUSED);
    put_file(document, DOCUMENT);
    put_beside(L"standins.dll", SERVER);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        register_server(classes[i]);
    }
}

/* --- programs --- */

static void expand(const char *path, WCHAR expanded[static MAX_PATH])
{
    if (ExpandEnvironmentStringsW(wide(path), expanded, MAX_PATH) > MAX_PATH) {
        die(0, "too long: %s", path);
    }
}

void program_load(const cJSON *section)
{
    const cJSON *entry = NULL;
    (void)DeleteFileW(RAN);
    cJSON_ArrayForEach (entry, section) {
        WCHAR path[MAX_PATH];
        expand(entry->string, path);
        if (cJSON_IsObject(entry)) {
            put_beside(L"program.exe", path);
        } else {
            (void)DeleteFileW(path);
        }
    }
}

const WCHAR *standin_document(void)
{
    return GetFileAttributesW(DOCUMENT) == INVALID_FILE_ATTRIBUTES ? NULL : DOCUMENT;
}
