/* SPDX-License-Identifier: MIT */
/*
 * The result as field tables: they print the schema, and the tests read every result back through them. Nothing is
 * kept of what is read, so all fields share one slot.
 */
#include "engine/truth.h"
#include "report/result_fields.h"
#include "report/result_parts.h"
#include "report/schema.h"
#include "report/schema_rows.h"

/* clang-format off */
static const char *const format_words[] = {"azmend.result/1", NULL};

static const struct field error_rows[] = {
    ROW("code", FIELD_TEXT, .about = "closed list: invalid, limit, memory, not_found, denied, io, ...", ALWAYS),
    ROW("os", FIELD_INT, .max = UINT32_MAX, .about = "GetLastError, HRESULT or errno; left out when there is none"),
    ROW("text", FIELD_TEXT, .about = "one line, English", ALWAYS),
};
static const struct fields error_fields = TABLE(error_rows, "error", "what went wrong");

static const struct field change_rows[] = {
    ROW("verb", FIELD_TEXT, .about = "set, delete, start, ...", ALWAYS),
    ROW("what", FIELD_TEXT, .about = "the thing that changes", ALWAYS),
    ROW("before", FIELD_JSON, .about = "text; null: was not there", ALWAYS),
    ROW("after", FIELD_JSON, .about = "text; null: is not there", ALWAYS),
    ROW("outcome", FIELD_WORD, .words = op_outcome_names, .about = "planned: a dry run", ALWAYS),
    ROW("error", FIELD_OBJECT, .table = &error_fields, .about = "of failed and unknown"),
};
static const struct fields change_fields = TABLE(change_rows, "change", "one change to the machine, made or planned");

static const struct field step_rows[] = {
    ROW("ensure", FIELD_TEXT, .about = "kind", ALWAYS),
    ROW("item", FIELD_TEXT, .about = "element of forEach"),
    ROW("outcome", FIELD_WORD, .words = step_outcome_names, .about = "how it ended", ALWAYS),
    ROW("class", FIELD_WORD, .words = op_class_names, .about = "reversible: undo gives it back; one_way and costly: nothing does"),
    ROW("wants", FIELD_TEXT, .about = "not_run since a plan cannot tell yet: what it would make so if the finding were present, or the changes ahead of it were made"),
    ROW("effect", FIELD_TEXT, .about = "likewise: what undo could not take back"),
    ROW("mayFollow", FIELD_TEXT, .about = "of a plan: kinds of this plan whose steps may be due after it, which a plan cannot tell: \"kms_target, license\""),
    ROW("changes", FIELD_LIST, .table = &change_fields, .about = "in the order they were made"),
    ROW("attempts", FIELD_INT, .max = INT64_MAX, .about = "tries", ALWAYS),
    ROW("durationMs", FIELD_INT, .max = INT64_MAX, .about = "milliseconds", ALWAYS),
    ROW("error", FIELD_OBJECT, .table = &error_fields, .about = "why it is failed, unknown, not_run or in conflict"),
};
static const struct fields step_fields = TABLE(step_rows, "step", "one step of a fix");

static const struct field command_rows[] = {
    ROW("set", FIELD_TEXT, .about = "variable that takes the output; \"@name\", inside others \"@{name}\", in a later argv"),
    ROW("expect", FIELD_TEXT, .about = "nothing, anything: what it may hold; left out: something, or nothing after it runs"),
    ROW("stop", FIELD_TEXT, .about = "what is said when it is otherwise"),
    ROW("is", FIELD_TEXT, .about = "what the variable is, in place of argv"),
    ROW("argv", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "the command, word by word"),
    ROW("unless", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "a command: when it prints something, argv does not run"),
};
static const struct fields command_fields = TABLE(command_rows, "command", "an az command");

