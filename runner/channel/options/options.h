/* SPDX-License-Identifier: MIT */
/*
 * The command line. One table of commands and one of options drive parsing, the help text and the errors; an option
 * that a command does not take is refused, not ignored.
 */
#ifndef AZMEND_CHANNEL_OPTIONS_OPTIONS_H
#define AZMEND_CHANNEL_OPTIONS_OPTIONS_H

#include "base/buf.h"
#include "base/limits.h"
#include "channel/options/exit_code.h"
#include "report/words.h"

enum command {
    COMMAND_CHECK,
    COMMAND_PLAN,
    COMMAND_FIX,
    COMMAND_UNDO,
    COMMAND_PROVISION,
    COMMAND_RECORD,
    COMMAND_SEAL,
    COMMAND_LIST,
    COMMAND_VALIDATE,
    COMMAND_SCHEMA,
    COMMAND_EXPLAIN,
    COMMAND_REPORT,
    COMMAND_DSC,
    COMMAND_HANDLER,
    COMMAND_VERSION,
    COMMAND_HELP,
    COMMAND_COUNT
};
extern const char *const command_names[COMMAND_COUNT + 1];

struct option_texts {
    const char *items[LIMIT_PARAMETERS];
    size_t count;
};

struct options {
    enum command command;
    struct option_texts operands;
    struct option_texts playbooks;      /* ID, FILE, DIR or URL */
    const char *approved;               /* name of the plan that a fix is held to; NULL: none */
    const char *sha256;                 /* of the one playbook given; NULL: not told */
    const char *clouds;                 /* file of clouds; NULL: none */
    const struct json *clouds_document; /* the same inside settings, of clouds_file: no option gives it; NULL: none */
    const char *clouds_file;
    struct option_texts connect_to; /* HOST:PORT=ADDRESS:PORT */
    struct option_texts parameters; /* [playbook.]name=value */
    struct option_texts traces;     /* ids of findings */
    struct option_texts secrets;    /* the same, of protected settings: no option gives them */
    const char *machine, *state, *result, *html, *evidence, *from, *save_machine; /* NULL: not given */
    int64_t deadline_ms, probe_ms, wait_network_ms, splay_ms, inline_ms;
    int language;   /* enum language */
    int shell;      /* enum shell: of commands for Azure */
    int exit_style; /* enum exit_style */
    bool json, quiet, verbose, event_log, unattended, no_redact, help;
    char **arguments; /* as they were given, argument_count of them: for who starts this program once more */
    int argument_count;
};

/* ERR_INVALID with one line for people. Texts are those of `arguments`, which must live as long. */
bool options_parse(int argument_count, char **arguments, struct options *ret_options, struct err *err) MUST_CHECK;
/* The help text: of all commands, or of one and its options. */
void options_help(struct buf *buf, const struct options *options);

#endif
