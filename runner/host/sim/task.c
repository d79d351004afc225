/* SPDX-License-Identifier: MIT */
/* Scheduled tasks: there or not, enabled or not. Nothing of them ever runs here. */
#include <string.h>

#include "base/text.h"
#include "host/sim/sim_private.h"

struct task {
    struct sim_node node;
    const struct json *notation;
    bool enabled, read_only, comes_undone;
    const char *last_result;
    uint32_t last_code;
};

enum { NEVER_RAN = 0x00041303 }; /* SCHED_S_TASK_HAS_NOT_RUN */

static const struct field items[] = {
    BOOL_FIELD("enabled", struct task, enabled, FIELD_REQUIRED, "it may run"),
    BOOL_FIELD("readOnly", struct task, read_only, 0, "changing it is denied"),
    BOOL_FIELD("comesUndone", struct task, comes_undone, 0, "what is switched is switched back at once"),
    TEXT_FIELD("lastResult", struct task, last_result, 0, 0, 0, "code of its last run; 0x00041303 when left out"),
};
static const struct fields sim_task_fields = FIELDS_KEEPING("task", struct task, notation, items, "a scheduled task");

static bool load_task(struct sim *sim, const struct json *json, struct err *err)
{
    struct task *task = arena_alloc(sim->arena, sizeof *task);
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    task->last_code = NEVER_RAN;
    if (!is_absent && !fields_decode(&sim_task_fields, json, sim->file, sim->arena, task, err)) {
        return false;
    }
    if (task->last_result != NULL && !sim_hex_code(task->last_result, &task->last_code)) {
        return json_refuse(json, sim->file, err, "lastResult: expected a code like 0x00000000");
    }
    task->node = (struct sim_node){.name = json->name, .exists = !is_absent};
    return sim_add_named(sim, NOUN_TASK, &task->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_task, err);
}

static void write_section(const struct sim *sim, struct writer *writer)
{
    writer_open_object(writer);
    struct sim_table tasks = sim_table_sorted(sim->arena, &sim->tables[NOUN_TASK]);
    for (size_t i = 0; i < tasks.items.count; i++) {
        const struct task *task = (const struct task *)sim_table_at(&tasks, i);
        if (task->node.is_usual) {
            continue;
        }
        writer_name(writer, task->node.name);
        if (task->node.exists) {
            sim_write_struct(writer, &sim_task_fields, task, task->notation);
        } else {
            writer_bool(writer, false);
        }
    }
    writer_close_object(writer);
}

void sim_tell_task(struct writer *writer, const struct task_facts *facts, struct arena *arena)
{
    const char *result = arena_format(arena, "0x%08X", (unsigned)facts->last_result);
    const struct task task = {.enabled = facts->enabled, .last_result = facts->has_last_result ? result : NULL};
    if (!facts->exists) {
        writer_bool(writer, false);
        return;
    }
    sim_write_struct(writer, &sim_task_fields, &task, NULL);
}

/* NULL: the document does not mention it; err says so. */
static struct task *find(struct sim *sim, const char *path, struct err *err)
{
    struct task *task = (struct task *)sim_table_find(&sim->tables[NOUN_TASK], path);
    if (task == NULL) {
        (void)sim_unlisted(sim, err, "task %s", path);
    }
    return task;
}

static bool query(void *backend, const char *path, struct task_facts *ret_facts, struct err *err)
{
    struct sim *sim = backend;
    const struct task *task = sim_look(sim, err, SIM_LOOK_TASK, path) ? find(sim, path, err) : NULL;
    if (task == NULL) {
        return false;
    }
    *ret_facts = (struct task_facts){.exists = task->node.exists,
                                     .enabled = task->enabled,
                                     .has_last_result =
                                         task->node.exists && (!sim_is_recording(sim) || task->last_result != NULL),
                                     .last_result = task->last_code};
    return true;
}

static bool set_enabled(void *backend, const char *path, bool enabled, struct err *err)
{
    struct sim *sim = backend;
    struct task *task = sim_enter(sim, err) ? find(sim, path, err) : NULL;
    if (task == NULL) {
        return false;
    }
    if (!task->node.exists) {
        return err_set(err, ERR_NOT_FOUND, SIM_FILE_NOT_FOUND, "task %s does not exist", path);
    }
    if (task->read_only) {
        return err_set(err, ERR_DENIED, SIM_ACCESS_DENIED, "change task %s: access is denied", path);
    }
    sim_touch(sim, NOUN_TASK, &task->node);
    task->enabled = task->comes_undone ? task->enabled : enabled;
    return sim_pass(sim, err);
}

const struct task_ops sim_task_ops = {
    .query = query,
    .set_enabled = set_enabled,
};

const struct sim_section sim_task_section = {
    .field = SIM_BY_NAME(NOUN_TASK, "tasks", "scheduled tasks by path: false, or an object"),
    .members = &sim_task_fields,
    .has_usual = true,
    .noun = NOUN_TASK,
    .load = load_section,
    .write = write_section,
};
