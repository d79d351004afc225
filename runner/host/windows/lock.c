/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "host/port.h"
#include "host/windows/backend.h"

enum {
    HOLDER_BYTES = 512,
    LOCKED_AT_HIGH = 1, /* the locked byte lies 4 GiB behind the text: a locked range cannot be read by others */
};

struct port_appender {
    HANDLE file;
};

static bool open_for(const char *path, DWORD access, HANDLE *ret_file, struct err *err)
{
    wchar_t *wide AUTO(drop_wide) = NULL;
    return wide_path_open(path, &wide, err) && file_open_regular(wide, path, access, OPEN_ALWAYS, ret_file, err);
}

bool appender_of(HANDLE file, struct port_appender **ret_appender, struct err *err)
{
    struct port_appender *appender = malloc(sizeof *appender);
    if (appender == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to append to a file");
    }
    appender->file = file;
    *ret_appender = appender;
    return true;
}

bool port_appender_open(const char *path, struct port_appender **ret_appender, struct err *err)
{
    HANDLE file AUTO(drop_handle) = NULL;
    if (!open_for(path, GENERIC_WRITE, &file, err) || !appender_of(file, ret_appender, err)) {
        return false;
    }
    file = NULL;
    return true;
}

static bool sync_now(HANDLE file)
{
    return FlushFileBuffers(file);
}

static bool sync_later(HANDLE file)
{
    return file != NULL;
}

/* A line that did not go out whole is taken back: the next one must not grow onto its torso. */
static bool append(struct port_appender *appender, const void *bytes, size_t size, bool (*sync)(HANDLE file),
                   struct err *err)
{
    LARGE_INTEGER start = {0};
    if (!SetFilePointerEx(appender->file, (LARGE_INTEGER){0}, &start, FILE_END)) {
        return windows_failed(err, GetLastError(), "append to", "the journal");
    }
    if (!file_write_all(appender->file, bytes, size) || !sync(appender->file)) {
        DWORD failure = GetLastError();
        bool is_back = SetFilePointerEx(appender->file, start, NULL, FILE_BEGIN) && SetEndOfFile(appender->file);
        return windows_failed(err, failure, is_back ? "append to" : "append whole lines to", "the journal");
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
    return sync_now(appender->file) || windows_failed(err, GetLastError(), "sync", "the journal");
}

void port_appender_close(struct port_appender *appender)
{
    if (appender != NULL) {
        drop_handle(&appender->file);
        free(appender);
    }
}

struct port_lock {
    HANDLE file;
};

static bool busy(HANDLE file, struct arena *arena, const char **ret_holder, struct err *err)
{
    char holder[HOLDER_BYTES];
    DWORD size = 0;
    bool is_read = true;
    for (int i = 0; i < PORT_HOLDER_TRIES && is_read && size == 0; i++) {
        port_sleep_ms(PORT_HOLDER_PAUSE_MS); /* the name may still be a killed one's */
        is_read = ReadFile(file, holder, sizeof holder, &size, NULL);
    }
    *ret_holder = arena_copy(arena, holder, is_read ? size : 0);
    return err_set(err, ERR_BUSY, ERROR_LOCK_VIOLATION, "another run holds the lock: %s", *ret_holder);
}

/* The text is for people and may be lost; the lock itself is the kernel's. */
static void write_holder(HANDLE file, const char *holder)
{
    size_t size = strlen(holder);
    (void)(SetEndOfFile(file) && file_write_all(file, holder, size < HOLDER_BYTES ? size : HOLDER_BYTES) &&
           FlushFileBuffers(file));
}

bool lock_of(HANDLE handle, const char *holder, struct arena *arena, struct port_lock **ret_lock,
             const char **ret_holder, struct err *err)
{
    HANDLE file AUTO(drop_handle) = handle;
    OVERLAPPED range = {.OffsetHigh = LOCKED_AT_HIGH};
    if (!LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &range)) {
        DWORD failure = GetLastError();
        return failure == ERROR_LOCK_VIOLATION ? busy(file, arena, ret_holder, err)
                                               : windows_failed(err, failure, "take", "the lock");
    }
    struct port_lock *lock = malloc(sizeof *lock);
    if (lock == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for the lock");
    }
    write_holder(file, holder);
    lock->file = file;
    file = NULL;
    *ret_lock = lock;
    *ret_holder = NULL;
    return true;
}

bool port_lock_take(const char *path, const char *holder, struct arena *arena, struct port_lock **ret_lock,
                    const char **ret_holder, struct err *err)
{
    HANDLE file = NULL;
    return open_for(path, GENERIC_READ | GENERIC_WRITE, &file, err) &&
           lock_of(file, holder, arena, ret_lock, ret_holder, err);
}

/* The file stays: removing it would let a third run lock a name that a second one still holds. */
void port_lock_release(struct port_lock *lock)
{
    if (lock != NULL) {
        (void)(SetFilePointerEx(lock->file, (LARGE_INTEGER){0}, NULL, FILE_BEGIN) && SetEndOfFile(lock->file));
        drop_handle(&lock->file);
        free(lock);
    }
}
