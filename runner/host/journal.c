/* SPDX-License-Identifier: MIT */
#include "host/journal.h"

#include <stdlib.h>

#include "base/buf.h"
#include "host/port.h"
#include "json/writer.h"

struct journal {
    struct port_appender *file;
    size_t size; /* bytes of this run so far */
};

bool journal_open(const char *path, struct journal **ret_journal, struct err *err)
{
    struct port_appender *file = NULL;
    if (!port_appender_open(path, &file, err)) {
        return false;
    }
    struct journal *journal = calloc(1, sizeof(*journal));
    if (journal == NULL) {
        port_appender_close(file);
        return err_set(err, ERR_MEMORY, 0, "open %s: no memory", path);
    }
    journal->file = file;
    *ret_journal = journal;
    return true;
}

void journal_close(struct journal *journal)
{
    if (journal != NULL) {
        port_appender_close(journal->file);
        free(journal);
    }
}

static void write_intent(struct writer *writer, const struct op *op)
{
    writer_named_text(writer, "intent", op->verb);
    writer_named_text(writer, "noun", noun_names[op->noun]);
    writer_named_text(writer, "target", op->target);
    writer_named_text(writer, "class", op_class_names[op->class]);
    writer_named_text(writer, "before", op->before);
    writer_named_text(writer, "after", op->after);
}

static void write_answer(struct writer *writer, const struct op *op)
{
    writer_named_text(writer, "outcome", op_outcome_names[op->outcome]);
    writer_named_int(writer, "durationMs", op->duration_ms);
    if (op->err.code != ERR_NONE) {
        writer_name(writer, "error");
        writer_open_object(writer);
        writer_named_text(writer, "code", err_code_name(op->err.code));
        writer_named_int(writer, "os", op->err.os);
        writer_named_text(writer, "text", op->err.text);
        writer_close_object(writer);
    }
}

static bool add_line(struct journal *journal, const struct op *op,
                     void (*write)(struct writer *writer, const struct op *op), struct err *err)
{
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    buf_init(&line, LIMIT_JOURNAL_BYTES - journal->size);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    writer_open_object(&writer);
    writer_named_int(&writer, "seq", op->sequence);
    write(&writer, op);
    writer_close_object(&writer);
    writer_finish(&writer);
    if (line.failed) {
        return err_set(err, ERR_LIMIT, 0, "the journal would grow over %d bytes", LIMIT_JOURNAL_BYTES);
    }
    if (!port_appender_write(journal->file, line.bytes, line.size, err)) {
        return false;
    }
    journal->size += line.size;
    return true;
}

static bool begin(void *context, const struct op *op, struct err *err)
{
    return add_line(context, op, write_intent, err);
}

static bool end(void *context, const struct op *op, struct err *err)
{
    return add_line(context, op, write_answer, err);
}

struct journal_sink journal_sink(struct journal *journal)
{
    return (struct journal_sink){.context = journal, .begin = begin, .end = end};
}
