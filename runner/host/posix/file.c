/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/port.h"
#include "host/posix/posix.h"

void posix_close(const int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

bool posix_open_regular(const char *path, int flags, int *ret_descriptor, struct err *err)
{
    int opened = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
    if (opened < 0) {
        return posix_failed(err, errno, "open", path);
    }
    struct stat facts;
    if (fstat(opened, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        (void)close(opened);
        return err_set(err, ERR_INVALID, 0, "open %s: not a regular file", path);
    }
    *ret_descriptor = opened;
    return true;
}

bool posix_write_all(int descriptor, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t written = write(descriptor, (const char *)bytes + done, size - done);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written > 0 ? (size_t)written : 0;
    }
    return true;
}

size_t posix_folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

bool posix_sync_folder_of(const char *path, struct err *err)
{
    char folder[PATH_MAX];
    int length = (int)posix_folder_length(path);
    if (snprintf(folder, sizeof folder, "%.*s", length == 0 ? 1 : length, length == 0 ? "." : path) >= PATH_MAX) {
        return posix_failed(err, ENAMETOOLONG, "sync the folder of", path);
    }
    int descriptor AUTO(posix_close) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) != 0) {
        return posix_failed(err, errno, "sync folder", folder);
    }
    return true;
}

static bool too_large(const char *path, size_t limit, struct err *err)
{
    return err_set(err, ERR_LIMIT, 0, "read %s: more than %zu bytes", path, limit);
}

/* Seen before a byte is read; a file may grow meanwhile. */
static bool has_more(int descriptor, size_t limit)
{
    struct stat facts;
    return fstat(descriptor, &facts) == 0 && facts.st_size > 0 && (uintmax_t)facts.st_size > limit;
}

bool posix_read_all(int descriptor, const char *path, size_t limit, struct buf *ret_bytes, struct err *err)
{
    if (has_more(descriptor, limit)) {
        return too_large(path, limit, err);
    }
    struct buf bytes AUTO(buf_clear);
    buf_init(&bytes, limit);
    char block[4096];
    for (ssize_t got = 1; got != 0;) {
        got = read(descriptor, block, sizeof block);
        if (got < 0 && errno != EINTR) {
            return posix_failed(err, errno, "read", path);
        }
        buf_add(&bytes, block, got > 0 ? (size_t)got : 0);
        if (bytes.failed) {
            return too_large(path, limit, err);
        }
    }
    *ret_bytes = bytes;
    bytes = (struct buf){0};
    return true;
}

bool port_file_read(const char *path, size_t limit, struct buf *ret_bytes, struct err *err)
{
    int descriptor AUTO(posix_close) = -1;
    return posix_open_regular(path, O_RDONLY, &descriptor, err) &&
           posix_read_all(descriptor, path, limit, ret_bytes, err);
}

bool port_file_remove(const char *path, struct err *err)
{
    return unlink(path) == 0 || errno == ENOENT || posix_failed(err, errno, "remove", path);
}
