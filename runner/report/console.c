/* SPDX-License-Identifier: MIT */
#include "report/console.h"

#include "base/limits.h"
#include "report/pane.h"
#include "report/result.h"
#include "report/text.h"
#include "report/trace.h"

/*
 * With traces, the table's share when both want more than there is. Without, the line gives way to the table; a table
 * that leaves no room for the shortest line becomes a pane, whose share is what has to stay, and PANE_SHARE at least.
 */
enum { TRACED_SHARE = 2800, PANE_SHARE = 2800, TABLE_LEAST = 700 };

static void render_line(struct buf *buf, const struct record *record, size_t limit)
{
    (void)result_fit(buf, record, WRITER_ONE_LINE, limit);
    if (buf->failed) {
        (void)result_fit(buf, record, WRITER_ONE_LINE, LIMIT_STDOUT_BYTES);
    }
}

static size_t lesser(size_t left, size_t right)
{
    return left < right ? left : right;
}

static size_t least_line(const struct record *record)
{
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&line, LIMIT_STDOUT_BYTES);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    result_write(&writer, record, DETAIL_VERDICT);
    return line.size;
}

/* The table or the pane; returns how much of it the line leaves alone. */
static size_t write_findings(struct buf *table, const struct record *record, enum language language, enum shell shell)
{
    size_t room = LIMIT_STDOUT_BYTES - least_line(record);
    text_write(table, record, language, shell);
    if (table->size <= room && !table->failed) {
        return table->size;
    }
    buf_clear(table);
    buf_init(table, LIMIT_RESULT_BYTES);
    size_t kept = TEXT_LEFT_OUT_BYTES + pane_write(table, record, language, shell, room - TEXT_LEFT_OUT_BYTES);
    return lesser(kept > PANE_SHARE ? kept : PANE_SHARE, room);
}

/* What was asked for with --trace keeps its room; findings and line give way to it, and say how much of them is gone.
 */
static void render_table(struct buf *buf, const struct record *record, enum language language, enum shell shell)
{
    struct buf line AUTO(buf_clear) = {0};
    struct buf table AUTO(buf_clear) = {0};
    struct buf traces AUTO(buf_clear) = {0};
    buf_init(&table, LIMIT_RESULT_BYTES);
    buf_init(&traces, LIMIT_RESULT_BYTES);
    trace_text(&traces, record, language);
    size_t most = write_findings(&table, record, language, shell);
    most = record->trace_count > 0 ? TRACED_SHARE : most;
    render_line(&line, record, LIMIT_STDOUT_BYTES - lesser(table.size + traces.size, most));
    size_t room = LIMIT_STDOUT_BYTES - line.size;
    text_shorten(&traces, room - lesser(lesser(table.size, TABLE_LEAST), room), language);
    text_shorten(&table, room - traces.size, language);
    buf_clear(buf);
    buf_init(buf, LIMIT_STDOUT_BYTES);
    if (!table.failed) { /* half a table would run into the line, which is the answer */
        buf_add(buf, buf_string(&table), table.size);
        buf_add(buf, buf_string(&traces), traces.failed ? 0 : traces.size);
    }
    buf_add(buf, buf_whole(&line), line.size);
}

void console_render(struct buf *buf, const struct record *record, enum console_form form, enum language language,
                    enum shell shell)
{
    switch (form) {
    case CONSOLE_TABLE:
        render_table(buf, record, language, shell);
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
