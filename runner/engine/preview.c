/* SPDX-License-Identifier: MIT */
/*
 * What a plan can say of what cannot be told yet: the steps that a finding would take if it were present, a step that
 * needs one before it to have been made; and what of them could not be taken back. Whoever reads a plan must not learn
 * of a lost product key only from the run itself.
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

/* The kinds that may be due behind a step: of those that the plan ensures at all, each once. */
struct followers {
    struct run *run;
    struct arena_list kinds; /* const char * */
};

static bool is_among(const struct followers *followers, const char *kind)
{
    const char *const *kinds = followers->kinds.items;
    for (size_t i = 0; i < followers->kinds.count; i++) {
        if (text_same(kinds[i], kind)) {
            return true;
        }
    }
    return false;
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

static void add_brought(struct followers *followers, const struct step *step)
{
    for (size_t i = 0; i < step->kind->properties.count; i++) {
        const char *const *brings = step->wanted[i] != NULL ? step->kind->properties.items[i].brings : NULL;
        for (; brings != NULL && *brings != NULL; brings++) {
            if (!is_among(followers, *brings) && plan_ensures(followers->run->plan, *brings)) {
                *(const char **)arena_push(followers->run->arena, &followers->kinds, sizeof *brings) = *brings;
            }
        }
    }
}

/* What follows may be followed in its turn: a name that is set by an activation, that one by a rebuild. */
static void add_behind(struct followers *followers, const char *kind)
{
    const struct plan *plan = followers->run->plan;
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t i = 0; i < plan->playbooks[p].finding_count; i++) {
            const struct finding *finding = &plan->playbooks[p].findings[i];
            for (size_t k = 0; k < finding->step_count; k++) {
                if (text_same(finding->steps[k].kind->name, kind)) {
                    add_brought(followers, &finding->steps[k]);
                }
            }
        }
    }
}

const char *preview_followers(struct run *run, const struct step *step)
{
    struct followers followers = {.run = run};
    const char *text = NULL;
    if (run->options->mode != MODE_PLAN) {
        return NULL;
    }
    add_brought(&followers, step);
    for (size_t i = 0; i < followers.kinds.count; i++) {
        const char *kind = ((const char *const *)followers.kinds.items)[i];
        add_behind(&followers, kind);
        text = text == NULL ? kind : arena_format(run->arena, "%s, %s", text, kind);
    }
    return text;
}

static const struct preview *preview_of(struct run *run, struct scope *scope, const struct finding *finding,
                                        const struct step *step)
{
    struct preview *preview = arena_alloc(run->arena, sizeof(*preview));
    const struct column *column = lasting(step);
    *preview = (struct preview){.wants = wants_of(run, scope, step)};
    if (column != NULL) {
        preview->effect = (struct spoken){.en = column->effect, .ja = column->effect_ja};
        preview->class = finding->need_count > 0 ? OP_COSTLY : OP_ONE_WAY;
    }
    return preview;
}

void preview_step(struct run *run, struct scope *scope, const struct finding *finding, const struct step *step,
                  struct step_record *record)
{
    record->outcome = STEP_NOT_RUN;
    record->preview = preview_of(run, scope, finding, step);
    record->may_follow = preview_followers(run, step);
}

void preview_finding(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    for (size_t i = 0; i < finding->step_count; i++) {
        struct step_record *step = arena_push(run->arena, &record->steps, sizeof(*step));
        *step = (struct step_record){.ensure = finding->steps[i].kind->name};
        preview_step(run, &playbook->scope, finding, &finding->steps[i], step);
    }
}
