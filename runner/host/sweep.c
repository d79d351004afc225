/* SPDX-License-Identifier: MIT */
/* What a killed writer left in the state folder, on every system the same. */
#include "base/text.h"
#include "host/port_state.h"

static bool is_left(const char *name)
{
    return text_starts(name, PORT_TEMPORARY_PREFIX) && text_ends(name, PORT_TEMPORARY_SUFFIX);
}

bool port_state_knows(const char *const *known, const char *name)
{
    return text_word(known, name) >= 0 || is_left(name) || text_contains(name, PORT_STATE_ASIDE);
}

bool port_state_sweep(const struct port_state *state, const char *at, struct arena *arena, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_state_list(state, at, arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(arena, "%s%s%s", at, at[0] == '\0' ? "" : "/", names[i]);
        struct err failed = {0};
        if (is_left(names[i]) && !port_state_remove(state, path, &failed) && failed.code != ERR_REFUSED) {
            *err = failed;
            return false;
        }
    }
    return true;
}
