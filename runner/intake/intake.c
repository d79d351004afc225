/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "intake/embedded.h"

static const char *file_name(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == port_separator) {
            name = at + 1;
        }
    }
    return name;
}

static const char *skip_blanks_back(const char *start, const char *at)
{
    while (at > start && strchr(" \t\r\n", at[-1]) != NULL) {
        at--;
    }
    return at;
}

/* Does the document say "member": "word" somewhere? A look at the bytes: reading the JSON is plan_load's work. */
static bool says(const char *bytes, const char *member, const char *word)
{
    size_t length = strlen(member);
    for (const char *found = strstr(bytes, word); found != NULL; found = strstr(found + 1, word)) {
        const char *colon = skip_blanks_back(bytes, found);
        if (colon == bytes || colon[-1] != ':') {
            continue;
        }
        const char *end = skip_blanks_back(bytes, colon - 1);
        if ((size_t)(end - bytes) >= length && memcmp(end - length, member, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Is there already one of this file name, or one that calls itself so? */
static bool holds(const struct intake *intake, const struct arena_list *sources, const char *name)
{
    const struct plan_source *items = sources->items;
    const char *member = sources == &intake->playbooks ? "\"id\"" : "\"table\"";
    const char *word = arena_format(intake->arena, "\"%.*s\"", (int)(strlen(name) - strlen(".json")), name);
    for (size_t i = 0; i < sources->count; i++) {
        if (text_same(file_name(items[i].file), name) || says(items[i].bytes, member, word)) {
            return true;
        }
    }
    return false;
}

static void add(struct intake *intake, struct arena_list *sources, struct plan_source source)
{
    struct plan_source *added = arena_push(intake->arena, sources, sizeof(*added));
    *added = source;
}

static void add_embedded(struct intake *intake, struct arena_list *sources, const struct embedded *file, bool selected)
{
    if (!holds(intake, sources, file->name)) {
        add(intake, sources,
            (struct plan_source){.file = file->name, .bytes = file->bytes, .size = file->size, .selected = selected});
    }
}

static bool add_file(struct intake *intake, struct arena_list *sources, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    if (++intake->file_count > LIMIT_PLAYBOOKS * 2) {
        return err_set(err, ERR_LIMIT, 0, "more than %d playbook and table files", LIMIT_PLAYBOOKS * 2);
    }
    buf_init(&bytes, LIMIT_PLAYBOOK_BYTES);
    if (!port_file_read(path, LIMIT_PLAYBOOK_BYTES, &bytes, err)) {
        return false;
    }
    struct buf *kept = arena_push(intake->arena, &intake->bytes, sizeof(*kept));
    *kept = bytes;
    bytes = (struct buf){0};
    add(intake, sources,
        (struct plan_source){
            .file = arena_text(intake->arena, path), .bytes = buf_string(kept), .size = kept->size, .selected = true});
    return true;
}

/* Every *.json of the folder; ret_found: how many. */
static bool add_files(struct intake *intake, struct arena_list *sources, const char *folder, size_t *ret_found,
                      struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    size_t found = 0;
    if (!port_folder_list(folder, intake->arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!text_ends(names[i], ".json") || text_ends(names[i], ".schema.json")) {
            continue;
        }
        const char *path = arena_format(intake->arena, "%s%c%s", folder, port_separator, names[i]);
        if (!add_file(intake, sources, path, err)) {
            return false;
        }
        found++;
    }
    *ret_found = found;
    return true;
}

static bool add_folder(struct intake *intake, const char *folder, struct err *err)
{
    const char *tables = arena_format(intake->arena, "%s%ctables", folder, port_separator);
    size_t found = 0;
    if (!add_files(intake, &intake->playbooks, folder, &found, err)) {
        return false;
    }
    if (found == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "%s: no playbook (*.json) in this folder", folder);
    }
    return !port_is_folder(tables) || add_files(intake, &intake->tables, tables, &found, err);
}

static bool is_archive_or_url(const char *name)
{
    static const char *const endings[] = {".zip", ".tar", ".tgz", ".gz"};
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (text_ends(name, endings[i])) {
            return true;
        }
    }
    return strstr(name, "://") != NULL;
}

static bool add_named(struct intake *intake, const char *name, struct err *err)
{
    if (is_archive_or_url(name)) {
        return err_set(err, ERR_INVALID, 0,
                       "--playbook %s: this version takes the ID of a built-in playbook, a FILE or a DIR; no archive, "
                       "no URL",
                       name);
    }
    const struct embedded *built_in = embedded_find(embedded_playbooks, name);
    if (built_in != NULL && !text_ends(name, ".json")) {
        add_embedded(intake, &intake->playbooks, built_in, true);
        return true;
    }
    if (port_is_folder(name)) {
        return add_folder(intake, name, err);
    }
    if (!add_file(intake, &intake->playbooks, name, err)) {
        return err->code == ERR_NOT_FOUND
                   ? err_set(err, ERR_NOT_FOUND, err->os,
                             "--playbook %s: neither a built-in playbook (azmend list) nor a file or folder", name)
                   : err_context(err, "--playbook");
    }
    return true;
}

bool intake_collect(const char *const *names, size_t count, struct arena *arena, struct intake *ret_intake,
                    struct err *err)
{
    struct intake intake AUTO(intake_clear) = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        if (!add_named(&intake, names[i], err)) {
            return false;
        }
    }
    for (const struct embedded *file = embedded_playbooks; file->name != NULL; file++) {
        add_embedded(&intake, &intake.playbooks, file, count == 0);
    }
    for (const struct embedded *file = embedded_tables; file->name != NULL; file++) {
        add_embedded(&intake, &intake.tables, file, true);
    }
    *ret_intake = intake;
    intake = (struct intake){0};
    return true;
}

void intake_clear(struct intake *intake)
{
    struct buf *bytes = intake->bytes.items;
    for (size_t i = 0; i < intake->bytes.count; i++) {
        buf_clear(&bytes[i]);
    }
    *intake = (struct intake){0};
}
