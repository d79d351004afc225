/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/hex.h"
#include "host/nouns/file/file.h"
#include "host/op_state.h"
#include "host/restore.h"
#include "json/fields.h"

const char *const file_form_names[] = {"regular", "folder", "other", NULL};

bool host_file_query(struct host *host, const char *path, struct file_facts *ret_facts, struct err *err)
{
    return gate_look(host, host->ops->file->query != NULL, "files", err) &&
           host->ops->file->query(host->backend, path, host->arena, ret_facts, err);
}

bool host_file_read_into(struct host *host, const char *path, size_t limit, struct arena *arena,
                         struct file_bytes *ret_bytes, struct err *err)
{
    return gate_look(host, host->ops->file->read != NULL, "files", err) &&
           host->ops->file->read(host->backend, path, limit, arena, ret_bytes, err);
}

bool host_file_read(struct host *host, const char *path, size_t limit, struct file_bytes *ret_bytes, struct err *err)
{
    return host_file_read_into(host, path, limit, host->arena, ret_bytes, err);
}

bool host_file_list_into(struct host *host, const char *folder, struct arena *arena, struct file_names *ret_names,
                         struct err *err)
{
    return gate_look(host, host->ops->file->list != NULL, "files", err) &&
           host->ops->file->list(host->backend, folder, arena, ret_names, err);
}

bool host_file_list(struct host *host, const char *folder, struct file_names *ret_names, struct err *err)
{
    return host_file_list_into(host, folder, host->arena, ret_names, err);
}

bool host_file_security(struct host *host, const char *path, struct file_security *ret_security, struct err *err)
{
    return gate_look(host, host->ops->file->security != NULL, "who may use a file", err) &&
           host->ops->file->security(host->backend, path, host->arena, ret_security, err);
}

static const char *file_state(struct arena *arena, const struct file_bytes *content)
{
    return content->exists ? arena_format(arena, "{\"hex\":\"%s\"}", hex_encode(arena, content->bytes, content->size))
                           : "null";
}

static const char *content_shown(struct arena *arena, const struct file_bytes *content)
{
    return content->exists ? arena_format(arena, "%zu bytes", content->size) : NULL;
}

static struct change file_change(struct host *host, const char *verb, const char *path, const struct file_bytes *before,
                                 const struct file_bytes *after)
{
    return (struct change){.noun = NOUN_FILE,
                           .class = OP_REVERSIBLE,
                           .verb = verb,
                           .target = arena_text(host->arena, path),
                           .before = file_state(host->arena, before),
                           .after = file_state(host->arena, after),
                           .shown_before = content_shown(host->arena, before),
                           .shown_after = content_shown(host->arena, after)};
}

bool host_file_write(struct host *host, const char *path, const void *bytes, size_t size, struct err *err)
{
    struct file_bytes before = {0};
    if (!host_file_read(host, path, GATE_KEPT_BYTES, &before, err)) {
        return false;
    }
    if (size > GATE_KEPT_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "write %s: more than %d bytes", path, (int)GATE_KEPT_BYTES);
    }
    struct file_bytes after = {.exists = true, .bytes = bytes, .size = size};
    if (before.exists && before.size == size && (size == 0 || memcmp(before.bytes, bytes, size) == 0)) {
        return true;
    }
    struct change change = file_change(host, "write", path, &before, &after);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED ||
           gate_end(host, op, host->ops->file->write(host->backend, path, bytes, size, err), err);
}

bool host_file_delete(struct host *host, const char *path, struct err *err)
{
    struct file_bytes before = {0};
    struct file_bytes after = {0};
    if (!host_file_read(host, path, GATE_KEPT_BYTES, &before, err)) {
        return false;
    }
    if (!before.exists) {
        return true;
    }
    struct change change = file_change(host, "delete", path, &before, &after);
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED || gate_end(host, op, host->ops->file->remove(host->backend, path, err), err);
}

