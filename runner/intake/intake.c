/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/port.h"
#include "intake/beside.h"
#include "intake/embedded.h"
#include "intake/fetch.h"
#include "intake/texts.h"
#include "pack/pack.h"

#define TABLES "tables/"
#define TEXTS "texts/"
#define COMMON "common.json"

static const char *skip_blanks_back(const char *start, const char *at)
{
    while (at > start && strchr(" \t\r\n", at[-1]) != NULL) {
        at--;
    }
    return at;
}

/* Does the document say "member": "word" somewhere? A look at the bytes: reading the JSON is plan_load's work. */
static bool says(const char *bytes, const char *member, const char *word)
{
    size_t length = strlen(member);
    for (const char *found = strstr(bytes, word); found != NULL; found = strstr(found + 1, word)) {
        const char *colon = skip_blanks_back(bytes, found);
        if (colon == bytes || colon[-1] != ':') {
            continue;
        }
        const char *end = skip_blanks_back(bytes, colon - 1);
        if ((size_t)(end - bytes) >= length && memcmp(end - length, member, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Is there already one of this file name, or one that calls itself so? */
static bool holds(const struct intake *intake, const struct arena_list *sources, const char *name)
{
    const struct plan_source *items = sources->items;
    const char *member = sources == &intake->playbooks ? "\"id\"" : "\"table\"";
    const char *word = arena_format(intake->arena, "\"%.*s\"", (int)(strlen(name) - strlen(".json")), name);
    for (size_t i = 0; i < sources->count; i++) {
        bool is_given = items[i].document == NULL;
        if (text_same(texts_file_name(items[i].file), name) || (is_given && says(items[i].bytes, member, word))) {
            return true;
        }
    }
    return false;
}

static void add(struct intake *intake, struct arena_list *sources, struct plan_source source)
{
    struct plan_source *added = arena_push(intake->arena, sources, sizeof(*added));
    *added = source;
}

static void add_embedded(struct intake *intake, struct arena_list *sources, const struct embedded *file, bool selected)
{
    if (!holds(intake, sources, file->name)) {
        size_t id_length = strlen(file->name) - strlen(".json");
        struct plan_source source = {.file = file->name,
                                     .document = file->document,
                                     .selected = selected,
                                     .sha256 = embedded_sha256(file->name),
                                     .id = arena_copy(intake->arena, file->name, id_length)};
        if (sources == &intake->playbooks) {
            source.is_common = text_same(file->name, COMMON);
            texts_of_embedded(source.id, intake->arena, source.texts);
        }
        add(intake, sources, source);
    }
}

static bool count_file(struct intake *intake, struct err *err)
{
    return ++intake->file_count <= LIMIT_PLAYBOOK_FILES ||
           err_set(err, ERR_LIMIT, 0, "more than %d files of playbooks, their texts and tables", LIMIT_PLAYBOOK_FILES);
}

/* Bytes that live in the arena. */
static bool add_bytes(struct intake *intake, struct arena_list *sources, struct plan_source source, struct err *err)
{
    if (source.size > LIMIT_PLAYBOOK_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "%s: more than %d bytes", source.file, LIMIT_PLAYBOOK_BYTES);
    }
    source.is_common = sources == &intake->playbooks && text_same(texts_file_name(source.file), COMMON);
    source.selected = !source.is_common;
    add(intake, sources, source);
    return count_file(intake, err);
}

/* Bytes on the heap, which change their owner. */
static bool add_buf(struct intake *intake, struct arena_list *sources, const char *path, struct buf *bytes,
                    struct err *err)
{
    struct buf *kept = arena_push(intake->arena, &intake->bytes, sizeof(*kept));
    *kept = *bytes;
    *bytes = (struct buf){0};
    return add_bytes(
        intake, sources,
        (struct plan_source){.file = arena_text(intake->arena, path), .bytes = buf_string(kept), .size = kept->size},
        err);
}

static bool add_file(struct intake *intake, struct arena_list *sources, const char *path, struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    buf_init(&bytes, LIMIT_PLAYBOOK_BYTES);
    return port_file_read(path, LIMIT_PLAYBOOK_BYTES, &bytes, err) && add_buf(intake, sources, path, &bytes, err);
}

/* --- folders --- */

static bool is_document(const char *name)
{
    return text_ends(name, ".json") && !text_ends(name, ".schema.json");
}

/* Every *.json of the folder; ret_found: how many. */
static bool add_files(struct intake *intake, struct arena_list *sources, const char *folder, size_t *ret_found,
                      struct err *err)
{
    const char *const *names = NULL;
    size_t count = 0;
    size_t found = 0;
    if (!port_folder_list(folder, intake->arena, &names, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_document(names[i])) {
            continue;
        }
        const char *path = arena_format(intake->arena, "%s%c%s", folder, port_separator, names[i]);
        if (!add_file(intake, sources, path, err)) {
            return false;
        }
        found++;
    }
    *ret_found = found;
    return true;
}

static bool add_folder(struct intake *intake, const char *folder, struct err *err)
{
    const char *texts = arena_format(intake->arena, "%s%ctexts", folder, port_separator);
    const char *tables = arena_format(intake->arena, "%s%ctables", folder, port_separator);
    const struct texts_beside beside = texts_begin(intake);
    size_t playbook_count = 0;
    size_t text_count = 0;
    size_t table_count = 0;
    if (!add_files(intake, &intake->playbooks, folder, &playbook_count, err) ||
        (port_is_folder(texts) && !add_files(intake, &intake->texts, texts, &text_count, err)) ||
        (port_is_folder(tables) && !add_files(intake, &intake->tables, tables, &table_count, err)) ||
        !texts_join(intake, &beside, err)) {
        return false;
    }
    if (playbook_count + table_count == 0) {
        return err_set(err, ERR_NOT_FOUND, 0, "%s: no playbook (*.json) in this folder", folder);
    }
    return !intake->wants_scenarios || beside_folder(intake, folder, err);
}

/* --- archives --- */

/* Length of the folder, with its '/', that all entries lie in: who zips a folder zips its name, too. */
static size_t outer_folder(const struct pack *pack)
{
    const char *first = pack->count > 0 ? pack->entries[0].name : "";
    size_t length = strcspn(first, "/");
    if (first[length] == '\0' || text_starts(first, TABLES) || text_starts(first, TEXTS)) {
        return 0;
    }
    for (size_t i = 1; i < pack->count; i++) {
        if (strncmp(pack->entries[i].name, first, length + 1) != 0) {
            return 0;
        }
    }
    return length + 1;
}

/* Where an entry belongs; NULL: what a folder's reader would leave out, too. */
static struct arena_list *place_of(struct intake *intake, const char *name)
{
    const struct {
        const char *folder;
        struct arena_list *list;
    } places[] = {{TABLES, &intake->tables}, {TEXTS, &intake->texts}, {"", &intake->playbooks}};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (text_starts(name, places[i].folder)) {
            const char *file = name + strlen(places[i].folder);
            return strchr(file, '/') == NULL && is_document(file) ? places[i].list : NULL;
        }
    }
    return NULL;
}

static bool add_archive(struct intake *intake, const char *shown, const char *bytes, size_t size, struct err *err)
{
    struct pack pack = {0};
    if (!pack_open(bytes, size, shown, intake->arena, &pack, err)) {
        return false;
    }
    size_t skipped = outer_folder(&pack);
    size_t before = intake->playbooks.count + intake->tables.count;
    const struct texts_beside beside = texts_begin(intake);
    for (size_t i = 0; i < pack.count; i++) {
        const struct pack_entry *entry = &pack.entries[i];
        struct arena_list *sources = place_of(intake, entry->name + skipped);
        const char *file = arena_format(intake->arena, "%s/%s", shown, entry->name);
        if (sources != NULL &&
            !add_bytes(intake, sources, (struct plan_source){.file = file, .bytes = entry->bytes, .size = entry->size},
                       err)) {
            return false;
        }
        if (intake->wants_scenarios && !beside_entry(intake, shown, entry->name + skipped, entry, err)) {
            return false;
        }
    }
    if (intake->playbooks.count + intake->tables.count == before) {
        return err_set(err, ERR_NOT_FOUND, 0, "%s: no playbook (*.json) in this archive", shown);
    }
    return texts_join(intake, &beside, err);
}

/* --- SHA-256 --- */

static bool check_sha256(const char *shown, const char *bytes, size_t size, const char *wanted, struct err *err)
{
    uint8_t digest[PORT_SHA256_BYTES];
    char hex[2 * PORT_SHA256_BYTES + 1];
    if (wanted == NULL) {
        return true;
    }
    if (!port_sha256(bytes, size, digest, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(digest); i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    return text_equal(hex, wanted) || err_set(err, ERR_INVALID, 0, "%s: its SHA-256 is %s, not %s", shown, hex, wanted);
}

static bool allow_no_sha256(const struct intake_request *request, const char *name, struct err *err)
{
    return request->sha256 == NULL ||
           err_set(err, ERR_INVALID, 0, "--sha256 is for a file, an archive or a URL, and %s is none of them", name);
}

/* --- one name --- */

static bool add_url(struct intake *intake, const struct intake_request *request, const char *url, struct err *err)
{
    struct fetched fetched = {0};
    const char *shown = fetch_shown(url, intake->arena);
    if (request->sha256 == NULL) {
        return err_set(err, ERR_INVALID, 0, "--playbook %s: a URL needs --sha256", shown);
    }
    if (!fetch(url, request->timeout_ms, intake->arena, &fetched, err)) {
        return err_context(err, "--playbook %s", shown);
    }
    if (!check_sha256(shown, fetched.bytes, fetched.size, request->sha256, err)) {
        return false;
    }
    const struct plan_source source = {.file = shown, .bytes = fetched.bytes, .size = fetched.size};
    return pack_is_archive(fetched.bytes, fetched.size) ? add_archive(intake, shown, fetched.bytes, fetched.size, err)
                                                        : add_bytes(intake, &intake->playbooks, source, err);
}

static bool read_named(const char *path, struct buf *bytes, struct err *err)
{
    buf_init(bytes, LIMIT_PLAYBOOK_BYTES);
    if (port_file_read(path, LIMIT_PLAYBOOK_BYTES, bytes, err)) {
        return true;
    }
    return err->code == ERR_NOT_FOUND
               ? err_set(err, ERR_NOT_FOUND, err->os,
                         "--playbook %s: neither a built-in playbook (azmend list) nor a file or folder", path)
               : err_context(err, "--playbook");
}

static bool add_named_file(struct intake *intake, const struct intake_request *request, const char *path,
                           struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    if (!read_named(path, &bytes, err) || !check_sha256(path, buf_string(&bytes), bytes.size, request->sha256, err)) {
        return false;
    }
    return pack_is_archive(buf_string(&bytes), bytes.size)
               ? add_archive(intake, path, buf_string(&bytes), bytes.size, err)
               : add_buf(intake, &intake->playbooks, path, &bytes, err);
}

static bool add_named(struct intake *intake, const struct intake_request *request, const char *name, struct err *err)
{
    const struct embedded *built_in = embedded_find(embedded_playbooks, name);
    if (built_in != NULL && !text_ends(name, ".json")) {
        add_embedded(intake, &intake->playbooks, built_in, true);
        return allow_no_sha256(request, name, err);
    }
    if (strstr(name, "://") != NULL) {
        return add_url(intake, request, name, err);
    }
    if (port_is_folder(name)) {
        return allow_no_sha256(request, name, err) && add_folder(intake, name, err);
    }
    return add_named_file(intake, request, name, err);
}

/* NULL: the system gives none. */
static const char *digest_of(const struct intake *intake, const struct plan_source *source)
{
    uint8_t digest[PORT_SHA256_BYTES];
    struct err err = {0};
    return port_sha256(source->bytes, source->size, digest, &err) ? hex_encode(intake->arena, digest, sizeof(digest))
                                                                  : NULL;
}

static void add_digests(struct intake *intake)
{
    struct plan_source *sources = intake->playbooks.items;
    for (size_t i = 0; i < intake->playbooks.count; i++) {
        if (sources[i].document == NULL) {
            sources[i].sha256 = digest_of(intake, &sources[i]);
        }
    }
}

/* Never searched for: who may put a file beside a playbook must not be able to name a KMS host. */
static bool add_clouds(struct intake *intake, const struct intake_request *request, struct err *err)
{
    struct plan_source source = {
        .file = request->clouds_file, .has_clouds = true, .document = request->clouds_document};
    if (request->clouds_document != NULL) {
        add(intake, &intake->tables, source);
    }
    if (request->clouds == NULL) {
        return true;
    }
    struct buf *bytes = arena_push(intake->arena, &intake->bytes, sizeof(*bytes));
    buf_init(bytes, LIMIT_CLOUDS_BYTES);
    if (!port_file_read(request->clouds, LIMIT_CLOUDS_BYTES, bytes, err)) {
        return err_context(err, "--clouds");
    }
    source = (struct plan_source){
        .file = request->clouds, .has_clouds = true, .bytes = buf_string(bytes), .size = bytes->size};
    source.sha256 = digest_of(intake, &source);
    add(intake, &intake->tables, source);
    return true;
}

static bool any_selected(const struct arena_list *sources)
{
    const struct plan_source *items = sources->items;
    for (size_t i = 0; i < sources->count; i++) {
        if (items[i].selected) {
            return true;
        }
    }
    return false;
}

bool intake_collect(const struct intake_request *request, struct arena *arena, struct intake *ret_intake,
                    struct err *err)
{
    struct intake intake AUTO(intake_clear) = {.arena = arena, .wants_scenarios = request->wants_scenarios};
    for (size_t i = 0; i < request->count; i++) {
        if (!add_named(&intake, request, request->names[i], err)) {
            return false;
        }
    }
    bool runs_all = !any_selected(&intake.playbooks);
    for (const struct embedded *file = embedded_playbooks; file->name != NULL; file++) {
        add_embedded(&intake, &intake.playbooks, file, runs_all);
    }
    add_embedded(&intake, &intake.playbooks, &embedded_common[0], false);
    for (const struct embedded *file = embedded_tables; file->name != NULL; file++) {
        add_embedded(&intake, &intake.tables, file, true);
    }
    if (!add_clouds(&intake, request, err)) {
        return false;
    }
    if (request->wants_digests) {
        add_digests(&intake);
    }
    *ret_intake = intake;
    intake = (struct intake){0};
    return true;
}

void intake_clear(struct intake *intake)
{
    struct buf *bytes = intake->bytes.items;
    for (size_t i = 0; i < intake->bytes.count; i++) {
        buf_clear(&bytes[i]);
    }
    *intake = (struct intake){0};
}
