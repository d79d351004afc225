/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <wchar.h>

#include "host/port.h"
#include "host/windows/backend.h"

struct port_reader {
    HANDLE file;
};

/* Takes the handle. */
static bool keep(HANDLE *file, struct port_reader **ret_reader, struct err *err)
{
    struct port_reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to read a file");
    }
    reader->file = *file;
    *file = NULL;
    *ret_reader = reader;
    return true;
}

bool port_reader_open(const char *path, struct port_reader **ret_reader, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    HANDLE file AUTO(drop_handle) = NULL;
    if (!wide_path_open(path, &wide, err) || !file_open_regular(wide, path, GENERIC_READ, OPEN_EXISTING, &file, err)) {
        return false;
    }
    return keep(&file, ret_reader, err);
}

bool port_reader_open_input(struct port_reader **ret_reader, struct err *err)
{
    HANDLE file AUTO(drop_handle) = NULL;
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    HANDLE self = GetCurrentProcess();
    if (input == NULL || input == INVALID_HANDLE_VALUE ||
        !DuplicateHandle(self, input, self, &file, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
        return err_set(err, ERR_NOT_FOUND, 0, "there is no standard input");
    }
    return keep(&file, ret_reader, err);
}

bool port_reader_read(struct port_reader *reader, void *bytes, size_t size, size_t *ret_size, struct err *err)
{
    DWORD got = 0;
    /* A pipe whose writer has closed it: its end. */
    if (!ReadFile(reader->file, bytes, (DWORD)size, &got, NULL) && GetLastError() != ERROR_BROKEN_PIPE) {
        return windows_failed(err, GetLastError(), "read", "a file");
    }
    *ret_size = got;
    return true;
}

void port_reader_close(struct port_reader *reader)
{
    if (reader != NULL) {
        (void)CloseHandle(reader->file);
        free(reader);
    }
}

static void drop_search(HANDLE *search)
{
    if (*search != INVALID_HANDLE_VALUE) {
        (void)FindClose(*search);
    }
}

/* "FOLDER\*"; taken literally, two backslashes in a row are no name. NULL: no memory. */
static wchar_t *all_in(const wchar_t *folder)
{
    size_t count = wcslen(folder);
    count -= count > 0 && folder[count - 1] == L'\\' ? 1 : 0;
    wchar_t *pattern = calloc(count + 3, sizeof *pattern);
    if (pattern != NULL) {
        wmemcpy(pattern, folder, count);
        wmemcpy(pattern + count, L"\\*", 3);
    }
    return pattern;
}

bool port_folder_each(const char *path, const struct port_names *names, struct arena *arena, struct err *err)
{
    WIN32_FIND_DATAW entry;
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_path_open(path, &wide, err)) {
        return false;
    }
    wchar_t *pattern AUTO(drop_wide) = all_in(wide);
    if (pattern == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    HANDLE search AUTO(drop_search) =
        FindFirstFileExW(pattern, FindExInfoBasic, &entry, FindExSearchNameMatch, NULL, 0);
    for (bool found = search != INVALID_HANDLE_VALUE; found; found = FindNextFileW(search, &entry)) {
        size_t mark = arena_mark(arena);
        if (wcscmp(entry.cFileName, L".") != 0 && wcscmp(entry.cFileName, L"..") != 0) {
            names->take(names->context, narrow(arena, entry.cFileName));
        }
        arena_release(arena, mark);
    }
    DWORD end = GetLastError();
    return end == ERROR_NO_MORE_FILES || windows_failed(err, end, "list", path);
}
