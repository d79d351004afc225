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

const char *embedded_sha256(const char *name)
{
    const struct embedded_digest *digest = embedded_digests;
    while (digest->name != NULL && strcmp(digest->name, name) != 0) {
        digest++;
    }
    return digest->sha256;
}
