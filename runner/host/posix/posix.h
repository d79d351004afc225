/* SPDX-License-Identifier: MIT */
/*
 * What the files of the desk's port share: one mapping of errno, and a descriptor that closes itself.
 */
#ifndef AZMEND_HOST_POSIX_POSIX_H
#define AZMEND_HOST_POSIX_POSIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

/* "<verb> <path>: <what the system says>", with the number kept. Returns false. */
bool posix_failed(struct err *err, int number, const char *verb, const char *path);

void posix_close(const int *descriptor); /* for AUTO; takes -1 */

/*
 * Opens without following a link at the end and without waiting for a FIFO's other side; anything but a regular file is
 * ERR_INVALID. The descriptor is the caller's.
 */
bool posix_open_regular(const char *path, int flags, int *ret_descriptor, struct err *err) MUST_CHECK;

/* All bytes or a failure; a signal is no failure. */
bool posix_write_all(int descriptor, const void *bytes, size_t size);

/* Of the folder part of path, with its slash; 0: the current folder. */
size_t posix_folder_length(const char *path);

/* Syncs the folder that holds path: a new or renamed name is not on the disk before. */
bool posix_sync_folder_of(const char *path, struct err *err) MUST_CHECK;

#endif
