/* SPDX-License-Identifier: MIT */
/* The clone shares its files with the template by hard links: a file is deleted before it is written, never
 * overwritten. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

/* windows.h goes first. */
/* clang-format off */
#include <sddl.h>
/* clang-format on */

/* Larger files are told by their size. */
enum { CONTENT_MAX = 1024 * 1024, DEPTH_MAX = 16 };

static WCHAR *native(const char *path)
{
    WCHAR *from = wide(path);
    WCHAR *to = allocate(MAX_PATH * 4 * sizeof(WCHAR));
    DWORD length = ExpandEnvironmentStringsW(from, to, MAX_PATH * 4);
    if (length == 0 || length > MAX_PATH * 4) {
        die(GetLastError(), "not a path: %s", path);
    }
    return to;
}

static void create_parents(WCHAR *path)
{
    for (WCHAR *at = wcschr(path, L'\\'); at != NULL; at = wcschr(at + 1, L'\\')) {
        *at = L'\0';
        (void)CreateDirectoryW(path, NULL);
        *at = L'\\';
    }
}

/* How much later it is here than in the document, 100 ns. */
static LONGLONG shift;

static LONGLONG ticks_of(const FILETIME *time)
{
    return (LONGLONG)((ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

/* "2025-01-01T00:00:00Z" as the document's clock says it; false: no such time. */
static BOOL read_time(const char *text, FILETIME *ret_time)
{
    unsigned short part[6] = {0};
    if (text == NULL || sscanf(text, "%4hu-%2hu-%2huT%2hu:%2hu:%2huZ", &part[0], &part[1], &part[2], &part[3], &part[4],
                               &part[5]) != 6) {
        return FALSE;
    }
    SYSTEMTIME time = {
        .wYear = part[0], .wMonth = part[1], .wDay = part[2], .wHour = part[3], .wMinute = part[4], .wSecond = part[5]};
    return SystemTimeToFileTime(&time, ret_time);
}

static void set_shift(const char *clock)
{
    FILETIME here;
    FILETIME there;
    GetSystemTimeAsFileTime(&here);
    shift = read_time(clock, &there) ? ticks_of(&here) - ticks_of(&there) : 0;
}

static BOOL time_of(const cJSON *entry, const char *name, FILETIME *ret_time)
{
    if (!read_time(member_text(entry, name), ret_time)) {
        return FALSE;
    }
    ULONGLONG ticks = (ULONGLONG)(ticks_of(ret_time) + shift);
    *ret_time = (FILETIME){.dwHighDateTime = (DWORD)(ticks >> 32), .dwLowDateTime = (DWORD)ticks};
    return TRUE;
}

static void set_times(const WCHAR *path, const cJSON *entry)
{
    FILETIME created;
    FILETIME changed;
    BOOL has_created = time_of(entry, "createdAt", &created);
    BOOL has_changed = time_of(entry, "changedAt", &changed);
    HANDLE file = CreateFileW(path, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        (void)SetFileTime(file, has_created ? &created : NULL, NULL, has_changed ? &changed : NULL);
        CloseHandle(file);
    }
}

static void write_file(const WCHAR *path, const void *bytes, size_t size, const char *name)
{
    DWORD written = 0;
    (void)DeleteFileW(path);
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, bytes, (DWORD)size, &written, NULL) || written != size) {
        die(GetLastError(), "cannot write %s", name);
    }
    CloseHandle(file);
}

/* Only the size is known: a hole of that length. */
static void write_hole(const WCHAR *path, double size, const char *name)
{
    LARGE_INTEGER end = {.QuadPart = (LONGLONG)size};
    (void)DeleteFileW(path);
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE || !SetFilePointerEx(file, end, NULL, FILE_BEGIN) || !SetEndOfFile(file)) {
        die(GetLastError(), "cannot write %s", name);
    }
    CloseHandle(file);
}

static void load_regular(const WCHAR *path, const cJSON *entry)
{
    const char *text = member_text(entry, "text");
    const char *hex = member_text(entry, "hex");
    size_t size = 0;
    if (text != NULL) {
        write_file(path, text, strlen(text), entry->string);
    } else if (hex != NULL) {
        const BYTE *bytes = from_hex(hex, &size);
        write_file(path, bytes, size, entry->string);
    } else {
        write_hole(path, member_number(entry, "size", 0), entry->string);
    }
}

