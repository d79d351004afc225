/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/host.h"
#include "report/quote.h"
#include "report/version.h"

enum { STATE_COLUMNS = 14, LEFT_OUT_SIZE = 128 };

struct sheet {
    struct buf *buf;
    const struct record *record;
    enum language language;
};

void text_clean(struct buf *buf, const char *text, enum language language)
{
    while (*text != '\0') {
        uint32_t point = 0;
        size_t size = text_decode(text, &point);
        bool is_control =
            size == 0 || point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
        bool is_direction = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
        bool is_foreign = language == LANGUAGE_EN && point >= 0x7f;
        bool is_shown = !is_control && !is_direction && !is_foreign;
        buf_add(buf, is_shown ? text : "?", is_shown ? size : 1);
        text += size == 0 ? 1 : size;
    }
}

static void say(const struct sheet *sheet, const char *text)
{
    text_clean(sheet->buf, text, sheet->language);
}

static const char *phrase(const struct sheet *sheet, enum phrase phrase)
{
    return words_phrase(phrase, sheet->language);
}

static void end_line(const struct sheet *sheet)
{
    buf_add(sheet->buf, "\n", 1);
}

/* An indented line "LABEL: TEXT" under a finding; label NULL: none. */
static void say_under(const struct sheet *sheet, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    buf_format(sheet->buf, "%*s", STATE_COLUMNS, "");
    if (label != NULL) {
        say(sheet, label);
        buf_text(sheet->buf, ": ");
    }
    say(sheet, text);
    end_line(sheet);
}

/* East Asian letters take two columns. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;
    while (*text != '\0') {
        uint32_t point = 0;
        text += text_decode(text, &point); /* our own words: well-formed */
        columns += point >= 0x1100 ? 2 : 1;
    }
    return columns;
}

static void say_state(const struct sheet *sheet, const char *word)
{
    size_t columns = columns_of(word);
    buf_text(sheet->buf, word);
    buf_format(sheet->buf, "%*s", columns < STATE_COLUMNS ? (int)(STATE_COLUMNS - columns) : 1, "");
}

/* "TARGET: FROM -> TO", and what its class means. */
static void say_arrow(const struct sheet *sheet, const struct op *op, const char *from, const char *to)
{
    const char *none = phrase(sheet, PHRASE_NO_VALUE);
    say(sheet, op->target);
    buf_text(sheet->buf, ": ");
    say(sheet, from != NULL ? from : none);
    buf_text(sheet->buf, " -> ");
    say(sheet, to != NULL ? to : none);
    if (op->outcome != OP_FAILED) { /* what did not happen need not be undone */
        buf_text(sheet->buf, words_class(op->class, sheet->language));
    }
}

static void say_change(const struct sheet *sheet, const struct op *op, size_t times)
{
    static const int before[] = {
        [OP_PLANNED] = PHRASE_WOULD, [OP_DONE] = -1, [OP_FAILED] = PHRASE_FAILED, [OP_UNKNOWN] = PHRASE_UNSURE};
    buf_format(sheet->buf, "%*s", STATE_COLUMNS, "");
    if (before[op->outcome] >= 0) {
        buf_text(sheet->buf, phrase(sheet, (enum phrase)before[op->outcome]));
    }
    say(sheet, words_verb(op->verb, sheet->language));
    buf_text(sheet->buf, " ");
    say_arrow(sheet, op, op->shown_before, op->shown_after);
    if (times > 1) {
        buf_format(sheet->buf, " (x%zu)", times);
    }
    end_line(sheet);
}

static bool same_change(const struct op *left, const struct op *right)
{
    return left->outcome == right->outcome && text_same(left->verb, right->verb) &&
           text_same(left->target, right->target) && text_same(left->shown_before, right->shown_before) &&
           text_same(left->shown_after, right->shown_after);
}

