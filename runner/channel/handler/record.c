/* SPDX-License-Identifier: MIT */
#include "channel/handler/record.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/file/file.h"
#include "json/fields.h"

#define FORMAT "azmend.handled/1"
#define ALL "all"

enum { POLL_MS = 100, SHOW_TRIES = 8, SHOW_PAUSE_MS = 50, SMALL_BYTES = 4096 };

static bool keep_text(const struct handler_place *place, const char *name, const char *text, struct arena *arena,
                      struct err *err)
{
    return port_file_replace(handler_path(place->root, name, arena), text, strlen(text), err);
}

static bool drop(const struct handler_place *place, const char *name, struct arena *arena, struct err *err)
{
    return port_file_remove(handler_path(place->root, name, arena), err);
}

/* --- what was handled --- */

struct handled_document {
    const char *format;
    struct handled handled;
};

static const struct field rows[] = {
    TEXT_FIELD("handled", struct handled_document, format, FIELD_REQUIRED, 1, 32, FORMAT),
    INT_FIELD("sequence", struct handled_document, handled.sequence, FIELD_REQUIRED, 0, INT32_MAX, "number"),
    INT_FIELD("begun", struct handled_document, handled.begun, FIELD_REQUIRED, 0, INT32_MAX, "times"),
};
static const struct fields fields = FIELDS("handled", struct handled_document, rows, "what the handler has done");

struct handled handled_parse(const char *bytes, size_t size, struct arena *arena)
{
    static const struct json_source source = {.file = HANDLER_HANDLED, .limit = SMALL_BYTES};
    struct handled_document document = {0};
    const struct json *json = NULL;
    struct err err = {0};
    bool is_read = json_load(bytes, size, &source, arena, &json, &err) &&
                   fields_decode(&fields, json, HANDLER_HANDLED, arena, &document, &err);
    return is_read ? document.handled : (struct handled){.sequence = -1};
}

void handled_read(const struct handler_place *place, struct arena *arena, struct handled *ret_handled)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    bool is_there = port_file_read(handler_path(place->root, HANDLER_HANDLED, arena), SMALL_BYTES, &bytes, &err);
    *ret_handled = is_there ? handled_parse(buf_string(&bytes), bytes.size, arena) : (struct handled){.sequence = -1};
}

bool handled_begin(const struct handler_place *place, const struct handled *handled, struct arena *arena,
                   struct err *err)
{
    const char *text =
        arena_format(arena, "{\"handled\": \"" FORMAT "\", \"sequence\": %" PRId64 ", \"begun\": %" PRId64 "}\n",
                     handled->sequence, handled->begun);
    return drop(place, HANDLER_RESULT, arena, err) && keep_text(place, HANDLER_HANDLED, text, arena, err) &&
           keep_text(place, HANDLER_MRSEQ, arena_format(arena, "%" PRId64, handled->sequence), arena, err);
}

/* Whole, by the rules, and the last word on these settings. */
static bool read_result(const char *path, struct arena *arena, struct buf *ret_bytes)
{
    struct buf bytes AUTO(buf_clear) = {0};
    enum status_word word = STATUS_TRANSITIONING;
    struct err err = {0};
    if (!port_file_read(path, LIMIT_STATUS_BYTES, &bytes, &err) ||
        !status_lint(buf_string(&bytes), bytes.size, arena, &word, &err) ||
        (word != STATUS_ERROR && word != STATUS_SUCCESS)) {
        return false;
    }
    *ret_bytes = bytes;
    bytes = (struct buf){0};
    return true;
}

static bool is_last_by_agent(const struct handler_place *place, int64_t sequence, struct arena *arena)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    int64_t number = -1;
    return port_file_read(handler_path(place->root, HANDLER_MRSEQ, arena), SMALL_BYTES, &bytes, &err) &&
           text_to_int(buf_string(&bytes), &number) && number == sequence;
}

void handled_result(const struct handler_place *place, int64_t sequence, struct arena *arena, struct buf *ret_bytes)
{
    struct handled handled;
    *ret_bytes = (struct buf){0};
    handled_read(place, arena, &handled);
    if (handled.sequence == sequence) {
        (void)read_result(handler_path(place->root, HANDLER_RESULT, arena), arena, ret_bytes);
    } else if (handled.sequence < 0 && is_last_by_agent(place, sequence, arena)) {
        (void)read_result(handler_status_path(place, sequence, arena), arena, ret_bytes);
    }
}

/* --- showing --- */