static BOOL lets_service_in(const cJSON *access)
{
    const cJSON *word = NULL;
    cJSON_ArrayForEach (word, access) {
        const char *text = cJSON_GetStringValue(word);
        if (text != NULL && (strcmp(text, "sppsvc") == 0 || strcmp(text, "network_service") == 0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Wine keeps the mode bits of Unix: everybody, who has the service among them, or nobody else. */
static void set_access(const WCHAR *path, const cJSON *entry)
{
    const cJSON *access = cJSON_GetObjectItemCaseSensitive(entry, "acl");
    PSECURITY_DESCRIPTOR descriptor = NULL;
    if (!cJSON_IsArray(access)) {
        return;
    }
    const WCHAR *text = lets_service_in(access) ? L"D:P(A;;FA;;;WD)" : L"D:P(A;;FA;;;SY)(A;;FA;;;BA)";
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &descriptor, NULL) ||
        !SetFileSecurityW(path, DACL_SECURITY_INFORMATION, descriptor)) {
        die(GetLastError(), "cannot set who may use %s", entry->string);
    }
    LocalFree(descriptor);
}

static void load_one(const cJSON *entry)
{
    WCHAR *path = native(entry->string);
    if (cJSON_IsFalse(entry)) {
        (void)DeleteFileW(path);
        (void)RemoveDirectoryW(path);
        return;
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "readOnly")) ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "denied"))) {
        cannot_stage("access rights of file", entry->string);
    }
    create_parents(path);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "folder"))) {
        (void)CreateDirectoryW(path, NULL);
    } else {
        load_regular(path, entry);
    }
    set_times(path, entry);
    set_access(path, entry);
}

void file_load(const cJSON *section, const char *clock)
{
    const cJSON *entry = NULL;
    set_shift(clock);
    cJSON_ArrayForEach (entry, section) {
        load_one(entry);
    }
}

static cJSON *dump_regular(const WCHAR *path, const char *name)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER size = {.QuadPart = 0};
    DWORD done = 0;
    if (file == INVALID_HANDLE_VALUE || !GetFileSizeEx(file, &size)) {
        die(GetLastError(), "cannot open %s", name);
    }
    cJSON *out = cJSON_CreateObject();
    if (size.QuadPart > CONTENT_MAX) {
        CloseHandle(file);
        cJSON_AddNumberToObject(out, "size", (double)size.QuadPart);
        return out;
    }
    char *bytes = allocate((size_t)size.QuadPart + 1);
    if (!ReadFile(file, bytes, (DWORD)size.QuadPart, &done, NULL) || done != (DWORD)size.QuadPart) {
        die(GetLastError(), "cannot read %s", name);
    }
    CloseHandle(file);
    if (strlen(bytes) == done &&
        (done == 0 || MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, -1, NULL, 0))) {
        cJSON_AddStringToObject(out, "text", bytes);
    } else {
        cJSON_AddStringToObject(out, "hex", to_hex((const BYTE *)bytes, done));
    }
    return out;
}

static void dump_one(const char *name, unsigned depth, cJSON *out);

static void dump_folder(const WCHAR *path, const char *name, unsigned depth, cJSON *out)
{
    WIN32_FIND_DATAW found;
    size_t size = wcslen(path) + 3;
    WCHAR *pattern = allocate(size * sizeof(WCHAR));
    (void)snwprintf(pattern, size, L"%ls\\*", path);
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return;
    }
    do {
        if (wcscmp(found.cFileName, L".") != 0 && wcscmp(found.cFileName, L"..") != 0) {
            const char *leaf = narrow(found.cFileName, wcslen(found.cFileName));
            size_t length = strlen(name) + strlen(leaf) + 2;
            char *below = allocate(length);
            (void)snprintf(below, length, "%s\\%s", name, leaf);
            dump_one(below, depth + 1, out);
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

static void dump_one(const char *name, unsigned depth, cJSON *out)
{
    if (depth > DEPTH_MAX) {
        die(0, "folders too deep: %s", name);
    }
    if (cJSON_GetObjectItem(out, name) != NULL) {
        return;
    }
    WCHAR *path = native(name);
    DWORD attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        cJSON_AddFalseToObject(out, name);
    } else if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        cJSON *folder = cJSON_CreateObject();
        cJSON_AddTrueToObject(folder, "folder");
        cJSON_AddItemToObject(out, name, folder);
        dump_folder(path, name, depth, out);
    } else {
        cJSON_AddItemToObject(out, name, dump_regular(path, name));
    }
}

cJSON *file_dump(const cJSON *section)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *entry = NULL;
    cJSON_ArrayForEach (entry, section) {
        dump_one(entry->string, 0, out);
    }
    return out;
}
