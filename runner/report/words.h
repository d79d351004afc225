/* SPDX-License-Identifier: MIT */
/*
 * The runner's own words for people, in both languages, in one place. What playbooks say stands in the playbooks.
 */
#ifndef AZMEND_REPORT_WORDS_H
#define AZMEND_REPORT_WORDS_H

#include "base/language.h"
#include "engine/record.h"

/* Single words and phrases of the table. */
enum phrase {
    PHRASE_VERDICT,
    PHRASE_NOTHING_FOUND, /* "nothing found: PLAYBOOK, ..." */
    PHRASE_NOT_APPLICABLE,
    PHRASE_APPLIES_UNKNOWN,
    PHRASE_EXPLAINED_BY,
    PHRASE_REASON, /* why refused or unknown */
    PHRASE_CHOICE, /* before a parameter, or a step */
    PHRASE_THEN,
    PHRASE_OTHERWISE,
    PHRASE_WOULD, /* before the verb of a planned change */
    PHRASE_ONE_WAY,
    PHRASE_COSTLY,
    PHRASE_FAILED,        /* before the verb of a change that failed */
    PHRASE_UNSURE,        /* ... that is overdue */
    PHRASE_NO_VALUE,      /* before or after: absent */
    PHRASE_OUTSIDE,       /* before the title of a hand-over with commands */
    PHRASE_MAY_FOLLOW,    /* before what a planned change may bring up */
    PHRASE_IF_SO,         /* before what a plan would do if it could tell */
    PHRASE_AFTER_THAT,    /* before what a plan can tell of a step when those ahead of it are made */
    PHRASE_BY_A_PERSON,   /* before that of one without */
    PHRASE_NO_COMMAND,    /* a command that cannot be shown, and why */
    PHRASE_STOPPED,       /* before why a runbook ends */
    PHRASE_WAS_NOT_FOUND, /* behind the name of a variable */
    PHRASE_AZ_FAILED,
    PHRASE_WHY,
    PHRASE_EFFECT,   /* before what an action changes for others */
    PHRASE_WAY_BACK, /* before how it is taken back */
    PHRASE_PRINT_IT, /* before a command of azmend */
    PHRASE_LEFT_OUT, /* behind the number of lines that did not fit */
    PHRASE_CHANGES,  /* before the number of changes made */
    PHRASE_LICENSE,
    PHRASE_EXPIRES_IN, /* before a number */
    PHRASE_DAYS,       /* behind it */
    PHRASE_REBOOT,
    PHRASE_NOT_AZURE,
    PHRASE_UNDONE_RUN,      /* before the id of the run that is taken back */
    PHRASE_PROVISIONED,     /* before the result of an earlier run */
    PHRASE_SEALED,          /* before the path of what was removed */
    PHRASE_NOTHING_TO_SEAL, /* before the path of what is not there */
    PHRASE_OTHER_RUNS,      /* before a computer name and a count */
    PHRASE_DAMAGED_RUN,     /* before the id of a run */
    PHRASE_SET_ASIDE,       /* before the path of what another user had made */
    PHRASE_RENAMED_TO,      /* before its new name */
    PHRASE_NO_KEY,          /* a rebuild was cut off; before the run that it was */
    PHRASE_MAY_HAVE_NO_KEY,
    PHRASE_FINISH_BY_HAND, /* before a file */
    PHRASE_APPROVE,        /* before the name of a plan */
    PHRASE_NOT_APPROVED,   /* before ids of findings; none: what was approved is not due any more */
    PHRASE_GONE,           /* before how many were approved and are not due any more */
    PHRASE_NARROWED,       /* before the word of enum leave, and what says so */
    PHRASE_DENIED,         /* before ids of findings and names of kinds */
    PHRASE_CLOUDS,         /* before the file of clouds, and its SHA-256 */
    PHRASE_CHANGED_SINCE,  /* behind a change that diverged */
    PHRASE_TRACE,          /* before the id of a finding */
    PHRASE_OUTRANKED,      /* before the finding that its group calls right instead */
    PHRASE_NOT_SET,        /* in place of a value */
    PHRASE_NOT_KNOWN,
    PHRASE_NOT_LOOKED, /* of a fact whose condition does not hold */
    PHRASE_LOOKS,      /* behind their number */
    PHRASE_MORE_ROWS,  /* behind the number of rows that are not shown */
    PHRASE_MORE_PARTS, /* behind that of parts beyond the bound */
    PHRASE_NO_ROOM,    /* in place of a trace: memory is short */
    PHRASE_COUNT
};

/* Findings are told in this order; absent ones are not. */
enum { STATES_TOLD = FINDING_STATE_COUNT - 1 };
extern const enum finding_state words_worst_first[STATES_TOLD];

const char *words_say(struct spoken spoken, enum language language); /* ja missing: en; both missing: NULL */
const char *words_phrase(enum phrase phrase, enum language language);
const char *words_verdict(enum verdict verdict, enum language language); /* a short sentence */
const char *words_undo_verdict(enum verdict verdict, enum language language);
const char *words_undo_outcome(enum undo_outcome outcome, enum language language);
/* What a class means for whoever wants it back: " (cannot be undone)"; of a reversible one nothing. */
const char *words_class(enum op_class class, enum language language);
/* What a step of a plan that cannot tell yet would do: "EFFECT (cannot be undone): KIND WANTS". */
void words_preview(struct buf *buf, const struct step_record *step, enum language language);
/* What a choice is: its step, or "--parameter NAME=VALUE", which is written into the buf. */
const char *words_choice(struct buf *buf, const struct choice_record *choice, enum language language);
/* Why there is no command, which is said in English: in Japanese in a sentence that says so. */
void words_no_command(struct buf *buf, const char *why, enum language language);
/* What was, or would be, done: of op->verb. */
const char *words_verb(const char *verb, enum language language);
const char *words_state(enum finding_state state, enum language language);
/* The same of a finding; handed over without a command for Azure it is a step on this VM. */
const char *words_finding(const struct finding_record *finding, enum language language);
const char *words_outcome(enum step_outcome outcome, enum language language);
/* Before the name of a part: "condition", "row"; "" where the name says it. truth as in trace_node; NULL: NULL. */
const char *words_trace(enum trace_form form, enum language language);
const char *words_truth(const char *truth, enum language language);
const char *words_severity(enum severity severity, enum language language);

#endif
