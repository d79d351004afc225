/* SPDX-License-Identifier: MIT */
#include "report/html_parts.h"

#include <string.h>

#include "base/redact_buf.h"
#include "base/text.h"
#include "host/op.h"

const char *html_label(const struct page *page, enum label label)
{
    static const struct spoken labels[LABEL_COUNT] = {
        [LABEL_TITLE] = {"Windows activation report", "Windows ライセンス認証の診断結果"},
        [LABEL_MACHINE] = {"Computer", "コンピューター"},
        [LABEL_SYSTEM] = {"Windows", "Windows"},
        [LABEL_CLOUD] = {"Cloud", "クラウド"},
        [LABEL_RESOURCE] = {"Azure resource", "Azure リソース"},
        [LABEL_RUN] = {"Run", "実行 ID"},
        [LABEL_STARTED] = {"Started (UTC)", "開始 (UTC)"},
        [LABEL_DURATION] = {"Duration", "所要時間"},
        [LABEL_MODE] = {"Command", "コマンド"},
        [LABEL_SEEN] = {"What was seen", "確認した内容"},
        [LABEL_CHANGES] = {"Changes", "変更内容"},
        [LABEL_WHAT] = {"What", "対象"},
        [LABEL_BEFORE] = {"Before", "変更前"},
        [LABEL_AFTER] = {"After", "変更後"},
        [LABEL_OUTCOME] = {"Outcome", "結果"},
        [LABEL_PLAYBOOKS] = {"Playbooks", "プレイブック"},
        [LABEL_FINDINGS] = {"Findings", "検出項目"},
        [LABEL_CUT_OFF] = {"This run was cut off; its changes as a later run saw them:",
                           "この実行は中断されました。後の実行で確認した変更:"},
    };
    return words_say(labels[label], page->language);
}

static const char *escape_of(uint32_t point, size_t size)
{
    bool is_control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0);
    bool is_direction = point == 0x061c || (point >= 0x200b && point <= 0x200f) ||
                        (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) || point == 0xfeff;
    if (size == 0 || is_control || is_direction) {
        return "\xef\xbf\xbd";
    }
    switch (point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* A part of a NUL-ended text; it ends between two characters. */
static void add_part(struct buf *buf, const char *text, size_t part_size)
{
    for (const char *end = text + part_size; text < end;) {
        uint32_t point = 0;
        size_t size = text_decode(text, &point);
        const char *escape = escape_of(point, size);
        size_t taken = size == 0 ? 1 : size;
        if (escape != NULL) {
            buf_text(buf, escape);
        } else {
            buf_add(buf, text, taken);
        }
        text += taken;
    }
}

void html_text(struct buf *buf, const char *text)
{
    struct redact_walk walk;
    struct redact_piece piece;
    redact_begin(&walk, text, strlen(text));
    while (redact_next(&walk, &piece)) {
        if (piece.is_secret) {
            redact_stars(buf, &piece);
        } else {
            add_part(buf, piece.text, piece.size);
        }
    }
}

void html_element(struct buf *buf, const char *tag, const char *class, const char *text)
{
    if (text == NULL) {
        return;
    }
    buf_format(buf, class != NULL ? "<%s class=\"%s\">" : "<%s>", tag, class);
    html_text(buf, text);
    buf_format(buf, "</%s>\n", tag);
}

void html_labelled(struct buf *buf, const char *tag, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    buf_format(buf, "<%s><b>", tag);
    html_text(buf, label);
    buf_text(buf, ":</b> ");
    html_text(buf, text);
    buf_format(buf, "</%s>\n", tag);
}

void html_row(struct buf *buf, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    buf_text(buf, "<tr><th>");
    html_text(buf, label);
    buf_text(buf, "</th><td>");
    html_text(buf, text);
    buf_text(buf, "</td></tr>\n");
}

void html_change_head(const struct page *page)
{
    static const enum label heads[] = {LABEL_WHAT, LABEL_BEFORE, LABEL_AFTER, LABEL_OUTCOME};
    buf_text(page->buf, "<table class=\"changes\">\n<tr>");
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        html_element(page->buf, "th", NULL, html_label(page, heads[i]));
    }
    buf_text(page->buf, "</tr>\n");
}

void html_change(const struct page *page, const struct op *op, const char *before, const char *after,
                 const char *outcome)
{
    const char *none = words_phrase(PHRASE_NO_VALUE, page->language);
    buf_text(page->buf, "<tr>");
    html_element(page->buf, "td", NULL, op->target);
    html_element(page->buf, "td", NULL, before != NULL ? before : none);
    html_element(page->buf, "td", NULL, after != NULL ? after : none);
    html_element(page->buf, "td", NULL, outcome);
    buf_text(page->buf, "</tr>\n");
}

const char *html_outcome(const struct page *page, enum op_outcome outcome)
{
    static const struct spoken outcomes[] = {[OP_PLANNED] = {"planned", "予定"},
                                             [OP_DONE] = {"done", "実施済み"},
                                             [OP_FAILED] = {"failed", "失敗"},
                                             [OP_UNKNOWN] = {"unknown", "不明"}};
    return words_say(outcomes[outcome], page->language);
}
