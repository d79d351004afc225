/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/record/entries.h"

enum { RESERVE_BYTES = 24 * 1024 * 1024 }; /* for the writing of what was kept */

struct recorder *recorder_open(struct arena *arena)
{
    struct recorder *recorder = arena_alloc(arena, sizeof *recorder);
    recorder->arena = arena;
    return recorder;
}

void recorder_begin(struct recorder *recorder, const struct host_ops *ops, void *backend)
{
    recorder->inner = ops;
    recorder->backend = backend;
    recorder->pass++;
    recorder->pending.count = 0;
    recorder->began_ms = ops->clock->now_ms(backend);
    recorder->utc_ms = recorder->pass == 1 ? ops->clock->utc_ms(backend) : recorder->utc_ms;
}

void recorder_begin_look(struct recorder *recorder)
{
    recorder->asked_ms = recorder->inner->clock->now_ms(recorder->backend);
}

bool recorder_lacks(struct err *err, const char *noun)
{
    return err_set(err, ERR_UNSUPPORTED, 0, "%s: not available on this machine", noun);
}

bool recorder_has_room(struct recorder *recorder, size_t size)
{
    recorder->is_cut = recorder->is_cut || !arena_has(recorder->arena, RESERVE_BYTES + size);
    return !recorder->is_cut;
}

void telling_begin(struct telling *telling)
{
    buf_init(&telling->buf, LIMIT_MACHINE_BYTES);
    writer_init(&telling->writer, &telling->buf, WRITER_ONE_LINE);
    telling->writer.secrets = WRITER_KEEP;
}

void telling_drop(struct telling *telling)
{
    buf_clear(&telling->buf);
}

static const char *folded(struct arena *arena, const char *name)
{
    char *copy = arena_text(arena, name);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
    }
    return copy;
}

struct entry *entries_find(struct recorder *recorder, const struct entries *entries, const char *name)
{
    size_t mark = arena_mark(recorder->arena);
    struct entry *entry = map_find(&entries->index, folded(recorder->arena, name));
    arena_release(recorder->arena, mark);
    return entry;
}

struct entry *recorder_reserve(struct recorder *recorder, struct entries *entries, const char *name, size_t *ret_index)
{
    struct entry *entry = entries_find(recorder, entries, name);
    bool is_over = entry != NULL && (entry->pass != recorder->pass || recorder->pass > 1);
    if (is_over || !recorder_has_room(recorder, LIMIT_TEXT_BYTES)) {
        return NULL;
    }
    if (entry == NULL) {
        entry = arena_alloc(recorder->arena, sizeof *entry);
        entry->name = arena_text(recorder->arena, name);
        entry->pass = recorder->pass;
        map_set(recorder->arena, &entries->index, folded(recorder->arena, name), entry);
        *(struct entry **)arena_push(recorder->arena, &entries->all, sizeof entry) = entry;
    }
    *ret_index = entry->answers.count;
    (void)arena_push(recorder->arena, &entry->answers, sizeof(char *));
    return entry;
}

/* The same answer as the one before is kept once. */
void recorder_fill(struct recorder *recorder, struct entry *entry, size_t index, struct telling *telling)
{
    const char **answers = entry->answers.items;
    const char *last = index > 0 ? answers[index - 1] : NULL;
    const char *answer = buf_string(&telling->buf);
    if (telling->buf.failed || !recorder_has_room(recorder, telling->buf.size)) {
        recorder->is_cut = true;
        return;
    }
    answers[index] = text_same(last, answer) ? last : arena_text(recorder->arena, answer);
}

void recorder_keep(struct recorder *recorder, struct entries *entries, const char *name, struct telling *telling)
{
    size_t index = 0;
    struct entry *entry = recorder_reserve(recorder, entries, name, &index);
    if (entry != NULL) {
        recorder_fill(recorder, entry, index, telling);
    }
}

