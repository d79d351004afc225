/* SPDX-License-Identifier: MIT */
/*
 * A look never runs anything: it tells what came of the run that a step of this run asked for. So a step that wants
 * `ran` runs the program once, and a second step that wants it finds it done.
 */
#include "host/nouns/process/process.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/file/file.h"
#include "kinds/catalog.h"
#include "kinds/cells.h"

enum { PARAM_PROGRAM, PARAM_ARGUMENTS, PARAM_COUNT };
enum { PROCESS_EXISTS, PROCESS_RAN, PROCESS_EXIT_CODE, PROCESS_OUTPUT, PROCESS_RAN_AT, PROCESS_COUNT };

static const struct column params[] = {
    [PARAM_PROGRAM] = TEXT_COLUMN("program", COLUMN_REQUIRED, "full path, or from %SystemRoot% and its like"),
    [PARAM_ARGUMENTS] = LIST_COLUMN("arguments", TYPE_TEXT, 0, "one by one, as the program gets them; none if absent"),
};
_Static_assert(COUNT_OF(params) == PARAM_COUNT, "one row a parameter");

static const struct column properties[] = {
    [PROCESS_EXISTS] = BOOL_COLUMN("exists", 0, "the program is there"),
    [PROCESS_RAN] = {.name = "ran",
                     .about = "it ran to its end in this run of azmend; true: it is run once, at most two minutes",
                     .base = TYPE_BOOL,
                     .wants = wants_true,
                     .flags = COLUMN_ENSURE,
                     .effect = "runs a program",
                     .effect_ja = "プログラムを実行します"},
    [PROCESS_EXIT_CODE] = INT_COLUMN("exitCode", 0, UINT32_MAX, UNIT_NUMBER, 0, "of that run"),
    [PROCESS_OUTPUT] = TEXT_COLUMN("output", 0, "the beginning of what it wrote"),
    [PROCESS_RAN_AT] = INT_COLUMN("ranAt", 0, 0, UNIT_TIME, 0, "when that began"),
};
_Static_assert(COUNT_OF(properties) == PROCESS_COUNT, "one row a property");

/* The beginning of it, as much as a text may hold. */
static const char *beginning(struct arena *arena, const char *output)
{
    return arena_copy(arena, output, text_cut(output, LIMIT_TEXT_BYTES - 1));
}

static bool process_look(struct look *look, struct host *host, struct err *err)
{
    const char *program = look_text(look, PARAM_PROGRAM);
    const struct process_run *run = host_process_last(host, program);
    struct file_facts file = {0};
    if (!host_file_query(host, program, &file, err)) {
        return false;
    }
    look->cells[PROCESS_EXISTS] = value_bool(file.exists && file.form == FILE_IS_REGULAR);
    look->cells[PROCESS_RAN] = value_bool(run != NULL && run->ended);
    if (run != NULL && run->ended) {
        look->cells[PROCESS_EXIT_CODE] = value_int(run->result.exit_code);
        look->cells[PROCESS_OUTPUT] = cell_text(look->arena, beginning(look->arena, run->result.output));
        look->cells[PROCESS_RAN_AT] = value_int(run->utc_ms / 1000);
    }
    return true;
}

static bool process_set(struct host *host, const struct wanted *wanted, struct err *err)
{
    const struct value *list = &wanted->params[PARAM_ARGUMENTS];
    size_t count = list->state == VALUE_KNOWN ? list->as.list.count : 0;
    if (!wanted_bool(&wanted->cells[PROCESS_RAN], true)) {
        return err_set(err, ERR_INVALID, 0, "what ran cannot be unrun");
    }
    const char **arguments = arena_array(wanted->arena, count, sizeof *arguments);
    for (size_t i = 0; i < count; i++) {
        arguments[i] = list->as.list.items[i].as.text;
    }
    const struct process_order order = {
        .program = wanted->params[PARAM_PROGRAM].as.text, .arguments = arguments, .argument_count = count};
    return host_process_run(host, &order, err);
}

const struct kind kind_process = {
    .name = "process",
    .about = "a program without an interface but its command line",
    .params = COLUMNS(params),
    .properties = COLUMNS(properties),
    .reads = NOUN_BIT(NOUN_PROCESS) | NOUN_BIT(NOUN_FILE),
    .changes = NOUN_BIT(NOUN_PROCESS),
    .memory_bytes = LIMIT_LOOK_SMALL_BYTES,
    .example = "{\"program\": \"%SystemRoot%\\\\System32\\\\fclip.exe\"}",
    .example_step = "{\"program\": \"%SystemRoot%\\\\System32\\\\fclip.exe\", \"ran\": true}",
    .look = process_look,
    .set = process_set,
};
