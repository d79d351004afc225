/* SPDX-License-Identifier: MIT */
/* What a killed writer left beside a file, on every system the same. */
#include "base/text.h"
#include "host/port.h"

bool port_folder_sweep(const char *path, struct arena *arena, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_folder_list(path, arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_ours = text_starts(names[i], PORT_TEMPORARY_PREFIX) && text_ends(names[i], PORT_TEMPORARY_SUFFIX);
        if (is_ours && !port_file_remove(arena_format(arena, "%s%c%s", path, port_separator, names[i]), err)) {
            return false;
        }
    }
    return true;
}
