/* SPDX-License-Identifier: MIT */
/*
 * A file replaced as a whole: written beside, synced, renamed over. Who writes holds a lock on what it writes, which
 * dies with it; so the next one knows a file that nobody will rename any more, and takes it away.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "host/port.h"
#include "host/posix/posix.h"

enum { TRIES = 20, SWEPT_MOST = 4096 /* names of a folder that are looked at */ };

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

static bool is_left(int folder, const char *name)
{
    struct stat facts;
    int file AUTO(posix_close) = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    return file >= 0 && fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == geteuid() &&
           flock(file, LOCK_EX | LOCK_NB) == 0;
}

/* Tidiness is no reason not to write. */
static void sweep(const char *path)
{
    char name[PATH_MAX];
    int length = (int)posix_folder_length(path);
    (void)snprintf(name, sizeof name, "%.*s", length == 0 ? 1 : length, length == 0 ? "." : path);
    DIR *folder AUTO(close_folder) = opendir(name);
    struct dirent *entry = folder == NULL ? NULL : readdir(folder);
    for (int i = 0; entry != NULL && i < SWEPT_MOST; i++, entry = readdir(folder)) {
        bool is_ours =
            text_starts(entry->d_name, PORT_TEMPORARY_PREFIX) && text_ends(entry->d_name, PORT_TEMPORARY_SUFFIX);
        if (is_ours && is_left(dirfd(folder), entry->d_name)) {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
}

/* ".azmend-<16 hex>.tmp" in the folder of path, created and locked by us alone. */
static bool create_beside(const char *path, char temporary[static PATH_MAX], int *ret_descriptor, struct err *err)
{
    uint64_t chance = 0;
    if (!port_random(&chance, sizeof chance, err)) {
        return false;
    }
    int length = snprintf(temporary, PATH_MAX, "%.*s" PORT_TEMPORARY_PREFIX "%016llx" PORT_TEMPORARY_SUFFIX,
                          (int)posix_folder_length(path), path, (unsigned long long)chance);
    if (length >= PATH_MAX) {
        return posix_failed(err, ENAMETOOLONG, "replace", path);
    }
    if (!posix_open_regular(temporary, O_WRONLY | O_CREAT | O_EXCL, ret_descriptor, err)) {
        return false;
    }
    (void)flock(*ret_descriptor, LOCK_EX | LOCK_NB); /* a file system without locks has no sweeping either */
    return true;
}

static bool fill_and_sync(int descriptor, const char *temporary, const void *bytes, size_t size, struct err *err)
{
    if (!posix_write_all(descriptor, bytes, size)) {
        return posix_failed(err, errno, "write", temporary);
    }
    return fsync(descriptor) == 0 || posix_failed(err, errno, "sync", temporary);
}

static bool replace_once(const char *path, const void *bytes, size_t size, bool *ret_swept, struct err *err)
{
    char temporary[PATH_MAX];
    int descriptor AUTO(posix_close) = -1;
    *ret_swept = false;
    if (!create_beside(path, temporary, &descriptor, err)) {
        return false;
    }
    if (!fill_and_sync(descriptor, temporary, bytes, size, err)) {
        (void)unlink(temporary);
        return false;
    }
    if (rename(temporary, path) != 0) {
        *ret_swept = errno == ENOENT;
        (void)posix_failed(err, errno, "replace", path);
        (void)unlink(temporary);
        return false;
    }
    return posix_sync_folder_of(path, err);
}

/* Between creating and locking, another process may have taken ours for one that was left. */
bool port_file_replace(const char *path, const void *bytes, size_t size, struct err *err)
{
    bool is_swept = false;
    bool is_replaced = false;
    sweep(path);
    for (int i = 0; i < TRIES && !is_replaced && (i == 0 || is_swept); i++) {
        is_replaced = replace_once(path, bytes, size, &is_swept, err);
    }
    return is_replaced;
}
