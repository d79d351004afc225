/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

struct notation {
    const char *text, *hex, *created, *changed, *security;
    int64_t size;
    bool folder, other, denied, read_only;
    const struct json *acl;
    struct field_texts names;
};

#define TEXT(name, member, most, text) TEXT_FIELD(name, struct notation, member, 0, 0, most, text)
#define FLAG(name, member, text) BOOL_FIELD(name, struct notation, member, 0, text)

static const struct field items[] = {
    TEXT("text", text, LIMIT_FILE_BYTES, "content"),
    TEXT("hex", hex, 2 * (int64_t)LIMIT_FILE_BYTES, "content that is no text"),
    INT_FIELD("size", struct notation, size, 0, 0, INT64_MAX, "length only; the content is not known"),
    FLAG("folder", folder, "a folder: below it is exactly what is listed"),
    FLAG("other", other, "a link, device or pipe"),
    TEXT("createdAt", created, 0, "2026-01-15T08:00:00Z"),
    TEXT("changedAt", changed, 0, "2026-01-15T08:00:00Z"),
    FLAG("denied", denied, "reading is denied"),
    FLAG("readOnly", read_only, "writing is denied"),
    JSON_FIELD("acl", struct notation, acl, 0, NULL,
               "who has full control: a list of system, administrators, network_service, sppsvc or SIDs"),
    TEXT("security", security, 2 * (int64_t)LIMIT_REGISTRY_VALUE_BYTES, "its security descriptor as recorded, digits"),
    TEXTS_FIELD("names", struct notation, names, 0, 0, 0, "what a folder holds, as recorded"),
};
static const struct fields sim_file_fields = FIELDS("file", struct notation, items, "a file or folder");

/* Exactly one of these says what stands there. */
static const char *const contents[] = {"text", "hex", "size", "folder", "other"};

static bool load_time(const struct sim *sim, const struct json *json, const char *text, int64_t *time, struct err *err)
{
    return text == NULL || sim_clock_parse(text, time) ||
           json_refuse(json, sim->file, err, "expected times like 2026-01-15T08:00:00Z");
}

static bool load_content(const struct sim *sim, const struct json *json, const struct notation *notation,
                         struct sim_file *file, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(contents); i++) {
        count += json_find(json, contents[i]) != NULL ? 1 : 0;
    }
    bool is_false_form = count == 1 && (json_find(json, "folder") != NULL || json_find(json, "other") != NULL) &&
                         !notation->folder && !notation->other;
    if (count != 1 || is_false_form) {
        return json_refuse(json, sim->file, err, "expected one of text, hex, size, folder: true, other: true");
    }
    file->form = notation->folder ? FILE_IS_FOLDER : notation->other ? FILE_IS_OTHER : FILE_IS_REGULAR;
    file->size = notation->size;
    file->has_bytes = notation->text != NULL || notation->hex != NULL;
    if (notation->text != NULL) {
        file->bytes = notation->text;
        file->size = (int64_t)strlen(notation->text);
    } else if (notation->hex != NULL) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        if (!hex_decode(sim->arena, notation->hex, &bytes, &size)) {
            return json_refuse(json, sim->file, err, "expected pairs of hexadecimal digits in hex");
        }
        file->bytes = (const char *)bytes;
        file->size = (int64_t)size;
    }
    return true;
}

static bool load_notation(const struct sim *sim, const struct json *json, struct sim_file *file, struct err *err)
{
    struct notation notation = {0};
    if (!fields_decode(&sim_file_fields, json, sim->file, sim->arena, &notation, err)) {
        return false;
    }
    file->denied = notation.denied;
    file->read_only = notation.read_only;
    file->acl = notation.acl;
    if (notation.security != NULL &&
        !hex_decode(sim->arena, notation.security, &file->descriptor, &file->descriptor_size)) {
        return json_refuse(json, sim->file, err, "expected pairs of hexadecimal digits in security");
    }
    if (json_find(json, "names") != NULL) {
        struct field_texts *names = arena_alloc(sim->arena, sizeof *names);
        *names = notation.names;
        file->names = names;
    }
    return sim_file_acl_check(sim, notation.acl, err) && load_content(sim, json, &notation, file, err) &&
           load_time(sim, json, notation.created, &file->created_at, err) &&
           load_time(sim, json, notation.changed, &file->changed_at, err);
}

static bool load_file(struct sim *sim, const struct json *json, struct err *err)
{
    struct sim_file *file = arena_alloc(sim->arena, sizeof *file);
    const char *path = sim_file_path(sim->arena, json->name);
    if (path == NULL) {
        return json_refuse(json, sim->file, err, "expected a path with a drive, %%SystemRoot%% or %%ProgramData%%");
    }
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    *file = (struct sim_file){.node = {.name = path, .exists = !is_absent, .in_document = true},
                              .spelling = json->name,
                              .notation = json,
                              .keeps_times = true};
    if (!is_absent && !load_notation(sim, json, file, err)) {
        return false;
    }
    struct sim_file *before = arena_alloc(sim->arena, sizeof *before);
    *before = *file;
    file->before = before;
    return sim_add_member(sim, &sim->tables[NOUN_FILE], &file->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_file, err);
}

