/* SPDX-License-Identifier: MIT */
#include "host/nouns/file/file.h"

#include "base/limits.h"
#include "host/windows/backend.h"

static bool is_absent(DWORD failure)
{
    return failure == ERROR_FILE_NOT_FOUND || failure == ERROR_PATH_NOT_FOUND;
}

int64_t unix_seconds(FILETIME time)
{
    const int64_t from_1601 = 11644473600, units_a_second = 10000000;
    int64_t units = (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
    return units / units_a_second - from_1601;
}

static enum file_form form_of(DWORD attributes)
{
    if ((attributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE)) != 0) {
        return FILE_IS_OTHER;
    }
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FILE_IS_FOLDER : FILE_IS_REGULAR;
}

bool file_look(const wchar_t *path, const char *name, struct file_facts *ret_facts, struct err *err)
{
    WIN32_FILE_ATTRIBUTE_DATA data = {0};
    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data)) {
        DWORD failure = GetLastError();
        if (!is_absent(failure)) {
            return windows_failed(err, failure, "look at", name);
        }
        *ret_facts = (struct file_facts){0};
        return true;
    }
    *ret_facts = (struct file_facts){
        .exists = true,
        .form = form_of(data.dwFileAttributes),
        .size_bytes = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
        .created_at = unix_seconds(data.ftCreationTime),
        .changed_at = unix_seconds(data.ftLastWriteTime),
    };
    return true;
}

static bool query(void *backend, const char *path, struct arena *arena, struct file_facts *ret_facts, struct err *err)
{
    (void)backend;
    (void)arena;
    wchar_t *wide AUTO(drop_wide) = NULL;
    return machine_path_open(path, &wide, err) && file_look(wide, path, ret_facts, err);
}

/* One byte of room beyond the size: a file that grows meanwhile is over its limit, not cut. */
static bool read_whole(HANDLE file, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                       struct err *err)
{
    LARGE_INTEGER size = {0};
    if (!GetFileSizeEx(file, &size)) {
        return windows_failed(err, GetLastError(), "read", path);
    }
    if ((uint64_t)size.QuadPart > limit) {
        return err_set(err, ERR_LIMIT, 0, "read %s: more than %zu bytes", path, limit);
    }
    size_t room = (size_t)size.QuadPart + 1, done = 0;
    char *bytes = arena_alloc(arena, room);
    for (DWORD got = 1; got > 0 && done < room; done += got) {
        if (!ReadFile(file, bytes + done, (DWORD)(room - done), &got, NULL)) {
            return windows_failed(err, GetLastError(), "read", path);
        }
    }
    if (done == room) {
        return err_set(err, ERR_BUSY, 0, "read %s: it grew meanwhile", path);
    }
    *ret_bytes = (struct file_bytes){.exists = true, .bytes = bytes, .size = done};
    return true;
}

static bool read_file(void *backend, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                      struct err *err)
{
    (void)backend;
    wchar_t *wide AUTO(drop_wide) = NULL;
    struct file_facts facts;
    if (!machine_path_open(path, &wide, err) || !file_look(wide, path, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        *ret_bytes = (struct file_bytes){0};
        return true;
    }
    HANDLE file AUTO(drop_handle) = NULL;
    return file_open_regular(wide, path, GENERIC_READ, OPEN_EXISTING, &file, err) &&
           read_whole(file, path, limit < LIMIT_FILE_BYTES ? limit : LIMIT_FILE_BYTES, arena, ret_bytes, err);
}

static bool list_folder(void *backend, const char *folder, struct arena *arena, struct file_names *ret_names,
                        struct err *err)
{
    (void)backend;
    wchar_t *wide AUTO(drop_wide) = NULL;
    return machine_path_open(folder, &wide, err) && folder_names(wide, folder, arena, ret_names, err);
}

static bool write_file(void *backend, const char *path, const void *bytes, size_t size, struct err *err)
{
    (void)backend;
    const struct file_content content = {bytes, size, NULL};
    wchar_t *wide AUTO(drop_wide) = NULL;
    struct file_facts facts;
    if (!machine_path_open(path, &wide, err) || !file_look(wide, path, &facts, err)) {
        return false;
    }
    if (facts.exists && facts.form != FILE_IS_REGULAR) {
        return err_set(err, ERR_INVALID, 0, "write %s: not a regular file", path);
    }
    return file_put_over(wide, path, &content, FILE_PUT_KEEPING, err);
}

static bool delete_file(void *backend, const char *path, struct err *err)
{
    (void)backend;
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!machine_path_open(path, &wide, err)) {
        return false;
    }
    return DeleteFileW(wide) || is_absent(GetLastError()) || windows_failed(err, GetLastError(), "delete", path);
}

static bool rename_file(void *backend, const char *path, const char *to, struct err *err)
{
    (void)backend;
    wchar_t *from_wide AUTO(drop_wide) = NULL;
    wchar_t *to_wide AUTO(drop_wide) = NULL;
    if (!machine_path_open(path, &from_wide, err) || !machine_path_open(to, &to_wide, err)) {
        return false;
    }
    return MoveFileExW(from_wide, to_wide, MOVEFILE_WRITE_THROUGH) ||
           windows_failed(err, GetLastError(), "rename", path);
}

const struct file_ops windows_file_ops = {
    .query = query,
    .read = read_file,
    .list = list_folder,
    .security = windows_file_security,
    .write = write_file,
    .remove = delete_file,
    .rename = rename_file,
};
