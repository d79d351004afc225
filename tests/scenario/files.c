/* SPDX-License-Identifier: MIT */
#include "files.h"

#include "base/text.h"
#include "host/port.h"

enum { FOLDER_DEPTH = 4 };

/* Folders that hold no scenarios: machine documents to start from, and files of machines. */
static bool is_passed_over(const char *name)
{
    static const char *const names[] = {"machines", "root", "roots", NULL};
    return text_word(names, name) >= 0;
}

static void collect(const char *folder, int depth, struct arena *arena, struct files *files)
{
    const char *const *names = NULL;
    size_t count = 0;
    struct err err = {0};
    if (!port_folder_list(folder, arena, &names, &count, &err)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(arena, "%s/%s", folder, names[i]);
        if (depth < FOLDER_DEPTH && port_is_folder(path) && !is_passed_over(names[i])) {
            collect(path, depth + 1, arena, files);
        } else if (depth > 0 && text_ends(path, ".json") && files->count < FILES_MAX) {
            files->items[files->count++] = path;
        }
    }
}

void files_collect(const char *root, struct arena *arena, struct files *files)
{
    collect(root, 0, arena, files);
}
