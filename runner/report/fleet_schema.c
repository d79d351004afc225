/* SPDX-License-Identifier: MIT */
/* azmend.report/1 as field tables: they print its schema. */
#include "report/fleet.h"
#include "report/result_fields.h"
#include "report/schema.h"
#include "report/schema_rows.h"

/* clang-format off */
static const char *const format_words[] = {"azmend.report/1", NULL};

static const struct field runner_rows[] = {
    ROW("version", FIELD_TEXT, .about = "of azmend", ALWAYS),
    ROW("commit", FIELD_TEXT, .about = "empty when built outside git", ALWAYS),
};
static const struct fields runner_fields = TABLE(runner_rows, "runner", "the program that made the report");

static const struct field unread_rows[] = {
    ROW("file", FIELD_TEXT, .about = "as it was found", ALWAYS),
    ROW("part", FIELD_INT, .about = "line, or number of the event, from 1; left out: the file as a whole", ANY_COUNT),
    ROW("why", FIELD_TEXT, .about = "English", ALWAYS),
};
static const struct fields unread_fields = TABLE(unread_rows, "unread", "what could not be read, or holds no result");

static const struct field state_rows[] = {
    ROW("id", FIELD_TEXT, .about = "of the finding"),
    ROW("state", FIELD_TEXT, .about = "as the result says"),
};
static const struct fields state_fields = TABLE(state_rows, "state", "a finding of one VM");

static const struct field machine_rows[] = {
    ROW("name", FIELD_TEXT, .about = "computer name"),
    ROW("vmId", FIELD_TEXT, .about = "from IMDS"),
    ROW("cloud", FIELD_TEXT, .about = "from IMDS"),
    ROW("resourceId", FIELD_TEXT, .about = "from IMDS"),
    ROW("verdict", FIELD_WORD, .words = verdict_names, .about = "of its newest result", ALWAYS),
    ROW("mode", FIELD_TEXT, .about = "check, plan, fix, undo"),
    ROW("startedAt", FIELD_TEXT, .about = "UTC"),
    ROW("runId", FIELD_TEXT, .about = "of that result"),
    ROW("expiresOn", FIELD_TEXT, .about = "day by which the activation must have been renewed; left out: not told"),
    ROW("findings", FIELD_LIST, .table = &state_fields, .about = "as far as the result had room for them", ALWAYS),
    ROW("actions", FIELD_JSON, .about = "ids of actions, at most 64", ALWAYS),
    ROW("file", FIELD_TEXT, .about = "where the result was read", ALWAYS),
    ROW("part", FIELD_INT, .about = "line, or number of the event", ANY_COUNT),
};
static const struct fields machine_fields = TABLE(machine_rows, "machine", "a VM, by its newest result");

static const struct field verdict_rows[] = {
    ROW("failed", FIELD_INT, ANY_COUNT), ROW("not_fixed", FIELD_INT, ANY_COUNT), ROW("needs_azure_change", FIELD_INT, ANY_COUNT),
    ROW("needs_decision", FIELD_INT, ANY_COUNT), ROW("undetermined", FIELD_INT, ANY_COUNT), ROW("needs_reboot", FIELD_INT, ANY_COUNT),
    ROW("would_fix", FIELD_INT, ANY_COUNT), ROW("fixed", FIELD_INT, ANY_COUNT), ROW("healthy", FIELD_INT, ANY_COUNT),
    ROW("off", FIELD_INT, ANY_COUNT),
};
static const struct fields verdict_fields = TABLE(verdict_rows, "verdicts", "VMs by verdict");

static const struct field week_rows[] = {
    ROW("week", FIELD_TEXT, .about = "its Monday", ALWAYS),
    ROW("machines", FIELD_INT, .about = "VMs whose activation expires in it", ALWAYS, ANY_COUNT),
};
static const struct fields week_fields = TABLE(week_rows, "week", "expiry by week, the earliest first");

static const struct field count_rows[] = {
    ROW("unknown", FIELD_INT, ANY_COUNT), ROW("explained", FIELD_INT, ANY_COUNT), ROW("refused", FIELD_INT, ANY_COUNT),
    ROW("handed_off", FIELD_INT, ANY_COUNT), ROW("present", FIELD_INT, ANY_COUNT), ROW("would_fix", FIELD_INT, ANY_COUNT),
    ROW("fixed", FIELD_INT, ANY_COUNT), ROW("pending_reboot", FIELD_INT, ANY_COUNT), ROW("not_fixed", FIELD_INT, ANY_COUNT),
};
static const struct fields count_fields = TABLE(count_rows, "states", "VMs in each state");

