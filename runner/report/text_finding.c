/* SPDX-License-Identifier: MIT */
/* Findings as people read them: what was found, what was done about it, what is left to do. */
#include "base/limits.h"
#include "base/text.h"
#include "report/runbook.h"
#include "report/sheet.h"

static void say_change(const struct sheet *sheet, const struct op *op, size_t times)
{
    static const int before[] = {
        [OP_PLANNED] = PHRASE_WOULD, [OP_DONE] = -1, [OP_FAILED] = PHRASE_FAILED, [OP_UNKNOWN] = PHRASE_UNSURE};
    sheet_indent(sheet);
    if (before[op->outcome] >= 0) {
        buf_text(sheet->buf, sheet_phrase(sheet, (enum phrase)before[op->outcome]));
    }
    sheet_say(sheet, words_verb(op->verb, sheet->language));
    buf_text(sheet->buf, " ");
    sheet_arrow(sheet, op, op->shown_before, op->shown_after);
    if (times > 1) {
        buf_format(sheet->buf, " (x%zu)", times);
    }
    sheet_end_line(sheet);
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

static void say_preview(const struct sheet *sheet, enum phrase phrase, const struct step_record *step)
{
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_RESULT_BYTES);
    words_preview(&line, step, sheet->language);
    sheet_under(sheet, sheet_phrase(sheet, phrase), buf_string(&line));
}

static void say_step(const struct sheet *sheet, const struct step_record *step)
{
    if (step->preview != NULL && step->err.code == ERR_NONE) {
        say_preview(sheet, PHRASE_IF_SO, step);
        return;
    }
    say_changes(sheet, step);
    if (step->preview != NULL) {
        say_preview(sheet, PHRASE_AFTER_THAT, step);
    }
    sheet_under(sheet, sheet_phrase(sheet, PHRASE_MAY_FOLLOW), step->may_follow);
    if (step->err.code != ERR_NONE) {
        sheet_indent(sheet);
        sheet_say(sheet, step->ensure);
        buf_format(sheet->buf, " %s: ", words_outcome(step->outcome, sheet->language));
        sheet_say(sheet, step->err.text);
        sheet_end_line(sheet);
    }
}

static void say_no_command(const struct sheet *sheet, const char *why)
{
    struct buf line AUTO(buf_clear) = {0};
    if (why != NULL) {
        buf_init(&line, LIMIT_TEXT_BYTES * 2);
        words_no_command(&line, why, sheet->language);
        sheet_under(sheet, sheet_phrase(sheet, PHRASE_NO_COMMAND), buf_string(&line));
    }
}

/* Pasted as it stands: nothing is indented, and the title is a comment. */
static void say_commands(const struct sheet *sheet, const struct handoff_record *handoff)
{
    const struct runbook_style style = {
        .shell = sheet->shell, .language = sheet->language, .is_ascii = sheet->language == LANGUAGE_EN};
    struct err err = {0};
    runbook_head(sheet->buf, handoff, &style);
    if (!runbook_commands(sheet->buf, handoff, &style, &err)) {
        say_no_command(sheet, err.text);
    }
}

void sheet_choices(const struct sheet *sheet, const struct finding_record *finding)
{
    for (size_t i = 0; i < finding->choice_count; i++) {
        const struct choice_record *choice = &finding->choices[i];
        struct buf parameter AUTO(buf_clear) = {0};
        buf_init(&parameter, LIMIT_TEXT_BYTES * 2);
        sheet_under(sheet, sheet_phrase(sheet, PHRASE_CHOICE), words_choice(&parameter, choice, sheet->language));
        sheet_under(sheet, sheet_phrase(sheet, PHRASE_THEN), words_say(choice->then, sheet->language));
        sheet_under(sheet, sheet_phrase(sheet, PHRASE_OTHERWISE), words_say(choice->otherwise, sheet->language));
    }
}

