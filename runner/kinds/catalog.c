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

static const struct value *look_param(const struct look *look, size_t param, enum type_base base)
{
    const struct value *value = &look->params[param];
    return value->state == VALUE_KNOWN && value->base == base ? value : NULL;
}

const char *look_text(const struct look *look, size_t param)
{
    const struct value *value = look_param(look, param, TYPE_TEXT);
    return value != NULL ? value->as.text : NULL;
}

int64_t look_int(const struct look *look, size_t param, int64_t otherwise)
{
    const struct value *value = look_param(look, param, TYPE_INT);
    return value != NULL ? value->as.integer : otherwise;
}

bool look_bool(const struct look *look, size_t param, bool otherwise)
{
    const struct value *value = look_param(look, param, TYPE_BOOL);
    return value != NULL ? value->as.boolean : otherwise;
}
