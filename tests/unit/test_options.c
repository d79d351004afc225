/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "channel/options/nearest.h"
#include "channel/options/options.h"
#include "unit.h"

enum { WORDS_MAX = 24 };
#define DIGITS "0123456789abcdefABCDEF0123456789abcdefABCDEF01234567890123456789"

struct line {
    char *words[WORDS_MAX + 1];
    int count;
    char text[512];
};

/* "azmend" and the words of the text, which are separated by one blank each. */
static void split(struct line *line, const char *text)
{
    static char program[] = "azmend";
    *line = (struct line){.words = {program}, .count = 1};
    memcpy(line->text, text, strlen(text) + 1);
    char *word = line->text;
    while (word != NULL && *word != '\0' && line->count < WORDS_MAX) {
        line->words[line->count++] = word;
        word = strchr(word, ' ');
        if (word != NULL) {
            *word++ = '\0';
        }
    }
}

static const struct {
    const char *text;  /* the command line */
    const char *error; /* part of the message */
} refused[] = {
    {"", "a command is missing"},
    {"chekc", "unknown command chekc; did you mean check?"},
    {"undone", "unknown command undone; did you mean undo?"},
    {"undo A B", "undo does not take \"B\""},
    {"undo --playbook x", "undo does not take --playbook"},
    {"check --splay 1m", "check does not take --splay"},
    {"fix --event-log", "fix does not take --event-log"},
    {"check --from last", "check does not take --from"},
    {"explain 0xC004F074 --from last", "--from is for a finding"},
    {"provision now", "provision does not take \"now\""},
    {"undo --machine m.json", "undo --machine needs --state"},
    {"check --playbok x", "unknown option --playbok; did you mean playbook?"},
    {"check --xyzzy", "unknown option --xyzzy"},
    {"--version", "did you mean version?"},
    {"check -v", "options begin with two dashes"},
    {"check --machine", "--machine needs a value: FILE"},
    {"check --machine=", "--machine needs a value: FILE"},
    {"check --machine a --machine b", "--machine is given twice"},
    {"check --json --json", "--json is given twice"},
    {"check --json=yes", "--json takes no value"},
    {"check --json --quiet", "exclude each other"},
    {"check --deadline soon", "--deadline soon: expected a time"},
    {"check --deadline 0", "expected a time"},
    {"check --deadline 2h", "at most 80 minutes"},
    {"check --probe-timeout -1s", "expected a time"},
    {"check --lang fr", "--lang fr: expected en|ja"},
    {"check --exit-code 7", "expected plain|always-zero|completed|cloudbase"},
    {"check --parameter secret", "--parameter wants [PLAYBOOK.]NAME=VALUE"},
    {"check --parameter =secret", "--parameter wants"},
    {"check --save-machine out.json", "--save-machine needs --machine"},
    {"check --connect-to 1.2.3.4:80=127.0.0.1:81", "--connect-to needs --machine"},
    {"check --playbook x --sha256 12", "--sha256: expected 64 hexadecimal digits"},
    {"check --playbook x --sha256 " DIGITS "0", "expected 64"},
    {"check --playbook x --sha256 g" DIGITS, "expected 64"},
    {"check --sha256 " DIGITS, "--sha256 needs one --playbook"},
    {"check --playbook x --playbook y --sha256 " DIGITS, "and no second one"},
    {"check --playbook x --sha256 " DIGITS " --sha256 " DIGITS, "--sha256 is given twice"},
    {"validate x --sha256 " DIGITS, "validate does not take --sha256"},
    {"check extra", "check does not take \"extra\""},
    {"list --machine x", "list does not take --machine"},
    {"version --json", "version does not take --json"},
    {"validate", "validate needs FILE|DIR|ARCHIVE..."},
    {"schema", "schema needs playbook|result|machine"},
    {"explain", "explain needs FINDING_ID|0xCODE"},
    {"explain A B", "explain does not take \"B\""},
    {"help nothing", "unknown command nothing"},
};

static void a_wrong_line_is_refused_in_one_line(void)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct line line;
        struct options options;
        struct err err = {0};
        split(&line, refused[i].text);
        ROW_ASSERT(refused[i].text, !options_parse(line.count, line.words, &options, &err));
        ROW_ASSERT(refused[i].text, err.code == ERR_INVALID && strstr(err.text, refused[i].error) != NULL);
        ROW_ASSERT(refused[i].text, strchr(err.text, '\n') == NULL && strstr(err.text, "secret") == NULL);
    }
}

static bool parse(const char *text, struct line *line, struct options *ret_options)
{
    struct err err = {0};
    split(line, text);
    bool is_right = options_parse(line->count, line->words, ret_options, &err);
    if (!is_right) {
        printf("\n    %s\n", err.text);
    }
    return is_right;
}

