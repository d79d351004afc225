/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "report/quote.h"
#include "unit.h"

#define SCRIPTS "\xe6\x9c\xac\xe7\x95\xaa_r\xc3\xa4ume"

static const struct {
    const char *name;
    const char *word;
    const char *bash, *powershell; /* NULL: refused */
} cases[] = {
    {"plain", "show", "show", "show"},
    {"option", "--ids", "--ids", "--ids"},
    {"path", "/subscriptions/0/resourceGroups/rg", "/subscriptions/0/resourceGroups/rg",
     "/subscriptions/0/resourceGroups/rg"},
    {"address", "10.0.0.4", "10.0.0.4", "10.0.0.4"},
    {"brackets", "a.b[0].id", "'a.b[0].id'", "'a.b[0].id'"},
    {"blank", "two words", "'two words'", "'two words'"},
    {"dollar", "$(reboot)", "'$(reboot)'", "'$(reboot)'"},
    {"backtick", "`reboot`", "'`reboot`'", "'`reboot`'"},
    {"semicolon", "a;b", "'a;b'", "'a;b'"},
    {"ampersand", "a&&b", "'a&&b'", "'a&&b'"},
    {"comma is a list in PowerShell", "a,b", "'a,b'", "'a,b'"},
    {"dash and dot are split in PowerShell", "-a.b", "'-a.b'", "'-a.b'"},
    {"dash and colon are split in PowerShell", "-a:b", "'-a:b'", "'-a:b'"},
    {"a dot at the start would be a call", ".x", "'.x'", "'.x'"},
    {"percent", "%TEMP%", "'%TEMP%'", "'%TEMP%'"},
    {"splat", "a@b", "'a@b'", "'a@b'"},
    {"a query", "[?a=='b'] | [0]", "\"[?a=='b'] | [0]\"", "\"[?a=='b'] | [0]\""},
    {"single quote and dollar", "it's $x", "'it'\\''s $x'", "'it''s $x'"},
    {"history", "a!b", "'a!b'", "'a!b'"},
    {"history in a query", "a!='b'", "'a!='\\''b'\\'''", "'a!=''b'''"},
    {"history beside a variable", "a!@{b}", NULL, NULL},
    {"variable", "@nic", "\"$nic\"", "$nic"},
    {"variable in a word", "[?a=='@{hop}'].`b`|$c", "\"[?a=='${hop}'].\\`b\\`|\\$c\"", "\"[?a=='${hop}'].``b``|`$c\""},
    {"letters of every script", SCRIPTS, "'" SCRIPTS "'", "'" SCRIPTS "'"},
    {"a wide blank", "x\xe3\x80\x80", NULL, NULL},
    {"half a letter", "x\xe6\x9c", NULL, NULL},
    {"double quote", "a\"b", "'a\"b'", NULL},
    {"typographic quote", "it\xe2\x80\x99s", NULL, NULL},
    {"line break", "a\nb", NULL, NULL},
    {"delete", "a\x7f", NULL, NULL},
    {"trailing backslash", "C:\\", NULL, NULL},
    {"inner backslash", "C:\\x", "'C:\\x'", "'C:\\x'"},
    {"nothing", "", NULL, NULL},
};

static void every_word_is_quoted_or_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *const wanted[SHELL_COUNT] = {cases[i].bash, cases[i].powershell};
        for (enum shell shell = SHELL_BASH; shell < SHELL_COUNT; shell++) {
            struct buf buf AUTO(buf_clear) = {0};
            struct err err = {0};
            buf_init(&buf, 256);
            bool is_quoted = quote_word(&buf, cases[i].word, shell, false, &err);
            ROW_ASSERT(cases[i].name, is_quoted == (wanted[shell] != NULL));
            ROW_ASSERT(cases[i].name, text_same(buf_string(&buf), is_quoted ? wanted[shell] : ""));
            ROW_ASSERT(cases[i].name, is_quoted || err.code == ERR_REFUSED);
        }
    }
}

static const struct {
    const char *name;
    const char *word;
    const char *bash, *powershell;
} ascii_cases[] = {
    {"a name", "r\xc3\xa9seau", "$'r\\u00e9seau'", "\"r$([char]0x00e9)seau\""},
    {"beside a variable", "\xc3\xa9@{x}", "\"\"$'\\u00e9'\"${x}\"", "\"$([char]0x00e9)${x}\""},
    {"ascii stays", "a b", "'a b'", "'a b'"},
};

static void letters_are_escaped_where_only_ascii_arrives(void)
{
    for (size_t i = 0; i < COUNT_OF(ascii_cases); i++) {
        const char *const wanted[SHELL_COUNT] = {ascii_cases[i].bash, ascii_cases[i].powershell};
        for (enum shell shell = SHELL_BASH; shell < SHELL_COUNT; shell++) {
            struct buf buf AUTO(buf_clear) = {0};
            struct err err = {0};
            buf_init(&buf, 256);
            ROW_ASSERT(ascii_cases[i].name, quote_word(&buf, ascii_cases[i].word, shell, true, &err));
            ROW_ASSERT(ascii_cases[i].name, text_same(buf_string(&buf), wanted[shell]));
        }
    }
}

/* A bare word behind "=" would be a command in PowerShell. */
static void a_value_is_quoted(void)
{
    struct buf buf AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&buf, 256);
    CU_ASSERT(quote_value(&buf, "rg", SHELL_BASH, false, &err));
    CU_ASSERT(quote_value(&buf, "rg", SHELL_POWERSHELL, false, &err));
    CU_ASSERT(quote_value(&buf, "@rg", SHELL_POWERSHELL, false, &err));
    CU_ASSERT_STRING_EQUAL(buf_string(&buf), "rg'rg'$rg");
    CU_ASSERT(!quote_value(&buf, "", SHELL_POWERSHELL, false, &err));
}

static void a_sentence_is_quoted(void)
{
    static const struct {
        const char *text, *bash, *powershell;
    } rows[] = {
        {"plain", "'plain'", "'plain'"},
        {"it's so", "\"it's so\"", "'it''s so'"},
        {"it's $1", "'it'\\''s $1'", "'it''s $1'"},
        {"it\xe2\x80\x99s", "'it\xe2\x80\x99s'", "'it\xe2\x80\x99\xe2\x80\x99s'"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const wanted[SHELL_COUNT] = {rows[i].bash, rows[i].powershell};
        for (enum shell shell = SHELL_BASH; shell < SHELL_COUNT; shell++) {
            struct buf buf AUTO(buf_clear) = {0};
            buf_init(&buf, 256);
            quote_sentence(&buf, rows[i].text, shell);
            ROW_ASSERT(rows[i].text, text_same(buf_string(&buf), wanted[shell]));
        }
    }
}

void suite_quote(void);
void suite_quote(void)
{
    UNIT_SUITE("quote", UNIT_TEST(every_word_is_quoted_or_refused),
               UNIT_TEST(letters_are_escaped_where_only_ascii_arrives), UNIT_TEST(a_value_is_quoted),
               UNIT_TEST(a_sentence_is_quoted));
}
