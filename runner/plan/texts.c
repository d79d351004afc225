/* SPDX-License-Identifier: MIT */
/*
 * The texts of a playbook that stand beside it, a document a language: found by name, each exactly once, and none left
 * over. A playbook without such documents holds its texts itself.
 */
#include "base/text.h"
#include "plan/builder.h"

static void note_asked(struct texts *texts, enum language language, const struct json *text, struct arena *arena)
{
    *(const struct json **)arena_push(arena, &texts->asked[language], sizeof(text)) = text;
}

/* "playbook" and "language": a file that lies under the wrong name would say the wrong thing. */
static bool header_fits(struct texts *texts, enum language language, const char *id, struct arena *arena,
                        struct err *err)
{
    const struct {
        const char *member, *wanted;
    } rows[] = {{"playbook", id}, {"language", language_names[language]}};
    const struct json *document = texts->documents[language];
    const char *file = texts->files[language];
    if (!json_want(document, JSON_OBJECT, file, err)) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct json *member = json_find(document, rows[i].member);
        if (member == NULL || member->type != JSON_TEXT || !text_same(member->as.text, rows[i].wanted)) {
            return json_refuse(member != NULL ? member : document, file, err, "expected \"%s\": \"%s\"", rows[i].member,
                               rows[i].wanted);
        }
        note_asked(texts, language, member, arena);
    }
    return true;
}

bool texts_load(const struct plan_text *sources, const char *owner, const char *id, struct arena *arena,
                struct texts *ret_texts, struct err *err)
{
    struct texts texts = {0};
    bool has_any = false;
    for (enum language language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
        const struct plan_text *source = &sources[language];
        const struct json_source origin = {.file = source->file, .limit = LIMIT_PLAYBOOK_BYTES};
        const struct json *document = source->document;
        if (source->file == NULL) {
            continue;
        }
        has_any = true;
        if (document == NULL && !json_load(source->bytes, source->size, &origin, arena, &document, err)) {
            return false;
        }
        texts.files[language] = source->file;
        texts.documents[language] = document;
        if (!header_fits(&texts, language, id, arena, err)) {
            return false;
        }
    }
    if (has_any && texts.documents[LANGUAGE_EN] == NULL) {
        return err_set(err, ERR_INVALID, 0, "%s: it has texts beside it, but none in English (%s.en.json)", owner, id);
    }
    *ret_texts = texts;
    return true;
}

bool texts_stand_apart(const struct texts *texts)
{
    return texts->documents[LANGUAGE_EN] != NULL;
}

bool texts_find(struct texts *texts, enum language language, const char *const *names, struct arena *arena,
                const struct json **ret_text, struct err *err)
{
    const struct json *at = texts->documents[language];
    for (size_t i = 0; names[i] != NULL; i++) {
        const struct json *next = json_find(at, names[i]);
        if (next == NULL) {
            return json_refuse(at, texts->files[language], err, "the text \"%s\" is missing", names[i]);
        }
        at = next;
    }
    if (!json_want(at, JSON_TEXT, texts->files[language], err)) {
        return false;
    }
    note_asked(texts, language, at, arena);
    *ret_text = at;
    return true;
}

/* The next value in document order; NULL: there is none. */
static const struct json *after(const struct json *value)
{
    if (value->type == JSON_OBJECT && value->count > 0) {
        return value->as.items;
    }
    for (; value->parent != NULL; value = value->parent) {
        if (value + 1 < value->parent->as.items + value->parent->count) {
            return value + 1;
        }
    }
    return NULL;
}

static bool is_leaf(const struct json *value)
{
    return value->type != JSON_OBJECT || value->count == 0;
}

static bool was_asked(const struct arena_list *asked, const struct json *text)
{
    const struct json *const *items = asked->items;
    for (size_t i = 0; i < asked->count; i++) {
        if (items[i] == text) {
            return true;
        }
    }
    return false;
}

static bool none_is_left(const struct texts *texts, enum language language, struct err *err)
{
    size_t count = 0;
    for (const struct json *at = texts->documents[language]; at != NULL; at = after(at)) {
        count += is_leaf(at) ? 1 : 0;
    }
    if (count == texts->asked[language].count) {
        return true;
    }
    for (const struct json *at = texts->documents[language]; at != NULL; at = after(at)) {
        if (is_leaf(at) && !was_asked(&texts->asked[language], at)) {
            return json_refuse(at, texts->files[language], err, "the playbook has nothing that this text belongs to");
        }
    }
    return true;
}

bool texts_end(const struct texts *texts, struct err *err)
{
    for (enum language language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
        if (texts->documents[language] != NULL && !none_is_left(texts, language, err)) {
            return false;
        }
    }
    return true;
}
