/* SPDX-License-Identifier: MIT */
#include "channel/run/load.h"

#include <string.h>

/* NAME=VALUE, as the command line was checked for. */
static void split_parameters(const struct option_texts *given, bool is_secret, struct arena *arena,
                             struct plan_parameter *parameters)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->items[i], '=');
        const char *name = arena_copy(arena, given->items[i], (size_t)(equals - given->items[i]));
        parameters[i] = (struct plan_parameter){.name = name, .value = equals + 1, .is_secret = is_secret};
    }
}

bool load_collected(const struct intake *intake, const struct options *options, struct arena *arena,
                    const struct plan **ret_plan, struct err *err)
{
    size_t count = options->parameters.count + options->secrets.count;
    struct plan_parameter *parameters = arena_array(arena, count, sizeof(*parameters));
    split_parameters(&options->parameters, false, arena, parameters);
    split_parameters(&options->secrets, true, arena, parameters + options->parameters.count);
    return plan_load(intake->tables.items, intake->tables.count, intake->playbooks.items, intake->playbooks.count,
                     parameters, count, arena, ret_plan, err);
}

bool load_plan(const struct options *options, struct arena *arena, const struct plan **ret_plan, struct err *err)
{
    struct intake intake AUTO(intake_clear) = {0};
    const struct intake_request request = {.names = options->playbooks.items,
                                           .count = options->playbooks.count,
                                           .sha256 = options->sha256,
                                           .clouds = options->clouds,
                                           .clouds_document = options->clouds_document,
                                           .clouds_file = options->clouds_file,
                                           .timeout_ms = options->deadline_ms,
                                           .wants_digests = options->evidence != NULL};
    return intake_collect(&request, arena, &intake, err) && load_collected(&intake, options, arena, ret_plan, err);
}
