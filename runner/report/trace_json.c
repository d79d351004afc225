/* SPDX-License-Identifier: MIT */
#include "report/result_parts.h"
#include "report/trace.h"

static void write_value(struct writer *writer, const char *name, const struct value *value)
{
    writer_name(writer, name);
    writer_value(writer, value);
}

static void write_count(struct writer *writer, const char *name, size_t count)
{
    if (count > 0) {
        writer_named_int(writer, name, (int64_t)count);
    }
}

static bool has_value(const struct trace_node *node)
{
    return node->op != NULL || node->form == TRACE_ROW || node->form == TRACE_PART || node->form == TRACE_VALUE ||
           (node->form == TRACE_FACT && node->value.value.state != VALUE_KNOWN);
}

static void write_node(struct writer *writer, const struct trace_node *node)
{
    writer_open_object(writer);
    writer_named_int(writer, "depth", node->depth);
    writer_named_text(writer, "part", trace_form_names[node->form]);
    result_known(writer, "truth", node->truth);
    result_known(writer, "why", node->why);
    result_known(writer, "name", node->name);
    write_count(writer, node->form == TRACE_FACT ? "looks" : "number", node->number);
    if (has_value(node)) {
        write_value(writer, "value", &node->value.value);
    }
    if (node->op != NULL) {
        writer_named_text(writer, "operator", node->op);
        result_known(writer, "operandName", node->operand_name);
        write_value(writer, "operand", &node->operand.value);
    }
    result_known(writer, "look", node->look);
    result_known(writer, "with", node->with);
    write_count(writer, "rowsLeftOut", node->left_out);
    writer_close_object(writer);
}

static void write_trace(struct writer *writer, const struct trace_record *trace, bool with_nodes)
{
    writer_open_object(writer);
    writer_named_text(writer, "finding", trace->finding->finding->id);
    writer_named_text(writer, "playbook", trace->playbook->id);
    writer_named_text(writer, "state", finding_state_names[trace->finding->state]);
    result_known(writer, "explainedBy", trace->finding->explained_by);
    result_known(writer, "outrankedBy", trace->outranked_by);
    if (with_nodes) {
        writer_name(writer, "parts");
        writer_open_array(writer);
        for (size_t i = 0; i < trace->count; i++) {
            write_node(writer, &trace->nodes[i]);
        }
        writer_close_array(writer);
    }
    write_count(writer, "leftOut", with_nodes ? trace->left_out : trace->left_out + trace->count);
    writer_close_object(writer);
}

void trace_write(struct writer *writer, const struct record *record, bool with_nodes)
{
    writer_name(writer, "trace");
    writer_open_array(writer);
    for (size_t i = 0; i < record->trace_count; i++) {
        write_trace(writer, &record->traces[i], with_nodes);
    }
    writer_close_array(writer);
}