static const struct field handoff_rows[] = {
    ROW("title", FIELD_TEXT, .about = "what to do"),
    ROW("why", FIELD_TEXT, .about = "why"),
    ROW("effect", FIELD_TEXT, .about = "what it changes for others, and what it costs"),
    ROW("back", FIELD_TEXT, .about = "how to take it back"),
    ROW("page", FIELD_TEXT, .about = "documentation"),
    ROW("unknown", FIELD_TEXT, .about = "why there are no commands"),
    ROW("commands", FIELD_LIST, .table = &command_fields, .about = "in order"),
    ROW("bash", FIELD_TEXT, .max = LIMIT_RUNBOOK_BYTES, .about = "all of them, to be pasted"),
    ROW("powershell", FIELD_TEXT, .max = LIMIT_RUNBOOK_BYTES, .about = "the same for PowerShell"),
    ROW("refused", FIELD_TEXT, .about = "why they cannot be pasted"),
};
static const struct fields handoff_fields = TABLE(handoff_rows, "handoff", "what is to do outside the VM");

static const struct field choice_rows[] = {
    ROW("parameter", FIELD_TEXT, .about = "name=value, to be given as --parameter; left out: a step"),
    ROW("do", FIELD_TEXT, .about = "the step"),
    ROW("then", FIELD_TEXT, .about = "what happens after it"),
    ROW("otherwise", FIELD_TEXT, .about = "what happens without it"),
};
static const struct fields choice_fields = TABLE(choice_rows, "choice", "what a person may decide");

static const struct field evidence_rows[] = {
    ROW("name", FIELD_TEXT, .about = "fact.property", ALWAYS),
    ROW("value", FIELD_JSON, .about = "null: absent; {\"unknown\": why}: could not be looked at", ALWAYS),
};
static const struct fields evidence_fields = TABLE(evidence_rows, "evidence", "what was seen");

static const struct field finding_rows[] = {
    ROW("id", FIELD_TEXT, .about = "stable", ALWAYS),
    ROW("severity", FIELD_WORD, .words = severity_names, .about = "only errors make a verdict undetermined", ALWAYS),
    ROW("state", FIELD_WORD, .words = finding_state_names, .about = "after the run", ALWAYS),
    ROW("confidence", FIELD_WORD, .words = confidence_names, .about = "how sure the diagnosis is"),
    ROW("title", FIELD_TEXT, .about = "English"),
    ROW("reason", FIELD_TEXT, .about = "why refused or unknown"),
    ROW("choices", FIELD_LIST, .table = &choice_fields, .about = "of a refused one: what may be decided, and what comes of it"),
    ROW("explainedBy", FIELD_TEXT, .about = "id of the finding that causes this one"),
    ROW("detail", FIELD_TEXT, .about = "English"),
    ROW("evidence", FIELD_LIST, .table = &evidence_fields, .about = "what the condition saw"),
    ROW("steps", FIELD_LIST, .table = &step_fields, .about = "of all passes"),
    ROW("handoff", FIELD_LIST, .table = &handoff_fields, .about = "outside the VM"),
};
static const struct fields finding_fields = TABLE(finding_rows, "finding", "a finding that is not absent");

static const struct field count_rows[] = {
    ROW("unknown", FIELD_INT, ANY_COUNT), ROW("explained", FIELD_INT, ANY_COUNT), ROW("refused", FIELD_INT, ANY_COUNT),
    ROW("handed_off", FIELD_INT, ANY_COUNT), ROW("present", FIELD_INT, ANY_COUNT), ROW("would_fix", FIELD_INT, ANY_COUNT),
    ROW("fixed", FIELD_INT, ANY_COUNT), ROW("pending_reboot", FIELD_INT, ANY_COUNT), ROW("not_fixed", FIELD_INT, ANY_COUNT),
};
static const struct fields count_fields = TABLE(count_rows, "states", "how many findings are in each state");

static const struct field playbook_rows[] = {
    ROW("id", FIELD_TEXT, .about = "the playbook", ALWAYS),
    ROW("version", FIELD_TEXT, .about = "its version"),
    ROW("verdict", FIELD_WORD, .words = verdict_names, .about = "of this playbook alone", ALWAYS),
    ROW("applies", FIELD_BOOL, .about = "left out: could not be told"),
    ROW("findings", FIELD_LIST, .table = &finding_fields, .about = "those that are not absent"),
    ROW("absent", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "ids of the absent ones"),
    ROW("states", FIELD_OBJECT, .table = &count_fields, .about = "in place of findings where there is no room for them"),
};
static const struct fields playbook_result_fields = TABLE(playbook_rows, "playbook", "what a playbook found and did");

