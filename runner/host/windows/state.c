/* SPDX-License-Identifier: MIT */
/*
 * The state folder: for SYSTEM and Administrators alone; without elevation also for this user.
 * Source: https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/backend.h"
#include <sddl.h>
/* clang-format on */

#define PRIVATE_ACCESS L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

enum { SDDL_UNITS = 320, OWNER_BYTES = 256 };

/* The SID of this process's user, as bytes of a TOKEN_USER. */
static bool read_user(BYTE user[static OWNER_BYTES], struct err *err)
{
    HANDLE token AUTO(drop_handle) = NULL;
    DWORD size = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) ||
        !GetTokenInformation(token, TokenUser, user, OWNER_BYTES, &size)) {
        return windows_failed(err, GetLastError(), "ask", "who runs this process");
    }
    return true;
}

static PSID sid_of(BYTE *user)
{
    void *bytes = user;
    return ((TOKEN_USER *)bytes)->User.Sid;
}

/* Elevated: owned by Administrators, so that the same person without elevation cannot change the access back. */
static bool compose(wchar_t text[static SDDL_UNITS], struct err *err)
{
    if (port_is_elevated()) {
        (void)swprintf(text, SDDL_UNITS, L"O:BAG:SY" PRIVATE_ACCESS);
        return true;
    }
    _Alignas(TOKEN_USER) BYTE user[OWNER_BYTES];
    wchar_t *sid AUTO(drop_local) = NULL;
    if (!read_user(user, err)) {
        return false;
    }
    if (!ConvertSidToStringSidW(sid_of(user), &sid)) {
        return windows_failed(err, GetLastError(), "name", "this user");
    }
    (void)swprintf(text, SDDL_UNITS, PRIVATE_ACCESS L"(A;OICI;FA;;;%ls)", sid);
    return true;
}

static bool describe(PSECURITY_DESCRIPTOR *ret_descriptor, struct err *err)
{
    wchar_t text[SDDL_UNITS];
    return compose(text, err) &&
           (ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, ret_descriptor, NULL) ||
            windows_failed(err, GetLastError(), "make", "the access list of the state folder"));
}

/* This user too: who may elevate can already do whatever a file planted here could. */
static bool is_trusted(PSID owner)
{
    struct err err;
    _Alignas(TOKEN_USER) BYTE user[OWNER_BYTES];
    return IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
           (read_user(user, &err) && EqualSid(owner, sid_of(user)));
}

static bool check_owner(HANDLE folder, const char *path, struct err *err)
{
    _Alignas(SECURITY_DESCRIPTOR) BYTE descriptor[OWNER_BYTES];
    PSID owner = NULL;
    BOOL is_default = FALSE;
    DWORD size = 0;
    if (!GetKernelObjectSecurity(folder, OWNER_SECURITY_INFORMATION, descriptor, sizeof descriptor, &size) ||
        !GetSecurityDescriptorOwner(descriptor, &owner, &is_default)) {
        return windows_failed(err, GetLastError(), "ask the owner of", path);
    }
    return (owner != NULL && is_trusted(owner)) ||
           err_set(err, ERR_DENIED, 0, "%s belongs to somebody else: not trusted", path);
}

/* Looks at the folder through one handle, so that it cannot be exchanged between the look and the change. */
static bool make_private(const wchar_t *wide, const char *path, PSECURITY_DESCRIPTOR descriptor, struct err *err)
{
    const DWORD form = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
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
    if (!check_owner(folder, path, err)) {
        return false;
    }
    return SetKernelObjectSecurity(folder, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                   descriptor) ||
           windows_failed(err, GetLastError(), "make private", path);
}

/* Every folder of the path but the last; one that cannot be made fails when the next is. */
static void create_parents(wchar_t *wide)
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
    if (!wide_path_open(path, &wide, err) || !describe(&descriptor, err)) {
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
