/* SPDX-License-Identifier: MIT */
#include "plan/kind_schema.h"

#include <stdio.h>

#include "base/text.h"
#include "kinds/catalog.h"

enum { NAME_SIZE = 96 };

static bool is_required(const struct column *column)
{
    return (column->flags & COLUMN_REQUIRED) != 0;
}

static bool can_be_wanted(const struct column *column)
{
    return (column->flags & COLUMN_ENSURE) != 0;
}

static void add_ref(struct writer *writer, const char *definition, const char *kind)
{
    char text[2 * NAME_SIZE]; /* the name behind the place */
    (void)snprintf(text, sizeof(text), "#/$defs/%s%s", definition, kind);
    writer_named_text(writer, "$ref", text);
}

static void either_ref(struct writer *writer, const char *definition)
{
    writer_open_object(writer);
    add_ref(writer, definition, "");
    writer_close_object(writer);
}

/* --- one column: a constant of its type, or what a reference yields --- */

/* Values as JSON of the column's type: a list for column->wants is made of texts. */
static void write_wanted(struct writer *writer, const struct column *column, const char *text)
{
    int64_t number = 0;
    if (column->base == TYPE_BOOL) {
        writer_bool(writer, text_same(text, "true"));
    } else if (column->base == TYPE_INT && text_to_int(text, &number)) {
        writer_int(writer, number);
    } else {
        writer_text(writer, text);
    }
}

static void add_words(struct writer *writer, const struct column *column, const char *const *words)
{
    writer_name(writer, "enum");
    writer_open_array(writer);
    for (size_t i = 0; words[i] != NULL; i++) {
        write_wanted(writer, column, words[i]);
    }
    writer_close_array(writer);
}

static void add_scalar(struct writer *writer, const struct column *column, enum type_base base)
{
    static const char *const types[TYPE_COUNT] = {
        [TYPE_BOOL] = "boolean", [TYPE_INT] = "integer", [TYPE_TEXT] = "string"};
    bool is_bounded = base == TYPE_INT && column->base == TYPE_INT && (column->min != 0 || column->max != 0);
    writer_named_text(writer, "type", types[base]);
    if (is_bounded) {
        writer_named_int(writer, "minimum", column->min);
        writer_named_int(writer, "maximum", column->max);
    }
    if (base == TYPE_TEXT) {
        writer_named_int(writer, "maxLength", LIMIT_TEXT_BYTES);
    }
}

static void write_list(struct writer *writer, const struct column *column)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    writer_name(writer, "items");
    writer_open_object(writer);
    writer_name(writer, "anyOf");
    writer_open_array(writer);
    writer_open_object(writer);
    add_scalar(writer, column, column->item);
    writer_close_object(writer);
    either_ref(writer, "reference");
    writer_close_array(writer);
    writer_close_object(writer);
    writer_close_object(writer);
}

static void write_constant(struct writer *writer, const struct column *column)
{
    const char *const *words = column->wants != NULL ? column->wants : column->words;
    if (column->base == TYPE_LIST) {
        write_list(writer, column);
        return;
    }
    writer_open_object(writer);
    if (words != NULL) {
        add_words(writer, column, words);
    } else {
        add_scalar(writer, column, column->base);
    }
    writer_close_object(writer);
}

static void add_description(struct writer *writer, const struct column *column)
{
    char text[LIMIT_TEXT_BYTES];
    const char *unit = unit_texts[column->unit];
    (void)snprintf(text, sizeof(text), "%s%s%s", column->about, unit != NULL ? "; unit: " : "",
                   unit != NULL ? unit : "");
    writer_named_text(writer, "description", text);
}

static void write_column(struct writer *writer, const struct column *column)
{
    bool is_words = column->base == TYPE_TEXT && (column->words != NULL || column->wants != NULL);
    writer_name(writer, column->name);
    writer_open_object(writer);
    add_description(writer, column);
    writer_name(writer, "anyOf");
    writer_open_array(writer);
    write_constant(writer, column);
    either_ref(writer, is_words ? "inserted" : "reference");
    writer_close_array(writer);
    writer_close_object(writer);
}

/* --- one kind --- */

static void add_required(struct writer *writer, const struct kind *kind)
{
    writer_name(writer, "required");
    writer_open_array(writer);
    for (size_t i = 0; i < kind->params.count; i++) {
        if (is_required(&kind->params.items[i])) {
            writer_text(writer, kind->params.items[i].name);
        }
    }
    writer_close_array(writer);
}

/* At least one of the properties that a step may want. */
static void add_one_wanted(struct writer *writer, const struct kind *kind)
{
    writer_name(writer, "anyOf");
    writer_open_array(writer);
    for (size_t i = 0; i < kind->properties.count; i++) {
        if (can_be_wanted(&kind->properties.items[i])) {
            writer_open_object(writer);
            writer_name(writer, "required");
            writer_open_array(writer);
            writer_text(writer, kind->properties.items[i].name);
            writer_close_array(writer);
            writer_close_object(writer);
        }
    }
    writer_close_array(writer);
}