static const struct field runner_rows[] = {
    ROW("version", FIELD_TEXT, .about = "of azmend", ALWAYS),
    ROW("commit", FIELD_TEXT, .about = "empty when built outside git", ALWAYS),
};
static const struct fields runner_fields = TABLE(runner_rows, "runner", "the program");

static const struct field machine_rows[] = {
    ROW("name", FIELD_TEXT, .about = "computer name"),
    ROW("vmId", FIELD_TEXT, .about = "from IMDS"),
    ROW("cloud", FIELD_TEXT, .about = "from IMDS: AzurePublicCloud, ..."),
    ROW("resourceId", FIELD_TEXT, .about = "from IMDS"),
    ROW("os", FIELD_TEXT, .about = "for people"),
    ROW("onAzure", FIELD_BOOL, .about = "shown to be an Azure VM; left out: not asked"),
};
static const struct fields machine_fields = TABLE(machine_rows, "machine", "what is known of the machine; the rest is left out");

static const struct field license_rows[] = {
    ROW("status", FIELD_TEXT, .about = "of Windows"),
    ROW("channel", FIELD_TEXT, .about = "of the product key"),
    ROW("partialKey", FIELD_TEXT, .about = "last five characters"),
    ROW("expiresInDays", FIELD_INT, .max = INT64_MAX, .about = "days until it must have been renewed"),
};
static const struct fields license_fields = TABLE(license_rows, "license", "the Windows licence after the run");

static const struct field undone_rows[] = {
    ROW("verb", FIELD_TEXT, .about = "of the change: set, delete, start, ...", ALWAYS),
    ROW("what", FIELD_TEXT, .about = "the thing that was changed", ALWAYS),
    ROW("before", FIELD_JSON, .about = "text; null: was not there. It is there again when restored", ALWAYS),
    ROW("after", FIELD_JSON, .about = "text; null: was removed", ALWAYS),
    ROW("class", FIELD_WORD, .words = op_class_names, .about = "one_way and costly: nothing gives it back", ALWAYS),
    ROW("outcome", FIELD_WORD, .words = undo_outcome_names, .about = "unneeded: was as before already; diverged: changed by somebody since, left alone", ALWAYS),
    ROW("error", FIELD_OBJECT, .table = &error_fields, .about = "of failed, and of what is gone"),
};
static const struct fields undone_fields = TABLE(undone_rows, "undone", "one change of an earlier run");

static const struct field outcome_rows[] = {
    ROW("restored", FIELD_INT, ANY_COUNT), ROW("unneeded", FIELD_INT, ANY_COUNT), ROW("not_undone", FIELD_INT, ANY_COUNT),
    ROW("diverged", FIELD_INT, ANY_COUNT), ROW("failed", FIELD_INT, ANY_COUNT),
};
static const struct fields outcome_fields = TABLE(outcome_rows, "outcomes", "how many changes ended in each way");

static const struct field undo_rows[] = {
    ROW("run", FIELD_TEXT, .about = "the earlier run; left out: there was none with changes"),
    ROW("outcomes", FIELD_OBJECT, .table = &outcome_fields, .about = "in numbers", ALWAYS),
    ROW("changes", FIELD_LIST, .table = &undone_fields, .about = "the last one first"),
};
static const struct fields undo_fields = TABLE(undo_rows, "undo", "an earlier run, taken back");

static const struct field interrupted_rows[] = {
    ROW("closedBy", FIELD_TEXT, .about = "the run that found it so", ALWAYS),
    ROW("changes", FIELD_LIST, .table = &change_fields, .about = "as they were then; done: it was made, failed: it was not"),
};
static const struct fields interrupted_fields = TABLE(interrupted_rows, "interrupted", "the process ended before its run did");

static const struct field aside_rows[] = {
    ROW("path", FIELD_TEXT, .about = "of what another user had made", ALWAYS),
    ROW("name", FIELD_TEXT, .about = "its new one, in the same folder", ALWAYS),
};
static const struct fields aside_fields = TABLE(aside_rows, "aside", "a part of the state folder that another user had made: not read, renamed");

