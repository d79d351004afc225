/* SPDX-License-Identifier: MIT */
/*
 * Machines with several faults at once, under the laws of together.h.
 *
 *     together [--root DIR] [--jobs N] [--seed N] [--machines N | --triples N] [--sittings N --sitting K]
 *     together [--root DIR] [--save FILE] [--defect WORD] [--off-azure yes] SCENARIO SCENARIO [SCENARIO]
 *     together [--root DIR] --self-test yes
 *
 * The first form draws machines (sample.h); with --triples it takes every pair once, and N triples behind them; in
 * several sittings each takes its share of them, and tells on stderr how far it is. The
 * second is one machine of exactly these, in this order: FILE gets its document; a defect (together.h) is put in to see
 * a law broken. The third shows of each law that it can be broken. Ends with 'N passed, N failed': one test for each
 * machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/run/load.h"
#include "host/port.h"
#include "sample.h"
#include "together.h"

enum { TELL_MS = 60 * 1000, SITTINGS_MAX = 100 };
enum { JOBS_MAX = 16, MACHINES_MAX = 1000 * 1000, ARGUMENTS_MAX = 64, ARENAS = 4, REFUSALS_SHOWN = 5 };

struct choice {
    const char *root, *save;
    char **parts; /* NULL-ended */
    uint64_t seed;
    size_t machines, triples;         /* triples 0: as many machines as is said */
    unsigned jobs, sittings, sitting; /* sitting: from 1 */
    enum defect defect;
    bool is_off_azure, is_self_test;
    const struct plan *plan; /* all playbooks without a parameter; NULL: it is loaded for each machine */
};

struct totals {
    unsigned passed, failed;
    unsigned skipped[SKIP_COUNT];
    unsigned broken[TOGETHER_COUNT];
};

/* --- one machine --- */

enum { COMMAND_WORDS = 2 };

/* The parameters that its scenarios give, under all playbooks. */
static bool read_options(const struct choice *choice, const struct overlay *overlay, struct arena *arena,
                         struct scenario *scenario, struct err *err)
{
    char **words = arena_array(arena, ARGUMENTS_MAX, sizeof(*words));
    int count = COMMAND_WORDS;
    words[0] = arena_text(arena, "azmend");
    words[1] = arena_text(arena, "fix");
    for (size_t i = 0; i < overlay->count; i++) {
        const struct json *args = overlay->parts[i]->args;
        for (size_t j = 0; j + 1 < args->count && count + 2 < ARGUMENTS_MAX; j++) {
            bool is_parameter = text_same(args->as.items[j].as.text, "--parameter");
            if (is_parameter && !text_contains(args->as.items[j + 1].as.text, "certificateFolder")) {
                words[count++] = arena_text(arena, "--parameter");
                words[count++] = arena_text(arena, args->as.items[j + 1].as.text);
            }
        }
    }
    if (!options_parse(count, words, &scenario->options, err)) {
        return false;
    }
    scenario->plan = choice->plan;
    bool is_loaded = choice->plan != NULL && count == COMMAND_WORDS;
    return is_loaded || load_plan(&scenario->options, arena, &scenario->plan, err);
}

static void tell(const struct choice *choice, const struct overlay *overlay, int broken)
{
    printf("     seed %llu, broken:", (unsigned long long)choice->seed);
    for (int i = 0; i < TOGETHER_COUNT; i++) {
        printf("%s%s", (broken & 1 << i) != 0 ? " " : "", (broken & 1 << i) != 0 ? together_names[i] : "");
    }
    printf("; again: build/release/tests/scenario/together --save machine.json%s",
           overlay->is_off_azure ? " --off-azure yes" : "");
    for (size_t i = 0; i < overlay->count; i++) {
        printf(" %s", overlay->parts[i]->name);
    }
    printf("\n");
}

static bool save(const struct choice *choice, struct text machine)
{
    struct err err = {0};
    return choice->save == NULL || port_file_replace(choice->save, machine.bytes, machine.size, &err);
}

static void count(struct totals *totals, int broken)
{
    totals->passed += broken == 0 ? 1 : 0;
    totals->failed += broken == 0 ? 0 : 1;
    for (int i = 0; i < TOGETHER_COUNT; i++) {
        totals->broken[i] += (broken & 1 << i) != 0 ? 1 : 0;
    }
}

static void check_machine(const struct choice *choice, const struct overlay *overlay, struct arena *arena,
                          struct totals *totals)
{
    size_t mark = arena_mark(arena);
    struct scenario scenario = {.name = overlay_name(overlay, arena),
                                .machine_file = overlay->parts[overlay->count - 1]->machine_file};
    enum skip skip = SKIP_NONE;
    struct err err = {0};
    if (!overlay_machine(overlay, arena, &scenario.machine, &skip, &err) ||
        !read_options(choice, overlay, arena, &scenario, &err) || !save(choice, scenario.machine)) {
        printf("FAIL %s: %s\n", scenario.name, err.text);
        totals->failed++;
    } else if (skip != SKIP_NONE) {
        totals->skipped[skip]++;
    } else {
        int broken = together_check(overlay, &scenario, choice->defect, arena);
        if (broken > 0) {
            tell(choice, overlay, broken);
        }
        if (broken < 0) {
            totals->skipped[broken == TOGETHER_SILENT ? SKIP_SILENT : SKIP_REFUSED]++;
        } else {
            count(totals, broken);
        }
    }
    arena_release(arena, mark);
}

