/* SPDX-License-Identifier: MIT */
#include "report/evidence_parts.h"

#include <string.h>

#include "base/limits.h"
#include "host/nouns/event/event.h"
#include "json/writer.h"
#include "report/result_parts.h"
#include "report/version.h"

/* --- configuration.json --- */

static void write_runner(struct writer *writer)
{
    writer_name(writer, "runner");
    writer_open_object(writer);
    writer_named_text(writer, "version", version_number);
    writer_named_text(writer, "commit", version_commit);
    writer_named_text(writer, "libraries", version_libraries);
    writer_close_object(writer);
}

static void write_options(struct writer *writer, const struct report *report)
{
    writer_name(writer, "options");
    writer_open_array(writer);
    for (size_t i = 0; i < report->option_count; i++) {
        writer_open_object(writer);
        writer_named_text(writer, "name", report->options[i].name);
        writer_named_text(writer, "value", report->options[i].value);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_parameters(struct writer *writer, const struct playbook *playbook)
{
    writer_name(writer, "parameters");
    writer_open_array(writer);
    for (size_t i = 0; i < playbook->parameter_count; i++) {
        const struct parameter *parameter = &playbook->parameters[i];
        bool is_given = parameter->given.state == VALUE_KNOWN;
        struct value value = is_given ? parameter->given : parameter->otherwise;
        value.secret = value.secret || (parameter->column.flags & COLUMN_SECRET) != 0;
        writer_open_object(writer);
        writer_named_text(writer, "name", parameter->column.name);
        writer_name(writer, "value");
        writer_value(writer, &value);
        writer_named_bool(writer, "given", is_given);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_playbooks(struct writer *writer, const struct record *record)
{
    writer_name(writer, "playbooks");
    writer_open_array(writer);
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook *playbook = record->playbooks[i].playbook;
        writer_open_object(writer);
        writer_named_text(writer, "id", playbook->id);
        result_known(writer, "version", playbook->version);
        result_known(writer, "file", playbook->file);
        result_known(writer, "sha256", playbook->sha256);
        write_parameters(writer, playbook);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

void evidence_configuration(struct buf *buf, const struct report *report)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_INDENTED);
    writer_open_object(&writer);
    write_runner(&writer);
    writer_named_text(&writer, "command", report->command);
    write_options(&writer, report);
    write_playbooks(&writer, report->record);
    result_clouds(&writer, &report->record->clouds, DETAIL_ALL);
    writer_close_object(&writer);
    writer_finish(&writer);
}

/* --- looks.json --- */

static void write_look(struct writer *writer, const struct look_record *look)
{
    const struct value params = value_row(&look->kind->params, look->params);
    writer_open_object(writer);
    writer_named_text(writer, "look", look->kind->name);
    if (look->kind->params.count > 0) {
        writer_name(writer, "with");
        writer_value(writer, &params);
    }
    writer_name(writer, "saw");
    writer_value(writer, &look->result);
    writer_close_object(writer);
}

void evidence_looks(struct buf *buf, const struct record *record)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_INDENTED);
    writer_open_array(&writer);
    for (size_t i = 0; i < record->look_count; i++) {
        write_look(&writer, &record->looks[i]);
    }
    writer_close_array(&writer);
    writer_finish(&writer);
}

/* --- events --- */

/* An attribute's text; a query has quotes and angle brackets in it. */
static void add_attribute(struct buf *buf, const char *name, const char *text)
{
    buf_format(buf, " %s=\"", name);
    for (const char *at = text; *at != '\0'; at++) {
        const char *escape = *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : *at == '"' ? "&quot;" : NULL;
        buf_add(buf, escape != NULL ? escape : at, escape != NULL ? strlen(escape) : 1);
    }
    buf_text(buf, "\"");
}

void evidence_events(struct buf *buf, const struct event_excerpt *excerpt)
{
    const char *xml = excerpt->xml;
    buf_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Events");
    add_attribute(buf, "Channel", excerpt->channel);
    add_attribute(buf, "Query", excerpt->xpath);
    buf_format(buf, " Shown=\"%zu\" Of=\"%zu\">\n", excerpt->shown, excerpt->of);
    for (size_t i = 0; i < excerpt->shown; i++) {
        buf_text(buf, xml);
        buf_text(buf, "\n");
        xml += strlen(xml) + 1;
    }
    buf_text(buf, "</Events>\n");
}