static const struct field history_rows[] = {
    ROW("otherRuns", FIELD_INT, .about = "runs with changes that are not known to be this VM's: not resumed, not undone", ANY_COUNT),
    ROW("otherMachine", FIELD_TEXT, .about = "computer name that the newest of them gives"),
    ROW("damagedRuns", FIELD_INT, .about = "undo: runs whose journal was damaged, newer than what was taken back", ANY_COUNT),
    ROW("damagedRun", FIELD_TEXT, .about = "the newest of them"),
    ROW("rebuildCutOff", FIELD_TEXT, .about = "the run that was ended in a rebuild of the license store which is not finished: its recover.txt says how to finish it by hand"),
    ROW("hasNoKey", FIELD_BOOL, .about = "with rebuildCutOff: Windows has no product key; false: that could not be read"),
    ROW("setAside", FIELD_LIST, .table = &aside_fields, .about = "what another user had made in the way of the state folder"),
};
static const struct fields history_fields = TABLE(history_rows, "history", "what of the state folder was left as it is");

static const struct field narrowing_rows[] = {
    ROW("mode", FIELD_WORD, .words = leave_names, .about = "what a run may do at most", ALWAYS),
    ROW("from", FIELD_TEXT, .about = "what says so; left out: mode is fix"),
    ROW("deniedFindings", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "whose fix is not to run"),
    ROW("deniedNouns", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "kinds that no fix is to change"),
};
static const struct fields narrowing_fields = TABLE(narrowing_rows, "narrowing", "what the owner of the VM takes away, by policy or tag");

static const struct field clouds_rows[] = {
    ROW("file", FIELD_TEXT, .about = "as it was named; of the extension: its settings", ALWAYS),
    ROW("sha256", FIELD_TEXT, .about = "of its bytes; left out: it stood inside settings, or the system gave none"),
};
static const struct fields clouds_fields = TABLE(clouds_rows, "clouds", "the file that made more clouds known to this run");

static const struct field approval_rows[] = {
    ROW("planId", FIELD_TEXT, .about = "of the plan that was approved", ALWAYS),
    ROW("isSame", FIELD_BOOL, .about = "false: the plan is another one now, and nothing was changed", ALWAYS),
    ROW("differing", FIELD_TEXTS, .max = LIMIT_ENTRIES, .about = "findings that would be fixed now, and were not approved so"),
    ROW("gone", FIELD_INT, .about = "how many were approved and are not due any more as they were", ANY_COUNT),
};
static const struct fields approval_fields = TABLE(approval_rows, "approval", "the plan that a fix is held to");
static const struct field trace_part_rows[] = {
    ROW("depth", FIELD_INT, .max = 64, .about = "0 begins a tree; what is deeper stands beneath what is before it", ALWAYS),
    ROW("part", FIELD_WORD, .words = trace_form_names, .about = "named: opened further down as a condition; fact: a look", ALWAYS),
    ROW("truth", FIELD_WORD, .words = truth_names, .about = "of a condition, or a part of one"),
    ROW("why", FIELD_TEXT, .about = "unknown: the first reason"),
    ROW("name", FIELD_TEXT, .about = "the reference as the playbook writes it, or an id"),
    ROW("number", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "of a row or a case"),
    ROW("looks", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "how many the fact has made"),
    ROW("value", FIELD_JSON, .about = "null: absent; {\"unknown\": why}; a long text is cut, a list or row is a text"),
    ROW("operator", FIELD_WORD, .words = cond_op_names, .about = "that value is compared by"),
    ROW("operandName", FIELD_TEXT, .about = "the reference that it is compared with; left out: a constant"),
    ROW("operand", FIELD_JSON, .about = "as value"),
    ROW("look", FIELD_TEXT, .about = "kind"),
    ROW("with", FIELD_TEXT, .about = "name=value, ...: what the look was made with"),
    ROW("rowsLeftOut", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "rows of it that are not shown"),
};
static const struct fields trace_part_fields = TABLE(trace_part_rows, "tracePart", "a part of a condition, or of what it names");

