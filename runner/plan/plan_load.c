/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "plan/builder.h"

/* What is still open of a playbook that is read. */
struct open_parts {
    struct parameter *parameters; /* for given values */
    struct finding_list findings; /* for classes */
};

struct set {
    const struct plan_table *tables;
    size_t table_count;
    const struct common *common; /* NULL: there is none */
    const struct plan_source *sources;
    struct playbook *playbooks; /* of each source, where it is included */
    struct open_parts *open;    /* of each */
    bool *included;             /* read, and to be run */
    size_t count;
};

/* --- one playbook --- */

static bool name_is_free(struct builder *builder, const struct json *at, const char *name, struct err *err)
{
    static const char *const reserved[] = {"values", "parameters", "item", NULL};
    for (const char *letter = name; *letter != '\0'; letter++) {
        bool word = (*letter >= 'a' && *letter <= 'z') || (*letter >= 'A' && *letter <= 'Z') ||
                    (*letter >= '0' && *letter <= '9') || *letter == '_';
        if (!word) {
            return json_refuse(at, builder->file, err, "a name has letters, digits and _ only");
        }
    }
    if (name[0] == '\0' || text_word(reserved, name) >= 0) {
        return json_refuse(at, builder->file, err, "\"%s\" cannot be a name here", name);
    }
    return true;
}

/* Names to index + 1; the documents' own duplicates are refused by the scan. */
static bool register_names(struct builder *builder, const struct json *object, struct map *names, struct err *err)
{
    for (uint32_t i = 0; object != NULL && i < object->count; i++) {
        const struct json *member = &object->as.items[i];
        if (!name_is_free(builder, member, member->name, err)) {
            return false;
        }
        map_set(builder->arena, names, member->name, (void *)(uintptr_t)(i + 1));
    }
    return true;
}

