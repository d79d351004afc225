/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/port.h"
#include "host/sim/sim_private.h"

/* Where Windows is on every simulated machine. */
static const struct {
    const char *variable, *path;
} variables[] = {
    {"%SystemRoot%", "C:\\Windows"},
    {"%windir%", "C:\\Windows"},
    {"%ProgramData%", "C:\\ProgramData"},
    {"%SystemDrive%", "C:"},
};

/* No empty part, none that climbs, no stream, no second drive. */
static bool has_plain_parts(const char *path)
{
    for (const char *part = path; part != NULL; part = strchr(part, '\\')) {
        part += part != path ? 1 : 0;
        size_t length = strcspn(part, "\\");
        bool is_dots = length <= 2 && strspn(part, ".") >= length;
        if (length == 0 || is_dots || memchr(part, ':', length) != NULL) {
            return false;
        }
    }
    return true;
}

const char *sim_file_path(struct arena *arena, const char *path)
{
    const char *start = "";
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        if (text_starts(path, variables[i].variable)) {
            start = variables[i].path;
            path += strlen(variables[i].variable);
            break;
        }
    }
    char *full = arena_format(arena, "%s%s", start, path);
    for (char *at = full; *at != '\0'; at++) {
        *at = *at == '/' ? '\\' : *at;
    }
    char drive = (char)(full[0] | 0x20);
    bool has_drive = drive >= 'a' && drive <= 'z' && full[1] == ':' && full[2] == '\\';
    return has_drive && has_plain_parts(full + 3) ? full : NULL;
}

/* The folder of the document and the fileRoot behind it. */
static const char *root_folder(const struct sim *sim, struct arena *arena)
{
    const char *root = sim->document.file_root;
    size_t length = strlen(sim->file);
    while (length > 0 && sim->file[length - 1] != '/' && sim->file[length - 1] != port_separator) {
        length--;
    }
    bool is_absolute = root[0] == '/' || root[0] == port_separator || (root[0] != '\0' && root[1] == ':');
    return is_absolute ? root : arena_format(arena, "%.*s%s", (int)length, sim->file, root);
}

/* The name as the folder spells it; the machine's names have no case, those below may. */
static const char *spelled(const char *folder, const char *name, struct arena *arena)
{
    const char *const *names = NULL;
    size_t count = 0;
    struct err ignored = {0};
    if (!port_is_folder(folder) || !port_folder_list(folder, arena, &names, &count, &ignored)) {
        return name;
    }
    for (size_t i = 0; i < count; i++) {
        if (text_equal(names[i], name)) {
            return names[i];
        }
    }
    return name;
}

/* One part further down; a link is refused wherever it stands, because it may lead out of the fileRoot. */
static bool descend(const char **path, const char *part, struct arena *arena, struct file_facts *ret_facts,
                    struct err *err)
{
    const char *below = arena_format(arena, "%s%c%s", *path, port_separator, part);
    struct file_facts facts = {0};
    if (!port_path_query(below, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        const char *other = spelled(*path, part, arena);
        below = arena_format(arena, "%s%c%s", *path, port_separator, other);
        if (other != part && !port_path_query(below, &facts, err)) {
            return false;
        }
    }
    if (facts.exists && facts.form == FILE_IS_OTHER) {
        return err_set(err, ERR_DENIED, 0, "%s is a link or no plain file: not followed", below);
    }
    *path = below;
    *ret_facts = facts;
    return true;
}

/* Every part of a folder's path, from the drive on. One that is not there yet is not remembered. */
static bool walk(struct sim *sim, const char *folder, const char **ret_real, struct err *err)
{
    struct arena *arena = sim->arena;
    const char *real = root_folder(sim, arena);
    struct file_facts facts = {0};
    if (!descend(&real, arena_copy(arena, folder, 1), arena, &facts, err)) {
        return false;
    }
    for (const char *part = folder + 2; *part != '\0';) {
        size_t length = strcspn(++part, "\\");
        if (!descend(&real, arena_copy(arena, part, length), arena, &facts, err)) {
            return false;
        }
        part += length;
    }
    sim->walked = facts.exists ? (struct sim_walk){.folder = folder, .real = real} : (struct sim_walk){0};
    *ret_real = real;
    return true;
}

/* Most looks come in runs over one folder: the last one walked is not walked again. */
static bool real_path(struct sim *sim, struct sim_place *place, struct err *err)
{
    const char *name = strrchr(place->path, '\\') + 1;
    size_t length = (size_t)(name - place->path) - 1;
    const struct sim_walk *last = &sim->walked;
    bool is_known =
        last->folder != NULL && strlen(last->folder) == length && strncmp(last->folder, place->path, length) == 0;
    place->real = last->real;
    if (!is_known && !walk(sim, arena_copy(sim->arena, place->path, length), &place->real, err)) {
        return false;
    }
    return descend(&place->real, name, sim->arena, &place->facts, err);
}

bool sim_file_place(struct sim *sim, const char *path, struct sim_place *ret_place, struct err *err)
{
    struct sim_place place = {.path = sim_file_path(sim->arena, path)};
    if (place.path == NULL) {
        return err_set(err, ERR_INVALID, 0, "%s is no path with a drive", path);
    }
    struct sim_node *node = NULL;
    place.knowledge = sim_tree_look(&sim->tables[NOUN_FILE], place.path, &node);
    place.file = (struct sim_file *)node;
    bool is_said = place.knowledge != SIM_UNLISTED && place.knowledge != SIM_ABOVE;
    if (!is_said && sim->document.file_root != NULL && !real_path(sim, &place, err)) {
        return false;
    }
    *ret_place = place;
    return true;
}
