/* SPDX-License-Identifier: MIT */
/*
 * What the files of the POSIX port share: one mapping of errno, and a descriptor that closes itself.
 */
#ifndef AZMEND_HOST_POSIX_POSIX_H
#define AZMEND_HOST_POSIX_POSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "host/port.h"

/* "<verb> <path>: <what the system says>", with the number kept. Returns false. */
bool posix_failed(struct err *err, int number, const char *verb, const char *path);

void posix_close(const int *descriptor); /* for AUTO; takes -1 */

/*
 * Opens without following a link at the end and without waiting for a FIFO's other side; anything but a regular file is
 * ERR_INVALID. The descriptor is the caller's.
 */
bool posix_open_regular(const char *path, int flags, int *ret_descriptor, struct err *err) MUST_CHECK;

/* To the end, at most limit bytes (ERR_LIMIT); path is for messages. */
bool posix_read_all(int descriptor, const char *path, size_t limit, struct buf *ret_bytes, struct err *err) MUST_CHECK;

/* All bytes or a failure; a signal is no failure. */
bool posix_write_all(int descriptor, const void *bytes, size_t size);

/* Of the folder part of path, with its slash; 0: the current folder. */
size_t posix_folder_length(const char *path);

/* Syncs the folder that holds path: a new or renamed name is not on the disk before. */
bool posix_sync_folder_of(const char *path, struct err *err) MUST_CHECK;

/* --- an open folder: what is below it is reached through its descriptor, so nobody can exchange it meanwhile --- */

/* The folder that holds path; a link that another user made is not followed (ERR_REFUSED). */
bool posix_open_folder_of(const char *path, int *ret_folder, struct err *err) MUST_CHECK;
/* As port_file_replace, in `folder`; path is for messages. */
bool posix_replace_in(int folder, const char *name, const char *path, const void *bytes, size_t size, struct err *err)
    MUST_CHECK;
/* As port_folder_list; path is for messages. */
bool posix_list_in(int folder, const char *path, struct arena *arena, const char *const **ret_names, size_t *ret_count,
                   struct err *err) MUST_CHECK;
/* What stands there, in the words of host/nouns/file/file.h. */
struct file_facts posix_facts(const struct stat *facts);
/* The caller's descriptor becomes the appender's; on failure it stays the caller's. */
bool posix_append_to(int descriptor, struct port_appender **ret_appender, struct err *err) MUST_CHECK;
/* As port_lock_take, on a file that is open; the descriptor becomes the lock's, on failure it is closed. */
bool posix_lock(int descriptor, const char *holder, struct arena *arena, struct port_lock **ret_lock,
                const char **ret_holder, struct err *err) MUST_CHECK;

#endif
