/* SPDX-License-Identifier: MIT */
#include "plan/plan_fields.h"

#include "base/limits.h"
#include "plan/plan.h"

/* One row a member; kept as rows. */
/* clang-format off */
#define ROW(struct_name, member, json_name, field_type_, ...) \
    {.name = (json_name), .type = (field_type_), .offset = offsetof(struct struct_name, member), __VA_ARGS__}
#define MUST_HAVE .flags = FIELD_REQUIRED
#define TABLE(struct_name, rows, label, text, keeps) \
    {.name = (label), .about = (text), .items = (rows), .count = COUNT_OF(rows), \
     .size = sizeof(struct struct_name), .json_offset = (keeps)}
#define SHORT_TABLE(struct_name, rows, label, text, member_of_text) \
    {.name = (label), .about = (text), .items = (rows), .count = COUNT_OF(rows), \
     .size = sizeof(struct struct_name), .json_offset = KEEPS(struct_name), .short_form = (member_of_text)}
#define KEEPS(struct_name) offsetof(struct struct_name, json)

const char *const parameter_type_words[] = {"bool", "int", "text", "list", NULL};
/* In the order of enum text_shape. */
static const char *const shape_words[] = {"free", "name", "group", "guid", "resource", "address", "host", NULL};
_Static_assert(COUNT_OF(shape_words) == SHAPE_COUNT + 1, "one word a shape");
static const char *const pick_words[] = {"one", "all", NULL};
/* In the order of enum expect. */
static const char *const expect_words[] = {"something", "nothing", "anything", NULL};
static const char *const clears_words[] = {"now", "afterReboot", "withRun", NULL};
static const char *const jitter_words[] = {"full", NULL};
static const char *const severity_words[] = {"error", "warning", "info", NULL};
static const char *const confidence_words[] = {"certain", "likely", "possible", NULL};

static const struct field said_rows[] = {
    ROW(said_source, en, "en", FIELD_TEXT, .about = "English", MUST_HAVE),
    ROW(said_source, ja, "ja", FIELD_TEXT, .about = "Japanese; without it the English text serves"),
};
const struct fields said_fields = TABLE(said_source, said_rows, "said", "a text for people; ${ref} is replaced, a part in $[...] left out while a ${ref} in it has nothing to tell", SIZE_MAX);

static const struct field allowed_rows[] = {
    ROW(allowed_source, table, "table", FIELD_TEXT, .about = "id of the table", MUST_HAVE),
    ROW(allowed_source, take, "take", FIELD_TEXT, .about = "its column", MUST_HAVE),
};
const struct fields allowed_fields = TABLE(allowed_source, allowed_rows, "allowed", "values of a column of a table", SIZE_MAX);

static const struct field parameter_rows[] = {
    ROW(parameter_source, type, "type", FIELD_WORD, .words = parameter_type_words, .about = "its type", MUST_HAVE),
    ROW(parameter_source, otherwise, "default", FIELD_JSON, .about = "value when not given; null: absent"),
    ROW(parameter_source, about, "about", FIELD_TEXT, .about = "one line for whoever sets it; here or in the texts beside it"),
    ROW(parameter_source, one_of, "oneOf", FIELD_JSON, .about = "array of the only values allowed, or {table, take}: those of a column"),
    ROW(parameter_source, min, "min", FIELD_JSON, .about = "int: least value"),
    ROW(parameter_source, max, "max", FIELD_JSON, .about = "int: greatest value"),
    ROW(parameter_source, secret, "secret", FIELD_BOOL, .about = "never shown"),
};
static const struct fields parameter_fields =
    TABLE(parameter_source, parameter_rows, "parameter", "an input somebody may set", KEEPS(parameter_source));

static const struct field fact_rows[] = {
    ROW(fact_source, look, "look", FIELD_TEXT, .about = "kind that looks", MUST_HAVE),
    ROW(fact_source, with, "with", FIELD_JSON, .schema = "with", .about = "parameters of the look"),
    ROW(fact_source, when, "when", FIELD_JSON, .schema = "cond", .about = "looked at only when true; else absent"),
    ROW(fact_source, for_each, "forEach", FIELD_JSON, .schema = "expr", .about = "one look an element; yields rows {each, ...}"),
};
static const struct fields fact_fields = SHORT_TABLE(fact_source, fact_rows, "fact", "something to look at; the name of a kind alone is a look without parameters", "look");