/* --- many of them --- */

static int work(struct choice *choice, const struct sample *sample, unsigned first, int out)
{
    static const struct overlay nothing = {0};
    struct totals totals = {0};
    struct scenario plain = {0};
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    if (!arena_open(&arena, (size_t)ARENAS * LIMIT_ARENA_BYTES, &err) ||
        !read_options(choice, &nothing, &arena, &plain, &err)) {
        return 1;
    }
    choice->plan = plain.plan;
    int64_t told_ms = port_now_ms();
    for (size_t i = first; i < sample->machines; i += choice->jobs) {
        struct overlay overlay;
        if ((i / choice->jobs) % choice->sittings != choice->sitting - 1) {
            continue;
        }
        if (first == 0 && port_now_ms() - told_ms >= TELL_MS) {
            told_ms = port_now_ms();
            (void)fprintf(stderr, "%zu of %zu machines\n", i, sample->machines);
        }
        sample_draw(sample, i, &overlay);
        check_machine(choice, &overlay, &arena, &totals);
    }
    return write(out, &totals, sizeof(totals)) == (ssize_t)sizeof(totals) ? 0 : 1;
}

static void add(struct totals *totals, const struct totals *part)
{
    totals->passed += part->passed;
    totals->failed += part->failed;
    for (int i = 0; i < SKIP_COUNT; i++) {
        totals->skipped[i] += part->skipped[i];
    }
    for (int i = 0; i < TOGETHER_COUNT; i++) {
        totals->broken[i] += part->broken[i];
    }
}

static bool run_all(struct choice *choice, const struct sample *sample, struct totals *totals)
{
    int pipes[2];
    bool complete = pipe(pipes) == 0;
    (void)fflush(stdout);
    for (unsigned i = 0; complete && i < choice->jobs; i++) {
        pid_t child = fork();
        if (child == 0) {
            int code = work(choice, sample, i, pipes[1]);
            (void)fflush(stdout);
            _exit(code);
        }
        complete = child > 0;
    }
    for (unsigned i = 0; complete && i < choice->jobs; i++) {
        struct totals part = {0};
        int status = 0;
        complete = wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                   read(pipes[0], &part, sizeof(part)) == (ssize_t)sizeof(part);
        add(totals, &part);
    }
    return complete;
}

/* --- by name --- */

static bool named(char *const *names, const struct sample *sample, struct overlay *ret_overlay)
{
    struct overlay overlay = {.count = 0};
    for (char *const *name = names; *name != NULL; name++) {
        const struct part *found = NULL;
        for (size_t i = 0; i < sample->part_count; i++) {
            found = text_same(sample->parts[i].name, *name) ? &sample->parts[i] : found;
        }
        if (found == NULL || overlay.count == PARTS_MAX ||
            (overlay.count > 0 && !text_same(found->base, overlay.parts[0]->base))) {
            printf("FAIL %s: no such scenario, one too many, or of another base machine\n", *name);
            return false;
        }
        overlay.parts[overlay.count++] = found;
    }
    *ret_overlay = overlay;
    return overlay.count > 0;
}

static void run_named(const struct choice *choice, const struct sample *sample, struct arena *arena,
                      struct totals *totals)
{
    struct overlay overlay;
    if (named(choice->parts, sample, &overlay)) {
        overlay.is_off_azure = choice->is_off_azure;
        check_machine(choice, &overlay, arena, totals);
    } else {
        totals->failed++;
    }
}

/* Each law on a machine where it holds, and with a defect that breaks it and no other. */
static void self_test(struct choice choice, const struct sample *sample, struct arena *arena, struct totals *totals)
{
    static const struct {
        enum defect defect;
        enum together law;
    } rows[] = {{DEFECT_CRASH, TOGETHER_ENDS},    {DEFECT_LOUD, TOGETHER_ENDS},   {DEFECT_KEY, TOGETHER_KEEPS},
                {DEFECT_LICENSE, TOGETHER_KEEPS}, {DEFECT_PLAN, TOGETHER_AGREES}, {DEFECT_LEFT, TOGETHER_ONCE},
                {DEFECT_AZURE, TOGETHER_AZURE}};
    char *names[] = {arena_text(arena, "kms-target/retired-address"),
                     arena_text(arena, "license-service/disabled-fixed"), NULL};
    choice.parts = names;
    struct totals sound = {0};
    run_named(&choice, sample, arena, &sound);
    add(totals, &sound);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct totals hurt = {0};
        choice.defect = rows[i].defect;
        run_named(&choice, sample, arena, &hurt);
        bool is_seen = hurt.failed == 1 && hurt.broken[rows[i].law] == 1;
        printf("%s with the defect %s the law '%s' is %s\n", is_seen ? "ok  " : "FAIL", defect_names[rows[i].defect],
               together_names[rows[i].law], is_seen ? "broken" : "not broken");
        totals->passed += is_seen ? 1 : 0;
        totals->failed += is_seen ? 0 : 1;
    }
}

