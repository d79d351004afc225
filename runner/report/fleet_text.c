/* SPDX-License-Identifier: MIT */
/* The report over many results in a few lines, for the console. */
#include "report/clean.h"
#include "report/fleet_parts.h"
#include "report/fleet_words.h"

enum { UNREAD_SHOWN = 10 };

static void line(struct buf *buf, size_t count, const char *text, enum language language)
{
    if (count > 0) {
        buf_format(buf, "%8zu  ", count);
        text_clean(buf, text, language);
        buf_text(buf, "\n");
    }
}

static void heading(struct buf *buf, enum fleet_word word, enum language language)
{
    buf_format(buf, "\n%s\n", fleet_word(word, language));
}

static void write_unread(struct buf *buf, const struct fleet *fleet, enum language language)
{
    size_t shown = fleet->unread_count < UNREAD_SHOWN ? fleet->unread_count : UNREAD_SHOWN;
    char text[LIMIT_FLEET_PATH_BYTES];
    if (shown > 0) {
        buf_format(buf, "\n%s: %zu\n", fleet_word(FLEET_WORD_UNREAD, language), fleet->unread_count);
    }
    for (size_t i = 0; i < shown; i++) {
        text_line(buf, 2, fleet_place_text(&fleet->unread[i].place, text, sizeof(text)), fleet->unread[i].why,
                  language);
    }
    line(buf, fleet->unread_count - shown, fleet_word(FLEET_WORD_MORE, language), language);
}

void fleet_text(struct buf *buf, const struct fleet *fleet, enum language language)
{
    struct fleet_date date = {0};
    buf_format(buf, "%zu %s, %zu %s\n", fleet->vms, fleet_word(FLEET_WORD_VMS, language), fleet->results,
               fleet_word(FLEET_WORD_RESULTS, language));
    line(buf, fleet->shortened, fleet_word(FLEET_WORD_SHORTENED, language), language);
    heading(buf, FLEET_WORD_VERDICTS, language);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        line(buf, fleet->verdicts[i], words_verdict((enum verdict)i, language), language);
    }
    heading(buf, FLEET_WORD_ACTIONS, language);
    for (size_t i = 0; i < fleet->actions.count; i++) {
        const struct fleet_action *action = fleet_action_at(fleet, i);
        line(buf, action->vms, fleet_said(fleet, action->title), language);
    }
    heading(buf, FLEET_WORD_EXPIRY, language);
    for (size_t i = 0; i < fleet->week_count; i++) {
        line(buf, fleet->weeks[i].vms, fleet_day(fleet->weeks[i].monday, &date), language);
    }
    line(buf, fleet->undated, fleet_word(FLEET_WORD_UNDATED, language), language);
    heading(buf, FLEET_WORD_FINDINGS, language);
    for (size_t i = 0; i < fleet->findings.count; i++) {
        const struct fleet_finding *finding = fleet_finding_at(fleet, i);
        line(buf, fleet_finding_vms(finding, FLEET_OPEN), finding->id, language);
    }
    write_unread(buf, fleet, language);
}
