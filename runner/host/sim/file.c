/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/sim/sim_private.h"

/* --- looking --- */

static bool unlisted(struct sim *sim, const struct sim_place *place, struct err *err)
{
    return sim_unlisted(sim, err, "file %s", place->path);
}

static struct file_facts facts_of(const struct sim_place *place)
{
    if (place->knowledge == SIM_ABSENT || (place->knowledge == SIM_LISTED && !place->file->node.exists)) {
        return (struct file_facts){0};
    }
    struct file_facts facts = {.exists = true, .form = FILE_IS_FOLDER};
    if (place->knowledge == SIM_LISTED) {
        facts.form = place->file->form;
        facts.size_bytes = place->file->size;
        facts.created_at = place->file->created_at;
        facts.changed_at = place->file->changed_at;
    }
    return facts;
}

static bool query(struct sim *sim, const struct sim_place *place, struct file_facts *ret_facts, struct err *err)
{
    if (place->real != NULL) {
        *ret_facts = place->facts;
        return true;
    }
    bool is_guessed = place->knowledge == SIM_IMPLIED || place->knowledge == SIM_ABOVE ||
                      (place->knowledge == SIM_ABSENT && place->file->node.exists);
    if (place->knowledge == SIM_UNLISTED || (is_guessed && sim_is_recording(sim))) {
        return unlisted(sim, place, err);
    }
    *ret_facts = facts_of(place);
    return true;
}

static bool query_file(void *backend, const char *path, struct arena *arena, struct file_facts *ret_facts,
                       struct err *err)
{
    (void)arena;
    struct sim *sim = backend;
    struct sim_place place = {0};
    return sim_look(sim, err, SIM_LOOK_FILE, path) && sim_file_place(sim, path, &place, err) &&
           query(sim, &place, ret_facts, err);
}

static bool security(void *backend, const char *path, struct arena *arena, struct file_security *ret_security,
                     struct err *err)
{
    struct sim *sim = backend;
    struct sim_place place = {0};
    struct file_facts facts = {0};
    if (!sim_look(sim, err, SIM_LOOK_SECURITY, path) || !sim_file_place(sim, path, &place, err) ||
        !query(sim, &place, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        *ret_security = (struct file_security){0};
        return true;
    }
    if (place.knowledge == SIM_LISTED && place.file->descriptor != NULL) {
        *ret_security = (struct file_security){
            .exists = true, .bytes = place.file->descriptor, .size = place.file->descriptor_size};
        return true;
    }
    if (sim_is_recording(sim)) {
        return sim_unlisted(sim, err, SIM_LOOK_SECURITY, place.path);
    }
    if (place.knowledge != SIM_LISTED || place.file->acl == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "who may use %s: the document does not tell", place.path);
    }
    struct buf bytes AUTO(buf_clear);
    buf_init(&bytes, LIMIT_REGISTRY_BYTES);
    sim_file_descriptor(&bytes, arena, place.file->acl);
    *ret_security = (struct file_security){
        .exists = true, .bytes = (const uint8_t *)arena_copy(arena, buf_whole(&bytes), bytes.size), .size = bytes.size};
    return true;
}

static bool read_real(const struct sim_place *place, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                      struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    if (!port_file_read(place->real, limit, &bytes, err)) {
        return false;
    }
    *ret_bytes = (struct file_bytes){
        .exists = true, .bytes = arena_copy(arena, buf_string(&bytes), bytes.size), .size = bytes.size};
    return true;
}

static bool read_listed(struct sim *sim, const struct sim_place *place, size_t limit, struct arena *arena,
                        struct file_bytes *ret_bytes, struct err *err)
{
    const struct sim_file *file = place->file;
    if (file->denied) {
        return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "read %s: access is denied", place->path);
    }
    if (!file->has_bytes) {
        return sim_unlisted(sim, err, "the content of file %s", place->path);
    }
    size_t size = (size_t)file->size;
    if (size > limit) {
        return err_set(err, ERR_LIMIT, 0, "read %s: more than %zu bytes", place->path, limit);
    }
    *ret_bytes = (struct file_bytes){.exists = true, .bytes = arena_copy(arena, file->bytes, size), .size = size};
    return true;
}

