/* SPDX-License-Identifier: MIT */
#include "host/hex.h"

#include <string.h>

int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    int folded = digit | 0x20;
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

bool hex_decode(struct arena *arena, const char *text, const uint8_t **ret_bytes, size_t *ret_size)
{
    size_t length = strlen(text);
    uint8_t *bytes = arena_alloc(arena, length / 2 + 1);
    for (size_t i = 0; i + 1 < length; i += 2) {
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i / 2] = (uint8_t)(high * 16 + low);
    }
    if (length % 2 != 0) {
        return false;
    }
    *ret_bytes = bytes;
    *ret_size = length / 2;
    return true;
}

static const char *encode(struct arena *arena, const void *bytes, size_t size, const char *digits)
{
    const uint8_t *source = bytes;
    char *text = arena_alloc(arena, size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[source[i] >> 4U];
        text[2 * i + 1] = digits[source[i] & 15U];
    }
    return text;
}

const char *hex_encode(struct arena *arena, const void *bytes, size_t size)
{
    return encode(arena, bytes, size, "0123456789abcdef");
}

const char *hex_thumbprint(struct arena *arena, const void *digest, size_t size)
{
    return encode(arena, digest, size, "0123456789ABCDEF");
}
