/* SPDX-License-Identifier: MIT */
#include "channel/state.h"

#include <inttypes.h>

static const char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return arena_format(arena, "%s%c%s", folder, port_separator, name);
}

/* A lock that could not be taken for another reason than its holder is a folder that cannot be written. */
static bool take_lock(const char *root, const char *run_id, struct arena *arena, struct port_lock **ret_lock,
                      struct err *err)
{
    const char *holder = arena_format(arena, "run %s, process %" PRId64, run_id, port_process_id());
    const char *other = NULL;
    return port_lock_take(path_in(arena, root, "lock"), holder, arena, ret_lock, &other, err);
}

static bool fill(struct state *state, const char *root, const char *run_id, struct arena *arena, struct err *err)
{
    state->folder = path_in(arena, path_in(arena, root, "runs"), run_id);
    return port_folder_create_private(root, err) && take_lock(root, run_id, arena, &state->lock, err) &&
           port_folder_create_private(state->folder, err) &&
           journal_open(path_in(arena, state->folder, "journal.jsonl"), &state->journal, err);
}

bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
{
    struct state state = {0};
    if (root == NULL && !port_state_folder(arena, &root, err)) {
        return err_context(err, "state folder");
    }
    if (!fill(&state, root, run_id, arena, err)) {
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

bool state_keep_result(const struct state *state, struct arena *arena, const struct buf *result, struct err *err)
{
    return port_file_replace(path_in(arena, state->folder, "result.json"), buf_string(result), result->size, err);
}
