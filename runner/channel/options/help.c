/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "channel/options/table.h"

static const char *const heads[LANGUAGE_COUNT][3] = {
    [LANGUAGE_EN] = {"usage", "commands", "options"},
    [LANGUAGE_JA] = {"使い方", "コマンド", "オプション"},
};

static void help_commands(struct buf *buf, int language)
{
    buf_format(buf, "%s:\n", heads[language][1]);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = &command_table[i];
        buf_format(buf, "  %s%s%s\n      %s\n", command_names[i], row->operands[0] != '\0' ? " " : "", row->operands,
                   row->about[language]);
    }
}

static void help_options(struct buf *buf, unsigned commands, int language)
{
    buf_format(buf, "%s:\n", heads[language][2]);
    for (const struct option *option = option_table; option->name != NULL; option++) {
        if ((option->commands & commands) != 0) {
            buf_format(buf, "  --%s%s%s\n      %s\n", option->name, option->value != NULL ? " " : "",
                       option->value != NULL ? option->value : "", option->about[language]);
        }
    }
}

static void help_command(struct buf *buf, int command, int language)
{
    const struct command_row *row = &command_table[command];
    buf_format(buf, "%s: azmend %s [--OPTION...]%s%s\n\n  %s\n\n", heads[language][0], command_names[command],
               row->operands[0] != '\0' ? " " : "", row->operands, row->about[language]);
    help_options(buf, 1U << (unsigned)command, language);
}

void options_help(struct buf *buf, const struct options *options)
{
    bool asks_one = options->command != COMMAND_HELP;
    int command = (int)options->command;
    if (!asks_one && options->operands.count == 1) {
        command = text_word(command_names, options->operands.items[0]);
        asks_one = command >= 0;
    }
    if (asks_one) {
        help_command(buf, command, options->language);
        return;
    }
    buf_format(buf, "%s: azmend COMMAND [--OPTION...]\n\n", heads[options->language][0]);
    help_commands(buf, options->language);
    buf_text(buf, "\n");
    help_options(buf, ~0U, options->language);
}
