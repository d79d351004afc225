/* SPDX-License-Identifier: MIT */
/*
 * What an operating system must supply for azmend's own process: its files, time, console, worker threads. Two
 * ports: host/posix (the machines of developers: sim only) and host/windows. Nothing here touches the machine under
 * repair.
 */
#ifndef AZMEND_HOST_PORT_H
#define AZMEND_HOST_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

struct host_ops;

/* --- time, chance, threads --- */
int64_t port_now_ms(void); /* monotonic; counts while the machine sleeps where the system can */
int64_t port_utc_ms(void);
void port_sleep_ms(int64_t duration_ms);
bool port_random(void *bytes, size_t size, struct err *err) MUST_CHECK; /* the system's own generator */
/* A detached worker; it must own all it touches. ERR_MEMORY. */
bool port_thread_start(void (*run)(void *), void *argument, struct err *err) MUST_CHECK;
int64_t port_process_id(void);

enum { PORT_SHA256_BYTES = 32 };
/* By the system's own cryptography; ERR_UNSUPPORTED where a policy forbids it. */
bool port_sha256(const void *bytes, size_t size, uint8_t ret_digest[PORT_SHA256_BYTES], struct err *err) MUST_CHECK;

/*
 * One certificate in DER; what is none: exists == false. The bytes are copied into the arena.
 * A signed message in DER: what it holds and whether its signature is right. Both ask nothing of the machine.
 */
struct certificate;
struct crypto_message;
bool port_certificate_read(const void *der, size_t size, struct arena *arena, struct certificate *ret_certificate,
                           struct err *err) MUST_CHECK;
bool port_message_open(const void *bytes, size_t size, struct arena *arena, struct crypto_message *ret_message,
                       struct err *err) MUST_CHECK;

/* --- azmend's own files; paths are UTF-8, native --- */

/* Regular files only (a FIFO or device is refused before reading, never waited on); at most limit bytes (ERR_LIMIT). */
bool port_file_read(const char *path, size_t limit, struct buf *ret_bytes, struct err *err) MUST_CHECK;
/* Beside with an unguessable, recognisable name, all bytes, synced, renamed over; each failure is reported. What a
 * killed one left in the same folder goes with the first write of this process there; a living one's stays. A link
 * under the name is replaced, not followed. */
bool port_file_replace(const char *path, const void *bytes, size_t size, struct err *err) MUST_CHECK;
/* The same, for the owner and the administrators alone from its first moment on. */
bool port_file_replace_private(const char *path, const void *bytes, size_t size, struct err *err) MUST_CHECK;
bool port_file_remove(const char *path, struct err *err) MUST_CHECK; /* absent: true */
#define PORT_TEMPORARY_PREFIX ".azmend-"
#define PORT_TEMPORARY_SUFFIX ".tmp"
/* An empty one; absent: true. ERR_BUSY, ERR_IO: something is in it. */
bool port_folder_remove(const char *path, struct err *err) MUST_CHECK;
bool port_is_folder(const char *path);
/* What stands at a path; a link is not followed: FILE_IS_OTHER. Absent: exists == false. */
struct file_facts;
bool port_path_query(const char *path, struct file_facts *ret_facts, struct err *err) MUST_CHECK;
/* Names in a folder, sorted, NULL-ended, in the arena. ERR_NOT_FOUND. */
bool port_folder_list(const char *path, struct arena *arena, const char *const **ret_names, size_t *ret_count,
                      struct err *err) MUST_CHECK;
/* Each name in a folder, however many there are, in the order of the file system. What `take` allocates in the arena is
 * gone when it returns. */
struct port_names {
    void *context;
    void (*take)(void *context, const char *name);
};
bool port_folder_each(const char *path, const struct port_names *names, struct arena *arena, struct err *err)
    MUST_CHECK;
/* A regular file of any size, piece by piece. ret_size 0: its end. */
struct port_reader;
bool port_reader_open(const char *path, struct port_reader **ret_reader, struct err *err) MUST_CHECK;
/* What is sent to this process on its standard input. ERR_NOT_FOUND: it has none. */
bool port_reader_open_input(struct port_reader **ret_reader, struct err *err) MUST_CHECK;
bool port_reader_read(struct port_reader *reader, void *bytes, size_t size, size_t *ret_size, struct err *err)
    MUST_CHECK;
void port_reader_close(struct port_reader *reader); /* takes NULL */
/* Creates the folder (and its parents) for this user and the administrators alone; one that somebody else owns, a link
 * or a junction is ERR_DENIED. */
bool port_folder_create_private(const char *path, struct err *err) MUST_CHECK;
/* "%ProgramData%\azmend" or "$XDG_STATE_HOME/azmend": the default state folder. */
bool port_state_folder(struct arena *arena, const char **ret_path, struct err *err) MUST_CHECK;
extern const char port_separator; /* '\\' or '/' */

/*
 * An append-only file. What was added outlives this process, what was synced outlives a power cut. A line that fails is
 * taken back; those before it stay.
 */
struct port_appender;
bool port_appender_open(const char *path, struct port_appender **ret_appender, struct err *err) MUST_CHECK;
/* Synced before it returns, and all that was added before with it. */
bool port_appender_write(struct port_appender *appender, const void *bytes, size_t size, struct err *err) MUST_CHECK;
/* Handed to the system, which writes it when it likes. */
bool port_appender_add(struct port_appender *appender, const void *bytes, size_t size, struct err *err) MUST_CHECK;
bool port_appender_sync(struct port_appender *appender, struct err *err) MUST_CHECK;
void port_appender_close(struct port_appender *appender); /* takes NULL */

