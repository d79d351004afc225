/* SPDX-License-Identifier: MIT */
/* What all sections of the simulated machine share. */
#include <stdarg.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/sim_private.h"

bool sim_pass(struct sim *sim, struct err *err)
{
    const struct sim_watch *watch = &sim->watch;
    sim->points++;
    bool passes = watch->passing == NULL || watch->passing(watch->context);
    return (passes && sim->points != sim->failing_point) || err_set(err, ERR_IO, 0, "injected behind the change");
}

bool sim_enter(struct sim *sim, struct err *err)
{
    const struct sim_watch *watch = &sim->watch;
    sim->calls++;
    bool enters = watch->calling == NULL || watch->calling(watch->context);
    return (enters && sim->calls != sim->failing_call) || err_set(err, ERR_IO, 0, "injected");
}

bool sim_is_recording(const struct sim *sim)
{
    return sim->document.recording.json != NULL;
}

enum { SIM_MISSING = 16 }; /* shown to people */

static void note_missing(struct sim *sim, const char *what)
{
    for (size_t i = 0; i < sim->missing.count; i++) {
        if (text_same(((const char *const *)sim->missing.items)[i], what)) {
            return;
        }
    }
    sim->missing_count++;
    if (sim->missing.count < SIM_MISSING) {
        *(const char **)arena_push(sim->arena, &sim->missing, sizeof(char *)) = what;
    }
}

bool sim_unlisted(struct sim *sim, struct err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *what = arena_vformat(sim->arena, format, arguments);
    va_end(arguments);
    if (sim->unscripted == NULL) {
        sim->unscripted = what;
    }
    if (!sim_is_recording(sim)) {
        return err_set(err, ERR_UNSCRIPTED, 0, "%s does not mention %s", sim->file, what);
    }
    note_missing(sim, what);
    return err_set(err, ERR_UNSCRIPTED, 0, "not recorded: %s", what);
}

bool sim_load_members(struct sim *sim, const struct json *json,
                      bool (*load_member)(struct sim *sim, const struct json *member, struct err *err), struct err *err)
{
    if (json != NULL && !json_want(json, JSON_OBJECT, sim->file, err)) {
        return false;
    }
    for (uint32_t i = 0; json != NULL && i < json->count; i++) {
        if (!load_member(sim, &json->as.items[i], err)) {
            return false;
        }
    }
    return true;
}

bool sim_add_member(struct sim *sim, struct sim_table *table, struct sim_node *node, const struct json *member,
                    struct err *err)
{
    if (strlen(node->name) >= LIMIT_TEXT_BYTES) {
        return json_refuse(member, sim->file, err, "the name is longer than %d bytes", LIMIT_TEXT_BYTES - 1);
    }
    if (sim_table_find(table, node->name) != NULL) {
        return json_refuse(member, sim->file, err, "the same name twice; case does not count");
    }
    node->in_document = true;
    sim_table_add(sim->arena, table, node);
    return true;
}

/* --- what is usual (sim_usual.h) --- */

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
