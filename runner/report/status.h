/* SPDX-License-Identifier: MIT */
/*
 * What a VM extension handler tells its agent: the document N.status, an array of one.
 *
 * A document that the agent cannot read costs the report of every extension of that VM, not only this one's, so none
 * goes out before the rules below hold for its bytes: ASCII without a byte order mark, every member there and of its
 * type, the four words in lower case, under LIMIT_STATUS_BYTES. Above 128 Ki characters the agent cuts by itself.
 *
 * The run's verdict is in `code` and in the headline. `error` fails the deployment, and all that waits for it, so it
 * is kept for runs that came to no diagnosis: a closed port is a finding, not a failed extension. What made it fail is
 * told twice: by `code`, and by the substatus ErrorClarification, whose code says whose matter it is: positive the
 * user's, otherwise the platform's.
 *
 * Source: https://learn.microsoft.com/azure/virtual-machines/extensions/overview; the rules are those of the Linux
 * agent (Azure/WALinuxAgent, azurelinuxagent/ga/exthandlers.py), the only agent whose parser is public. That the
 * Windows agent has the same ones is (inf).
 */
#ifndef AZMEND_REPORT_STATUS_H
#define AZMEND_REPORT_STATUS_H

#include "report/words.h"

enum status_word { STATUS_TRANSITIONING, STATUS_WARNING, STATUS_ERROR, STATUS_SUCCESS, STATUS_WORD_COUNT };
extern const char *const status_words[STATUS_WORD_COUNT + 1];

/* Why there is no diagnosis; the numbers stay what they are. */
enum status_cause {
    STATUS_CAUSE_NONE,
    STATUS_CAUSE_SETTINGS,     /* 20: the settings are not understood */
    STATUS_CAUSE_PLAYBOOK,     /* 21: a playbook or a parameter is invalid */
    STATUS_CAUSE_UNSUPPORTED,  /* 22: this system is not one that azmend repairs */
    STATUS_CAUSE_FAILED,       /* -1: azmend itself failed */
    STATUS_CAUSE_NOT_ELEVATED, /* -20: not started as SYSTEM */
    STATUS_CAUSE_PROTECTED,    /* -21: the protected settings cannot be decrypted: certificate or key are not here */
    STATUS_CAUSE_BUSY,         /* -22: another run held the machine until the deadline */
    STATUS_CAUSE_CUT_OFF,      /* -23: cut off again and again */
    STATUS_CAUSE_STOPPED,      /* -24: stopped by disable, or by newer settings */
    STATUS_CAUSE_COUNT
};

enum {
    STATUS_MESSAGE_BYTES = 1500, /* of one substatus, before escapes: thirty of them fit with every byte escaped */
    STATUS_HEADLINE_BYTES = 1000,
    STATUS_SUBSTATUS_MAX = 30,
};

struct substatus {
    const char *name;
    enum status_word word;
    int64_t code;
    enum language language;
    const char *message; /* at most STATUS_MESSAGE_BYTES */
};

struct status {
    int64_t utc_ms; /* when it was written, and since when the settings are in effect */
    const char *operation;
    enum status_word word;
    int64_t code;
    const char *headline; /* English; what is not ASCII becomes '?'. At most STATUS_HEADLINE_BYTES */
    struct substatus parts[STATUS_SUBSTATUS_MAX];
    size_t part_count;
};

/* Under way, and what it waits for; NULL: not told. */
void status_of_work(const char *mode, const char *what, struct arena *arena, struct status *ret_status);
/* Of a run that came to a verdict: one substatus a playbook, the worst first. codes: the channel's number of each
 * verdict. */
void status_of_record(const struct record *record, const int codes[static VERDICT_COUNT], enum language language,
                      struct arena *arena, struct status *ret_status);
/* No diagnosis, and why. */
void status_of_failure(enum status_cause cause, const char *why, struct arena *arena, struct status *ret_status);

/* Replaces buf. Over the limits its parts go, the last first; what remains passes status_lint. */
void status_write(struct buf *buf, const struct status *status);
/* ERR_INVALID, ERR_LIMIT: the first rule that the bytes break. ret_word: the top word. */
bool status_lint(const char *bytes, size_t size, struct arena *arena, enum status_word *ret_word, struct err *err)
    MUST_CHECK;

#endif
