/* SPDX-License-Identifier: MIT */
#include "report/result.h"

#include "host/nouns/clock/clock.h"
#include "report/headline.h"
#include "report/result_parts.h"
#include "report/trace.h"
#include "report/version.h"

static void count_states(const struct playbook_record *playbook, size_t counts[FINDING_STATE_COUNT])
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        counts[playbook->findings[i].state]++;
    }
}

/* How many findings in each state; absent ones are not worth a word. */
static void write_counts(struct writer *writer, const size_t counts[FINDING_STATE_COUNT])
{
    writer_name(writer, "states");
    writer_open_object(writer);
    for (size_t state = FINDING_ABSENT + 1; state < FINDING_STATE_COUNT; state++) {
        if (counts[state] > 0) {
            writer_named_int(writer, finding_state_names[state], (int64_t)counts[state]);
        }
    }
    writer_close_object(writer);
}

static void write_absent(struct writer *writer, const struct playbook_record *playbook)
{
    writer_name(writer, "absent");
    writer_open_array(writer);
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        if (playbook->findings[i].state == FINDING_ABSENT) {
            writer_text(writer, playbook->findings[i].finding->id);
        }
    }
    writer_close_array(writer);
}

static void write_findings(struct writer *writer, const struct host *host, const struct playbook_record *playbook,
                           enum detail detail)
{
    writer_name(writer, "findings");
    writer_open_array(writer);
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        if (playbook->findings[i].state != FINDING_ABSENT) {
            result_finding(writer, host, &playbook->findings[i], detail);
        }
    }
    writer_close_array(writer);
    if (detail < DETAIL_NO_EVIDENCE) {
        write_absent(writer, playbook);
    }
}

static void write_playbook(struct writer *writer, const struct host *host, const struct playbook_record *playbook,
                           enum detail detail)
{
    size_t counts[FINDING_STATE_COUNT] = {0};
    writer_open_object(writer);
    writer_named_text(writer, "id", playbook->playbook->id);
    result_known(writer, "version", playbook->playbook->version);
    writer_named_text(writer, "verdict", verdict_names[playbook->verdict]);
    if (!playbook->applies_unknown) {
        writer_named_bool(writer, "applies", playbook->applies);
    }
    if (detail < DETAIL_COUNTS) {
        write_findings(writer, host, playbook, detail);
    } else {
        count_states(playbook, counts);
        write_counts(writer, counts);
    }
    writer_close_object(writer);
}

/* Healthy, and nothing to tell but that. */
static bool is_quiet(const struct playbook_record *playbook)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        if (playbook->findings[i].state != FINDING_ABSENT) {
            return false;
        }
    }
    return playbook->verdict == VERDICT_HEALTHY;
}

static void write_quiet(struct writer *writer, const struct record *record)
{
    writer_name(writer, "healthy");
    writer_open_array(writer);
    for (size_t i = 0; i < record->playbook_count; i++) {
        if (is_quiet(&record->playbooks[i])) {
            writer_text(writer, record->playbooks[i].playbook->id);
        }
    }
    writer_close_array(writer);
}

static void write_playbooks(struct writer *writer, const struct record *record, enum detail detail)
{
    size_t counts[FINDING_STATE_COUNT] = {0};
    if (detail >= DETAIL_VERDICT) {
        for (size_t i = 0; i < record->playbook_count; i++) {
            count_states(&record->playbooks[i], counts);
        }
        write_counts(writer, counts);
        return;
    }
    bool is_short = detail >= DETAIL_STATES;
    writer_name(writer, "playbooks");
    writer_open_array(writer);
    for (size_t i = 0; i < record->playbook_count; i++) {
        if (!is_short || !is_quiet(&record->playbooks[i])) {
            write_playbook(writer, record->host, &record->playbooks[i], detail);
        }
    }
    writer_close_array(writer);
    if (is_short) {
        write_quiet(writer, record);
    }
}

