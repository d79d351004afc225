/* SPDX-License-Identifier: MIT */
#include "host/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { DIGIT_BITS = 6, BYTE_BITS = 8, GROUP = 4 };

/* 0 to 63; -1: no digit. */
static int digit_of(char letter)
{
    const char *found = letter != '\0' ? strchr(digits, letter) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

/* What stands behind the last digit: padding that fills the group, and blanks. */
static bool ends_well(const char *rest, size_t digit_count)
{
    size_t padding = 0;
    for (; *rest != '\0'; rest++) {
        if (*rest == '=') {
            padding++;
        } else if (!is_blank(*rest)) {
            return false;
        }
    }
    size_t in_group = digit_count % GROUP;
    return in_group == 0 ? padding == 0 : in_group != 1 && padding == GROUP - in_group;
}

bool base64_decode(struct arena *arena, const char *text, const uint8_t **ret_bytes, size_t *ret_size)
{
    uint8_t *bytes = arena_alloc(arena, strlen(text) / GROUP * 3 + 3);
    size_t size = 0;
    size_t digit_count = 0;
    uint32_t held = 0; /* bits that do not make a byte yet */
    unsigned held_bits = 0;
    for (; digit_of(*text) >= 0 || is_blank(*text); text++) {
        if (is_blank(*text)) {
            continue;
        }
        held = held << DIGIT_BITS | (uint32_t)digit_of(*text);
        held_bits += DIGIT_BITS;
        digit_count++;
        if (held_bits >= BYTE_BITS) {
            held_bits -= BYTE_BITS;
            bytes[size++] = (uint8_t)(held >> held_bits);
            held &= (1U << held_bits) - 1;
        }
    }
    if (held != 0 || !ends_well(text, digit_count)) {
        return false;
    }
    *ret_bytes = bytes;
    *ret_size = size;
    return true;
}

const char *base64_encode(struct arena *arena, const void *bytes, size_t size)
{
    const uint8_t *source = bytes;
    char *text = arena_alloc(arena, (size + 2) / 3 * GROUP + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = (uint32_t)source[i] << 16U;
        group |= i + 1 < size ? (uint32_t)source[i + 1] << 8U : 0;
        group |= i + 2 < size ? source[i + 2] : 0;
        text[length++] = digits[group >> 18U];
        text[length++] = digits[group >> 12U & 63U];
        text[length++] = i + 1 < size ? digits[group >> 6U & 63U] : '=';
        text[length++] = i + 2 < size ? digits[group & 63U] : '=';
    }
    return text;
}
