/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "host/sim/sim_private.h"

struct key {
    struct sim_node node;
    bool denied;    /* reading, and all below */
    bool read_only; /* writing, and keys made below */
    bool is_listed; /* of a recording: all of its sub-keys are here */
    struct sim_table values;
};

struct setting {
    struct sim_node node;
    struct registry_value now;
    struct registry_value before;       /* as the document has it */
    const struct json *notation;        /* how the document writes it; NULL: made by the run */
    const struct registry_value *turns; /* what each reading finds, the last one again and again; NULL: always now */
    size_t turn_count, turn;
};

/* --- loading --- */

/* What changes by itself while it is looked at. */
static bool load_turns(const struct sim *sim, struct setting *value, const struct json *sequence, struct err *err)
{
    if (value->notation->count != 1 || sequence->type != JSON_ARRAY || sequence->count == 0) {
        return json_refuse(sequence, sim->file, err, "expected a sequence of at least one value and nothing beside it");
    }
    struct registry_value *turns = arena_array(sim->arena, sequence->count, sizeof *turns);
    for (uint32_t i = 0; i < sequence->count; i++) {
        if (!sim_registry_value_load(sim, &sequence->as.items[i], &turns[i], err)) {
            return false;
        }
    }
    value->turns = turns;
    value->turn_count = sequence->count;
    value->before = turns[0];
    return true;
}

static bool load_value(struct sim *sim, struct key *key, const struct json *json, struct err *err)
{
    const struct json *sequence = json->type == JSON_OBJECT ? json_find(json, "sequence") : NULL;
    struct setting *value = arena_alloc(sim->arena, sizeof *value);
    bool is_absent = sim_is_recording(sim) && json->type == JSON_BOOL && !json->as.boolean;
    value->node = (struct sim_node){.name = json->name, .exists = !is_absent};
    value->notation = json;
    if (is_absent) {
        return sim_add_member(sim, &key->values, &value->node, json, err);
    }
    bool is_loaded = sequence != NULL ? load_turns(sim, value, sequence, err)
                                      : sim_registry_value_load(sim, json, &value->before, err);
    if (!is_loaded) {
        return false;
    }
    value->now = value->before;
    return sim_add_member(sim, &key->values, &value->node, json, err);
}

/* "denied", "$readOnly" and "$listed" are switches only when they are written as true or false; values are never
 * written so. */
static bool take_switch(struct key *key, const struct json *member)
{
    bool is_denied = member->type == JSON_BOOL && strcmp(member->name, "denied") == 0;
    bool is_read_only = member->type == JSON_BOOL && strcmp(member->name, "$readOnly") == 0;
    bool is_listed = member->type == JSON_BOOL && strcmp(member->name, "$listed") == 0;
    key->is_listed = key->is_listed || (is_listed && member->as.boolean);
    key->denied = key->denied || (is_denied && member->as.boolean);
    key->read_only = key->read_only || (is_read_only && member->as.boolean);
    return is_denied || is_read_only || is_listed;
}

static bool load_values(struct sim *sim, struct key *key, const struct json *json, struct err *err)
{
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        if (!take_switch(key, member) && !load_value(sim, key, member, err)) {
            return false;
        }
    }
    if (key->denied && key->values.items.count > 0) {
        return json_refuse(json, sim->file, err, "a key that may not be read has no values here");
    }
    return true;
}

static bool load_key(struct sim *sim, const struct json *json, struct err *err)
{
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    if (!is_absent && json->type != JSON_OBJECT) {
        return json_refuse(json, sim->file, err, "expected false (absent) or an object of values");
    }
    if (!text_starts(json->name, "HKLM\\") && !text_starts(json->name, "HKU\\")) {
        return json_refuse(json, sim->file, err, "expected a key below HKLM\\ or HKU\\");
    }
    if (text_ends(json->name, "\\") || strstr(json->name, "\\\\") != NULL) {
        return json_refuse(json, sim->file, err, "a key has no empty part");
    }
    struct key *key = arena_alloc(sim->arena, sizeof *key);
    key->node = (struct sim_node){.name = json->name, .exists = !is_absent};
    return (is_absent || load_values(sim, key, json, err)) && sim_add_named(sim, NOUN_REGISTRY, &key->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_key, err);
}