/* A kernel lock that dies with the process. ERR_BUSY: ret_holder (arena) says who, as the holder wrote it. */
struct port_lock;
/* Between taking the lock and writing who took it a moment passes; who comes then waits so long for the name. */
enum { PORT_HOLDER_TRIES = 5, PORT_HOLDER_PAUSE_MS = 100 };
bool port_lock_take(const char *path, const char *holder, struct arena *arena, struct port_lock **ret_lock,
                    const char **ret_holder, struct err *err) MUST_CHECK;
void port_lock_release(struct port_lock *lock); /* takes NULL */

/* --- this program as a process --- */

/* Full path of the running program, as the system knows it. */
bool port_program(struct arena *arena, const char **ret_path, struct err *err) MUST_CHECK;
/* A variable of the environment; NULL: not set, or empty. */
const char *port_environment(const char *name, struct arena *arena);

/*
 * This program once more, on its own: it outlives the one who started it, is in no process group, session, console or
 * (where the system lets it go) job object of theirs, and has no standard streams. arguments: argv from [1] on,
 * NULL-ended.
 */
struct port_worker;
bool port_worker_start(const char *const *arguments, struct port_worker **ret_worker, struct err *err) MUST_CHECK;
bool port_worker_ended(struct port_worker *worker);
void port_worker_forget(struct port_worker *worker); /* takes NULL; the process goes on */
/*
 * Ends a process at once: it is killed. One that is gone already: true. ERR_REFUSED: it runs another program than this
 * one: the number was given to somebody else.
 */
bool port_process_end(int64_t id, struct err *err) MUST_CHECK;

/* --- console --- */
enum port_stream { PORT_STDOUT, PORT_STDERR };
/* One write where the system allows it; a closed or broken stream is swallowed. UTF-8 in; a Windows console gets
 * UTF-16, a pipe gets the bytes. */
void port_write(enum port_stream stream, const char *bytes, size_t size);
/* Something that port_write was given is lost: a full disk, say. A reader that has gone is no loss. */
bool port_write_failed(enum port_stream stream);
bool port_is_terminal(enum port_stream stream);
/* "ja" when the console code page or the system language is Japanese, else "en". */
const char *port_language(void);

/* --- the system's event log --- */
enum port_event_level { PORT_EVENT_ERROR, PORT_EVENT_WARNING, PORT_EVENT_INFORMATION };
/*
 * One event with one ASCII text, at most LIMIT_EVENT_TEXT, in the Application log. The first time it registers the
 * source, so that viewers show the text: ids are 1 to 1000, those of the message table that every Windows has. At
 * most LIMIT_EVENT_WRITE_MS. ERR_UNSUPPORTED: this system has no such log.
 */
bool port_event_write(const char *source, enum port_event_level level, uint16_t id, const char *text, struct err *err)
    MUST_CHECK;

/* --- code pages --- */
enum port_page {
    PORT_PAGE_OEM, /* what console programs write: 437, 850, 932, ... */
    PORT_PAGE_ANSI /* what editors and scripts write: 1252, 932, ... */
};
/*
 * Bytes of the machine's code page as UTF-8, in the arena: at most five times their size. False: bytes that the page
 * does not have. The POSIX port stands in for an English (United States) Windows: 437 and 1252.
 * Source: https://learn.microsoft.com/windows/win32/api/stringapiset/nf-stringapiset-multibytetowidechar and
 * https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT
 */
bool port_page_decode(enum port_page page, const void *bytes, size_t size, struct arena *arena, const char **ret_text);

/* --- names, for host/net --- */
enum { PORT_ADDRESS_SIZE = 46 }; /* the longest IPv6 literal and its NUL */
enum port_lookup { PORT_LOOKUP_FOUND, PORT_LOOKUP_NO_NAME, PORT_LOOKUP_NO_DATA, PORT_LOOKUP_FAILED };
struct port_addresses {
    size_t count;
    char texts[LIMIT_ADDRESSES][PORT_ADDRESS_SIZE]; /* canonical literals, in the resolver's order */
};
/*
 * A and AAAA of name by the system's resolver. Blocks as long as the system likes: for worker threads only, which is
 * why it takes no arena. ret_os: what the system said, 0 when found.
 */
enum port_lookup port_resolve(const char *name, struct port_addresses *ret_addresses, uint32_t *ret_os);
/* "/etc/hosts" or "%SystemRoot%\System32\drivers\etc\hosts". */
bool port_hosts_file(struct arena *arena, const char **ret_path, struct err *err) MUST_CHECK;

/* --- the machine behind this process --- */
/* The backend for the real machine, or ERR_UNSUPPORTED where there is none (POSIX). */
bool port_machine_open(const struct host_ops **ret_ops, void **ret_backend, struct err *err) MUST_CHECK;
void port_machine_close(void *backend); /* takes NULL */
/* Elevated, root or SYSTEM? */
bool port_is_elevated(void);

/* The program: called by the port's own entry point with UTF-8 arguments; returns the exit code. */
int azmend_main(int argument_count, char **arguments);

#endif
