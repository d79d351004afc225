/* SPDX-License-Identifier: MIT */
#include "report/headline.h"

#include "engine/decide.h"

static void count_finding(struct tally *tally, const struct finding_record *finding)
{
    if (finding->severity == SEVERITY_WARNING && decide_stands(finding->state)) {
        tally->warnings++;
    } else if (finding->severity != SEVERITY_INFO && finding->state == FINDING_UNKNOWN) {
        tally->not_checked++;
    }
}

struct tally tally_of(const struct playbook_record *playbooks, size_t count)
{
    struct tally tally = {0};
    for (size_t p = 0; p < count; p++) {
        for (size_t i = 0; i < playbooks[p].playbook->finding_count; i++) {
            count_finding(&tally, &playbooks[p].findings[i]);
        }
    }
    return tally;
}

static void write_english(struct buf *buf, const struct tally *tally)
{
    buf_text(buf, "healthy");
    if (tally->warnings > 0) {
        buf_format(buf, ", %zu %s", tally->warnings, tally->warnings == 1 ? "warning" : "warnings");
    }
    if (tally->not_checked > 0) {
        buf_format(buf, ", %zu %s could not be made", tally->not_checked, tally->not_checked == 1 ? "check" : "checks");
    }
}

static void write_japanese(struct buf *buf, const struct tally *tally)
{
    buf_text(buf, "正常 (");
    if (tally->warnings > 0) {
        buf_format(buf, "警告 %zu 件", tally->warnings);
    }
    if (tally->not_checked > 0) {
        buf_format(buf, "%s確認できない項目 %zu 件", tally->warnings > 0 ? "、" : "", tally->not_checked);
    }
    buf_text(buf, ")");
}

void headline_write(struct buf *buf, enum verdict verdict, const struct playbook_record *playbooks, size_t count,
                    enum language language)
{
    struct tally tally = tally_of(playbooks, count);
    if (verdict != VERDICT_HEALTHY || (tally.warnings == 0 && tally.not_checked == 0)) {
        buf_text(buf, words_verdict(verdict, language));
    } else if (language == LANGUAGE_EN) {
        write_english(buf, &tally);
    } else {
        write_japanese(buf, &tally);
    }
}

void headline_write_run(struct buf *buf, const struct record *record, enum language language)
{
    if (record->mode == MODE_UNDO) {
        buf_text(buf, words_undo_verdict(record->verdict, language));
        return;
    }
    headline_write(buf, record->verdict, record->playbooks, record->playbook_count, language);
}