/* The id stands in front of a parameter's name, "id.name", and in results. */
static bool id_is_well_formed(struct builder *builder, const struct playbook_source *source, struct err *err)
{
    size_t size = strspn(source->id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return (size > 0 && source->id[size] == '\0') ||
           json_refuse(json_find(source->json, "id"), builder->file, err, "expected a-z, 0-9 and -");
}

/* Room for the playbook's own and for all of common, of which what is named is taken. */
static void begin_nodes(struct builder *builder, const struct playbook_source *source)
{
    struct arena *arena = builder->arena;
    const struct playbook_source none = {0};
    const struct playbook_source *common = builder->common != NULL ? &builder->common->source : &none;
    size_t facts = source->facts.count + common->facts.count;
    size_t values = source->values.count + common->values.count;
    size_t conditions = builder->own_conditions + (common->conditions != NULL ? common->conditions->count : 0);
    builder->facts = arena_array(arena, facts, sizeof(*builder->facts));
    builder->fact_states = arena_array(arena, facts, sizeof(*builder->fact_states));
    builder->fact_sources = arena_array(arena, facts, sizeof(const struct fact_source *));
    builder->values = arena_array(arena, values, sizeof(*builder->values));
    builder->value_states = arena_array(arena, values, sizeof(*builder->value_states));
    builder->value_sources = arena_array(arena, values, sizeof(const struct value_source *));
    builder->conditions = arena_array(arena, conditions, sizeof(*builder->conditions));
    builder->condition_visits = arena_array(arena, conditions, sizeof(*builder->condition_visits));
    builder->condition_sources = arena_array(arena, conditions, sizeof(const struct json *));
    for (size_t i = 0; i < source->facts.count; i++) {
        builder->fact_sources[i] = (const struct fact_source *)source->facts.items + i;
    }
    for (size_t i = 0; i < source->values.count; i++) {
        builder->value_sources[i] = (const struct value_source *)source->values.items + i;
    }
    for (uint32_t i = 0; i < builder->own_conditions; i++) {
        builder->condition_sources[i] = &source->conditions->as.items[i];
    }
}

static bool begin(struct builder *builder, const struct playbook_source *source, struct err *err)
{
    const struct json *conditions = source->conditions;
    if (!conditions_fit(conditions, builder->file, err) || !conditions_fit(source->filters, builder->file, err)) {
        return false;
    }
    builder->filters_used =
        arena_array(builder->arena, source->filters != NULL ? source->filters->count : 0, sizeof(bool));
    builder->source = source;
    builder->own_facts = (uint32_t)source->facts.count;
    builder->own_values = (uint32_t)source->values.count;
    builder->own_conditions = conditions != NULL ? conditions->count : 0;
    builder->playbook.fact_count = builder->own_facts;
    builder->playbook.value_count = builder->own_values;
    builder->playbook.condition_count = builder->own_conditions;
    begin_nodes(builder, source);
    return register_names(builder, json_find(source->json, "facts"), &builder->fact_names, err) &&
           register_names(builder, json_find(source->json, "values"), &builder->value_names, err) &&
           register_names(builder, conditions, &builder->condition_names, err) &&
           register_names(builder, json_find(source->json, "parameters"), &builder->parameter_names, err);
}

static bool build_nodes(struct builder *builder, struct err *err)
{
    for (uint32_t i = 0; i < builder->own_facts; i++) {
        if (!fact_resolve(builder, i, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < builder->own_values; i++) {
        if (!value_resolve(builder, i, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < builder->own_conditions; i++) {
        const struct json *json = builder->condition_sources[i];
        builder->conditions[i].id = json->name;
        if (!cond_build(builder, json, &builder->conditions[i].cond, err)) {
            return false;
        }
    }
    return true;
}

/* The inputs of a fact may name others of common, which come behind it. */
static bool build_inputs(struct builder *builder, struct err *err)
{
    for (uint32_t i = 0; i < builder->playbook.fact_count; i++) {
        if (!fact_build_inputs(builder, i, err)) {
            return false;
        }
    }
    return true;
}

/* What refers to facts, values and conditions, and may take more of them from common. */
static bool build_rest(struct builder *builder, const struct json *document, struct err *err)
{
    static const char *const title[] = {"title", NULL};
    return cond_build(builder, builder->source->applies_to, &builder->playbook.applies_to, err) &&
           said_build(builder, document, "title", title, &builder->playbook.title, err) &&
           handoffs_build(builder, err) && choices_build(builder, err) && named_refusals_build(builder, err) &&
           findings_build(builder, err);
}

/* "a; b; c" of a list. */
static bool source_add(struct builder *builder, const struct json *one, struct buf *all, struct err *err)
{
    if (!json_want(one, JSON_TEXT, builder->file, err)) {
        return false;
    }
    buf_format(all, "%s%s", all->size > 0 ? "; " : "", one->as.text);
    return !all->failed ||
           json_refuse(one, builder->file, err, "at most %d bytes, all together", (int)LIMIT_TEXT_BYTES);
}

static bool source_build(struct builder *builder, struct err *err)
{
    const struct json *source = builder->source->source;
    bool is_list = source->type == JSON_ARRAY;
    struct buf all AUTO(buf_clear) = {0};
    buf_init(&all, LIMIT_TEXT_BYTES);
    for (uint32_t i = 0; i < (is_list ? source->count : 1); i++) {
        if (!source_add(builder, is_list ? &source->as.items[i] : source, &all, err)) {
            return false;
        }
    }
    builder->playbook.source = arena_copy(builder->arena, buf_whole(&all), all.size);
    return true;
}

static void fill(struct builder *builder, const struct plan_source *from)
{
    const struct playbook_source *source = builder->source;
    struct playbook *playbook = &builder->playbook;
    playbook->id = source->id;
    playbook->version = source->version;
    playbook->file = from->file;
    playbook->sha256 = from->sha256;
    playbook->after = source->after.items;
    playbook->after_count = source->after.count;
    playbook->requires = source->requires.items;
    playbook->requires_count = source->requires.count;
    playbook->facts = builder->facts;
    playbook->values = builder->values;
    playbook->conditions = builder->conditions;
}

static bool playbook_load(const struct plan_source *from, const struct set *set, struct arena *arena,
                          struct playbook *ret_playbook, struct open_parts *ret_open, struct err *err)
{
    struct json_source origin = {.file = from->file, .limit = LIMIT_PLAYBOOK_BYTES};
    const struct json *document = from->document;
    struct playbook_source source = {0};
    struct builder builder = {.arena = arena,
                              .file = from->file,
                              .own_file = from->file,
                              .tables = set->tables,
                              .table_count = set->table_count};
    builder.texts = &builder.own_texts;
    if ((document == NULL && !json_load(from->bytes, from->size, &origin, arena, &document, err)) ||
        !version_read(document, from->file, arena, &document, err) ||
        !fields_decode(&playbook_fields, document, from->file, arena, &source, err) ||
        !id_is_well_formed(&builder, &source, err) ||
        !texts_load(from->texts, from->file, source.id, arena, &builder.own_texts, err) ||
        !common_uses(&source, from->file, set->common, &builder, err) || !begin(&builder, &source, err) ||
        !source_build(&builder, err) || !parameters_build(&builder, err) || !build_nodes(&builder, err) ||
        !build_rest(&builder, document, err) || !build_inputs(&builder, err) || !filters_end(&builder, err) ||
        !graph_build(&builder, err) || !texts_end(&builder.own_texts, err)) {
        return false;
    }
    fill(&builder, from);
    *ret_playbook = builder.playbook;
    *ret_open = (struct open_parts){builder.parameters, {builder.findings, builder.playbook.finding_count}};
    return true;
}

/* --- the set --- */

/* Among those that are read; set->count: none. */
static size_t find_playbook(const struct set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->included[i] && text_same(set->playbooks[i].id, id)) {
            return i;
        }
    }
    return set->count;
}

static bool include(struct set *set, size_t index, struct arena *arena, struct err *err)
{
    struct playbook *playbook = &set->playbooks[index];
    if (!playbook_load(&set->sources[index], set, arena, playbook, &set->open[index], err)) {
        return false;
    }
    size_t other = find_playbook(set, playbook->id);
    if (other < set->count) {
        return err_set(err, ERR_INVALID, 0, "%s: playbook \"%s\" is in %s too", playbook->file, playbook->id,
                       set->playbooks[other].file);
    }
    set->included[index] = true;
    return true;
}

/* One that another needs: already included, or at hand. */
static bool include_named(struct set *set, const struct playbook *by, const char *id, struct arena *arena,
                          struct err *err)
{
    if (find_playbook(set, id) < set->count) {
        return true;
    }
    for (size_t i = 0; i < set->count; i++) {
        if (!set->included[i] && !set->sources[i].is_common && set->sources[i].id != NULL &&
            text_same(set->sources[i].id, id)) {
            return include(set, i, arena, err);
        }
    }
    return err_set(err, ERR_INVALID, 0, "%s: requires playbook \"%s\", which is not here", by->file, id);
}

/* Those that are selected, then every playbook that an included one requires; at most one round a playbook. */
static bool load_set(struct set *set, struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->sources[i].selected && !set->sources[i].is_common && !include(set, i, arena, err)) {
            return false;
        }
    }
    for (size_t round = 0; round < set->count; round++) {
        for (size_t i = 0; i < set->count; i++) {
            const struct playbook *playbook = &set->playbooks[i];
            for (size_t k = 0; set->included[i] && k < playbook->requires_count; k++) {
                if (!include_named(set, playbook, playbook->requires[k], arena, err)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static bool waits(const struct set *set, const bool *placed, size_t index)
{
    const struct playbook *playbook = &set->playbooks[index];
    for (size_t k = 0; k < playbook->after_count; k++) {
        size_t before = find_playbook(set, playbook->after[k]);
        if (before < set->count && !placed[before]) {
            return true;
        }
    }
    return false;
}

/* `after` first, else as given: take the first that waits for nobody, again and again. */
static bool order(const struct set *set, struct arena *arena, struct plan *plan, struct err *err)
{
    struct playbook *ordered = arena_array(arena, set->count, sizeof(*ordered));
    bool *placed = arena_array(arena, set->count, sizeof(*placed));
    size_t wanted = 0;
    for (size_t i = 0; i < set->count; i++) {
        wanted += set->included[i] ? 1 : 0;
    }
    while (plan->count < wanted) {
        size_t next = 0;
        while (next < set->count && (!set->included[next] || placed[next] || waits(set, placed, next))) {
            next++;
        }
        if (next == set->count) {
            return err_set(err, ERR_INVALID, 0, "the playbooks' \"after\" form a circle");
        }
        placed[next] = true;
        ordered[plan->count++] = set->playbooks[next];
    }
    plan->playbooks = ordered;
    return true;
}

/* Every finding id once in a run: explainedBy and the result know findings by id alone. */
static bool ids_are_unique(const struct plan *plan, struct map *ids, struct arena *arena, struct err *err)
{
    for (size_t p = 0; p < plan->count; p++) {
        for (size_t f = 0; f < plan->playbooks[p].finding_count; f++) {
            const struct finding *finding = &plan->playbooks[p].findings[f];
            const char *other = map_find(ids, finding->id);
            if (other != NULL) {
                return err_set(err, ERR_INVALID, 0, "%s:%u: finding %s stands in %s too", plan->playbooks[p].file,
                               finding->line, finding->id, other);
            }
            map_set(arena, ids, finding->id, arena_text(arena, plan->playbooks[p].file));
        }
    }
    return true;
}

/* "playbook.name" or "name": given to every playbook of the run that has it. */
static bool is_meant(const struct playbook *playbook, const char *given, const char *parameter)
{
    const char *dot = strchr(given, '.');
    if (dot == NULL) {
        return text_same(given, parameter);
    }
    size_t size = strlen(playbook->id);
    return (size_t)(dot - given) == size && memcmp(given, playbook->id, size) == 0 && text_same(dot + 1, parameter);
}

static bool give_parameter(const struct set *set, const struct plan_parameter *given, struct arena *arena,
                           struct err *err)
{
    bool found = false;
    for (size_t p = 0; p < set->count; p++) {
        const struct playbook *playbook = &set->playbooks[p];
        for (size_t i = 0; set->included[p] && i < playbook->parameter_count; i++) {
            struct parameter *parameter = &set->open[p].parameters[i];
            if (!is_meant(playbook, given->name, parameter->column.name)) {
                continue;
            }
            found = true;
            if (given->is_secret && (parameter->column.flags & COLUMN_SECRET) == 0) {
                return err_set(err, ERR_INVALID, 0,
                               "parameter %s.%s: given as a secret, but its playbook would show it", playbook->id,
                               parameter->column.name);
            }
            if (!parameter_give(parameter, playbook->id, given->value, arena, err)) {
                return false;
            }
        }
    }
    return found || err_set(err, ERR_INVALID, 0, "no playbook of this run has a parameter \"%s\"", given->name);
}

/* Read when a playbook is there that may use it: a plan without one is nothing to run. */
static bool load_common(struct set *set, struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->sources[i].is_common) {
            struct common *common = arena_alloc(arena, sizeof(*common));
            set->common = common;
            return common_load(&set->sources[i], arena, common, err);
        }
    }
    return true;
}

static void resolve_classes(const struct set *set, struct arena *arena)
{
    struct finding_list *lists = arena_array(arena, set->count, sizeof(*lists));
    for (size_t i = 0; i < set->count; i++) {
        lists[i] = set->open[i].findings;
    }
    classes_resolve(lists, set->count, arena);
}

static bool load_clouds(const struct plan_source *sources, size_t source_count, struct arena *arena,
                        struct plan_table *tables, size_t count, struct err *err)
{
    for (size_t i = 0; i < source_count; i++) {
        if (sources[i].has_clouds && !clouds_load(&sources[i], tables, count, arena, err)) {
            return false;
        }
    }
    return true;
}

static void tell_clouds(const struct plan_source *sources, size_t count, struct arena *arena,
                        struct plan_clouds *ret_clouds)
{
    for (size_t i = 0; i < count; i++) {
        if (sources[i].has_clouds) {
            *ret_clouds = (struct plan_clouds){arena_text(arena, sources[i].file), sources[i].sha256};
        }
    }
}

/* Files of clouds last: their rows go to tables that are there. ret_count: of the tables. */
static bool load_tables(const struct plan_source *sources, size_t source_count, struct arena *arena,
                        struct plan_table *tables, size_t *ret_count, struct err *err)
{
    const char **files = arena_array(arena, source_count, sizeof(*files));
    size_t count = 0;
    for (size_t i = 0; i < source_count; i++) {
        if (sources[i].has_clouds) {
            continue;
        }
        if (!table_load(&sources[i], arena, &tables[count], err)) {
            return false;
        }
        for (size_t k = 0; k < count; k++) {
            if (text_same(tables[k].id, tables[count].id)) {
                return err_set(err, ERR_INVALID, 0, "%s: table \"%s\" is in %s too", sources[i].file, tables[count].id,
                               files[k]);
            }
        }
        files[count++] = sources[i].file;
    }
    *ret_count = count;
    return load_clouds(sources, source_count, arena, tables, count, err);
}

bool plan_load(const struct plan_source *tables, size_t table_count, const struct plan_source *playbooks,
               size_t playbook_count, const struct plan_parameter *parameters, size_t parameter_count,
               struct arena *arena, const struct plan **ret_plan, struct err *err)
{
    struct plan *plan = arena_alloc(arena, sizeof(*plan));
    struct map findings = {0};
    struct plan_table *loaded = arena_array(arena, table_count, sizeof(*loaded));
    struct set set = {.tables = loaded,
                      .sources = playbooks,
                      .playbooks = arena_array(arena, playbook_count, sizeof(*set.playbooks)),
                      .open = arena_array(arena, playbook_count, sizeof(*set.open)),
                      .included = arena_array(arena, playbook_count, sizeof(*set.included)),
                      .count = playbook_count};
    if (playbook_count > LIMIT_PLAYBOOKS) {
        return err_set(err, ERR_LIMIT, 0, "at most %d playbooks in one run", (int)LIMIT_PLAYBOOKS);
    }
    if (!load_tables(tables, table_count, arena, loaded, &set.table_count, err) || !load_common(&set, arena, err) ||
        !load_set(&set, arena, err)) {
        return false;
    }
    resolve_classes(&set, arena);
    tell_clouds(tables, table_count, arena, &plan->clouds);
    if (!order(&set, arena, plan, err) || !ids_are_unique(plan, &findings, arena, err) ||
        !explanations_end(plan, &findings, arena, err)) {
        return false;
    }
    for (size_t i = 0; i < parameter_count; i++) {
        if (!give_parameter(&set, &parameters[i], arena, err)) {
            return false;
        }
    }
    *ret_plan = plan;
    return true;
}
