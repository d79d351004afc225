/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "host/port.h"
#include "host/posix/posix.h"

enum { HOLDER_BYTES = 512 };

struct port_appender {
    int descriptor;
};

bool posix_append_to(int descriptor, struct port_appender **ret_appender, struct err *err)
{
    struct port_appender *appender = malloc(sizeof *appender);
    if (appender == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to append to a file");
    }
    appender->descriptor = descriptor;
    *ret_appender = appender;
    return true;
}

bool port_appender_open(const char *path, struct port_appender **ret_appender, struct err *err)
{
    int descriptor = -1;
    if (!posix_open_regular(path, O_WRONLY | O_CREAT | O_APPEND, &descriptor, err)) {
        return false;
    }
    if (!posix_sync_folder_of(path, err) || !posix_append_to(descriptor, ret_appender, err)) {
        posix_close(&descriptor);
        return false;
    }
    return true;
}

static bool sync_now(int descriptor)
{
    return fdatasync(descriptor) == 0;
}

static bool sync_later(int descriptor)
{
    return descriptor >= 0;
}

/* A line that did not go out whole is taken back: the next one must not grow onto its torso. */
static bool append(struct port_appender *appender, const void *bytes, size_t size, bool (*sync)(int descriptor),
                   struct err *err)
{
    off_t start = lseek(appender->descriptor, 0, SEEK_END);
    if (start < 0) {
        return posix_failed(err, errno, "append to", "the journal");
    }
    if (!posix_write_all(appender->descriptor, bytes, size) || !sync(appender->descriptor)) {
        int failure = errno;
        (void)!ftruncate(appender->descriptor, start);
        return posix_failed(err, failure, "append to", "the journal");
    }
    return true;
}

bool port_appender_write(struct port_appender *appender, const void *bytes, size_t size, struct err *err)
{
    return append(appender, bytes, size, sync_now, err);
}

bool port_appender_add(struct port_appender *appender, const void *bytes, size_t size, struct err *err)
{
    return append(appender, bytes, size, sync_later, err);
}

bool port_appender_sync(struct port_appender *appender, struct err *err)
{
    return sync_now(appender->descriptor) || posix_failed(err, errno, "sync", "the journal");
}

void port_appender_close(struct port_appender *appender)
{
    if (appender != NULL) {
        posix_close(&appender->descriptor);
        free(appender);
    }
}

struct port_lock {
    int descriptor;
};

static bool busy(int descriptor, struct arena *arena, const char **ret_holder, struct err *err)
{
    char holder[HOLDER_BYTES];
    ssize_t size = 0;
    for (int i = 0; i < PORT_HOLDER_TRIES && size == 0; i++) {
        port_sleep_ms(PORT_HOLDER_PAUSE_MS); /* the name may still be a killed one's */
        size = pread(descriptor, holder, sizeof holder, 0);
    }
    *ret_holder = arena_copy(arena, holder, size > 0 ? (size_t)size : 0);
    return err_set(err, ERR_BUSY, 0, "another run holds the lock: %s", *ret_holder);
}

/* The text is for people and may be lost; the lock itself is the kernel's. */
static void write_holder(int descriptor, const char *holder)
{
    size_t size = strlen(holder);
    bool is_empty = ftruncate(descriptor, 0) == 0;
    (void)!(is_empty && pwrite(descriptor, holder, size < HOLDER_BYTES ? size : HOLDER_BYTES, 0) >= 0);
}

bool posix_lock(int descriptor, const char *holder, struct arena *arena, struct port_lock **ret_lock,
                const char **ret_holder, struct err *err)
{
    int file AUTO(posix_close) = descriptor;
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? busy(file, arena, ret_holder, err) : posix_failed(err, errno, "take", "the lock");
    }
    struct port_lock *lock = malloc(sizeof *lock);
    if (lock == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the lock");
    }
    write_holder(file, holder);
    lock->descriptor = file;
    file = -1;
    *ret_lock = lock;
    *ret_holder = NULL;
    return true;
}

bool port_lock_take(const char *path, const char *holder, struct arena *arena, struct port_lock **ret_lock,
                    const char **ret_holder, struct err *err)
{
    int descriptor = -1;
    return posix_open_regular(path, O_RDWR | O_CREAT, &descriptor, err) &&
           posix_lock(descriptor, holder, arena, ret_lock, ret_holder, err);
}

/* The file stays: removing it would let a third run lock a name that a second one still holds. */
void port_lock_release(struct port_lock *lock)
{
    if (lock != NULL) {
        (void)!ftruncate(lock->descriptor, 0);
        posix_close(&lock->descriptor);
        free(lock);
    }
}
