/* SPDX-License-Identifier: MIT */
/* Headings and labels of the report over many results, in both languages. */
#ifndef AZMEND_REPORT_FLEET_WORDS_H
#define AZMEND_REPORT_FLEET_WORDS_H

#include "report/words.h"

enum fleet_word {
    FLEET_WORD_TITLE,
    FLEET_WORD_RESULTS, /* behind their number */
    FLEET_WORD_VMS,
    FLEET_WORD_UNREAD,
    FLEET_WORD_FROM_TO, /* before two times */
    FLEET_WORD_VERDICTS,
    FLEET_WORD_RESULT,
    FLEET_WORD_NUMBER,
    FLEET_WORD_SHARE,
    FLEET_WORD_ACTIONS,
    FLEET_WORD_ACTION,
    FLEET_WORD_FOR,      /* before findings */
    FLEET_WORD_COMMANDS, /* before the name of a VM */
    FLEET_WORD_MACHINES, /* heading of a table */
    FLEET_WORD_FIRST,    /* behind the number of machines that are named */
    FLEET_WORD_NAME,
    FLEET_WORD_WHERE,
    FLEET_WORD_EXPIRY,
    FLEET_WORD_WEEK,
    FLEET_WORD_UNDATED,
    FLEET_WORD_FINDINGS,
    FLEET_WORD_FINDING,
    FLEET_WORD_SEVERITY,
    FLEET_WORD_OPEN,
    FLEET_WORD_FIXED,
    FLEET_WORD_EXPLAINED,
    FLEET_WORD_UNKNOWN,
    FLEET_WORD_SHORTENED, /* behind a number of VMs */
    FLEET_WORD_LEFT_OUT,  /* behind a number */
    FLEET_WORD_INPUT,
    FLEET_WORD_WHY,
    FLEET_WORD_MORE, /* behind a number: what is not named */
    FLEET_WORD_NONE,
    FLEET_WORD_COUNT
};
const char *fleet_word(enum fleet_word word, enum language language);

#endif
