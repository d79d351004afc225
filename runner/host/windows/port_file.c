/* SPDX-License-Identifier: MIT */
/* azmend's own files. */
#include "host/port.h"
#include "host/windows/backend.h"

const char port_separator = '\\';

static bool is_absent(DWORD failure)
{
    return failure == ERROR_FILE_NOT_FOUND || failure == ERROR_PATH_NOT_FOUND;
}

/* A file that is too large is refused before a byte is read; one may grow meanwhile. */
static bool fill(HANDLE file, const char *path, size_t limit, struct buf *bytes, struct err *err)
{
    char block[4096];
    LARGE_INTEGER size = {0};
    bool is_too_large = GetFileSizeEx(file, &size) && size.QuadPart > 0 && (uint64_t)size.QuadPart > limit;
    for (DWORD got = is_too_large ? 0 : 1; got > 0;) {
        if (!ReadFile(file, block, sizeof block, &got, NULL)) {
            return windows_failed(err, GetLastError(), "read", path);
        }
        buf_add(bytes, block, got);
        is_too_large = bytes->failed;
        got = is_too_large ? 0 : got;
    }
    return !is_too_large || err_set(err, ERR_LIMIT, 0, "read %s: more than %zu bytes", path, limit);
}

bool file_read_all(HANDLE file, const char *path, size_t limit, struct buf *ret_bytes, struct err *err)
{
    struct buf bytes AUTO(buf_clear);
    buf_init(&bytes, limit);
    if (!fill(file, path, limit, &bytes, err)) {
        return false;
    }
    *ret_bytes = bytes;
    bytes = (struct buf){0};
    return true;
}

bool port_file_read(const char *path, size_t limit, struct buf *ret_bytes, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    HANDLE file AUTO(drop_handle) = NULL;
    return wide_path_open(path, &wide, err) && file_open_regular(wide, path, GENERIC_READ, OPEN_EXISTING, &file, err) &&
           file_read_all(file, path, limit, ret_bytes, err);
}

bool port_file_replace(const char *path, const void *bytes, size_t size, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    const struct file_content content = {bytes, size, NULL};
    return wide_path_open(path, &wide, err) && file_put_over(wide, path, &content, FILE_PUT_PLAIN, err);
}

bool port_file_replace_private(const char *path, const void *bytes, size_t size, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    struct file_content content = {.bytes = bytes, .size = size};
    bool is_replaced = wide_path_open(path, &wide, err) && private_access(&content.access, err) &&
                       file_put_over(wide, path, &content, FILE_PUT_PLAIN, err);
    drop_local(&content.access);
    return is_replaced;
}

bool port_file_remove(const char *path, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_path_open(path, &wide, err)) {
        return false;
    }
    return DeleteFileW(wide) || is_absent(GetLastError()) || windows_failed(err, GetLastError(), "remove", path);
}

bool port_folder_remove(const char *path, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_path_open(path, &wide, err)) {
        return false;
    }
    return RemoveDirectoryW(wide) || is_absent(GetLastError()) ||
           windows_failed(err, GetLastError(), "remove folder", path);
}

bool port_is_folder(const char *path)
{
    struct err err;
    wchar_t *wide AUTO(drop_wide) = NULL;
    DWORD attributes = wide_path_open(path, &wide, &err) ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

bool port_path_query(const char *path, struct file_facts *ret_facts, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    return wide_path_open(path, &wide, err) && file_look(wide, path, ret_facts, err);
}

bool port_folder_list(const char *path, struct arena *arena, const char *const **ret_names, size_t *ret_count,
                      struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    struct file_names names;
    if (!wide_path_open(path, &wide, err) || !folder_names(wide, path, arena, &names, err)) {
        return false;
    }
    if (!names.exists) {
        return err_set(err, ERR_NOT_FOUND, ERROR_PATH_NOT_FOUND, "list %s: no such folder", path);
    }
    *ret_names = names.items;
    *ret_count = names.count;
    return true;
}
