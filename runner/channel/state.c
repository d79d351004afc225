/* SPDX-License-Identifier: MIT */
#include "channel/state.h"

#include <inttypes.h>

static const char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return arena_format(arena, "%s%c%s", folder, port_separator, name);
}

/* A lock that could not be taken for another reason than its holder is a folder that cannot be written. */
bool state_lock(const char *root, const char *who, struct arena *arena, struct port_lock **ret_lock, struct err *err)
{
    const char *holder = arena_format(arena, "%s, process %" PRId64, who, port_process_id());
    const char *other = NULL;
    return port_lock_take(path_in(arena, root, "lock"), holder, arena, ret_lock, &other, err);
}

const char *state_runs(const struct state *state, struct arena *arena)
{
    return path_in(arena, state->root, "runs");
}

const char *state_folder(const struct state *state, const char *run_id, struct arena *arena)
{
    return path_in(arena, state_runs(state, arena), run_id);
}

const char *state_path(const struct state *state, const char *run_id, const char *name, struct arena *arena)
{
    return path_in(arena, state_folder(state, run_id, arena), name);
}

const char *state_instances(const char *root, struct arena *arena)
{
    return path_in(arena, root, "instances");
}

const char *state_instance(const char *root, const char *vm_id, struct arena *arena)
{
    char *name = arena_text(arena, vm_id);
    for (char *at = name; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    return path_in(arena, state_instances(root, arena), name);
}

static bool fill(struct state *state, struct arena *arena, struct err *err)
{
    state->folder = state_folder(state, state->run_id, arena);
    return port_folder_create_private(state->root, err) &&
           state_lock(state->root, arena_format(arena, "run %s", state->run_id), arena, &state->lock, err) &&
           port_folder_sweep(state->root, arena, err) && port_folder_create_private(state_runs(state, arena), err) &&
           port_folder_create_private(state->folder, err) &&
           journal_open(path_in(arena, state->folder, STATE_JOURNAL), &state->journal, err);
}

bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
{
    if (root == NULL && !port_state_folder(arena, &root, err)) {
        return err_context(err, "state folder");
    }
    struct state state = {.root = root, .run_id = run_id};
    if (!fill(&state, arena, err)) {
        state_close(&state);
        return err->code == ERR_BUSY ? false : err_context(err, "state folder");
    }
    *ret_state = state;
    return true;
}

void state_close(struct state *state)
{
    journal_close(state->journal);
    port_lock_release(state->lock);
    *state = (struct state){0};
}

bool state_keep_result(const struct state *state, const char *run_id, struct arena *arena, const struct buf *result,
                       struct err *err)
{
    return port_file_replace(state_path(state, run_id, STATE_RESULT, arena), buf_string(result), result->size, err);
}
