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
    const struct finding_record *skipped; /* stands elsewhere already; NULL: none */
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

/* The run: verdict, changes, restart, license. What stands last is left out first, so it stands first. */
void sheet_head(const struct sheet *sheet);
/* What the state folder says, what was taken back, all findings, playbooks without any. */
void sheet_rest(const struct sheet *sheet);
/* A finding's state, id and title. */
void sheet_finding_head(const struct sheet *sheet, const struct finding_record *finding);
/* What is to be done, by title; a person's steps as a whole. */
void sheet_handoff(const struct sheet *sheet, const struct handoff_record *handoff);
/* What a person decides, and what comes of it. */
void sheet_choices(const struct sheet *sheet, const struct finding_record *finding);
/* The findings in this state, all playbooks. */
void sheet_findings(const struct sheet *sheet, enum finding_state state);
/* Commands are long, and what stands last is left out first: so all of them stand behind everything else. */
void sheet_commands(const struct sheet *sheet);

#endif