/* --- saving --- */

static void write_value(const struct setting *value, struct writer *writer, struct arena *arena)
{
    writer_name(writer, value->node.name);
    const struct registry_value *before = &value->before;
    bool is_as_before = value->notation != NULL && value->now.type == before->type && value->now.size == before->size &&
                        memcmp(value->now.bytes, before->bytes, before->size) == 0;
    if (is_as_before && value->notation->type == JSON_OBJECT && value->turns == NULL) {
        sim_write_object(writer, &sim_registry_value_fields, value->notation, arena);
    } else if (is_as_before) {
        sim_write_json(writer, value->notation, arena);
    } else {
        sim_registry_value_write(writer, &value->now, arena);
    }
}

static void write_key(const struct sim *sim, const struct key *key, struct writer *writer)
{
    struct arena *arena = sim->arena;
    writer_name(writer, key->node.name);
    if (!key->node.exists) {
        writer_bool(writer, false);
        return;
    }
    writer_open_object(writer);
    if (key->is_listed) {
        writer_named_bool(writer, "$listed", true);
    }
    if (key->read_only) {
        writer_named_bool(writer, "$readOnly", true);
    }
    if (key->denied) {
        writer_named_bool(writer, "denied", true);
    }
    struct sim_table values = sim_table_sorted(arena, &key->values);
    for (size_t i = 0; i < values.items.count; i++) {
        const struct sim_node *node = sim_table_at(&values, i);
        if (node->exists) {
            write_value((const struct setting *)node, writer, arena);
        } else if (node->in_document && sim_is_recording(sim)) {
            writer_named_bool(writer, node->name, false);
        }
    }
    writer_close_object(writer);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    writer_open_object(writer);
    struct sim_table keys = sim_table_sorted(sim->arena, &sim->tables[NOUN_REGISTRY]);
    for (size_t i = 0; i < keys.items.count; i++) {
        const struct sim_node *node = sim_table_at(&keys, i);
        if (!node->is_usual) {
            write_key(sim, (const struct key *)node, writer);
        }
    }
    writer_close_object(writer);
}

/* --- looking --- */

static bool denied(const char *key, const char *what, struct err *err)
{
    return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "%s registry key %s: access is denied", what, key);
}

/*
 * LISTED: the key itself; otherwise the nearest one above, which stands in for its rights. NULL: not to be looked at,
 * err says why.
 */
static struct key *find(struct sim *sim, const char *key, enum sim_knowledge *ret_knowledge, struct err *err)
{
    struct sim_node *node = NULL;
    enum sim_knowledge knowledge = sim_tree_look(&sim->tables[NOUN_REGISTRY], key, &node);
    if (knowledge == SIM_ABOVE || knowledge == SIM_UNLISTED) {
        (void)sim_unlisted(sim, err, "registry key %s", key);
        return NULL;
    }
    if (((struct key *)node)->denied) {
        (void)denied(key, "read", err);
        return NULL;
    }
    *ret_knowledge = knowledge;
    return (struct key *)node;
}

static struct setting *find_value(const struct key *key, const char *name)
{
    return (struct setting *)sim_table_find(&key->values, name);
}

static struct registry_value take_turn(struct setting *value)
{
    if (value->turn_count == 0) {
        return value->now;
    }
    size_t turn = value->turn;
    value->turn += turn + 1 < value->turn_count ? 1 : 0;
    return value->turns[turn];
}

bool sim_registry_look(struct sim *sim, const char *key, const char *name, struct arena *arena,
                       struct registry_value *ret_value, struct err *err)
{
    enum sim_knowledge knowledge = SIM_UNLISTED;
    struct key *nearest = find(sim, key, &knowledge, err);
    if (nearest == NULL) {
        return false;
    }
    struct registry_value found = {0};
    struct setting *value = knowledge == SIM_LISTED ? find_value(nearest, name) : NULL;
    if (value == NULL && nearest->node.exists && sim_is_recording(sim)) {
        return sim_unlisted(sim, err, SIM_LOOK_VALUE, key, name);
    }
    if (value != NULL && value->node.exists) {
        found = take_turn(value);
        registry_decode(arena, &found);
    }
    *ret_value = found;
    return true;
}

