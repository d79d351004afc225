/* SPDX-License-Identifier: MIT */
#include "engine/distance.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"

enum { ANSWER_PARTS = 2 };

/* --- what a step is --- */

static bool asks(const struct step *step)
{
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        if (step->wanted[i] != NULL && (step->kind->properties.items[i].flags & COLUMN_ASKS) != 0) {
            return true;
        }
    }
    return false;
}

/* Nothing takes it back. */
static bool lasts(const struct step *step)
{
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        if (step->wanted[i] != NULL && step->kind->properties.items[i].effect != NULL) {
            return true;
        }
    }
    return false;
}

void distance_brought(struct run *run, const char *kind)
{
    *(const char **)arena_push(run->arena, &run->brought, sizeof(char *)) = kind;
}

static bool is_called_for(const struct run *run, const struct step *step)
{
    const char *const *kinds = run->brought.items;
    for (size_t i = 0; i < run->brought.count; i++) {
        if (text_same(kinds[i], step->kind->name)) {
            return true;
        }
    }
    return step_ends_group(run, step);
}

/* --- the evidence, as a digest --- */

/* FNV-1a: it tells two states of one VM apart, and hides nothing. */
static void add(uint64_t *sum, const char *text)
{
    const char *at = text;
    do {
        *sum = (*sum ^ (unsigned char)*at) * 0x100000001b3U;
    } while (*at++ != '\0');
}

/* Texts and truths. Numbers count, measure or date, and change by themselves: they are no new evidence. */
static void add_value(uint64_t *sum, const struct value *value)
{
    if (value->state != VALUE_KNOWN) {
        add(sum, value->state == VALUE_ABSENT ? "-" : "?");
    } else if (value->base == TYPE_BOOL) {
        add(sum, value->as.boolean ? "true" : "false");
    } else if (value->base == TYPE_TEXT) {
        add(sum, value->as.text);
    }
}

static void add_values(uint64_t *sum, const struct value *value)
{
    bool is_list = value->state == VALUE_KNOWN && value->base == TYPE_LIST;
    bool is_rows = value->state == VALUE_KNOWN && value->base == TYPE_ROWS;
    if (!is_list && !is_rows) {
        add_value(sum, value);
        return;
    }
    for (size_t i = 0; i < value->as.list.count; i++) {
        const struct value *item = &value->as.list.items[i];
        if (is_list) {
            add_value(sum, item);
        }
        for (size_t j = 0; is_rows && j < item->as.row.columns->count; j++) {
            add_value(sum, &item->as.row.cells[j]);
        }
    }
}

static const char *evidence_of(struct run *run, const struct playbook_run *playbook, size_t index)
{
    const struct finding_record *record = &playbook->record->findings[index];
    uint64_t sum = 0xcbf29ce484222325U;
    add(&sum, playbook->playbook->id);
    add(&sum, record->finding->id);
    for (size_t i = 0; i < record->evidence_count; i++) {
        add(&sum, record->evidence[i].name);
        add_values(&sum, &record->evidence[i].value);
    }
    return arena_format(run->arena, "%016" PRIx64, sum);
}

/* --- asking --- */

static struct spoken held_until(struct run *run, int64_t until_ms)
{
    const char *until = clock_format_utc(run->arena, until_ms);
    int64_t *first_ms = &run->record->held_until_ms;
    *first_ms = *first_ms == 0 || until_ms < *first_ms ? until_ms : *first_ms;
    return (struct spoken){
        .en = arena_format(run->arena, "an unattended run does not repeat it before %s; run azmend fix to try now",
                           until),
        .ja = arena_format(run->arena,
                           "無人実行のため、%s までは再試行しません。すぐに試すには azmend fix を実行してください",
                           until)};
}

static struct spoken not_kept(struct run *run, const struct err *err)
{
    return (struct spoken){
        .en = arena_format(run->arena, "that an unattended run tries it cannot be written down: %s", err->text),
        .ja = arena_format(run->arena, "無人実行の記録を書き込めないため、実行しません: %s", err->text)};
}

/* Both NULL: now. */
static struct spoken ask(struct run *run, struct playbook_run *playbook, size_t index, const struct step *step)
{
    const struct distance_sink *sink = &run->options->distance;
    int64_t until_ms = 0;
    struct err err = {0};
    bool is_kept = asks(step) ? sink->ask(sink->context, &until_ms, &err)
                              : sink->once(sink->context, evidence_of(run, playbook, index), &until_ms, &err);
    return !is_kept ? not_kept(run, &err) : until_ms > 0 ? held_until(run, until_ms) : (struct spoken){0};
}

const char *distance_holds(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_run *state = &playbook->findings[index];
    state->held = (struct spoken){0};
    if (run->options->mode != MODE_FIX || run->options->distance.ask == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < finding->step_count && state->held.en == NULL; i++) {
        const struct step *step = &finding->steps[i];
        if ((asks(step) || lasts(step)) && !is_called_for(run, step)) {
            state->held = ask(run, playbook, index, step);
        }
    }
    return state->held.en;
}

/* --- the answer --- */

static const char *answer_of(struct run *run, const struct look_entry *entry)
{
    const struct columns *properties = &entry->kind->properties;
    const struct value *result = &entry->result;
    const char *answer = "";
    size_t parts = 0;
    for (size_t i = 0; result->state == VALUE_KNOWN && i < properties->count && parts < ANSWER_PARTS; i++) {
        const struct value *cell = &result->as.row.cells[i];
        if ((properties->items[i].flags & COLUMN_ANSWER) != 0 && cell->state == VALUE_KNOWN) {
            answer = arena_format(run->arena, "%s%s%s", answer, parts++ > 0 ? " " : "", cell->as.text);
        }
    }
    return answer;
}

bool distance_answered(struct run *run, const struct step *step, const struct look_entry *entry)
{
    const struct distance_sink *sink = &run->options->distance;
    bool is_told = run->options->mode == MODE_FIX && sink->answered != NULL && asks(step);
    return !is_told || sink->answered(sink->context, answer_of(run, entry));
}