/* --- the command line --- */

static uint64_t number(const char *text, uint64_t most)
{
    int64_t number = 0;
    return text_to_int(text, &number) && number > 0 && (uint64_t)number <= most ? (uint64_t)number : 1;
}

static bool read_choice(char **arguments, struct choice *ret_choice)
{
    struct choice choice = {.root = AZMEND_SOURCE_DIR "/tests/scenarios",
                            .jobs = 2,
                            .seed = 1,
                            .machines = 500,
                            .sittings = 1,
                            .sitting = 1};
    char **at = arguments + 1;
    for (; at[0] != NULL && at[1] != NULL && strncmp(*at, "--", 2) == 0; at += 2) {
        if (strcmp(*at, "--root") == 0) {
            choice.root = at[1];
        } else if (strcmp(*at, "--save") == 0) {
            choice.save = at[1];
        } else if (strcmp(*at, "--jobs") == 0) {
            choice.jobs = (unsigned)number(at[1], JOBS_MAX);
        } else if (strcmp(*at, "--seed") == 0) {
            choice.seed = number(at[1], INT64_MAX);
        } else if (strcmp(*at, "--machines") == 0) {
            choice.machines = (size_t)number(at[1], MACHINES_MAX);
        } else if (strcmp(*at, "--triples") == 0) {
            choice.triples = (size_t)number(at[1], MACHINES_MAX);
        } else if (strcmp(*at, "--sittings") == 0) {
            choice.sittings = (unsigned)number(at[1], SITTINGS_MAX);
        } else if (strcmp(*at, "--sitting") == 0) {
            choice.sitting = (unsigned)number(at[1], SITTINGS_MAX);
        } else if (strcmp(*at, "--off-azure") == 0) {
            choice.is_off_azure = true;
        } else if (strcmp(*at, "--self-test") == 0) {
            choice.is_self_test = true;
        } else if (strcmp(*at, "--defect") == 0 && text_word(defect_names, at[1]) >= 0) {
            choice.defect = (enum defect)text_word(defect_names, at[1]);
        } else {
            printf("FAIL no such option: %s %s\n", at[0], at[1]);
            return false;
        }
    }
    if (choice.sitting > choice.sittings) {
        printf("FAIL sitting %u of %u\n", choice.sitting, choice.sittings);
        return false;
    }
    choice.parts = at;
    *ret_choice = choice;
    return true;
}

static void summarize(const struct choice *choice, const struct sample *sample, const struct totals *totals)
{
    printf("%zu scenarios, %zu pairs, seed %llu\n", sample->part_count, sample->pair_count,
           (unsigned long long)choice->seed);
    for (int i = 1; i < SKIP_COUNT; i++) {
        printf("left out, %s: %u\n", skip_names[i], totals->skipped[i]);
    }
    for (int i = 0; i < TOGETHER_COUNT; i++) {
        printf("%s: broken %u\n", together_names[i], totals->broken[i]);
    }
    printf("%u passed, %u failed\n", totals->passed, totals->failed);
}

int main(int argument_count, char **arguments)
{
    static struct files files;
    static struct part parts[FILES_MAX];
    struct sample sample = {0};
    struct totals totals = {0};
    struct choice choice;
    struct arena arena AUTO(arena_close) = {0};
    struct err err = {0};
    size_t part_count = 0;
    if (argument_count < 1 || !read_choice(arguments, &choice) ||
        !arena_open(&arena, (size_t)ARENAS * LIMIT_ARENA_BYTES, &err)) {
        return 1;
    }
    files_collect(choice.root, &arena, &files);
    if (!parts_load(choice.root, &files, &arena, parts, &part_count, &err)) {
        printf("FAIL %s\n", err.text);
        return 1;
    }
    sample_init(&sample, parts, part_count, &arena);
    sample.seed = choice.seed;
    sample.machines = choice.triples > 0 ? sample.pair_count + choice.triples : choice.machines;
    if (choice.is_self_test) {
        self_test(choice, &sample, &arena, &totals);
    } else if (choice.parts[0] != NULL) {
        run_named(&choice, &sample, &arena, &totals);
    } else if (!run_all(&choice, &sample, &totals)) {
        printf("FAIL a worker ended early\n");
        totals.failed++;
    }
    summarize(&choice, &sample, &totals);
    return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}