static const struct field trace_rows[] = {
    ROW("finding", FIELD_TEXT, .about = "its id", ALWAYS),
    ROW("playbook", FIELD_TEXT, .about = "whose it is", ALWAYS),
    ROW("state", FIELD_WORD, .words = finding_state_names, .about = "after the run", ALWAYS),
    ROW("explainedBy", FIELD_TEXT, .about = "id of the finding that causes this one"),
    ROW("outrankedBy", FIELD_TEXT, .about = "id of the finding that its group calls right instead"),
    ROW("parts", FIELD_LIST, .table = &trace_part_fields, .about = "trees in one list: the condition, then what it names; left out where there is no room"),
    ROW("leftOut", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "parts that are not here"),
};
static const struct fields trace_fields = TABLE(trace_rows, "trace", "why a finding is as it is, over the facts of the last pass");

static const struct field result_rows[] = {
    ROW("result", FIELD_WORD, .words = format_words, .about = "format of this document", ALWAYS),
    ROW("detail", FIELD_INT, .max = DETAIL_COUNT - 1, .about = "0: everything; each number up leaves out more", ALWAYS),
    ROW("runId", FIELD_TEXT, .about = "unique; names the folder under runs/"),
    ROW("startedAt", FIELD_TEXT, .about = "UTC; left out: not known"),
    ROW("durationMs", FIELD_INT, .max = INT64_MAX, .about = "milliseconds"),
    ROW("mode", FIELD_WORD, .words = run_mode_names, .about = "check and plan change nothing; undo takes back an earlier run", ALWAYS),
    ROW("channel", FIELD_TEXT, .about = "who asked: console, handler, ..."),
    ROW("runner", FIELD_OBJECT, .table = &runner_fields, .about = "the program", ALWAYS),
    ROW("machine", FIELD_OBJECT, .table = &machine_fields, .about = "the machine"),
    ROW("verdict", FIELD_WORD, .words = verdict_names, .about = "the worst thing found. Of an undo: fixed when all that can be is put back, healthy when there was nothing to put back", ALWAYS),
    ROW("warnings", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "findings of severity warning that stand; left out: none"),
    ROW("notChecked", FIELD_INT, .min = 1, .max = INT64_MAX, .about = "warnings and errors that could not be checked; left out: none"),
    ROW("changes", FIELD_INT, .max = INT64_MAX, .about = "changes made"),
    ROW("rebootRequired", FIELD_BOOL, .about = "a restart is needed to finish"),
    ROW("license", FIELD_OBJECT, .table = &license_fields, .about = "the Windows licence"),
    ROW("error", FIELD_OBJECT, .table = &error_fields, .about = "verdict failed: what ended the run"),
    ROW("undo", FIELD_OBJECT, .table = &undo_fields, .about = "mode undo: what became of each change"),
    ROW("interrupted", FIELD_OBJECT, .table = &interrupted_fields, .about = "error interrupted: what the next run found of this one"),
    ROW("history", FIELD_OBJECT, .table = &history_fields, .about = "earlier runs that are not this VM's, or cannot be read; what another user had made"),
    ROW("narrowing", FIELD_OBJECT, .table = &narrowing_fields, .about = "what the owner of the VM leaves azmend; left out: everything"),
    ROW("clouds", FIELD_OBJECT, .table = &clouds_fields, .about = "of a run with --clouds, or with clouds in its settings"),
    ROW("heldUntil", FIELD_TEXT, .about = "of an unattended fix: UTC, when the first of what it did not repeat is tried again; left out: nothing"),
    ROW("planId", FIELD_TEXT, .about = "what a plan would change and how it stands before, by name; left out: nothing would be changed"),
    ROW("approval", FIELD_OBJECT, .table = &approval_fields, .about = "of a fix with --approved"),
    ROW("playbooks", FIELD_LIST, .table = &playbook_result_fields, .about = "in the order they ran"),
    ROW("healthy", FIELD_TEXTS, .max = LIMIT_PLAYBOOKS, .about = "from detail 5 on: ids of playbooks that found nothing, or do not apply; they are not in playbooks"),
    ROW("states", FIELD_OBJECT, .table = &count_fields, .about = "in place of playbooks where there is no room for them"),
    ROW("trace", FIELD_LIST, .table = &trace_fields, .about = "--trace alone"),
};
const struct fields result_fields = TABLE(result_rows, "result", "what a run of azmend found and did");
/* clang-format on */

void result_schema(struct writer *writer)
{
    schema_document(writer, "azmend.result/1", &result_fields);
}
