/* SPDX-License-Identifier: MIT */
#include "plan/plan_schema.h"

#include <stdio.h>

#include "base/text.h"
#include "plan/kind_schema.h"
#include "plan/plan.h"
#include "plan/plan_fields.h"

static void ref_to(struct writer *writer, const char *definition)
{
    char text[64];
    (void)snprintf(text, sizeof(text), "#/$defs/%s", definition);
    writer_open_object(writer);
    writer_named_text(writer, "$ref", text);
    writer_close_object(writer);
}

static void named_ref(struct writer *writer, const char *name, const char *definition)
{
    writer_name(writer, name);
    ref_to(writer, definition);
}

static void write_types(struct writer *writer, const char *const *types)
{
    writer_name(writer, "type");
    writer_open_array(writer);
    for (size_t i = 0; types[i] != NULL; i++) {
        writer_text(writer, types[i]);
    }
    writer_close_array(writer);
}

/* expr = literal | [expr] | "${ref}" | "text ${ref} text" */
static void define_expr(struct writer *writer)
{
    static const char *const types[] = {"boolean", "integer", "string", "array", "null", NULL};
    writer_name(writer, "expr");
    writer_open_object(writer);
    writer_named_text(writer, "description",
                      "a scalar, a list of scalars, \"${reference}\", or a text with references");
    write_types(writer, types);
    named_ref(writer, "items", "expr");
    writer_close_object(writer);
}

static void define_map_of(struct writer *writer, const char *name, const char *of)
{
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "type", "object");
    named_ref(writer, "additionalProperties", of);
    writer_close_object(writer);
}

static void open_case(struct writer *writer, const char *required)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", "object");
    writer_named_bool(writer, "additionalProperties", false);
    writer_name(writer, "required");
    writer_open_array(writer);
    writer_text(writer, required);
    writer_close_array(writer);
    writer_name(writer, "properties");
    writer_open_object(writer);
}

static void close_case(struct writer *writer)
{
    writer_close_object(writer);
    writer_close_object(writer);
}

static void write_operators(struct writer *writer)
{
    for (size_t op = 0; op < COND_OP_COUNT; op++) {
        named_ref(writer, cond_op_names[op], "expr");
    }
}

static void write_list_case(struct writer *writer, const char *name)
{
    open_case(writer, name);
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    writer_named_int(writer, "minItems", 1);
    named_ref(writer, "items", "cond");
    writer_close_object(writer);
    close_case(writer);
}

static void write_count_case(struct writer *writer)
{
    open_case(writer, "count");
    writer_name(writer, "count");
    open_case(writer, "of");
    writer_name(writer, "of");
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    named_ref(writer, "where", "cond");
    close_case(writer);
    write_operators(writer);
    close_case(writer);
}

static void write_text_case(struct writer *writer, const char *name, bool with_operators)
{
    open_case(writer, name);
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    if (with_operators) {
        write_operators(writer);
    }
    close_case(writer);
}

/* The name of a condition alone, and a list, which is allOf. */
static void write_short_cases(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    writer_named_int(writer, "minItems", 1);
    named_ref(writer, "items", "cond");
    writer_close_object(writer);
}

/* {"any": rows, "where": cond}; all alike, which is nothing without `where`. */
static void write_rows_case(struct writer *writer, const char *name, bool needs_where)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", "object");
    writer_named_bool(writer, "additionalProperties", false);
    writer_name(writer, "required");
    writer_open_array(writer);
    writer_text(writer, name);
    if (needs_where) {
        writer_text(writer, "where");
    }
    writer_close_array(writer);
    writer_name(writer, "properties");
    writer_open_object(writer);
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    named_ref(writer, "where", "cond");
    close_case(writer);
}

static void define_cond(struct writer *writer)
{
    writer_name(writer, "cond");
    writer_open_object(writer);
    writer_name(writer, "oneOf");
    writer_open_array(writer);
    write_short_cases(writer);
    write_list_case(writer, "allOf");
    write_list_case(writer, "anyOf");
    open_case(writer, "not");
    named_ref(writer, "not", "cond");
    close_case(writer);
    write_text_case(writer, "condition", false);
    write_text_case(writer, "fact", true);
    write_rows_case(writer, "any", false);
    write_rows_case(writer, "all", true);
    write_count_case(writer);
    writer_close_array(writer);
    writer_close_object(writer);
}

/* A word, or one that depends. */
static void define_words(struct writer *writer, const char *name, const char *const *words, const char *cases)
{
    writer_name(writer, name);
    writer_open_object(writer);
    writer_name(writer, "oneOf");
    writer_open_array(writer);
    writer_open_object(writer);
    writer_name(writer, "enum");
    writer_open_array(writer);
    for (size_t i = 0; words[i] != NULL; i++) {
        writer_text(writer, words[i]);
    }
    writer_close_array(writer);
    writer_close_object(writer);
    ref_to(writer, cases);
    writer_close_array(writer);
    writer_close_object(writer);
}

