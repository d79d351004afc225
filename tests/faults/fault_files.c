/* SPDX-License-Identifier: MIT */
/* The calls by which the program reads its documents and keeps its state; sockets, pipes and terminals pass. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"

static bool fails(void)
{
    bool strikes = fault_strikes(&fault_files);
    if (strikes) {
        errno = (int)fault_files.what;
    }
    return strikes;
}

static bool is_regular(int descriptor)
{
    struct stat facts;
    return descriptor > STDERR_FILENO && fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return fails() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return fails() ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

ssize_t read(int descriptor, void *bytes, size_t size)
{
    return is_regular(descriptor) && fails() ? -1 : syscall(SYS_read, descriptor, bytes, size);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    return is_regular(descriptor) && fails() ? -1 : syscall(SYS_write, descriptor, bytes, size);
}

int fsync(int descriptor)
{
    return fails() ? -1 : (int)syscall(SYS_fsync, descriptor);
}

int ftruncate(int descriptor, off_t size)
{
    return fails() ? -1 : (int)syscall(SYS_ftruncate, descriptor, size);
}

off_t lseek(int descriptor, off_t offset, int from)
{
    return is_regular(descriptor) && fails() ? -1 : syscall(SYS_lseek, descriptor, offset, from);
}

int flock(int descriptor, int operation)
{
    return fails() ? -1 : (int)syscall(SYS_flock, descriptor, operation);
}

int fchmod(int descriptor, mode_t mode)
{
    return fails() ? -1 : (int)syscall(SYS_fchmod, descriptor, mode);
}

int rename(const char *from, const char *to)
{
    return fails() ? -1 : (int)syscall(SYS_rename, from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return fails() ? -1 : (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

int unlink(const char *path)
{
    return fails() ? -1 : (int)syscall(SYS_unlink, path);
}

int unlinkat(int folder, const char *path, int flags)
{
    return fails() ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    return fails() ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    return fails() ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}
