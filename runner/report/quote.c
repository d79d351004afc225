/* SPDX-License-Identifier: MIT */
#include "report/quote.h"

#include <string.h>

#include "base/letters.h"
#include "base/text.h"

const char *const shell_names[SHELL_COUNT + 1] = {[SHELL_BASH] = "bash", [SHELL_POWERSHELL] = "powershell"};

enum { FIRST_BEYOND_ASCII = 0x80 };

/* Words that neither shell looks into. A comma makes a list in PowerShell; it splits "-a.b" and "-a:b" in two. */
static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/-.:";
    bool is_split = word[0] == '-' && strpbrk(word, ".:") != NULL;
    return word[strspn(word, plain)] == '\0' && word[0] != '.' && word[0] != ':' && !is_split;
}

static bool is_quotable(const char *word, enum shell shell)
{
    size_t length = strlen(word);
    for (size_t i = 0; i < length;) {
        uint32_t point = 0;
        size_t size = text_decode(word + i, &point);
        bool is_ascii = point >= ' ' && point <= '~' && (point != '"' || shell == SHELL_BASH);
        if (size == 0 || (!is_ascii && !letters_hold(point))) {
            return false;
        }
        i += size;
    }
    return length > 0 && word[length - 1] != '\\';
}

/* --- "...": variables are put in place --- */

/* No letter that letters_hold knows takes more than four digits. */
static void add_letter(struct buf *buf, uint32_t point, enum shell shell)
{
    buf_format(buf, shell == SHELL_BASH ? "\"$'\\u%04x'\"" : "$([char]0x%04x)", (unsigned)point);
}

static void add_ascii(struct buf *buf, char letter, enum shell shell)
{
    const char *special = shell == SHELL_BASH ? "$`\"\\" : "$`";
    if (strchr(special, letter) != NULL) {
        buf_text(buf, shell == SHELL_BASH ? "\\" : "`");
    }
    buf_add(buf, &letter, 1);
}

static void add_double(struct buf *buf, const char *word, enum shell shell, bool is_ascii)
{
    buf_text(buf, "\"");
    for (const char *at = word; *at != '\0';) {
        const char *end = text_starts(at, "@{") ? strchr(at, '}') : NULL;
        uint32_t point = 0;
        size_t size = text_decode(at, &point);
        if (end != NULL) {
            buf_text(buf, "$");
            size = (size_t)(end - at) + 1;
            buf_add(buf, at + 1, size - 1);
        } else if (point < FIRST_BEYOND_ASCII) {
            add_ascii(buf, *at, shell);
        } else if (is_ascii) {
            add_letter(buf, point, shell);
        } else {
            buf_add(buf, at, size);
        }
        at += size;
    }
    buf_text(buf, "\"");
}

/* --- '...': nothing inside is special --- */

static void add_single(struct buf *buf, const char *word, enum shell shell)
{
    buf_text(buf, "'");
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            buf_text(buf, shell == SHELL_BASH ? "'\\''" : "''");
        } else {
            buf_add(buf, at, 1);
        }
    }
    buf_text(buf, "'");
}

/* $'...': bash's own escapes. */
static void add_escaped(struct buf *buf, const char *word)
{
    buf_text(buf, "$'");
    for (const char *at = word; *at != '\0';) {
        uint32_t point = 0;
        size_t size = text_decode(at, &point);
        if (point >= FIRST_BEYOND_ASCII) {
            buf_format(buf, "\\u%04x", (unsigned)point);
        } else {
            buf_text(buf, strchr("'\\", *at) != NULL ? "\\" : "");
            buf_add(buf, at, 1);
        }
        at += size;
    }
    buf_text(buf, "'");
}

/* --- the whole --- */

static void add_quoted(struct buf *buf, const char *word, enum shell shell, bool is_ascii)
{
    bool is_escaped = is_ascii && !text_is_ascii(word);
    bool is_harmless = strchr(word, '\'') != NULL && strpbrk(word, "$`\"\\!") == NULL;
    bool has_variable = strstr(word, "@{") != NULL;
    if (is_escaped && shell == SHELL_BASH && !has_variable) {
        add_escaped(buf, word);
    } else if (is_escaped || is_harmless || has_variable) {
        add_double(buf, word, shell, is_ascii);
    } else {
        add_single(buf, word, shell);
    }
}

static bool word_fits(const char *word, enum shell shell, struct err *err)
{
    bool is_expanded = strchr(word, '!') != NULL && strstr(word, "@{") != NULL;
    return (is_quotable(word, shell) && !is_expanded) ||
           err_set(err, ERR_REFUSED, 0, "an element cannot be quoted for %s", shell_names[shell]);
}

bool quote_word(struct buf *buf, const char *word, enum shell shell, bool is_ascii, struct err *err)
{
    if (!word_fits(word, shell, err)) {
        return false;
    }
    if (word[0] == '@' && word[1] != '{') {
        buf_format(buf, shell == SHELL_BASH ? "\"$%s\"" : "$%s", word + 1);
    } else if (is_plain(word)) {
        buf_text(buf, word);
    } else {
        add_quoted(buf, word, shell, is_ascii);
    }
    return true;
}

bool quote_value(struct buf *buf, const char *word, enum shell shell, bool is_ascii, struct err *err)
{
    if (shell == SHELL_BASH || (word[0] == '@' && word[1] != '{')) {
        return quote_word(buf, word, shell, is_ascii, err);
    }
    if (!word_fits(word, shell, err)) {
        return false;
    }
    add_quoted(buf, word, shell, is_ascii);
    return true;
}

/* PowerShell takes the typographic quotes for quotes as well. */
static bool is_typographic(uint32_t point)
{
    return point >= 0x2018 && point <= 0x201B;
}

static void add_powershell_sentence(struct buf *buf, const char *text)
{
    buf_text(buf, "'");
    for (const char *at = text; *at != '\0';) {
        uint32_t point = 0;
        size_t size = text_decode(at, &point);
        size_t taken = size > 0 ? size : 1;
        if (*at == '\'' || is_typographic(point)) {
            buf_add(buf, at, taken);
        }
        buf_add(buf, at, taken);
        at += taken;
    }
    buf_text(buf, "'");
}

void quote_sentence(struct buf *buf, const char *text, enum shell shell)
{
    bool is_harmless = strchr(text, '\'') != NULL && strpbrk(text, "$`\"\\!") == NULL;
    if (shell == SHELL_POWERSHELL) {
        add_powershell_sentence(buf, text);
    } else if (is_harmless) {
        buf_format(buf, "\"%s\"", text);
    } else {
        add_single(buf, text, shell);
    }
}