static const struct field case_rows[] = {
    ROW(case_source, when, "when", FIELD_JSON, .schema = "cond", .about = "the case", MUST_HAVE),
    ROW(case_source, is, "is", FIELD_JSON, .schema = "expr", .about = "its value", MUST_HAVE),
};
static const struct fields case_fields = TABLE(case_source, case_rows, "case", "one case", KEEPS(case_source));

static const struct field named_value_rows[] = {
    ROW(value_source, table, "table", FIELD_TEXT, .about = "rows of a table"),
    ROW(value_source, each, "each", FIELD_JSON, .schema = "expr", .about = "elements of a list or of rows"),
    ROW(value_source, where, "where", FIELD_JSON, .schema = "cond", .about = "only those for which it is true; `item` is the element"),
    ROW(value_source, take, "take", FIELD_TEXT, .about = "column to take; else the whole row"),
    ROW(value_source, pick, "pick", FIELD_WORD, .words = pick_words, .about = "one (default for tables): exactly one or absent; all: a list"),
    ROW(value_source, first_of, "firstOf", FIELD_JSON, .about = "array of expressions: the first that is not absent"),
    ROW(value_source, cases, "case", FIELD_LIST, .table = &case_fields, .about = "the first case that is true"),
    ROW(value_source, otherwise, "else", FIELD_JSON, .schema = "expr", .about = "when no case is true"),
};
static const struct fields value_fields =
    TABLE(value_source, named_value_rows, "value", "a named value: {table}, {each}, {firstOf} or {case}", KEEPS(value_source));

static const struct field choice_rows[] = {
    ROW(choice_source, parameter, "parameter", FIELD_TEXT, .max = 64, .about = "of this playbook, that is given; without it the choice is a step"),
    ROW(choice_source, value, "value", FIELD_JSON, .schema = "expr", .about = "what it is set to; a bool without it: true"),
    ROW(choice_source, step, "do", FIELD_JSON, .schema = "said", .about = "the step, where there is no parameter"),
    ROW(choice_source, then, "then", FIELD_JSON, .schema = "said", .about = "what happens after it"),
    ROW(choice_source, otherwise, "otherwise", FIELD_JSON, .schema = "said", .about = "what happens without it"),
};
static const struct fields choice_fields =
    TABLE(choice_source, choice_rows, "choice", "what a person may decide where azmend does not fix", KEEPS(choice_source));

static const struct field refusal_rows[] = {
    ROW(refusal_source, id, "id", FIELD_TEXT, .max = 64, .about = "its name within the finding, where texts stand apart"),
    ROW(refusal_source, use, "use", FIELD_TEXT, .about = "the one of this name, and nothing else here"),
    ROW(refusal_source, when, "when", FIELD_JSON, .schema = "cond", .about = "true or unknown: not fixed"),
    ROW(refusal_source, reason, "reason", FIELD_JSON, .schema = "said", .about = "why"),
    ROW(refusal_source, choices, "choices", FIELD_TEXTS, .min = 1, .max = LIMIT_CHOICES, .about = "what a person may decide then, by name"),
    ROW(refusal_source, hands_off, "handoff", FIELD_BOOL, .about = "somebody else's to change: when true, handed over and not refused"),
};
static const struct fields refusal_fields =
    SHORT_TABLE(refusal_source, refusal_rows, "refusal", "when azmend must not fix it; a name alone is the one of that name", "use");

static const struct field explanation_rows[] = {
    ROW(explanation_source, finding, "finding", FIELD_TEXT, .about = "its id"),
    ROW(explanation_source, class_name, "class", FIELD_TEXT, .about = "every finding of this class, in place of one"),
    ROW(explanation_source, when, "when", FIELD_JSON, .schema = "cond", .about = "it explains only while this is true"),
    ROW(explanation_source, try_first, "tryFirst", FIELD_BOOL, .about = "true: suspected only, so a fix tries this one once all the same; check promises nothing"),
};
const struct fields explanation_fields =
    TABLE(explanation_source, explanation_rows, "explanation", "a finding that explains another at times, or a class of them", SIZE_MAX);

