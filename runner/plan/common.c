/* SPDX-License-Identifier: MIT */
/*
 * common.json: what several playbooks mean alike, said once. A playbook with "uses": ["common"] has its names as if
 * they stood in it; only what it names is taken, and a name of its own goes first.
 */
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

static void note_names(struct arena *arena, struct map *names, const struct json *object)
{
    for (uint32_t i = 0; object != NULL && i < object->count; i++) {
        map_set(arena, names, object->as.items[i].name, (void *)(uintptr_t)(i + 1));
    }
}

bool conditions_fit(const struct json *conditions, const char *file, struct err *err)
{
    return conditions == NULL || (json_want(conditions, JSON_OBJECT, file, err) &&
                                  (conditions->count <= LIMIT_ENTRIES ||
                                   json_refuse(conditions, file, err, "at most %d conditions", (int)LIMIT_ENTRIES)));
}

bool common_load(const struct plan_source *from, struct arena *arena, struct common *ret_common, struct err *err)
{
    const struct json_source origin = {.file = from->file, .limit = LIMIT_PLAYBOOK_BYTES};
    struct common common = {.file = from->file};
    const struct json *document = from->document;
    if ((document == NULL && !json_load(from->bytes, from->size, &origin, arena, &document, err)) ||
        !version_read(document, from->file, arena, &document, err) ||
        !fields_decode(&common_fields, document, from->file, arena, &common.source, err) ||
        !texts_load(from->texts, from->file, common.source.id, arena, &common.texts, err)) {
        return false;
    }
    const struct json *conditions = common.source.conditions;
    if (!conditions_fit(conditions, from->file, err) || !conditions_fit(common.source.filters, from->file, err)) {
        return false;
    }
    note_names(arena, &common.fact_names, json_find(document, "facts"));
    note_names(arena, &common.value_names, json_find(document, "values"));
    note_names(arena, &common.condition_names, conditions);
    *ret_common = common;
    return true;
}

bool common_uses(const struct playbook_source *source, const char *file, const struct common *common,
                 struct builder *builder, struct err *err)
{
    for (size_t i = 0; i < source->uses.count; i++) {
        if (!text_same(source->uses.items[i], COMMON_NAME)) {
            return json_refuse(json_find(source->json, "uses"), file, err, "expected \"" COMMON_NAME "\"");
        }
        if (common == NULL) {
            return json_refuse(json_find(source->json, "uses"), file, err, "there is no " COMMON_NAME ".json here");
        }
        builder->common = common;
        builder->common_texts = common->texts;
    }
    return true;
}

struct place place_enter(struct builder *builder, bool is_common)
{
    struct place outer = {builder->file, builder->texts};
    builder->file = is_common ? builder->common->file : builder->own_file;
    builder->texts = is_common ? &builder->common_texts : &builder->own_texts;
    return outer;
}

void place_leave(struct builder *builder, struct place outer)
{
    builder->file = outer.file;
    builder->texts = outer.texts;
}

/* The index of a name in a map; false: it is not there. */
static bool find(const struct map *names, const char *name, uint32_t *ret_index)
{
    const void *found = map_find(names, name);
    if (found != NULL) {
        *ret_index = (uint32_t)((uintptr_t)found - 1);
    }
    return found != NULL;
}

static void name_it(struct builder *builder, struct map *names, const char *name, uint32_t index)
{
    map_set(builder->arena, names, name, (void *)((uintptr_t)index + 1));
}

bool fact_find(struct builder *builder, const char *name, uint32_t *ret_index)
{
    uint32_t from = 0;
    if (find(&builder->fact_names, name, ret_index)) {
        return true;
    }
    if (builder->common == NULL || !find(&builder->common->fact_names, name, &from)) {
        return false;
    }
    const struct fact_source *source = (const struct fact_source *)builder->common->source.facts.items + from;
    *ret_index = (uint32_t)builder->playbook.fact_count++;
    builder->fact_sources[*ret_index] = source;
    name_it(builder, &builder->fact_names, source->id, *ret_index);
    return true;
}

bool value_find(struct builder *builder, const char *name, uint32_t *ret_index)
{
    uint32_t from = 0;
    if (find(&builder->value_names, name, ret_index)) {
        return true;
    }
    if (builder->common == NULL || !find(&builder->common->value_names, name, &from)) {
        return false;
    }
    const struct value_source *source = (const struct value_source *)builder->common->source.values.items + from;
    *ret_index = (uint32_t)builder->playbook.value_count++;
    builder->value_sources[*ret_index] = source;
    name_it(builder, &builder->value_names, source->id, *ret_index);
    return true;
}

/* Built at once: nothing that names it has to wait for it. */
static bool condition_take(struct builder *builder, const struct json *json, uint32_t *ret_index, struct err *err)
{
    if (builder->resolving >= LIMIT_REFERENCE_DEPTH) {
        return json_refuse(json, builder->common->file, err, "conditions refer to each other more than %d deep",
                           (int)LIMIT_REFERENCE_DEPTH);
    }
    uint32_t index = (uint32_t)builder->playbook.condition_count++;
    builder->condition_sources[index] = json;
    builder->conditions[index].id = json->name;
    name_it(builder, &builder->condition_names, json->name, index);
    const struct type *item = builder->item;
    struct place outer = place_enter(builder, true);
    builder->item = NULL;
    builder->resolving++;
    bool built = cond_build(builder, json, &builder->conditions[index].cond, err);
    builder->resolving--;
    builder->item = item;
    place_leave(builder, outer);
    *ret_index = index;
    return built;
}

bool condition_find(struct builder *builder, const struct json *at, const char *name, uint32_t *ret_index,
                    struct err *err)
{
    uint32_t from = 0;
    if (find(&builder->condition_names, name, ret_index)) {
        return true;
    }
    if (builder->common != NULL && find(&builder->common->condition_names, name, &from)) {
        return condition_take(builder, &builder->common->source.conditions->as.items[from], ret_index, err);
    }
    return json_refuse(at, builder->file, err, "there is no condition \"%s\" in this playbook", name);
}

const struct json *filter_find(struct builder *builder, const char *name, bool *ret_is_common)
{
    const struct json *own = builder->source->filters;
    uint32_t index = 0;
    for (uint32_t i = 0; own != NULL && i < own->count; i++) {
        if (text_same(own->as.items[i].name, name)) {
            builder->filters_used[i] = true;
            *ret_is_common = false;
            return &own->as.items[i];
        }
    }
    if (builder->common == NULL || find(&builder->condition_names, name, &index)) {
        return NULL;
    }
    *ret_is_common = true;
    return json_find(builder->common->source.filters, name);
}

bool filters_end(const struct builder *builder, struct err *err)
{
    const struct json *own = builder->source->filters;
    uint32_t index = 0;
    for (uint32_t i = 0; own != NULL && i < own->count; i++) {
        if (find(&builder->condition_names, own->as.items[i].name, &index)) {
            return json_refuse(&own->as.items[i], builder->own_file, err, "a condition has this name, too");
        }
        if (!builder->filters_used[i]) {
            return json_refuse(&own->as.items[i], builder->own_file, err, "no where names this filter");
        }
    }
    return true;
}
