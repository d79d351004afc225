/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <stdio.h>
#include <string.h>

#include "base/redact.h"
#include "base/text.h"
#include "report/headline.h"
#include "report/sheet.h"
#include "report/version.h"

static bool has_findings(const struct playbook_record *playbook)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        if (playbook->findings[i].state != FINDING_ABSENT) {
            return true;
        }
    }
    return false;
}

static enum phrase quiet_phrase(const struct playbook_record *playbook)
{
    if (playbook->applies_unknown) {
        return PHRASE_APPLIES_UNKNOWN;
    }
    return playbook->applies ? PHRASE_NOTHING_FOUND : PHRASE_NOT_APPLICABLE;
}

/* "nothing found: a, b": one line for the playbooks that have nothing else to say. */
static void say_quiet(const struct sheet *sheet, enum phrase which)
{
    bool is_first = true;
    for (size_t i = 0; i < sheet->record->playbook_count; i++) {
        const struct playbook_record *playbook = &sheet->record->playbooks[i];
        if (has_findings(playbook) || quiet_phrase(playbook) != which) {
            continue;
        }
        if (is_first) {
            buf_text(sheet->buf, sheet_phrase(sheet, which));
        }
        buf_text(sheet->buf, is_first ? ": " : ", ");
        sheet_say(sheet, playbook->playbook->id);
        is_first = false;
    }
    if (!is_first) {
        sheet_end_line(sheet);
    }
}

/* "License: licensed VOLUME_KMSCLIENT 6VM33, expires in 139 days", as far as known. */
static void say_license(const struct sheet *sheet, const struct license_record *license)
{
    const char *known[] = {license->status, license->channel, license->partial_key};
    if (!license->known) {
        return;
    }
    buf_format(sheet->buf, "%s:", sheet_phrase(sheet, PHRASE_LICENSE));
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i] != NULL) {
            buf_text(sheet->buf, " ");
            sheet_say(sheet, known[i]);
        }
    }
    if (license->expires_in_days >= 0) {
        buf_format(sheet->buf, ", %s%lld%s", sheet_phrase(sheet, PHRASE_EXPIRES_IN),
                   (long long)license->expires_in_days, sheet_phrase(sheet, PHRASE_DAYS));
    }
    sheet_end_line(sheet);
}

/* From what the earlier run wrote to what was there before it; what stays, as it was made. */
static void say_undone(const struct sheet *sheet, const struct undo_step *step)
{
    const struct op *op = step->op;
    bool is_kept = step->outcome == UNDO_KEPT;
    sheet_state(sheet, words_undo_outcome(step->outcome, sheet->language));
    sheet_arrow(sheet, op, is_kept ? op->shown_before : op->shown_after, is_kept ? op->shown_after : op->shown_before);
    if (step->outcome == UNDO_DIVERGED) {
        buf_text(sheet->buf, sheet_phrase(sheet, PHRASE_CHANGED_SINCE));
    }
    sheet_end_line(sheet);
    sheet_under(sheet, NULL, step->err.code != ERR_NONE ? step->err.text : NULL);
}

static void say_undo(const struct sheet *sheet, const struct undo_record *undo)
{
    if (undo->run_id != NULL) {
        buf_format(sheet->buf, "%s: %s\n", sheet_phrase(sheet, PHRASE_UNDONE_RUN), undo->run_id);
    }
    for (size_t i = 0; i < undo->count; i++) {
        say_undone(sheet, &undo->steps[i]);
    }
}

static void say_history(const struct sheet *sheet, const struct history_record *history)
{
    if (history->others > 0) {
        buf_format(sheet->buf, "%s: ", sheet_phrase(sheet, PHRASE_OTHER_RUNS));
        sheet_say(sheet, history->machine != NULL ? history->machine : "?");
        buf_format(sheet->buf, " (%zu)\n", history->others);
    }
    if (history->damaged > 0) {
        buf_format(sheet->buf, "%s: %s\n", sheet_phrase(sheet, PHRASE_DAMAGED_RUN), history->run_id);
    }
    if (history->rebuild_run != NULL) {
        buf_format(sheet->buf,
                   "%s: %s\n%s: ", sheet_phrase(sheet, history->has_no_key ? PHRASE_NO_KEY : PHRASE_MAY_HAVE_NO_KEY),
                   history->rebuild_run, sheet_phrase(sheet, PHRASE_FINISH_BY_HAND));
        sheet_say(sheet, history->rebuild_note);
        buf_text(sheet->buf, "\n");
    }
    for (size_t i = 0; i < history->aside_count; i++) {
        buf_format(sheet->buf, "%s: ", sheet_phrase(sheet, PHRASE_SET_ASIDE));
        sheet_say(sheet, history->asides[i].path);
        buf_format(sheet->buf, "\n%s: ", sheet_phrase(sheet, PHRASE_RENAMED_TO));
        sheet_say(sheet, history->asides[i].name);
        buf_text(sheet->buf, "\n");
    }
}

static void say_denied(const struct sheet *sheet, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_text(sheet->buf, " ");
        sheet_say(sheet, items[i]);
    }
}

/* "azmend may do no more here than: check (HKLM\...)" */
static void say_narrowing(const struct sheet *sheet, const struct narrowing *narrowing)
{
    if (narrowing->most != LEAVE_FIX) {
        buf_format(sheet->buf, "%s: %s (%s)\n", sheet_phrase(sheet, PHRASE_NARROWED), leave_names[narrowing->most],
                   narrowing->from);
    }
    if (narrowing->finding_count + narrowing->noun_count > 0) {
        buf_format(sheet->buf, "%s:", sheet_phrase(sheet, PHRASE_DENIED));
        say_denied(sheet, narrowing->findings, narrowing->finding_count);
        say_denied(sheet, narrowing->nouns, narrowing->noun_count);
        sheet_end_line(sheet);
    }
}