static const struct field blockers_rows[] = {
    ROW(blockers_source, findings, "findings", FIELD_TEXTS, .min = 1, .about = "their ids"),
    ROW(blockers_source, classes, "classes", FIELD_TEXTS, .min = 1, .about = "every finding of these classes"),
    ROW(blockers_source, when, "when", FIELD_JSON, .schema = "cond", .about = "they block only while this is true"),
};
const struct fields blockers_fields =
    TABLE(blockers_source, blockers_rows, "blockers", "findings that must be gone before a fix begins", SIZE_MAX);

static const struct field retry_rows[] = {
    ROW(retry_source, attempts, "attempts", FIELD_INT, .min = 2, .max = LIMIT_RETRY_ATTEMPTS, .about = "tries in all", MUST_HAVE),
    ROW(retry_source, first_seconds, "firstSeconds", FIELD_INT, .min = 1, .max = 3600, .about = "upper bound of the first wait", MUST_HAVE),
    ROW(retry_source, factor, "factor", FIELD_INT, .min = 1, .max = 10, .about = "each bound is so many times the one before", MUST_HAVE),
    ROW(retry_source, max_seconds, "maxSeconds", FIELD_INT, .min = 1, .max = 3600, .about = "no bound grows over it", MUST_HAVE),
    ROW(retry_source, jitter, "jitter", FIELD_WORD, .words = jitter_words, .about = "full: uniform between 0 and the bound", MUST_HAVE),
    ROW(retry_source, while_true, "while", FIELD_JSON, .schema = "cond", .about = "only while true; else until it is so"),
};
const struct fields retry_fields = TABLE(retry_source, retry_rows, "retry", "exponential backoff", SIZE_MAX);

static const struct field step_rows[] = {
    ROW(step_source, ensure, "ensure", FIELD_TEXT, .about = "kind that sets", MUST_HAVE),
    ROW(step_source, with, "with", FIELD_JSON, .schema = "with", .about = "parameters of the look and wanted properties", MUST_HAVE),
    ROW(step_source, for_each, "forEach", FIELD_JSON, .schema = "expr", .about = "once an element"),
    ROW(step_source, retry, "retry", FIELD_JSON, .schema = "retry", .about = "try again"),
};
static const struct fields step_fields = TABLE(step_source, step_rows, "step", "one thing to make so", KEEPS(step_source));

static const struct field run_rows[] = {
    ROW(run_source, set, "set", FIELD_TEXT, .max = 32, .about = "shell variable that takes the output"),
    ROW(run_source, is, "is", FIELD_JSON, .schema = "expr", .about = "what the variable is, in place of az"),
    ROW(run_source, expect, "expect", FIELD_WORD, .words = expect_words, .about = "what the variable must hold, or nothing after it runs; something when left out"),
    ROW(run_source, stop, "stop", FIELD_JSON, .schema = "said", .about = "what is said when it does not; with expect: nothing"),
    ROW(run_source, unless, "unless", FIELD_JSON, .about = "arguments of az, as in az: when it prints something, the command does not run"),
    ROW(run_source, when, "when", FIELD_JSON, .schema = "cond", .about = "only when true"),
    ROW(run_source, for_each, "forEach", FIELD_JSON, .schema = "expr", .about = "once an element; `item` is the element"),
    ROW(run_source, az, "az", FIELD_JSON, .about = "arguments of az, in one text with single blanks between or as an array; \"@name\", inside others \"@{name}\", is a variable set before, or a lookup"),
};
const struct fields run_fields = SHORT_TABLE(run_source, run_rows, "run", "one az command; a text alone is its arguments", "az");

