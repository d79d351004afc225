/* SPDX-License-Identifier: MIT */
#include "host/sim/sim_usual.h"

#include <string.h>

#include "base/limits.h"

static bool is_named(const struct embedded *usual, const char *name)
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

static bool load_one(struct sim *sim, const struct embedded *usual, struct err *err)
{
    const char *file = sim->file;
    sim->file = usual->name;
    sim->is_usual = true;
    bool is_loaded = load_sections(sim, usual->document, err);
    sim->is_usual = false;
    sim->file = file;
    return is_loaded;
}

static bool are_known(const struct sim *sim, const struct json *with, struct err *err)
{
    for (size_t i = 0; with != NULL && i < with->count; i++) {
        const struct embedded *usual = embedded_usual;
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

static bool is_wanted(const struct json *with, const struct embedded *usual)
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
    /* A recorder wrote down what there was. */
    for (const struct embedded *usual = embedded_usual; !sim_is_recording(sim) && usual->name != NULL; usual++) {
        if (is_wanted(with, usual) && !load_one(sim, usual, err)) {
            return false;
        }
    }
    return true;
}
