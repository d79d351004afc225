/* SPDX-License-Identifier: MIT */
#include "kill.h"

#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/console/console.h"
#include "channel/run/pending.h"
#include "channel/run/state.h"
#include "host/port.h"
#include "host/sim/sim.h"

#define KILLED_RUN "20260115T080000Z-00000000"
enum {
    CHILD_SECONDS = 60,
    CHILD_FAILED = 70,
    FAILURES_SHOWN = 3,
    OPEN_FOLDERS = 8, /* while they are removed */
    SAMPLE = 41       /* of the calls outside changes, every so many; no divisor of the strides in use */
};

/* The files of one point. */
struct place {
    const char *folder, *state, *machine, *after;
};

struct killer {
    struct journal_sink inner;
    struct restart_sink restarts;
    const struct sim *sim;
    struct arena *arena;
    const char *save_to;   /* what is left of the machine when the process dies */
    uint64_t at, points;   /* at 0: only counted */
    uint64_t looks, every; /* host calls outside changes, and how many of them make a point */
    bool in_change;
};

static void reach_point(struct killer *killer)
{
    killer->points++;
    if (killer->points == killer->at) {
        struct err err = {0};
        struct text machine = trial_save(killer->sim, killer->arena);
        (void)(port_file_replace(killer->save_to, machine.bytes, machine.size, &err) && raise(SIGKILL) == 0);
        _exit(CHILD_FAILED);
    }
}

static bool begin(void *context, const struct op *op, struct err *err)
{
    struct killer *killer = context;
    bool begun = killer->inner.begin == NULL || killer->inner.begin(killer->inner.context, op, err);
    reach_point(killer);
    killer->in_change = true;
    return begun;
}

static bool end(void *context, const struct op *op, struct err *err)
{
    struct killer *killer = context;
    killer->in_change = false;
    reach_point(killer);
    bool ended = killer->inner.end == NULL || killer->inner.end(killer->inner.context, op, err);
    reach_point(killer);
    return ended;
}

static bool calling(void *context)
{
    struct killer *killer = context;
    killer->looks += killer->in_change ? 0 : 1;
    if (killer->in_change || killer->looks % killer->every == 0) {
        reach_point(killer);
    }
    return true;
}

static uint64_t every(const struct law_case *law)
{
    return law->scenario->is_killed_at_every_call ? 1 : SAMPLE;
}

/* A fix under the eyes of the killer. */
static bool fix(const struct law_case *law, struct killer *killer, struct trial *ret_trial)
{
    struct sim *sim AUTO(trial_close) = NULL;
    struct err err = {0};
    struct trial_setup setup = {.scenario = law->scenario,
                                .machine = law->before,
                                .mode = MODE_FIX,
                                .journal = {.context = killer, .begin = begin, .end = end},
                                .restarts = killer->restarts};
    if (!trial_open(&setup, law->arena, &sim, &err)) {
        return law_broken(law, "%s", err.text);
    }
    killer->sim = sim;
    killer->arena = law->arena;
    sim_watch(sim, &(struct sim_watch){.context = killer, .calling = calling});
    trial_on(sim, &setup, law->arena, ret_trial);
    return true;
}

/* --- in children --- */

static int die_at(const struct law_case *law, const struct place *place, uint64_t point)
{
    struct state state = {0};
    struct pending_file pending;
    struct trial trial;
    struct err err = {0};
    struct killer killer = {.save_to = place->machine, .at = point, .every = every(law)};
    if (!state_open(place->state, KILLED_RUN, law->arena, &state, &err)) {
        (void)law_broken(law, "%s", err.text);
        return CHILD_FAILED;
    }
    const struct machine_record *machine = &law->first->record.machine;
    const struct journal_owner owner = {.machine = machine->name, .vm_id = machine->vm_id};
    state_own(&state, &owner);
    killer.inner = journal_sink(state.journal);
    pending_open(&state, law->arena, &pending);
    killer.restarts = pending_sink(&pending);
    (void)fix(law, &killer, &trial);
    return CHILD_FAILED;
}

/* The program itself, on what is left of the machine. */
static int start_again(const struct law_case *law, const struct place *place)
{
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct options options = law->scenario->options;
    options.command = COMMAND_FIX;
    options.machine = place->machine;
    options.save_machine = place->after;
    options.state = place->state;
    options.exit_style = EXIT_PLAIN;
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err) || freopen("/dev/null", "w", stdout) == NULL ||
        freopen("/dev/null", "w", stderr) == NULL) {
        return CHILD_FAILED;
    }
    return console_run(&options, &arena);
}

/* Its wait status; it has a bounded time. */
static int in_child(const struct law_case *law, const struct place *place, uint64_t point)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        int code = point > 0 ? die_at(law, place, point) : start_again(law, place);
        (void)fflush(stdout);
        _exit(code);
    }
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

/* --- what they leave --- */

static bool read_file(const struct law_case *law, const char *path, struct text *ret_text)
{
    struct buf bytes AUTO(buf_clear) = {0};
    struct err err = {0};
    buf_init(&bytes, LIMIT_MACHINE_BYTES);
    if (!port_file_read(path, LIMIT_MACHINE_BYTES, &bytes, &err)) {
        return law_broken(law, "%s", err.text);
    }
    *ret_text = (struct text){arena_copy(law->arena, buf_string(&bytes), bytes.size), bytes.size};
    return true;
}

