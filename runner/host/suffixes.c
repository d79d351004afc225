/* SPDX-License-Identifier: MIT */
#include "host/suffixes.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

#define BETWEEN ", ;\t"

void suffixes_add(struct arena *arena, struct arena_list *suffixes, const char *suffix)
{
    const char **items = suffixes->items;
    bool is_known = suffix == NULL || suffix[0] == '\0' || suffixes->count == LIMIT_SUFFIXES;
    for (size_t i = 0; !is_known && i < suffixes->count; i++) {
        is_known = text_equal(items[i], suffix);
    }
    if (!is_known) {
        *(const char **)arena_push(arena, suffixes, sizeof(char *)) = suffix;
    }
}

void suffixes_add_list(struct arena *arena, struct arena_list *suffixes, const char *list)
{
    if (list == NULL) {
        return;
    }
    for (const char *at = list + strspn(list, BETWEEN); *at != '\0'; at += strspn(at, BETWEEN)) {
        size_t size = strcspn(at, BETWEEN);
        suffixes_add(arena, suffixes, arena_copy(arena, at, size));
        at += size;
    }
}
