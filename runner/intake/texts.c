/* SPDX-License-Identifier: MIT */
#include "intake/texts.h"

#include <string.h>

#include "base/text.h"
#include "host/port.h"
#include "intake/embedded.h"

const char *texts_file_name(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == port_separator) {
            name = at + 1;
        }
    }
    return name;
}

struct texts_beside texts_begin(const struct intake *intake)
{
    return (struct texts_beside){intake->playbooks.count, intake->texts.count};
}

/* "kms-target.ja.json" for "kms-target.json"? */
static bool is_named(const char *name, const char *playbook, enum language language)
{
    size_t length = strlen(playbook) - strlen(".json");
    size_t code = strlen(language_names[language]);
    return strncmp(name, playbook, length) == 0 && name[length] == '.' &&
           strncmp(name + length + 1, language_names[language], code) == 0 &&
           text_equal(name + length + 1 + code, ".json");
}

static bool join(struct intake *intake, size_t first, const struct plan_source *text)
{
    struct plan_source *playbooks = intake->playbooks.items;
    for (size_t i = first; i < intake->playbooks.count; i++) {
        for (enum language language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
            if (is_named(texts_file_name(text->file), texts_file_name(playbooks[i].file), language)) {
                playbooks[i].texts[language] = (struct plan_text){text->file, text->bytes, text->size, NULL};
                return true;
            }
        }
    }
    return false;
}

bool texts_join(struct intake *intake, const struct texts_beside *since, struct err *err)
{
    const struct plan_source *texts = intake->texts.items;
    for (size_t i = since->texts; i < intake->texts.count; i++) {
        if (!join(intake, since->playbooks, &texts[i])) {
            return err_set(
                err, ERR_INVALID, 0,
                "%s: expected PLAYBOOK.LANGUAGE.json, of a playbook in the folder above and a language of --lang",
                texts[i].file);
        }
    }
    return true;
}

void texts_of_embedded(const char *id, struct arena *arena, struct plan_text *ret_texts)
{
    for (enum language language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
        const char *name = arena_format(arena, "%s.%s", id, language_names[language]);
        const struct embedded *file = embedded_find(embedded_texts, name);
        if (file != NULL) {
            ret_texts[language] =
                (struct plan_text){arena_format(arena, "texts/%s", file->name), NULL, 0, file->document};
        }
    }
}
