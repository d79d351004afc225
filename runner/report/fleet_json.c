/* SPDX-License-Identifier: MIT */
/*
 * azmend.report/1. What is one a result is written while results are read, one on a line; the sums stand behind them.
 */
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "report/fleet_parts.h"
#include "report/result_parts.h"
#include "report/version.h"

#define FORMAT "azmend.report/1"

static void begin_line(struct writer *writer)
{
    buf_text(writer->buf, "\n"); /* white space of the document: a reader by lines finds a machine on each */
}

void fleet_json_begin(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "report", FORMAT);
    writer_name(writer, "runner");
    writer_open_object(writer);
    writer_named_text(writer, "version", version_number);
    writer_named_text(writer, "commit", version_commit);
    writer_close_object(writer);
    writer_name(writer, "unread");
    writer_open_array(writer);
}

static void write_place(struct writer *writer, const struct fleet_place *place)
{
    writer_named_text(writer, "file", place->file);
    if (place->part > 0) {
        writer_named_int(writer, "part", place->part);
    }
}

void fleet_json_unread(struct writer *writer, const struct fleet_place *place, const char *why)
{
    begin_line(writer);
    writer_open_object(writer);
    write_place(writer, place);
    writer_named_text(writer, "why", why);
    writer_close_object(writer);
}

void fleet_json_machines(struct writer *writer)
{
    writer_close_array(writer);
    writer_name(writer, "machines");
    writer_open_array(writer);
}

static void write_findings(struct writer *writer, const struct json *playbooks)
{
    writer_name(writer, "findings");
    writer_open_array(writer);
    for (size_t i = 0; i < fleet_count_of(playbooks); i++) {
        const struct json *findings = fleet_member(&playbooks->as.items[i], "findings", JSON_ARRAY);
        for (size_t j = 0; j < fleet_count_of(findings); j++) {
            writer_open_object(writer);
            result_known(writer, "id", fleet_text_of(&findings->as.items[j], "id"));
            result_known(writer, "state", fleet_text_of(&findings->as.items[j], "state"));
            writer_close_object(writer);
        }
    }
    writer_close_array(writer);
}

void fleet_json_machine(struct writer *writer, const struct json *result, const struct fleet_place *place,
                        const struct fleet_needs *needs)
{
    static const char *const of_machine[] = {"name", "vmId", "cloud", "resourceId"};
    static const char *const of_result[] = {"verdict", "mode", "startedAt", "runId"};
    const struct json *machine = fleet_member(result, "machine", JSON_OBJECT);
    struct fleet_date date = {0};
    int64_t day = 0;
    begin_line(writer);
    writer_open_object(writer);
    for (size_t i = 0; i < COUNT_OF(of_machine); i++) {
        result_known(writer, of_machine[i], fleet_text_of(machine, of_machine[i]));
    }
    for (size_t i = 0; i < COUNT_OF(of_result); i++) {
        result_known(writer, of_result[i], fleet_text_of(result, of_result[i]));
    }
    if (fleet_expiry(result, &day)) {
        writer_named_text(writer, "expiresOn", fleet_day(day, &date));
    }
    write_findings(writer, fleet_member(result, "playbooks", JSON_ARRAY));
    writer_name(writer, "actions");
    writer_open_array(writer);
    for (size_t i = 0; i < needs->count; i++) {
        writer_int(writer, (int64_t)needs->ids[i]);
    }
    writer_close_array(writer);
    write_place(writer, place);
    writer_close_object(writer);
}

/* --- the sums --- */

static void write_count(struct writer *writer, const char *name, size_t count)
{
    writer_named_int(writer, name, (int64_t)count);
}

static void write_time(struct writer *writer, const char *name, int64_t utc_ms)
{
    struct utc_text text = {0};
    result_known(writer, name, result_utc(utc_ms, &text));
}

