/* SPDX-License-Identifier: MIT */
/*
 * Runs the scenarios under all laws (laws.h), in this process and its children.
 *
 *     scenario [--root DIR] [--jobs N] [--stride N] [--every N] [--laws N] [--law NAME] [--turn N] [--plain]
 * [NAME-PART...]
 *
 * A NAME-PART is part of FOLDER/NAME; a path of a scenario in the tree does as well. --stride N takes every N-th of the
 * points where a call fails or the process is killed, --plain none of them: only the undisturbed runs. --every N: the
 * others of N scenarios are run as with --plain. --laws N: each scenario has the laws result and bounded and every N-th
 * of the other undisturbed ones. --turn N (else AZMEND_TURN, else 0) says with which scenario and law the counting of
 * both begins: with another one each day, all are met in time. Tells on stderr how far it is, and ends with 'N passed,
 * N failed': one test for each scenario and law.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "host/port.h"
#include "laws.h"
#include "tree.h"

enum { JOBS_MAX = 16, TELL_MS = 10 * 1000 };

struct choice {
    const char *root;
    char **parts;          /* NULL-ended; none: all */
    unsigned jobs, stride; /* stride 0: undisturbed runs only */
    unsigned every;        /* of so many scenarios one is disturbed */
    unsigned laws, turn;   /* struct law_choice */
    const char *only;
};

/* Is the scenario meant by the part of a name, or by its path? */
static bool is_meant(const struct choice *choice, const char *path, const char *part)
{
    static const char tree[] = "tests/scenarios/";
    const char *inside = strstr(part, tree);
    const char *wanted = inside != NULL ? inside + strlen(tree) : part;
    return strstr(path + strlen(choice->root), wanted) != NULL;
}

static bool is_chosen(const struct choice *choice, const char *path)
{
    bool chosen = choice->parts[0] == NULL;
    for (char **part = choice->parts; *part != NULL && !chosen; part++) {
        chosen = is_meant(choice, path, *part);
    }
    return chosen;
}

/* A part that means no scenario is a mistake in the command line, whatever else is there. */
static bool all_parts_known(const struct choice *choice, const struct files *files)
{
    bool known = true;
    for (char **part = choice->parts; *part != NULL; part++) {
        bool found = false;
        for (size_t i = 0; i < files->count && !found; i++) {
            found = is_meant(choice, files->items[i], *part);
        }
        if (!found) {
            (void)fprintf(stderr, "scenario: no scenario of this name below %s: %s\n", choice->root, *part);
            known = false;
        }
    }
    return known;
}

static void check_file(const struct choice *choice, const char *path, size_t number, struct arena *arena,
                       struct law_totals *totals)
{
    const struct law_choice laws = {.stride = (number + choice->turn) % choice->every == 0 ? choice->stride : 0,
                                    .laws = choice->laws,
                                    .only = choice->only,
                                    .turn = number + choice->turn};
    struct scenario scenario;
    struct err err = {0};
    size_t mark = arena_mark(arena);
    if (scenario_load(choice->root, path, arena, &scenario, &err)) {
        laws_check(&scenario, &laws, arena, totals);
    } else {
        printf("FAIL %s\n", err.text);
        totals->failed++;
    }
    arena_release(arena, mark);
}

/* Every jobs-th file from `first` on; the counts go to the pipe. */
static int work(const struct choice *choice, const struct files *files, unsigned first, int out)
{
    struct law_totals totals = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        return 1;
    }
    int64_t told_ms = port_now_ms();
    for (size_t i = first; i < files->count; i += choice->jobs) {
        check_file(choice, files->items[i], i, &arena, &totals);
        if (first == 0 && port_now_ms() - told_ms >= TELL_MS) {
            told_ms = port_now_ms();
            (void)fprintf(stderr, "%zu of %zu scenarios\n", i + 1, files->count);
        }
    }
    return write(out, &totals, sizeof(totals)) == (ssize_t)sizeof(totals) ? 0 : 1;
}

