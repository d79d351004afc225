/* SPDX-License-Identifier: MIT */
/*
 * Whom the state folder trusts, and the access that it is given when it is made.
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
#define SYSTEM_POLICIES L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System"

enum { SDDL_UNITS = 320, DESCRIPTOR_BYTES = 4096 };

/* What lets one change a file or what stands in a folder. */
#define WRITING                                                                                                        \
    (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES | FILE_DELETE_CHILD | DELETE |         \
     WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL | MAXIMUM_ALLOWED)

static bool read_user(struct trust *trust, struct err *err)
{
    HANDLE token AUTO(drop_handle) = NULL;
    DWORD size = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) ||
        !GetTokenInformation(token, TokenUser, trust->user, sizeof trust->user, &size)) {
        return windows_failed(err, GetLastError(), "ask", "who runs this process");
    }
    return true;
}

static PSID user_of(const struct trust *trust)
{
    const void *bytes = trust->user;
    return ((const TOKEN_USER *)bytes)->User.Sid;
}

/*
 * Off: an administrator has no second, weaker token that could make the folder in their name.
 * Source: https://learn.microsoft.com/windows/security/application-security/application-control/user-account-control
 */
static bool is_account_control_off(void)
{
    DWORD value = 1, size = sizeof value;
    return RegGetValueW(HKEY_LOCAL_MACHINE, SYSTEM_POLICIES, L"EnableLUA", RRF_RT_REG_DWORD, NULL, &value, &size) ==
               ERROR_SUCCESS &&
           value == 0;
}

bool trust_open(bool is_chosen, struct trust *ret_trust, struct err *err)
{
    ret_trust->is_user_trusted = port_is_elevated() ? is_account_control_off() : is_chosen;
    return read_user(ret_trust, err);
}

static bool is_trusted(const struct trust *trust, PSID sid)
{
    return IsWellKnownSid(sid, WinLocalSystemSid) || IsWellKnownSid(sid, WinBuiltinAdministratorsSid) ||
           (trust->is_user_trusted && EqualSid(sid, user_of(trust)));
}

static bool is_harmless(const struct trust *trust, void *entry)
{
    const ACE_HEADER *header = entry;
    ACCESS_ALLOWED_ACE *allowed = entry;
    if (header->AceType == ACCESS_DENIED_ACE_TYPE || (header->AceFlags & INHERIT_ONLY_ACE) != 0) {
        return true;
    }
    return header->AceType == ACCESS_ALLOWED_ACE_TYPE &&
           ((allowed->Mask & WRITING) == 0 || is_trusted(trust, &allowed->SidStart));
}

static bool is_private(const struct trust *trust, PSECURITY_DESCRIPTOR descriptor)
{
    PACL list = NULL;
    BOOL is_present = FALSE, is_default = FALSE;
    if (!GetSecurityDescriptorDacl(descriptor, &is_present, &list, &is_default) || !is_present || list == NULL) {
        return false;
    }
    for (DWORD i = 0; i < list->AceCount; i++) {
        void *entry = NULL;
        if (!GetAce(list, i, &entry) || !is_harmless(trust, entry)) {
            return false;
        }
    }
    return true;
}

static bool owns(const struct trust *trust, PSECURITY_DESCRIPTOR descriptor)
{
    PSID owner = NULL;
    BOOL is_default = FALSE;
    return GetSecurityDescriptorOwner(descriptor, &owner, &is_default) && owner != NULL && is_trusted(trust, owner);
}

/* A list that is longer than ours ever is: not ours. */
static bool read_descriptor(HANDLE handle, BYTE descriptor[static DESCRIPTOR_BYTES])
{
    DWORD size = 0;
    return GetKernelObjectSecurity(handle, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, descriptor,
                                   DESCRIPTOR_BYTES, &size);
}

bool trust_accepts(const struct trust *trust, HANDLE handle)
{
    _Alignas(SECURITY_DESCRIPTOR) BYTE descriptor[DESCRIPTOR_BYTES];
    return read_descriptor(handle, descriptor) && owns(trust, descriptor) && is_private(trust, descriptor);
}

bool trust_owns(const struct trust *trust, HANDLE handle)
{
    _Alignas(SECURITY_DESCRIPTOR) BYTE descriptor[DESCRIPTOR_BYTES];
    return read_descriptor(handle, descriptor) && owns(trust, descriptor);
}

/* Elevated: owned by Administrators, so that the same person without elevation cannot change the access back. */
static bool compose(wchar_t text[static SDDL_UNITS], struct err *err)
{
    struct trust trust;
    wchar_t *sid AUTO(drop_local) = NULL;
    if (port_is_elevated()) {
        (void)swprintf(text, SDDL_UNITS, L"O:BAG:SY" PRIVATE_ACCESS);
        return true;
    }
    if (!read_user(&trust, err)) {
        return false;
    }
    if (!ConvertSidToStringSidW(user_of(&trust), &sid)) {
        return windows_failed(err, GetLastError(), "name", "this user");
    }
    (void)swprintf(text, SDDL_UNITS, PRIVATE_ACCESS L"(A;OICI;FA;;;%ls)", sid);
    return true;
}

bool private_access(PSECURITY_DESCRIPTOR *ret_descriptor, struct err *err)
{
    wchar_t text[SDDL_UNITS];
    return compose(text, err) &&
           (ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, ret_descriptor, NULL) ||
            windows_failed(err, GetLastError(), "make", "an access list"));
}
