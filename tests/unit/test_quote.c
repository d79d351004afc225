/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "report/quote.h"
#include "unit.h"

static const struct {
    const char *name;
    const char *word;
    const char *line; /* NULL: refused */
} cases[] = {
    {"plain", "show", "az show"},
    {"option", "--ids", "az --ids"},
    {"path", "/subscriptions/0/resourceGroups/rg", "az /subscriptions/0/resourceGroups/rg"},
    {"address", "10.0.0.4", "az 10.0.0.4"},
    {"brackets", "a.b[0].id", "az 'a.b[0].id'"},
    {"blank", "two words", "az 'two words'"},
    {"dollar", "$(reboot)", "az '$(reboot)'"},
    {"backtick", "`reboot`", "az '`reboot`'"},
    {"semicolon", "a;b", "az 'a;b'"},
    {"ampersand", "a&&b", "az 'a&&b'"},
    {"comma is a list in PowerShell", "a,b", "az 'a,b'"},
    {"dash and dot are split in PowerShell", "-a.b", "az '-a.b'"},
    {"dash and colon are split in PowerShell", "-a:b", "az '-a:b'"},
    {"a dot at the start would be a call", ".x", "az '.x'"},
    {"percent", "%TEMP%", "az '%TEMP%'"},
    {"splat", "a@b", "az 'a@b'"},
    {"letters of every script", "\xe6\x9c\xac\xe7\x95\xaa_r\xc3\xa4ume", "az '\xe6\x9c\xac\xe7\x95\xaa_r\xc3\xa4ume'"},
    {"a wide blank", "x\xe3\x80\x80", NULL},
    {"half a letter", "x\xe6\x9c", NULL},
    {"single quote", "it's", NULL},
    {"double quote", "a\"b", NULL},
    {"typographic quote", "it\xe2\x80\x99s", NULL},
    {"line break", "a\nb", NULL},
    {"delete", "a\x7f", NULL},
    {"trailing backslash", "C:\\", NULL},
    {"inner backslash", "C:\\x", "az 'C:\\x'"},
    {"nothing", "", NULL},
    {"variable never set", "@nic", NULL},
};

static void every_word_is_quoted_alike_or_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct handoff_command command = {.words = &cases[i].word, .count = 1};
        const struct handoff_record handoff = {.commands = &command, .count = 1};
        struct buf buf AUTO(buf_clear) = {0};
        struct err err = {0};
        buf_init(&buf, 256);
        bool is_quoted = quote_command(&buf, &handoff, 0, &err);
        ROW_ASSERT(cases[i].name, is_quoted == (cases[i].line != NULL));
        ROW_ASSERT(cases[i].name, text_same(buf_string(&buf), is_quoted ? cases[i].line : ""));
        ROW_ASSERT(cases[i].name, is_quoted || err.code == ERR_REFUSED);
    }
}

static void a_variable_stands_in_place(void)
{
    static const char *const show[] = {"vm", "show", "--query", "a b"};
    static const char *const nic[] = {"nic", "--ids", "@vm"};
    static const char *const routes[] = {"routes", "--nic", "@nic", "--vm", "@vm"};
    static const struct handoff_command commands[] = {
        {.set = "vm", .words = show, .count = COUNT_OF(show)},
        {.set = "nic", .words = nic, .count = COUNT_OF(nic)},
        {.set = NULL, .words = routes, .count = COUNT_OF(routes)},
    };
    const struct handoff_record handoff = {.commands = commands, .count = COUNT_OF(commands)};
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&buf, 512);
    CU_ASSERT(quote_command(&buf, &handoff, 2, &err));
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "az routes --nic \"$(az nic --ids \"$(az vm show --query 'a b')\")\" "
                                             "--vm \"$(az vm show --query 'a b')\"");
}

/* Each command puts the one before in place twice: without a limit the line doubles every time. */
static void a_line_has_a_limit(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    static const char *const uses[] = {"@a", "@b", "@c", "@d", "@e", "@f", "@g", "@h", "@i", "@j", "@k"};
    static const char *const first[] = {"0123456789"};
    struct handoff_command commands[COUNT_OF(names)];
    const char *words[COUNT_OF(names)][2];
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    commands[0] = (struct handoff_command){.set = names[0], .words = first, .count = 1};
    for (size_t i = 1; i < COUNT_OF(names); i++) {
        words[i][0] = words[i][1] = uses[i - 1];
        commands[i] = (struct handoff_command){.set = names[i], .words = words[i], .count = 2};
    }
    const struct handoff_record handoff = {.commands = commands, .count = COUNT_OF(commands)};
    buf_init(&buf, 1 << 20);
    CU_ASSERT(!quote_command(&buf, &handoff, COUNT_OF(names) - 1, &err));
    CU_ASSERT_EQUAL(err.code, ERR_LIMIT);
    CU_ASSERT_EQUAL(buf.size, 0);
}

void suite_quote(void);
void suite_quote(void)
{
    UNIT_SUITE("quote", UNIT_TEST(every_word_is_quoted_alike_or_refused), UNIT_TEST(a_variable_stands_in_place),
               UNIT_TEST(a_line_has_a_limit));
}