/* --- saving --- */

static bool is_as_before(const struct sim_file *now)
{
    const struct sim_file *before = now->before;
    if (before == NULL || before->node.exists != now->node.exists) {
        return false;
    }
    if (!now->node.exists) {
        return true;
    }
    if (now->keeps_times && before->created_at != now->created_at) {
        return false;
    }
    bool is_alike = before->form == now->form && before->size == now->size && before->has_bytes == now->has_bytes;
    return is_alike && (!now->has_bytes || memcmp(before->bytes, now->bytes, (size_t)now->size) == 0);
}

static bool is_text(const struct sim_file *file)
{
    size_t bad = 0;
    size_t size = (size_t)file->size;
    return memchr(file->bytes, '\0', size) == NULL && text_is_utf8(file->bytes, size, &bad);
}

static void write_content(const struct sim_file *file, struct writer *writer, struct arena *arena)
{
    if (file->form != FILE_IS_REGULAR) {
        writer_named_bool(writer, file->form == FILE_IS_FOLDER ? "folder" : "other", true);
    } else if (!file->has_bytes) {
        writer_named_int(writer, "size", file->size);
    } else if (is_text(file)) {
        writer_named_text(writer, "text", arena_copy(arena, file->bytes, (size_t)file->size));
    } else {
        writer_named_text(writer, "hex", hex_encode(arena, file->bytes, (size_t)file->size));
    }
}

static void write_time(struct writer *writer, const char *name, int64_t seconds, struct arena *arena)
{
    if (seconds != 0) {
        writer_named_text(writer, name, clock_format_utc(arena, seconds * 1000));
    }
}

void sim_tell_file(struct writer *writer, const struct sim_told_file *told, struct arena *arena)
{
    const struct file_facts *facts = told->facts;
    const struct file_bytes *bytes = told->bytes;
    if (!facts->exists) {
        writer_bool(writer, false);
        return;
    }
    struct sim_file file = {.form = facts->form, .size = facts->size_bytes};
    if (bytes != NULL && bytes->exists) {
        file.has_bytes = true;
        file.bytes = bytes->bytes;
        file.size = (int64_t)bytes->size;
    }
    writer_open_object(writer);
    write_content(&file, writer, arena);
    write_time(writer, "createdAt", facts->created_at, arena);
    write_time(writer, "changedAt", facts->changed_at, arena);
    if (told->security != NULL && told->security->exists) {
        writer_named_text(writer, "security", hex_encode(arena, told->security->bytes, told->security->size));
    }
    if (told->names != NULL && told->names->exists) {
        writer_name(writer, "names");
        writer_open_array(writer);
        for (size_t i = 0; i < told->names->count; i++) {
            writer_text(writer, told->names->items[i]);
        }
        writer_close_array(writer);
    }
    writer_close_object(writer);
}

static void write_file(const struct sim_file *file, struct writer *writer, struct arena *arena)
{
    writer_name(writer, file->spelling);
    if (!file->node.exists) {
        writer_bool(writer, false);
        return;
    }
    if (is_as_before(file)) {
        sim_write_object(writer, &sim_file_fields, file->notation, arena);
        return;
    }
    writer_open_object(writer);
    write_content(file, writer, arena);
    if (file->keeps_times) {
        write_time(writer, "createdAt", file->created_at, arena);
        write_time(writer, "changedAt", file->changed_at, arena);
    }
    if (file->denied) {
        writer_named_bool(writer, "denied", true);
    }
    if (file->read_only) {
        writer_named_bool(writer, "readOnly", true);
    }
    if (file->acl != NULL) {
        writer_name(writer, "acl");
        sim_write_json(writer, file->acl, arena);
    }
    writer_close_object(writer);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    writer_open_object(writer);
    struct sim_table files = sim_table_sorted(sim->arena, &sim->tables[NOUN_FILE]);
    for (size_t i = 0; i < files.items.count; i++) {
        const struct sim_file *file = (const struct sim_file *)sim_table_at(&files, i);
        if (file->node.exists || file->node.in_document) {
            write_file(file, writer, sim->arena);
        }
    }
    writer_close_object(writer);
}

const struct sim_section sim_file_section = {
    .field = SIM_BY_NAME(NOUN_FILE, "files", "files and folders by path: false, or an object"),
    .members = &sim_file_fields,
    .load = load_section,
    .write = write_section,
};

const struct sim_section sim_file_root_section = {
    .field = TEXT_FIELD("fileRoot", struct sim_document, file_root, 0, 0, 0,
                        "folder with the files that are not listed, relative to this document"),
};
