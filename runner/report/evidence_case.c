/* SPDX-License-Identifier: MIT */
/*
 * case.txt: what whoever opens a support case is asked for, in their order. Times are UTC; values as the looks have
 * them, English as Windows' own names are.
 */
#include "base/text.h"
#include "report/clean.h"
#include "report/evidence_parts.h"
#include "report/result_parts.h"
#include "report/version.h"

/* Looks whose answers stand in the case itself: what slmgr /dlv, nslookup and Test-NetConnection would tell. */
static const char *const asked[] = {"os",  "azure_instance", "license", "kms_target",       "kms_host", "dns",
                                    "tcp", "kms_rpc",        "clock",   "outbound_firewall"};

enum { LABEL_WIDTH = 18 };

/* To the end of one line, whatever the text holds; a zip is UTF-8 in every language. */
static void add_clean(struct buf *buf, const char *text)
{
    text_clean(buf, text, LANGUAGE_JA);
    buf_text(buf, "\n");
}

/* NULL: no line. */
static void add_line(struct buf *buf, const char *label, const char *text)
{
    if (text != NULL) {
        buf_format(buf, "%-*s ", LABEL_WIDTH, label);
        add_clean(buf, text);
    }
}

/* Texts as they are, everything else as JSON. */
static void add_value(struct buf *buf, const struct column *column, const struct value *cell)
{
    struct utc_text utc = {0};
    struct writer writer;
    if (cell->state == VALUE_ABSENT) {
        return;
    }
    if (cell->state == VALUE_UNKNOWN) {
        buf_format(buf, "%-*s not known: ", LABEL_WIDTH, column->name);
        add_clean(buf, cell->as.why);
    } else if (column->unit == UNIT_TIME) {
        add_line(buf, column->name, result_utc(cell->as.integer * 1000, &utc));
    } else if (cell->base == TYPE_TEXT && !cell->secret) {
        add_line(buf, column->name, cell->as.text);
    } else {
        buf_format(buf, "%-*s ", LABEL_WIDTH, column->name);
        writer_init(&writer, buf, WRITER_ONE_LINE);
        writer_value(&writer, cell);
        buf_text(buf, "\n");
    }
}

static void add_look(struct buf *buf, const struct look_record *look)
{
    buf_format(buf, "\n[%s]\n", look->kind->name);
    for (size_t i = 0; i < look->kind->params.count; i++) {
        add_value(buf, &look->kind->params.items[i], &look->params[i]);
    }
    if (look->result.state != VALUE_KNOWN) {
        add_line(buf, "not known", look->result.state == VALUE_UNKNOWN ? look->result.as.why : "not there");
        return;
    }
    for (size_t i = 0; i < look->kind->properties.count; i++) {
        add_value(buf, &look->kind->properties.items[i], &look->result.as.row.cells[i]);
    }
}

static void add_machine(struct buf *buf, const struct record *record)
{
    const struct machine_record *machine = &record->machine;
    struct utc_text started = {0};
    add_line(buf, "Looked at (UTC)", result_utc(record->started_utc_ms, &started));
    add_line(buf, "VM", machine->name);
    add_line(buf, "Resource ID", machine->resource_id);
    add_line(buf, "VM ID", machine->vm_id);
    add_line(buf, "Azure environment", machine->cloud);
    add_line(buf, "Windows", machine->os);
    add_line(buf, "azmend", version_number);
    add_line(buf, "Command", run_mode_names[record->mode]);
    add_line(buf, "Verdict", verdict_names[record->verdict]);
}

static void add_findings(struct buf *buf, const struct record *record)
{
    buf_text(buf, "\nFindings that are not absent\n");
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook_record *playbook = &record->playbooks[i];
        for (size_t j = 0; playbook->findings != NULL && j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            if (finding->state != FINDING_ABSENT) {
                buf_format(buf, "%s (%s, %s)\n", finding->finding->id, severity_names[finding->severity],
                           finding_state_names[finding->state]);
                add_line(buf, "", finding->title.en);
                add_line(buf, "", finding->state == FINDING_UNKNOWN ? finding->reason.en : finding->detail.en);
            }
        }
    }
}

void evidence_case(struct buf *buf, const struct record *record)
{
    buf_text(buf, "Windows activation of an Azure VM: for a support case\n"
                  "All times are UTC. overview.html says it for people, looks.json holds all that was looked at,\n"
                  "events/ the events of the Software Protection service as Windows renders them.\n\n");
    add_machine(buf, record);
    add_findings(buf, record);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        for (size_t j = 0; j < record->look_count; j++) {
            if (text_same(record->looks[j].kind->name, asked[i])) {
                add_look(buf, &record->looks[j]);
            }
        }
    }
}