static const struct field handoff_rows[] = {
    ROW(handoff_source, id, "id", FIELD_TEXT, .max = 64, .about = "its name within the finding, where texts stand apart"),
    ROW(handoff_source, use, "use", FIELD_TEXT, .about = "the one of this name, and nothing else here"),
    ROW(handoff_source, when, "when", FIELD_JSON, .schema = "cond", .about = "handed over only when true"),
    ROW(handoff_source, title, "title", FIELD_JSON, .schema = "said", .about = "what to do in Azure"),
    ROW(handoff_source, why, "why", FIELD_JSON, .schema = "said", .about = "why it helps"),
    ROW(handoff_source, effect, "effect", FIELD_JSON, .schema = "said", .about = "what it changes for others, and what it costs"),
    ROW(handoff_source, back, "back", FIELD_JSON, .schema = "said", .about = "how to take it back"),
    ROW(handoff_source, page, "page", FIELD_TEXT, .max = 256, .about = "https address of the documentation"),
    ROW(handoff_source, run, "run", FIELD_LIST, .table = &run_fields, .about = "commands in order"),
};
static const struct fields handoff_fields =
    SHORT_TABLE(handoff_source, handoff_rows, "handoff", "what to do outside the VM; a name alone is the one of that name", "use");

static const struct field finding_rows[] = {
    ROW(finding_source, id, "id", FIELD_TEXT, .max = 64, .about = "stable id, A-Z 0-9 _", MUST_HAVE),
    ROW(finding_source, class_name, "class", FIELD_TEXT, .min = 1, .max = 64, .about = "findings that explainedBy and blockedBy name together"),
    ROW(finding_source, severity, "severity", FIELD_JSON, .schema = "severity", .about = "a word, or {case, else}; here or of its group"),
    ROW(finding_source, when, "when", FIELD_JSON, .schema = "cond", .about = "when it stands", MUST_HAVE),
    ROW(finding_source, confidence, "confidence", FIELD_JSON, .schema = "confidence", .about = "a word, or {case, else}; certain when left out"),
    ROW(finding_source, title, "title", FIELD_JSON, .schema = "said", .about = "one line; here or in the texts beside it"),
    ROW(finding_source, detail, "detail", FIELD_JSON, .schema = "said", .about = "what was seen and what it means; here or in the texts beside it"),
    ROW(finding_source, refuse, "refuse", FIELD_LIST, .table = &refusal_fields, .about = "when it must not be fixed"),
    ROW(finding_source, needs, "needs", FIELD_TEXTS, .about = "bool parameters that must be true before a fix"),
    ROW(finding_source, explained_by, "explainedBy", FIELD_JSON, .schema = "explanations", .about = "findings that explain this one while they stand"),
    ROW(finding_source, blocked_by, "blockedBy", FIELD_JSON, .schema = "blockers", .about = "while one of them stands the fix is refused: it could not end well"),
    ROW(finding_source, fix, "fix", FIELD_LIST, .table = &step_fields, .max = LIMIT_STEPS, .about = "steps in order"),
    ROW(finding_source, handoff, "handoff", FIELD_LIST, .table = &handoff_fields, .max = LIMIT_STEPS, .about = "what to do outside the VM"),
    ROW(finding_source, clears, "clears", FIELD_WORD, .words = clears_words, .about = "afterReboot: stays until the boot id changes; withRun: its fix ends with the run, so it is present at the end"),
    ROW(finding_source, holds_fixes, "holdsFixes", FIELD_BOOL, .about = "true: while it stands nothing is fixed in this run"),
    ROW(finding_source, holds_unknown, "holdsUnknown", FIELD_BOOL, .about = "true, beside holdsFixes: nor while it cannot be told"),
};
const struct fields finding_fields =
    TABLE(finding_source, finding_rows, "finding", "a documented condition", KEEPS(finding_source));

