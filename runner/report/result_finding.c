/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "host/host.h"
#include "report/result_parts.h"
#include "report/runbook.h"

enum { CLIP_BYTES = 160 };

/* A text that is not known is left out: null would say that it is known to be nothing. */
void result_known(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL) {
        writer_named_text(writer, name, text);
    }
}

void result_clipped(struct writer *writer, const char *name, const char *text, enum detail detail)
{
    char clipped[CLIP_BYTES + 1];
    size_t size = text != NULL ? text_cut(text, CLIP_BYTES) : 0;
    if (text == NULL || detail < DETAIL_VERDICT || text[size] == '\0') {
        result_known(writer, name, text);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        clipped[i] = text[i];
    }
    clipped[size] = '\0';
    writer_named_text(writer, name, clipped);
}

void result_error(struct writer *writer, const struct err *err, enum detail detail)
{
    if (err->code == ERR_NONE) {
        return;
    }
    writer_name(writer, "error");
    writer_open_object(writer);
    writer_named_text(writer, "code", err_code_name(err->code));
    if (err->os != 0) {
        writer_named_int(writer, "os", err->os);
    }
    result_clipped(writer, "text", err->text, detail);
    writer_close_object(writer);
}

void result_change(struct writer *writer, const struct op *op)
{
    writer_open_object(writer);
    writer_named_text(writer, "verb", op->verb);
    writer_named_text(writer, "what", op->target);
    writer_named_text(writer, "before", op->shown_before);
    writer_named_text(writer, "after", op->shown_after);
    writer_named_text(writer, "outcome", op_outcome_names[op->outcome]);
    result_error(writer, &op->err, DETAIL_ALL);
    writer_close_object(writer);
}

/* A step is as bad as its worst change: the classes are ordered. */
static void write_class(struct writer *writer, const struct host *host, const struct step_record *step)
{
    enum op_class worst = step->preview != NULL ? step->preview->class : OP_REVERSIBLE;
    for (size_t i = 0; i < step->op_count; i++) {
        enum op_class class = host_op(host, step->op_first + i)->class;
        worst = class > worst ? class : worst;
    }
    writer_named_text(writer, "class", op_class_names[worst]);
}

static void write_step(struct writer *writer, const struct host *host, const struct step_record *step)
{
    writer_open_object(writer);
    writer_named_text(writer, "ensure", step->ensure);
    result_known(writer, "item", step->item);
    writer_named_text(writer, "outcome", step_outcome_names[step->outcome]);
    if (step->preview != NULL) {
        write_class(writer, host, step);
        writer_named_text(writer, "wants", step->preview->wants);
        result_known(writer, "effect", step->preview->effect.en);
    }
    result_known(writer, "mayFollow", step->may_follow);
    if (step->op_count > 0 && step->preview == NULL) {
        write_class(writer, host, step);
    }
    if (step->op_count > 0) {
        writer_name(writer, "changes");
        writer_open_array(writer);
        for (size_t i = 0; i < step->op_count; i++) {
            result_change(writer, host_op(host, step->op_first + i));
        }
        writer_close_array(writer);
    }
    writer_named_int(writer, "attempts", step->attempts);
    writer_named_int(writer, "durationMs", step->duration_ms);
    result_error(writer, &step->err, DETAIL_ALL);
    writer_close_object(writer);
}

static void write_steps(struct writer *writer, const struct host *host, const struct arena_list *steps)
{
    const struct step_record *items = steps->items;
    if (steps->count == 0) {
        return;
    }
    writer_name(writer, "steps");
    writer_open_array(writer);
    for (size_t i = 0; i < steps->count; i++) {
        write_step(writer, host, &items[i]);
    }
    writer_close_array(writer);
}

static void write_words(struct writer *writer, const char *name, const char *const *words, size_t count)
{
    writer_name(writer, name);
    writer_open_array(writer);
    writer_text(writer, "az");
    for (size_t i = 0; i < count; i++) {
        writer_text(writer, words[i]);
    }
    writer_close_array(writer);
}

static void write_command(struct writer *writer, const struct handoff_command *command)
{
    static const char *const expect_names[] = {
        [EXPECT_SOMETHING] = NULL, [EXPECT_NOTHING] = "nothing", [EXPECT_ANYTHING] = "anything"};
    writer_open_object(writer);
    result_known(writer, "set", command->set);
    result_known(writer, "expect", expect_names[command->expect]);
    result_known(writer, "stop", command->stop.en);
    if (command->is_value) {
        writer_named_text(writer, "is", command->words[0]);
    } else {
        write_words(writer, "argv", command->words, command->count);
    }
    if (command->unless_count > 0) {
        write_words(writer, "unless", command->unless, command->unless_count);
    }
    writer_close_object(writer);
}