static void define_with(struct writer *writer, const struct kind *kind, bool (*is_taken)(const struct column *column))
{
    writer_open_object(writer);
    writer_named_text(writer, "description", kind->about);
    writer_named_text(writer, "type", "object");
    writer_name(writer, "properties");
    writer_open_object(writer);
    for (size_t i = 0; i < kind->params.count; i++) {
        write_column(writer, &kind->params.items[i]);
    }
    for (size_t i = 0; is_taken != NULL && i < kind->properties.count; i++) {
        if (is_taken(&kind->properties.items[i])) {
            write_column(writer, &kind->properties.items[i]);
        }
    }
    writer_close_object(writer);
    add_required(writer, kind);
    if (is_taken != NULL) {
        add_one_wanted(writer, kind);
    }
    writer_named_bool(writer, "additionalProperties", false);
    writer_close_object(writer);
}

static void name_definition(struct writer *writer, const char *chooser, const struct kind *kind)
{
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof(name), "%s.%s", chooser, kind->name);
    writer_name(writer, name);
}

static void define_reference(struct writer *writer, const char *name, const char *pattern, const char *about)
{
    static const char *const types[] = {"string", "null"};
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "description", about);
    writer_name(writer, "type");
    writer_open_array(writer);
    writer_text(writer, types[0]);
    writer_text(writer, types[1]);
    writer_close_array(writer);
    writer_named_text(writer, "pattern", pattern);
    writer_close_object(writer);
}

void kind_schema_define(struct writer *writer)
{
    define_reference(writer, "reference", "^\\$\\{[^{}]+\\}$", "\"${reference}\", of the type that is due; null: none");
    define_reference(writer, "inserted", "\\$\\{[^{}]+\\}", "a text with references; null: none");
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        name_definition(writer, "look", kind_catalog[i]);
        define_with(writer, kind_catalog[i], NULL);
        if (kind_catalog[i]->set != NULL) {
            name_definition(writer, "ensure", kind_catalog[i]);
            define_with(writer, kind_catalog[i], can_be_wanted);
        }
    }
}

/* --- which of them --- */

static bool needs_with(const struct kind *kind, bool is_step)
{
    bool needed = is_step;
    for (size_t i = 0; i < kind->params.count; i++) {
        needed = needed || is_required(&kind->params.items[i]);
    }
    return needed;
}

static void require(struct writer *writer, const char *name)
{
    writer_name(writer, "required");
    writer_open_array(writer);
    writer_text(writer, name);
    writer_close_array(writer);
}

/* Opens {"properties": {NAME: {. */
static void open_member(struct writer *writer, const char *name)
{
    writer_open_object(writer);
    writer_name(writer, "properties");
    writer_open_object(writer);
    writer_name(writer, name);
    writer_open_object(writer);
}

static void close_member(struct writer *writer)
{
    writer_close_object(writer);
    writer_close_object(writer);
}

static void choose_kind(struct writer *writer, const char *chooser, const struct kind *kind, bool is_step)
{
    char definition[NAME_SIZE];
    (void)snprintf(definition, sizeof(definition), "%s.", chooser);
    writer_open_object(writer);
    writer_name(writer, "if");
    open_member(writer, chooser);
    writer_named_text(writer, "const", kind->name);
    close_member(writer);
    require(writer, chooser);
    writer_close_object(writer);
    writer_name(writer, "then");
    open_member(writer, "with");
    add_ref(writer, definition, kind->name);
    close_member(writer);
    if (needs_with(kind, is_step)) {
        require(writer, "with");
    }
    writer_close_object(writer);
    writer_close_object(writer);
}

static void write_names(struct writer *writer, const char *chooser, bool is_step)
{
    open_member(writer, chooser);
    writer_name(writer, "enum");
    writer_open_array(writer);
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        if (!is_step || kind_catalog[i]->set != NULL) {
            writer_text(writer, kind_catalog[i]->name);
        }
    }
    writer_close_array(writer);
    close_member(writer);
    writer_close_object(writer);
}

void kind_schema_choose(struct writer *writer, const char *chooser)
{
    bool is_step = text_same(chooser, "ensure");
    writer_name(writer, "allOf");
    writer_open_array(writer);
    write_names(writer, chooser, is_step);
    for (size_t i = 0; kind_catalog[i] != NULL; i++) {
        if (!is_step || kind_catalog[i]->set != NULL) {
            choose_kind(writer, chooser, kind_catalog[i], is_step);
        }
    }
    writer_close_array(writer);
}
