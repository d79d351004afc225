/* SPDX-License-Identifier: MIT */
/* What to do outside the VM: named ones, which are built once however many findings use them, and those of a finding.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* An inserted element must have a shape: an administrator pastes it, and IMDS text is hostile. A list is so many words,
 * and inside a word its elements with ',' between. */
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
        if (word->form == EXPR_LIST || !word_is_safe(&word->items[i])) {
            return false;
        }
    }
    return true;
}

static bool word_build(struct builder *builder, const struct json *at, struct expr *ret_word, struct err *err)
{
    const struct expr *word = NULL;
    if (!expr_build(builder, at, &word, err)) {
        return false;
    }
    if (!word_is_safe(word)) {
        return json_refuse(at, builder->file, err,
                           "only values with a shape (name, guid, address, ...) may stand in a command");
    }
    *ret_word = *word;
    return true;
}

/* az NULL: none. */
static bool words_build(struct builder *builder, const struct json *az, const struct expr **ret_words,
                        size_t *ret_count, struct err *err)
{
    if (az == NULL) {
        return true;
    }
    if (az->count == 0 || az->count > LIMIT_COMMAND_WORDS) {
        return json_refuse(az, builder->file, err, "expected 1 to %d words", (int)LIMIT_COMMAND_WORDS);
    }
    struct expr *words = arena_array(builder->arena, az->count, sizeof(*words));
    for (uint32_t i = 0; i < az->count; i++) {
        if (!word_build(builder, &az->as.items[i], &words[i], err)) {
            return false;
        }
    }
    *ret_words = words;
    *ret_count = az->count;
    return true;
}

static bool value_build(struct builder *builder, const struct json *is, struct handoff_run *run, struct err *err)
{
    struct expr *word = arena_alloc(builder->arena, sizeof(*word));
    run->is_value = true;
    run->words = word;
    run->count = 1;
    return word_build(builder, is, word, err) &&
           (word->type.base != TYPE_LIST || json_refuse(is, builder->file, err, "a variable takes one word, no list"));
}

static bool commands_build(struct builder *builder, const struct run_source *source, struct handoff_run *run,
                           struct err *err)
{
    if (source->is != NULL) {
        return value_build(builder, source->is, run, err);
    }
    return words_build(builder, source->az, &run->words, &run->count, err) &&
           words_build(builder, source->unless, &run->unless, &run->unless_count, err);
}

static bool run_build(struct builder *builder, const struct run_source *source, struct handoff_run *run,
                      struct err *err)
{
    struct type element = {0};
    run->set = source->set;
    run->expect = (enum expect)source->expect;
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
    bool built = commands_build(builder, source, run, err);
    builder->item = NULL;
    return built && cond_build(builder, source->when, &run->when, err);
}

/* Names that PowerShell keeps for itself, whatever their case, and the one of what `unless` finds. */
static const char *const kept_names[] = {"args", "error",   "event", "failed", "false",   "foreach", "found",
                                         "home", "host",    "ifs",   "input",  "matches", "null",    "path",
                                         "pid",  "profile", "pwd",   "sender", "shell",   "shellid", "switch",
                                         "this", "true",    "uid",   NULL};

static bool name_fits(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t size = strspn(name, letters);
    bool is_kept = false;
    for (size_t i = 0; kept_names[i] != NULL; i++) {
        is_kept = is_kept || text_equal(kept_names[i], name);
    }
    return !is_kept && size > 0 && name[size] == '\0' && !(name[0] >= '0' && name[0] <= '9');
}

