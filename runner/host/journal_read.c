/* SPDX-License-Identifier: MIT */
#include "host/journal_read.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/journal.h"
#include "json/fields.h"

enum { SECTOR_BYTES = 512 }; /* the smallest that a disk writes whole */

/* A line of any of the four forms; which one it is shows in what stands in it. */
struct line {
    const char *machine, *vm_id; /* of the first line */
    const char *run;             /* of the first line of an undo behind it */
    int64_t sequence, undoes;
    const char *verb, *target, *before, *after, *shown_before, *shown_after, *stands, *crc;
    enum noun noun;
    enum op_class class;
    enum op_outcome outcome;
    int64_t duration_ms;
    struct line_error {
        const char *code, *text;
        int64_t os;
    } error;
};

#define SEQUENCE(name, member, bits) INT_FIELD(name, struct line, member, bits, 1, UINT32_MAX, "of an op, from 1")
#define LONG_TEXT(name, member, bits, text) TEXT_FIELD(name, struct line, member, bits, 0, LIMIT_JOURNAL_BYTES, text)
#define CRC TEXT_FIELD("crc", struct line, crc, FIELD_REQUIRED, 8, 8, "of the bytes before it")

static const struct field owner_items[] = {
    TEXT_FIELD("machine", struct line, machine, 0, 1, 0, "computer name"),
    TEXT_FIELD("vmId", struct line, vm_id, 0, 1, 0, "of the instance metadata"),
    CRC,
};
static const struct fields owner_fields = FIELDS("owner", struct line, owner_items, "whose run it was");

static const struct field undo_items[] = {
    TEXT_FIELD("undoes", struct line, run, FIELD_REQUIRED, 1, 0, "run whose changes are taken back"),
    CRC,
};
static const struct fields undo_fields = FIELDS("undo", struct line, undo_items, "the first line of an undo");

static const struct field intent_items[] = {
    SEQUENCE("seq", sequence, FIELD_REQUIRED),
    TEXT_FIELD("intent", struct line, verb, FIELD_REQUIRED, 1, 0, "verb"),
    WORD_FIELD("noun", struct line, noun, FIELD_REQUIRED, noun_names, "what changes"),
    LONG_TEXT("target", target, FIELD_REQUIRED, "which one"),
    WORD_FIELD("class", struct line, class, FIELD_REQUIRED, op_class_names, "whether there is a way back"),
    LONG_TEXT("before", before, FIELD_REQUIRED, "state"),
    LONG_TEXT("after", after, FIELD_REQUIRED, "state"),
    LONG_TEXT("shownBefore", shown_before, 0, "for people"),
    LONG_TEXT("shownAfter", shown_after, 0, "for people"),
    SEQUENCE("undoes", undoes, 0),
    CRC,
};
static const struct fields intent_fields = FIELDS("intent", struct line, intent_items, "before a change");

static const struct field error_items[] = {
    TEXT_FIELD("code", struct line_error, code, FIELD_REQUIRED, 0, 0, "closed list"),
    INT_FIELD("os", struct line_error, os, FIELD_REQUIRED, 0, UINT32_MAX, "number of the system"),
    TEXT_FIELD("text", struct line_error, text, FIELD_REQUIRED, 0, 0, "one line"),
};
static const struct fields error_fields = FIELDS("error", struct line_error, error_items, "what went wrong");

static const struct field answer_items[] = {
    SEQUENCE("seq", sequence, FIELD_REQUIRED),
    WORD_FIELD("outcome", struct line, outcome, FIELD_REQUIRED, op_outcome_names, "what came of it"),
    LONG_TEXT("stands", stands, 0, "state in which it was left"),
    INT_FIELD("durationMs", struct line, duration_ms, FIELD_REQUIRED, INT64_MIN, INT64_MAX, "milliseconds"),
    OBJECT_FIELD("error", struct line, error, struct line_error, 0, &error_fields, "what went wrong"),
    CRC,
};
static const struct fields answer_fields = FIELDS("answer", struct line, answer_items, "after a change");

struct reading {
    const char *file;
    struct arena *arena;
    size_t line;
    bool is_owned;
    struct journal_owner owner;
    const char *undoes;
    struct arena_list entries;
};

static bool damaged(const struct reading *reading, const char *why, struct err *err)
{
    return err_set(err, ERR_INVALID, 0, "%s:%zu: %s: nothing of it can be trusted", reading->file, reading->line, why);
}

static struct journal_entry *last_entry(const struct reading *reading)
{
    struct journal_entry *entries = reading->entries.items;
    return reading->entries.count > 0 ? &entries[reading->entries.count - 1] : NULL;
}

static bool take_owner(struct reading *reading, const struct line *line)
{
    reading->is_owned = true;
    reading->owner = (struct journal_owner){.machine = line->machine, .vm_id = line->vm_id};
    return reading->line == 1;
}

static bool take_undo(struct reading *reading, const struct line *line)
{
    reading->undoes = line->run;
    return reading->line == (reading->is_owned ? 2 : 1);
}