static void write_verdicts(struct writer *writer, const struct fleet *fleet)
{
    writer_name(writer, "verdicts");
    writer_open_object(writer);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        write_count(writer, verdict_names[i], fleet->verdicts[i]);
    }
    writer_close_object(writer);
}

static void write_finding(struct writer *writer, const struct fleet_finding *finding)
{
    begin_line(writer);
    writer_open_object(writer);
    writer_named_text(writer, "id", finding->id);
    writer_named_text(writer, "severity", severity_names[finding->severity]);
    result_known(writer, "title", finding->title);
    writer_name(writer, "states");
    writer_open_object(writer);
    for (size_t state = FINDING_ABSENT + 1; state < FINDING_STATE_COUNT; state++) {
        if (finding->states[state] > 0) {
            write_count(writer, finding_state_names[state], finding->states[state]);
        }
    }
    writer_close_object(writer);
    writer_close_object(writer);
}

static void write_action(struct writer *writer, const struct fleet_action *action)
{
    const char *const *ids = action->findings.items;
    begin_line(writer);
    writer_open_object(writer);
    write_count(writer, "id", action->id);
    writer_named_text(writer, "title", action->title);
    write_count(writer, "machines", action->vms);
    result_known(writer, "why", action->why);
    result_known(writer, "effect", action->effect);
    result_known(writer, "back", action->back);
    result_known(writer, "page", action->page);
    writer_name(writer, "findings");
    writer_open_array(writer);
    for (size_t i = 0; i < action->findings.count; i++) {
        writer_text(writer, ids[i]);
    }
    writer_close_array(writer);
    if (action->commands[SHELL_BASH] != NULL || action->commands[SHELL_POWERSHELL] != NULL) {
        result_known(writer, "commandsOf", action->commands_of);
    }
    for (size_t shell = 0; shell < SHELL_COUNT; shell++) {
        result_known(writer, shell_names[shell], action->commands[shell]);
    }
    writer_close_object(writer);
}

static void write_weeks(struct writer *writer, const struct fleet *fleet)
{
    struct fleet_date date = {0};
    writer_name(writer, "expiry");
    writer_open_array(writer);
    for (size_t i = 0; i < fleet->week_count; i++) {
        writer_open_object(writer);
        writer_named_text(writer, "week", fleet_day(fleet->weeks[i].monday, &date));
        write_count(writer, "machines", fleet->weeks[i].vms);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_left_out(struct writer *writer, const struct fleet *fleet)
{
    writer_name(writer, "leftOut");
    writer_open_object(writer);
    write_count(writer, "results", fleet->beyond);
    write_count(writer, "findings", fleet->findings_beyond);
    write_count(writer, "actions", fleet->actions_beyond);
    write_count(writer, "weeks", fleet->weeks_beyond);
    writer_close_object(writer);
}

void fleet_json_end(struct writer *writer, const struct fleet *fleet)
{
    writer_close_array(writer);
    begin_line(writer);
    write_count(writer, "results", fleet->results);
    write_count(writer, "machineCount", fleet->vms);
    write_count(writer, "unreadCount", fleet->unread_count);
    write_count(writer, "shortened", fleet->shortened);
    write_time(writer, "oldest", fleet->oldest_ms);
    write_time(writer, "newest", fleet->newest_ms);
    write_verdicts(writer, fleet);
    write_weeks(writer, fleet);
    write_count(writer, "noExpiry", fleet->undated);
    writer_name(writer, "findings");
    writer_open_array(writer);
    for (size_t i = 0; i < fleet->findings.count; i++) {
        write_finding(writer, fleet_finding_at(fleet, i));
    }
    writer_close_array(writer);
    writer_name(writer, "actions");
    writer_open_array(writer);
    for (size_t i = 0; i < fleet->actions.count; i++) {
        write_action(writer, fleet_action_at(fleet, i));
    }
    writer_close_array(writer);
    write_left_out(writer, fleet);
    writer_close_object(writer);
    writer_finish(writer);
}