static const struct field finding_rows[] = {
    ROW("id", FIELD_TEXT, .about = "stable", ALWAYS),
    ROW("severity", FIELD_WORD, .words = severity_names, .about = "where it was first seen", ALWAYS),
    ROW("title", FIELD_TEXT, .about = "likewise"),
    ROW("states", FIELD_OBJECT, .table = &count_fields, .about = "VMs in each state", ALWAYS),
};
static const struct fields finding_fields = TABLE(finding_rows, "finding", "a finding over all VMs, most open ones first");

static const struct field action_rows[] = {
    ROW("id", FIELD_INT, .min = 1, .max = LIMIT_FLEET_ACTIONS, .about = "that machines name it by", ALWAYS),
    ROW("title", FIELD_TEXT, .about = "what to do; the same title is the same action", ALWAYS),
    ROW("machines", FIELD_INT, .about = "VMs that need it", ALWAYS, ANY_COUNT),
    ROW("why", FIELD_TEXT, .about = "as the first VM says"),
    ROW("effect", FIELD_TEXT, .about = "likewise"),
    ROW("back", FIELD_TEXT, .about = "likewise"),
    ROW("page", FIELD_TEXT, .about = "documentation"),
    ROW("findings", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "ids that hand it over", ALWAYS),
    ROW("commandsOf", FIELD_TEXT, .about = "the VM whose commands these are; those of another VM are in its own result"),
    ROW("bash", FIELD_TEXT, .max = LIMIT_RUNBOOK_BYTES, .about = "to be pasted"),
    ROW("powershell", FIELD_TEXT, .max = LIMIT_RUNBOOK_BYTES, .about = "the same for PowerShell"),
};
static const struct fields action_fields = TABLE(action_rows, "action", "what is to do outside the VMs, most needed first");

static const struct field left_out_rows[] = {
    ROW("results", FIELD_INT, .about = "of VMs beyond 262,144", ANY_COUNT),
    ROW("findings", FIELD_INT, .about = "times that a finding beyond the 512th different one was met", ANY_COUNT),
    ROW("actions", FIELD_INT, .about = "likewise of actions", ANY_COUNT),
    ROW("weeks", FIELD_INT, .about = "VMs that expire beyond the 104th different week", ANY_COUNT),
};
static const struct fields left_out_fields = TABLE(left_out_rows, "leftOut", "what the bounds left out");

static const struct field report_rows[] = {
    ROW("report", FIELD_WORD, .words = format_words, .about = "format of this document", ALWAYS),
    ROW("runner", FIELD_OBJECT, .table = &runner_fields, .about = "the program", ALWAYS),
    ROW("unread", FIELD_LIST, .table = &unread_fields, .max = INT64_MAX, .about = "what could not be read", ALWAYS),
    ROW("machines", FIELD_LIST, .table = &machine_fields, .max = INT64_MAX, .about = "a VM on each line, in the order they were read", ALWAYS),
    ROW("results", FIELD_INT, .about = "read; the newest of each VM counts", ALWAYS, ANY_COUNT),
    ROW("machineCount", FIELD_INT, .about = "VMs", ALWAYS, ANY_COUNT),
    ROW("unreadCount", FIELD_INT, .about = "length of unread", ALWAYS, ANY_COUNT),
    ROW("shortened", FIELD_INT, .about = "VMs neither healthy, fixed nor off whose result had no room for findings in full, and so for actions", ALWAYS, ANY_COUNT),
    ROW("oldest", FIELD_TEXT, .about = "UTC, of the results that count"),
    ROW("newest", FIELD_TEXT, .about = "likewise"),
    ROW("verdicts", FIELD_OBJECT, .table = &verdict_fields, .about = "VMs by verdict", ALWAYS),
    ROW("expiry", FIELD_LIST, .table = &week_fields, .about = "by week", ALWAYS),
    ROW("noExpiry", FIELD_INT, .about = "VMs of which no day is told", ALWAYS, ANY_COUNT),
    ROW("findings", FIELD_LIST, .table = &finding_fields, .about = "over all VMs", ALWAYS),
    ROW("actions", FIELD_LIST, .table = &action_fields, .about = "over all VMs", ALWAYS),
    ROW("leftOut", FIELD_OBJECT, .table = &left_out_fields, .about = "by bounds", ALWAYS),
};
static const struct fields report_fields = TABLE(report_rows, "report", "many results of azmend");
/* clang-format on */

void fleet_schema(struct writer *writer)
{
    schema_document(writer, "azmend.report/1", &report_fields);
}