struct key_entry *recorder_key(struct recorder *recorder, const char *name)
{
    const char *index = folded(recorder->arena, name);
    struct key_entry *key = map_find(&recorder->keys, index);
    if (key == NULL) {
        key = arena_alloc(recorder->arena, sizeof *key);
        key->name = arena_text(recorder->arena, name);
        map_set(recorder->arena, &recorder->keys, index, key);
        *(struct key_entry **)arena_push(recorder->arena, &recorder->key_list, sizeof key) = key;
    }
    return key;
}

struct file_entry *recorder_file(struct recorder *recorder, const char *path)
{
    const char *full = sim_file_path(recorder->arena, path);
    if (full == NULL) {
        return NULL;
    }
    const char *index = folded(recorder->arena, full);
    struct file_entry *file = map_find(&recorder->files, index);
    if (file == NULL) {
        file = arena_alloc(recorder->arena, sizeof *file);
        file->name = arena_text(recorder->arena, path);
        map_set(recorder->arena, &recorder->files, index, file);
        *(struct file_entry **)arena_push(recorder->arena, &recorder->file_list, sizeof file) = file;
    }
    return file;
}

struct channel_entry *recorder_channel(struct recorder *recorder, const char *name)
{
    const char *index = folded(recorder->arena, name);
    struct channel_entry *channel = map_find(&recorder->channels, index);
    if (channel == NULL) {
        channel = arena_alloc(recorder->arena, sizeof *channel);
        channel->name = arena_text(recorder->arena, name);
        map_set(recorder->arena, &recorder->channels, index, channel);
        *(struct channel_entry **)arena_push(recorder->arena, &recorder->channel_list, sizeof channel) = channel;
    }
    return channel;
}

void recorder_keep_signed(struct recorder *recorder, const char *number, const void *bytes, size_t size)
{
    const struct signed_bytes *known = recorder->signed_list.items;
    for (size_t i = 0; i < recorder->signed_list.count; i++) {
        if (text_same(known[i].number, number)) {
            return;
        }
    }
    if (recorder_has_room(recorder, size + LIMIT_TEXT_BYTES)) {
        *(struct signed_bytes *)arena_push(recorder->arena, &recorder->signed_list, sizeof *known) =
            (struct signed_bytes){.number = arena_text(recorder->arena, number),
                                  .bytes = arena_copy(recorder->arena, bytes, size),
                                  .size = size};
    }
}

static void keep_failure(struct recorder *recorder, const char *look, const struct err *err)
{
    struct telling telling AUTO(telling_drop);
    telling_begin(&telling);
    writer_open_object(&telling.writer);
    writer_named_text(&telling.writer, "look", look);
    writer_named_text(&telling.writer, "error", err_code_name(err->code));
    if (err->os != 0) {
        writer_named_int(&telling.writer, "os", err->os);
    }
    if (err->code == ERR_TIMEOUT) {
        int64_t now_ms = recorder->inner->clock->now_ms(recorder->backend);
        writer_named_int(&telling.writer, "ms", now_ms - recorder->asked_ms);
    }
    writer_close_object(&telling.writer);
    if (entries_find(recorder, &recorder->failures, look) == NULL) {
        recorder_keep(recorder, &recorder->failures, look, &telling);
    }
}

bool recorder_note(struct recorder *recorder, bool made, const struct err *err, const char *format, ...)
{
    va_list arguments;
    if (!recorder_has_room(recorder, 4 * (size_t)LIMIT_TEXT_BYTES)) {
        return made;
    }
    va_start(arguments, format);
    const char *look = folded(recorder->arena, arena_vformat(recorder->arena, format, arguments));
    va_end(arguments);
    if (made) {
        map_set(recorder->arena, &recorder->done, look, recorder);
    } else if (err->code != ERR_UNSCRIPTED && err->code != ERR_MEMORY) {
        keep_failure(recorder, look, err);
    }
    return made;
}
