/* SPDX-License-Identifier: MIT */
/* The table for people while it is written: what text.c (the run) and text_finding.c (its findings) share. */
#ifndef AZMEND_REPORT_SHEET_H
#define AZMEND_REPORT_SHEET_H

#include "base/buf.h"
#include "host/host.h"
#include "report/quote.h"
#include "report/words.h"

struct sheet {
    struct buf *buf;
    const struct record *record;
    enum language language;
    enum shell shell;
};

/* A text from anywhere, cleaned. */
void sheet_say(const struct sheet *sheet, const char *text);
const char *sheet_phrase(const struct sheet *sheet, enum phrase phrase);
void sheet_end_line(const struct sheet *sheet);
/* The column of states, empty or with a word of ours. */
void sheet_indent(const struct sheet *sheet);
void sheet_state(const struct sheet *sheet, const char *word);
/* An indented line "LABEL: TEXT" under a finding; label NULL: none; text NULL: no line. */
void sheet_under(const struct sheet *sheet, const char *label, const char *text);
/* "TARGET: FROM -> TO", and what its class means; from, to NULL: nothing is there. */
void sheet_arrow(const struct sheet *sheet, const struct op *op, const char *from, const char *to);

/* The findings in this state, all playbooks. */
void sheet_findings(const struct sheet *sheet, enum finding_state state);
/* Commands are long, and what stands last is left out first: so all of them stand behind everything else. */
void sheet_commands(const struct sheet *sheet);

#endif
