/* SPDX-License-Identifier: MIT */
/* What the targets of all nouns have in common. */
#include <string.h>

#include "host/gate.h"

/* No character that could end a line or a path early. */
static bool is_printable(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F) {
            return false;
        }
    }
    return text[0] != '\0';
}

bool gate_is_chain(const char *text)
{
    for (const char *at = text;;) {
        size_t size = strcspn(at, "\\");
        bool is_dots = size > 0 && size <= 2 && strspn(at, ".") >= size;
        if (size == 0 || is_dots) {
            return false;
        }
        if (at[size] == '\0') {
            return true;
        }
        at += size + 1;
    }
}

bool gate_is_target(const struct noun_gate *gate, const char *target)
{
    return gate->is_target != NULL && is_printable(target) && gate->is_target(target);
}
