/* SPDX-License-Identifier: MIT */
#include "report/html.h"

#include <inttypes.h>

#include "base/limits.h"
#include "host/op.h"
#include "report/headline.h"
#include "report/html_parts.h"
#include "report/result_parts.h"

static const char *phrase(const struct page *page, enum phrase phrase)
{
    return words_phrase(phrase, page->language);
}

static void write_denied(const struct page *page, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_DENIED), items[i]);
    }
}

static void write_verdict(const struct page *page)
{
    const struct record *record = page->record;
    struct buf headline AUTO(buf_clear) = {0};
    buf_init(&headline, LIMIT_TEXT_BYTES);
    headline_write_run(&headline, record, page->language);
    buf_format(page->buf, "<header class=\"%s\">\n", verdict_names[record->verdict]);
    html_element(page->buf, "h1", NULL, html_label(page, LABEL_TITLE));
    html_element(page->buf, "p", "verdict", buf_string(&headline));
    html_element(page->buf, "p", NULL, record->err.code != ERR_NONE ? record->err.text : NULL);
    html_element(page->buf, "p", NULL, record->reboot_required ? phrase(page, PHRASE_REBOOT) : NULL);
    const struct narrowing *narrowing = &record->narrowing;
    if (narrowing->most != LEAVE_FIX) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_NARROWED), leave_names[narrowing->most]);
        html_element(page->buf, "p", NULL, narrowing->from);
    }
    write_denied(page, narrowing->findings, narrowing->finding_count);
    write_denied(page, narrowing->nouns, narrowing->noun_count);
    if (record->clouds.file != NULL) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_CLOUDS), record->clouds.file);
        html_element(page->buf, "p", NULL, record->clouds.sha256);
    }
    bool is_elsewhere = !record->machine.on_azure && record->err.code == ERR_NONE && record->verdict != VERDICT_OFF;
    html_element(page->buf, "p", NULL, is_elsewhere ? phrase(page, PHRASE_NOT_AZURE) : NULL);
    buf_text(page->buf, "</header>\n");
}

/* As far as known: "licensed VOLUME_KMSCLIENT 6VM33 (expires in 170 days)". */
static void write_license(const struct page *page)
{
    const struct license_record *license = &page->record->license;
    const char *known[] = {license->status, license->channel, license->partial_key};
    struct buf line AUTO(buf_clear) = {0};
    buf_init(&line, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        buf_text(&line, line.size > 0 && known[i] != NULL ? " " : "");
        buf_text(&line, known[i] != NULL ? known[i] : "");
    }
    if (license->expires_in_days >= 0) {
        buf_format(&line, " (%s%" PRId64 "%s)", phrase(page, PHRASE_EXPIRES_IN), license->expires_in_days,
                   phrase(page, PHRASE_DAYS));
    }
    html_row(page->buf, phrase(page, PHRASE_LICENSE), license->known ? buf_string(&line) : NULL);
}

static void write_number(const struct page *page, const char *label, int64_t number, const char *unit)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_TEXT_BYTES);
    buf_format(&text, "%" PRId64 "%s", number, unit);
    html_row(page->buf, label, buf_string(&text));
}

static void write_facts(const struct page *page)
{
    const struct record *record = page->record;
    struct utc_text started = {0};
    buf_text(page->buf, "<div class=\"box\">\n<table>\n");
    html_row(page->buf, html_label(page, LABEL_MACHINE), record->machine.name);
    html_row(page->buf, html_label(page, LABEL_SYSTEM), record->machine.os);
    write_license(page);
    html_row(page->buf, html_label(page, LABEL_CLOUD), record->machine.cloud);
    html_row(page->buf, html_label(page, LABEL_RESOURCE), record->machine.resource_id);
    html_row(page->buf, html_label(page, LABEL_MODE), run_mode_names[record->mode]);
    if (record->mode >= MODE_FIX) {
        write_number(page, phrase(page, PHRASE_CHANGES), (int64_t)record->changes, "");
    }
    html_row(page->buf, html_label(page, LABEL_STARTED), result_utc(record->started_utc_ms, &started));
    write_number(page, html_label(page, LABEL_DURATION), record->duration_ms, " ms");
    html_row(page->buf, html_label(page, LABEL_RUN), record->run_id);
    buf_text(page->buf, "</table>\n</div>\n");
}

/* --- earlier runs --- */

static void say_trouble(const struct page *page, const struct err *err)
{
    if (err->code != ERR_NONE) {
        buf_text(page->buf, "<tr><td colspan=\"4\">");
        html_text(page->buf, err->text);
        buf_text(page->buf, "</td></tr>\n");
    }
}

