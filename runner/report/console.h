/* SPDX-License-Identifier: MIT */
/*
 * What goes to stdout at the end of a run, in one write: a table for people, then the last line, one line of ASCII
 * JSON. Together at most LIMIT_STDOUT_BYTES, because Run Command keeps the last 4,096 bytes. The JSON sheds detail
 * level by level and is never cut; the table is shortened at line boundaries and says so.
 */
#ifndef AZMEND_REPORT_CONSOLE_H
#define AZMEND_REPORT_CONSOLE_H

#include "report/quote.h"
#include "report/words.h"

enum console_form {
    CONSOLE_TABLE, /* table and last line */
    CONSOLE_QUIET, /* the last line alone */
    CONSOLE_WHOLE, /* the whole result, indented; no bound but LIMIT_RESULT_BYTES */
};

/* Replaces buf. language, shell: of the table. */
void console_render(struct buf *buf, const struct record *record, enum console_form form, enum language language,
                    enum shell shell);

#endif