/* A change that was tried again and again is told once. */
static void say_changes(const struct sheet *sheet, const struct step_record *step)
{
    size_t alike = 1;
    for (size_t i = 0; i < step->op_count; i += alike) {
        const struct op *op = host_op(sheet->record->host, step->op_first + i);
        for (alike = 1;
             i + alike < step->op_count && same_change(op, host_op(sheet->record->host, step->op_first + i + alike));) {
            alike++;
        }
        say_change(sheet, op, alike);
    }
}

static void say_outlook(const struct sheet *sheet, const struct step_record *step)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_RESULT_BYTES);
    words_outlook(&line, step, sheet->language);
    say_under(sheet, phrase(sheet, PHRASE_IF_SO), buf_string(&line));
}

static void say_step(const struct sheet *sheet, const struct step_record *step)
{
    if (step->outlook != NULL) {
        say_outlook(sheet, step);
        return;
    }
    say_changes(sheet, step);
    if (step->err.code != ERR_NONE) {
        buf_format(sheet->buf, "%*s", STATE_COLUMNS, "");
        say(sheet, step->ensure);
        buf_format(sheet->buf, " %s: ", words_outcome(step->outcome, sheet->language));
        say(sheet, step->err.text);
        end_line(sheet);
    }
}

static void say_command(const struct sheet *sheet, const struct handoff_record *handoff, size_t index)
{
    struct buf line AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    if (quote_command(&line, handoff, index, &err)) {
        say_under(sheet, NULL, buf_string(&line));
    } else {
        say_under(sheet, phrase(sheet, PHRASE_NO_COMMAND), err.text);
    }
}

static void say_commands(const struct sheet *sheet, const struct handoff_record *handoff)
{
    say(sheet, words_say(handoff->title, sheet->language));
    buf_text(sheet->buf, ":");
    end_line(sheet);
    for (size_t i = 0; i < handoff->count; i++) {
        if (handoff->commands[i].set == NULL) {
            say_command(sheet, handoff, i);
        }
    }
}

static void say_finding(const struct sheet *sheet, const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    say_state(sheet, words_state(finding->state, sheet->language));
    say(sheet, finding->finding->id);
    buf_format(sheet->buf, " (%s)", words_severity(finding->severity, sheet->language));
    end_line(sheet);
    say_under(sheet, NULL, words_say(finding->title, sheet->language));
    if (finding->state != FINDING_UNKNOWN && finding->state != FINDING_FIXED && finding->state != FINDING_EXPLAINED) {
        say_under(sheet, NULL, words_say(finding->detail, sheet->language));
    }
    say_under(sheet, phrase(sheet, PHRASE_REASON), words_say(finding->reason, sheet->language));
    say_under(sheet, phrase(sheet, PHRASE_EXPLAINED_BY), finding->explained_by);
    for (size_t i = 0; i < finding->steps.count; i++) {
        say_step(sheet, &steps[i]);
    }
    for (size_t i = 0; i < finding->handoff_count; i++) {
        const struct handoff_record *handoff = &finding->handoffs[i];
        bool has_commands = handoff->count > 0 || handoff->unknown != NULL;
        enum phrase where = has_commands ? PHRASE_OUTSIDE : PHRASE_BY_A_PERSON;
        say_under(sheet, phrase(sheet, where), words_say(handoff->title, sheet->language));
        say_under(sheet, phrase(sheet, PHRASE_NO_COMMAND), handoff->unknown);
    }
}

/* Commands are long, and what stands last is left out first: so all of them stand behind everything else. */
static void say_all_commands(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->record->playbook_count; i++) {
        const struct playbook_record *playbook = &sheet->record->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            for (size_t k = 0; k < finding->handoff_count; k++) {
                if (finding->handoffs[k].count > 0) {
                    say_commands(sheet, &finding->handoffs[k]);
                }
            }
        }
    }
}

/* Unknown, and for the same reason. */
static bool same_doubt(const struct finding_record *left, const struct finding_record *right)
{
    return left->state == FINDING_UNKNOWN && right->state == FINDING_UNKNOWN && left->reason.en != NULL &&
           right->reason.en != NULL && text_same(left->reason.en, right->reason.en);
}

