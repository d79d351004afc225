/* SPDX-License-Identifier: MIT */
/*
 * Words and sentences as a shell takes them, so that a person can paste them: what is written reaches the command as it
 * is, whatever it holds. No word needs the history character: an interactive bash would expand it.
 *
 * Refused is what could not reach `az` unharmed: control characters, what outside ASCII is neither letter nor digit, a
 * trailing backslash, nothing at all, and in PowerShell a double quote (Windows PowerShell passes it on unescaped).
 * Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules and
 * .../about_parsing; https://www.gnu.org/software/bash/manual/html_node/Quoting.html
 */
#ifndef AZMEND_REPORT_QUOTE_H
#define AZMEND_REPORT_QUOTE_H

#include "base/buf.h"
#include "base/err.h"

enum shell { SHELL_BASH, SHELL_POWERSHELL, SHELL_COUNT };
extern const char *const shell_names[SHELL_COUNT + 1]; /* "bash", "powershell" */

/*
 * Appends one argument of a command. "@name" is the variable of that name, "@{name}" inside a longer word as well.
 * is_ascii: letters outside ASCII are written as escapes. ERR_REFUSED: see above; buf is then as before.
 */
bool quote_word(struct buf *buf, const char *word, enum shell shell, bool is_ascii, struct err *err) MUST_CHECK;
/* Appends what a variable is assigned; as quote_word, and always in quotes where the shell wants them. */
bool quote_value(struct buf *buf, const char *word, enum shell shell, bool is_ascii, struct err *err) MUST_CHECK;
/* Appends a sentence for people, cleaned before, as one argument. */
void quote_sentence(struct buf *buf, const char *text, enum shell shell);

#endif
