/* SPDX-License-Identifier: MIT */
/* A document whose members go by other names. */
#include "json/json.h"

struct renaming {
    const char *(*name_of)(const struct json *member);
    struct arena *arena;
};

static void copy(const struct renaming *renaming, const struct json *from, struct json *to);

static void copy_items(const struct renaming *renaming, const struct json *from, struct json *to)
{
    struct json *items = arena_array(renaming->arena, from->count, sizeof(*items));
    for (uint32_t i = 0; i < from->count; i++) {
        copy(renaming, &from->as.items[i], &items[i]);
        items[i].parent = to;
    }
    to->as.items = items;
}

/* Its depth is that of the document, which the scan bounds. */
static void copy(const struct renaming *renaming, const struct json *from, struct json *to)
{
    *to = *from;
    to->name = from->name != NULL ? renaming->name_of(from) : NULL;
    if (from->type == JSON_ARRAY || from->type == JSON_OBJECT) {
        copy_items(renaming, from, to);
    }
}

const struct json *json_renamed(const struct json *document, const char *(*name_of)(const struct json *member),
                                struct arena *arena)
{
    const struct renaming renaming = {.name_of = name_of, .arena = arena};
    struct json *renamed = arena_alloc(arena, sizeof(*renamed));
    copy(&renaming, document, renamed);
    return renamed;
}
