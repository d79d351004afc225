/* SPDX-License-Identifier: MIT */
#include "json/fields.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

struct decoding {
    const char *file;
    struct arena *arena;
};

struct range {
    int64_t min, max;
};

/* What the row says, or the language's own limits. */
static struct range range_of(const struct field *field)
{
    struct range range = {field->min, field->max};
    if (field->type == FIELD_INT && field->min == 0 && field->max == 0) {
        range = (struct range){INT64_MIN, INT64_MAX};
    } else if (field->type == FIELD_TEXT && field->max == 0) {
        range.max = LIMIT_TEXT_BYTES;
    } else if (field->type != FIELD_INT && field->max == 0) {
        range.max = LIMIT_ENTRIES;
    }
    return range;
}

static bool check_range(const struct decoding *decoding, const struct field *field, const struct json *value,
                        int64_t measured, struct err *err)
{
    static const char *const units[] = {
        [FIELD_INT] = "",           [FIELD_TEXT] = " bytes",  [FIELD_TEXTS] = " texts",
        [FIELD_LIST] = " elements", [FIELD_MAP] = " members",
    };
    struct range range = range_of(field);
    if (measured >= range.min && measured <= range.max) {
        return true;
    }
    return json_refuse(value, decoding->file, err, "expected %" PRId64 " to %" PRId64 "%s, found %" PRId64, range.min,
                       range.max, units[field->type], measured);
}

static bool decode_bool(const struct decoding *decoding, const struct field *field, const struct json *value,
                        void *target, struct err *err)
{
    (void)field;
    if (!json_want(value, JSON_BOOL, decoding->file, err)) {
        return false;
    }
    *(bool *)target = value->as.boolean;
    return true;
}

static bool decode_int(const struct decoding *decoding, const struct field *field, const struct json *value,
                       void *target, struct err *err)
{
    if (!json_want(value, JSON_INT, decoding->file, err) ||
        !check_range(decoding, field, value, value->as.integer, err)) {
        return false;
    }
    *(int64_t *)target = value->as.integer;
    return true;
}

static bool decode_text(const struct decoding *decoding, const struct field *field, const struct json *value,
                        void *target, struct err *err)
{
    if (!json_want(value, JSON_TEXT, decoding->file, err) ||
        !check_range(decoding, field, value, (int64_t)strlen(value->as.text), err)) {
        return false;
    }
    *(const char **)target = value->as.text;
    return true;
}

static bool decode_word(const struct decoding *decoding, const struct field *field, const struct json *value,
                        void *target, struct err *err)
{
    if (!json_want(value, JSON_TEXT, decoding->file, err)) {
        return false;
    }
    int word = text_word(field->words, value->as.text);
    if (word >= 0) {
        *(int *)target = word;
        return true;
    }
    struct buf known AUTO(buf_clear) = {0};
    buf_init(&known, ERR_TEXT_SIZE / 2);
    for (size_t i = 0; field->words[i] != NULL; i++) {
        buf_format(&known, "%s%s", i == 0 ? "" : ", ", field->words[i]);
    }
    return json_refuse(value, decoding->file, err, "expected one of %s; found \"%.*s\"", buf_string(&known),
                       (int)text_cut(value->as.text, 64), value->as.text);
}

static bool decode_texts(const struct decoding *decoding, const struct field *field, const struct json *value,
                         void *target, struct err *err)
{
    static const struct field element = {.type = FIELD_TEXT};
    if (!json_want(value, JSON_ARRAY, decoding->file, err) || !check_range(decoding, field, value, value->count, err)) {
        return false;
    }
    const char **texts = arena_array(decoding->arena, value->count, sizeof(*texts));
    for (uint32_t i = 0; i < value->count; i++) {
        if (!decode_text(decoding, &element, &value->as.items[i], &texts[i], err)) {
            return false;
        }
    }
    *(struct field_texts *)target = (struct field_texts){texts, value->count};
    return true;
}

static bool decode_object(const struct decoding *decoding, const struct field *field, const struct json *value,
                          void *target, struct err *err)
{
    return fields_decode(field->table, value, decoding->file, decoding->arena, target, err);
}

/* The elements of an array, or the members of an object: the value has the right type by now. */
static bool decode_elements(const struct decoding *decoding, const struct field *field, const struct json *value,
                            struct field_list *list, struct err *err)
{
    size_t size = field->table->size;
    char *items = arena_array(decoding->arena, value->count, size);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct json *item = &value->as.items[i];
        void *element = items + i * size;
        if (field->type == FIELD_MAP) {
            *(const char **)element = item->name;
        }
        if (!fields_decode(field->table, item, decoding->file, decoding->arena, element, err)) {
            return false;
        }
    }
    *list = (struct field_list){items, value->count};
    return true;
}

