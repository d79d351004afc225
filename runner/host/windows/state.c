/* SPDX-License-Identifier: MIT */
/*
 * What is below the state folder. Windows opens by path, so each folder on the way is held open without letting others
 * delete or rename it, is opened as the reparse point that it may be, and has to lie where its path says. Source:
 * https://learn.microsoft.com/windows/win32/fileio/reparse-points-and-file-operations. claim: state.junction
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"
#include "host/nouns/file/file.h"
#include "host/windows/state_private.h"

/* A part on its way. */
struct part {
    const struct port_state *state;
    HANDLE held[PORT_STATE_DEPTH]; /* the folders below the state folder that lead to it */
    size_t count;
    wchar_t *wide;
    char path[STATE_PATH_SIZE];
};

static void drop_part(struct part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        drop_handle(&part->held[i]);
    }
    drop_wide(&part->wide);
}

static HANDLE folder_of(const struct part *part)
{
    return part->count > 0 ? part->held[part->count - 1] : part->state->folder;
}

/* --- opening --- */

bool state_refuse(const char *path, struct err *err)
{
    return err_set(err, ERR_REFUSED, 0, "%s: a link, or others can write it: not trusted and not used", path);
}

static bool final_path(HANDLE handle, wchar_t **ret_path)
{
    DWORD room = GetFinalPathNameByHandleW(handle, NULL, 0, FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);
    wchar_t *path = room == 0 ? NULL : calloc((size_t)room + 1, sizeof *path);
    DWORD count = path == NULL ? 0 : GetFinalPathNameByHandleW(handle, path, room + 1, VOLUME_NAME_DOS);
    *ret_path = path;
    return count > 0 && count <= room;
}

/* Where the system says it lies, not where its path seemed to lead. */
static bool is_directly_below(HANDLE folder, HANDLE handle)
{
    wchar_t *outer AUTO(drop_wide) = NULL;
    wchar_t *inner AUTO(drop_wide) = NULL;
    if (!final_path(folder, &outer) || !final_path(handle, &inner)) {
        return false;
    }
    size_t size = wcslen(outer);
    size -= size > 0 && outer[size - 1] == L'\\' ? 1 : 0; /* a drive */
    return wcslen(inner) > size && CompareStringOrdinal(outer, (int)size, inner, (int)size, TRUE) == CSTR_EQUAL &&
           inner[size] == L'\\' && wcschr(inner + size + 1, L'\\') == NULL;
}

static bool is_ours(const struct trust *trust, HANDLE folder, HANDLE handle, bool *ret_folder)
{
    BY_HANDLE_FILE_INFORMATION facts;
    if (GetFileType(handle) != FILE_TYPE_DISK || !GetFileInformationByHandle(handle, &facts) ||
        (facts.dwFileAttributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE)) != 0) {
        return false;
    }
    *ret_folder = (facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    return (*ret_folder || facts.nNumberOfLinks == 1) && is_directly_below(folder, handle) &&
           trust_accepts(trust, handle);
}

bool state_open_at(const struct port_state *state, const struct state_place *place, const struct state_how *how,
                   HANDLE *ret_handle, struct err *err)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .lpSecurityDescriptor = state->access};
    HANDLE handle AUTO(drop_handle) =
        CreateFileW(place->wide, how->access | STATE_LOOK, how->share, &attributes, how->disposition,
                    FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    bool is_folder = false;
    if (handle == INVALID_HANDLE_VALUE) {
        return windows_failed(err, GetLastError(), "open", place->path);
    }
    if (!is_ours(&state->trust, place->folder, handle, &is_folder) || (!how->is_any && is_folder != how->is_folder)) {
        return state_refuse(place->path, err);
    }
    *ret_handle = handle;
    handle = NULL;
    return true;
}

const struct state_how state_as_folder = {FILE_LIST_DIRECTORY, STATE_HELD, OPEN_EXISTING, true, false};
static const struct state_how as_it_is = {0, STATE_HELD | FILE_SHARE_DELETE, OPEN_EXISTING, false, true};

static bool open_part(const struct part *part, const struct state_how *how, HANDLE *ret_handle, struct err *err)
{
    const struct state_place place = {folder_of(part), part->wide, part->path};
    return state_open_at(part->state, &place, how, ret_handle, err);
}

wchar_t *state_joined(const wchar_t *folder, const wchar_t *name)
{
    size_t size = wcslen(folder), more = wcslen(name);
    wchar_t *path = calloc(size + more + 2, sizeof *path);
    if (path != NULL) {
        wmemcpy(path, folder, size);
        path[size] = L'\\';
        wmemcpy(path + size + 1, name, more);
    }
    return path;
}

