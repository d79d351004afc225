/* SPDX-License-Identifier: MIT */
#include "plan/builder.h"

bool type_is_scalar(enum type_base base)
{
    return base == TYPE_BOOL || base == TYPE_INT || base == TYPE_TEXT;
}

const char *type_text(const struct type *type)
{
    return type_name(type->base, type->item);
}

struct type type_element(const struct type *type)
{
    struct type element = *type;
    element.base = type->base == TYPE_ROWS ? TYPE_ROW : type->item;
    element.item = TYPE_NONE;
    return element;
}

struct type column_type(const struct column *column)
{
    return (struct type){.base = column->base,
                         .item = column->item,
                         .cells = column->cells,
                         .words = column->words,
                         .shape = column->shape,
                         .secret = (column->flags & COLUMN_SECRET) != 0};
}
