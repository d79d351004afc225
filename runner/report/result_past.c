/* SPDX-License-Identifier: MIT */
/* What became of an earlier run: taken back, or found cut off. */
#include "base/text.h"
#include "report/result_parts.h"

static void write_undone(struct writer *writer, const struct undo_step *step)
{
    writer_open_object(writer);
    writer_named_text(writer, "verb", step->op->verb);
    writer_named_text(writer, "what", step->op->target);
    writer_named_text(writer, "before", step->op->shown_before);
    writer_named_text(writer, "after", step->op->shown_after);
    writer_named_text(writer, "class", op_class_names[step->op->class]);
    writer_named_text(writer, "outcome", undo_outcome_names[step->outcome]);
    result_error(writer, &step->err, DETAIL_ALL);
    writer_close_object(writer);
}

static void write_undo_counts(struct writer *writer, const struct undo_record *undo)
{
    size_t counts[UNDO_OUTCOME_COUNT] = {0};
    for (size_t i = 0; i < undo->count; i++) {
        counts[undo->steps[i].outcome]++;
    }
    writer_name(writer, "outcomes");
    writer_open_object(writer);
    for (size_t outcome = 0; outcome < UNDO_OUTCOME_COUNT; outcome++) {
        if (counts[outcome] > 0) {
            writer_named_int(writer, undo_outcome_names[outcome], (int64_t)counts[outcome]);
        }
    }
    writer_close_object(writer);
}

void result_undo(struct writer *writer, const struct undo_record *undo, enum detail detail)
{
    writer_name(writer, "undo");
    writer_open_object(writer);
    result_known(writer, "run", undo->run_id);
    write_undo_counts(writer, undo);
    if (detail < DETAIL_NO_STEPS) {
        writer_name(writer, "changes");
        writer_open_array(writer);
        for (size_t i = 0; i < undo->count; i++) {
            write_undone(writer, &undo->steps[i]);
        }
        writer_close_array(writer);
    }
    writer_close_object(writer);
}

void result_interrupted(struct writer *writer, const struct interrupted_record *interrupted, enum detail detail)
{
    writer_name(writer, "interrupted");
    writer_open_object(writer);
    writer_named_text(writer, "closedBy", interrupted->closed_by);
    if (detail < DETAIL_NO_STEPS) {
        writer_name(writer, "changes");
        writer_open_array(writer);
        for (size_t i = 0; i < interrupted->count; i++) {
            result_change(writer, &interrupted->ops[i]);
        }
        writer_close_array(writer);
    }
    writer_close_object(writer);
}

/* In a short form, in numbers alone. */
static void write_asides(struct writer *writer, const struct history_record *history, enum detail detail)
{
    if (history->aside_count == 0 || detail >= DETAIL_VERDICT) {
        return;
    }
    writer_name(writer, "setAside");
    writer_open_array(writer);
    for (size_t i = 0; i < history->aside_count; i++) {
        writer_open_object(writer);
        writer_named_text(writer, "path", history->asides[i].path);
        writer_named_text(writer, "name", history->asides[i].name);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_names(struct writer *writer, const char *name, const char *const *items, size_t count)
{
    if (count == 0) {
        return;
    }
    writer_name(writer, name);
    writer_open_array(writer);
    for (size_t i = 0; i < count; i++) {
        writer_text(writer, items[i]);
    }
    writer_close_array(writer);
}

void result_clouds(struct writer *writer, const struct plan_clouds *clouds, enum detail detail)
{
    if (clouds->file == NULL) {
        return;
    }
    writer_name(writer, "clouds");
    writer_open_object(writer);
    result_clipped(writer, "file", clouds->file, detail);
    result_known(writer, "sha256", clouds->sha256);
    writer_close_object(writer);
}

void result_narrowing(struct writer *writer, const struct narrowing *narrowing)
{
    if (!narrowing_applies(narrowing)) {
        return;
    }
    writer_name(writer, "narrowing");
    writer_open_object(writer);
    writer_named_text(writer, "mode", leave_names[narrowing->most]);
    result_known(writer, "from", narrowing->from);
    write_names(writer, "deniedFindings", narrowing->findings, narrowing->finding_count);
    write_names(writer, "deniedNouns", narrowing->nouns, narrowing->noun_count);
    writer_close_object(writer);
}

void result_approval(struct writer *writer, const struct record *record)
{
    const struct approval_record *approval = &record->approval;
    const char *plan = record->plan_name != NULL ? record->plan_name : approval->is;
    result_known(writer, "planId", plan != NULL && *plan != '\0' ? plan : NULL);
    if (approval->given == NULL) {
        return;
    }
    writer_name(writer, "approval");
    writer_open_object(writer);
    writer_named_text(writer, "planId", approval->given);
    writer_named_bool(writer, "isSame", text_same(approval->given, approval->is));
    write_names(writer, "differing", approval->differing, approval->differing_count);
    writer_named_int(writer, "gone", (int64_t)approval->gone);
    writer_close_object(writer);
}

void result_history(struct writer *writer, const struct history_record *history, enum detail detail)
{
    if (history->others == 0 && history->damaged == 0 && history->aside_count == 0 && history->rebuild_run == NULL) {
        return;
    }
    writer_name(writer, "history");
    writer_open_object(writer);
    writer_named_int(writer, "otherRuns", (int64_t)history->others);
    result_clipped(writer, "otherMachine", history->machine, DETAIL_VERDICT);
    writer_named_int(writer, "damagedRuns", (int64_t)history->damaged);
    result_clipped(writer, "damagedRun", history->run_id, DETAIL_VERDICT);
    if (history->rebuild_run != NULL) {
        writer_named_text(writer, "rebuildCutOff", history->rebuild_run);
        writer_named_bool(writer, "hasNoKey", history->has_no_key);
    }
    write_asides(writer, history, detail);
    writer_close_object(writer);
}