static const struct field group_rows[] = {
    ROW(group_source, group, "group", FIELD_TEXT, .min = 1, .max = 64, .about = "name of a differential diagnosis"),
    ROW(group_source, first_of, "firstOf", FIELD_LIST, .table = &finding_fields, .about = "a differential diagnosis: the first true one wins"),
    ROW(group_source, each, "each", FIELD_LIST, .table = &finding_fields, .about = "in place of firstOf: each stands by itself, and they share what is said here"),
    ROW(group_source, class_name, "class", FIELD_TEXT, .min = 1, .max = 64, .about = "of members that name none"),
    ROW(group_source, severity, "severity", FIELD_JSON, .schema = "severity", .about = "of members that say none"),
    ROW(group_source, confidence, "confidence", FIELD_JSON, .schema = "confidence", .about = "of members that say none"),
    ROW(group_source, refuse, "refuse", FIELD_LIST, .table = &refusal_fields, .about = "of members that say none"),
    ROW(group_source, explained_by, "explainedBy", FIELD_JSON, .schema = "explanations", .about = "of members that say none"),
    ROW(group_source, blocked_by, "blockedBy", FIELD_JSON, .schema = "blockers", .about = "of members with a fix that say none"),
    ROW(group_source, fix, "fix", FIELD_LIST, .table = &step_fields, .max = LIMIT_STEPS, .about = "of members that say none"),
    ROW(group_source, handoff, "handoff", FIELD_LIST, .table = &handoff_fields, .max = LIMIT_STEPS, .about = "of members that say none"),
};
const struct fields group_fields =
    TABLE(group_source, group_rows, "group", "a differential diagnosis, or findings that share something", KEEPS(group_source));

static const struct field severity_rows[] = {
    ROW(word_cases_source, cases, "case", FIELD_LIST, .table = &case_fields, .about = "the first case that is true", MUST_HAVE),
    ROW(word_cases_source, otherwise, "else", FIELD_WORD, .words = severity_words, .about = "when none is, or one is unknown", MUST_HAVE),
};
const struct fields severity_fields =
    TABLE(word_cases_source, severity_rows, "severityCases", "a severity that depends", SIZE_MAX);

static const struct field confidence_rows[] = {
    ROW(word_cases_source, cases, "case", FIELD_LIST, .table = &case_fields, .about = "the first case that is true", MUST_HAVE),
    ROW(word_cases_source, otherwise, "else", FIELD_WORD, .words = confidence_words, .about = "when none is, or one is unknown", MUST_HAVE),
};
const struct fields confidence_fields =
    TABLE(word_cases_source, confidence_rows, "confidenceCases", "a confidence that depends", SIZE_MAX);

static const struct field playbook_rows[] = {
    ROW(playbook_source, id, "id", FIELD_TEXT, .max = 64, .about = "a-z 0-9 -, stable", MUST_HAVE),
    ROW(playbook_source, format, "format", FIELD_INT, .min = 1, .max = 2, .about = "of this language: 2; left out: 1"),
    ROW(playbook_source, requires_azmend, "requiresAzmend", FIELD_TEXT, .about = "the oldest program that reads it, such as 1.2.3"),
    ROW(playbook_source, version, "version", FIELD_TEXT, .max = 32, .about = "date or number; shown in results", MUST_HAVE),
    ROW(playbook_source, title, "title", FIELD_JSON, .schema = "said", .about = "one line; here or in the texts beside it"),
    ROW(playbook_source, source, "source", FIELD_JSON, .schema = "source", .about = "the documents it follows, with dates", MUST_HAVE),
    ROW(playbook_source, uses, "uses", FIELD_TEXTS, .max = 1, .about = "common: names of common.json are there as if they stood here"),
    ROW(playbook_source, after, "after", FIELD_TEXTS, .about = "playbooks whose fixes come first"),
    ROW(playbook_source, requires, "requires", FIELD_TEXTS, .about = "playbooks that must run in the same run"),
    ROW(playbook_source, applies_to, "appliesTo", FIELD_JSON, .schema = "cond", .about = "else nothing is looked at"),
    ROW(playbook_source, parameters, "parameters", FIELD_MAP, .table = &parameter_fields, .about = "by name"),
    ROW(playbook_source, facts, "facts", FIELD_MAP, .table = &fact_fields, .about = "by id"),
    ROW(playbook_source, values, "values", FIELD_MAP, .table = &value_fields, .about = "by name"),
    ROW(playbook_source, conditions, "conditions", FIELD_JSON, .schema = "conditions", .about = "conditions by name"),
    ROW(playbook_source, filters, "filters", FIELD_JSON, .schema = "conditions", .about = "conditions over an item by name, for where: item is what it is there"),
    ROW(playbook_source, handoffs, "handoffs", FIELD_MAP, .table = &handoff_fields, .about = "hand-overs that several findings use, by name"),
    ROW(playbook_source, refusals, "refusals", FIELD_MAP, .table = &refusal_fields, .about = "refusals that several findings use, by name"),
    ROW(playbook_source, choices, "choices", FIELD_MAP, .table = &choice_fields, .about = "what a person may decide, by name: of refusals, and of parameters that findings need"),
    ROW(playbook_source, lookups, "lookups", FIELD_JSON, .schema = "lookups", .about = "commands that find something out, by the name of the variable that they set"),
    ROW(playbook_source, findings, "findings", FIELD_JSON, .schema = "findings", .about = "findings and groups, in order", MUST_HAVE),
};
const struct fields playbook_fields =
    TABLE(playbook_source, playbook_rows, "playbook", "azmend.playbook/2", KEEPS(playbook_source));

