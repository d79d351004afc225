/* SPDX-License-Identifier: MIT */
#include "report/console.h"

#include "base/limits.h"
#include "report/result.h"
#include "report/text.h"

/* The table's share when both want more than there is: the verdict, the worst findings and their commands. */
enum { TABLE_SHARE = 1600 };

static void render_line(struct buf *buf, const struct record *record, size_t limit)
{
    (void)result_fit(buf, record, WRITER_ONE_LINE, limit);
    if (buf->failed) {
        (void)result_fit(buf, record, WRITER_ONE_LINE, LIMIT_STDOUT_BYTES);
    }
}

static void render_table(struct buf *buf, const struct record *record, enum language language)
{
    struct buf line AUTO(buf_clear) = {0};
    struct buf table AUTO(buf_clear) = {0};
    buf_init(&table, LIMIT_RESULT_BYTES);
    text_write(&table, record, language);
    size_t share = table.size < TABLE_SHARE ? table.size : TABLE_SHARE;
    render_line(&line, record, LIMIT_STDOUT_BYTES - share);
    text_shorten(&table, LIMIT_STDOUT_BYTES - line.size, language);
    buf_clear(buf);
    buf_init(buf, LIMIT_STDOUT_BYTES);
    if (!table.failed) { /* half a table would run into the line, which is the answer */
        buf_add(buf, buf_string(&table), table.size);
    }
    buf_add(buf, buf_whole(&line), line.size);
}

void console_render(struct buf *buf, const struct record *record, enum console_form form, enum language language)
{
    switch (form) {
    case CONSOLE_TABLE:
        render_table(buf, record, language);
        break;
    case CONSOLE_QUIET:
        render_line(buf, record, LIMIT_STDOUT_BYTES);
        break;
    case CONSOLE_WHOLE:
        (void)result_fit(buf, record, WRITER_INDENTED, LIMIT_RESULT_BYTES);
        break;
    }
    /* Every record fits; what is missing is memory, and half an answer would be none. */
    if (buf->failed) {
        must_exhausted("no room for the result");
    }
}
