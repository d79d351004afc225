/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the program as it ships: the process ends by SIGKILL just before its K-th call that changes a file.
 *
 *     KILL_AT=K          from 1
 *     KILL_VERB=WORD     only in a process whose third word is this one: enable, worker
 *     KILL_ONCE=FILE     it is made first; where it is there already, nothing is killed any more
 *     KILL_PARENT=1      the parent goes first, as when a machine loses its power
 *
 * Or it is held there, by SIGSTOP, or has another idea of how time passes:
 *
 *     HOLD_BEHIND=TEXT   just behind the call that writes next after one that wrote TEXT; KILL_VERB, KILL_ONCE as above
 *     CLOCK_TIMES=N      its monotonic clock runs N times as fast, its sleeps and the wall clock do not
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 4096, VERB_AT = 2, NANOSECONDS = 1000 * 1000 * 1000 };

/* Third word of this process's command line. */
static bool is_meant(void)
{
    char line[LINE_BYTES] = "";
    const char *wanted = getenv("KILL_VERB");
    int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    long size = syscall(SYS_read, file, line, sizeof line - 1);
    (void)syscall(SYS_close, file);
    const char *word = line;
    for (int i = 0; i < VERB_AT && word < line + size; i++) {
        word += strlen(word) + 1;
    }
    return wanted != NULL && size > 0 && word < line + size && strcmp(word, wanted) == 0;
}

static void reach(void)
{
    static long calls;
    const char *at = getenv("KILL_AT"), *once = getenv("KILL_ONCE");
    if (at == NULL || once == NULL || !is_meant() || ++calls != strtol(at, NULL, 10) ||
        syscall(SYS_openat, AT_FDCWD, once, O_CREAT | O_EXCL | O_WRONLY, 0600) < 0) {
        return;
    }
    if (getenv("KILL_PARENT") != NULL && getppid() > 1) {
        (void)kill(getppid(), SIGKILL);
    }
    (void)kill(getpid(), SIGKILL);
}

static void hold(const void *bytes, size_t size)
{
    static bool is_next;
    const char *text = getenv("HOLD_BEHIND"), *once = getenv("KILL_ONCE");
    if (text == NULL || once == NULL || !is_meant()) {
        return;
    }
    if (!is_next) {
        is_next = memmem(bytes, size, text, strlen(text)) != NULL;
    } else if (syscall(SYS_openat, AT_FDCWD, once, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0) {
        (void)raise(SIGSTOP);
    }
}

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    static long long began_s;
    const char *times = getenv("CLOCK_TIMES");
    long done = syscall(SYS_clock_gettime, clock, ret_time);
    if (done == 0 && clock == CLOCK_BOOTTIME && times != NULL) {
        began_s = began_s != 0 ? began_s : ret_time->tv_sec;
        long long left_ns = (ret_time->tv_sec - began_s) * NANOSECONDS + ret_time->tv_nsec;
        left_ns *= strtol(times, NULL, 10);
        *ret_time = (struct timespec){.tv_sec = began_s + left_ns / NANOSECONDS, .tv_nsec = left_ns % NANOSECONDS};
    }
    return (int)done;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    if ((flags & O_CREAT) != 0) {
        reach();
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    if ((flags & O_CREAT) != 0) {
        reach();
    }
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    if (descriptor > STDERR_FILENO) {
        reach();
    }
    ssize_t written = syscall(SYS_write, descriptor, bytes, size);
    hold(bytes, size);
    return written;
}

int rename(const char *from, const char *to)
{
    reach();
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    reach();
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int unlink(const char *path)
{
    reach();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
    reach();
    return (int)syscall(SYS_unlinkat, folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    reach();
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    reach();
    return (int)syscall(SYS_mkdirat, folder, path, mode);
}
