/* SPDX-License-Identifier: MIT */
#include "intake/embedded.h"

#include <string.h>

const struct embedded *embedded_find(const struct embedded *list, const char *name)
{
    size_t length = strlen(name);
    for (const struct embedded *file = list; file->name != NULL; file++) {
        if (strncmp(file->name, name, length) == 0 &&
            (file->name[length] == '\0' || strcmp(file->name + length, ".json") == 0)) {
            return file;
        }
    }
    return NULL;
}