static const struct field common_rows[] = {
    ROW(playbook_source, id, "id", FIELD_TEXT, .max = 64, .about = "common", MUST_HAVE),
    ROW(playbook_source, format, "format", FIELD_INT, .min = 1, .max = 2, .about = "as in a playbook"),
    ROW(playbook_source, requires_azmend, "requiresAzmend", FIELD_TEXT, .about = "as in a playbook"),
    ROW(playbook_source, version, "version", FIELD_TEXT, .max = 32, .about = "as in a playbook", MUST_HAVE),
    ROW(playbook_source, source, "source", FIELD_JSON, .schema = "source", .about = "as in a playbook", MUST_HAVE),
    ROW(playbook_source, facts, "facts", FIELD_MAP, .table = &fact_fields, .about = "as in a playbook"),
    ROW(playbook_source, values, "values", FIELD_MAP, .table = &value_fields, .about = "as in a playbook"),
    ROW(playbook_source, conditions, "conditions", FIELD_JSON, .schema = "conditions", .about = "as in a playbook"),
    ROW(playbook_source, filters, "filters", FIELD_JSON, .schema = "conditions", .about = "as in a playbook"),
    ROW(playbook_source, handoffs, "handoffs", FIELD_MAP, .table = &handoff_fields, .about = "as in a playbook"),
    ROW(playbook_source, refusals, "refusals", FIELD_MAP, .table = &refusal_fields, .about = "as in a playbook"),
    ROW(playbook_source, lookups, "lookups", FIELD_JSON, .schema = "lookups", .about = "as in a playbook"),
};
const struct fields common_fields =
    TABLE(playbook_source, common_rows, "common", "common.json: what playbooks use, and nothing that runs", KEEPS(playbook_source));

static const struct field column_rows[] = {
    ROW(column_source, type, "type", FIELD_WORD, .words = parameter_type_words, .about = "its type", MUST_HAVE),
    ROW(column_source, shape, "shape", FIELD_WORD, .words = shape_words, .about = "what its text looks like; needed inside commands"),
    ROW(column_source, about, "about", FIELD_TEXT, .about = "one line", MUST_HAVE),
};
static const struct fields column_fields =
    TABLE(column_source, column_rows, "column", "a column of a table", KEEPS(column_source));

static const struct field table_rows[] = {
    ROW(table_source, table, "table", FIELD_TEXT, .max = 64, .about = "its id", MUST_HAVE),
    ROW(table_source, about, "about", FIELD_TEXT, .about = "what it holds", MUST_HAVE),
    ROW(table_source, columns, "columns", FIELD_MAP, .table = &column_fields, .about = "by name", MUST_HAVE),
    ROW(table_source, takes_clouds, "takesClouds", FIELD_BOOL, .about = "a file of clouds (--clouds) may add rows; a column cloud is then the cloud's name"),
    ROW(table_source, rows, "rows", FIELD_JSON, .about = "array of objects", MUST_HAVE),
};
const struct fields table_fields = TABLE(table_source, table_rows, "table", "azmend.table/1", KEEPS(table_source));
/* clang-format on */
