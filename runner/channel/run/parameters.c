/* SPDX-License-Identifier: MIT */
#include "channel/run/parameters.h"

#include <inttypes.h>
#include <string.h>

/* The text that the command line would take: a list is its elements with commas between them. NULL: no such value. */
static const char *spell(const struct json *value, struct arena *arena)
{
    const char *text = "";
    switch (value->type) {
    case JSON_TEXT:
        return value->as.text;
    case JSON_BOOL:
        return value->as.boolean ? "true" : "false";
    case JSON_INT:
        return arena_format(arena, "%" PRId64, value->as.integer);
    case JSON_ARRAY:
        for (uint32_t i = 0; i < value->count && text != NULL; i++) {
            const struct json *item = &value->as.items[i];
            bool is_plain = item->type == JSON_TEXT && strchr(item->as.text, ',') == NULL;
            text = is_plain ? arena_format(arena, "%s%s%s", text, i == 0 ? "" : ",", item->as.text) : NULL;
        }
        return text;
    case JSON_NULL:
    case JSON_OBJECT:
        break;
    }
    return NULL;
}

bool parameters_collect(const struct json *object, struct arena *arena, struct option_texts *texts,
                        const struct json **ret_bad)
{
    *ret_bad = object;
    if (object->type != JSON_OBJECT || object->count > COUNT_OF(texts->items)) {
        return false;
    }
    for (uint32_t i = 0; i < object->count; i++) {
        const struct json *member = &object->as.items[i];
        const char *text = spell(member, arena);
        if (text == NULL || member->name[0] == '\0' || strchr(member->name, '=') != NULL) {
            *ret_bad = member;
            return false;
        }
        texts->items[texts->count++] = arena_format(arena, "%s=%s", member->name, text);
    }
    return true;
}
