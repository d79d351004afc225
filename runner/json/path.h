/* SPDX-License-Identifier: MIT */
/*
 * Private to the room: one spelling of JSON paths for the scan, which has bytes, and the tree, which has values.
 * "$" first, then ".name" or ["any name"] for members and "[3]" for elements.
 */
#ifndef AZMEND_JSON_PATH_H
#define AZMEND_JSON_PATH_H

#include <stddef.h>

#include "base/buf.h"

/* Longer ones are shown as their beginning and "...": the message behind the path matters more than its tail. */
enum { PATH_SHOWN_BYTES = 160 };

void path_member(struct buf *path, const char *name, size_t size);
void path_element(struct buf *path, size_t index);
/* What to print behind the path: "..." when its limit has cut it, else nothing. */
const char *path_tail(const struct buf *path);

#endif