static bool read_bytes(struct sim *sim, const struct sim_place *place, size_t limit, struct arena *arena,
                       struct file_bytes *ret_bytes, struct err *err)
{
    struct file_facts facts = {0};
    if (!query(sim, place, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        *ret_bytes = (struct file_bytes){0};
        return true;
    }
    if (facts.form != FILE_IS_REGULAR) {
        return err_set(err, ERR_INVALID, 0, "read %s: not a regular file", place->path);
    }
    return place->real != NULL ? read_real(place, limit, arena, ret_bytes, err)
                               : read_listed(sim, place, limit, arena, ret_bytes, err);
}

bool sim_file_look(struct sim *sim, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                   struct err *err)
{
    struct sim_place place = {0};
    return sim_file_place(sim, path, &place, err) && read_bytes(sim, &place, limit, arena, ret_bytes, err);
}

static bool read_file(void *backend, const char *path, size_t limit, struct arena *arena, struct file_bytes *ret_bytes,
                      struct err *err)
{
    struct sim *sim = backend;
    return sim_look(sim, err, SIM_LOOK_CONTENT, path) && sim_file_look(sim, path, limit, arena, ret_bytes, err);
}

static bool list_recorded(struct sim *sim, const struct sim_place *place, struct file_names *ret_names, struct err *err)
{
    const struct field_texts *names = place->knowledge == SIM_LISTED ? place->file->names : NULL;
    if (names == NULL) {
        return sim_unlisted(sim, err, SIM_LOOK_NAMES, place->path);
    }
    *ret_names = (struct file_names){.exists = true, .items = names->items, .count = names->count};
    return true;
}

static bool list_folder(void *backend, const char *folder, struct arena *arena, struct file_names *ret_names,
                        struct err *err)
{
    struct sim *sim = backend;
    struct sim_place place = {0};
    struct file_facts facts = {0};
    if (!sim_look(sim, err, SIM_LOOK_NAMES, folder) || !sim_file_place(sim, folder, &place, err) ||
        !query(sim, &place, &facts, err)) {
        return false;
    }
    if (sim_is_recording(sim) && facts.exists) {
        return list_recorded(sim, &place, ret_names, err);
    }
    struct file_names names = {.exists = facts.exists};
    if (facts.exists && facts.form != FILE_IS_FOLDER) {
        return err_set(err, ERR_INVALID, 0, "list %s: not a folder", place.path);
    }
    if (facts.exists && place.real != NULL) {
        if (!port_folder_list(place.real, arena, &names.items, &names.count, err)) {
            return false;
        }
    } else if (facts.exists && place.knowledge == SIM_ABOVE) {
        return sim_unlisted(sim, err, "what folder %s holds", place.path);
    } else if (facts.exists) {
        sim_tree_children(&sim->tables[NOUN_FILE], place.path, arena, &names.items, &names.count);
    }
    *ret_names = names;
    return true;
}

/* --- changing --- */

static bool denied(const struct sim_place *place, const char *verb, struct err *err)
{
    return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "%s %s: access is denied", verb, place->path);
}

/* A file may be made at this place only in a folder that is there. A listed path vouches for its folder. */
static bool want_folder(struct sim *sim, const struct sim_place *place, struct err *err)
{
    const char *cut = strrchr(place->path, '\\');
    struct sim_place above = {0};
    struct file_facts facts = {0};
    if (place->knowledge == SIM_LISTED && place->real == NULL) {
        return true;
    }
    size_t length = (size_t)(cut - place->path);
    if (length < sizeof "C:") {
        return true;
    }
    if (!sim_file_place(sim, arena_copy(sim->arena, place->path, length), &above, err) ||
        !query(sim, &above, &facts, err)) {
        return false;
    }
    if (!facts.exists || facts.form != FILE_IS_FOLDER) {
        return err_set(err, ERR_NOT_FOUND, SIM_PATH_NOT_FOUND, "write %s: no such folder", place->path);
    }
    return true;
}

/* The node at a place of the document, made when there is none. */
static struct sim_file *node_at(struct sim *sim, const struct sim_place *place, const char *spelling)
{
    if (place->knowledge == SIM_LISTED) {
        return place->file;
    }
    struct sim_file *file = arena_alloc(sim->arena, sizeof *file);
    file->node.name = place->path;
    file->spelling = arena_text(sim->arena, spelling);
    sim_table_add(sim->arena, &sim->tables[NOUN_FILE], &file->node);
    return file;
}

static bool write_place(struct sim *sim, const struct sim_place *place, const char *spelling,
                        const struct file_bytes *bytes, struct err *err)
{
    if (place->real != NULL) {
        return port_file_replace(place->real, bytes->bytes, bytes->size, err);
    }
    int64_t now = sim_utc_ms(sim) / 1000;
    struct sim_file *file = node_at(sim, place, spelling);
    file->created_at = file->node.exists ? file->created_at : now;
    file->node.exists = true;
    file->form = FILE_IS_REGULAR;
    file->has_bytes = true;
    file->keeps_times = false;
    file->bytes = arena_copy(sim->arena, bytes->bytes, bytes->size);
    file->size = (int64_t)bytes->size;
    file->changed_at = now;
    return true;
}

/* Rights of the place itself, or of the nearest listed path above. */
static bool is_read_only(const struct sim_place *place)
{
    return place->real == NULL && place->file != NULL && place->file->read_only;
}

static bool write_file(void *backend, const char *path, const void *bytes, size_t size, struct err *err)
{
    struct sim *sim = backend;
    struct sim_place place = {0};
    struct file_facts facts = {0};
    if (!sim_enter(sim, err) || !sim_file_place(sim, path, &place, err) || !query(sim, &place, &facts, err) ||
        !want_folder(sim, &place, err)) {
        return false;
    }
    if (facts.exists && facts.form != FILE_IS_REGULAR) {
        return err_set(err, ERR_INVALID, 0, "write %s: not a regular file", place.path);
    }
    if (is_read_only(&place)) {
        return denied(&place, "write", err);
    }
    struct file_bytes content = {.exists = true, .bytes = bytes, .size = size};
    return write_place(sim, &place, path, &content, err) && sim_pass(sim, err);
}

