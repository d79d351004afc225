/* SPDX-License-Identifier: MIT */
#include "channel/options/options.h"

#include <string.h>

#include "base/text.h"
#include "channel/options/nearest.h"
#include "channel/options/table.h"
#include "engine/approval.h"
#include "host/port.h"

enum { NAME_SIZE = 64, HINT_SIZE = 64, SHA256_DIGITS = 64, NOT_GIVEN = -1 };

struct parse {
    int count, at;
    char **arguments;
    struct options options;
    bool has_command;
    bool seen[32]; /* by row of option_table */
};

static bool refuse_unknown_option(const char *name, struct err *err)
{
    char hint[HINT_SIZE];
    struct nearest nearest = nearest_to(name);
    for (const struct option *option = option_table; option->name != NULL; option++) {
        nearest_offer(&nearest, option->name);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        nearest_offer(&nearest, command_names[i]);
    }
    return err_set(err, ERR_INVALID, 0, "unknown option --%s%s", name, nearest_hint(&nearest, hint, sizeof(hint)));
}

static bool refuse_unknown_command(const char *name, struct err *err)
{
    char hint[HINT_SIZE];
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        nearest_offer(&nearest, command_names[i]);
    }
    return err_set(err, ERR_INVALID, 0, "unknown command %.40s%s (azmend help shows them all)", name,
                   nearest_hint(&nearest, hint, sizeof(hint)));
}

static const struct option *find_option(const char *name)
{
    for (const struct option *option = option_table; option->name != NULL; option++) {
        if (text_same(option->name, name)) {
            return option;
        }
    }
    return NULL;
}

static bool store_text(struct option_texts *texts, const struct option *option, const char *value, struct err *err)
{
    const char *equals = strchr(value, '=');
    if (option->form == OPTION_PAIRS && (equals == NULL || equals == value)) {
        return err_set(err, ERR_INVALID, 0, "--%s wants %s", option->name, option->value);
    }
    if (texts->count == COUNT_OF(texts->items)) {
        return err_set(err, ERR_LIMIT, 0, "--%s: at most %d of them", option->name, LIMIT_PARAMETERS);
    }
    texts->items[texts->count++] = value;
    return true;
}

static bool store_duration(int64_t *target, const struct option *option, const char *value, struct err *err)
{
    int64_t duration_ms = 0;
    if (!text_to_duration(value, &duration_ms) || duration_ms > LIMIT_RUN_MAX_MS) {
        return err_set(err, ERR_INVALID, 0, "--%s %.40s: expected a time of at most %d minutes, like 90s or 10m",
                       option->name, value, LIMIT_RUN_MAX_MS / 60000);
    }
    *target = duration_ms;
    return true;
}

static bool store_word(int *target, const struct option *option, const char *value, struct err *err)
{
    int word = text_word(option->words, value);
    if (word < 0) {
        return err_set(err, ERR_INVALID, 0, "--%s %.40s: expected %s", option->name, value, option->value);
    }
    *target = word;
    return true;
}

static bool store(struct options *options, const struct option *option, const char *value, struct err *err)
{
    void *target = (char *)options + option->offset;
    switch (option->form) {
    case OPTION_FLAG:
        *(bool *)target = true;
        return true;
    case OPTION_TEXT:
        *(const char **)target = value;
        return true;
    case OPTION_TEXTS:
    case OPTION_PAIRS:
        return store_text(target, option, value, err);
    case OPTION_DURATION:
        return store_duration(target, option, value, err);
    case OPTION_WORD:
        return store_word(target, option, value, err);
    }
    return false;
}

static bool is_repeatable(const struct option *option)
{
    return option->form == OPTION_TEXTS || option->form == OPTION_PAIRS;
}

