/* SPDX-License-Identifier: MIT */
/*
 * Runs the scenarios under all laws (laws.h), in this process and its children.
 *
 *     scenario [--root DIR] [--jobs N] [--stride N] [NAME-PART...]
 *
 * Ends with 'N passed, N failed': one test for each scenario and law.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "laws.h"

enum { JOBS_MAX = 16 };

struct choice {
    const char *root;
    char **parts; /* NULL-ended; none: all */
    unsigned jobs, stride;
};

static bool is_chosen(const struct choice *choice, const char *path)
{
    bool chosen = choice->parts[0] == NULL;
    for (char **part = choice->parts; *part != NULL && !chosen; part++) {
        chosen = strstr(path + strlen(choice->root), *part) != NULL;
    }
    return chosen;
}

static void check_file(const struct choice *choice, const char *path, struct arena *arena, struct law_totals *totals)
{
    struct scenario scenario;
    struct err err = {0};
    size_t mark = arena->used;
    if (scenario_load(choice->root, path, arena, &scenario, &err)) {
        laws_check(&scenario, choice->stride, arena, totals);
    } else {
        printf("FAIL %s\n", err.text);
        totals->failed++;
    }
    arena->used = mark;
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
    for (size_t i = first; i < files->count; i += choice->jobs) {
        check_file(choice, files->items[i], &arena, &totals);
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

static struct choice read_choice(char **arguments)
{
    struct choice choice = {.root = AZMEND_SOURCE_DIR "/tests/scenarios", .jobs = 2, .stride = 1};
    char **at = arguments + 1;
    for (; at[0] != NULL && at[1] != NULL && strncmp(*at, "--", 2) == 0; at += 2) {
        if (strcmp(*at, "--root") == 0) {
            choice.root = at[1];
        } else if (strcmp(*at, "--jobs") == 0) {
            choice.jobs = number(at[1], JOBS_MAX);
        } else if (strcmp(*at, "--stride") == 0) {
            choice.stride = number(at[1], 1000 * 1000);
        }
    }
    choice.parts = at;
    return choice;
}

int main(int count, char **arguments)
{
    static struct files found;
    static struct files chosen;
    struct law_totals totals = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    struct choice choice = read_choice(arguments);
    if (count < 1 || !arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        return 1;
    }
    files_collect(choice.root, &arena, &found);
    for (size_t i = 0; i < found.count; i++) {
        if (is_chosen(&choice, found.items[i])) {
            chosen.items[chosen.count++] = found.items[i];
        }
    }
    bool complete = run_all(&choice, &chosen, &totals);
    if (!complete) {
        printf("FAIL a worker ended early\n");
        totals.failed++;
    }
    printf("%u scenarios, %d laws, %u host calls failed, %u kills\n", totals.scenarios, (int)LAW_COUNT, totals.faults,
           totals.kills);
    printf("%u passed, %u failed\n", totals.passed, totals.failed);
    return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}