bool host_file_rename(struct host *host, const char *path, const char *to, enum op_class class, struct err *err)
{
    struct change change = {.noun = NOUN_FILE,
                            .class = class,
                            .verb = "rename",
                            .target = arena_text(host->arena, path),
                            .before = gate_json_text(host->arena, path),
                            .after = gate_json_text(host->arena, to),
                            .shown_before = arena_text(host->arena, path),
                            .shown_after = arena_text(host->arena, to)};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    return op->outcome == OP_PLANNED || gate_end(host, op, host->ops->file->rename(host->backend, path, to, err), err);
}

/* --- the way back --- */

static bool is_no_content(struct host *host, const char *path, const struct err *why)
{
    struct file_facts facts = {0};
    struct err unseen = {0};
    return why->code == ERR_LIMIT ||
           (host_file_query(host, path, &facts, &unseen) && facts.exists && facts.form != FILE_IS_REGULAR);
}

/* A file that has grown over its bound, or stands no longer as a file, is another one. */
static bool content_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    struct file_bytes content = {0};
    struct err unread = {0};
    if (host_file_read(host, op->target, GATE_KEPT_BYTES, &content, &unread)) {
        *ret_state = file_state(host->arena, &content);
        return true;
    }
    if (is_no_content(host, op->target, &unread)) {
        *ret_state = op_state_other;
        return true;
    }
    *err = unread;
    return false;
}

static bool content_restore(struct host *host, const struct op *op, struct err *err)
{
    struct content_state state = {0};
    const uint8_t *bytes = NULL;
    size_t size = 0;
    bool exists = false;
    if (!op_state_decode(host, op, &op_state_content_fields, &state, &exists, err)) {
        return false;
    }
    if (!exists) {
        return host_file_delete(host, op->target, err);
    }
    return hex_decode(host->arena, state.hex, &bytes, &size) ? host_file_write(host, op->target, bytes, size, err)
                                                             : op_state_refuse(op, err);
}

/* The states of a rename are the two paths. */
static bool path_of(struct host *host, const struct op *op, const char *state, const char **ret_path, struct err *err)
{
    const struct json *json = NULL;
    if (!op_state_load(host, state, &json, err) || json->type != JSON_TEXT) {
        return op_state_refuse(op, err);
    }
    *ret_path = json->as.text;
    return true;
}

/* Where the file is; under both names or under none: neither state. */
static bool place_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const char *before = NULL;
    const char *after = NULL;
    struct file_facts there = {0};
    struct file_facts here = {0};
    if (!path_of(host, op, op->before, &before, err) || !path_of(host, op, op->after, &after, err) ||
        !host_file_query(host, before, &there, err) || !host_file_query(host, after, &here, err)) {
        return false;
    }
    *ret_state = there.exists == here.exists ? op_state_other : there.exists ? op->before : op->after;
    return true;
}

static bool place_restore(struct host *host, const struct op *op, struct err *err)
{
    const char *before = NULL;
    const char *after = NULL;
    return path_of(host, op, op->before, &before, err) && path_of(host, op, op->after, &after, err) &&
           (text_same(before, op->target) && gate_is_target(&file_gate, after)
                ? host_file_rename(host, after, before, OP_REVERSIBLE, err)
                : op_state_refuse(op, err));
}

/* "C:\\...", "%SystemRoot%\\...": with a drive or a folder of the system, without a stream. */
static bool is_target(const char *target)
{
    bool has_drive = ((target[0] | 0x20) >= 'a' && (target[0] | 0x20) <= 'z') && target[1] == ':' && target[2] == '\\';
    const char *rest = has_drive ? target + 3 : target;
    return (has_drive || target[0] == '%') && strpbrk(rest, ":/*?\"<>|") == NULL && gate_is_chain(rest);
}

static const struct way_back ways[] = {
    {{"write", "delete"}, content_state, content_restore},
    {{"rename"}, place_state, place_restore},
};
const struct noun_gate file_gate = {ways, COUNT_OF(ways), is_target};
