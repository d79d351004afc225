/* SPDX-License-Identifier: MIT */
#include "report/pane.h"

#include <string.h>

#include "base/limits.h"
#include "report/runbook.h"
#include "report/sheet.h"

struct best {
    const struct finding_record *finding; /* NULL: nothing is asked for */
    const struct handoff_record *handoff;
};

static bool has_rank(const struct handoff_record *handoff, unsigned rank)
{
    bool has_commands = handoff->count > 0;
    bool changes_something = handoff->effect.en != NULL;
    return rank == 2 || (has_commands && (rank == 1 || changes_something));
}

static const struct handoff_record *best_handoff(const struct finding_record *finding)
{
    for (unsigned rank = 0; rank <= 2; rank++) {
        for (size_t i = 0; i < finding->handoff_count; i++) {
            if (has_rank(&finding->handoffs[i], rank)) {
                return &finding->handoffs[i];
            }
        }
    }
    return NULL;
}

static struct best best_of_severity(const struct record *record, enum severity severity)
{
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook_record *playbook = &record->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            const struct finding_record *finding = &playbook->findings[j];
            bool is_asked = finding->state == FINDING_HANDED_OFF && finding->severity == severity;
            const struct handoff_record *handoff = is_asked ? best_handoff(finding) : NULL;
            if (handoff != NULL) {
                return (struct best){.finding = finding, .handoff = handoff};
            }
        }
    }
    return (struct best){0};
}

static struct best best_of(const struct record *record)
{
    struct best best = {0};
    for (unsigned severity = SEVERITY_ERROR; severity < SEVERITY_COUNT && best.finding == NULL; severity++) {
        best = best_of_severity(record, (enum severity)severity);
    }
    return best;
}

/* --- the finding in short --- */

static size_t sentence_size(const char *text)
{
    const char *latin = strstr(text, ". ");
    const char *kanji = strstr(text, "。");
    if (latin == NULL && kanji == NULL) {
        return strlen(text);
    }
    bool is_latin = kanji == NULL || (latin != NULL && latin < kanji);
    return is_latin ? (size_t)(latin - text) + strlen(".") : (size_t)(kanji - text) + strlen("。");
}

/* The detail's first sentence: what was seen. */
static void say_evidence(const struct sheet *sheet, const struct finding_record *finding)
{
    struct buf line AUTO(buf_clear) = {0};
    const char *detail = words_say(finding->detail, sheet->language);
    if (detail != NULL) {
        buf_init(&line, LIMIT_TEXT_BYTES);
        buf_add(&line, detail, sentence_size(detail));
        sheet_under(sheet, NULL, line.failed ? detail : buf_string(&line));
    }
}

static void say_brief(const struct sheet *sheet, const struct best *best)
{
    sheet_finding_head(sheet, best->finding);
    say_evidence(sheet, best->finding);
    sheet_handoff(sheet, best->handoff);
}

/* --- its action --- */

static void say_where(const struct sheet *sheet, const struct finding_record *finding)
{
    buf_format(sheet->buf, "# %s: azmend explain ", sheet_phrase(sheet, PHRASE_PRINT_IT));
    sheet_say(sheet, finding->finding->id);
    buf_format(sheet->buf, " --from last --shell %s\n", shell_names[sheet->shell]);
}

static bool add_block(struct buf *buf, const struct sheet *sheet, const struct handoff_record *handoff, bool has_back)
{
    const struct runbook_style style = {
        .shell = sheet->shell, .language = sheet->language, .is_ascii = sheet->language == LANGUAGE_EN};
    struct err err = {0};
    buf_clear(buf);
    buf_init(buf, LIMIT_RESULT_BYTES);
    runbook_effect(buf, handoff, &style);
    if (has_back) {
        runbook_back(buf, handoff, &style);
    }
    return runbook_commands(buf, handoff, &style, &err);
}

/* How it is taken back gives way first; the page and the result have it as well. */
static void say_action(const struct sheet *sheet, const struct best *best, size_t room)
{
    struct buf block AUTO(buf_clear) = {0};
    if (best->handoff == NULL || best->handoff->count == 0) {
        return;
    }
    for (unsigned has_back = 2; has_back-- > 0;) {
        bool is_made = add_block(&block, sheet, best->handoff, has_back == 1);
        if (is_made && sheet->buf->size + block.size <= room) {
            buf_add(sheet->buf, buf_string(&block), block.size);
            return;
        }
    }
    say_where(sheet, best->finding);
}

static void say_others(const struct sheet *sheet, const struct best *best)
{
    for (size_t i = 0; i < best->finding->handoff_count; i++) {
        if (&best->finding->handoffs[i] != best->handoff) {
            sheet_handoff(sheet, &best->finding->handoffs[i]);
        }
    }
    sheet_choices(sheet, best->finding);
}

size_t pane_write(struct buf *buf, const struct record *record, enum language language, enum shell shell, size_t room)
{
    const struct best best = best_of(record);
    const struct sheet sheet = {
        .buf = buf, .record = record, .language = language, .shell = shell, .skipped = best.finding};
    sheet_head(&sheet);
    if (best.finding != NULL) {
        say_brief(&sheet, &best);
        say_action(&sheet, &best, room);
    }
    size_t kept = buf->size;
    if (best.finding != NULL) {
        say_others(&sheet, &best);
    }
    sheet_rest(&sheet);
    return kept;
}
