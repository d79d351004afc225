/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "host/windows/backend.h"

enum { COMMAND_UNITS = 32767 /* the most that CreateProcessW takes, its end included */ };

/*
 * Every argument in quotes. Backslashes count twice before a quote, and stand for themselves elsewhere.
 * Source: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
static void add_argument(struct buf *line, const char *argument)
{
    size_t slashes = 0;
    buf_text(line, line->size > 0 ? " \"" : "\"");
    for (; *argument != '\0'; argument++) {
        for (size_t i = 0; *argument == '"' && i <= slashes; i++) {
            buf_text(line, "\\");
        }
        slashes = *argument == '\\' ? slashes + 1 : 0;
        buf_add(line, argument, 1);
    }
    for (size_t i = 0; i < slashes; i++) {
        buf_text(line, "\\");
    }
    buf_text(line, "\"");
}

bool command_line_open(const char *program, const char *const *arguments, size_t count, wchar_t **ret_line,
                       struct err *err)
{
    struct buf line AUTO(buf_clear);
    buf_init(&line, COMMAND_UNITS - 1);
    add_argument(&line, program);
    for (size_t i = 0; i < count; i++) {
        add_argument(&line, arguments[i]);
    }
    return line.failed ? err_set(err, ERR_LIMIT, 0, "%s: its command line is too long", program)
                       : wide_open(buf_string(&line), ret_line, err);
}
