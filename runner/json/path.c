/* SPDX-License-Identifier: MIT */
#include "json/path.h"

#include <string.h>

static bool is_plain(const char *name, size_t size)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    bool digit_first = size > 0 && name[0] >= '0' && name[0] <= '9';
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '\0' || strchr(allowed, name[i]) == NULL) {
            return false;
        }
    }
    return size > 0 && !digit_first;
}

void path_member(struct buf *path, const char *name, size_t size)
{
    bool plain = is_plain(name, size);
    int shown = size > PATH_SHOWN_BYTES ? PATH_SHOWN_BYTES + 1 : (int)size;
    buf_format(path, plain ? ".%.*s" : "[\"%.*s\"]", shown, name);
}

void path_element(struct buf *path, size_t index)
{
    buf_format(path, "[%zu]", index);
}

const char *path_tail(const struct buf *path)
{
    return path->failed ? "..." : "";
}
