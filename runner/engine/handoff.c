/* SPDX-License-Identifier: MIT */
/* Hand-overs: the commands that somebody runs outside the VM, from what this run knows. */
#include "base/limits.h"
#include "base/text.h"
#include "engine/eval.h"
#include "engine/run.h"
#include "engine/say.h"

static bool has_shape(const struct expr *part, const struct value *value)
{
    if (part->form != EXPR_REF) {
        return true;
    }
    if (value->base == TYPE_LIST) {
        for (size_t i = 0; i < value->as.list.count; i++) {
            const struct value *item = &value->as.list.items[i];
            if (item->state != VALUE_KNOWN || item->base != TYPE_TEXT ||
                !shape_accepts(part->type.shape, item->as.text)) {
                return false;
            }
        }
        return value->as.list.count > 0;
    }
    return value->base != TYPE_TEXT || shape_accepts(part->type.shape, value->as.text);
}

/* A list inside a word: its elements with ',' between, so that ['${list}'] is a list as the client reads one. */
static void add_part(struct buf *word, struct arena *arena, const struct value *value)
{
    if (value->base != TYPE_LIST) {
        buf_text(word, value_display(arena, value));
        return;
    }
    for (size_t i = 0; i < value->as.list.count; i++) {
        buf_text(word, i > 0 ? "','" : "");
        buf_text(word, value->as.list.items[i].as.text);
    }
}

/* One argument of a command: known, and of its shape. NULL: not, and why. */
static const char *command_word(struct scope *scope, const struct expr *word, const char **ret_why)
{
    struct buf text AUTO(buf_clear) = {0};
    size_t count = word->form == EXPR_TEXT ? word->count : 1;
    const struct expr *parts = word->form == EXPR_TEXT ? word->items : word;
    buf_init(&text, LIMIT_TEXT_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct value value = scope_value(scope, &parts[i]);
        if (value.state != VALUE_KNOWN) {
            *ret_why = arena_format(scope->arena, "%s is %s", parts[i].ref.text,
                                    value.state == VALUE_ABSENT ? "not set" : value.as.why);
            return NULL;
        }
        if (!has_shape(&parts[i], &value)) {
            *ret_why = arena_format(scope->arena, "%s has not the shape of a safe argument", parts[i].ref.text);
            return NULL;
        }
        add_part(&text, scope->arena, &value);
    }
    if (text.failed) {
        *ret_why = "a word of a command grew over its limit";
        return NULL;
    }
    return arena_text(scope->arena, buf_string(&text));
}

static bool add_word(struct scope *scope, const struct expr *expr, struct arena_list *words, const char **ret_why)
{
    const char *word = command_word(scope, expr, ret_why);
    if (word != NULL) {
        *(const char **)arena_push(scope->arena, words, sizeof(word)) = word;
    }
    return word != NULL;
}

/* A list stands for as many words as it has elements. */
static bool add_words(struct scope *scope, const struct expr *expr, struct arena_list *words, const char **ret_why)
{
    if (expr->form != EXPR_REF || expr->type.base != TYPE_LIST) {
        return add_word(scope, expr, words, ret_why);
    }
    struct value list = scope_value(scope, expr);
    if (list.state != VALUE_KNOWN || list.as.list.count == 0 || list.as.list.count > LIMIT_COMMAND_WORDS) {
        const char *why = list.state == VALUE_UNKNOWN ? list.as.why : "empty, or over its limit";
        *ret_why = arena_format(scope->arena, "%s is %s", expr->ref.text, why);
        return false;
    }
    struct expr element = {.form = EXPR_REF, .type = {.base = TYPE_TEXT, .shape = expr->type.shape}};
    element.ref = (struct ref){.root = REF_ITEM, .text = expr->ref.text, .type = element.type};
    struct scope inner = *scope;
    for (size_t i = 0; i < list.as.list.count; i++) {
        inner.item = &list.as.list.items[i];
        if (!add_word(&inner, &element, words, ret_why)) {
            return false;
        }
    }
    return true;
}

static bool render_words(struct scope *scope, const struct expr *exprs, size_t count, struct arena_list *words,
                         const char **ret_why)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_words(scope, &exprs[i], words, ret_why)) {
            return false;
        }
    }
    return true;
}

static bool render_command(struct scope *scope, const struct handoff_run *run, struct handoff_command *ret_command,
                           const char **ret_why)
{
    struct arena_list words = {0};
    struct arena_list unless = {0};
    if (!render_words(scope, run->words, run->count, &words, ret_why) ||
        !render_words(scope, run->unless, run->unless_count, &unless, ret_why)) {
        return false;
    }
    *ret_command = (struct handoff_command){.set = run->set,
                                            .is_value = run->is_value,
                                            .expect = run->expect,
                                            .stop = say_spoken(scope, &run->stop),
                                            .words = words.items,
                                            .count = words.count,
                                            .unless = unless.items,
                                            .unless_count = unless.count};
    return true;
}

/* The commands of one run: one, one an element of its forEach, or none when its `when` is false. */
static bool render_run(struct scope *scope, const struct handoff_run *run, struct arena_list *commands,
                       const char **ret_why)
{
    struct truth truth = run->when != NULL ? condition_evaluate(scope, run->when) : (struct truth){.word = TRUTH_TRUE};
    if (truth.word != TRUTH_TRUE) {
        *ret_why = truth.why;
        return truth.word == TRUTH_FALSE;
    }
    if (run->for_each == NULL) {
        return render_command(scope, run, arena_push(scope->arena, commands, sizeof(struct handoff_command)), ret_why);
    }
    struct value list = scope_value(scope, run->for_each);
    if (list.state != VALUE_KNOWN || list.as.list.count > LIMIT_FOR_EACH) {
        *ret_why = list.state == VALUE_UNKNOWN ? list.as.why : "its forEach is not set or over its limit";
        return false;
    }
    struct scope inner = *scope;
    for (size_t i = 0; i < list.as.list.count; i++) {
        inner.item = &list.as.list.items[i];
        struct handoff_command *command = arena_push(scope->arena, commands, sizeof(*command));
        if (!render_command(&inner, run, command, ret_why)) {
            return false;
        }
    }
    return true;
}

static struct handoff_record render_handoff(struct scope *scope, const struct handoff *handoff)
{
    struct handoff_record record = {.title = say_spoken(scope, &handoff->title),
                                    .why = say_spoken(scope, &handoff->why),
                                    .effect = say_spoken(scope, &handoff->effect),
                                    .back = say_spoken(scope, &handoff->back),
                                    .page = handoff->page};
    struct arena_list commands = {0};
    for (size_t i = 0; i < handoff->run_count; i++) {
        if (!render_run(scope, &handoff->runs[i], &commands, &record.unknown)) {
            return record;
        }
    }
    record.commands = commands.items;
    record.count = commands.count;
    return record;
}

void handoffs_render(struct run *run, struct playbook_run *playbook, size_t index)
{
    const struct finding *finding = &playbook->playbook->findings[index];
    struct finding_record *record = &playbook->record->findings[index];
    struct handoff_record *handoffs = arena_array(run->arena, finding->handoff_count, sizeof(*handoffs));
    size_t count = 0;
    for (size_t i = 0; i < finding->handoff_count; i++) {
        const struct cond *when = finding->handoffs[i].when;
        if (when == NULL || condition_evaluate(&playbook->scope, when).word == TRUTH_TRUE) {
            handoffs[count++] = render_handoff(&playbook->scope, &finding->handoffs[i]);
        }
    }
    record->handoffs = handoffs;
    record->handoff_count = count;
}
