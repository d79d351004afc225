/* SPDX-License-Identifier: MIT */
/* Which names in the state folder are this program's, on every system the same. */
#include "base/text.h"
#include "host/port_state.h"

bool port_state_is_left(const char *name)
{
    return text_starts(name, PORT_TEMPORARY_PREFIX) && text_ends(name, PORT_TEMPORARY_SUFFIX);
}

bool port_state_knows(const char *const *known, const char *name)
{
    return text_word(known, name) >= 0 || port_state_is_left(name) || text_contains(name, PORT_STATE_ASIDE);
}