/* Opens and holds the folders on the way; the last name is left to the caller. */
static bool walk(struct part *part, struct err *err)
{
    size_t root = wcslen(part->state->wide);
    for (wchar_t *at = wcschr(part->wide + root + 1, L'\\'); at != NULL; at = wcschr(at + 1, L'\\')) {
        must(part->count < PORT_STATE_DEPTH);
        *at = L'\0';
        bool is_open = open_part(part, &state_as_folder, &part->held[part->count], err);
        *at = L'\\';
        if (!is_open) {
            return false;
        }
        part->count++;
    }
    return true;
}

static bool find_part(const struct port_state *state, const char *at, struct part *part, struct err *err)
{
    wchar_t *below AUTO(drop_wide) = NULL;
    *part = (struct part){.state = state};
    must(at[0] != '\0' && strstr(at, "..") == NULL && strpbrk(at, "\\:") == NULL);
    (void)snprintf(part->path, sizeof part->path, "%s\\%s", state->path, at);
    if (!wide_open(at, &below, err)) {
        return false;
    }
    for (wchar_t *letter = below; *letter != L'\0'; letter++) {
        *letter = *letter == L'/' ? L'\\' : *letter;
    }
    part->wide = state_joined(state->wide, below);
    return part->wide != NULL ? walk(part, err) : err_set(err, ERR_MEMORY, 0, "no memory for a path");
}

/* --- what is in the way --- */

static bool is_absent(DWORD failure)
{
    return failure == ERROR_FILE_NOT_FOUND || failure == ERROR_PATH_NOT_FOUND;
}

static void tell(const struct port_state *state, const char *path, uint64_t chance)
{
    char aside[ERR_TEXT_SIZE];
    const char *name = strrchr(path, '\\');
    (void)snprintf(aside, sizeof aside, "%.200s" PORT_STATE_ASIDE "%016llx", name == NULL ? path : name + 1,
                   (unsigned long long)chance);
    if (state->tell != NULL) {
        state->tell(state->context, path, aside);
    }
}

/* A rename does not follow what the name leads to. */
bool state_set_aside(const struct port_state *state, const wchar_t *wide, const char *path, struct err *err)
{
    uint64_t chance = 0;
    wchar_t suffix[64];
    if (!port_random(&chance, sizeof chance, err)) {
        return false;
    }
    (void)swprintf(suffix, COUNT_OF(suffix), L".foreign-%016llx", (unsigned long long)chance);
    size_t size = wcslen(wide), more = wcslen(suffix);
    wchar_t *aside AUTO(drop_wide) = calloc(size + more + 1, sizeof *aside);
    if (aside == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    wmemcpy(aside, wide, size);
    wmemcpy(aside + size, suffix, more);
    if (!MoveFileExW(wide, aside, MOVEFILE_WRITE_THROUGH)) {
        DWORD failure = GetLastError();
        return is_absent(failure) ||
               err_set(err, ERR_REFUSED, failure,
                       "%s was made by another user and cannot be renamed (Windows error %lu): delete it, do not take "
                       "it over",
                       path, (unsigned long)failure);
    }
    tell(state, path, chance);
    return true;
}

bool state_is_foreign(const struct err *failed)
{
    return failed->code == ERR_REFUSED || failed->os == ERROR_ACCESS_DENIED || failed->os == ERROR_CANT_ACCESS_FILE;
}

static bool clear_the_way(const struct part *part, struct err *err)
{
    HANDLE handle AUTO(drop_handle) = NULL;
    struct err failed = {0};
    if (open_part(part, &as_it_is, &handle, &failed) || failed.code == ERR_NOT_FOUND) {
        return true;
    }
    if (!state_is_foreign(&failed)) {
        *err = failed;
        return false;
    }
    return state_set_aside(part->state, part->wide, part->path, err);
}

/* --- what is below it --- */

bool port_state_query(const struct port_state *state, const char *at, struct file_facts *ret_facts, struct err *err)
{
    struct part part AUTO(drop_part) = {0};
    HANDLE handle AUTO(drop_handle) = NULL;
    struct err failed = {0};
    if (find_part(state, at, &part, &failed) && open_part(&part, &as_it_is, &handle, &failed)) {
        return file_look(part.wide, part.path, ret_facts, err);
    }
    if (failed.code != ERR_NOT_FOUND) {
        *err = failed;
        return false;
    }
    *ret_facts = (struct file_facts){0};
    return true;
}

bool port_state_read(const struct port_state *state, const char *at, size_t limit, struct buf *ret_bytes,
                     struct err *err)
{
    static const struct state_how to_read = {GENERIC_READ, STATE_HELD | FILE_SHARE_DELETE, OPEN_EXISTING, false, false};
    struct part part AUTO(drop_part) = {0};
    HANDLE file AUTO(drop_handle) = NULL;
    return find_part(state, at, &part, err) && open_part(&part, &to_read, &file, err) &&
           file_read_all(file, part.path, limit, ret_bytes, err);
}

static bool list(const wchar_t *wide, const char *path, struct arena *arena, const char *const **ret_names,
                 size_t *ret_count, struct err *err)
{
    struct file_names names;
    if (!folder_names(wide, path, arena, &names, err)) {
        return false;
    }
    *ret_names = names.items;
    *ret_count = names.count;
    return true;
}

bool port_state_list(const struct port_state *state, const char *at, struct arena *arena, const char *const **ret_names,
                     size_t *ret_count, struct err *err)
{
    struct part part AUTO(drop_part) = {0};
    HANDLE folder AUTO(drop_handle) = NULL;
    if (at[0] == '\0') {
        return list(state->wide, state->path, arena, ret_names, ret_count, err);
    }
    return find_part(state, at, &part, err) && open_part(&part, &state_as_folder, &folder, err) &&
           list(part.wide, part.path, arena, ret_names, ret_count, err);
}

bool port_state_make_folder(const struct port_state *state, const char *at, struct err *err)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .lpSecurityDescriptor = state->access};
    struct part part AUTO(drop_part) = {0};
    HANDLE folder AUTO(drop_handle) = NULL;
    if (!find_part(state, at, &part, err) || !clear_the_way(&part, err)) {
        return false;
    }
    if (!CreateDirectoryW(part.wide, &attributes) && GetLastError() != ERROR_ALREADY_EXISTS) {
        return windows_failed(err, GetLastError(), "create folder", part.path);
    }
    return open_part(&part, &state_as_folder, &folder, err);
}

