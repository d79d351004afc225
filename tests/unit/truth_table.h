/* SPDX-License-Identifier: MIT */
/*
 * A function of several small dimensions, written as a table that a person can read: values of a dimension that never
 * make a difference to each other are one class, and rows that say the same for every class are one row with a *.
 */
#ifndef AZMEND_TESTS_TRUTH_TABLE_H
#define AZMEND_TESTS_TRUTH_TABLE_H

#include "base/buf.h"

enum { TRUTH_DIMENSIONS = 8 };

struct dimension {
    const char *name;
    const char *const *words;       /* or: */
    const char *(*word)(size_t at); /* valid until the next call */
    size_t count;
};

struct truth_table {
    const struct dimension *dimensions;
    size_t count;
    size_t (*judge)(const size_t *at); /* < 256 */
    const char *(*answer)(size_t answer);
};

/* Judges every combination once and appends the table. */
void truth_table_write(struct buf *buf, const struct truth_table *table);

#endif
