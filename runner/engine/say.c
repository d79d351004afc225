/* SPDX-License-Identifier: MIT */
#include "engine/say.h"

#include "base/limits.h"

static bool is_empty(const struct value *value)
{
    return (value->base == TYPE_LIST || value->base == TYPE_ROWS) && value->as.list.count == 0;
}

static const char *say_part(struct scope *scope, const struct expr *expr, const struct stand_ins *stand_ins)
{
    struct value part = scope_value(scope, expr);
    if (part.state != VALUE_KNOWN) {
        return part.state == VALUE_ABSENT ? stand_ins->absent : stand_ins->unknown;
    }
    if (part.base == TYPE_BOOL && !part.secret) {
        return part.as.boolean ? stand_ins->yes : stand_ins->no;
    }
    return is_empty(&part) ? stand_ins->empty : value_display(scope->arena, &part);
}

static void say_parts(struct scope *scope, const struct expr *items, size_t count, const struct stand_ins *stand_ins,
                      struct buf *buf)
{
    for (size_t i = 0; i < count; i++) {
        buf_text(buf, say_part(scope, &items[i], stand_ins));
    }
}

static bool has_something_to_tell(struct scope *scope, const struct expr *optional)
{
    for (size_t i = 0; i < optional->count; i++) {
        struct value part = scope_value(scope, &optional->items[i]);
        if (part.state != VALUE_KNOWN || is_empty(&part)) {
            return false;
        }
    }
    return true;
}

const char *scope_say(struct scope *scope, const struct expr *expr, const struct stand_ins *stand_ins)
{
    if (expr == NULL) {
        return NULL;
    }
    if (expr->form != EXPR_TEXT) {
        return say_part(scope, expr, stand_ins);
    }
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < expr->count; i++) {
        const struct expr *part = &expr->items[i];
        if (part->form != EXPR_OPTIONAL) {
            say_parts(scope, part, 1, stand_ins, &buf);
        } else if (has_something_to_tell(scope, part)) {
            say_parts(scope, part->items, part->count, stand_ins, &buf);
        }
    }
    return arena_text(scope->arena, buf_string(&buf));
}

struct spoken say_spoken(struct scope *scope, const struct said *said)
{
    static const struct stand_ins en = {
        .absent = "(not set)", .unknown = "(unknown)", .empty = "none", .yes = "yes", .no = "no"};
    static const struct stand_ins ja = {
        .absent = "(未設定)", .unknown = "(不明)", .empty = "なし", .yes = "はい", .no = "いいえ"};
    return (struct spoken){.en = scope_say(scope, said->in[LANGUAGE_EN], &en),
                           .ja = scope_say(scope, said->in[LANGUAGE_JA], &ja)};
}
