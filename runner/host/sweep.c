/* SPDX-License-Identifier: MIT */
/* What a killed writer left in the state folder, on every system the same. */
#include "base/arena.h"
#include "host/port_state.h"

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
        if (port_state_is_left(names[i]) && !port_state_remove(state, path, &failed) && failed.code != ERR_REFUSED) {
            *err = failed;
            return false;
        }
    }
    return true;
}