static bool same_outlook(const struct step_record *left, const struct step_record *right)
{
    return left != NULL && text_same(left->ensure, right->ensure) && left->outlook->class == right->outlook->class &&
           text_same(left->outlook->wants, right->outlook->wants);
}

/* What they would do, each once where they would do the same one after the other. */
static void say_outlooks(const struct sheet *sheet, const struct finding_record *findings, size_t count)
{
    const struct step_record *said = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct step_record *steps = findings[i].steps.items;
        for (size_t k = 0; k < findings[i].steps.count; k++) {
            if (steps[k].outlook != NULL && !same_outlook(said, &steps[k])) {
                say_outlook(sheet, &steps[k]);
                said = &steps[k];
            }
        }
    }
}

static void say_doubtful(const struct sheet *sheet, const struct finding_record *findings, size_t count)
{
    say_state(sheet, words_state(FINDING_UNKNOWN, sheet->language));
    for (size_t i = 0; i < count; i++) {
        buf_text(sheet->buf, i > 0 ? ", " : "");
        say(sheet, findings[i].finding->id);
    }
    end_line(sheet);
    say_under(sheet, phrase(sheet, PHRASE_REASON), words_say(findings->reason, sheet->language));
    say_outlooks(sheet, findings, count);
}

/* One fault can hide a dozen findings: those side by side that share their reason are named, and it is said once. */
static void say_unknown(const struct sheet *sheet, const struct playbook_record *playbook)
{
    size_t count = playbook->playbook->finding_count;
    size_t alike = 1;
    for (size_t i = 0; i < count; i += alike) {
        const struct finding_record *finding = &playbook->findings[i];
        for (alike = 1; i + alike < count && same_doubt(finding, finding + alike);) {
            alike++;
        }
        if (alike > 1) {
            say_doubtful(sheet, finding, alike);
        } else if (finding->state == FINDING_UNKNOWN) {
            say_finding(sheet, finding);
        }
    }
}

static void say_findings(const struct sheet *sheet, enum finding_state state)
{
    for (size_t i = 0; i < sheet->record->playbook_count; i++) {
        const struct playbook_record *playbook = &sheet->record->playbooks[i];
        if (state == FINDING_UNKNOWN) {
            say_unknown(sheet, playbook);
            continue;
        }
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (playbook->findings[j].state == state) {
                say_finding(sheet, &playbook->findings[j]);
            }
        }
    }
}

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
            buf_text(sheet->buf, phrase(sheet, which));
        }
        buf_text(sheet->buf, is_first ? ": " : ", ");
        say(sheet, playbook->playbook->id);
        is_first = false;
    }
    if (!is_first) {
        end_line(sheet);
    }
}

/* "Licence: licensed VOLUME_KMSCLIENT 6VM33, days left: 139", as far as known. */
static void say_license(const struct sheet *sheet, const struct license_record *license)
{
    const char *known[] = {license->status, license->channel, license->partial_key};
    if (!license->known) {
        return;
    }
    buf_format(sheet->buf, "%s:", phrase(sheet, PHRASE_LICENSE));
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i] != NULL) {
            buf_text(sheet->buf, " ");
            say(sheet, known[i]);
        }
    }
    if (license->expires_in_days >= 0) {
        buf_format(sheet->buf, ", %s: %lld", phrase(sheet, PHRASE_DAYS_LEFT), (long long)license->expires_in_days);
    }
    end_line(sheet);
}

/* From what the earlier run wrote to what was there before it; what stays, as it was made. */
static void say_undone(const struct sheet *sheet, const struct undo_step *step)
{
    const struct op *op = step->op;
    bool is_kept = step->outcome == UNDO_KEPT;
    say_state(sheet, words_undo_outcome(step->outcome, sheet->language));
    say_arrow(sheet, op, is_kept ? op->shown_before : op->shown_after, is_kept ? op->shown_after : op->shown_before);
    if (step->outcome == UNDO_DIVERGED) {
        buf_text(sheet->buf, phrase(sheet, PHRASE_CHANGED_SINCE));
    }
    end_line(sheet);
    say_under(sheet, NULL, step->err.code != ERR_NONE ? step->err.text : NULL);
}

