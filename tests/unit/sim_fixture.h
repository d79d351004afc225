/* SPDX-License-Identifier: MIT */
/* Simulated machines for tests. Documents are written with ' for ", so that they can be read. */
#ifndef AZMEND_TESTS_SIM_FIXTURE_H
#define AZMEND_TESTS_SIM_FIXTURE_H

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/port.h"
#include "host/sim/sim.h"
#include "unit.h"

#define SIM_DOCUMENT(sections) "{'machine': 'azmend.machine/1'" sections "}"
#define SIM_MACHINES AZMEND_SOURCE_DIR "/tests/scenarios/machines/"

static struct arena sim_arena;

static inline int sim_arena_open(void)
{
    struct err err = {0};
    return arena_open(&sim_arena, LIMIT_ARENA_BYTES, &err) ? 0 : 1;
}

static inline int sim_arena_close(void)
{
    arena_close(&sim_arena);
    return 0;
}

static inline const char *sim_json(const char *document)
{
    char *json = arena_text(&sim_arena, document);
    for (char *at = json; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    return json;
}

/* The document, as if it were the file given. */
static inline bool sim_try(const char *document, const char *file, struct sim **ret_sim, struct err *err)
{
    const char *json = sim_json(document);
    return sim_open(json, strlen(json), file, &sim_arena, ret_sim, err);
}

static inline struct sim *sim_make(const char *document)
{
    struct sim *sim = NULL;
    struct err err = {0};
    bool opened = sim_try(document, "t.json", &sim, &err);
    ROW_ASSERT(err.text, opened);
    CU_ASSERT_FATAL(opened);
    return sim;
}

static inline const char *sim_text(const struct sim *sim)
{
    struct buf bytes AUTO(buf_clear);
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    sim_save(sim, &bytes);
    CU_ASSERT(!bytes.failed);
    return arena_copy(&sim_arena, buf_string(&bytes), bytes.size);
}

/* Is the machine now what the other document says? */
static inline bool sim_is(const struct sim *sim, const char *document)
{
    struct sim *wanted = sim_make(document);
    bool is_same = strcmp(sim_text(sim), sim_text(wanted)) == 0;
    if (!is_same) {
        printf("\n    now:\n%s\n    wanted:\n%s\n", sim_text(sim), sim_text(wanted));
    }
    sim_close(wanted);
    return is_same;
}

/* A path in this process's own temporary folder: tests write nowhere else. */
static inline const char *sim_temporary(const char *inside)
{
    static const char *const names[] = {"TMPDIR", "TEMP"};
    const char *folder = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && folder == NULL; i++) {
        folder = port_environment(names[i], &sim_arena);
    }
    return arena_format(&sim_arena, "%s/azmend-unit-%lld%s", folder != NULL ? folder : "/tmp",
                        (long long)port_process_id(), inside);
}

/* Removes these files and then these folders of it, each list NULL-ended, the innermost folder first. */
static inline void sim_temporary_clear(const char *const *files, const char *const *folders)
{
    struct err err = {0};
    for (; *files != NULL; files++) {
        ROW_ASSERT(*files, port_file_remove(sim_temporary(*files), &err));
    }
    for (; *folders != NULL; folders++) {
        ROW_ASSERT(*folders, port_folder_remove(sim_temporary(*folders), &err));
    }
    ROW_ASSERT("nothing is left", !port_is_folder(sim_temporary("")));
}

#define SIM_SUITE(name, ...) OPENED_SUITE(name, sim_arena_open, sim_arena_close, __VA_ARGS__)

#endif