/* Somebody may read it just now without letting others replace it: on Windows that is denied, not waited for. */
static bool replace_patiently(const char *path, const struct buf *status, struct err *err)
{
    int64_t pause_ms = SHOW_PAUSE_MS;
    for (int i = 1; !port_file_replace(path, buf_string(status), status->size, err); i++) {
        bool may_pass = err->code == ERR_BUSY || err->code == ERR_DENIED || err->code == ERR_IO;
        if (!may_pass || i == SHOW_TRIES) {
            return err_context(err, "status");
        }
        port_sleep_ms(pause_ms);
        pause_ms *= 2;
        *err = (struct err){0};
    }
    return true;
}

bool handler_show(const struct handler_place *place, int64_t sequence, const struct buf *status, struct arena *arena,
                  struct err *err)
{
    enum status_word word = STATUS_TRANSITIONING;
    if (!status_lint(buf_string(status), status->size, arena, &word, err)) {
        return false;
    }
    if (!port_is_folder(place->status) && !port_folder_create_private(place->status, err)) {
        return false;
    }
    return replace_patiently(handler_status_path(place, sequence, arena), status, err);
}

bool handler_conclude(const struct handler_place *place, int64_t sequence, const struct buf *status,
                      struct arena *arena, struct err *err)
{
    struct err unkept = {0};
    bool is_kept =
        port_file_replace(handler_path(place->root, HANDLER_RESULT, arena), buf_string(status), status->size, &unkept);
    if (!handler_show(place, sequence, status, arena, err)) {
        return false;
    }
    if (!is_kept) {
        *err = unkept;
    }
    return is_kept;
}

/* --- stopping --- */

bool handler_ask_stop(const struct handler_place *place, int64_t sequence, struct arena *arena, struct err *err)
{
    const char *whom = sequence == HANDLER_ALL ? ALL : arena_format(arena, "%" PRId64, sequence);
    return keep_text(place, HANDLER_STOP, whom, arena, err);
}

bool handler_unask_stop(const struct handler_place *place, struct arena *arena, struct err *err)
{
    return drop(place, HANDLER_STOP, arena, err);
}

bool handler_is_stopped(const struct handler_place *place, int64_t sequence, struct arena *arena)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    int64_t whom = HANDLER_ALL;
    if (!port_file_read(handler_path(place->root, HANDLER_STOP, arena), SMALL_BYTES, &bytes, &err)) {
        return false;
    }
    return text_same(buf_string(&bytes), ALL) || (text_to_int(buf_string(&bytes), &whom) && whom == sequence);
}

/* --- not to be ended --- */

bool handler_hold(const struct handler_place *place, int64_t left_ms, struct arena *arena, struct err *err)
{
    const char *text = arena_format(arena, "%" PRId64 " %" PRId64, port_process_id(), port_utc_ms() + left_ms);
    return keep_text(place, HANDLER_GROUP, text, arena, err);
}

/* A clock that was set meanwhile lets nobody wait for longer than such a thing may take. */
int64_t handler_held_ms(const struct handler_place *place, int64_t process, struct arena *arena)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    int64_t holder = 0, end_ms = 0;
    if (!port_file_read(handler_path(place->root, HANDLER_GROUP, arena), SMALL_BYTES, &bytes, &err)) {
        return 0;
    }
    const char *text = buf_string(&bytes);
    const char *blank = strchr(text, ' ');
    bool is_read = blank != NULL && text_to_int(arena_copy(arena, text, (size_t)(blank - text)), &holder) &&
                   text_to_int(blank + 1, &end_ms);
    int64_t left_ms = is_read && holder == process ? end_ms - port_utc_ms() : 0;
    left_ms = left_ms > LIMIT_REBUILD_MS ? LIMIT_REBUILD_MS : left_ms;
    return left_ms > 0 ? left_ms : 0;
}

/* --- the lock --- */

static int64_t process_of(const char *holder)
{
    const char *blank = holder == NULL ? NULL : strrchr(holder, ' ');
    int64_t id = 0;
    return blank != NULL && text_to_int(blank + 1, &id) && id > 1 ? id : 0;
}

bool handler_lock(const struct handler_place *place, int64_t patience_ms, struct arena *arena,
                  struct port_lock **ret_lock, int64_t *ret_process, struct err *err)
{
    const char *path = handler_path(place->root, HANDLER_LOCK, arena);
    const char *name = arena_format(arena, "handler, process %" PRId64, port_process_id());
    const int64_t end_ms = port_now_ms() + patience_ms;
    const char *holder = NULL;
    *ret_process = 0;
    for (size_t mark = arena_mark(arena);; arena_release(arena, mark)) {
        struct err failed = {0};
        if (port_lock_take(path, name, arena, ret_lock, &holder, &failed)) {
            return true;
        }
        *ret_process = failed.code == ERR_BUSY ? process_of(holder) : 0;
        if (failed.code != ERR_BUSY || port_now_ms() >= end_ms) {
            *err = failed;
            return false;
        }
        port_sleep_ms(POLL_MS);
    }
}
