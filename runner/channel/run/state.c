/* SPDX-License-Identifier: MIT */
#include "channel/run/state.h"

#include <inttypes.h>

#include "channel/run/say.h"

static const char *const known[] = {STATE_LOCK, STATE_RUNS, STATE_INSTANCES, STATE_PENDING, STATE_DISTANCE, NULL};

const char *state_run(const char *run_id, struct arena *arena)
{
    return arena_format(arena, STATE_RUNS "/%s", run_id);
}

const char *state_file(const char *run_id, const char *name, struct arena *arena)
{
    return arena_format(arena, STATE_RUNS "/%s/%s", run_id, name);
}

const char *state_instance(const char *vm_id, struct arena *arena)
{
    char *at = arena_format(arena, STATE_INSTANCES "/%s", vm_id);
    for (char *letter = at; *letter != '\0'; letter++) {
        *letter = (char)(*letter >= 'A' && *letter <= 'Z' ? *letter - 'A' + 'a' : *letter);
    }
    return at;
}

const char *state_shown(const struct state *state, const char *at, struct arena *arena)
{
    char *path = arena_format(arena, "%s/%s", state->root, at);
    for (char *letter = path; *letter != '\0'; letter++) {
        *letter = *letter == '/' ? port_separator : *letter;
    }
    return path;
}

static void note_aside(void *context, const char *path, const char *name)
{
    struct state_asides *asides = context;
    size_t mark = arena_mark(asides->arena);
    complain(arena_format(asides->arena, "%s was made by another user: not read, renamed to %s", path, name));
    arena_release(asides->arena, mark);
    if (asides->count < LIMIT_ASIDE) {
        asides->items[asides->count++] =
            (struct aside_record){arena_text(asides->arena, path), arena_text(asides->arena, name)};
    }
}

/* Every command that touches the state folder opens it here. */
static bool open_root(const char *chosen, enum port_state_use use, struct arena *arena, struct state *state,
                      struct err *err)
{
    state->root = chosen;
    if (chosen == NULL && !port_state_folder(arena, &state->root, err)) {
        return false;
    }
    state->asides = arena_alloc(arena, sizeof *state->asides);
    state->asides->arena = arena;
    const struct port_state_order order = {.path = state->root,
                                           .use = use,
                                           .is_chosen = chosen != NULL,
                                           .known = known,
                                           .tell = note_aside,
                                           .context = state->asides};
    return port_state_open(&order, &state->port, err);
}

bool state_look(const char *root, struct arena *arena, struct state *ret_state, struct err *err)
{
    struct state state = {0};
    if (!open_root(root, PORT_STATE_LOOK, arena, &state, err)) {
        return false;
    }
    *ret_state = state;
    return true;
}

/* A lock that could not be taken for another reason than its holder is a folder that cannot be written. */
bool state_lock(struct state *state, const char *who, struct arena *arena, struct err *err)
{
    const char *holder = arena_format(arena, "%s, process %" PRId64, who, port_process_id());
    return port_state_lock(state->port, STATE_LOCK, holder, arena, &state->lock, err);
}

static bool open_journal(struct state *state, struct arena *arena, struct err *err)
{
    struct port_appender *file = NULL;
    return port_state_append(state->port, state_file(state->run_id, STATE_JOURNAL, arena), &file, err) &&
           journal_start(file, &state->journal, err);
}

static bool fill(struct state *state, struct arena *arena, struct err *err)
{
    const char *folder = state_run(state->run_id, arena);
    state->folder = state_shown(state, folder, arena);
    return state_lock(state, arena_format(arena, "run %s", state->run_id), arena, err) &&
           port_state_sweep(state->port, "", arena, err) && port_state_make_folder(state->port, STATE_RUNS, err) &&
           port_state_make_folder(state->port, folder, err) && open_journal(state, arena, err);
}

bool state_open(const char *root, const char *run_id, struct arena *arena, struct state *ret_state, struct err *err)
{
    struct state state = {.run_id = run_id};
    if (!open_root(root, PORT_STATE_MAKE, arena, &state, err) || !fill(&state, arena, err)) {
        state_close(&state);
        return err->code == ERR_BUSY ? false : err_context(err, "state folder");
    }
    *ret_state = state;
    return true;
}

void state_own(struct state *state, const struct journal_owner *owner)
{
    state->owner = *owner;
    journal_own(state->journal, owner);
}

void state_close(struct state *state)
{
    journal_close(state->journal);
    port_lock_release(state->lock);
    port_state_close(state->port);
    *state = (struct state){0};
}

bool state_keep_result(const struct state *state, const char *run_id, struct arena *arena, const struct buf *result,
                       struct err *err)
{
    return port_state_replace(state->port, state_file(run_id, STATE_RESULT, arena), buf_string(result), result->size,
                              err);
}
