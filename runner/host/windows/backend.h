/* SPDX-License-Identifier: MIT */
/*
 * What the files of the Windows port and backend share: texts, one mapping of error numbers, handles that close
 * themselves, and the functions that windows_ops is made of, one file a noun. The only place with windows.h.
 */
#ifndef AZMEND_HOST_WINDOWS_BACKEND_H
#define AZMEND_HOST_WINDOWS_BACKEND_H

#include <windows.h>

#include "base/arena.h"
#include "base/buf.h"
#include "host/host_ops.h"

struct port_appender;
struct port_lock;

/* --- texts: UTF-8 inside, UTF-16 at the system's door; ill-formed units become U+FFFD both ways --- */
bool wide_open(const char *text, wchar_t **ret_wide, struct err *err) MUST_CHECK; /* heap: AUTO(drop_wide) */
void drop_wide(wchar_t **wide);
char *narrow(struct arena *arena, const wchar_t *wide);
char *narrow_part(struct arena *arena, const wchar_t *wide, size_t count);

/* --- errors: English texts only, FormatMessage speaks the system's language --- */
/* "<verb> <what>: Windows error <number>". Returns false. */
bool windows_failed(struct err *err, DWORD number, const char *verb, const char *what);
/* The same for an HRESULT, kept whole in err.os. */
bool hresult_failed(struct err *err, HRESULT result, const char *verb, const char *what);

/* --- time --- */
/*
 * Seconds since 1970; FILETIME counts 100 ns from 1601.
 * Source: https://learn.microsoft.com/windows/win32/sysinfo/converting-a-time-t-value-to-a-file-time
 */
int64_t unix_seconds(FILETIME time);

/* --- threads --- */
/* Those of port_thread_start; one that is about to end gets a moment. False: one goes on, it was abandoned. */
bool windows_threads_ended(void);

/* --- handles --- */
void drop_handle(HANDLE *handle); /* takes NULL and INVALID_HANDLE_VALUE */
void drop_local(void *memory);    /* a pointer to memory of LocalAlloc */

/* One that the C runtime splits again into exactly these. Heap. */
bool command_line_open(const char *program, const char *const *arguments, size_t count, wchar_t **ret_line,
                       struct err *err) MUST_CHECK;

/* --- paths --- */
/* Absolute and with \\?\ in front, so that length, trailing dots and device names mean nothing special. Heap. */
bool wide_path_open(const char *path, wchar_t **ret_wide, struct err *err) MUST_CHECK;
/*
 * A path of the machine under repair: %SystemRoot%, %windir%, %SystemDrive% and %ProgramData% resolved by the system,
 * never by the environment; then absolute with a drive and no stream, else ERR_INVALID. Heap.
 */
bool machine_path_open(const char *path, wchar_t **ret_wide, struct err *err) MUST_CHECK;
/* Every folder of the path but the last; one that cannot be made fails when the next is. */
void create_parents(wchar_t *wide);

/* --- files, for the port and for the noun --- */
/*
 * Opens without following a reparse point. Anything but a regular file on a disk is ERR_INVALID. `name` is for
 * messages. The handle is the caller's.
 */
bool file_open_regular(const wchar_t *path, const char *name, DWORD access, DWORD disposition, HANDLE *ret_file,
                       struct err *err) MUST_CHECK;
/* Absent: exists == false. A reparse point or device is FILE_IS_OTHER. */
bool file_look(const wchar_t *path, const char *name, struct file_facts *ret_facts, struct err *err) MUST_CHECK;
bool file_write_all(HANDLE file, const void *bytes, size_t size);
struct file_content {
    const void *bytes;
    size_t size;
    PSECURITY_DESCRIPTOR access; /* from its first moment on; NULL: as the folder hands it down */
};
/* Beside path, an unguessable, recognisable name, all bytes, synced and closed. Heap. */
bool file_write_beside(const wchar_t *path, const char *name, const struct file_content *content,
                       wchar_t **ret_temporary, struct err *err) MUST_CHECK;
enum file_put {
    FILE_PUT_PLAIN,   /* over whatever stands there, with the rights that content says: azmend's own files */
    FILE_PUT_KEEPING, /* an existing file keeps its owner, access list and attributes */
};
/*
 * Puts a file of this content in place of path, written through. What is in the way for a moment is waited for, at
 * most REPLACING_TRIES times. When it fails the old file stands, or the error says what does.
 */
bool file_put_over(const wchar_t *path, const char *name, const struct file_content *content, enum file_put put,
                   struct err *err) MUST_CHECK;
/* To the end, at most limit bytes (ERR_LIMIT); name is for messages. */
bool file_read_all(HANDLE file, const char *name, size_t limit, struct buf *ret_bytes, struct err *err) MUST_CHECK;
/* The handle becomes the appender's; on failure it stays the caller's. */
bool appender_of(HANDLE file, struct port_appender **ret_appender, struct err *err) MUST_CHECK;
/* As port_lock_take, on a file that is open; the handle becomes the lock's, on failure it is closed. */
bool lock_of(HANDLE file, const char *holder, struct arena *arena, struct port_lock **ret_lock, const char **ret_holder,
             struct err *err) MUST_CHECK;

/* --- whom the state folder trusts --- */
/*
 * SYSTEM and Administrators; and this user, where who runs as this user cannot have fewer rights than this process:
 * with User Account Control off, or without elevation in a folder that this user chose.
 */
struct trust {
    bool is_user_trusted;
    _Alignas(TOKEN_USER) BYTE user[256]; /* a TOKEN_USER */
};
/* Into its place for good: it points into itself, so it is not copied. */
bool trust_open(bool is_chosen, struct trust *ret_trust, struct err *err) MUST_CHECK;
/* Does it belong to one of them, and may nobody else write it? */
bool trust_accepts(const struct trust *trust, HANDLE handle);
/* The owner alone. */
bool trust_owns(const struct trust *trust, HANDLE handle);
/* "O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"; without elevation this user beside them. AUTO(drop_local). */
bool private_access(PSECURITY_DESCRIPTOR *ret_descriptor, struct err *err) MUST_CHECK;

/* Names in a folder, sorted by bytes. exists false: no such folder. */
bool folder_names(const wchar_t *folder, const char *name, struct arena *arena, struct file_names *ret_names,
                  struct err *err) MUST_CHECK;

/*
 * What a call that waits may take: most_ms, or what is left of the run, at least one: then it ends at once, as overdue.
 * backend NULL: no run.
 */
int64_t windows_wait_ms(const void *backend, int64_t most_ms);

/* --- the nouns --- */
#define WINDOWS_OPS(upper, lower) extern const struct lower##_ops windows_##lower##_ops;
NOUNS(WINDOWS_OPS)
#undef WINDOWS_OPS

bool windows_file_security(void *backend, const char *path, struct arena *arena, struct file_security *ret_security,
                           struct err *err);

#endif
