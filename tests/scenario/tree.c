/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <string.h>

#include "channel/run/load.h"

static bool machine_of(void *context, const char *name, struct arena *arena, const struct json **ret_json,
                       const char **ret_file, struct err *err)
{
    const char *root = context;
    *ret_file = arena_format(arena, "%s/machines/%s.json", root, name);
    return scenario_read_json(*ret_file, arena, ret_json, err);
}

static bool plan_of(void *context, const struct options *options, struct arena *arena, const struct plan **ret_plan,
                    struct err *err)
{
    (void)context;
    return load_plan(options, arena, ret_plan, err);
}

bool scenario_load(const char *root, const char *path, struct arena *arena, struct scenario *ret_scenario,
                   struct err *err)
{
    const struct scenario_ground ground = {.machine = machine_of, .plan = plan_of, .context = arena_text(arena, root)};
    size_t skip = strlen(root) + 1;
    struct scenario_file file = {.file = path,
                                 .name = arena_copy(arena, path + skip, strlen(path) - skip - strlen(".json"))};
    return scenario_read_json(path, arena, &file.json, err) && scenario_read(&file, &ground, arena, ret_scenario, err);
}
