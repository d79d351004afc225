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
    size_t size;    /* bytes of this run so far */
    bool is_behind; /* its last line is not synced yet */
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
        struct err unsynced = {0};
        (void)!journal_sync(journal, &unsynced);
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

static bool make_line(void (*write)(struct writer *writer, const void *what), const void *what, size_t most,
                      struct buf *ret_line)
{
    struct writer writer;
    char crc[JOURNAL_CRC_SIZE];
    buf_init(ret_line, most);
    writer_init(&writer, ret_line, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    write(&writer, what);
    journal_crc(buf_string(ret_line), ret_line->size, crc);
    writer_named_text(&writer, "crc", crc);
    writer_close_object(&writer);
    writer_finish(&writer);
    return !ret_line->failed;
}

/* How a line gets there: how many bytes of the file it leaves for others, and whether it is synced now. */
struct lay {
    size_t reserve;
    bool (*put)(struct port_appender *appender, const void *bytes, size_t size, struct err *err);
};
static const struct lay laid_now = {.put = port_appender_write};

static bool add_line(struct journal *journal, const struct lay *lay,
                     void (*write)(struct writer *writer, const void *what), const void *what, struct err *err)
{
    size_t most = LIMIT_JOURNAL_BYTES - lay->reserve;
    struct buf line AUTO(buf_clear) = {0};
    if (!make_line(write, what, journal->size < most ? most - journal->size : 0, &line)) {
        return err_set(err, ERR_LIMIT, 0, "the journal would grow over %zu bytes", most);
    }
    if (!lay->put(journal->file, line.bytes, line.size, err)) {
        return false;
    }
    journal->size += line.size;
    journal->is_behind = lay->put == port_appender_add;
    return true;
}

/* What stands before the first line that says something. */
static bool add_first(struct journal *journal, struct err *err)
{
    bool is_owned = journal->owner.machine != NULL || journal->owner.vm_id != NULL;
    return journal->size > 0 || !is_owned || add_line(journal, &laid_now, write_owner, &journal->owner, err);
}

static bool begin(void *context, const struct op *op, struct err *err)
{
    /* What cannot be taken back has begun something that must be ended. */
    bool may_fill = op->undoes != 0 || op->class != OP_REVERSIBLE;
    const struct lay lay = {may_fill ? 0 : LIMIT_JOURNAL_RESERVE_BYTES, port_appender_write};
    return add_first(context, err) && add_line(context, &lay, write_intent, op, err);
}

/* That it was made as wanted, looking tells again; what only this line knows is on the disk before anything follows. */
static bool may_be_lost(const struct op *op)
{
    return op->class == OP_REVERSIBLE && op->outcome == OP_DONE;
}

static bool end(void *context, const struct op *op, struct err *err)
{
    const struct lay lay = {0, may_be_lost(op) ? port_appender_add : port_appender_write};
    return add_line(context, &lay, write_answer, op, err);
}

bool journal_sync(struct journal *journal, struct err *err)
{
    if (journal->is_behind && !port_appender_sync(journal->file, err)) {
        return false;
    }
    journal->is_behind = false;
    return true;
}

bool journal_answer(const struct op *op, struct buf *bytes)
{
    struct buf line AUTO(buf_clear) = {0};
    size_t most = bytes->size < LIMIT_JOURNAL_BYTES ? LIMIT_JOURNAL_BYTES - bytes->size : 0;
    if (!make_line(write_answer, op, most, &line)) {
        return false;
    }
    buf_add(bytes, line.bytes, line.size);
    return !bytes->failed;
}

bool journal_undoes(struct journal *journal, const char *run_id, struct err *err)
{
    return add_first(journal, err) && add_line(journal, &laid_now, write_undoes, run_id, err);
}

void journal_own(struct journal *journal, const struct journal_owner *owner)
{
    journal->owner = *owner;
}

struct journal_sink journal_sink(struct journal *journal)
{
    return (struct journal_sink){.context = journal, .begin = begin, .end = end};
}