/* "--name value" or "--name=value". The name is copied so that a message never shows a value, which may be secret. */
static bool parse_option(struct parse *parse, const char *argument, struct err *err)
{
    char name[NAME_SIZE] = "";
    const char *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    memcpy(name, argument, length < NAME_SIZE ? length : NAME_SIZE - 1);
    const struct option *option = find_option(name);
    if (option == NULL) {
        return refuse_unknown_option(name, err);
    }
    size_t row = (size_t)(option - option_table);
    must(row < COUNT_OF(parse->seen));
    bool *seen = &parse->seen[row];
    if (*seen && !is_repeatable(option)) {
        return err_set(err, ERR_INVALID, 0, "--%s is given twice", name);
    }
    *seen = true;
    if (option->value == NULL) {
        return equals == NULL ? store(&parse->options, option, "", err)
                              : err_set(err, ERR_INVALID, 0, "--%s takes no value", name);
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (equals == NULL && parse->at < parse->count) {
        value = parse->arguments[parse->at++];
    }
    if (value == NULL || value[0] == '\0') {
        return err_set(err, ERR_INVALID, 0, "--%s needs a value: %s", name, option->value);
    }
    return store(&parse->options, option, value, err);
}

static bool parse_word(struct parse *parse, const char *word, struct err *err)
{
    struct options *options = &parse->options;
    if (parse->has_command) {
        if (options->operands.count == COUNT_OF(options->operands.items)) {
            return err_set(err, ERR_LIMIT, 0, "too many arguments");
        }
        options->operands.items[options->operands.count++] = word;
        return true;
    }
    int command = text_word(command_names, word);
    if (command < 0) {
        return refuse_unknown_command(word, err);
    }
    options->command = (enum command)command;
    parse->has_command = true;
    return true;
}

static bool parse_all(struct parse *parse, struct err *err)
{
    bool options_end = false;
    while (parse->at < parse->count) {
        const char *argument = parse->arguments[parse->at++];
        if (options_end || argument[0] != '-' || argument[1] == '\0') {
            if (!parse_word(parse, argument, err)) {
                return false;
            }
        } else if (argument[1] != '-') {
            return err_set(err, ERR_INVALID, 0, "unknown option %.40s: options begin with two dashes", argument);
        } else if (argument[2] == '\0') {
            options_end = true;
        } else if (!parse_option(parse, argument + 2, err)) {
            return false;
        }
    }
    return true;
}

static bool check_operands(const struct options *options, struct err *err)
{
    const struct command_row *row = &command_table[options->command];
    const char *name = command_names[options->command];
    if (options->operands.count < row->operand_min) {
        return err_set(err, ERR_INVALID, 0, "%s needs %s", name, row->operands);
    }
    if (options->operands.count > row->operand_max) {
        return err_set(err, ERR_INVALID, 0, "%s does not take \"%.60s\"", name,
                       options->operands.items[row->operand_max]);
    }
    if (options->command == COMMAND_HELP && options->operands.count == 1 &&
        text_word(command_names, options->operands.items[0]) < 0) {
        return refuse_unknown_command(options->operands.items[0], err);
    }
    return true;
}

static bool check_options(const struct parse *parse, struct err *err)
{
    const struct options *options = &parse->options;
    for (size_t i = 0; option_table[i].name != NULL; i++) {
        must(i < COUNT_OF(parse->seen));
        if (parse->seen[i] && (option_table[i].commands & (1U << (unsigned)options->command)) == 0) {
            return err_set(err, ERR_INVALID, 0, "%s does not take --%s", command_names[options->command],
                           option_table[i].name);
        }
    }
    if (options->save_machine != NULL && options->machine == NULL) {
        return err_set(err, ERR_INVALID, 0, "--save-machine needs --machine");
    }
    if (options->command == COMMAND_UNDO && options->machine != NULL && options->state == NULL) {
        return err_set(err, ERR_INVALID, 0, "undo --machine needs --state: a document has no journals of its own");
    }
    if (options->connect_to.count > 0 && options->machine == NULL) {
        return err_set(err, ERR_INVALID, 0, "--connect-to needs --machine: it is for simulated machines only");
    }
    if (options->sha256 != NULL && (strlen(options->sha256) != SHA256_DIGITS ||
                                    strspn(options->sha256, "0123456789abcdefABCDEF") != SHA256_DIGITS)) {
        return err_set(err, ERR_INVALID, 0, "--sha256: expected %d hexadecimal digits", SHA256_DIGITS);
    }
    if (options->sha256 != NULL && options->playbooks.count != 1) {
        return err_set(err, ERR_INVALID, 0, "--sha256 needs one --playbook, and no second one");
    }
    if (options->from != NULL && options->operands.count > 0 && text_starts(options->operands.items[0], "0x")) {
        return err_set(err, ERR_INVALID, 0, "--from is for a finding: a code is the same in every run");
    }
    if (options->approved != NULL && !approval_is_name(options->approved)) {
        return err_set(err, ERR_INVALID, 0, "--approved: expected the planId that plan printed");
    }
    if (options->json && options->quiet) {
        return err_set(err, ERR_INVALID, 0, "--json and --quiet exclude each other");
    }
    return true;
}

/* Through a pipe English: whoever reads it (Run Command) decodes with a code page that is not known here. */
static enum language choose_language(void)
{
    bool is_japanese = port_is_terminal(PORT_STDOUT) && text_same(port_language(), "ja");
    return is_japanese ? LANGUAGE_JA : LANGUAGE_EN;
}

static void default_by_command(struct options *options)
{
    const struct command_defaults *defaults = &command_defaults[options->command];
    if (options->wait_network_ms == NOT_GIVEN) {
        options->wait_network_ms = defaults->wait_network_ms;
    }
    if (options->exit_style == NOT_GIVEN) {
        options->exit_style = (int)defaults->exit_style;
    }
}

bool options_parse(int argument_count, char **arguments, struct options *ret_options, struct err *err)
{
    struct parse parse = {.count = argument_count, .at = 1, .arguments = arguments};
    parse.options.deadline_ms = LIMIT_RUN_MS;
    parse.options.probe_ms = LIMIT_PROBE_MS;
    parse.options.inline_ms = LIMIT_INLINE_MS;
    parse.options.arguments = arguments;
    parse.options.argument_count = argument_count;
    parse.options.language = (int)choose_language();
    parse.options.wait_network_ms = NOT_GIVEN;
    parse.options.exit_style = NOT_GIVEN;
    if (!parse_all(&parse, err)) {
        return false;
    }
    if (!parse.has_command && !parse.options.help) {
        return err_set(err, ERR_INVALID, 0,
                       "a command is missing: check, plan, fix or undo (azmend help shows them all)");
    }
    if (!parse.has_command) {
        parse.options.command = COMMAND_HELP;
    }
    if (!parse.options.help && !check_operands(&parse.options, err)) {
        return false;
    }
    if (!check_options(&parse, err)) {
        return false;
    }
    default_by_command(&parse.options);
    *ret_options = parse.options;
    return true;
}