/* What a person pastes; false: "refused" says why it cannot be written. */
static bool write_runbook(struct writer *writer, const struct handoff_record *handoff, enum shell shell)
{
    const struct runbook_style style = {.shell = shell, .language = LANGUAGE_EN, .is_ascii = true};
    struct buf block AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&block, LIMIT_RUNBOOK_BYTES);
    bool is_written = runbook_commands(&block, handoff, &style, &err);
    writer_named_text(writer, is_written ? shell_names[shell] : "refused", is_written ? buf_string(&block) : err.text);
    return is_written;
}

static void write_commands(struct writer *writer, const struct handoff_record *handoff, enum detail detail)
{
    if (detail == DETAIL_ALL) {
        writer_name(writer, "commands");
        writer_open_array(writer);
        for (size_t i = 0; i < handoff->count; i++) {
            write_command(writer, &handoff->commands[i]);
        }
        writer_close_array(writer);
    }
    if (write_runbook(writer, handoff, SHELL_BASH) && detail == DETAIL_ALL) {
        (void)write_runbook(writer, handoff, SHELL_POWERSHELL);
    }
}

static void write_handoff(struct writer *writer, const struct handoff_record *handoff, enum detail detail)
{
    writer_open_object(writer);
    result_known(writer, "title", handoff->title.en);
    if (detail < DETAIL_NO_PROSE) {
        result_known(writer, "why", handoff->why.en);
        result_known(writer, "effect", handoff->effect.en);
        result_known(writer, "back", handoff->back.en);
        result_known(writer, "page", handoff->page);
    }
    result_known(writer, "unknown", handoff->unknown);
    if (detail < DETAIL_NO_COMMANDS && handoff->count > 0) {
        write_commands(writer, handoff, detail);
    }
    writer_close_object(writer);
}

static void write_handoffs(struct writer *writer, const struct finding_record *finding, enum detail detail)
{
    if (finding->handoff_count == 0) {
        return;
    }
    writer_name(writer, "handoff");
    writer_open_array(writer);
    for (size_t i = 0; i < finding->handoff_count; i++) {
        write_handoff(writer, &finding->handoffs[i], detail);
    }
    writer_close_array(writer);
}

static void write_choices(struct writer *writer, const struct finding_record *finding, enum detail detail)
{
    if (finding->choice_count == 0) {
        return;
    }
    writer_name(writer, "choices");
    writer_open_array(writer);
    for (size_t i = 0; i < finding->choice_count; i++) {
        const struct choice_record *choice = &finding->choices[i];
        writer_open_object(writer);
        result_known(writer, "parameter", choice->parameter);
        result_known(writer, "do", choice->step.en);
        if (detail < DETAIL_NO_PROSE) {
            result_known(writer, "then", choice->then.en);
            result_known(writer, "otherwise", choice->otherwise.en);
        }
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

static void write_evidence(struct writer *writer, const struct finding_record *finding)
{
    writer_name(writer, "evidence");
    writer_open_array(writer);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        writer_open_object(writer);
        writer_named_text(writer, "name", finding->evidence[i].name);
        writer_name(writer, "value");
        writer_value(writer, &finding->evidence[i].value);
        writer_close_object(writer);
    }
    writer_close_array(writer);
}

void result_finding(struct writer *writer, const struct host *host, const struct finding_record *finding,
                    enum detail detail)
{
    writer_open_object(writer);
    writer_named_text(writer, "id", finding->finding->id);
    writer_named_text(writer, "severity", severity_names[finding->severity]);
    writer_named_text(writer, "state", finding_state_names[finding->state]);
    if (detail < DETAIL_STATES) {
        writer_named_text(writer, "confidence", confidence_names[finding->confidence]);
        result_known(writer, "title", finding->title.en);
        result_known(writer, "reason", finding->reason.en);
        write_choices(writer, finding, detail);
        result_known(writer, "explainedBy", finding->explained_by);
        /* The detail speaks as if the finding were present: of an unknown one it would claim too much. */
        if (detail < DETAIL_NO_PROSE && finding->state != FINDING_UNKNOWN) {
            result_known(writer, "detail", finding->detail.en);
        }
        if (detail < DETAIL_NO_EVIDENCE) {
            write_evidence(writer, finding);
        }
        if (detail < DETAIL_NO_STEPS) {
            write_steps(writer, host, &finding->steps);
        }
        write_handoffs(writer, finding, detail);
    }
    writer_close_object(writer);
}
