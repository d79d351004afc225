/* SPDX-License-Identifier: MIT */
#include "intake/beside.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"

#define SCENARIOS "scenarios"
#define MACHINES "machines"
#define JSON ".json"

/* "kms-target/retired-address"; of a machine its name alone. */
static bool add(struct intake *intake, const char *folder, const char *name, struct intake_document document,
                struct err *err)
{
    bool is_machine = text_same(folder, MACHINES);
    struct arena_list *list = is_machine ? &intake->machines : &intake->scenarios;
    size_t length = strlen(name) - strlen(JSON);
    if (list->count == LIMIT_SCENARIOS) {
        return err_set(err, ERR_LIMIT, 0, "%s: more than %d scenarios or machines", document.file, LIMIT_SCENARIOS);
    }
    document.name = is_machine ? arena_copy(intake->arena, name, length)
                               : arena_format(intake->arena, "%s/%.*s", folder, (int)length, name);
    *(struct intake_document *)arena_push(intake->arena, list, sizeof(document)) = document;
    return true;
}

static bool add_folder(struct intake *intake, const char *path, const char *folder, struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_folder_list(path, intake->arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *file = arena_format(intake->arena, "%s%c%s", path, port_separator, names[i]);
        if (text_ends(names[i], JSON) && !add(intake, folder, names[i], (struct intake_document){.file = file}, err)) {
            return false;
        }
    }
    return true;
}

bool beside_folder(struct intake *intake, const char *folder, struct err *err)
{
    const char *root = arena_format(intake->arena, "%s%c" SCENARIOS, folder, port_separator);
    const char *const *names = NULL;
    size_t count = 0;
    if (!port_is_folder(root)) {
        return true;
    }
    if (!port_folder_list(root, intake->arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(intake->arena, "%s%c%s", root, port_separator, names[i]);
        if (port_is_folder(path) && !add_folder(intake, path, names[i], err)) {
            return false;
        }
    }
    return true;
}

bool beside_entry(struct intake *intake, const char *shown, const char *name, const struct pack_entry *entry,
                  struct err *err)
{
    const char *folder = name + strlen(SCENARIOS "/");
    const char *file = text_starts(name, SCENARIOS "/") ? strchr(folder, '/') : NULL;
    if (file == NULL || strchr(file + 1, '/') != NULL || !text_ends(file, JSON)) {
        return true;
    }
    return add(intake, arena_copy(intake->arena, folder, (size_t)(file - folder)), file + 1,
               (struct intake_document){.file = arena_format(intake->arena, "%s/%s", shown, entry->name),
                                        .bytes = entry->bytes,
                                        .size = entry->size},
               err);
}