static void say_undo(const struct sheet *sheet, const struct undo_record *undo)
{
    if (undo->run_id != NULL) {
        buf_format(sheet->buf, "%s: %s\n", phrase(sheet, PHRASE_UNDONE_RUN), undo->run_id);
    }
    for (size_t i = 0; i < undo->count; i++) {
        say_undone(sheet, &undo->steps[i]);
    }
}

static void say_head(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    const char *known[] = {record->machine.name, record->machine.os, record->machine.cloud};
    buf_format(sheet->buf, "azmend %s %s", version_number, run_mode_names[record->mode]);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i] != NULL) {
            buf_text(sheet->buf, i == 0 ? ": " : ", ");
            say(sheet, known[i]);
        }
    }
    end_line(sheet);
    buf_format(sheet->buf, "%s: %s\n", phrase(sheet, PHRASE_VERDICT),
               record->mode == MODE_UNDO ? words_undo_verdict(record->verdict, sheet->language)
                                         : words_verdict(record->verdict, sheet->language));
    say_license(sheet, &record->license);
    if (record->err.code != ERR_NONE) {
        say_under(sheet, NULL, record->err.text);
    }
}

static void say_tail(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    if (record->mode >= MODE_FIX) {
        buf_format(sheet->buf, "%s: %zu\n", phrase(sheet, PHRASE_CHANGES), record->changes);
    }
    if (record->reboot_required) {
        buf_format(sheet->buf, "%s\n", phrase(sheet, PHRASE_REBOOT));
    }
    if (!record->machine.on_azure && record->err.code == ERR_NONE) {
        buf_format(sheet->buf, "%s\n", phrase(sheet, PHRASE_NOT_AZURE));
    }
}

static void say_playbooks(const struct sheet *sheet)
{
    for (size_t i = 0; i < STATES_TOLD; i++) {
        say_findings(sheet, words_worst_first[i]);
    }
    say_quiet(sheet, PHRASE_NOTHING_FOUND);
    say_quiet(sheet, PHRASE_NOT_APPLICABLE);
    say_quiet(sheet, PHRASE_APPLIES_UNKNOWN);
}

void text_write(struct buf *buf, const struct record *record, enum language language)
{
    const struct sheet sheet = {.buf = buf, .record = record, .language = language};
    say_head(&sheet);
    if (record->undo != NULL) {
        say_undo(&sheet, record->undo);
    }
    say_playbooks(&sheet);
    say_tail(&sheet);
    say_all_commands(&sheet);
}

void text_write_playbook(struct buf *buf, const struct record *record, size_t playbook, enum language language)
{
    must(playbook < record->playbook_count);
    struct record part = *record;
    part.playbooks += playbook;
    part.playbook_count = 1;
    const struct sheet sheet = {.buf = buf, .record = &part, .language = language};
    say_playbooks(&sheet);
    say_all_commands(&sheet);
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
    char notice[LEFT_OUT_SIZE];
    if (buf->size <= size) {
        return;
    }
    size_t room = size > LEFT_OUT_SIZE ? size - LEFT_OUT_SIZE : 0;
    size_t kept = whole_lines(buf->bytes, room);
    size_t lost = count_lines(buf->bytes + kept, buf->size - kept);
    int length = snprintf(notice, sizeof(notice), "... %zu %s\n", lost, words_phrase(PHRASE_LEFT_OUT, language));
    must(length > 0 && length < LEFT_OUT_SIZE);
    buf->size = kept;
    buf->bytes[kept] = '\0';
    if (kept + (size_t)length <= size) {
        buf_add(buf, notice, (size_t)length);
    }
}
