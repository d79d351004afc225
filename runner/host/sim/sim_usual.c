/* SPDX-License-Identifier: MIT */
#include "host/sim/sim_usual.h"

#include <string.h>

#include "base/limits.h"

static bool is_named(const struct sim_usual *usual, const char *name)
{
    size_t length = strlen(name);
    return strncmp(usual->name, name, length) == 0 && strcmp(usual->name + length, ".json") == 0;
}

/* The sections of one; what may not stand in it is refused. */
static bool load_sections(struct sim *sim, const struct json *json, struct err *err)
{
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json *member = &json->as.items[i];
        const struct sim_section *found = NULL;
        bool is_head = strcmp(member->name, "machine") == 0 || strcmp(member->name, "about") == 0;
        for (size_t j = 0; j < SIM_SECTION_COUNT; j++) {
            bool is_it = sim_sections[j]->has_usual && strcmp(sim_sections[j]->field.name, member->name) == 0;
            found = is_it ? sim_sections[j] : found;
        }
        if (found == NULL && !is_head) {
            return json_refuse(member, sim->file, err, "nothing that is usual can be said of this");
        }
        if (found != NULL && !found->load(sim, member, err)) {
            return false;
        }
    }
    return true;
}

static bool load_one(struct sim *sim, const struct sim_usual *usual, struct err *err)
{
    struct json_source source = {.file = usual->name, .limit = LIMIT_MACHINE_BYTES};
    const struct json *json = NULL;
    const char *file = sim->file;
    if (!json_load(usual->bytes, usual->size, &source, sim->arena, &json, err)) {
        return false;
    }
    sim->file = usual->name;
    sim->is_usual = true;
    bool is_loaded = load_sections(sim, json, err);
    sim->is_usual = false;
    sim->file = file;
    return is_loaded;
}

static bool are_known(const struct sim *sim, const struct json *with, struct err *err)
{
    for (size_t i = 0; with != NULL && i < with->count; i++) {
        const struct sim_usual *usual = sim_usual_documents;
        while (usual->name != NULL && !is_named(usual, with->as.items[i].as.text)) {
            usual++;
        }
        if (usual->name == NULL) {
            return json_refuse(&with->as.items[i], sim->file, err, "there is no playbooks/usual/%.60s.json",
                               with->as.items[i].as.text);
        }
    }
    return true;
}

static bool is_wanted(const struct json *with, const struct sim_usual *usual)
{
    bool is_wanted = with == NULL;
    for (size_t i = 0; with != NULL && i < with->count; i++) {
        is_wanted = is_wanted || is_named(usual, with->as.items[i].as.text);
    }
    return is_wanted;
}

bool sim_usual_load(struct sim *sim, struct err *err)
{
    const struct json *with = json_find(sim->document.json, "with");
    if (!are_known(sim, with, err)) {
        return false;
    }
    for (const struct sim_usual *usual = sim_usual_documents; usual->name != NULL; usual++) {
        if (is_wanted(with, usual) && !load_one(sim, usual, err)) {
            return false;
        }
    }
    return true;
}

/* Does the machine document say something of this name? Of a key also by what it says of those above. */
static bool is_said(const struct sim *sim, enum noun noun, const char *name)
{
    struct sim_node *node = NULL;
    if (noun != NOUN_REGISTRY) {
        return sim_table_find(&sim->tables[noun], name) != NULL;
    }
    enum sim_knowledge knowledge = sim_tree_look(&sim->tables[noun], name, &node);
    return knowledge == SIM_LISTED || ((knowledge == SIM_IMPLIED || knowledge == SIM_ABSENT) && !node->is_usual);
}

bool sim_add_named(struct sim *sim, enum noun noun, struct sim_node *node, const struct json *member, struct err *err)
{
    node->is_usual = sim->is_usual;
    return (sim->is_usual && is_said(sim, noun, node->name)) ||
           sim_add_member(sim, &sim->tables[noun], node, member, err);
}

void sim_touch(struct sim *sim, enum noun noun, struct sim_node *node)
{
    sim->made |= node->is_usual ? 1U << (unsigned)noun : 0U;
    node->is_usual = false;
}
