/* SPDX-License-Identifier: MIT */
#include "undo.h"

#include <string.h>

#include "host/journal.h"
#include "host/port.h"
#include "json/writer.h"

/* A fix whose journal is read back from the disk. */
static bool fix(const struct law_case *law, struct sim *sim, const char *path, uint64_t fail_late,
                struct trial *ret_trial, struct past_run *ret_run)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct journal *journal = NULL;
    struct err err = {0};
    struct trial_setup setup = {.scenario = law->scenario, .mode = MODE_FIX, .fail_late = fail_late};
    if (!port_file_remove(path, &err) || !journal_open(path, &journal, &err)) {
        return law_broken(law, "%s", err.text);
    }
    setup.journal = journal_sink(journal);
    trial_on(sim, &setup, law->arena, ret_trial);
    journal_close(journal);
    *ret_run = (struct past_run){.id = "20260115T080000Z-00000000"};
    return (port_file_read(path, LIMIT_JOURNAL_BYTES, &bytes, &err) &&
            journal_read(buf_string(&bytes), bytes.size, path, law->arena, &ret_run->journal, &err)) ||
           law_broken(law, "%s", err.text);
}

/* The journal says what the gate did, op by op. */
static bool journal_holds(const struct law_case *law, const struct trial *fixed, const struct past_run *run)
{
    if (run->journal.count != host_op_count(&fixed->host)) {
        return law_broken(law, "%zu ops, %zu in the journal", host_op_count(&fixed->host), run->journal.count);
    }
    for (size_t i = 0; i < run->journal.count; i++) {
        const struct op *made = host_op(&fixed->host, i);
        const struct op *read = &run->journal.entries[i].op;
        if (made->outcome != read->outcome || !text_same(made->before, read->before) ||
            !text_same(made->after, read->after) || !text_same(made->target, read->target)) {
            return law_broken(law, "%s %s: the journal says otherwise", made->verb, made->target);
        }
    }
    return true;
}

static void drop(struct writer *writer, const char *section)
{
    writer_name(writer, section);
    writer_null(writer);
}

static void drop_empty_keys(struct writer *writer, const struct json *registry)
{
    writer_name(writer, "registry");
    writer_open_object(writer);
    for (uint32_t i = 0; registry != NULL && i < registry->count; i++) {
        const struct json *key = &registry->as.items[i];
        if (key->type == JSON_OBJECT && key->count == 0) {
            drop(writer, key->name);
        }
    }
    writer_close_object(writer);
}

/* What changed and nothing gives back. */
static void mark_kept(const struct undo_record *undo, bool ret_kept[NOUN_COUNT])
{
    for (size_t i = 0; i < undo->count; i++) {
        ret_kept[undo->steps[i].op->noun] |= undo->steps[i].outcome == UNDO_KEPT;
    }
}

/* A merge patch that drops the sections with what nothing gives back, and empty keys. */
static const char *beyond_undo(const struct law_case *law, const struct undo_record *undo, const struct json *after)
{
    static const struct {
        enum noun noun;
        const char *section;
    } sections[] = {{NOUN_REGISTRY, "registry"}, {NOUN_LICENSING, "licensing"}, {NOUN_FILE, "files"}};
    struct buf patch AUTO(buf_clear) = {0};
    struct writer writer;
    bool is_kept[NOUN_COUNT] = {false};
    mark_kept(undo, is_kept);
    buf_init(&patch, LIMIT_MACHINE_BYTES);
    writer_init(&writer, &patch, WRITER_ONE_LINE);
    writer.secrets = WRITER_KEEP; /* a machine is built of it */
    writer_open_object(&writer);
    if (!is_kept[NOUN_REGISTRY]) {
        drop_empty_keys(&writer, json_find(after, "registry"));
    }
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (is_kept[sections[i].noun]) {
            drop(&writer, sections[i].section);
        }
    }
    writer_close_object(&writer);
    writer_finish(&writer);
    return arena_copy(law->arena, buf_string(&patch), patch.size);
}

static bool load(const struct law_case *law, struct text text, const struct json **ret_json, struct err *err)
{
    struct json_source source = {.file = law->scenario->name, .limit = LIMIT_MACHINE_BYTES};
    return json_load(text.bytes, text.size, &source, law->arena, ret_json, err);
}

static bool same_but_for(const struct law_case *law, const struct undo_record *undo, struct text is, struct err *err)
{
    const struct json *before = NULL;
    const struct json *after = NULL;
    const struct json *patch = NULL;
    struct text expected = {0};
    if (!load(law, law->before, &before, err) || !load(law, is, &after, err)) {
        return law_broken(law, "%s", err->text);
    }
    const char *dropped = beyond_undo(law, undo, after);
    if (!load(law, (struct text){dropped, strlen(dropped)}, &patch, err) ||
        !merge_patch(before, patch, law->arena, &expected, err) || !merge_patch(after, patch, law->arena, &is, err)) {
        return law_broken(law, "%s", err->text);
    }
    return law_same_machine(law, "machine after fix and undo", expected, is);
}

static bool steps_hold(const struct law_case *law, const struct record *record)
{
    for (size_t i = 0; i < record->undo->count; i++) {
        const struct undo_step *step = &record->undo->steps[i];
        if (step->outcome == UNDO_DIVERGED || step->outcome == UNDO_FAILED) {
            return law_broken(law, "%s %s is %s: %s", step->op->verb, step->op->target,
                              undo_outcome_names[step->outcome], step->err.text);
        }
    }
    return true;
}

/* On one machine, which writes what was put back as it was written before. */
static bool undo_from(const struct law_case *law, const char *path, uint64_t fail_late)
{
    struct trial fixed;
    struct trial undone;
    struct past_run run;
    struct err err = {0};
    struct sim *sim AUTO(trial_close) = NULL;
    struct trial_setup setup = {.scenario = law->scenario, .machine = law->before, .mode = MODE_UNDO, .undo = &run};
    if (!trial_open(&setup, law->arena, &sim, &err)) {
        return law_broken(law, "%s", err.text);
    }
    if (!fix(law, sim, path, fail_late, &fixed, &run)) {
        return false;
    }
    trial_on(sim, &setup, law->arena, &undone);
    return journal_holds(law, &fixed, &run) && steps_hold(law, &undone.record) && law_output_holds(law, &undone) &&
           same_but_for(law, undone.record.undo, undone.saved, &err);
}

bool undo_holds_late(const struct law_case *law, uint64_t point)
{
    struct err err = {0};
    const char *path = arena_format(law->arena, "/tmp/azmend-law-%lld.jsonl", (long long)port_process_id());
    bool holds = undo_from(law, path, point);
    return port_file_remove(path, &err) && holds;
}

bool undo_holds(const struct law_case *law)
{
    return undo_holds_late(law, 0);
}
