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
#include "host/posix/posix.h"
#include "host/swept.h"

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
static void sweep(int folder)
{
    int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing AUTO(close_folder) = own < 0 ? NULL : fdopendir(own);
    struct dirent *entry = listing == NULL ? NULL : readdir(listing);
    for (int i = 0; entry != NULL && i < SWEPT_MOST; i++, entry = readdir(listing)) {
        bool is_ours =
            text_starts(entry->d_name, PORT_TEMPORARY_PREFIX) && text_ends(entry->d_name, PORT_TEMPORARY_SUFFIX);
        if (is_ours && is_left(folder, entry->d_name)) {
            (void)unlinkat(folder, entry->d_name, 0);
        }
    }
}

enum { TEMPORARY_SIZE = 64 };

/* ".azmend-<16 hex>.tmp" in the folder, created and locked by us alone. */
static bool create_beside(int folder, const char *path, char temporary[static TEMPORARY_SIZE], int *ret_descriptor,
                          struct err *err)
{
    uint64_t chance = 0;
    if (!port_random(&chance, sizeof chance, err)) {
        return false;
    }
    (void)snprintf(temporary, TEMPORARY_SIZE, PORT_TEMPORARY_PREFIX "%016llx" PORT_TEMPORARY_SUFFIX,
                   (unsigned long long)chance);
    int created = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (created < 0) {
        return posix_failed(err, errno, "replace", path);
    }
    (void)flock(created, LOCK_EX | LOCK_NB); /* a file system without locks has no sweeping either */
    *ret_descriptor = created;
    return true;
}

static bool fill_and_sync(int descriptor, const char *path, const void *bytes, size_t size, struct err *err)
{
    if (!posix_write_all(descriptor, bytes, size)) {
        return posix_failed(err, errno, "write", path);
    }
    return fsync(descriptor) == 0 || posix_failed(err, errno, "sync", path);
}

struct content {
    const void *bytes;
    size_t size;
};

static bool replace_once(int folder, const char *name, const char *path, const struct content *content, bool *ret_swept,
                         struct err *err)
{
    char temporary[TEMPORARY_SIZE];
    int descriptor AUTO(posix_close) = -1;
    *ret_swept = false;
    if (!create_beside(folder, path, temporary, &descriptor, err)) {
        return false;
    }
    if (!fill_and_sync(descriptor, path, content->bytes, content->size, err)) {
        (void)unlinkat(folder, temporary, 0);
        return false;
    }
    if (renameat(folder, temporary, folder, name) != 0) {
        *ret_swept = errno == ENOENT;
        (void)posix_failed(err, errno, "replace", path);
        (void)unlinkat(folder, temporary, 0);
        return false;
    }
    return fsync(folder) == 0 || posix_failed(err, errno, "sync folder of", path);
}

/* Between creating and locking, another process may have taken ours for one that was left. */
bool posix_replace_in(int folder, const char *name, const char *path, const void *bytes, size_t size, struct err *err)
{
    const struct content content = {bytes, size};
    bool is_swept = false;
    bool is_replaced = false;
    if (swept_first(path, posix_folder_length(path))) {
        sweep(folder);
    }
    for (int i = 0; i < TRIES && !is_replaced && (i == 0 || is_swept); i++) {
        is_replaced = replace_once(folder, name, path, &content, &is_swept, err);
    }
    return is_replaced;
}

bool port_file_replace(const char *path, const void *bytes, size_t size, struct err *err)
{
    int folder AUTO(posix_close) = -1;
    return posix_open_folder_of(path, &folder, err) &&
           posix_replace_in(folder, path + posix_folder_length(path), path, bytes, size, err);
}

/* Every file is made for its owner alone here. */
bool port_file_replace_private(const char *path, const void *bytes, size_t size, struct err *err)
{
    return port_file_replace(path, bytes, size, err);
}
