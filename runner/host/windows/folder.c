/* SPDX-License-Identifier: MIT */
/* Private folders, and where the state folder stands. */
#include <stdlib.h>
#include <wchar.h>

#include "host/port.h"
#include "host/windows/backend.h"

/* Looks at the folder through one handle, so that it cannot be exchanged between the look and the change. */
static bool make_private(const wchar_t *wide, const char *path, PSECURITY_DESCRIPTOR descriptor, struct err *err)
{
    const DWORD form = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    struct trust trust;
    BY_HANDLE_FILE_INFORMATION facts;
    HANDLE folder AUTO(drop_handle) = CreateFileW(
        wide, FILE_READ_ATTRIBUTES | READ_CONTROL | WRITE_DAC, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        NULL, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE || !GetFileInformationByHandle(folder, &facts)) {
        return windows_failed(err, GetLastError(), "open folder", path);
    }
    if ((facts.dwFileAttributes & form) != FILE_ATTRIBUTE_DIRECTORY) {
        return err_set(err, ERR_DENIED, 0, "%s is a link or no folder: not trusted", path);
    }
    if (!trust_open(true, &trust, err)) {
        return false;
    }
    if (!trust_owns(&trust, folder)) {
        return err_set(err, ERR_DENIED, 0, "%s belongs to another user: not trusted", path);
    }
    return SetKernelObjectSecurity(folder, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                   descriptor) ||
           windows_failed(err, GetLastError(), "make private", path);
}

void create_parents(wchar_t *wide)
{
    for (wchar_t *at = wcschr(wide + 4, L'\\'); at != NULL; at = wcschr(at + 1, L'\\')) {
        *at = L'\0';
        (void)CreateDirectoryW(wide, NULL);
        *at = L'\\';
    }
}

bool port_folder_create_private(const char *path, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    PSECURITY_DESCRIPTOR descriptor AUTO(drop_local) = NULL;
    if (!wide_path_open(path, &wide, err) || !private_access(&descriptor, err)) {
        return false;
    }
    create_parents(wide);
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .lpSecurityDescriptor = descriptor};
    if (CreateDirectoryW(wide, &attributes)) {
        return true;
    }
    DWORD failure = GetLastError();
    return failure == ERROR_ALREADY_EXISTS ? make_private(wide, path, descriptor, err)
                                           : windows_failed(err, failure, "create folder", path);
}

bool port_state_folder(struct arena *arena, const char **ret_path, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    if (!machine_path_open("%ProgramData%\\azmend", &wide, err)) {
        return false;
    }
    *ret_path = narrow(arena, wide + 4); /* without \\?\: people read it */
    return true;
}
