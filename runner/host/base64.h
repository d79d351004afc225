/* SPDX-License-Identifier: MIT */
/* Bytes as base64 (RFC 4648, section 4): certificates, signed documents, envelopes. */
#ifndef AZMEND_HOST_BASE64_H
#define AZMEND_HOST_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Blanks and line ends anywhere are passed over; all else is strict: whole groups of four, padding only at the end, no
 * bits left over. False: not base64. Memory: the arena.
 */
bool base64_decode(struct arena *arena, const char *text, const uint8_t **ret_bytes, size_t *ret_size) MUST_CHECK;
/* One line. */
const char *base64_encode(struct arena *arena, const void *bytes, size_t size);

#endif
