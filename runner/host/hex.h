/* SPDX-License-Identifier: MIT */
/* Bytes as pairs of hexadecimal digits: in the states of ops and in machine documents. */
#ifndef AZMEND_HOST_HEX_H
#define AZMEND_HOST_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* 0 to 15, either case; -1: no digit. */
int hex_digit(char digit);
/* False: not pairs of digits. Memory: the arena. */
bool hex_decode(struct arena *arena, const char *text, const uint8_t **ret_bytes, size_t *ret_size) MUST_CHECK;
/* Lower case. */
const char *hex_encode(struct arena *arena, const void *bytes, size_t size);
/* Upper case, as Windows writes a certificate's. */
const char *hex_thumbprint(struct arena *arena, const void *digest, size_t size);

#endif