static bool delete_place(const struct sim_place *place, struct err *err)
{
    if (place->real != NULL) {
        return port_file_remove(place->real, err);
    }
    if (is_read_only(place)) {
        return denied(place, "delete", err);
    }
    place->file->node.exists = false;
    return true;
}

static bool take_file(void *backend, const char *path, struct err *err)
{
    struct sim *sim = backend;
    struct sim_place place = {0};
    struct file_facts facts = {0};
    if (!sim_enter(sim, err) || !sim_file_place(sim, path, &place, err) || !query(sim, &place, &facts, err)) {
        return false;
    }
    if (!facts.exists) {
        return true;
    }
    if (facts.form == FILE_IS_FOLDER) {
        return err_set(err, ERR_INVALID, 0, "delete %s: it is a folder", place.path);
    }
    return delete_place(&place, err);
}

/* One listed file or folder to another path, as it is. */
static bool move_node(struct sim *sim, struct sim_file *from, const char *path, const char *spelling, struct err *err)
{
    struct sim_place place = {0};
    if (!sim_file_place(sim, path, &place, err)) {
        return false;
    }
    struct sim_file *to = node_at(sim, &place, spelling);
    struct sim_file moved = *from;
    moved.node = (struct sim_node){.name = to->node.name, .exists = true, .in_document = to->node.in_document};
    moved.spelling = to->spelling;
    moved.notation = to->notation;
    moved.before = to->before;
    *to = moved;
    from->node.exists = false;
    return true;
}

static bool move_below(struct sim *sim, const char *from, const char *to, struct err *err)
{
    size_t count = sim->tables[NOUN_FILE].items.count; /* what the loop adds has moved already */
    for (size_t i = 0; i < count; i++) {
        struct sim_file *file = (struct sim_file *)sim_table_at(&sim->tables[NOUN_FILE], i);
        if (!file->node.exists || !sim_tree_is_below(file->node.name, from)) {
            continue;
        }
        const char *path = arena_format(sim->arena, "%s%s", to, file->node.name + strlen(from));
        if (!move_node(sim, file, path, path, err)) {
            return false;
        }
    }
    return true;
}

static bool move_place(struct sim *sim, const struct sim_place *from, const struct sim_place *to, const char *spelling,
                       struct err *err)
{
    struct sim_file folder = {.node.exists = true, .form = FILE_IS_FOLDER};
    struct sim_file *moved = from->knowledge == SIM_LISTED ? from->file : &folder;
    enum file_form form = moved->form;
    return move_node(sim, moved, to->path, spelling, err) &&
           (form != FILE_IS_FOLDER || move_below(sim, from->path, to->path, err));
}

static bool copy_place(struct sim *sim, const struct sim_place *from, const struct sim_place *to, const char *spelling,
                       struct err *err)
{
    struct file_bytes bytes = {0};
    return read_bytes(sim, from, LIMIT_FILE_BYTES, sim->arena, &bytes, err) &&
           write_place(sim, to, spelling, &bytes, err) && sim_pass(sim, err) && delete_place(from, err);
}

static bool may_rename(struct sim *sim, const struct sim_place *from, const struct sim_place *to, struct err *err)
{
    struct file_facts source = {0};
    struct file_facts target = {0};
    if (!query(sim, from, &source, err) || !query(sim, to, &target, err) || !want_folder(sim, to, err)) {
        return false;
    }
    if (!source.exists) {
        return err_set(err, ERR_NOT_FOUND, SIM_PATH_NOT_FOUND, "rename %s: it does not exist", from->path);
    }
    if (target.exists) {
        return err_set(err, ERR_IO, SIM_ALREADY_EXISTS, "rename %s: %s exists", from->path, to->path);
    }
    if (is_read_only(from) || is_read_only(to)) {
        return denied(from, "rename", err);
    }
    return true;
}

static bool rename_file(void *backend, const char *path, const char *to, struct err *err)
{
    struct sim *sim = backend;
    struct sim_place source = {0};
    struct sim_place target = {0};
    if (!sim_enter(sim, err) || !sim_file_place(sim, path, &source, err) || !sim_file_place(sim, to, &target, err) ||
        !may_rename(sim, &source, &target, err)) {
        return false;
    }
    bool is_in_document = source.real == NULL && target.real == NULL;
    return (is_in_document ? move_place(sim, &source, &target, to, err) : copy_place(sim, &source, &target, to, err)) &&
           sim_pass(sim, err);
}

static bool delete_file(void *backend, const char *path, struct err *err)
{
    return take_file(backend, path, err) && sim_pass(backend, err);
}

const struct file_ops sim_file_ops = {
    .query = query_file,
    .read = read_file,
    .list = list_folder,
    .security = security,
    .write = write_file,
    .remove = delete_file,
    .rename = rename_file,
};
