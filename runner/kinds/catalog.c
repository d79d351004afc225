/* SPDX-License-Identifier: MIT */
#include "kinds/catalog.h"

#include "base/text.h"

#define KIND_LISTED(name) &kind_##name,
const struct kind *const kind_catalog[] = {KINDS(KIND_LISTED) NULL};

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        if (text_same(kind_catalog[i]->name, name)) {
            return kind_catalog[i];
        }
    }
    return NULL;
}