static void write_undo(const struct page *page, const struct undo_record *undo)
{
    buf_text(page->buf, "<section>\n");
    html_labelled(page->buf, "p", phrase(page, PHRASE_UNDONE_RUN), undo->run_id);
    if (undo->count > 0) {
        html_change_head(page);
    }
    for (size_t i = 0; i < undo->count; i++) {
        const struct undo_step *step = &undo->steps[i];
        const struct op *op = step->op;
        bool is_kept = step->outcome == UNDO_KEPT;
        html_change(page, op, is_kept ? op->shown_before : op->shown_after,
                    is_kept ? op->shown_after : op->shown_before, words_undo_outcome(step->outcome, page->language));
        say_trouble(page, &step->err);
    }
    buf_text(page->buf, undo->count > 0 ? "</table>\n</section>\n" : "</section>\n");
}

static void write_history(const struct page *page, const struct history_record *history)
{
    if (history->others > 0) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_OTHER_RUNS),
                      history->machine != NULL ? history->machine : "?");
    }
    if (history->damaged > 0) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_DAMAGED_RUN), history->run_id);
    }
    if (history->rebuild_run != NULL) {
        html_labelled(page->buf, "p", phrase(page, history->has_no_key ? PHRASE_NO_KEY : PHRASE_MAY_HAVE_NO_KEY),
                      history->rebuild_run);
        html_labelled(page->buf, "p", phrase(page, PHRASE_FINISH_BY_HAND), history->rebuild_note);
    }
    for (size_t i = 0; i < history->aside_count; i++) {
        html_labelled(page->buf, "p", phrase(page, PHRASE_SET_ASIDE), history->asides[i].path);
        html_labelled(page->buf, "p", phrase(page, PHRASE_RENAMED_TO), history->asides[i].name);
    }
}

static void write_interrupted(const struct page *page, const struct interrupted_record *interrupted)
{
    buf_text(page->buf, "<section>\n");
    html_element(page->buf, "p", NULL, html_label(page, LABEL_CUT_OFF));
    html_change_head(page);
    for (size_t i = 0; i < interrupted->count; i++) {
        const struct op *op = &interrupted->ops[i];
        html_change(page, op, op->shown_before, op->shown_after, html_outcome(page, op->outcome));
    }
    buf_text(page->buf, "</table>\n</section>\n");
}

/* --- findings and playbooks --- */

static size_t write_state(const struct page *page, enum finding_state state, bool is_first)
{
    size_t count = 0;
    for (size_t i = 0; i < page->record->playbook_count; i++) {
        const struct playbook_record *playbook = &page->record->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (playbook->findings[j].state != state) {
                continue;
            }
            html_element(page->buf, "h2", NULL, is_first && count == 0 ? html_label(page, LABEL_FINDINGS) : NULL);
            html_finding(page, &playbook->findings[j]);
            count++;
        }
    }
    return count;
}

static const char *said_playbook(const struct page *page, const struct playbook_record *playbook)
{
    if (playbook->applies_unknown) {
        return phrase(page, PHRASE_APPLIES_UNKNOWN);
    }
    return playbook->applies ? words_verdict(playbook->verdict, page->language) : phrase(page, PHRASE_NOT_APPLICABLE);
}

static void write_playbooks(const struct page *page)
{
    if (page->record->playbook_count == 0) {
        return;
    }
    html_element(page->buf, "h2", NULL, html_label(page, LABEL_PLAYBOOKS));
    buf_text(page->buf, "<div class=\"box\">\n<table>\n");
    for (size_t i = 0; i < page->record->playbook_count; i++) {
        const struct playbook_record *playbook = &page->record->playbooks[i];
        html_row(page->buf, playbook->playbook->id, said_playbook(page, playbook));
    }
    buf_text(page->buf, "</table>\n</div>\n");
}

void html_write(struct buf *buf, const struct record *record, enum language language)
{
    const struct page page = {.buf = buf, .record = record, .language = language};
    size_t told = 0;
    html_begin(buf, language, record->machine.name != NULL ? record->machine.name : "?", "");
    write_verdict(&page);
    write_facts(&page);
    write_history(&page, &record->history);
    if (record->undo != NULL) {
        write_undo(&page, record->undo);
    }
    if (record->interrupted != NULL) {
        write_interrupted(&page, record->interrupted);
    }
    for (size_t i = 0; i < STATES_TOLD; i++) {
        told += write_state(&page, words_worst_first[i], told == 0);
    }
    write_playbooks(&page);
    html_end(buf);
}
