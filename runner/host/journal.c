/* SPDX-License-Identifier: MIT */
#include "host/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "host/port.h"
#include "json/writer.h"

struct journal {
    struct port_appender *file;
    size_t size; /* bytes of this run so far */
    struct journal_owner owner;
};

bool journal_open(const char *path, struct journal **ret_journal, struct err *err)
{
    struct port_appender *file = NULL;
    return port_appender_open(path, &file, err) && journal_start(file, ret_journal, err);
}

bool journal_start(struct port_appender *file, struct journal **ret_journal, struct err *err)
{
    struct journal *journal = calloc(1, sizeof(*journal));
    if (journal == NULL) {
        port_appender_close(file);
        return err_set(err, ERR_MEMORY, 0, "no memory for the journal");
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

/* Reflected, polynomial 0xEDB88320. Source: APPNOTE.TXT of PKWARE, 4.4.7. */
void journal_crc(const char *bytes, size_t size, char ret_digits[JOURNAL_CRC_SIZE])
{
    uint32_t crc = ~0U;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0);
        }
    }
    (void)snprintf(ret_digits, JOURNAL_CRC_SIZE, "%08" PRIx32, ~crc);
}

static void write_known(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL) {
        writer_named_text(writer, name, text);
    }
}

static void write_intent(struct writer *writer, const void *what)
{
    const struct op *op = what;
    writer_named_int(writer, "seq", op->sequence);
    writer_named_text(writer, "intent", op->verb);
    writer_named_text(writer, "noun", noun_names[op->noun]);
    writer_named_text(writer, "target", op->target);
    writer_named_text(writer, "class", op_class_names[op->class]);
    writer_named_text(writer, "before", op->before);
    writer_named_text(writer, "after", op->after);
    write_known(writer, "shownBefore", op->shown_before);
    write_known(writer, "shownAfter", op->shown_after);
    if (op->undoes != 0) {
        writer_named_int(writer, "undoes", op->undoes);
    }
}

static void write_answer(struct writer *writer, const void *what)
{
    const struct op *op = what;
    writer_named_int(writer, "seq", op->sequence);
    writer_named_text(writer, "outcome", op_outcome_names[op->outcome]);
    writer_named_int(writer, "durationMs", op->duration_ms);
    write_known(writer, "stands", op->stands);
    if (op->err.code != ERR_NONE) {
        writer_name(writer, "error");
        writer_open_object(writer);
        writer_named_text(writer, "code", err_code_name(op->err.code));
        writer_named_int(writer, "os", op->err.os);
        writer_named_text(writer, "text", op->err.text);
        writer_close_object(writer);
    }
}

static void write_undoes(struct writer *writer, const void *what)
{
    writer_named_text(writer, "undoes", what);
}

static void write_owner(struct writer *writer, const void *what)
{
    const struct journal_owner *owner = what;
    write_known(writer, "machine", owner->machine);
    write_known(writer, "vmId", owner->vm_id);
}

/* With so many bytes of the file left over. */
static bool add_line_before(struct journal *journal, size_t reserve,
                            void (*write)(struct writer *writer, const void *what), const void *what, struct err *err)
{
    size_t most = LIMIT_JOURNAL_BYTES - reserve;
    struct buf line AUTO(buf_clear) = {0};
    struct writer writer;
    char crc[JOURNAL_CRC_SIZE];
    buf_init(&line, journal->size < most ? most - journal->size : 0);
    writer_init(&writer, &line, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    write(&writer, what);
    journal_crc(buf_string(&line), line.size, crc);
    writer_named_text(&writer, "crc", crc);
    writer_close_object(&writer);
    writer_finish(&writer);
    if (line.failed) {
        return err_set(err, ERR_LIMIT, 0, "the journal would grow over %zu bytes", most);
    }
    if (!port_appender_write(journal->file, line.bytes, line.size, err)) {
        return false;
    }
    journal->size += line.size;
    return true;
}

static bool add_line(struct journal *journal, void (*write)(struct writer *writer, const void *what), const void *what,
                     struct err *err)
{
    return add_line_before(journal, 0, write, what, err);
}

/* What stands before the first line that says something. */
static bool add_first(struct journal *journal, struct err *err)
{
    bool is_owned = journal->owner.machine != NULL || journal->owner.vm_id != NULL;
    return journal->size > 0 || !is_owned || add_line(journal, write_owner, &journal->owner, err);
}

static bool begin(void *context, const struct op *op, struct err *err)
{
    /* What cannot be taken back has begun something that must be ended. */
    bool may_fill = op->undoes != 0 || op->class != OP_REVERSIBLE;
    size_t reserve = may_fill ? 0 : LIMIT_JOURNAL_RESERVE_BYTES;
    return add_first(context, err) && add_line_before(context, reserve, write_intent, op, err);
}

static bool end(void *context, const struct op *op, struct err *err)
{
    return add_line(context, write_answer, op, err);
}

bool journal_undoes(struct journal *journal, const char *run_id, struct err *err)
{
    return add_first(journal, err) && add_line(journal, write_undoes, run_id, err);
}

void journal_own(struct journal *journal, const struct journal_owner *owner)
{
    journal->owner = *owner;
}

struct journal_sink journal_sink(struct journal *journal)
{
    return (struct journal_sink){.context = journal, .begin = begin, .end = end};
}