static bool decode_list(const struct decoding *decoding, const struct field *field, const struct json *value,
                        void *target, struct err *err)
{
    return json_want(value, JSON_ARRAY, decoding->file, err) &&
           check_range(decoding, field, value, value->count, err) &&
           decode_elements(decoding, field, value, target, err);
}

static bool decode_map(const struct decoding *decoding, const struct field *field, const struct json *value,
                       void *target, struct err *err)
{
    return json_want(value, JSON_OBJECT, decoding->file, err) &&
           check_range(decoding, field, value, value->count, err) &&
           decode_elements(decoding, field, value, target, err);
}

static bool decode_json(const struct decoding *decoding, const struct field *field, const struct json *value,
                        void *target, struct err *err)
{
    (void)decoding;
    (void)field;
    (void)err;
    *(const struct json **)target = value;
    return true;
}

enum { SUGGESTED_BYTES = 48 };

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* How many letters must be put in, left out or changed; letter case is free, since it is what people miss first. */
static size_t distance(const char *left, const char *right)
{
    size_t row[SUGGESTED_BYTES + 1];
    size_t width = strlen(right);
    if (width > SUGGESTED_BYTES || strlen(left) > SUGGESTED_BYTES) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i <= width; i++) {
        row[i] = i;
    }
    for (size_t i = 0; left[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            const char one[] = {left[i], '\0'};
            const char other[] = {right[j], '\0'};
            size_t changed = diagonal + (text_equal(one, other) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = least(changed, least(row[j], diagonal) + 1);
        }
    }
    return row[width];
}

static bool refuse_unknown(const struct fields *fields, const struct json *member, const char *file, struct err *err)
{
    const char *nearest = NULL;
    size_t nearest_distance = 3; /* as far as a slip of the finger goes */
    for (size_t i = 0; i < fields->count; i++) {
        size_t far = distance(member->name, fields->items[i].name);
        if (far < nearest_distance && far < strlen(member->name)) {
            nearest = fields->items[i].name;
            nearest_distance = far;
        }
    }
    if (nearest != NULL) {
        return json_refuse(member, file, err, "no such member in %s; is \"%s\" meant?", fields->name, nearest);
    }
    return json_refuse(member, file, err, "no such member in %s", fields->name);
}

static const struct field *find_field(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->items[i].name, name) == 0) {
            return &fields->items[i];
        }
    }
    return NULL;
}

static bool decode_member(const struct decoding *decoding, const struct field *field, const struct json *value,
                          void *target, struct err *err)
{
    static bool (*const decoders[])(const struct decoding *, const struct field *, const struct json *, void *,
                                    struct err *) = {
        [FIELD_BOOL] = decode_bool, [FIELD_INT] = decode_int,     [FIELD_TEXT] = decode_text,
        [FIELD_WORD] = decode_word, [FIELD_TEXTS] = decode_texts, [FIELD_OBJECT] = decode_object,
        [FIELD_LIST] = decode_list, [FIELD_MAP] = decode_map,     [FIELD_JSON] = decode_json,
    };
    must((size_t)field->type < COUNT_OF(decoders));
    return decoders[field->type](decoding, field, value, (char *)target + field->offset, err);
}

static bool check_required(const struct fields *fields, const struct json *object, const char *file, struct err *err)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if ((field->flags & FIELD_REQUIRED) != 0 && json_find(object, field->name) == NULL) {
            return json_refuse(object, file, err, "the member \"%s\" is missing (%s)", field->name, field->about);
        }
    }
    return true;
}

/* A text alone: the one member that it stands for. */
static bool decode_short_form(const struct fields *fields, const struct decoding *decoding, const struct json *text,
                              void *target, struct err *err)
{
    const struct field *field = find_field(fields, fields->short_form);
    must(field != NULL);
    if (fields->json_offset != SIZE_MAX) {
        *(const struct json **)(void *)((char *)target + fields->json_offset) = text;
    }
    return decode_member(decoding, field, text, target, err);
}

/* Calls itself through its tables, no deeper than the document, which is no deeper than LIMIT_JSON_DEPTH. */
bool fields_decode(const struct fields *fields, const struct json *object, const char *file, struct arena *arena,
                   void *target, struct err *err)
{
    struct decoding decoding = {file, arena};
    if (object->type == JSON_TEXT && fields->short_form != NULL) {
        return decode_short_form(fields, &decoding, object, target, err);
    }
    if (!json_want(object, JSON_OBJECT, file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < object->count; i++) {
        const struct json *member = &object->as.items[i];
        const struct field *field = find_field(fields, member->name);
        if (field == NULL) {
            return refuse_unknown(fields, member, file, err);
        }
        if (!decode_member(&decoding, field, member, target, err)) {
            return false;
        }
    }
    if (fields->json_offset != SIZE_MAX) {
        *(const struct json **)(void *)((char *)target + fields->json_offset) = object;
    }
    return check_required(fields, object, file, err);
}
