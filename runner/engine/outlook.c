/* SPDX-License-Identifier: MIT */
/*
 * What a plan can say of a finding that cannot be told yet: the steps it would take if it stood, and what of them could
 * not be taken back. Whoever reads a plan must not learn of a lost product key only from the run itself.
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "engine/run.h"

/* "host azkms.core.windows.net, port 1688", as far as known; an element of a forEach is not. */
static const char *wants_of(struct run *run, struct scope *scope, const struct step *step)
{
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&text, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        if (step->wanted[i] == NULL) {
            continue;
        }
        buf_format(&text, "%s%s", text.size > 0 ? ", " : "", step->kind->properties.items[i].name);
        struct value value = step->for_each == NULL ? scope_value(scope, step->wanted[i]) : value_absent();
        if (value.state == VALUE_KNOWN) {
            buf_format(&text, " %s", value_display(run->arena, &value));
        }
    }
    return arena_text(run->arena, buf_string(&text));
}

/* The first of the wanted properties that cannot be put back, or NULL. */
static const struct column *lasting(const struct step *step)
{
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        if (step->wanted[i] != NULL && step->kind->properties.items[i].effect != NULL) {
            return &step->kind->properties.items[i];
        }
    }
    return NULL;
}

static bool plan_ensures(const struct plan *plan, const char *kind)
{
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            const struct finding *finding = &plan->playbooks[p].findings[i];
            for (size_t k = 0; k < finding->step_count; k++) {
                if (text_same(finding->steps[k].kind->name, kind)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* The kinds that one wanted property brings, behind those that another one brought. */
static const char *add_brought(struct run *run, const char *const *brings, const char *text)
{
    for (; brings != NULL && *brings != NULL; brings++) {
        bool is_said = text != NULL && strstr(text, *brings) != NULL;
        if (!is_said && plan_ensures(run->plan, *brings)) {
            text = text == NULL ? *brings : arena_format(run->arena, "%s, %s", text, *brings);
        }
    }
    return text;
}

const char *outlook_may_follow(struct run *run, const struct step *step)
{
    const char *text = NULL;
    for (size_t i = 0; run->options->mode == MODE_PLAN && i < step->kind->properties.count; i++) {
        if (step->wanted[i] != NULL) {
            text = add_brought(run, step->kind->properties.items[i].brings, text);
        }
    }
    return text;
}

static const struct outlook *outlook_of(struct run *run, struct scope *scope, const struct finding *finding,
                                        const struct step *step)
{
    struct outlook *outlook = arena_alloc(run->arena, sizeof(*outlook));
    const struct column *column = lasting(step);
    *outlook = (struct outlook){.wants = wants_of(run, scope, step)};
    if (column != NULL) {
        outlook->effect = (struct spoken){.en = column->effect, .ja = column->effect_ja};
        outlook->class = finding->need_count > 0 ? OP_COSTLY : OP_ONE_WAY;
    }
    return outlook;
}

void finding_outlook(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    for (size_t i = 0; i < finding->step_count; i++) {
        struct step_record *step = arena_push(run->arena, &record->steps, sizeof(*step));
        *step = (struct step_record){.ensure = finding->steps[i].kind->name,
                                     .outcome = STEP_NOT_RUN,
                                     .outlook = outlook_of(run, &playbook->scope, finding, &finding->steps[i]),
                                     .may_follow = outlook_may_follow(run, &finding->steps[i])};
    }
}
