/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <wchar.h>

#include "host/windows/backend.h"

#define PROFILE_LIST L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"

static bool join(const wchar_t *left, const wchar_t *right, wchar_t **ret_joined, struct err *err)
{
    size_t left_count = wcslen(left), right_count = wcslen(right);
    wchar_t *joined = calloc(left_count + right_count + 1, sizeof *joined);
    if (joined == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    wmemcpy(joined, left, left_count);
    wmemcpy(joined + left_count, right, right_count);
    *ret_joined = joined;
    return true;
}

static bool starts(const wchar_t *text, const wchar_t *prefix)
{
    return _wcsnicmp(text, prefix, wcslen(prefix)) == 0;
}

/* Full as GetFullPathNameW gives it, to the form that the system takes literally. */
static bool make_literal(const wchar_t *full, const char *path, wchar_t **ret_wide, struct err *err)
{
    if (starts(full, L"\\\\.\\")) {
        return err_set(err, ERR_INVALID, 0, "%s names a device", path);
    }
    if (starts(full, L"\\\\?\\")) {
        return join(L"", full, ret_wide, err);
    }
    return starts(full, L"\\\\") ? join(L"\\\\?\\UNC\\", full + 2, ret_wide, err)
                                 : join(L"\\\\?\\", full, ret_wide, err);
}

bool wide_path_open(const char *path, wchar_t **ret_wide, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!wide_open(path, &wide, err)) {
        return false;
    }
    DWORD room = GetFullPathNameW(wide, 0, NULL, NULL);
    wchar_t *full AUTO(drop_wide) = calloc((size_t)room + 1, sizeof *full);
    if (full == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    DWORD count = GetFullPathNameW(wide, room, full, NULL);
    if (count == 0 || count >= room) {
        return windows_failed(err, count == 0 ? GetLastError() : ERROR_FILENAME_EXCED_RANGE, "resolve path", path);
    }
    return make_literal(full, path, ret_wide, err);
}

/*
 * Where the registry says ProgramData is, unexpanded: usually "%SystemDrive%\ProgramData". Not the environment: that is
 * the caller's. MAX_PATH bounds these folders by themselves.
 */
static void find_program_data(wchar_t folder[static MAX_PATH])
{
    DWORD flags = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
    DWORD size = MAX_PATH * sizeof *folder;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, PROFILE_LIST, L"ProgramData", flags, NULL, folder, &size) != ERROR_SUCCESS) {
        static const wchar_t usual[] = L"%SystemDrive%\\ProgramData";
        wmemcpy(folder, usual, COUNT_OF(usual));
    }
}

/* %ProgramData% first: it may stand for another one. */
static bool expand(const wchar_t *path, wchar_t **ret_wide, struct err *err)
{
    wchar_t data[MAX_PATH] = L"", root[MAX_PATH] = L"", drive[3] = L"";
    find_program_data(data);
    if (GetSystemWindowsDirectoryW(root, MAX_PATH) < 3) {
        return windows_failed(err, GetLastError(), "find", "the Windows folder");
    }
    wmemcpy(drive, root, 2);
    const struct {
        const wchar_t *name, *folder;
    } known[] = {{L"%ProgramData%", data}, {L"%SystemRoot%", root}, {L"%windir%", root}, {L"%SystemDrive%", drive}};
    wchar_t *expanded = NULL;
    if (!join(L"", path, &expanded, err)) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        wchar_t *before AUTO(drop_wide) = expanded;
        bool is_named = starts(before, known[i].name);
        if (!join(is_named ? known[i].folder : L"", before + (is_named ? wcslen(known[i].name) : 0), &expanded, err)) {
            return false;
        }
    }
    *ret_wide = expanded;
    return true;
}

/* "C:\...", no second colon: that would name a stream. */
static bool is_plain(const wchar_t *path)
{
    bool has_letter = (path[0] >= L'A' && path[0] <= L'Z') || (path[0] >= L'a' && path[0] <= L'z');
    return has_letter && path[1] == L':' && path[2] == L'\\' && wcschr(path + 2, L':') == NULL;
}

bool machine_path_open(const char *path, wchar_t **ret_wide, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    wchar_t *expanded AUTO(drop_wide) = NULL;
    if (!wide_open(path, &wide, err) || !expand(wide, &expanded, err)) {
        return false;
    }
    for (wchar_t *at = expanded; *at != L'\0'; at++) {
        *at = *at == L'/' ? L'\\' : *at;
    }
    if (!is_plain(expanded)) {
        return err_set(err, ERR_INVALID, 0, "%s is no path with a drive", path);
    }
    return join(L"\\\\?\\", expanded, ret_wide, err);
}
