/* SPDX-License-Identifier: MIT */
/* The JSON Schema of the machine document: the tables that decode it, and the few shapes that no table can say. */
#include "base/limits.h"
#include "host/sim/sim_private.h"

static const struct fields *const tables[] = {
    &sim_registry_value_fields,
    &sim_product_fields,
    &sim_key_fields,
    &sim_store_fields,
    &sim_certificate_fields,
    &sim_imds_fields,
    &sim_attested_fields,
    &sim_srv_fields,
    &sim_firewall_profiles_fields,
    &sim_firewall_profile_fields,
    &sim_firewall_rule_fields,
    &sim_failed_fields,
    &sim_replaced_fields,
    &sim_told_certificate_fields,
    &sim_told_message_fields,
    &sim_told_element_fields,
    &sim_told_chain_fields,
    &sim_asked_fields,
};
static const struct sim_answer_form *const forms[] = {&sim_form_tcp, &sim_form_resolve, &sim_form_http};

/* A value that may be an object of a table, or one of these instead. */
enum {
    OR_FALSE = 1,
    OR_BOOL = 2,
    OR_TEXT = 4,
    OR_NUMBER = 8,
    OR_LIST = 16,
    OR_SEQUENCE = 32,
};

static const struct choice {
    const char *name;
    const char *references[2]; /* tables; NULL: only what `others` says */
    unsigned others;
    bool is_map; /* an object whose members are such values */
} choices[] = {
    {"registry", {"registryKey"}, OR_FALSE, true},
    {"registryKey", {"registryValue"}, OR_BOOL | OR_TEXT | OR_NUMBER | OR_SEQUENCE, true},
    {"events", {NULL}, OR_FALSE | OR_LIST, true},
    {"kmsServes", {NULL}, OR_BOOL | OR_LIST, false},
    {"plainAnswers", {"plainAnswer"}, OR_TEXT | OR_SEQUENCE, true},
    {"httpAnswers", {"httpAnswer"}, OR_TEXT | OR_SEQUENCE, true},
    {"resolvers", {"resolver"}, OR_TEXT, true},
    {"resolver", {"resolveAnswer"}, OR_TEXT | OR_LIST | OR_SEQUENCE, true},
    {"imds", {"imdsService", "httpAnswer"}, OR_TEXT | OR_SEQUENCE, false},
    {"connectTo", {NULL}, OR_TEXT, true},
    {"askedAnswers", {"askedAnswer"}, OR_SEQUENCE, true},
    {"toldStores", {NULL}, OR_BOOL, true},
    {"toldReads", {NULL}, OR_FALSE | OR_TEXT, true},
    {"toldMessages", {"toldMessage"}, 0, true},
    {"toldChains", {"toldChain"}, 0, true},
};

static void add_type(struct writer *writer, const char *type)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", type);
    writer_close_object(writer);
}

static void add_reference(struct writer *writer, const char *name)
{
    struct buf reference AUTO(buf_clear);
    buf_init(&reference, LIMIT_TEXT_BYTES);
    buf_format(&reference, "#/$defs/%s", name);
    writer_open_object(writer);
    writer_named_text(writer, "$ref", buf_string(&reference));
    writer_close_object(writer);
}

static void add_false(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_bool(writer, "const", false);
    writer_close_object(writer);
}

static void add_sequence(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "type", "object");
    writer_name(writer, "properties");
    writer_open_object(writer);
    writer_name(writer, "sequence");
    writer_open_object(writer);
    writer_named_text(writer, "type", "array");
    writer_named_int(writer, "minItems", 1);
    writer_close_object(writer);
    writer_close_object(writer);
    writer_name(writer, "required");
    writer_open_array(writer);
    writer_text(writer, "sequence");
    writer_close_array(writer);
    writer_named_bool(writer, "additionalProperties", false);
    writer_close_object(writer);
}

static void add_alternatives(struct writer *writer, const struct choice *choice)
{
    static const struct {
        unsigned bit;
        const char *type;
    } plain[] = {{OR_BOOL, "boolean"}, {OR_TEXT, "string"}, {OR_NUMBER, "integer"}, {OR_LIST, "array"}};
    writer_name(writer, "anyOf");
    writer_open_array(writer);
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        if ((choice->others & plain[i].bit) != 0) {
            add_type(writer, plain[i].type);
        }
    }
    if ((choice->others & OR_FALSE) != 0) {
        add_false(writer);
    }
    if ((choice->others & OR_SEQUENCE) != 0) {
        add_sequence(writer);
    }
    for (size_t i = 0; i < COUNT_OF(choice->references) && choice->references[i] != NULL; i++) {
        add_reference(writer, choice->references[i]);
    }
    writer_close_array(writer);
}

static void add_choice(struct writer *writer, const struct choice *choice)
{
    writer_name(writer, choice->name);
    writer_open_object(writer);
    if (choice->is_map) {
        writer_named_text(writer, "type", "object");
        writer_name(writer, "additionalProperties");
        writer_open_object(writer);
    }
    add_alternatives(writer, choice);
    if (choice->is_map) {
        writer_close_object(writer);
    }
    writer_close_object(writer);
}

static void add_table(struct writer *writer, const struct fields *fields)
{
    writer_name(writer, fields->name);
    fields_schema(fields, writer);
}

/* The document's table, those of its sections, and the form of members that stand under a name of their own. */
static void add_sections(struct writer *writer)
{
    struct sim_format format;
    sim_format_make(&format);
    add_table(writer, &format.fields);
    for (size_t i = 0; i < SIM_SECTION_COUNT; i++) {
        const struct sim_section *section = sim_sections[i];
        if (section->field.table != NULL) {
            add_table(writer, section->field.table);
        }
        if (section->members != NULL) {
            const struct choice choice = {section->field.name, {section->members->name}, OR_FALSE, true};
            add_table(writer, section->members);
            add_choice(writer, &choice);
        }
    }
}

void sim_schema(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    writer_named_text(writer, "$id", "azmend.machine/1");
    writer_named_text(writer, "$ref", "#/$defs/machine");
    writer_name(writer, "$defs");
    writer_open_object(writer);
    add_sections(writer);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        add_table(writer, tables[i]);
    }
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        add_table(writer, forms[i]->table);
    }
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        add_choice(writer, &choices[i]);
    }
    writer_close_object(writer);
    writer_close_object(writer);
}
