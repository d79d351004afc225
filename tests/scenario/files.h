/* SPDX-License-Identifier: MIT */
/* The scenario files of a folder, in the order of their names. */
#ifndef AZMEND_TESTS_FILES_H
#define AZMEND_TESTS_FILES_H

#include "base/arena.h"

enum { FILES_MAX = 4096 };

struct files {
    const char *items[FILES_MAX];
    size_t count;
};

/* Adds the scenarios below root; machine documents and files of machines are passed over. Paths: the arena. */
void files_collect(const char *root, struct arena *arena, struct files *files);

#endif
