/* SPDX-License-Identifier: MIT */
/* Files as the port and the noun both need them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/limits.h"
#include "host/port.h"
#include "host/swept.h"
#include "host/windows/backend.h"

#define WIDE_OF(text) L##text
#define WIDE(text) WIDE_OF(text)

enum { WRITE_BYTES_MOST = 1024 * 1024 }; /* of one WriteFile, far below what a DWORD can say */

static bool is_regular(HANDLE file)
{
    const DWORD other = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE;
    BY_HANDLE_FILE_INFORMATION facts;
    return GetFileType(file) == FILE_TYPE_DISK && GetFileInformationByHandle(file, &facts) &&
           (facts.dwFileAttributes & other) == 0;
}

/* Backup semantics only so that a folder can be opened and then called what it is. */
struct opening {
    DWORD access, disposition;
    PSECURITY_DESCRIPTOR descriptor; /* NULL: as the folder hands it down */
};

static bool open_as(const wchar_t *path, const char *name, const struct opening *opening, HANDLE *ret_file,
                    struct err *err)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .lpSecurityDescriptor = opening->descriptor};
    /* What is being made can be removed by nobody else: that tells it from what a killed process left. */
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | (opening->disposition == CREATE_NEW ? 0 : FILE_SHARE_DELETE);
    HANDLE file AUTO(drop_handle) =
        CreateFileW(path, opening->access, share, opening->descriptor != NULL ? &attributes : NULL,
                    opening->disposition, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return windows_failed(err, GetLastError(), "open", name);
    }
    if (!is_regular(file)) {
        return err_set(err, ERR_INVALID, 0, "open %s: not a regular file", name);
    }
    *ret_file = file;
    file = NULL;
    return true;
}

bool file_open_regular(const wchar_t *path, const char *name, DWORD access, DWORD disposition, HANDLE *ret_file,
                       struct err *err)
{
    const struct opening opening = {access, disposition, NULL};
    return open_as(path, name, &opening, ret_file, err);
}

bool file_write_all(HANDLE file, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        size_t left = size - done;
        DWORD written = 0;
        DWORD part = left < WRITE_BYTES_MOST ? (DWORD)left : WRITE_BYTES_MOST;
        if (!WriteFile(file, (const char *)bytes + done, part, &written, NULL)) {
            return false;
        }
        done += written;
    }
    return true;
}

static void drop_search(HANDLE *search)
{
    if (*search != INVALID_HANDLE_VALUE) {
        (void)FindClose(*search);
    }
}