/* Nothing but the lock, which nobody holds, what waits for a restart, what asked a KMS, and the runs. */
static bool root_holds(const struct law_case *law, const struct place *place)
{
    static const char *const known[] = {"lock", STATE_PENDING, STATE_DISTANCE, "runs", NULL};
    const char *const *names = NULL;
    size_t count = 0;
    struct err err = {0};
    bool is_clean = port_folder_list(place->state, law->arena, &names, &count, &err) && count >= 2;
    for (size_t i = 0; is_clean && i < count; i++) {
        is_clean = text_word(known, names[i]) >= 0;
    }
    return is_clean || law_broken(law, "the state folder holds %zu things", count);
}

/* Journal and result; what to do by hand, where the run was about to rebuild the licensing store. */
static bool is_record(const char *const *files, size_t count)
{
    static const char *const known[] = {STATE_JOURNAL, STATE_RESULT, "recover.txt", NULL};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        int word = text_word(known, files[i]);
        if (word < 0) {
            return false;
        }
        kept += word < 2 ? 1 : 0;
    }
    return kept == 2;
}

/* Each run has a result, and the killed one says so; nothing is left half-written. */
static bool folder_holds(const struct law_case *law, const struct place *place)
{
    const char *runs = arena_format(law->arena, "%s/runs", place->state);
    const char *const *names = NULL;
    size_t count = 0;
    struct err err = {0};
    if (!port_folder_list(runs, law->arena, &names, &count, &err) || count != 2) {
        return law_broken(law, "%zu runs: %s", count, err.text);
    }
    for (size_t i = 0; i < count; i++) {
        const char *const *files = NULL;
        size_t file_count = 0;
        struct text result = {0};
        const char *folder = arena_format(law->arena, "%s/%s", runs, names[i]);
        if (!port_folder_list(folder, law->arena, &files, &file_count, &err) || !is_record(files, file_count)) {
            return law_broken(law, "%s holds %zu files", folder, file_count);
        }
        if (!read_file(law, arena_format(law->arena, "%s/" STATE_RESULT, folder), &result) ||
            !law_is_json(law, result, "result.json")) {
            return false;
        }
        if (text_same(names[i], KILLED_RUN) == (strstr(result.bytes, "\"interrupted\": {") == NULL)) {
            return law_broken(law, "the result of %s tells otherwise", names[i]);
        }
    }
    return true;
}

/* What a try in vain came to dies with its run: the next one may find that nobody can tell. */
static bool is_expected(int started, enum verdict undisturbed)
{
    int code = WIFEXITED(started) ? WEXITSTATUS(started) : -1;
    bool is_in_vain = undisturbed == VERDICT_NOT_FIXED;
    return code == exit_code(undisturbed, EXIT_PLAIN) ||
           (is_in_vain && code == exit_code(VERDICT_UNDETERMINED, EXIT_PLAIN));
}

static bool point_holds(const struct law_case *law, const struct place *place, uint64_t point,
                        const struct trial *undisturbed)
{
    struct text after = {0};
    int expected = exit_code(undisturbed->record.verdict, EXIT_PLAIN);
    int killed = in_child(law, place, point);
    if (!WIFSIGNALED(killed) || WTERMSIG(killed) != SIGKILL) {
        return law_broken(law, "killed at point %" PRIu64 ": ends with wait status %d", point, killed);
    }
    int started = in_child(law, place, 0);
    if (!is_expected(started, undisturbed->record.verdict)) {
        return law_broken(law, "killed at point %" PRIu64 ": the next run ends with wait status %d, not exit %d", point,
                          started, expected);
    }
    const char *what = arena_format(law->arena, "killed at point %" PRIu64 ", started again: the machine", point);
    return read_file(law, place->after, &after) && law_same_machine(law, what, undisturbed->saved, after) &&
           root_holds(law, place) && folder_holds(law, place);
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    (void)facts;
    (void)kind;
    (void)where;
    return remove(path);
}

/* In memory where there is such a place: a process that is killed loses nothing that it handed to the system. */
static bool place_make(char *folder, size_t size)
{
    const char *root = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(folder, size, "%s/azmend-kill-XXXXXX", root);
    return mkdtemp(folder) != NULL;
}

static bool place_holds(const struct law_case *law, uint64_t point, const struct trial *undisturbed)
{
    char folder[64];
    if (!place_make(folder, sizeof(folder))) {
        return law_broken(law, "no folder for the files of a killed run");
    }
    const struct place place = {.folder = folder,
                                .state = arena_format(law->arena, "%s/state", folder),
                                .machine = arena_format(law->arena, "%s/machine.json", folder),
                                .after = arena_format(law->arena, "%s/after.json", folder)};
    bool holds = point_holds(law, &place, point, undisturbed);
    return nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) == 0 && holds;
}

bool kill_holds(struct law_case *law, unsigned stride)
{
    struct killer counter = {.at = 0, .every = every(law)};
    struct trial undisturbed;
    unsigned broken = 0;
    if (!fix(law, &counter, &undisturbed)) {
        return false;
    }
    for (uint64_t point = 1; point <= counter.points && broken < FAILURES_SHOWN; point += stride) {
        size_t mark = arena_mark(law->arena);
        broken += place_holds(law, point, &undisturbed) ? 0 : 1;
        law->points++;
        arena_release(law->arena, mark);
    }
    return broken == 0;
}
