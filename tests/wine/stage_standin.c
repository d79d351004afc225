/* SPDX-License-Identifier: MIT */
/* The stand-ins (standins/README.md): one DLL, the document it serves, and its place in COM. */
#include <stdio.h>
#include <string.h>

#include "stage.h"

#define FOLDER L"C:\\azmend-standins"
#define DOCUMENT FOLDER L"\\machine.json"
#define REFUSED FOLDER L"\\refused.txt"
#define SERVER L"C:\\windows\\system32\\wevtapi.dll"
/* CLSID_WbemLocator. Wine looks here, and not below HKEY_CURRENT_USER (seen on Wine 8). */
#define LOCATOR L"SOFTWARE\\Classes\\CLSID\\{4590F811-1D3A-11D0-891F-00AA004B2E24}\\InprocServer32"

/* Deleted first: the clone shares its files with the template by hard links. */
static void put_file(const WCHAR *from, const WCHAR *to)
{
    (void)DeleteFileW(to);
    if (!CopyFileW(from, to, TRUE)) {
        die(GetLastError(), "cannot copy to %ls", to);
    }
}

static void put_server(void)
{
    WCHAR path[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    WCHAR *name = length > 0 && length < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    if (name == NULL || (size_t)(name - path) + 16 > MAX_PATH) {
        die(GetLastError(), "where is this program?");
    }
    (void)lstrcpynW(name + 1, L"standins.dll", 16);
    put_file(path, SERVER);
}

static void register_server(void)
{
    static const WCHAR path[] = SERVER, model[] = L"Both";
    LSTATUS status = RegSetKeyValueW(HKEY_LOCAL_MACHINE, LOCATOR, NULL, REG_SZ, path, sizeof(path));
    if (status == ERROR_SUCCESS) {
        status = RegSetKeyValueW(HKEY_LOCAL_MACHINE, LOCATOR, L"ThreadingModel", REG_SZ, model, sizeof(model));
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
    put_server();
    register_server();
}

const WCHAR *standin_document(void)
{
    return GetFileAttributesW(DOCUMENT) == INVALID_FILE_ATTRIBUTES ? NULL : DOCUMENT;
}