/* Whose names and addresses count beside the program's own. */
static void say_clouds(const struct sheet *sheet, const struct plan_clouds *clouds)
{
    if (clouds->file == NULL) {
        return;
    }
    buf_format(sheet->buf, "%s: ", sheet_phrase(sheet, PHRASE_CLOUDS));
    sheet_say(sheet, clouds->file);
    if (clouds->sha256 != NULL) {
        buf_format(sheet->buf, " (SHA-256 %s)", clouds->sha256);
    }
    sheet_end_line(sheet);
}

static void say_approval(const struct sheet *sheet, const struct approval_record *approval)
{
    if (approval->given == NULL || text_same(approval->given, approval->is)) {
        return;
    }
    buf_format(sheet->buf, "%s:", sheet_phrase(sheet, PHRASE_NOT_APPROVED));
    say_denied(sheet, approval->differing, approval->differing_count);
    buf_format(sheet->buf, "%s\n", approval->differing_count == 0 ? " -" : "");
    if (approval->gone > 0) {
        buf_format(sheet->buf, "%s: %zu\n", sheet_phrase(sheet, PHRASE_GONE), approval->gone);
    }
}

/* What was done, and what is still to be done about the run as a whole. */
static void say_outcome(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    const char *plan = record->plan_name != NULL ? record->plan_name : record->approval.is;
    if (record->mode >= MODE_FIX) {
        buf_format(sheet->buf, "%s: %zu\n", sheet_phrase(sheet, PHRASE_CHANGES), record->changes);
    }
    if (record->reboot_required) {
        buf_format(sheet->buf, "%s\n", sheet_phrase(sheet, PHRASE_REBOOT));
    }
    if (record->mode == MODE_PLAN && plan != NULL && *plan != '\0') {
        buf_format(sheet->buf, "%s %s\n", sheet_phrase(sheet, PHRASE_APPROVE), plan);
    }
    if (!record->machine.on_azure && record->err.code == ERR_NONE && record->verdict != VERDICT_OFF) {
        buf_format(sheet->buf, "%s\n", sheet_phrase(sheet, PHRASE_NOT_AZURE));
    }
}

void sheet_head(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    const char *known[] = {record->machine.name, record->machine.os, record->machine.cloud};
    buf_format(sheet->buf, "azmend %s %s", version_number, run_mode_names[record->mode]);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i] != NULL) {
            buf_text(sheet->buf, i == 0 ? ": " : ", ");
            sheet_say(sheet, known[i]);
        }
    }
    sheet_end_line(sheet);
    buf_format(sheet->buf, "%s: ", sheet_phrase(sheet, PHRASE_VERDICT));
    headline_write_run(sheet->buf, record, sheet->language);
    buf_text(sheet->buf, "\n");
    say_outcome(sheet);
    say_narrowing(sheet, &record->narrowing);
    say_clouds(sheet, &record->clouds);
    say_approval(sheet, &record->approval);
    say_license(sheet, &record->license);
    if (record->err.code != ERR_NONE) {
        sheet_under(sheet, NULL, record->err.text);
    }
}

static void say_playbooks(const struct sheet *sheet)
{
    for (size_t i = 0; i < STATES_TOLD; i++) {
        sheet_findings(sheet, words_worst_first[i]);
    }
    say_quiet(sheet, PHRASE_NOTHING_FOUND);
    say_quiet(sheet, PHRASE_NOT_APPLICABLE);
    say_quiet(sheet, PHRASE_APPLIES_UNKNOWN);
}

void sheet_rest(const struct sheet *sheet)
{
    say_history(sheet, &sheet->record->history);
    if (sheet->record->undo != NULL) {
        say_undo(sheet, sheet->record->undo);
    }
    say_playbooks(sheet);
}

void text_write(struct buf *buf, const struct record *record, enum language language, enum shell shell)
{
    const struct sheet sheet = {.buf = buf, .record = record, .language = language, .shell = shell};
    sheet_head(&sheet);
    sheet_rest(&sheet);
    sheet_commands(&sheet);
}

void text_write_playbook(struct buf *buf, const struct record *record, size_t playbook, enum language language)
{
    must(playbook < record->playbook_count);
    struct record part = *record;
    part.playbooks += playbook;
    part.playbook_count = 1;
    const struct sheet sheet = {.buf = buf, .record = &part, .language = language};
    say_playbooks(&sheet);
    sheet_commands(&sheet);
}

static size_t count_lines(const char *bytes, size_t size)
{
    size_t lines = 0;
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

/* Length of the longest run of whole lines that fits into size. */
static size_t whole_lines(const char *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] != '\n') {
        size--;
    }
    return size;
}

void text_shorten(struct buf *buf, size_t size, enum language language)
{
    char notice[TEXT_LEFT_OUT_BYTES];
    if (buf->size <= size) {
        return;
    }
    size_t room = size > TEXT_LEFT_OUT_BYTES ? size - TEXT_LEFT_OUT_BYTES : 0;
    size_t kept = whole_lines(buf->bytes, room);
    size_t lost = count_lines(buf->bytes + kept, buf->size - kept);
    int length = snprintf(notice, sizeof(notice), "... %zu %s\n", lost, words_phrase(PHRASE_LEFT_OUT, language));
    must(length > 0 && length < TEXT_LEFT_OUT_BYTES);
    buf->size = kept;
    buf->bytes[kept] = '\0';
    if (kept + (size_t)length <= size) {
        buf_add(buf, notice, (size_t)length);
    }
}