bool port_state_replace(const struct port_state *state, const char *at, const void *bytes, size_t size, struct err *err)
{
    const struct file_content content = {bytes, size, state->access};
    struct part part AUTO(drop_part) = {0};
    return find_part(state, at, &part, err) && clear_the_way(&part, err) &&
           file_put_over(part.wide, part.path, &content, FILE_PUT_PLAIN, err);
}

static const struct state_how to_append = {GENERIC_WRITE, STATE_HELD | FILE_SHARE_DELETE, OPEN_ALWAYS, false, false};
static const struct state_how to_lock = {GENERIC_READ | GENERIC_WRITE, STATE_HELD | FILE_SHARE_DELETE, OPEN_ALWAYS,
                                         false, false};

bool port_state_append(const struct port_state *state, const char *at, struct port_appender **ret_appender,
                       struct err *err)
{
    struct part part AUTO(drop_part) = {0};
    HANDLE file AUTO(drop_handle) = NULL;
    if (!find_part(state, at, &part, err) || !clear_the_way(&part, err) || !open_part(&part, &to_append, &file, err) ||
        !appender_of(file, ret_appender, err)) {
        return false;
    }
    file = NULL;
    return true;
}

bool port_state_lock(const struct port_state *state, const char *at, const char *holder, struct arena *arena,
                     struct port_lock **ret_lock, struct err *err)
{
    struct part part AUTO(drop_part) = {0};
    const char *other = NULL;
    HANDLE file = NULL;
    return find_part(state, at, &part, err) && clear_the_way(&part, err) && open_part(&part, &to_lock, &file, err) &&
           lock_of(file, holder, arena, ret_lock, &other, err);
}

/* By its handle: what was looked at is what goes. */
static bool remove_open(HANDLE handle, const char *path, struct err *err)
{
    FILE_DISPOSITION_INFO gone = {.DeleteFile = TRUE};
    return SetFileInformationByHandle(handle, FileDispositionInfo, &gone, sizeof gone) ||
           windows_failed(err, GetLastError(), "remove", path);
}

static bool remove_part(const struct port_state *state, const char *at, bool is_folder, struct err *err)
{
    const struct state_how to_remove = {DELETE, STATE_HELD | FILE_SHARE_DELETE, OPEN_EXISTING, is_folder, false};
    struct part part AUTO(drop_part) = {0};
    HANDLE handle AUTO(drop_handle) = NULL;
    struct err failed = {0};
    if (find_part(state, at, &part, &failed) && open_part(&part, &to_remove, &handle, &failed)) {
        return remove_open(handle, part.path, err);
    }
    if (failed.code != ERR_NOT_FOUND) {
        *err = failed;
    }
    return failed.code == ERR_NOT_FOUND;
}

bool port_state_remove(const struct port_state *state, const char *at, struct err *err)
{
    return remove_part(state, at, false, err);
}

bool port_state_remove_folder(struct port_state *state, const char *at, struct err *err)
{
    static const struct state_how to_remove = {DELETE, STATE_HELD | FILE_SHARE_DELETE, OPEN_EXISTING, true, false};
    HANDLE folder AUTO(drop_handle) = NULL;
    if (at[0] != '\0') {
        return remove_part(state, at, true, err);
    }
    drop_handle(&state->folder); /* held so that nobody deletes it, not even we */
    state->folder = NULL;
    const struct state_place place = {state->parent, state->wide, state->path};
    return state_open_at(state, &place, &to_remove, &folder, err) && remove_open(folder, state->path, err);
}
