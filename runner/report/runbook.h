/* SPDX-License-Identifier: MIT */
/*
 * A hand-over as a small runbook that a person pastes whole into a shell or saves as a file: one command a line,
 * variables by name, and a stop with one line where a query finds nothing, a guard finds something or `az` fails. It
 * stands in a block of its own, which the shell reads to its end before the first command runs, and which a stop
 * leaves without closing the shell: nothing of it runs when only a part was pasted.
 */
#ifndef AZMEND_REPORT_RUNBOOK_H
#define AZMEND_REPORT_RUNBOOK_H

#include "report/quote.h"
#include "report/words.h"

struct runbook_style {
    enum shell shell;
    enum language language; /* of what is said at a stop, and of the comments */
    bool is_ascii;          /* letters outside ASCII as escapes: English on Run Command's code page */
};

/* Appends the block, lines that end with newlines. ERR_REFUSED: a word cannot be quoted; buf is then as before. */
bool runbook_commands(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style,
                      struct err *err) MUST_CHECK;
/* Appends the title, what it changes for others and how it is taken back, each a line of comment. */
void runbook_head(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style);
/* Of that the line about others, and the line about the way back. */
void runbook_effect(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style);
void runbook_back(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style);
/* The same, with why it helps and the page about it. */
void runbook_comments(struct buf *buf, const struct handoff_record *handoff, const struct runbook_style *style);

#endif
