/* SPDX-License-Identifier: MIT */
/*
 * A command as it is written: one text, or an array of texts where it is long; blanks tell its arguments apart, before
 * anything is inserted. An argument that has a blank itself is an array of its own. In format 1 each text is one.
 */
#include <string.h>

#include "plan/builder.h"

struct command {
    struct builder *builder;
    struct json *words; /* the array that comes of it */
    struct arena_list items;
};

static void add_word(struct command *command, const struct json *at, const char *text, size_t length)
{
    struct json *word = arena_push(command->builder->arena, &command->items, sizeof(*word));
    *word = (struct json){.parent = command->words,
                          .line = at->line,
                          .type = JSON_TEXT,
                          .as.text = arena_copy(command->builder->arena, text, length)};
}

static bool add_text(struct command *command, const struct json *json, struct err *err)
{
    for (const char *at = json->as.text; at != NULL;) {
        size_t length = strcspn(at, " ");
        if (length == 0) {
            return json_refuse(json, command->builder->file, err, "expected words with single blanks between");
        }
        add_word(command, json, at, length);
        at = at[length] == ' ' ? at + length + 1 : NULL;
    }
    return true;
}

static bool add_part(struct command *command, const struct json *part, struct err *err)
{
    if (part->type == JSON_ARRAY && part->count == 1 && part->as.items[0].type == JSON_TEXT) {
        const char *text = part->as.items[0].as.text;
        add_word(command, part, text, strlen(text));
        return true;
    }
    return json_want(part, JSON_TEXT, command->builder->file, err) && add_text(command, part, err);
}

static bool keeps_words(const struct builder *builder, const struct json *json)
{
    bool is_common = builder->texts == &builder->common_texts;
    int64_t format = is_common ? builder->common->source.format : builder->source->format;
    return json->type != JSON_TEXT && (json->type != JSON_ARRAY || format < 2);
}

bool command_read(struct builder *builder, const struct json *json, const struct json **ret_words, struct err *err)
{
    struct command command = {.builder = builder, .words = arena_alloc(builder->arena, sizeof(*command.words))};
    if (keeps_words(builder, json)) {
        *ret_words = json;
        return true;
    }
    const struct json *parts = json->type == JSON_ARRAY ? json->as.items : json;
    size_t count = json->type == JSON_ARRAY ? json->count : 1;
    *command.words = *json;
    command.words->type = JSON_ARRAY;
    for (size_t i = 0; i < count; i++) {
        if (!add_part(&command, &parts[i], err)) {
            return false;
        }
    }
    command.words->as.items = command.items.items;
    command.words->count = (uint32_t)command.items.count;
    *ret_words = command.words;
    return true;
}
