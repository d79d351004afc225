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

/* The commands of one hand-over while they are put together. */
struct runs {
    struct builder *builder;
    struct arena_list items; /* struct handoff_run */
    unsigned depth;          /* of lookups that need lookups */
};

static bool is_set(const struct runs *runs, const char *name)
{
    const struct handoff_run *items = runs->items.items;
    for (size_t i = 0; i < runs->items.count; i++) {
        if (text_same(items[i].set, name)) {
            return true;
        }
    }
    return false;
}

static bool run_add(struct runs *runs, const struct run_source *source, struct err *err);

/* The commands of a lookup, each of which sets the variable of its name. */
static bool lookup_add(struct runs *runs, const struct json *lookup, struct err *err)
{
    struct builder *builder = runs->builder;
    if (!json_want(lookup, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < lookup->count; i++) {
        const struct json *json = &lookup->as.items[i];
        struct run_source source = {0};
        if (!fields_decode(&run_fields, json, builder->file, builder->arena, &source, err)) {
            return false;
        }
        if (source.set != NULL || source.for_each != NULL) {
            return json_refuse(json, builder->file, err, "a lookup sets the variable of its name, once");
        }
        source.set = lookup->name;
        if (!run_add(runs, &source, err)) {
            return false;
        }
    }
    return true;
}

/* One of the playbook, else of common; ret_found says whether there is one. */
static bool lookup_find(struct runs *runs, const char *name, bool *ret_found, struct err *err)
{
    struct builder *builder = runs->builder;
    const struct json *own = builder->source->lookups;
    const struct json *lookup = own != NULL ? json_find(own, name) : NULL;
    const struct json *common = builder->common != NULL ? builder->common->source.lookups : NULL;
    bool is_common = lookup == NULL && common != NULL;
    lookup = is_common ? json_find(common, name) : lookup;
    *ret_found = lookup != NULL;
    if (lookup == NULL) {
        return true;
    }
    if (runs->depth >= LIMIT_REFERENCE_DEPTH) {
        return json_refuse(lookup, builder->file, err, "lookups need each other more than %d deep",
                           (int)LIMIT_REFERENCE_DEPTH);
    }
    struct place outer = place_enter(builder, is_common);
    runs->depth++;
    bool added = lookup_add(runs, lookup, err);
    runs->depth--;
    place_leave(builder, outer);
    return added;
}

/*
 * The names of shell variables are pasted too, and one that nobody set would be pasted as nothing: a command before
 * sets it, or a lookup of that name comes first.
 */
static bool variables_fit(struct runs *runs, const struct run_source *source, struct err *err)
{
    struct builder *builder = runs->builder;
    if (source->set != NULL && !name_fits(source->set)) {
        const struct json *said = json_find(source->json, "set");
        return json_refuse(said != NULL ? said : source->json, builder->file, err, "expected a-z, A-Z, 0-9 and _");
    }
    if (!json_want(source->az, JSON_ARRAY, builder->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < source->az->count; i++) {
        const struct json *word = &source->az->as.items[i];
        bool found = word->type != JSON_TEXT || word->as.text[0] != '@' || is_set(runs, word->as.text + 1);
        if (!found && !lookup_find(runs, word->as.text + 1, &found, err)) {
            return false;
        }
        if (!found) {
            return json_refuse(word, builder->file, err, "no command before sets \"%s\"", word->as.text + 1);
        }
    }
    return true;
}

/* A command behind the lookups that it needs. */
static bool run_add(struct runs *runs, const struct run_source *written, struct err *err)
{
    struct handoff_run run = {0};
    struct run_source read = *written;
    const struct run_source *source = &read;
    if (!command_read(runs->builder, read.az, &read.az, err) || !variables_fit(runs, source, err) ||
        !run_build(runs->builder, source, &run, err)) {
        return false;
    }
    if (runs->items.count >= LIMIT_ENTRIES) {
        return json_refuse(source->json, runs->builder->file, err, "more than %d commands", (int)LIMIT_ENTRIES);
    }
    *(struct handoff_run *)arena_push(runs->builder->arena, &runs->items, sizeof(run)) = run;
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
    struct runs runs = {.builder = builder};
    for (size_t i = 0; i < source->run.count; i++) {
        if (!run_add(&runs, &sources[i], err)) {
            return false;
        }
    }
    handoff->runs = runs.items.items;
    handoff->run_count = runs.items.count;
    return true;
}

static bool named_build(struct builder *builder, const struct handoff_source *source, struct handoff *ret_handoff,
                        struct err *err)
{
    const char *place[] = {"handoffs", source->name, NULL, NULL};
    if (source->use != NULL || source->id != NULL) {
        return json_refuse(source->json, builder->file, err, "a named hand-over has no \"use\" and no \"id\"");
    }
    return runs_build(builder, source, ret_handoff, err) && texts_build(builder, source->json, place, ret_handoff, err);
}

bool handoffs_build(struct builder *builder, struct err *err)
{
    const struct handoff_source *sources = builder->source->handoffs.items;
    size_t count = builder->source->handoffs.count;
    struct handoff *handoffs = arena_array(builder->arena, count, sizeof(*handoffs));
    for (size_t i = 0; i < count; i++) {
        if (!named_build(builder, &sources[i], &handoffs[i], err)) {
            return false;
        }
    }
    builder->handoffs = handoffs;
    return true;
}

/* The first of these that has the name, or NULL. */
static const struct handoff_source *find_named(const struct field_list *list, const char *name)
{
    const struct handoff_source *sources = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (text_same(sources[i].name, name)) {
            return &sources[i];
        }
    }
    return NULL;
}

static bool use_build(struct builder *builder, const struct handoff_source *here, struct handoff *ret_handoff,
                      struct err *err)
{
    const struct handoff_source *own = find_named(&builder->source->handoffs, here->use);
    const struct handoff_source *common =
        builder->common != NULL ? find_named(&builder->common->source.handoffs, here->use) : NULL;
    if ((here->json->type != JSON_TEXT && here->json->count != 1) || (own == NULL && common == NULL)) {
        return json_refuse(here->json, builder->file, err, "expected \"use\" alone, with a name of \"handoffs\"");
    }
    if (own != NULL) {
        *ret_handoff = builder->handoffs[own - (const struct handoff_source *)builder->source->handoffs.items];
        return true;
    }
    struct place outer = place_enter(builder, true);
    bool built = named_build(builder, common, ret_handoff, err);
    place_leave(builder, outer);
    return built;
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
