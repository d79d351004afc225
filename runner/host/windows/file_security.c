/* SPDX-License-Identifier: MIT */
/*
 * Who may use a file, as the system keeps it: self-relative, the list of rights only.
 * Source: https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getfilesecurityw
 */
#include "base/limits.h"
#include "host/windows/backend.h"

enum { TRIES = 4 };

/* Asked with room for what was said last time, since it may grow in between. */
static bool read_descriptor(const wchar_t *path, const char *name, struct arena *arena,
                            struct file_security *ret_security, struct err *err)
{
    DWORD size = 512;
    for (int i = 0; i < TRIES && size <= LIMIT_REGISTRY_BYTES; i++) {
        DWORD room = size;
        uint8_t *bytes = arena_alloc(arena, room);
        if (GetFileSecurityW(path, DACL_SECURITY_INFORMATION, bytes, room, &size)) {
            *ret_security = (struct file_security){.exists = true, .bytes = bytes, .size = room};
            return true;
        }
        if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) {
            return windows_failed(err, GetLastError(), "look who may use", name);
        }
    }
    return err_set(err, ERR_LIMIT, 0, "look who may use %s: the list is too long", name);
}

bool windows_file_security(void *backend, const char *path, struct arena *arena, struct file_security *ret_security,
                           struct err *err)
{
    (void)backend;
    wchar_t *wide AUTO(drop_wide) = NULL;
    struct file_facts facts = {0};
    if (!machine_path_open(path, &wide, err) || !file_look(wide, path, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        *ret_security = (struct file_security){0};
        return true;
    }
    return read_descriptor(wide, path, arena, ret_security, err);
}
