/* SPDX-License-Identifier: MIT */
#include "report/evidence.h"

#include <stdio.h>

#include "base/limits.h"
#include "host/nouns/event/event.h"
#include "host/port.h"
#include "pack/pack.h"
#include "report/evidence_parts.h"
#include "report/html.h"
#include "report/redact.h"
#include "report/result.h"

enum {
    PARTS_MOST = LIMIT_ARCHIVE_ENTRIES,
    NAME_SIZE = 64,
    WHY_SIZE = 128,
    CONTENTS_BYTES = 64 * 1024, /* kept free for contents.json: PARTS_MOST names and reasons */
};

struct part {
    char name[NAME_SIZE];
    struct buf bytes;
    char why[WHY_SIZE]; /* left out; "": it is in */
};

struct bundle {
    struct part parts[PARTS_MOST];
    size_t count;
    size_t left; /* bytes that still fit */
    const char *secrets[LIMIT_PARAMETERS + 1];
};

static void drop_parts(struct bundle **bundle)
{
    for (size_t i = 0; i < (*bundle)->count; i++) {
        buf_clear(&(*bundle)->parts[i].bytes);
    }
}

static void collect_secrets(struct bundle *bundle, const struct record *record)
{
    size_t count = 0;
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook *playbook = record->playbooks[i].playbook;
        for (size_t j = 0; j < playbook->parameter_count; j++) {
            const struct parameter *parameter = &playbook->parameters[j];
            const struct value *given = &parameter->given;
            bool is_secret = given->secret || (parameter->column.flags & COLUMN_SECRET) != 0;
            if (is_secret && given->state == VALUE_KNOWN && given->base == TYPE_TEXT && count < LIMIT_PARAMETERS) {
                bundle->secrets[count++] = given->as.text;
            }
        }
    }
    bundle->secrets[count] = NULL;
}

static bool has_room(const struct bundle *bundle)
{
    return bundle->count < PARTS_MOST - 1; /* contents.json is one, too */
}

static struct part *begin(struct bundle *bundle, const char *name)
{
    must(has_room(bundle));
    struct part *part = &bundle->parts[bundle->count++];
    (void)snprintf(part->name, sizeof(part->name), "%s", name);
    buf_init(&part->bytes, bundle->left);
    return part;
}

/* Takes it in, or leaves it out and says so. */
static void end(struct bundle *bundle, struct part *part)
{
    if (part->bytes.failed) {
        (void)snprintf(part->why, sizeof(part->why), "no room for it: %zu bytes are left of %d", bundle->left,
                       LIMIT_EVIDENCE_BYTES);
        buf_clear(&part->bytes);
        return;
    }
    redact(&part->bytes, bundle->secrets);
    bundle->left -= part->bytes.size;
}

static void add_result(struct bundle *bundle, const struct record *record)
{
    struct part *part = begin(bundle, "result.json");
    (void)result_fit(&part->bytes, record, WRITER_INDENTED, bundle->left);
    end(bundle, part);
}

static void add_case(struct bundle *bundle, const struct report *report)
{
    struct part *part = begin(bundle, "case.txt");
    evidence_case(&part->bytes, report->record);
    end(bundle, part);
}

static void add_overview(struct bundle *bundle, const struct report *report)
{
    struct part *part = begin(bundle, "overview.html");
    html_write(&part->bytes, report->record, report->language);
    end(bundle, part);
}

static void add_configuration(struct bundle *bundle, const struct report *report)
{
    struct part *part = begin(bundle, "configuration.json");
    evidence_configuration(&part->bytes, report);
    end(bundle, part);
}

static void add_file(struct bundle *bundle, const struct report *report, const struct report_file *file)
{
    struct part *part = begin(bundle, file->name);
    struct err err = {0};
    if (report->read(report->context, file->at, bundle->left, &part->bytes, &err)) {
        end(bundle, part);
    } else {
        (void)snprintf(part->why, sizeof(part->why), "%.*s", WHY_SIZE - 1, err.text);
    }
}

static void add_looks(struct bundle *bundle, const struct record *record)
{
    struct part *part = begin(bundle, "looks.json");
    evidence_looks(&part->bytes, record);
    end(bundle, part);
}

static void add_events(struct bundle *bundle, const struct host *host)
{
    size_t count = host != NULL ? host_event_excerpts(host) : 0;
    for (size_t i = 0; i < count; i++) {
        char name[NAME_SIZE];
        (void)snprintf(name, sizeof(name), "events/%02zu.xml", i + 1);
        struct event_excerpt excerpt = host_event_excerpt(host, i);
        struct part *part = begin(bundle, name);
        evidence_events(&part->bytes, &excerpt);
        end(bundle, part);
    }
}

/* --- packing --- */

static void write_part(struct writer *writer, const struct part *part)
{
    writer_open_object(writer);
    writer_named_text(writer, "name", part->name);
    if (part->why[0] == '\0') {
        writer_named_int(writer, "bytes", (int64_t)part->bytes.size);
    } else {
        writer_named_text(writer, "leftOut", part->why);
    }
    writer_close_object(writer);
}

static void write_contents(struct buf *buf, const struct bundle *bundle)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_INDENTED);
    writer_open_object(&writer);
    writer_named_text(&writer, "evidence", "azmend.evidence/1");
    writer_name(&writer, "files");
    writer_open_array(&writer);
    for (size_t i = 0; i < bundle->count; i++) {
        write_part(&writer, &bundle->parts[i]);
    }
    writer_close_array(&writer);
    writer_close_object(&writer);
    writer_finish(&writer);
}

static bool pack_all(const struct bundle *bundle, struct buf *ret_zip, struct err *err)
{
    struct pack_entry entries[PARTS_MOST] = {0};
    struct buf contents AUTO(buf_clear) = {0};
    size_t count = 1;
    buf_init(&contents, CONTENTS_BYTES);
    write_contents(&contents, bundle);
    entries[0] = (struct pack_entry){"contents.json", buf_whole(&contents), contents.size};
    for (size_t i = 0; i < bundle->count; i++) {
        const struct part *part = &bundle->parts[i];
        if (part->why[0] == '\0') {
            entries[count++] = (struct pack_entry){part->name, buf_string(&part->bytes), part->bytes.size};
        }
    }
    return pack_zip(entries, count, LIMIT_EVIDENCE_BYTES, ret_zip, err);
}

/* In the order of what is needed most: what comes last is left out first. */
bool evidence_make(const struct report *report, struct buf *ret_zip, struct err *err)
{
    if (!arena_has(report->arena, sizeof(struct bundle))) {
        return err_set(err, ERR_MEMORY, 0, "the run left no memory for the evidence");
    }
    struct bundle *bundle AUTO(drop_parts) = arena_alloc(report->arena, sizeof(*bundle));
    bundle->left = LIMIT_EVIDENCE_BYTES - CONTENTS_BYTES;
    collect_secrets(bundle, report->record);
    add_case(bundle, report);
    add_overview(bundle, report);
    add_result(bundle, report->record);
    add_configuration(bundle, report);
    for (size_t i = 0; i < report->file_count; i++) {
        add_file(bundle, report, &report->files[i]);
    }
    add_looks(bundle, report->record);
    add_events(bundle, report->record->host);
    return pack_all(bundle, ret_zip, err);
}
