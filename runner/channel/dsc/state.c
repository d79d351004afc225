/* SPDX-License-Identifier: MIT */
#include "channel/dsc/state.h"

#include "report/words.h"

/* Machine Configuration shows a reason by a code of three parts, the resource's name twice (inf). */
#define CODE "azmend:azmend:"

static void write_reason(struct writer *writer, const char *id, const char *phrase, struct arena *arena)
{
    writer_open_object(writer);
    writer_named_text(writer, "code", arena_format(arena, CODE "%s", id));
    writer_named_text(writer, "phrase", phrase);
    writer_close_object(writer);
}

/* The detail speaks as if the finding were present: of an unknown one it would claim too much. */
static void write_finding_reason(struct writer *writer, const struct finding_record *finding, struct arena *arena)
{
    const char *more =
        finding->state == FINDING_UNKNOWN || finding->reason.en != NULL ? finding->reason.en : finding->detail.en;
    const char *title = finding->title.en != NULL ? finding->title.en : finding->finding->id;
    const char *phrase = arena_format(arena, "%s: %s%s%s", words_finding(finding, LANGUAGE_EN), title,
                                      more != NULL ? ". " : "", more != NULL ? more : "");
    write_reason(writer, finding->finding->id, phrase, arena);
}

static void write_finding(struct writer *writer, const struct finding_record *finding, struct arena *arena)
{
    (void)arena;
    writer_open_object(writer);
    writer_named_text(writer, "id", finding->finding->id);
    writer_named_text(writer, "severity", severity_names[finding->severity]);
    writer_named_text(writer, "state", finding_state_names[finding->state]);
    writer_close_object(writer);
}

static void write_each(struct writer *writer, const struct record *record, struct arena *arena,
                       void (*write)(struct writer *writer, const struct finding_record *finding, struct arena *arena))
{
    for (size_t i = 0; i < record->playbook_count; i++) {
        const struct playbook_record *playbook = &record->playbooks[i];
        for (size_t j = 0; j < playbook->playbook->finding_count; j++) {
            if (playbook->findings != NULL && playbook->findings[j].state != FINDING_ABSENT) {
                write(writer, &playbook->findings[j], arena);
            }
        }
    }
}

static void write_wanted(struct writer *writer, const struct dsc_wanted *wanted)
{
    writer_named_text(writer, "mode", run_mode_names[wanted->mode]);
    if (wanted->playbooks.count > 0) {
        writer_name(writer, "playbooks");
        writer_open_array(writer);
        for (size_t i = 0; i < wanted->playbooks.count; i++) {
            writer_text(writer, wanted->playbooks.items[i]);
        }
        writer_close_array(writer);
    }
}

void dsc_state_write(struct buf *buf, const struct dsc_wanted *wanted, const struct record *record, struct arena *arena)
{
    struct writer writer;
    writer_init(&writer, buf, WRITER_ONE_LINE);
    writer_open_object(&writer);
    write_wanted(&writer, wanted);
    writer_named_text(&writer, "verdict", verdict_names[record->verdict]);
    writer_name(&writer, "findings");
    writer_open_array(&writer);
    write_each(&writer, record, arena, write_finding);
    writer_close_array(&writer);
    writer_name(&writer, "reasons");
    writer_open_array(&writer);
    write_reason(&writer, "verdict", words_verdict(record->verdict, LANGUAGE_EN), arena);
    write_each(&writer, record, arena, write_finding_reason);
    writer_close_array(&writer);
    /* Only what was looked at and found right is as it should be: not a run that the VM's owner switched off. */
    writer_named_bool(&writer, "_inDesiredState",
                      record->verdict == VERDICT_HEALTHY || record->verdict == VERDICT_FIXED);
    writer_close_object(&writer);
    writer_finish(&writer);
}

void dsc_schema_write(struct writer *writer)
{
    writer_open_object(writer);
    writer_named_text(writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    writer_named_text(writer, "title", "azmend");
    fields_schema_members(&dsc_fields, writer);
    writer_close_object(writer);
    writer_finish(writer);
}