/* The changes of a run are made one after another, so an intent stands behind an answer. */
static bool take_intent(struct reading *reading, const struct line *line)
{
    const struct journal_entry *last = last_entry(reading);
    if ((last != NULL && !last->answered) || line->sequence != (int64_t)reading->entries.count + 1) {
        return false;
    }
    struct journal_entry *entry = arena_push(reading->arena, &reading->entries, sizeof(*entry));
    entry->op = (struct op){.sequence = (uint32_t)line->sequence,
                            .undoes = (uint32_t)line->undoes,
                            .noun = line->noun,
                            .class = line->class,
                            .outcome = OP_UNKNOWN,
                            .verb = line->verb,
                            .target = line->target,
                            .before = line->before,
                            .after = line->after,
                            .shown_before = line->shown_before,
                            .shown_after = line->shown_after};
    return true;
}

static enum err_code code_named(const char *name)
{
    int code = ERR_CODE_COUNT - 1;
    while (code > ERR_NONE && !text_same(err_code_name((enum err_code)code), name)) {
        code--;
    }
    return (enum err_code)code;
}

static bool take_answer(struct reading *reading, const struct line *line)
{
    struct journal_entry *last = last_entry(reading);
    if (last == NULL || last->answered || line->sequence != last->op.sequence || line->outcome == OP_PLANNED) {
        return false;
    }
    last->answered = true;
    last->op.outcome = line->outcome;
    last->op.duration_ms = line->duration_ms;
    last->op.stands = line->stands;
    if (line->error.text != NULL) {
        (void)err_set(&last->op.err, code_named(line->error.code), (uint32_t)line->error.os, "%s", line->error.text);
    }
    return true;
}

static const struct form {
    const char *sign; /* the member that no other form has */
    const struct fields *fields;
    bool (*take)(struct reading *reading, const struct line *line);
} forms[] = {
    {"intent", &intent_fields, take_intent}, {"outcome", &answer_fields, take_answer},
    {"machine", &owner_fields, take_owner},  {"vmId", &owner_fields, take_owner},
    {"undoes", &undo_fields, take_undo}, /* behind the intent, which may have one too */
};

static bool take_json(struct reading *reading, const struct json *json, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (json_find(json, forms[i].sign) != NULL) {
            struct line line = {0};
            if (!fields_decode(forms[i].fields, json, reading->file, reading->arena, &line, err)) {
                return false;
            }
            return forms[i].take(reading, &line) || damaged(reading, "not what can stand here", err);
        }
    }
    return damaged(reading, "no line of a journal", err);
}

/* The line ends with its crc, written as journal.c writes it. */
static bool crc_holds(const char *line, size_t size)
{
    static const char before[] = ",\"crc\":\"";
    char tail[64];
    char crc[JOURNAL_CRC_SIZE];
    size_t length = sizeof(before) - 1 + sizeof(crc) - 1 + strlen("\"}");
    if (size < length) {
        return false;
    }
    journal_crc(line, size - length, crc);
    (void)snprintf(tail, sizeof(tail), "%s%s\"}", before, crc);
    return memcmp(line + size - length, tail, length) == 0;
}

static bool take_line(struct reading *reading, const char *bytes, size_t size, struct err *err)
{
    const struct json_source source = {.file = reading->file, .limit = LIMIT_JOURNAL_BYTES};
    const struct json *json = NULL;
    if (!crc_holds(bytes, size)) {
        return damaged(reading, "changed since it was written", err);
    }
    return json_load(bytes, size, &source, reading->arena, &json, err) && take_json(reading, json, err);
}

/* Sectors that a file system has counted into the file and not written. Source:
 * https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-setfilevaliddata (valid data length) */
static bool has_hole(const char *bytes, const char *line, const char *end)
{
    const char *first = memchr(line, '\0', (size_t)(end - line));
    const char *behind = first;
    while (behind != NULL && behind < end && *behind == '\0') {
        behind++;
    }
    return first != NULL && (first == line || (first - bytes) % SECTOR_BYTES == 0) &&
           (behind - bytes) % SECTOR_BYTES == 0;
}

static bool is_last_line(const char *newline, const char *end)
{
    return memchr(newline + 1, '\n', (size_t)(end - newline - 1)) == NULL;
}

/* To the first line that is torn; ret_size: the bytes before it. */
static bool take_lines(struct reading *reading, const char *bytes, size_t size, size_t *ret_size, struct err *err)
{
    const char *end = bytes + size;
    const char *line = bytes;
    for (; line < end; reading->line++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        if (newline == NULL || (has_hole(bytes, line, newline) && is_last_line(newline, end))) {
            break;
        }
        if (!take_line(reading, line, (size_t)(newline - line), err)) {
            return false;
        }
        line = newline + 1;
    }
    *ret_size = (size_t)(line - bytes);
    return true;
}

bool journal_read(const char *bytes, size_t size, const char *file, struct arena *arena,
                  struct journal_record *ret_record, struct err *err)
{
    struct reading reading = {.file = file, .arena = arena, .line = 1};
    size_t whole = 0;
    if (size > LIMIT_JOURNAL_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "%s: more than %d bytes", file, LIMIT_JOURNAL_BYTES);
    }
    if (!take_lines(&reading, bytes, size, &whole, err)) {
        return false;
    }
    *ret_record = (struct journal_record){.owner = reading.owner,
                                          .undoes = reading.undoes,
                                          .entries = reading.entries.items,
                                          .count = reading.entries.count,
                                          .size = whole};
    return true;
}
