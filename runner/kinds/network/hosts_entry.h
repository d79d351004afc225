/* SPDX-License-Identifier: MIT */
/* The hosts file without a name; pure. */
#ifndef AZMEND_KINDS_NETWORK_HOSTS_ENTRY_H
#define AZMEND_KINDS_NETWORK_HOSTS_ENTRY_H

#include "base/buf.h"
#include "host/nouns/file/file.h"

/* Appends the file's bytes as they are, but for the name: a line that keeps an alias keeps its comment, one that has no
 * name left goes whole. */
void hosts_entry_without(struct buf *buf, const struct file_bytes *file, const char *name);

#endif
