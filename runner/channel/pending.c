/* SPDX-License-Identifier: MIT */
#include "channel/pending.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "channel/state.h"
#include "host/port.h"
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

static const char *path_in(const char *root, struct arena *arena)
{
    return arena_format(arena, "%s%c" STATE_PENDING, root, port_separator);
}

void pending_read(const char *root, struct arena *arena, struct pending *ret_pending)
{
    static const struct json_source source = {.file = STATE_PENDING, .limit = LIMIT_PENDING_BYTES};
    struct buf bytes AUTO(buf_clear) = {0};
    struct pending_document document = {0};
    const struct json *json = NULL;
    struct err err = {0};
    bool is_read = port_file_read(path_in(root, arena), LIMIT_PENDING_BYTES, &bytes, &err) &&
                   json_load(buf_string(&bytes), bytes.size, &source, arena, &json, &err) &&
                   fields_decode(&fields, json, STATE_PENDING, arena, &document, &err) &&
                   text_same(document.format, FORMAT);
    *ret_pending = is_read ? (struct pending){document.boot_id, document.findings.items, document.findings.count}
                           : (struct pending){0};
}

static void add(struct arena *arena, struct arena_list *ids, const char *id)
{
    if (ids->count < LIMIT_PENDING) {
        *(const char **)arena_push(arena, ids, sizeof(char *)) = id;
    }
}

static bool ran(const struct record *record, const char *id)
{
    for (size_t i = 0; i < record->playbook_count; i++) {
        const char *playbook = record->playbooks[i].playbook->id;
        size_t length = strlen(playbook);
        if (strncmp(id, playbook, length) == 0 && id[length] == '.') {
            return true;
        }
    }
    return false;
}

static void add_own(const struct playbook_record *playbook, struct arena *arena, struct arena_list *ids)
{
    for (size_t i = 0; i < playbook->playbook->finding_count; i++) {
        const struct finding_record *finding = &playbook->findings[i];
        if (finding->state == FINDING_PENDING_REBOOT) {
            add(arena, ids, arena_format(arena, "%s.%s", playbook->playbook->id, finding->finding->id));
        }
    }
}

static void spell(struct buf *buf, const char *boot_id, const struct arena_list *ids)
{
    const char *const *items = ids->items;
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer_open_object(&writer);
    writer_name(&writer, "pending");
    writer_text(&writer, FORMAT);
    writer_name(&writer, "bootId");
    writer_text(&writer, boot_id);
    writer_name(&writer, "findings");
    writer_open_array(&writer);
    for (size_t i = 0; i < ids->count; i++) {
        writer_text(&writer, items[i]);
    }
    writer_close_array(&writer);
    writer_close_object(&writer);
    writer_finish(&writer);
}

bool pending_keep(const char *root, const struct pending *earlier, const struct record *record, struct arena *arena,
                  struct err *err)
{
    const char *boot_id = record->machine.boot_id;
    struct buf bytes AUTO(buf_clear) = {0};
    struct arena_list ids = {0};
    bool is_same_boot = boot_id != NULL && earlier->boot_id != NULL && text_same(boot_id, earlier->boot_id);
    for (size_t i = 0; is_same_boot && i < earlier->count; i++) {
        if (!ran(record, earlier->finding_ids[i])) {
            add(arena, &ids, earlier->finding_ids[i]);
        }
    }
    for (size_t i = 0; i < record->playbook_count; i++) {
        add_own(&record->playbooks[i], arena, &ids);
    }
    if (boot_id == NULL || ids.count == 0) {
        return port_file_remove(path_in(root, arena), err);
    }
    buf_init(&bytes, LIMIT_PENDING_BYTES);
    spell(&bytes, boot_id, &ids);
    return port_file_replace(path_in(root, arena), buf_string(&bytes), bytes.size, err);
}
