/* SPDX-License-Identifier: MIT */
/* The JSON Schema (draft 2020-12) of a field table, printed from the rows that also decode. */
#include "base/limits.h"
#include "json/fields.h"

static int64_t most(const struct field *field, int64_t otherwise)
{
    return field->max == 0 ? otherwise : field->max;
}

static void add_type(struct writer *writer, const char *type)
{
    writer_named_text(writer, "type", type);
}

static void add_reference(struct writer *writer, const char *definition)
{
    struct buf reference AUTO(buf_clear) = {0};
    buf_init(&reference, LIMIT_TEXT_BYTES);
    buf_format(&reference, "#/$defs/%s", definition);
    writer_named_text(writer, "$ref", buf_whole(&reference));
}

static void describe_bool(const struct field *field, struct writer *writer)
{
    (void)field;
    add_type(writer, "boolean");
}

static void describe_int(const struct field *field, struct writer *writer)
{
    add_type(writer, "integer");
    if (field->min != 0 || field->max != 0) {
        writer_named_int(writer, "minimum", field->min);
        writer_named_int(writer, "maximum", field->max);
    }
}

/* The schema counts characters where the runner counts bytes: what the runner accepts, the schema accepts too. */
static void describe_text(const struct field *field, struct writer *writer)
{
    add_type(writer, "string");
    if (field->min > 0) {
        writer_named_int(writer, "minLength", 1);
    }
    writer_named_int(writer, "maxLength", most(field, LIMIT_TEXT_BYTES));
}

static void describe_word(const struct field *field, struct writer *writer)
{
    writer_name(writer, "enum");
    writer_open_array(writer);
    for (size_t i = 0; field->words[i] != NULL; i++) {
        writer_text(writer, field->words[i]);
    }
    writer_close_array(writer);
}

static void describe_texts(const struct field *field, struct writer *writer)
{
    static const struct field element = {.type = FIELD_TEXT};
    add_type(writer, "array");
    writer_named_int(writer, "minItems", field->min);
    writer_named_int(writer, "maxItems", most(field, LIMIT_ENTRIES));
    writer_name(writer, "items");
    writer_open_object(writer);
    describe_text(&element, writer);
    writer_close_object(writer);
}

static void describe_object(const struct field *field, struct writer *writer)
{
    add_reference(writer, field->table->name);
}

static void describe_list(const struct field *field, struct writer *writer)
{
    add_type(writer, "array");
    writer_named_int(writer, "minItems", field->min);
    writer_named_int(writer, "maxItems", most(field, LIMIT_ENTRIES));
    writer_name(writer, "items");
    writer_open_object(writer);
    add_reference(writer, field->table->name);
    writer_close_object(writer);
}

static void describe_map(const struct field *field, struct writer *writer)
{
    add_type(writer, "object");
    writer_named_int(writer, "minProperties", field->min);
    writer_named_int(writer, "maxProperties", most(field, LIMIT_ENTRIES));
    writer_name(writer, "additionalProperties");
    writer_open_object(writer);
    add_reference(writer, field->table->name);
    writer_close_object(writer);
}

static void describe_json(const struct field *field, struct writer *writer)
{
    add_reference(writer, field->schema);
}

static void describe(const struct field *field, struct writer *writer)
{
    static void (*const describers[])(const struct field *, struct writer *) = {
        [FIELD_BOOL] = describe_bool, [FIELD_INT] = describe_int,     [FIELD_TEXT] = describe_text,
        [FIELD_WORD] = describe_word, [FIELD_TEXTS] = describe_texts, [FIELD_OBJECT] = describe_object,
        [FIELD_LIST] = describe_list, [FIELD_MAP] = describe_map,     [FIELD_JSON] = describe_json,
    };
    must((size_t)field->type < COUNT_OF(describers));
    if (field->type == FIELD_JSON && field->schema == NULL) {
        writer_bool(writer, true);
        return;
    }
    writer_open_object(writer);
    if (field->about != NULL) {
        writer_named_text(writer, "description", field->about);
    }
    describers[field->type](field, writer);
    writer_close_object(writer);
}

static void add_required(const struct fields *fields, struct writer *writer)
{
    writer_name(writer, "required");
    writer_open_array(writer);
    for (size_t i = 0; i < fields->count; i++) {
        if ((fields->items[i].flags & FIELD_REQUIRED) != 0) {
            writer_text(writer, fields->items[i].name);
        }
    }
    writer_close_array(writer);
}

void fields_schema_members(const struct fields *fields, struct writer *writer)
{
    if (fields->about != NULL) {
        writer_named_text(writer, "description", fields->about);
    }
    add_type(writer, "object");
    writer_name(writer, "properties");
    writer_open_object(writer);
    for (size_t i = 0; i < fields->count; i++) {
        writer_name(writer, fields->items[i].name);
        describe(&fields->items[i], writer);
    }
    writer_close_object(writer);
    add_required(fields, writer);
    writer_named_bool(writer, "additionalProperties", false);
}

void fields_schema(const struct fields *fields, struct writer *writer)
{
    writer_open_object(writer);
    fields_schema_members(fields, writer);
    writer_close_object(writer);
}
