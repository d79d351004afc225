/* SPDX-License-Identifier: MIT */
#include "channel/runs_read.h"

#include "base/limits.h"
#include "host/file.h"

bool runs_list(const struct state *state, struct arena *arena, struct runs_listing *ret_listing, struct err *err)
{
    return port_folder_list(state_runs(state, arena), arena, &ret_listing->names, &ret_listing->count, err);
}

/* A run that ended before it had a journal changed nothing. */
bool runs_read(const struct state *state, const char *id, struct arena *arena, struct past_run *ret_run,
               struct err *err)
{
    struct buf bytes AUTO(buf_clear) = {0};
    const char *path = state_path(state, id, STATE_JOURNAL, arena);
    struct file_facts facts = {0};
    struct journal_record journal = {0};
    if (!port_path_query(path, &facts, err)) {
        return false;
    }
    if (facts.exists && (!port_file_read(path, LIMIT_JOURNAL_BYTES, &bytes, err) ||
                         !journal_read(buf_string(&bytes), bytes.size, path, arena, &journal, err))) {
        return false;
    }
    *ret_run = (struct past_run){.id = id, .journal = journal};
    return true;
}

bool runs_has_changes(const struct past_run *run)
{
    for (size_t i = 0; i < run->journal.count; i++) {
        if (run->journal.entries[i].op.outcome != OP_FAILED) {
            return true;
        }
    }
    return false;
}

bool runs_remove_folder(const char *folder, struct arena *arena, struct err *err)
{
    struct runs_listing files = {0};
    if (!port_folder_list(folder, arena, &files.names, &files.count, err)) {
        return false;
    }
    for (size_t i = 0; i < files.count; i++) {
        if (!port_file_remove(arena_format(arena, "%s%c%s", folder, port_separator, files.names[i]), err)) {
            return false;
        }
    }
    return port_folder_remove(folder, err);
}