static bool run_all(const struct choice *choice, const struct files *files, struct law_totals *ret_totals)
{
    int ends[2];
    bool complete = pipe(ends) == 0;
    (void)fflush(stdout);
    for (unsigned i = 0; complete && i < choice->jobs; i++) {
        pid_t child = fork();
        if (child == 0) {
            int code = work(choice, files, i, ends[1]);
            (void)fflush(stdout);
            _exit(code);
        }
        complete = child > 0;
    }
    for (unsigned i = 0; complete && i < choice->jobs; i++) {
        struct law_totals part = {0};
        int status = 0;
        complete = wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                   read(ends[0], &part, sizeof(part)) == (ssize_t)sizeof(part);
        ret_totals->passed += part.passed;
        ret_totals->failed += part.failed;
        ret_totals->scenarios += part.scenarios;
        ret_totals->faults += part.faults;
        ret_totals->kills += part.kills;
    }
    return complete;
}

static unsigned number(const char *text, unsigned most)
{
    int64_t number = 0;
    return text != NULL && text_to_int(text, &number) && number > 0 && number <= (int64_t)most ? (unsigned)number : 1;
}

/* One option and its value into the choice; how many words that were, 0: no option of ours. */
static int read_option(char **at, struct choice *choice)
{
    if (strcmp(at[0], "--plain") == 0) {
        choice->stride = 0;
        return 1;
    }
    if (at[1] == NULL) {
        return 0;
    }
    if (strcmp(at[0], "--root") == 0) {
        choice->root = at[1];
    } else if (strcmp(at[0], "--law") == 0) {
        choice->only = at[1];
        return text_word(law_names, at[1]) >= 0 ? 2 : 0;
    } else if (strcmp(at[0], "--jobs") == 0) {
        choice->jobs = number(at[1], JOBS_MAX);
    } else if (strcmp(at[0], "--every") == 0) {
        choice->every = number(at[1], 1000);
    } else if (strcmp(at[0], "--laws") == 0) {
        choice->laws = number(at[1], LAW_COUNT);
    } else if (strcmp(at[0], "--turn") == 0) {
        choice->turn = number(at[1], 1000 * 1000);
    } else if (strcmp(at[0], "--stride") == 0) {
        choice->stride = number(at[1], 1000 * 1000);
    } else {
        return 0;
    }
    return 2;
}

static bool read_choice(char **arguments, struct choice *ret_choice)
{
    const char *turn = getenv("AZMEND_TURN");
    struct choice choice = {.root = AZMEND_SOURCE_DIR "/tests/scenarios",
                            .jobs = 2,
                            .stride = 1,
                            .every = 1,
                            .laws = 1,
                            .turn = turn != NULL ? number(turn, 1000 * 1000) : 0};
    char **at = arguments + 1;
    while (at[0] != NULL && strncmp(*at, "-", 1) == 0) {
        int words = read_option(at, &choice);
        if (words == 0) {
            return false;
        }
        at += words;
    }
    choice.parts = at;
    *ret_choice = choice;
    return true;
}

int main(int count, char **arguments)
{
    static struct files found;
    static struct files chosen;
    struct law_totals totals = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct choice choice = {0};
    if (count < 1 || !read_choice(arguments, &choice)) {
        (void)fprintf(
            stderr, "usage: scenario [--root DIR] [--jobs N] [--stride N] [--every N] [--laws N] [--turn N] [--plain] "
                    "[NAME-PART...]\n"
                    "Without a part of a name: all scenarios. tests/scenarios/README.md says what they are.\n");
        return 2;
    }
    if (!arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        return 1;
    }
    files_collect(choice.root, &arena, &found);
    if (!all_parts_known(&choice, &found)) {
        return 2;
    }
    for (size_t i = 0; i < found.count; i++) {
        if (is_chosen(&choice, found.items[i])) {
            chosen.items[chosen.count++] = found.items[i];
        }
    }
    if (choice.every > 1 || choice.laws > 1) {
        printf("turn %u: --turn or AZMEND_TURN with this number tries the same again\n", choice.turn);
    }
    bool complete = run_all(&choice, &chosen, &totals);
    if (!complete) {
        printf("FAIL a worker ended early\n");
        totals.failed++;
    }
    printf("%u scenarios, %d laws, %u host calls failed, %u kills\n", totals.scenarios,
           choice.stride > 0 ? (int)LAW_COUNT : (int)LAW_HONEST, totals.faults, totals.kills);
    printf("%u passed, %u failed\n", totals.passed, totals.failed);
    return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}
