/* SPDX-License-Identifier: MIT */
/* The rows behind options.h; private to channel/options*.c. */
#ifndef AZMEND_CHANNEL_OPTIONS_TABLE_H
#define AZMEND_CHANNEL_OPTIONS_TABLE_H

#include "channel/options/options.h"

enum option_form {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* const char * */
    OPTION_TEXTS,    /* struct option_texts, repeatable */
    OPTION_PAIRS,    /* the same, each name=value */
    OPTION_DURATION, /* int64_t milliseconds, at most LIMIT_RUN_MAX_MS */
    OPTION_WORD,     /* int, one of `words` */
};

struct option {
    const char *name;  /* without the two dashes; NULL ends the table */
    const char *value; /* what help calls its value; NULL: a flag */
    size_t offset;     /* in struct options */
    enum option_form form;
    unsigned commands; /* bits of enum command that take it */
    const char *const *words;
    const char *about[LANGUAGE_COUNT];
};
extern const struct option option_table[];

struct command_row {
    const char *operands; /* for help; "" none */
    size_t operand_min, operand_max;
    const char *about[LANGUAGE_COUNT];
};
extern const struct command_row command_table[COMMAND_COUNT];

/* What these options are when they are not given. */
struct command_defaults {
    int64_t wait_network_ms;
    enum exit_style exit_style;
};
extern const struct command_defaults command_defaults[COMMAND_COUNT];

#endif