static void all_options_arrive(void)
{
    struct line line;
    struct options options;
    CU_ASSERT_FATAL(parse("fix --playbook a --playbook=b --parameter x=1=2 --machine m --state s --deadline 10m "
                          "--lang ja",
                          &line, &options));
    CU_ASSERT_EQUAL(options.command, COMMAND_FIX);
    CU_ASSERT_EQUAL(options.playbooks.count, 2);
    CU_ASSERT_STRING_EQUAL(options.playbooks.items[1], "b");
    CU_ASSERT_STRING_EQUAL(options.parameters.items[0], "x=1=2");
    CU_ASSERT_STRING_EQUAL(options.machine, "m");
    CU_ASSERT_STRING_EQUAL(options.state, "s");
    CU_ASSERT_EQUAL(options.deadline_ms, 600000);
    CU_ASSERT_EQUAL(options.language, LANGUAGE_JA);
    CU_ASSERT(!options.json && !options.quiet && options.result == NULL);
    CU_ASSERT_FATAL(parse("--quiet check --probe-timeout 250ms --exit-code cloudbase --result r", &line, &options));
    CU_ASSERT_EQUAL(options.probe_ms, 250);
    CU_ASSERT_EQUAL(options.exit_style, EXIT_CLOUDBASE);
    CU_ASSERT(options.quiet);
    CU_ASSERT_EQUAL(options.deadline_ms, LIMIT_RUN_MS);
}

/* What is not given is as the command has it. */
static void a_command_has_its_own_defaults(void)
{
    static const struct {
        const char *text;
        int64_t wait_ms, splay_ms;
        int exit_style;
    } rows[] = {
        {"fix", 0, 0, EXIT_PLAIN},
        {"provision", LIMIT_PROVISION_WAIT_MS, 0, EXIT_COMPLETED},
        {"--exit-code plain provision --wait-network 30s --splay 4m", 30000, 240000, EXIT_PLAIN},
        {"provision --exit-code cloudbase", LIMIT_PROVISION_WAIT_MS, 0, EXIT_CLOUDBASE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct line line;
        struct options options = {0};
        ROW_ASSERT(rows[i].text, parse(rows[i].text, &line, &options));
        ROW_ASSERT(rows[i].text, options.wait_network_ms == rows[i].wait_ms);
        ROW_ASSERT(rows[i].text, options.splay_ms == rows[i].splay_ms);
        ROW_ASSERT(rows[i].text, options.exit_style == rows[i].exit_style);
    }
}

static void two_dashes_end_the_options(void)
{
    struct line line;
    struct options options;
    CU_ASSERT_FATAL(parse("validate -- --odd.json", &line, &options));
    CU_ASSERT_EQUAL(options.operands.count, 1);
    CU_ASSERT_STRING_EQUAL(options.operands.items[0], "--odd.json");
}

static void too_many_are_refused(void)
{
    static char program[] = "azmend";
    static char command[] = "check";
    static char option[] = "--playbook=x";
    char *words[LIMIT_PARAMETERS + 3] = {program, command};
    struct options options;
    struct err err = {0};
    for (size_t i = 2; i < COUNT_OF(words); i++) {
        words[i] = option;
    }
    CU_ASSERT(options_parse((int)COUNT_OF(words) - 1, words, &options, &err));
    CU_ASSERT(!options_parse((int)COUNT_OF(words), words, &options, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
}

static void help_names_every_command_and_option(void)
{
    static const char *const expected[] = {"check", "plan", "fix", "validate", "--playbook", "--exit-code", "--lang"};
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        struct options options = {.command = COMMAND_HELP, .language = language};
        struct buf buf AUTO(buf_clear) = {0};
        buf_init(&buf, 1 << 16);
        options_help(&buf, &options);
        for (size_t i = 0; i < COUNT_OF(expected); i++) {
            ROW_ASSERT(expected[i], strstr(buf_string(&buf), expected[i]) != NULL);
        }
        CU_ASSERT(language != LANGUAGE_EN || text_is_ascii(buf_string(&buf)));
    }
}

static void help_of_a_command_leaves_out_the_rest(void)
{
    struct options options = {.command = COMMAND_LIST, .language = LANGUAGE_EN, .help = true};
    struct buf buf AUTO(buf_clear) = {0};
    buf_init(&buf, 1 << 16);
    options_help(&buf, &options);
    CU_ASSERT(strstr(buf_string(&buf), "--playbook") != NULL);
    CU_ASSERT(strstr(buf_string(&buf), "--machine") == NULL);
}

static const struct {
    const char *wrong, *candidate;
    bool is_near;
} words[] = {
    {"chek", "check", true},
    {"check", "check", true},
    {"pln", "plan", true},
    {"fxi", "fix", false},
    {"xyzzy", "check", false},
    {"", "fix", false},
    {"playbooks", "playbook", true},
    {"KMS_TARGET_UNST", "KMS_TARGET_UNSET", true},
    {"a-word-that-is-very-much-longer-than-any-word-there-is", "check", false},
};

static void near_words_are_offered(void)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct nearest nearest = nearest_to(words[i].wrong);
        nearest_offer(&nearest, words[i].candidate);
        ROW_ASSERT(words[i].wrong, (nearest.word != NULL) == words[i].is_near);
    }
}

void suite_options(void);
void suite_options(void)
{
    UNIT_SUITE("options", UNIT_TEST(a_wrong_line_is_refused_in_one_line), UNIT_TEST(all_options_arrive),
               UNIT_TEST(a_command_has_its_own_defaults), UNIT_TEST(two_dashes_end_the_options),
               UNIT_TEST(too_many_are_refused), UNIT_TEST(help_names_every_command_and_option),
               UNIT_TEST(help_of_a_command_leaves_out_the_rest), UNIT_TEST(near_words_are_offered));
}
