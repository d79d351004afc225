/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/sim/sim_private.h"

bool sim_hex_code(const char *text, uint32_t *ret_code)
{
    size_t length = strlen(text);
    if (!text_starts(text, "0x") || length < 3 || length > 10) {
        return false;
    }
    uint32_t code = 0;
    for (size_t i = 2; i < length; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) {
            return false;
        }
        code = code << 4 | (uint32_t)digit;
    }
    *ret_code = code;
    return true;
}
