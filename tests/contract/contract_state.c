/* SPDX-License-Identifier: MIT */
/* The state folder: the same rows under POSIX and on Windows. Two users at once stand in tests/hostile. */
#include <string.h>

#include "base/text.h"
#include "contract.h"
#include "host/nouns/file/file.h"
#include "host/port_state.h"

static const char *const known[] = {"lock", "runs", NULL};

static const char *place(struct contract *contract, const char *name)
{
    return arena_format(contract->arena, "%s%cstate-%s", contract->folder, port_separator, name);
}

static struct port_state *opened(struct contract *contract, const char *name, enum port_state_use use)
{
    struct port_state *state = NULL;
    const struct port_state_order order = {
        .path = place(contract, name), .use = use, .is_chosen = true, .known = known};
    contract->err = (struct err){0};
    return port_state_open(&order, &state, &contract->err) ? state : NULL;
}

static bool holds(struct contract *contract, const struct port_state *state, const char *at, const char *text)
{
    struct buf got AUTO(buf_clear) = {0};
    return port_state_read(state, at, 100, &got, &contract->err) && text_same(buf_string(&got), text);
}

static void kept_and_forgotten(struct contract *contract)
{
    struct file_facts facts;
    struct err *err = &contract->err;
    EXPECT(contract, opened(contract, "a/b", PORT_STATE_LOOK) == NULL && err->code == ERR_NOT_FOUND);
    struct port_state *state = opened(contract, "a/b", PORT_STATE_MAKE);
    EXPECT(contract, state != NULL);
    EXPECT(contract, port_state_make_folder(state, "runs", err) && port_state_make_folder(state, "runs", err));
    EXPECT(contract, port_state_make_folder(state, "runs/one", err));
    EXPECT(contract, port_state_replace(state, "runs/one/file", "old", 3, err));
    EXPECT(contract, port_state_replace(state, "runs/one/file", "new", 3, err));
    EXPECT(contract, holds(contract, state, "runs/one/file", "new"));
    EXPECT(contract, port_state_query(state, "runs/one/file", &facts, err) && facts.exists && facts.size_bytes == 3);
    EXPECT(contract, port_state_query(state, "runs/two/file", &facts, err) && !facts.exists);
    EXPECT(contract, port_state_query(state, "runs/one", &facts, err) && facts.form == FILE_IS_FOLDER);
    EXPECT(contract, !holds(contract, state, "runs/one/none", "") && err->code == ERR_NOT_FOUND);
    EXPECT(contract, !holds(contract, state, "runs/one", "") && err->code == ERR_REFUSED); /* a folder is no file */
    EXPECT(contract, !port_state_remove_folder(state, "runs", err) && err->code != ERR_NONE);
    EXPECT(contract, port_state_remove(state, "runs/one/file", err) && port_state_remove(state, "runs/one/file", err));
    EXPECT(contract, port_state_remove_folder(state, "runs/one", err) && port_state_remove_folder(state, "runs", err));
    EXPECT(contract, port_state_remove_folder(state, "", err));
    port_state_close(state);
    port_state_close(NULL);
    EXPECT(contract, !port_is_folder(place(contract, "a/b")) && port_is_folder(place(contract, "a")));
}

static void appended_and_locked(struct contract *contract)
{
    struct port_appender *appender = NULL;
    struct port_lock *lock = NULL, *second = NULL;
    struct err *err = &contract->err;
    struct port_state *state = opened(contract, "c", PORT_STATE_MAKE);
    EXPECT(contract, state != NULL && port_state_append(state, "journal", &appender, err));
    EXPECT(contract, port_appender_write(appender, "one\n", 4, err) && holds(contract, state, "journal", "one\n"));
    port_appender_close(appender);
    EXPECT(contract, port_state_lock(state, "lock", "run 1", contract->arena, &lock, err));
    EXPECT(contract, !port_state_lock(state, "lock", "run 2", contract->arena, &second, err) && err->code == ERR_BUSY &&
                         text_contains(err->text, "run 1"));
    port_lock_release(lock);
    EXPECT(contract, port_state_lock(state, "lock", "run 3", contract->arena, &lock, err));
    port_lock_release(lock);
    EXPECT(contract, port_state_remove(state, "journal", err) && port_state_remove(state, "lock", err));
    port_state_close(state);
}

static void sweeps_its_own(struct contract *contract)
{
    const char *const *names = NULL;
    size_t count = 0;
    struct err *err = &contract->err;
    struct port_state *state = opened(contract, "d", PORT_STATE_MAKE);
    EXPECT(contract, state != NULL && port_state_replace(state, ".azmend-0123456789abcdef.tmp", "torso", 5, err));
    EXPECT(contract, port_state_replace(state, "azmend.tmp", "kept", 4, err));
    EXPECT(contract, port_state_sweep(state, "", contract->arena, err));
    EXPECT(contract, port_state_list(state, "", contract->arena, &names, &count, err));
    EXPECT(contract, count == 1 && text_same(names[0], "azmend.tmp"));
    EXPECT(contract, port_state_remove(state, "azmend.tmp", err));
    port_state_close(state);
}

/* Of one's own: nothing tells that it was not meant so. */
static void a_file_is_no_folder(struct contract *contract)
{
    EXPECT(contract, port_file_replace(place(contract, "e"), "x", 1, &contract->err));
    EXPECT(contract, opened(contract, "e", PORT_STATE_LOOK) == NULL && contract->err.code == ERR_REFUSED);
    EXPECT(contract, opened(contract, "e", PORT_STATE_MAKE) == NULL && contract->err.code == ERR_REFUSED);
    EXPECT(contract, port_file_remove(place(contract, "e"), &contract->err));
}

const struct contract_row contract_state[] = {
    {"state: kept and forgotten", kept_and_forgotten},
    {"state: appended and locked", appended_and_locked},
    {"state: sweeps its own temporaries only", sweeps_its_own},
    {"state: a file is no folder", a_file_is_no_folder},
    {NULL, NULL},
};
