/* SPDX-License-Identifier: MIT */
/* Programs as the document scripts them: how a run of one ends, and what it leaves in the event logs. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/decode.h"
#include "host/sim/sim_private.h"

struct program {
    struct sim_node node; /* name: with its drive */
    const char *spelling;
    const struct json *notation;
    struct field_texts arguments;
    int64_t exit_code, start_error, ms;
    const char *output, *output_hex;
    struct outside written; /* what it writes */
    const struct json *logs;
};

#define NUMBER(name, member, most, text) INT_FIELD(name, struct program, member, 0, 0, most, text)

static const struct field items[] = {
    TEXTS_FIELD("arguments", struct program, arguments, 0, 0, LIMIT_COMMAND_WORDS,
                "the only ones that are scripted; none when left out"),
    NUMBER("exitCode", exit_code, UINT32_MAX, "0 when left out"),
    NUMBER("startError", start_error, UINT32_MAX, "Windows' number of why it does not start"),
    NUMBER("ms", ms, INT32_MAX, "virtual time a run takes"),
    TEXT_FIELD("output", struct program, output, 0, 0, 0, "what it writes"),
    TEXT_FIELD("outputHex", struct program, output_hex, 0, 0, 2 * LIMIT_CHILD_BYTES, "what it writes, as bytes"),
    JSON_FIELD("logs", struct program, logs, 0, "events", "events that a run leaves: by log, as XML"),
};
static const struct fields sim_program_fields =
    FIELDS_KEEPING("program", struct program, notation, items, "what a run of a program does");

/* --- loading --- */

static struct sim_channel *log_of(const struct sim *sim, const struct json *list)
{
    struct sim_channel *log = (struct sim_channel *)sim_table_find(&sim->tables[NOUN_EVENT], list->name);
    return log != NULL && log->node.exists ? log : NULL;
}

static bool check_logs(const struct sim *sim, const struct json *logs, struct err *err)
{
    if (logs != NULL && !json_want(logs, JSON_OBJECT, sim->file, err)) {
        return false;
    }
    for (uint32_t i = 0; logs != NULL && i < logs->count; i++) {
        const struct json *list = &logs->as.items[i];
        if (!json_want(list, JSON_ARRAY, sim->file, err)) {
            return false;
        }
        if (log_of(sim, list) == NULL) {
            return json_refuse(list, sim->file, err, "the document has no such log");
        }
        for (uint32_t j = 0; j < list->count; j++) {
            if (!json_want(&list->as.items[j], JSON_TEXT, sim->file, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool load_output(const struct sim *sim, const struct json *json, struct program *program, struct err *err)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    program->written.page = PORT_PAGE_OEM;
    if (program->output_hex == NULL) {
        program->written.bytes = program->output;
        program->written.size = program->output != NULL ? strlen(program->output) : 0;
        return true;
    }
    if (program->output != NULL || !hex_decode(sim->arena, program->output_hex, &bytes, &size)) {
        return json_refuse(json, sim->file, err, "expected output, or pairs of hexadecimal digits in outputHex");
    }
    program->written.bytes = bytes;
    program->written.size = size;
    program->written.is_cut = size == LIMIT_CHILD_BYTES;
    return true;
}

static bool load_program(struct sim *sim, const struct json *json, struct err *err)
{
    struct program *program = arena_alloc(sim->arena, sizeof *program);
    bool is_absent = json->type == JSON_BOOL && !json->as.boolean;
    const char *path = sim_file_path(sim->arena, json->name);
    if (path == NULL) {
        return json_refuse(json, sim->file, err, "no path of this machine");
    }
    if (!is_absent && (!fields_decode(&sim_program_fields, json, sim->file, sim->arena, program, err) ||
                       !check_logs(sim, program->logs, err) || !load_output(sim, json, program, err))) {
        return false;
    }
    program->spelling = json->name;
    program->node = (struct sim_node){.name = path, .exists = !is_absent};
    return sim_add_member(sim, &sim->tables[NOUN_PROCESS], &program->node, json, err);
}

static bool load_section(struct sim *sim, const struct json *json, struct err *err)
{
    return sim_load_members(sim, json, load_program, err);
}

/* --- a run --- */

/* NULL: the document does not mention it; err says so. */
static struct program *find(struct sim *sim, const char *name, struct err *err)
{
    const char *path = sim_file_path(sim->arena, name);
    struct program *program = path != NULL ? (struct program *)sim_table_find(&sim->tables[NOUN_PROCESS], path) : NULL;
    if (program == NULL) {
        (void)sim_unlisted(sim, err, "program %s", name);
    }
    return program;
}

static bool same_arguments(const struct program *program, const struct process_order *order)
{
    bool same = program->arguments.count == order->argument_count;
    for (size_t i = 0; same && i < order->argument_count; i++) {
        same = text_same(program->arguments.items[i], order->arguments[i]);
    }
    return same;
}

static void leave_events(struct sim *sim, const struct json *logs)
{
    for (uint32_t i = 0; logs != NULL && i < logs->count; i++) {
        const struct json *list = &logs->as.items[i];
        struct sim_channel *log = log_of(sim, list);
        for (uint32_t j = 0; j < list->count; j++) {
            *(const char **)arena_push(sim->arena, &log->events, sizeof(char *)) = list->as.items[j].as.text;
        }
    }
}

void sim_program_leave(struct sim *sim, const char *path)
{
    const struct program *program = (const struct program *)sim_table_find(&sim->tables[NOUN_PROCESS], path);
    if (program != NULL) {
        leave_events(sim, program->logs);
    }
}

/* Whether it starts. */
static bool starts(struct sim *sim, const struct process_order *order, const struct program *program, struct err *err)
{
    if (!program->node.exists) {
        return err_set(err, ERR_NOT_FOUND, SIM_FILE_NOT_FOUND, "run %s: there is none", order->program);
    }
    if (!same_arguments(program, order)) {
        return sim_unlisted(sim, err, "program %s with these arguments", order->program);
    }
    if (program->start_error != 0) {
        return err_set(err, program->start_error == SIM_ACCESS_DENIED ? ERR_DENIED : ERR_IO,
                       (uint32_t)program->start_error, "run %s: Windows error %d", order->program,
                       (int)program->start_error);
    }
    return true;
}

static bool run(void *backend, const struct process_order *order, struct arena *arena,
                struct process_result *ret_result, struct err *err)
{
    struct sim *sim = backend;
    struct program *program = sim_enter(sim, err) ? find(sim, order->program, err) : NULL;
    if (program == NULL || !starts(sim, order, program, err)) {
        return false;
    }
    if (program->ms > order->timeout_ms) {
        sim_sleep_ms(sim, order->timeout_ms);
        return err_set(err, ERR_TIMEOUT, 0, "%s: not done after %lld ms, ended", order->program,
                       (long long)order->timeout_ms);
    }
    sim_sleep_ms(sim, program->ms);
    leave_events(sim, program->logs);
    *ret_result = (struct process_result){
        .exit_code = (uint32_t)program->exit_code,
        .output = decode_text(arena, &program->written).text,
    };
    return sim_pass(sim, err);
}

const struct process_ops sim_process_ops = {
    .run = run,
};

const struct sim_section sim_process_section = {
    .field = SIM_BY_NAME(NOUN_PROCESS, "programs", "programs by full path: false, or what a run of them does"),
    .members = &sim_program_fields,
    .load = load_section,
};
