/* SPDX-License-Identifier: MIT */
#include "channel/run/pending.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/fields.h"
#include "json/writer.h"

#define FORMAT "azmend.pending/1"

enum { BOOT_ID_BYTES = 64 };

struct pending_document {
    const char *format, *boot_id;
    struct field_texts findings;
};

static const struct field rows[] = {
    TEXT_FIELD("pending", struct pending_document, format, FIELD_REQUIRED, 1, 32, FORMAT),
    TEXT_FIELD("bootId", struct pending_document, boot_id, FIELD_REQUIRED, 1, BOOT_ID_BYTES, "of the run's machine"),
    TEXTS_FIELD("findings", struct pending_document, findings, FIELD_REQUIRED, 1, LIMIT_PENDING, "PLAYBOOK.FINDING"),
};
static const struct fields fields = FIELDS("pending", struct pending_document, rows, "what waits for a restart");

struct pending pending_read(const char *bytes, size_t size, struct arena *arena)
{
    static const struct json_source source = {.file = STATE_PENDING, .limit = LIMIT_PENDING_BYTES};
    struct pending_document document = {0};
    const struct json *json = NULL;
    struct err err = {0};
    bool is_read = json_load(bytes, size, &source, arena, &json, &err) &&
                   fields_decode(&fields, json, STATE_PENDING, arena, &document, &err) &&
                   text_same(document.format, FORMAT);
    return is_read ? (struct pending){document.boot_id, document.findings.items, document.findings.count}
                   : (struct pending){0};
}

static struct pending read_it(const struct state *state, struct arena *arena)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    bool is_open = state != NULL && state->port != NULL;
    bool is_there = is_open && port_state_read(state->port, STATE_PENDING, LIMIT_PENDING_BYTES, &bytes, &err);
    return is_there ? pending_read(buf_string(&bytes), bytes.size, arena) : (struct pending){0};
}

void pending_open(const struct state *state, struct arena *arena, struct pending_file *ret_file)
{
    *ret_file = (struct pending_file){.state = state, .arena = arena, .now = read_it(state, arena)};
}

/* --- writing --- */

static void add(struct arena *arena, struct arena_list *ids, const char *id)
{
    *(const char **)arena_push(arena, ids, sizeof(char *)) = id;
}

static bool has(const struct arena_list *ids, const char *id)
{
    const char *const *items = ids->items;
    for (size_t i = 0; i < ids->count; i++) {
        if (text_same(items[i], id)) {
            return true;
        }
    }
    return false;
}

static bool is_over_in(const struct playbook_record *playbook, const char *finding_id)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        if (text_same(playbook->findings[i].finding->id, finding_id)) {
            return playbook->findings[i].state == FINDING_ABSENT;
        }
    }
    return true;
}

/* A run that asked its playbook saw nothing of it. One in doubt at the end of a fix still waits. */
static bool is_over(const struct record *record, const char *id)
{
    for (size_t i = 0; i < record->playbook_count; i++) {
        const char *playbook = record->playbooks[i].playbook->id;
        size_t length = strlen(playbook);
        if (strncmp(id, playbook, length) == 0 && id[length] == '.') {
            return is_over_in(&record->playbooks[i], id + length + 1);
        }
    }
    return false;
}

static void add_own(const struct playbook_record *playbook, struct arena *arena, struct arena_list *ids)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        const struct finding_record *finding = &playbook->findings[i];
        const char *id = arena_format(arena, "%s.%s", playbook->playbook->id, finding->finding->id);
        if (finding->state == FINDING_PENDING_REBOOT && !has(ids, id)) {
            add(arena, ids, id);
        }
    }
}

static void spell(struct buf *buf, const struct pending *pending)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP;
    writer_open_object(&writer);
    writer_name(&writer, "pending");
    writer_text(&writer, FORMAT);
    writer_name(&writer, "bootId");
    writer_text(&writer, pending->boot_id);
    writer_name(&writer, "findings");
    writer_open_array(&writer);
    for (size_t i = 0; i < pending->count; i++) {
        writer_text(&writer, pending->finding_ids[i]);
    }
    writer_close_array(&writer);
    writer_close_object(&writer);
    writer_finish(&writer);
}

static bool write_it(struct pending_file *file, const char *boot_id, const struct arena_list *ids, struct err *err)
{
    const struct pending pending = {boot_id, ids->items, ids->count};
    const struct port_state *port = file->state->port;
    struct buf bytes AUTO(buf_clear) = {0};
    if (pending.count > LIMIT_PENDING) {
        return err_set(err, ERR_LIMIT, 0, "more than %d findings wait for a restart", LIMIT_PENDING);
    }
    buf_init(&bytes, LIMIT_PENDING_BYTES);
    if (pending.count > 0) {
        spell(&bytes, &pending);
    }
    if (bytes.failed) {
        return err_set(err, ERR_MEMORY, 0, "no memory for what waits for a restart");
    }
    bool is_written = pending.count > 0 ? port_state_replace(port, STATE_PENDING, buf_string(&bytes), bytes.size, err)
                                        : port_state_remove(port, STATE_PENDING, err);
    file->now = is_written ? pending : file->now;
    return is_written;
}

/* What is kept of the time since this boot. */
static struct pending since_boot(const struct pending_file *file, const char *boot_id)
{
    bool is_same = boot_id != NULL && file->now.boot_id != NULL && text_same(boot_id, file->now.boot_id);
    return is_same ? file->now : (struct pending){0};
}

static bool note(void *context, const char *boot_id, const char *finding_id, struct err *err)
{
    struct pending_file *file = context;
    const struct pending earlier = since_boot(file, boot_id);
    struct arena_list ids = {0};
    for (size_t i = 0; i < earlier.count; i++) {
        add(file->arena, &ids, earlier.finding_ids[i]);
    }
    if (has(&ids, finding_id)) {
        return true;
    }
    add(file->arena, &ids, finding_id);
    return write_it(file, boot_id, &ids, err);
}

struct restart_sink pending_sink(struct pending_file *file)
{
    return (struct restart_sink){.note = note, .context = file};
}

bool pending_keep(struct pending_file *file, const struct record *record, struct err *err)
{
    const char *boot_id = record->machine.boot_id;
    const struct pending earlier = since_boot(file, boot_id);
    struct arena_list ids = {0};
    for (size_t i = 0; i < earlier.count; i++) {
        if (!is_over(record, earlier.finding_ids[i])) {
            add(file->arena, &ids, earlier.finding_ids[i]);
        }
    }
    for (size_t i = 0; boot_id != NULL && i < record->playbook_count; i++) {
        add_own(&record->playbooks[i], file->arena, &ids);
    }
    return write_it(file, boot_id, &ids, err);
}
