/* SPDX-License-Identifier: MIT */
#include "channel/tools/sources.h"

#include <string.h>

#include "base/text.h"
#include "host/nouns/file/file.h"
#include "host/port.h"

struct walk {
    struct arena *arena;
    const struct source_sink *sink;
    const char *folder;
    unsigned depth;
};

static void visit(const struct walk *walk, const char *path);

static void refuse(const struct walk *walk, const char *path, const char *why)
{
    const struct fleet_place place = {.file = path};
    walk->sink->refuse(walk->sink->context, &place, why);
}

static void take_name(void *context, const char *name)
{
    const struct walk *walk = context;
    size_t mark = arena_mark(walk->arena);
    size_t size = strlen(walk->folder);
    bool is_ended = size > 0 && (walk->folder[size - 1] == port_separator || walk->folder[size - 1] == '/');
    if (size + strlen(name) + 2 > LIMIT_FLEET_PATH_BYTES) {
        refuse(walk, walk->folder, "a path in it is too long");
    } else {
        const char separator[] = {is_ended ? '\0' : port_separator, '\0'};
        visit(walk, arena_format(walk->arena, "%s%s%s", walk->folder, separator, name));
    }
    arena_release(walk->arena, mark);
}

static void visit_folder(const struct walk *walk, const char *path)
{
    struct walk inner = {.arena = walk->arena, .sink = walk->sink, .folder = path, .depth = walk->depth + 1};
    const struct port_names names = {.context = &inner, .take = take_name};
    struct err err = {0};
    if (inner.depth > LIMIT_FLEET_DEPTH) {
        refuse(walk, path, "folders are nested too deep");
    } else if (!port_folder_each(path, &names, walk->arena, &err)) {
        refuse(walk, path, err.text);
    }
}

/* A link is not followed. */
static void visit(const struct walk *walk, const char *path)
{
    struct file_facts facts = {0};
    struct err err = {0};
    if (!port_path_query(path, &facts, &err)) {
        refuse(walk, path, err.text);
    } else if (!facts.exists) {
        refuse(walk, path, "no such file or folder");
    } else if (facts.form == FILE_IS_FOLDER) {
        visit_folder(walk, path);
    } else {
        sources_file(path, walk->arena, walk->sink);
    }
}

void sources_read(const char *path, struct arena *arena, const struct source_sink *sink)
{
    const struct walk walk = {.arena = arena, .sink = sink};
    visit(&walk, path);
}
