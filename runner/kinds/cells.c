/* SPDX-License-Identifier: MIT */
#include "kinds/cells.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/registry/registry.h"

const char *const wants_true[] = {"true", NULL};
const char *const wants_false[] = {"false", NULL};

struct value cell_failed(struct arena *arena, const struct err *err)
{
    return value_unknown(arena_text(arena, err->text));
}

struct value cell_text(struct arena *arena, const char *text)
{
    if (text == NULL) {
        return value_absent();
    }
    size_t size = strlen(text);
    size_t bad = 0;
    if (size > LIMIT_TEXT_BYTES) {
        return value_unknown_format(arena, "a text of %zu bytes, longer than %d", size, LIMIT_TEXT_BYTES);
    }
    if (!text_is_utf8(text, size, &bad)) {
        return value_unknown_format(arena, "not UTF-8 at byte %zu", bad);
    }
    return value_text(arena_text(arena, text));
}

static const char *word_of(const char *const *words, const char *text)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (text_equal(words[i], text)) {
            return words[i];
        }
    }
    return NULL;
}

struct value cell_checked(struct arena *arena, const struct column *column, const char *text)
{
    if (text == NULL || *text == '\0') {
        return value_absent();
    }
    if (column->words != NULL) {
        const char *word = word_of(column->words, text);
        return word != NULL ? value_text(word) : value_unknown_format(arena, "no known %s", column->name);
    }
    if (column->shape != SHAPE_FREE && !shape_accepts(column->shape, text)) {
        return value_unknown_format(arena, "%s does not look like one", column->name);
    }
    return cell_text(arena, text);
}

struct value cell_hresult(struct arena *arena, uint32_t code)
{
    return value_text(arena_format(arena, "0x%08" PRIX32, code));
}

struct value cell_registry_text(struct arena *arena, struct host *host, const char *key, const char *name)
{
    struct err err = {0};
    struct registry_value value = {0};
    if (!host_registry_query(host, key, name, &value, &err)) {
        return cell_failed(arena, &err);
    }
    if (!value.exists) {
        return value_absent();
    }
    if (value.text == NULL) {
        return value_unknown_format(arena, "%s is no text (type %" PRIu32 ", %zu bytes)", name, value.type, value.size);
    }
    return cell_text(arena, value.text);
}

struct value cell_when_known(unsigned known, unsigned bit, struct value value)
{
    return (known & bit) != 0 ? value : value_unknown("the system did not tell");
}

struct value cell_days_until(int64_t then, int64_t now)
{
    enum { DAY = 86400 };
    int64_t seconds = then - now;
    return value_int(seconds >= 0 ? seconds / DAY : (seconds - DAY + 1) / DAY);
}

struct value cell_unreached(struct arena *arena, const struct net_reply *reply)
{
    return value_unknown_format(arena, "%s after %" PRId64 " ms%s%s%s", net_outcome_names[reply->outcome],
                                reply->elapsed_ms, reply->detail != NULL ? " (" : "",
                                reply->detail != NULL ? reply->detail : "", reply->detail != NULL ? ")" : "");
}

struct value cell_outcome(struct arena *arena, const struct net_reply *reply)
{
    return reply->outcome == NET_FAILED ? cell_unreached(arena, reply) : value_text(net_outcome_names[reply->outcome]);
}

struct value cell_addresses(struct arena *arena, const struct net_reply *reply)
{
    bool is_answer = reply->outcome == NET_ANSWERED || reply->outcome == NET_NO_NAME || reply->outcome == NET_NO_DATA;
    if (!is_answer) {
        return cell_unreached(arena, reply);
    }
    size_t count = reply->address_count < LIMIT_ADDRESSES ? reply->address_count : LIMIT_ADDRESSES;
    struct value *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = cell_text(arena, reply->addresses[i].text);
    }
    return value_list(TYPE_TEXT, items, count);
}

const char *wanted_text(const struct value *cell)
{
    return cell->state == VALUE_KNOWN && cell->base == TYPE_TEXT ? cell->as.text : NULL;
}

bool wanted_bool(const struct value *cell, bool otherwise)
{
    return cell->state == VALUE_KNOWN && cell->base == TYPE_BOOL ? cell->as.boolean : otherwise;
}

int64_t wanted_int(const struct value *cell, int64_t otherwise)
{
    return cell->state == VALUE_KNOWN && cell->base == TYPE_INT ? cell->as.integer : otherwise;
}

/* --- parameters --- */

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
