/* SPDX-License-Identifier: MIT */
#include "report/trace.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "report/clean.h"

struct page {
    struct buf *buf;
    enum language language;
};

static const char *phrase(const struct page *page, enum phrase which)
{
    return words_phrase(which, page->language);
}

static void say(const struct page *page, const char *text)
{
    text_clean(page->buf, text, page->language);
}

static void say_value(const struct page *page, const struct trace_value *value)
{
    enum phrase instead = value->value.state == VALUE_ABSENT ? PHRASE_NOT_SET : PHRASE_NOT_KNOWN;
    say(page, value->shown != NULL ? value->shown : phrase(page, instead));
}

/* "target.port = 1700, equals 1688", "count of tries = 2, greater limits.most = 1" */
static void say_comparison(const struct page *page, const struct trace_node *node)
{
    say(page, node->name);
    buf_text(page->buf, " = ");
    say_value(page, &node->value);
    buf_format(page->buf, ", %s ", node->op);
    if (node->operand_name != NULL) {
        say(page, node->operand_name);
        buf_text(page->buf, " = ");
    }
    say_value(page, &node->operand);
}

/* "target: kms_target", "probe: tcp host=a, port=1688", "probes: tcp (12 looks)" */
static void say_look(const struct page *page, const struct trace_node *node)
{
    say(page, node->name);
    buf_format(page->buf, ": %s", node->look);
    if (node->with != NULL) {
        buf_text(page->buf, " ");
        say(page, node->with);
    } else if (node->number > 1) {
        buf_format(page->buf, " (%zu %s)", node->number, phrase(page, PHRASE_LOOKS));
    }
    if (node->value.value.state == VALUE_ABSENT) {
        buf_format(page->buf, " %s", phrase(page, PHRASE_NOT_LOOKED));
    }
}

/* Rows are many, and what matters of one stands beneath it. */
static void say_short(const struct page *page, const struct trace_node *node)
{
    enum { ROW_BYTES = 80 };
    char part[ROW_BYTES + sizeof("...")];
    size_t size = node->form == TRACE_ROW && node->value.shown != NULL ? text_cut(node->value.shown, ROW_BYTES) : 0;
    if (size == 0 || node->value.shown[size] == '\0') {
        say_value(page, &node->value);
        return;
    }
    (void)snprintf(part, sizeof(part), "%.*s...", (int)size, node->value.shown);
    say(page, part);
}

static void say_named(const struct page *page, const struct trace_node *node)
{
    bool has_value = node->form == TRACE_VALUE || node->form == TRACE_PART || node->form == TRACE_ROW;
    if (node->number > 0) {
        buf_format(page->buf, "%zu", node->number);
    }
    say(page, node->name != NULL ? node->name : "");
    if (has_value) {
        buf_text(page->buf, node->name != NULL || node->number > 0 ? " = " : "");
        say_short(page, node);
    }
}

static void say_node(const struct page *page, const struct trace_node *node)
{
    const char *truth = words_truth(node->truth, page->language);
    const char *word = words_trace(node->form, page->language);
    int indent = 2 + 2 * (int)node->depth;
    buf_format(page->buf, "%*s", indent, "");
    if (truth != NULL) {
        buf_format(page->buf, "[%s] ", truth);
    }
    bool is_alone = *word == '\0' || node->form <= TRACE_NOT;
    buf_format(page->buf, "%s%s", word, is_alone ? "" : " ");
    if (node->op != NULL) {
        say_comparison(page, node);
    } else if (node->form == TRACE_FACT) {
        say_look(page, node);
    } else {
        say_named(page, node);
    }
    buf_text(page->buf, "\n");
    const char *why = node->value.value.state == VALUE_UNKNOWN ? node->value.value.as.why : NULL;
    text_line(page->buf, indent + 4, phrase(page, PHRASE_REASON), why, page->language);
    if (node->left_out > 0) {
        buf_format(page->buf, "%*s... %zu %s\n", indent + 2, "", node->left_out, phrase(page, PHRASE_MORE_ROWS));
    }
}

static void say_trace(const struct page *page, const struct trace_record *trace)
{
    const struct finding_record *finding = trace->finding;
    buf_format(page->buf, "%s %s (%s): %s\n", phrase(page, PHRASE_TRACE), finding->finding->id, trace->playbook->id,
               words_finding(finding, page->language));
    text_line(page->buf, 2, phrase(page, PHRASE_EXPLAINED_BY), finding->explained_by, page->language);
    text_line(page->buf, 2, phrase(page, PHRASE_OUTRANKED), trace->outranked_by, page->language);
    for (size_t i = 0; i < trace->count; i++) {
        say_node(page, &trace->nodes[i]);
    }
    if (trace->count == 0) {
        text_line(page->buf, 2, NULL, phrase(page, PHRASE_NO_ROOM), page->language);
    } else if (trace->left_out > 0) {
        buf_format(page->buf, "  ... %zu %s\n", trace->left_out, phrase(page, PHRASE_MORE_PARTS));
    }
}

void trace_text(struct buf *buf, const struct record *record, enum language language)
{
    const struct page page = {.buf = buf, .language = language};
    for (size_t i = 0; i < record->trace_count; i++) {
        say_trace(&page, &record->traces[i]);
    }
}