void sheet_handoff(const struct sheet *sheet, const struct handoff_record *handoff)
{
    bool has_commands = handoff->count > 0 || handoff->unknown != NULL;
    enum phrase where = has_commands ? PHRASE_OUTSIDE : PHRASE_BY_A_PERSON;
    sheet_under(sheet, sheet_phrase(sheet, where), words_say(handoff->title, sheet->language));
    if (!has_commands) {
        sheet_under(sheet, NULL, words_say(handoff->why, sheet->language));
    }
    say_no_command(sheet, handoff->unknown);
}

void sheet_finding_head(const struct sheet *sheet, const struct finding_record *finding)
{
    sheet_state(sheet, words_finding(finding, sheet->language));
    sheet_say(sheet, finding->finding->id);
    buf_format(sheet->buf, " (%s)", words_severity(finding->severity, sheet->language));
    sheet_end_line(sheet);
    sheet_under(sheet, NULL, words_say(finding->title, sheet->language));
}

static void say_finding(const struct sheet *sheet, const struct finding_record *finding)
{
    const struct step_record *steps = finding->steps.items;
    sheet_finding_head(sheet, finding);
    if (finding->state != FINDING_FIXED && finding->state != FINDING_EXPLAINED) {
        sheet_under(sheet, NULL, words_say(finding->detail, sheet->language));
    }
    sheet_under(sheet, sheet_phrase(sheet, PHRASE_REASON), words_say(finding->reason, sheet->language));
    sheet_choices(sheet, finding);
    sheet_under(sheet, sheet_phrase(sheet, PHRASE_EXPLAINED_BY), finding->explained_by);
    for (size_t i = 0; i < finding->steps.count; i++) {
        say_step(sheet, &steps[i]);
    }
    for (size_t i = 0; i < finding->handoff_count; i++) {
        sheet_handoff(sheet, &finding->handoffs[i]);
    }
}

void sheet_commands(const struct sheet *sheet)
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
    return left != NULL && text_same(left->ensure, right->ensure) && left->preview->class == right->preview->class &&
           text_same(left->preview->wants, right->preview->wants);
}

/* What they would do, each once where they would do the same one after the other. */
static void say_outlooks(const struct sheet *sheet, const struct finding_record *findings, size_t count)
{
    const struct step_record *said = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct step_record *steps = findings[i].steps.items;
        for (size_t k = 0; k < findings[i].steps.count; k++) {
            if (steps[k].preview != NULL && !same_outlook(said, &steps[k])) {
                say_preview(sheet, PHRASE_IF_SO, &steps[k]);
                said = &steps[k];
            }
        }
    }
}

static void say_doubtful(const struct sheet *sheet, const struct finding_record *findings, size_t count)
{
    sheet_state(sheet, words_state(FINDING_UNKNOWN, sheet->language));
    for (size_t i = 0; i < count; i++) {
        buf_text(sheet->buf, i > 0 ? ", " : "");
        sheet_say(sheet, findings[i].finding->id);
    }
    sheet_end_line(sheet);
    sheet_under(sheet, sheet_phrase(sheet, PHRASE_REASON), words_say(findings->reason, sheet->language));
    say_outlooks(sheet, findings, count);
}

/*
 * One fault can hide a dozen findings: those side by side that share their reason are named, and it is said once. By id
 * alone: a title would read as if the problem were there.
 */
static void say_unknown(const struct sheet *sheet, const struct playbook_record *playbook)
{
    size_t count = playbook->playbook->finding_count;
    size_t alike = 1;
    for (size_t i = 0; i < count; i += alike) {
        const struct finding_record *finding = &playbook->findings[i];
        for (alike = 1; i + alike < count && same_doubt(finding, finding + alike);) {
            alike++;
        }
        if (finding->state == FINDING_UNKNOWN) {
            say_doubtful(sheet, finding, alike);
        }
    }
}

void sheet_findings(const struct sheet *sheet, enum finding_state state)
{
    for (size_t i = 0; i < sheet->record->playbook_count; i++) {
        const struct playbook_record *playbook = &sheet->record->playbooks[i];
        if (state == FINDING_UNKNOWN) {
            say_unknown(sheet, playbook);
            continue;
        }
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (playbook->findings[j].state == state && &playbook->findings[j] != sheet->skipped) {
                say_finding(sheet, &playbook->findings[j]);
            }
        }
    }
}
