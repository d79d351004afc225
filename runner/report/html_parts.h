/* SPDX-License-Identifier: MIT */
/* The pieces of the page; private to report/html*.c. */
#ifndef AZMEND_REPORT_HTML_PARTS_H
#define AZMEND_REPORT_HTML_PARTS_H

#include "base/buf.h"
#include "report/words.h"

struct page {
    struct buf *buf;
    const struct record *record;
    enum language language;
};

/* Headings and labels of the page, in both languages. */
enum label {
    LABEL_TITLE,
    LABEL_MACHINE,
    LABEL_SYSTEM,
    LABEL_CLOUD,
    LABEL_RESOURCE,
    LABEL_RUN,
    LABEL_STARTED,
    LABEL_DURATION,
    LABEL_MODE,
    LABEL_SEEN,
    LABEL_CHANGES,
    LABEL_WHAT,
    LABEL_BEFORE,
    LABEL_AFTER,
    LABEL_OUTCOME,
    LABEL_PLAYBOOKS,
    LABEL_FINDINGS,
    LABEL_CUT_OFF,
    LABEL_COUNT
};
const char *html_label(const struct page *page, enum label label);

/* The page up to its first element, and from its footer on. more_style: rules of this page alone. */
void html_begin(struct buf *buf, enum language language, const char *title, const char *more_style);
void html_end(struct buf *buf);

/* Escaped. What could turn the line around or draw nothing becomes U+FFFD, and so does ill-formed UTF-8. */
void html_text(struct buf *buf, const char *text);
/* <TAG class="CLASS">TEXT</TAG>; class NULL: none; text NULL: nothing at all. */
void html_element(struct buf *buf, const char *tag, const char *class, const char *text);
/* <TAG>LABEL: TEXT</TAG>, the label set off; text NULL: nothing at all. */
void html_labelled(struct buf *buf, const char *tag, const char *label, const char *text);
/* A row of a table of two columns; text NULL: nothing at all. */
void html_row(struct buf *buf, const char *label, const char *text);
/* A row of a table of changes, and its head; NULL: was, or is, not there. */
void html_change_head(const struct page *page);
void html_change(const struct page *page, const struct op *op, const char *before, const char *after,
                 const char *outcome);

const char *html_outcome(const struct page *page, enum op_outcome outcome);

void html_finding(const struct page *page, const struct finding_record *finding);

#endif