/* The commands of one hand-over while they are put together. */
struct runs {
    struct builder *builder;
    const char **place;      /* NULL-ended names that lead to its texts, with room for two more behind them */
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
        if (source.set != NULL || source.for_each != NULL || source.stop != NULL || source.expect == EXPECT_NOTHING) {
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

/* A command before sets it, or a lookup of that name comes first: what nobody set would be pasted as nothing. */
static bool variable_fits(struct runs *runs, const struct json *at, const char *name, struct err *err)
{
    bool found = is_set(runs, name);
    if (!found && !lookup_find(runs, name, &found, err)) {
        return false;
    }
    return found || json_refuse(at, runs->builder->file, err, "no command before sets \"%s\"", name);
}

/* "@name", or "@{name}" anywhere. */
static bool word_variables_fit(struct runs *runs, const struct json *word, struct err *err)
{
    const char *text = word->type == JSON_TEXT ? word->as.text : "";
    if (text[0] == '@' && text[1] != '{') {
        return variable_fits(runs, word, text + 1, err);
    }
    for (const char *at = strstr(text, "@{"); at != NULL; at = strstr(at + 2, "@{")) {
        const char *end = strchr(at, '}');
        const char *name = end != NULL ? arena_copy(runs->builder->arena, at + 2, (size_t)(end - at - 2)) : at;
        if (!variable_fits(runs, word, name, err)) {
            return false;
        }
    }
    return true;
}

static bool words_variables_fit(struct runs *runs, const struct json *words, struct err *err)
{
    if (words == NULL) {
        return true;
    }
    if (!json_want(words, JSON_ARRAY, runs->builder->file, err)) {
        return false;
    }
    for (uint32_t i = 0; i < words->count; i++) {
        if (!word_variables_fit(runs, &words->as.items[i], err)) {
            return false;
        }
    }
    return true;
}

/* What goes with what: a value or a command; a guard says why it stops. */
static bool members_fit(struct builder *builder, const struct run_source *source, struct err *err)
{
    const struct json *set = json_find(source->json, "set");
    if (source->set != NULL && !name_fits(source->set)) {
        return json_refuse(set != NULL ? set : source->json, builder->file, err,
                           "expected a-z, A-Z, 0-9 and _, and no name that a shell keeps for itself");
    }
    if ((source->is == NULL) == (source->az == NULL)) {
        return json_refuse(source->json, builder->file, err, "expected one of \"az\" and \"is\"");
    }
    if (source->set == NULL && (source->is != NULL || source->stop != NULL || source->expect != EXPECT_SOMETHING)) {
        return json_refuse(source->json, builder->file, err, "\"is\", \"expect\" and \"stop\" need \"set\"");
    }
    if (source->unless != NULL && source->set != NULL) {
        return json_refuse(source->json, builder->file, err, "a command that sets a variable always runs");
    }
    return true;
}

/* Why nothing after it runs: a guard says it, and what is only looked for may. */
static bool stop_build(struct runs *runs, const struct run_source *source, struct said *ret_stop, struct err *err)
{
    const char **end = runs->place;
    bool is_asked = runs->depth == 0 && source->set != NULL && source->expect != EXPECT_ANYTHING;
    while (*end != NULL) {
        end++;
    }
    end[0] = "stop";
    end[1] = source->set;
    bool built =
        !is_asked || (source->expect == EXPECT_NOTHING
                          ? said_build(runs->builder, source->json, "stop", runs->place, ret_stop, err)
                          : said_build_optional(runs->builder, source->json, "stop", runs->place, ret_stop, err));
    end[0] = end[1] = NULL;
    return built;
}

static bool variables_fit(struct runs *runs, const struct run_source *source, struct err *err)
{
    return members_fit(runs->builder, source, err) &&
           (source->is == NULL || word_variables_fit(runs, source->is, err)) &&
           words_variables_fit(runs, source->az, err) && words_variables_fit(runs, source->unless, err);
}

static bool read_commands(struct builder *builder, struct run_source *source, struct err *err)
{
    return (source->az == NULL || command_read(builder, source->az, &source->az, err)) &&
           (source->unless == NULL || command_read(builder, source->unless, &source->unless, err));
}

/* A command behind the lookups that it needs. */
static bool run_add(struct runs *runs, const struct run_source *written, struct err *err)
{
    struct handoff_run run = {0};
    struct run_source source = *written;
    if (!read_commands(runs->builder, &source, err) || !variables_fit(runs, &source, err) ||
        !stop_build(runs, &source, &run.stop, err) || !run_build(runs->builder, &source, &run, err)) {
        return false;
    }
    if (runs->items.count >= LIMIT_ENTRIES) {
        return json_refuse(source.json, runs->builder->file, err, "more than %d commands", (int)LIMIT_ENTRIES);
    }
    *(struct handoff_run *)arena_push(runs->builder->arena, &runs->items, sizeof(run)) = run;
    return true;
}

/* place: NULL-ended names that lead to its texts, with room for one more behind them. */
static bool texts_build(struct builder *builder, const struct handoff_source *source, const char **place,
                        struct handoff *handoff, struct err *err)
{
    const struct {
        const char *name;
        struct said *said;
        bool (*build)(struct builder *, const struct json *, const char *, const char *const *, struct said *,
                      struct err *);
    } rows[] = {{"title", &handoff->title, said_build},
                {"why", &handoff->why, said_build},
                {"effect", &handoff->effect, said_build_optional},
                {"back", &handoff->back, said_build_optional}};
    const char **last = place;
    while (*last != NULL) {
        last++;
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        *last = rows[i].name;
        if (!rows[i].build(builder, source->json, rows[i].name, place, rows[i].said, err)) {
            return false;
        }
    }
    *last = NULL;
    handoff->page = source->page;
    return source->page == NULL || text_starts(source->page, "https://") ||
           json_refuse(json_find(source->json, "page"), builder->file, err, "expected an address with https://");
}

static bool runs_build(struct builder *builder, const struct handoff_source *source, const char **place,
                       struct handoff *handoff, struct err *err)
{
    const struct run_source *sources = source->run.items;
    struct runs runs = {.builder = builder, .place = place};
    for (size_t i = 0; i < source->run.count; i++) {
        if (!run_add(&runs, &sources[i], err)) {
            return false;
        }
    }
    handoff->runs = runs.items.items;
    handoff->run_count = runs.items.count;
    return true;
}

static bool whole_build(struct builder *builder, const struct handoff_source *source, const char **place,
                        struct handoff *ret_handoff, struct err *err)
{
    return cond_build(builder, source->when, &ret_handoff->when, err) &&
           runs_build(builder, source, place, ret_handoff, err) &&
           texts_build(builder, source, place, ret_handoff, err);
}

static bool named_build(struct builder *builder, const struct handoff_source *source, struct handoff *ret_handoff,
                        struct err *err)
{
    const char *place[] = {"handoffs", source->name, NULL, NULL, NULL};
    if (source->use != NULL || source->id != NULL) {
        return json_refuse(source->json, builder->file, err, "a named hand-over has no \"use\" and no \"id\"");
    }
    return whole_build(builder, source, place, ret_handoff, err);
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
    const char *place[] = {"findings", finding, "handoff", here->id, NULL, NULL, NULL};
    struct handoff handoff = {0};
    if (here->use != NULL) {
        return use_build(builder, here, ret_handoff, err);
    }
    if (!id_given(builder, here->json, here->id, err) || !whole_build(builder, here, place, &handoff, err)) {
        return false;
    }
    *ret_handoff = handoff;
    return true;
}
