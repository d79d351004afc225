/* SPDX-License-Identifier: MIT */
/*
 * A file replaced as a whole, the only place that does it: written beside, synced, put over the old one. At no moment
 * is the old content gone before the new one has its name, but within ReplaceFileW itself, which moves one and then the
 * other: what it leaves when it fails is put right here, what it leaves when the process dies by the next write.
 */
#include <stdlib.h>
#include <wchar.h>

#include "host/nouns/file/file.h"
#include "host/port.h"
#include "host/replacing.h"
#include "host/windows/backend.h"

enum { PAUSE_MS = 10 }; /* before the second try; doubled each time up to REPLACING_PAUSE_MS */

struct replacing {
    const wchar_t *path, *backup;
    const char *name;
    enum file_put put;
};

static bool stands(const wchar_t *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static void pause_before(int attempt)
{
    int pause_ms = PAUSE_MS;
    for (int i = 1; i < attempt && pause_ms < REPLACING_PAUSE_MS; i++) {
        pause_ms *= 2;
    }
    Sleep(attempt == 0 ? 0 : (DWORD)(pause_ms < REPLACING_PAUSE_MS ? pause_ms : REPLACING_PAUSE_MS));
}

/* Never over another file. */
static bool move_to(const wchar_t *from, const wchar_t *to)
{
    for (int i = 0; i < REPLACING_TRIES; i++) {
        pause_before(i);
        if (MoveFileExW(from, to, MOVEFILE_WRITE_THROUGH)) {
            return true;
        }
        if (!replacing_passes(GetLastError())) {
            return false;
        }
    }
    return false;
}

/*
 * ".azmend-NAME.old" in the folder of path: always the same, so that the next write finds what a killed one left, and
 * none that sweeping takes for a file that nobody needs.
 */
static wchar_t *backup_of(const wchar_t *path)
{
    static const wchar_t before[] = L".azmend-", behind[] = L".old";
    const wchar_t *slash = wcsrchr(path, L'\\');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    size_t size = wcslen(path) + wcslen(before) + wcslen(behind) + 1;
    wchar_t *backup = calloc(size, sizeof *backup);
    if (backup != NULL) {
        wmemcpy(backup, path, folder);
        (void)wcscat(wcscat(wcscat(backup, before), path + folder), behind);
    }
    return backup;
}

/* A process that died inside ReplaceFileW: the old file gets its name again, or what is left of it goes. */
static void settle(const struct replacing *replacing)
{
    if (!stands(replacing->backup)) {
        return;
    }
    if (stands(replacing->path)) {
        (void)DeleteFileW(replacing->backup);
    } else {
        (void)move_to(replacing->backup, replacing->path);
    }
}

/* The new name is on the disk when this is. */
static bool sync_name(const struct replacing *replacing, struct err *err)
{
    for (int i = 0; i < REPLACING_TRIES; i++) {
        HANDLE file AUTO(drop_handle) = NULL;
        struct err failed = {0};
        pause_before(i);
        if (file_open_regular(replacing->path, replacing->name, GENERIC_WRITE, OPEN_EXISTING, &file, &failed)) {
            return FlushFileBuffers(file) || windows_failed(err, GetLastError(), "sync", replacing->name);
        }
        *err = failed;
        if (!replacing_passes(failed.os)) {
            break;
        }
    }
    return false;
}

/* One call; false: the system's number. */
static DWORD put_once(const struct replacing *replacing, const wchar_t *replacement)
{
    bool is_kept = replacing->put == FILE_PUT_KEEPING && stands(replacing->path);
    DWORD over = replacing->put == FILE_PUT_PLAIN ? MOVEFILE_REPLACE_EXISTING : 0;
    bool is_put = is_kept ? ReplaceFileW(replacing->path, replacement, replacing->backup, 0, NULL, NULL)
                          : MoveFileExW(replacement, replacing->path, over | MOVEFILE_WRITE_THROUGH);
    return is_put ? ERROR_SUCCESS : GetLastError();
}

/* After a failed call that could have moved the old file: its name stands again, or nothing more can be done. */
static bool put_right(const struct replacing *replacing, const wchar_t *replacement, DWORD failure, struct err *err)
{
    const struct replacing_names names = {stands(replacing->path), stands(replacing->backup), stands(replacement)};
    (void)windows_failed(err, failure, "replace", replacing->name);
    switch (replacing_next(failure, &names)) {
    case REPLACING_AGAIN:
        return true;
    case REPLACING_PUT_BACK:
        return move_to(replacing->backup, replacing->path)
                   ? replacing_passes(failure)
                   : err_context(err, "and the old one could not be moved back from its backup");
    case REPLACING_MOVE_IN:
        return err_context(err, move_to(replacement, replacing->path)
                                    ? "the new one has its name, and the rights of the folder"
                                    : "and the new one could not take its name");
    case REPLACING_GIVE_UP:
    case REPLACING_LOST:
        break;
    }
    return false;
}

/* The new file goes only where the old one, or itself, has the name. */
static void drop_replacement(const struct replacing *replacing, const wchar_t *replacement, bool was_there)
{
    if (!was_there || stands(replacing->path)) {
        (void)DeleteFileW(replacement);
    }
}

static bool try_once(const struct replacing *replacing, const struct file_content *content, bool *ret_again,
                     struct err *err)
{
    wchar_t *replacement AUTO(drop_wide) = NULL;
    bool was_there = stands(replacing->path);
    *ret_again = false;
    if (!file_write_beside(replacing->path, replacing->name, content, &replacement, err)) {
        return false;
    }
    DWORD failure = put_once(replacing, replacement);
    if (failure == ERROR_SUCCESS) {
        return true;
    }
    if (was_there && replacing->put == FILE_PUT_KEEPING) {
        *ret_again = put_right(replacing, replacement, failure, err);
    } else {
        *ret_again = replacing_passes(failure);
        (void)windows_failed(err, failure, "replace", replacing->name);
    }
    drop_replacement(replacing, replacement, was_there);
    return false;
}

bool file_put_over(const wchar_t *path, const char *name, const struct file_content *content, enum file_put put,
                   struct err *err)
{
    wchar_t *backup AUTO(drop_wide) = backup_of(path);
    const struct replacing replacing = {.path = path, .backup = backup, .name = name, .put = put};
    struct err failed = {0};
    bool is_put = false;
    bool is_again = true;
    if (backup == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a path");
    }
    if (put == FILE_PUT_KEEPING) {
        settle(&replacing);
    }
    for (int i = 0; i < REPLACING_TRIES && !is_put && is_again; i++) {
        pause_before(i);
        failed = (struct err){0};
        is_put = try_once(&replacing, content, &is_again, &failed);
    }
    if (!is_put) {
        *err = failed;
        return false;
    }
    if (put == FILE_PUT_PLAIN) {
        return true; /* MOVEFILE_WRITE_THROUGH has synced it */
    }
    (void)(stands(backup) && DeleteFileW(backup));
    return sync_name(&replacing, err);
}
