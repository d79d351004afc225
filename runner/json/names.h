/* SPDX-License-Identifier: MIT */
/*
 * Private to the room: names of members as they stand in the bytes, compared by what they mean ("a" is "\u0061").
 */
#ifndef AZMEND_JSON_NAMES_H
#define AZMEND_JSON_NAMES_H

#include "json/marks.h"

/*
 * Looks for a name that stands twice in the object at this mark: *ret_twice is the later member, or NULL. false is
 * ERR_MEMORY. n log n in the members whatever their order, no recursion.
 */
bool names_unique(const char *bytes, const struct buf *marks, size_t object, const struct mark **ret_twice,
                  struct err *err) MUST_CHECK;

/* The four hexadecimal digits of a \u escape; false when less than four stand in `size` bytes. */
bool names_hex(const char *digits, size_t size, uint32_t *ret_unit) MUST_CHECK;

#endif
