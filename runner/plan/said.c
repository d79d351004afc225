/* SPDX-License-Identifier: MIT */
/* Texts for people: as every text, and with parts in $[...] that are said only when there is something to tell. */
#include <string.h>

#include "plan/builder.h"

static bool names_ref(const struct expr *text)
{
    for (size_t i = 0; i < text->count; i++) {
        if (text->items[i].form == EXPR_REF) {
            return true;
        }
    }
    return false;
}

/* The text between "$[" and its "]". */
static bool optional_build(struct builder *builder, const struct json *at, const char *text, struct expr *ret_part,
                           struct err *err)
{
    struct arena_list pieces = {0};
    struct expr part = {0};
    if (strstr(text, "$[") != NULL) {
        return json_refuse(at, builder->file, err, "\"$[\" inside another one");
    }
    if (!text_pieces(builder, at, text, &pieces, err) || !text_join(builder, at, &pieces, &part, err)) {
        return false;
    }
    if (!names_ref(&part)) {
        return json_refuse(at, builder->file, err, "\"$[%s]\" has no reference that it could hang on", text);
    }
    part.form = EXPR_OPTIONAL;
    *ret_part = part;
    return true;
}

/* text: from "$[" on. Moves it behind the part. */
static bool next_optional(struct builder *builder, const struct json *at, const char **text, struct arena_list *parts,
                          struct err *err)
{
    const char *begin = *text + 2;
    const char *end = strchr(begin, ']');
    if (end == NULL) {
        return json_refuse(at, builder->file, err, "\"$[\" without \"]\"");
    }
    *text = end + 1;
    struct expr *part = arena_push(builder->arena, parts, sizeof(*part));
    return optional_build(builder, at, arena_copy(builder->arena, begin, (size_t)(end - begin)), part, err);
}

static bool text_build(struct builder *builder, const struct json *json, const struct expr **ret_expr, struct err *err)
{
    struct arena_list parts = {0};
    const char *text = json->as.text;
    const char *optional = strstr(text, "$[");
    if (optional == NULL) {
        return expr_build(builder, json, ret_expr, err);
    }
    for (; optional != NULL; optional = strstr(text, "$[")) {
        const char *before = arena_copy(builder->arena, text, (size_t)(optional - text));
        text = optional;
        if (!text_pieces(builder, json, before, &parts, err) || !next_optional(builder, json, &text, &parts, err)) {
            return false;
        }
    }
    struct expr *expr = arena_alloc(builder->arena, sizeof(*expr));
    *ret_expr = expr;
    return text_pieces(builder, json, text, &parts, err) && text_join(builder, json, &parts, expr, err);
}

/* One that stands in the playbook itself. */
static bool inline_build(struct builder *builder, const struct json *json, struct said *ret_said, struct err *err)
{
    struct said_source source = {0};
    if (texts_stand_apart(builder->texts)) {
        return json_refuse(json, builder->file, err, "the texts of this playbook stand in %s",
                           builder->texts->files[LANGUAGE_EN]);
    }
    if (!fields_decode(&said_fields, json, builder->file, builder->arena, &source, err)) {
        return false;
    }
    for (enum language language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
        const struct json *text = json_find(json, language_names[language]);
        if (text != NULL && !text_build(builder, text, &ret_said->in[language], err)) {
            return false;
        }
    }
    return true;
}

static bool apart_build(struct builder *builder, enum language language, const char *const *names,
                        const struct expr **ret_expr, struct err *err)
{
    const struct json *text = NULL;
    const char *file = builder->file;
    if (!texts_find(builder->texts, language, names, builder->arena, &text, err)) {
        return false;
    }
    builder->file = builder->texts->files[language];
    bool built = text_build(builder, text, ret_expr, err);
    builder->file = file;
    return built;
}

bool said_build(struct builder *builder, const struct json *owner, const char *member, const char *const *names,
                struct said *ret_said, struct err *err)
{
    const struct json *json = json_find(owner, member);
    struct said said = {0};
    if (json != NULL) {
        if (!inline_build(builder, json, &said, err)) {
            return false;
        }
    } else if (!texts_stand_apart(builder->texts)) {
        return json_refuse(owner, builder->file, err, "the member \"%s\" is missing (a text for people)", member);
    }
    for (enum language language = LANGUAGE_EN; json == NULL && language < LANGUAGE_COUNT; language++) {
        if (builder->texts->documents[language] != NULL &&
            !apart_build(builder, language, names, &said.in[language], err)) {
            return false;
        }
    }
    *ret_said = said;
    return true;
}

static bool stands_apart(const struct texts *texts, const char *const *names)
{
    const struct json *at = texts->documents[LANGUAGE_EN];
    for (size_t i = 0; at != NULL && names[i] != NULL; i++) {
        at = at->type == JSON_OBJECT ? json_find(at, names[i]) : NULL;
    }
    return at != NULL;
}

bool said_build_optional(struct builder *builder, const struct json *owner, const char *member,
                         const char *const *names, struct said *ret_said, struct err *err)
{
    *ret_said = (struct said){0};
    return (json_find(owner, member) == NULL && !stands_apart(builder->texts, names)) ||
           said_build(builder, owner, member, names, ret_said, err);
}
