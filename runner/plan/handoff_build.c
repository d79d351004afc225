/* SPDX-License-Identifier: MIT */
/* What to do outside the VM: named ones, which are built once however many findings use them, and those of a finding.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* An inserted element must have a shape: an administrator pastes it, and IMDS text is hostile. A list is so many words.
 */
static bool word_is_safe(const struct expr *word)
{
    if (word->form == EXPR_LITERAL) {
        return word->type.base != TYPE_NONE;
    }
    if (word->form == EXPR_REF) {
        bool is_text = word->type.base == TYPE_TEXT || (word->type.base == TYPE_LIST && word->type.item == TYPE_TEXT);
        return word->type.base == TYPE_INT || (is_text && word->type.shape != SHAPE_FREE);
    }
    for (size_t i = 0; i < word->count; i++) {
        if (word->form == EXPR_LIST || word->items[i].type.base == TYPE_LIST || !word_is_safe(&word->items[i])) {
            return false;
        }
    }
    return true;
}

static bool words_build(struct builder *builder, const struct json *az, struct handoff_run *run, struct err *err)
{
    if (!json_want(az, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    if (az->count == 0 || az->count > LIMIT_COMMAND_WORDS) {
        return json_refuse(az, builder->file, err, "expected 1 to %d words", (int)LIMIT_COMMAND_WORDS);
    }
    struct expr *words = arena_array(builder->arena, az->count, sizeof(*words));
    for (uint32_t i = 0; i < az->count; i++) {
        const struct expr *word = NULL;
        if (!expr_build(builder, &az->as.items[i], &word, err)) {
            return false;
        }
        if (!word_is_safe(word)) {
            return json_refuse(&az->as.items[i], builder->file, err,
                               "only values with a shape (name, guid, address, ...) may stand in a command");
        }
        words[i] = *word;
    }
    run->words = words;
    run->count = az->count;
    return true;
}

static bool run_build(struct builder *builder, const struct run_source *source, struct handoff_run *run,
                      struct err *err)
{
    struct type element = {0};
    run->set = source->set;
    if (source->for_each != NULL) {
        if (!expr_build(builder, source->for_each, &run->for_each, err)) {
            return false;
        }
        const struct type *type = &run->for_each->type;
        if ((type->base != TYPE_LIST && type->base != TYPE_ROWS) || source->set != NULL) {
            return json_refuse(source->json, builder->file, err, "forEach takes a list or rows, and sets no variable");
        }
        element = type_element(type);
        builder->item = &element;
    }
    bool built = words_build(builder, source->az, run, err);
    builder->item = NULL;
    return built && cond_build(builder, source->when, &run->when, err);
}

static bool name_fits(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t size = strspn(name, letters);
    return size > 0 && name[size] == '\0' && !(name[0] >= '0' && name[0] <= '9');
}

/* The names of shell variables are pasted too, and one that nobody set would be pasted as nothing. */
static bool variables_fit(struct builder *builder, const struct handoff_source *source, size_t index, struct err *err)
{
    const struct run_source *runs = source->run.items;
    const struct json *az = runs[index].az;
    if (runs[index].set != NULL && !name_fits(runs[index].set)) {
        return json_refuse(json_find(runs[index].json, "set"), builder->file, err, "expected a-z, A-Z, 0-9 and _");
    }
    for (uint32_t i = 0; i < az->count; i++) {
        const struct json *word = &az->as.items[i];
        bool is_set = word->type != JSON_TEXT || word->as.text[0] != '@';
        for (size_t k = 0; k < index && !is_set; k++) {
            is_set = text_same(runs[k].set, word->as.text + 1);
        }
        if (!is_set) {
            return json_refuse(word, builder->file, err, "no command before sets \"%s\"", word->as.text + 1);
        }
    }
    return true;
}

/* place: NULL-ended names that lead to its texts, with room for one more behind them. */
static bool texts_build(struct builder *builder, const struct json *owner, const char **place, struct handoff *handoff,
                        struct err *err)
{
    const char **last = place;
    while (*last != NULL) {
        last++;
    }
    *last = "title";
    if (!said_build(builder, owner, "title", place, &handoff->title, err)) {
        return false;
    }
    *last = "why";
    return said_build(builder, owner, "why", place, &handoff->why, err);
}

static bool runs_build(struct builder *builder, const struct handoff_source *source, struct handoff *handoff,
                       struct err *err)
{
    const struct run_source *sources = source->run.items;
    struct handoff_run *runs = arena_array(builder->arena, source->run.count, sizeof(*runs));
    for (size_t i = 0; i < source->run.count; i++) {
        if (!run_build(builder, &sources[i], &runs[i], err) || !variables_fit(builder, source, i, err)) {
            return false;
        }
    }
    handoff->runs = runs;
    handoff->run_count = source->run.count;
    return true;
}

bool handoffs_build(struct builder *builder, struct err *err)
{
    const struct handoff_source *sources = builder->source->handoffs.items;
    size_t count = builder->source->handoffs.count;
    struct handoff *handoffs = arena_array(builder->arena, count, sizeof(*handoffs));
    for (size_t i = 0; i < count; i++) {
        const char *place[] = {"handoffs", sources[i].name, NULL, NULL};
        if (sources[i].use != NULL || sources[i].id != NULL) {
            return json_refuse(sources[i].json, builder->file, err, "a named hand-over has no \"use\" and no \"id\"");
        }
        if (!runs_build(builder, &sources[i], &handoffs[i], err) ||
            !texts_build(builder, sources[i].json, place, &handoffs[i], err)) {
            return false;
        }
    }
    builder->handoffs = handoffs;
    return true;
}

static bool use_build(struct builder *builder, const struct handoff_source *here, struct handoff *ret_handoff,
                      struct err *err)
{
    const struct handoff_source *named = builder->source->handoffs.items;
    for (size_t i = 0; here->json->count == 1 && i < builder->source->handoffs.count; i++) {
        if (text_same(named[i].name, here->use)) {
            *ret_handoff = builder->handoffs[i];
            return true;
        }
    }
    return json_refuse(here->json, builder->file, err, "expected \"use\" alone, with a name of \"handoffs\"");
}

bool handoff_build(struct builder *builder, const char *finding, const struct handoff_source *here,
                   struct handoff *ret_handoff, struct err *err)
{
    const char *place[] = {"findings", finding, "handoff", here->id, NULL, NULL};
    struct handoff handoff = {0};
    if (here->use != NULL) {
        return use_build(builder, here, ret_handoff, err);
    }
    if (!id_given(builder, here->json, here->id, err) || !runs_build(builder, here, &handoff, err) ||
        !texts_build(builder, here->json, place, &handoff, err)) {
        return false;
    }
    *ret_handoff = handoff;
    return true;
}
