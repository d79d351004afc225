/* SPDX-License-Identifier: MIT */
#include "host/nouns/file/file.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/decode.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { SHOWN_DIGITS = 128 };
enum { PARAM_PATH, PARAM_CONTAINS, PARAM_COUNT };
enum {
    FILE_EXISTS,
    FILE_FORM,
    FILE_SIZE_BYTES,
    FILE_CREATED_AT,
    FILE_CHANGED_AT,
    FILE_TEXT,
    FILE_CONTAINS_TEXT,
    FILE_COUNT
};

static const struct column params[] = {
    [PARAM_PATH] = TEXT_COLUMN("path", COLUMN_REQUIRED, "with a drive, or from %SystemRoot% and its like"),
    [PARAM_CONTAINS] = TEXT_COLUMN("contains", 0, "what containsText looks for, ASCII letters in either case"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [FILE_EXISTS] = BOOL_COLUMN("exists", COLUMN_ENSURE, "there is something of that name"),
    [FILE_FORM] = WORD_COLUMN("form", file_form_names, 0, "a link, device or pipe is other and never opened"),
    [FILE_SIZE_BYTES] = INT_COLUMN("sizeBytes", 0, 0, UNIT_BYTES, 0, "its size"),
    [FILE_CREATED_AT] = INT_COLUMN("createdAt", 0, 0, UNIT_TIME, 0, "when it was created"),
    [FILE_CHANGED_AT] = INT_COLUMN("changedAt", 0, 0, UNIT_TIME, 0, "when it was last changed"),
    [FILE_TEXT] = TEXT_COLUMN("text", COLUMN_ENSURE, "whole content; unknown when over 4 KiB or no text"),
    [FILE_CONTAINS_TEXT] = BOOL_COLUMN("containsText", 0, "the parameter contains occurs in it; absent when not given"),
};
_Static_assert(COUNT_OF(properties) == FILE_COUNT, "one row a property");

static struct value whole_text(struct arena *arena, const struct file_bytes *file, const struct decoded *content)
{
    if (file->size > LIMIT_TEXT_BYTES) {
        return value_unknown("longer than a text may be");
    }
    if (!content->is_text) {
        return value_unknown_format(arena, "not a text: %.*s", SHOWN_DIGITS, content->text);
    }
    return cell_text(arena, content->text);
}

/* What is no text is searched up to its first NUL. */
static struct value contains_text(struct look *look, const struct file_bytes *file, const struct decoded *content)
{
    const char *part = look_text(look, PARAM_CONTAINS);
    if (part == NULL) {
        return value_absent();
    }
    const char *searched = content->is_text ? content->text : arena_copy(look->arena, file->bytes, file->size);
    return value_bool(text_contains(searched, part));
}

static void read_content(struct look *look, struct host *host, const char *path)
{
    struct err err = {0};
    struct file_bytes file = {0};
    size_t limit = look_text(look, PARAM_CONTAINS) != NULL ? LIMIT_HTTP_BYTES : LIMIT_TEXT_BYTES;
    if (!host_file_read(host, path, limit, &file, &err)) {
        look->cells[FILE_TEXT] = cell_failed(look->arena, &err);
        look->cells[FILE_CONTAINS_TEXT] = look->cells[FILE_TEXT];
        return;
    }
    if (file.exists) {
        const struct outside outside = {.bytes = file.bytes, .size = file.size, .page = PORT_PAGE_OEM};
        const struct decoded content = decode_text(look->arena, &outside);
        look->cells[FILE_TEXT] = whole_text(look->arena, &file, &content);
        look->cells[FILE_CONTAINS_TEXT] = contains_text(look, &file, &content);
    }
}

static bool file_look(struct look *look, struct host *host, struct err *err)
{
    const char *path = look_text(look, PARAM_PATH);
    struct file_facts facts = {0};
    if (!host_file_query(host, path, &facts, err)) {
        return false;
    }
    look->cells[FILE_EXISTS] = value_bool(facts.exists);
    if (!facts.exists) {
        return true;
    }
    look->cells[FILE_FORM] = value_text(file_form_names[facts.form]);
    look->cells[FILE_SIZE_BYTES] = value_int(facts.size_bytes);
    look->cells[FILE_CREATED_AT] = value_int(facts.created_at);
    look->cells[FILE_CHANGED_AT] = value_int(facts.changed_at);
    if (facts.form == FILE_IS_REGULAR) {
        read_content(look, host, path);
    }
    return true;
}

static bool file_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const char *path = wanted->params[PARAM_PATH].as.text;
    if (!wanted_bool(&wanted->cells[FILE_EXISTS], true)) {
        return host_file_delete(host, path, err);
    }
    const char *text = wanted_text(&wanted->cells[FILE_TEXT]);
    if (text == NULL) {
        return err_set(err, ERR_INVALID, 0, "%s: no text to write", path);
    }
    return host_file_write(host, path, text, strlen(text), err);
}

const struct kind kind_file = {
    .name = "file",
    .about = "a file or folder of the machine",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_FILE),
    .changes = NOUN_BIT(NOUN_FILE),
    .memory_bytes = LIMIT_LOOK_BYTES,
    .example = "{\"path\": \"C:\\\\note.txt\"}",
    .example_step = "{\"path\": \"C:\\\\note.txt\", \"text\": \"hello\"}",
    .look = file_look,
    .set = file_set,
};