static void write_machine(struct writer *writer, const struct machine_record *machine, enum detail detail)
{
    writer_name(writer, "machine");
    writer_open_object(writer);
    result_clipped(writer, "name", machine->name, detail);
    result_clipped(writer, "vmId", machine->vm_id, detail);
    if (detail < DETAIL_VERDICT) {
        result_known(writer, "cloud", machine->cloud);
        result_known(writer, "resourceId", machine->resource_id);
        result_known(writer, "os", machine->os);
    }
    if (machine->azure_known) {
        writer_named_bool(writer, "onAzure", machine->on_azure);
    }
    writer_close_object(writer);
}

static void write_license(struct writer *writer, const struct license_record *license, enum detail detail)
{
    if (!license->known || detail >= DETAIL_VERDICT) {
        return;
    }
    writer_name(writer, "license");
    writer_open_object(writer);
    result_known(writer, "status", license->status);
    result_known(writer, "channel", license->channel);
    result_known(writer, "partialKey", license->partial_key);
    if (license->expires_in_days >= 0) {
        writer_named_int(writer, "expiresInDays", license->expires_in_days);
    }
    writer_close_object(writer);
}

static void write_tally(struct writer *writer, const struct record *record)
{
    struct tally tally = tally_of(record->playbooks, record->playbook_count);
    if (tally.warnings > 0) {
        writer_named_int(writer, "warnings", (int64_t)tally.warnings);
    }
    if (tally.not_checked > 0) {
        writer_named_int(writer, "notChecked", (int64_t)tally.not_checked);
    }
}

static void write_runner(struct writer *writer)
{
    writer_name(writer, "runner");
    writer_open_object(writer);
    writer_named_text(writer, "version", version_number);
    writer_named_text(writer, "commit", version_commit);
    writer_close_object(writer);
}

const char *result_utc(int64_t utc_ms, struct utc_text *text)
{
    struct arena arena = {.bytes = text->bytes, .size = sizeof(text->bytes)};
    return utc_ms != 0 ? clock_format_utc(&arena, utc_ms) : NULL;
}

void result_write(struct writer *writer, const struct record *record, enum detail detail)
{
    struct utc_text started = {0};
    struct utc_text held = {0};
    writer_open_object(writer);
    writer_named_text(writer, "result", "azmend.result/1");
    writer_named_int(writer, "detail", detail);
    result_known(writer, "runId", record->run_id);
    result_known(writer, "startedAt", result_utc(record->started_utc_ms, &started));
    writer_named_int(writer, "durationMs", record->duration_ms);
    writer_named_text(writer, "mode", run_mode_names[record->mode]);
    result_known(writer, "channel", record->channel);
    write_runner(writer);
    write_machine(writer, &record->machine, detail);
    writer_named_text(writer, "verdict", verdict_names[record->verdict]);
    write_tally(writer, record);
    writer_named_int(writer, "changes", (int64_t)record->changes);
    writer_named_bool(writer, "rebootRequired", record->reboot_required);
    write_license(writer, &record->license, detail);
    result_error(writer, &record->err, detail);
    if (record->undo != NULL) {
        result_undo(writer, record->undo, detail);
    }
    if (record->interrupted != NULL) {
        result_interrupted(writer, record->interrupted, detail);
    }
    result_history(writer, &record->history, detail);
    result_narrowing(writer, &record->narrowing);
    result_clouds(writer, &record->clouds, detail);
    result_known(writer, "heldUntil", result_utc(record->held_until_ms, &held));
    result_approval(writer, record);
    write_playbooks(writer, record, detail);
    if (record->trace_count > 0 && detail < DETAIL_VERDICT) {
        trace_write(writer, record, detail == DETAIL_ALL);
    }
    writer_close_object(writer);
    writer_finish(writer);
}

enum detail result_fit(struct buf *buf, const struct record *record, enum writer_layout layout, size_t limit)
{
    enum detail detail = DETAIL_ALL;
    while (true) {
        struct writer writer;
        buf_clear(buf);
        buf_init(buf, limit);
        writer_init(&writer, buf, layout);
        result_write(&writer, record, detail);
        if (!buf->failed || detail + 1 == DETAIL_COUNT) {
            return detail;
        }
        detail++;
    }
}

bool result_whole(struct buf *buf, const struct record *record, struct err *err)
{
    (void)result_fit(buf, record, WRITER_INDENTED, LIMIT_RESULT_BYTES);
    return !buf->failed || err_set(err, ERR_MEMORY, 0, "out of memory: no room for the result");
}
