/* SPDX-License-Identifier: MIT */
/* The state folder itself: made for SYSTEM and Administrators alone, or found so, or cleared out of the way.
 * claim: state.programdata-rights */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "host/windows/state_private.h"

enum { TRIES = 4 };

static void drop_search(HANDLE *search)
{
    if (*search != INVALID_HANDLE_VALUE) {
        (void)FindClose(*search);
    }
}

static bool is_known(const struct port_state *state, const wchar_t *name)
{
    char narrow_name[STATE_PATH_SIZE];
    return WideCharToMultiByte(CP_UTF8, 0, name, -1, narrow_name, sizeof narrow_name, NULL, NULL) > 0 &&
           port_state_knows(state->known, narrow_name);
}

/* Nothing in it but what a state folder holds, by name. What cannot be listed is not known. */
static bool looks_like_state(const struct port_state *state, bool *ret_empty)
{
    WIN32_FIND_DATAW entry;
    wchar_t *pattern AUTO(drop_wide) = state_joined(state->wide, L"*");
    HANDLE search AUTO(drop_search) =
        pattern == NULL ? INVALID_HANDLE_VALUE
                        : FindFirstFileExW(pattern, FindExInfoBasic, &entry, FindExSearchNameMatch, NULL, 0);
    bool is_state = search != INVALID_HANDLE_VALUE;
    *ret_empty = is_state;
    for (bool found = is_state; found && is_state; found = FindNextFileW(search, &entry)) {
        bool is_dot = wcscmp(entry.cFileName, L".") == 0 || wcscmp(entry.cFileName, L"..") == 0;
        *ret_empty = *ret_empty && is_dot;
        is_state = is_dot || is_known(state, entry.cFileName);
    }
    return is_state;
}

/* An empty folder of our own that others could write, as C:\ hands it down. */
static bool make_private(const struct port_state *state, HANDLE folder, struct err *err)
{
    bool is_empty = false;
    if (!SetKernelObjectSecurity(folder, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                 state->access)) {
        return windows_failed(err, GetLastError(), "make private", state->path);
    }
    return looks_like_state(state, &is_empty) && is_empty ? true : state_refuse(state->path, err);
}

/* False: it stays where it is, and err says why. */
static bool yield_the_name(const struct port_state *state, struct err *err)
{
    const DWORD form = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    BY_HANDLE_FILE_INFORMATION facts = {0};
    HANDLE folder AUTO(drop_handle) =
        CreateFileW(state->wide, STATE_LOOK | WRITE_DAC, STATE_HELD | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                    FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    bool is_seen = folder != INVALID_HANDLE_VALUE && GetFileInformationByHandle(folder, &facts);
    bool is_own = is_seen && trust_owns(&state->trust, folder);
    bool is_folder = is_seen && (facts.dwFileAttributes & form) == FILE_ATTRIBUTE_DIRECTORY;
    bool is_empty = false, is_state = is_folder && looks_like_state(state, &is_empty);
    if (is_folder && is_own && is_empty) {
        return make_private(state, folder, err);
    }
    if (is_seen && !is_folder && is_own) {
        return err_set(err, ERR_REFUSED, 0, "%s is a link or no folder: name the folder itself", state->path);
    }
    bool may_be_users = state->is_chosen && (!is_seen || (is_folder && !is_state));
    if (may_be_users) {
        return err_set(err, ERR_REFUSED, 0,
                       "%s was made by another user or others can write it, and holds other things than a state: name "
                       "another folder, or delete this one; do not take it over",
                       state->path);
    }
    drop_handle(&folder);
    folder = NULL;
    return state_set_aside(state, state->wide, state->path, err);
}

static bool open_root(struct port_state *state, struct err *err)
{
    const struct state_place place = {state->parent, state->wide, state->path};
    return state_open_at(state, &place, &state_as_folder, &state->folder, err);
}

static bool make_root(struct port_state *state, struct err *err)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .lpSecurityDescriptor = state->access};
    for (int i = 0; i < TRIES; i++) {
        struct err failed = {0};
        if (!CreateDirectoryW(state->wide, &attributes) && GetLastError() != ERROR_ALREADY_EXISTS) {
            return windows_failed(err, GetLastError(), "create folder", state->path);
        }
        if (open_root(state, &failed)) {
            return true;
        }
        if (!state_is_foreign(&failed)) {
            *err = failed;
            return false;
        }
        if (!yield_the_name(state, err)) {
            return false;
        }
    }
    return state_refuse(state->path, err);
}

/* What leads to the folder may be a link of the system or of who named it; it is held, too. */
static bool open_parent(struct port_state *state, const char *path, struct err *err)
{
    wchar_t *slash = wcsrchr(state->wide, L'\\');
    wchar_t kept = slash[1]; /* the backslash stays: "C:" alone is no folder */
    slash[1] = L'\0';
    state->parent = CreateFileW(state->wide, FILE_READ_ATTRIBUTES, STATE_HELD | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    DWORD failure = GetLastError();
    slash[1] = kept;
    return state->parent != INVALID_HANDLE_VALUE || windows_failed(err, failure, "open the folder of", path);
}

static bool name_root(struct port_state *state, const struct port_state_order *order, struct err *err)
{
    (void)snprintf(state->path, sizeof state->path, "%s", order->path);
    if (!wide_path_open(order->path, &state->wide, err)) {
        return false;
    }
    size_t size = wcslen(state->wide);
    while (size > 0 && state->wide[size - 1] == L'\\') {
        state->wide[--size] = L'\0';
    }
    if (order->use == PORT_STATE_MAKE) {
        create_parents(state->wide);
    }
    return wcsrchr(state->wide, L'\\') > state->wide + 3
               ? open_parent(state, order->path, err)
               : err_set(err, ERR_INVALID, 0, "%s is a drive, no folder", order->path);
}

static void drop_state(struct port_state **state)
{
    port_state_close(*state);
}

void port_state_close(struct port_state *state)
{
    if (state != NULL) {
        drop_handle(&state->folder);
        drop_handle(&state->parent);
        drop_wide(&state->wide);
        drop_local(&state->access);
        free(state);
    }
}

bool port_state_open(const struct port_state_order *order, struct port_state **ret_state, struct err *err)
{
    struct port_state *state AUTO(drop_state) = calloc(1, sizeof *state);
    if (state == NULL) {
        return err_set(err, ERR_MEMORY, 0, "open %s: no memory", order->path);
    }
    state->is_chosen = order->is_chosen;
    state->known = order->known;
    state->tell = order->tell;
    state->context = order->context;
    if (!trust_open(order->is_chosen, &state->trust, err) || !private_access(&state->access, err) ||
        !name_root(state, order, err) ||
        !(order->use == PORT_STATE_MAKE ? make_root(state, err) : open_root(state, err))) {
        return false;
    }
    *ret_state = state;
    state = NULL;
    return true;
}
