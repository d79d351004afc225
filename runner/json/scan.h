/* SPDX-License-Identifier: MIT */
/*
 * Private to the room: the strict scan. It accepts or refuses the whole document before a byte of it is decoded, and
 * leaves one mark a value, in document order, from which the tree is built. No recursion; memory is the marks alone.
 */
#ifndef AZMEND_JSON_SCAN_H
#define AZMEND_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/marks.h"

/*
 * Appends the marks of the document to `marks` (initialised by marks_init). ERR_INVALID with "file:line: $.path:
 * what was expected and what was found"; ERR_LIMIT beyond LIMIT_JSON_DEPTH or LIMIT_JSON_VALUES; ERR_MEMORY.
 * n log n in the members of one object, otherwise linear.
 */
bool scan_document(const char *bytes, size_t size, const struct json_source *source, struct buf *marks, struct err *err)
    MUST_CHECK;

/* The number of a scanned JSON_INT; false: not in int64. */
bool scan_int(const char *digits, size_t size, int64_t *ret_number) MUST_CHECK;

#endif