static bool query(void *backend, const char *key, const char *name, struct arena *arena,
                  struct registry_value *ret_value, struct err *err)
{
    struct sim *sim = backend;
    return sim_look(sim, err, SIM_LOOK_VALUE, key, name) && sim_registry_look(sim, key, name, arena, ret_value, err);
}

static bool subkeys(void *backend, const char *key, struct arena *arena, struct registry_names *ret_names,
                    struct err *err)
{
    struct sim *sim = backend;
    enum sim_knowledge knowledge = SIM_UNLISTED;
    struct registry_names names = {0};
    if (!sim_look(sim, err, SIM_LOOK_SUBKEYS, key)) {
        return false;
    }
    const struct key *nearest = find(sim, key, &knowledge, err);
    if (nearest == NULL) {
        return false;
    }
    bool is_told = !nearest->node.exists || (knowledge == SIM_LISTED && nearest->is_listed);
    if (sim_is_recording(sim) && !is_told) {
        return sim_unlisted(sim, err, SIM_LOOK_SUBKEYS, key);
    }
    names.exists = knowledge == SIM_IMPLIED || (knowledge == SIM_LISTED && nearest->node.exists);
    if (names.exists) {
        sim_tree_children(&sim->tables[NOUN_REGISTRY], key, arena, &names.items, &names.count);
    }
    *ret_names = names;
    return true;
}

/* --- changing --- */

bool sim_registry_store(struct sim *sim, const char *key, const char *name, const struct registry_value *value,
                        struct err *err)
{
    enum sim_knowledge knowledge = SIM_UNLISTED;
    struct key *target = find(sim, key, &knowledge, err);
    if (target == NULL) {
        return false;
    }
    if (target->read_only) {
        return denied(key, "write", err);
    }
    if (knowledge != SIM_LISTED) {
        target = arena_alloc(sim->arena, sizeof *target);
        target->node.name = arena_text(sim->arena, key);
        sim_table_add(sim->arena, &sim->tables[NOUN_REGISTRY], &target->node);
    }
    sim_touch(sim, NOUN_REGISTRY, &target->node);
    target->node.exists = true;
    struct setting *stored = find_value(target, name);
    if (stored == NULL) {
        stored = arena_alloc(sim->arena, sizeof *stored);
        stored->node.name = arena_text(sim->arena, name);
        sim_table_add(sim->arena, &target->values, &stored->node);
    }
    stored->node.exists = true;
    stored->turn_count = 0;
    stored->now = (struct registry_value){.exists = true, .type = value->type, .size = value->size};
    stored->now.bytes = (const uint8_t *)arena_copy(sim->arena, value->bytes, value->size);
    return true;
}

bool sim_registry_remove(struct sim *sim, const char *key, const char *name, struct err *err)
{
    enum sim_knowledge knowledge = SIM_UNLISTED;
    struct key *nearest = find(sim, key, &knowledge, err);
    if (nearest == NULL) {
        return false;
    }
    struct setting *value = knowledge == SIM_LISTED ? find_value(nearest, name) : NULL;
    if (value == NULL || !value->node.exists) {
        return true;
    }
    if (nearest->read_only) {
        return denied(key, "write", err);
    }
    sim_touch(sim, NOUN_REGISTRY, &nearest->node);
    value->node.exists = false;
    return true;
}

static bool set_value(void *backend, const char *key, const char *name, const struct registry_value *value,
                      struct err *err)
{
    struct sim *sim = backend;
    return sim_enter(sim, err) && sim_registry_store(sim, key, name, value, err) && sim_pass(sim, err);
}

static bool delete_value(void *backend, const char *key, const char *name, struct err *err)
{
    struct sim *sim = backend;
    return sim_enter(sim, err) && sim_registry_remove(sim, key, name, err) && sim_pass(sim, err);
}

const struct registry_ops sim_registry_ops = {
    .query = query,
    .subkeys = subkeys,
    .set = set_value,
    .delete = delete_value,
};

const struct sim_section sim_registry_section = {
    .field = SIM_BY_NAME(NOUN_REGISTRY, "registry", "keys by name: false, or the values by name"),
    .has_usual = true,
    .noun = NOUN_REGISTRY,
    .load = load_section,
    .write = write_section,
};