static void open_list_of_either(struct writer *writer, const char *name)
{
    writer_name(writer, name);
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    writer_name(writer, "items");
    writer_open_object(writer);
    writer_name(writer, "oneOf");
    writer_open_array(writer);
}

static void close_list_of_either(struct writer *writer)
{
    writer_close_array(writer);
    writer_close_object(writer);
    writer_close_object(writer);
}

static void define_source(struct writer *writer)
{
    static const char *const types[] = {"string", "array", NULL};
    writer_name(writer, "source");
    writer_open_object(writer);
    write_types(writer, types);
    writer_name(writer, "items");
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    writer_close_object(writer);
}

/* Lists of commands, by the name of the variable that they set. */
static void define_lookups(struct writer *writer)
{
    writer_name(writer, "lookups");
    writer_open_object(writer);
    writer_named_text(writer, "type", "object");
    writer_name(writer, "additionalProperties");
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    named_ref(writer, "items", "run");
    writer_close_object(writer);
    writer_close_object(writer);
}

static void define_findings(struct writer *writer)
{
    open_list_of_either(writer, "findings");
    ref_to(writer, "finding");
    ref_to(writer, "group");
    close_list_of_either(writer);
}

static void define_explanations(struct writer *writer)
{
    open_list_of_either(writer, "explanations");
    writer_open_object(writer);
    writer_named_text(writer, "type", "string");
    writer_close_object(writer);
    ref_to(writer, "explanation");
    close_list_of_either(writer);
}

/* What `with` may hold is the kind's to say. */
static void choose_by_kind(struct writer *writer, const struct fields *fields)
{
    static const char *const choosers[] = {"look", "ensure"};
    for (size_t i = 0; i < fields->count; i++) {
        for (size_t k = 0; k < COUNT_OF(choosers); k++) {
            if (text_same(fields->items[i].name, choosers[k])) {
                kind_schema_choose(writer, choosers[k]);
            }
        }
    }
}

/* An object; where a text may stand in its place, either. */
static void define_table(struct writer *writer, const struct fields *fields)
{
    writer_open_object(writer);
    if (fields->short_form != NULL) {
        writer_name(writer, "oneOf");
        writer_open_array(writer);
        writer_open_object(writer);
        writer_named_text(writer, "type", "string");
        writer_close_object(writer);
        writer_open_object(writer);
    }
    fields_schema_members(fields, writer);
    choose_by_kind(writer, fields);
    if (fields->short_form != NULL) {
        writer_close_object(writer);
        writer_close_array(writer);
    }
    writer_close_object(writer);
}

/* Every table reachable from these is printed once; nested ones are named by their rows. */
static void define_tables(struct writer *writer)
{
    const struct fields *pending[32] = {&playbook_fields, &finding_fields,    &group_fields, &retry_fields,
                                        &severity_fields, &confidence_fields, &said_fields,  &explanation_fields,
                                        &blockers_fields, &common_fields};
    size_t count = 10;
    for (size_t done = 0; done < count; done++) {
        writer_name(writer, pending[done]->name);
        define_table(writer, pending[done]);
        for (size_t i = 0; i < pending[done]->count; i++) {
            const struct fields *nested = pending[done]->items[i].table;
            bool known = nested == NULL;
            for (size_t k = 0; !known && k < count; k++) {
                known = pending[k] == nested;
            }
            if (!known) {
                must(count < COUNT_OF(pending));
                pending[count++] = nested;
            }
        }
    }
}

/* common.json has an id of its own; every other document is a playbook. */
static void choose_document(struct writer *writer)
{
    writer_name(writer, "if");
    writer_open_object(writer);
    writer_name(writer, "properties");
    writer_open_object(writer);
    writer_name(writer, "id");
    writer_open_object(writer);
    writer_named_text(writer, "const", "common");
    writer_close_object(writer);
    writer_close_object(writer);
    writer_close_object(writer);
    named_ref(writer, "then", "common");
    named_ref(writer, "else", "playbook");
}

void plan_schema(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    writer_named_text(writer, "$id", "azmend.playbook/2");
    choose_document(writer);
    writer_name(writer, "$defs");
    writer_open_object(writer);
    define_expr(writer);
    define_cond(writer);
    define_map_of(writer, "with", "expr");
    define_map_of(writer, "conditions", "cond");
    define_words(writer, "severity", severity_names, "severityCases");
    define_words(writer, "confidence", confidence_names, "confidenceCases");
    define_lookups(writer);
    define_source(writer);
    define_findings(writer);
    define_explanations(writer);
    define_tables(writer);
    kind_schema_define(writer);
    writer_close_object(writer);
    writer_close_object(writer);
}
