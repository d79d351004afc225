/* SPDX-License-Identifier: MIT */
/*
 * Which folders this process has swept. What a killed one left half-written is looked for once in each folder: at each
 * write it would cost as many names as were written before.
 */
#ifndef AZMEND_HOST_SWEPT_H
#define AZMEND_HOST_SWEPT_H

#include <stdbool.h>
#include <stddef.h>

/* By the bytes of its path, from any thread. False: it was asked for before. Behind SWEPT_FOLDERS folders: always true.
 */
bool swept_first(const void *path, size_t size);

enum { SWEPT_FOLDERS = 64 }; /* a run writes into some ten */

#endif