/* Of the folder part of path, with its backslash. */
static size_t folder_length(const wchar_t *path)
{
    const wchar_t *slash = wcsrchr(path, L'\\');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* name in the folder of path; NULL: no memory. */
static wchar_t *beside(const wchar_t *path, const wchar_t *name)
{
    size_t folder = folder_length(path);
    wchar_t *other = calloc(folder + wcslen(name) + 1, sizeof *other);
    if (other != NULL) {
        wmemcpy(other, path, folder);
        wmemcpy(other + folder, name, wcslen(name));
    }
    return other;
}

/* The folder of path with its backslash, and ".azmend-<16 hex>.tmp". */
static bool name_beside(const wchar_t *path, wchar_t **ret_temporary, struct err *err)
{
    uint64_t chance = 0;
    wchar_t name[64];
    if (!port_random(&chance, sizeof chance, err)) {
        return false;
    }
    (void)swprintf(name, COUNT_OF(name), WIDE(PORT_TEMPORARY_PREFIX) L"%016llx" WIDE(PORT_TEMPORARY_SUFFIX),
                   (unsigned long long)chance);
    *ret_temporary = beside(path, name);
    return *ret_temporary != NULL || err_set(err, ERR_MEMORY, 0, "no memory for a path");
}

/* What a killed process left in the folder of path. Tidiness is no reason not to write. */
static void sweep_beside(const wchar_t *path)
{
    WIN32_FIND_DATAW entry;
    wchar_t *pattern AUTO(drop_wide) = beside(path, WIDE(PORT_TEMPORARY_PREFIX) L"*" WIDE(PORT_TEMPORARY_SUFFIX));
    HANDLE search AUTO(drop_search) =
        pattern == NULL ? INVALID_HANDLE_VALUE
                        : FindFirstFileExW(pattern, FindExInfoBasic, &entry, FindExSearchNameMatch, NULL, 0);
    bool found = search != INVALID_HANDLE_VALUE;
    for (int i = 0; found && i < LIMIT_ENTRIES; i++) {
        wchar_t *left AUTO(drop_wide) = beside(path, entry.cFileName);
        if (left != NULL && (entry.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == 0) {
            (void)DeleteFileW(left);
        }
        found = FindNextFileW(search, &entry);
    }
}

bool file_write_beside(const wchar_t *path, const char *name, const struct file_content *content,
                       wchar_t **ret_temporary, struct err *err)
{
    const struct opening opening = {GENERIC_WRITE, CREATE_NEW, content->access};
    wchar_t *temporary AUTO(drop_wide) = NULL;
    HANDLE file AUTO(drop_handle) = NULL;
    if (swept_first(path, folder_length(path) * sizeof *path)) {
        sweep_beside(path);
    }
    if (!name_beside(path, &temporary, err) || !open_as(temporary, name, &opening, &file, err)) {
        return false;
    }
    if (!file_write_all(file, content->bytes, content->size) || !FlushFileBuffers(file)) {
        DWORD failure = GetLastError();
        (void)CloseHandle(file);
        file = NULL;
        (void)DeleteFileW(temporary);
        return windows_failed(err, failure, "write beside", name);
    }
    *ret_temporary = temporary;
    temporary = NULL;
    return true;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool list_all(const wchar_t *pattern, const char *name, struct arena *arena, struct arena_list *names,
                     struct err *err)
{
    WIN32_FIND_DATAW entry;
    HANDLE search AUTO(drop_search) =
        FindFirstFileExW(pattern, FindExInfoBasic, &entry, FindExSearchNameMatch, NULL, 0);
    bool found = search != INVALID_HANDLE_VALUE;
    while (found) {
        if (names->count == LIMIT_ENTRIES) {
            return err_set(err, ERR_LIMIT, 0, "list %s: more than %d names", name, LIMIT_ENTRIES);
        }
        if (wcscmp(entry.cFileName, L".") != 0 && wcscmp(entry.cFileName, L"..") != 0) {
            *(const char **)arena_push(arena, names, sizeof(char *)) = narrow(arena, entry.cFileName);
        }
        found = FindNextFileW(search, &entry);
    }
    DWORD end = GetLastError();
    return end == ERROR_NO_MORE_FILES || end == ERROR_FILE_NOT_FOUND || windows_failed(err, end, "list", name);
}

/* ret_exists false: nothing of that name. A file or a reparse point is no folder: ERR_INVALID. */
static bool look_for_folder(const wchar_t *folder, const char *name, bool *ret_exists, struct err *err)
{
    DWORD attributes = GetFileAttributesW(folder);
    DWORD failure = attributes == INVALID_FILE_ATTRIBUTES ? GetLastError() : ERROR_SUCCESS;
    bool is_absent = failure == ERROR_FILE_NOT_FOUND || failure == ERROR_PATH_NOT_FOUND;
    if (failure != ERROR_SUCCESS && !is_absent) {
        return windows_failed(err, failure, "look at", name);
    }
    const DWORD form = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    if (!is_absent && (attributes & form) != FILE_ATTRIBUTE_DIRECTORY) {
        return err_set(err, ERR_INVALID, 0, "list %s: not a folder", name);
    }
    *ret_exists = !is_absent;
    return true;
}

bool folder_names(const wchar_t *folder, const char *name, struct arena *arena, struct file_names *ret_names,
                  struct err *err)
{
    bool exists = false;
    if (!look_for_folder(folder, name, &exists, err)) {
        return false;
    }
    size_t count = wcslen(folder);
    count -= count > 0 && folder[count - 1] == L'\\' ? 1 : 0; /* taken literally, two in a row are no name */
    wchar_t *pattern AUTO(drop_wide) = calloc(count + 3, sizeof *pattern);
    if (pattern == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    wmemcpy(pattern, folder, count);
    wmemcpy(pattern + count, L"\\*", 3);
    struct arena_list names = {0};
    if (exists && !list_all(pattern, name, arena, &names, err)) {
        return false;
    }
    if (names.count > 0) {
        qsort(names.items, names.count, sizeof(char *), by_bytes);
    }
    size_t found = names.count;
    (void)arena_push(arena, &names, sizeof(char *));
    *ret_names = (struct file_names){.exists = exists, .items = names.items, .count = found};
    return true;
}
