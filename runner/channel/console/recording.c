/* SPDX-License-Identifier: MIT */
/*
 * A check with all playbooks is made, and once more under each parameter that asks for consent, and for each cloud: so
 * that a replay under them misses no look. All of them share one deadline.
 */
#include "channel/console/recording.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "channel/run/emergency.h"
#include "channel/run/say.h"
#include "channel/run/session.h"
#include "host/record/recorder.h"
#include "host/sim/tell.h"
#include "intake/embedded.h"

struct work {
    const struct options *options;
    struct arena *arena; /* of one run, given back after each */
    struct arena own;    /* of what outlives them */
    struct recorder *recorder;
    struct arena_list choices; /* const char *: "name=value" */
    int64_t begun_ms;
};

static void close_work(struct work *work)
{
    arena_close(&work->own);
}

/* --- under which parameters --- */

static void add_choice(struct work *work, const char *name, const char *value)
{
    const char *choice = arena_format(&work->own, "%s=%s", name, value);
    for (size_t i = 0; i < work->choices.count; i++) {
        if (text_same(((const char *const *)work->choices.items)[i], choice)) {
            return;
        }
    }
    *(const char **)arena_push(&work->own, &work->choices, sizeof choice) = choice;
}

/* The other value of one that asks for consent, each of a closed list. */
static void add_choices_of(struct work *work, const struct parameter *parameter)
{
    const struct value *list = &parameter->one_of;
    if (parameter->column.base == TYPE_BOOL) {
        bool is_given = parameter->otherwise.state == VALUE_KNOWN && parameter->otherwise.as.boolean;
        add_choice(work, parameter->column.name, is_given ? "false" : "true");
    }
    for (size_t i = 0; list->state == VALUE_KNOWN && parameter->column.base == TYPE_TEXT && i < list->as.list.count;
         i++) {
        add_choice(work, parameter->column.name, list->as.list.items[i].as.text);
    }
}

static void add_choices(struct work *work, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->playbooks[i].parameter_count; j++) {
            add_choices_of(work, &plan->playbooks[i].parameters[j]);
        }
    }
}

/* --- one run --- */

/* choice NULL: the first run, under nothing but what is the default. */
static enum ending run_once(struct work *work, const char *choice, struct err *err)
{
    struct options options = *work->options;
    struct session session AUTO(session_close) = {.options = &options,
                                                  .arena = work->arena,
                                                  .mode = MODE_CHECK,
                                                  .channel = "console",
                                                  .recorder = work->recorder};
    options.command = COMMAND_CHECK;
    options.operands.count = 0;
    options.deadline_ms -= port_now_ms() - work->begun_ms;
    if (choice != NULL) {
        options.parameters.items[options.parameters.count++] = choice;
    }
    if (options.deadline_ms <= 0) {
        (void)err_set(err, ERR_TIMEOUT, 0, "the time is over");
        return ENDING_FAILED;
    }
    enum ending ending = session_open(&session, err);
    if (ending != ENDING_NONE) {
        return ending;
    }
    session_run(&session);
    if (choice == NULL) {
        add_choices(work, session.plan);
    }
    return ENDING_NONE;
}

static enum ending run_all(struct work *work, struct err *err)
{
    size_t mark = arena_mark(work->arena);
    enum ending ending = run_once(work, NULL, err);
    arena_release(work->arena, mark);
    for (size_t i = 0; ending == ENDING_NONE && i < work->choices.count; i++) {
        const char *choice = ((const char *const *)work->choices.items)[i];
        if (run_once(work, choice, err) != ENDING_NONE) {
            complain(arena_format(&work->own, "not recorded under %s: %s", choice, err->text));
        }
        arena_release(work->arena, mark);
    }
    return ending;
}

/* --- what came of it --- */

static void add_known(struct work *work, struct arena_list *known, const struct embedded *list)
{
    for (; list->name != NULL; list++) {
        *(const struct json **)arena_push(&work->own, known, sizeof(struct json *)) = list->document;
    }
}

static bool write_document(struct work *work, struct buf *document, struct err *err)
{
    const struct options *options = work->options;
    struct machine machine = {0};
    struct arena_list known = {0};
    struct recorder_report report = {0};
    struct recorder_form form = {.redacts = !options->no_redact, .seed = 1};
    add_known(work, &known, embedded_playbooks);
    add_known(work, &known, embedded_common);
    add_known(work, &known, embedded_tables);
    (void)arena_push(&work->own, &known, sizeof(struct json *)); /* its end */
    form.known = known.items;
    if (options->machine == NULL && !port_random(&form.seed, sizeof form.seed, err)) {
        return false;
    }
    if (options->machine != NULL && !machine_open(options, work->arena, &machine, err)) {
        return false;
    }
    bool was_redacted = machine.sim != NULL && sim_is_redacted(machine.sim);
    form.redacted = was_redacted ? machine.sim : NULL;
    bool is_written = recorder_write(work->recorder, &form, document, &report, err);
    if (machine.sim != NULL) {
        machine_close(&machine);
    }
    if (is_written) {
        complain(arena_format(&work->own, "%zu looks are recorded, %zu failed%s", report.looks, report.failed,
                              report.is_cut ? "; there was no memory for more" : ""));
        complain(form.redacts || was_redacted
                     ? "names, addresses and ids are replaced by stand-ins; \"recording\" says how many"
                     : "names, addresses, ids and host names of this machine are in it as they are; secrets are not");
    }
    return is_written;
}

static bool keep_document(const struct work *work, const struct buf *document, struct err *err)
{
    const struct option_texts *operands = &work->options->operands;
    if (operands->count == 0) {
        port_write(PORT_STDOUT, buf_string(document), document->size);
        return true;
    }
    return port_file_replace_private(operands->items[0], buf_string(document), document->size, err);
}

int recording_run(const struct options *options, struct arena *arena)
{
    struct work work AUTO(close_work) = {.options = options, .arena = arena, .begun_ms = port_now_ms()};
    struct buf document AUTO(buf_clear) = {0};
    struct err err = {0};
    if (!arena_open(&work.own, LIMIT_ARENA_BYTES, &err)) {
        complain(err.text);
        return exit_code_early(ENDING_FAILED, EXIT_PLAIN);
    }
    work.recorder = recorder_open(&work.own);
    enum ending ending = run_all(&work, &err);
    if (ending == ENDING_NONE && (!write_document(&work, &document, &err) || !keep_document(&work, &document, &err))) {
        ending = ENDING_FAILED;
    }
    emergency_disarm();
    if (ending != ENDING_NONE) {
        complain(err.text);
        return exit_code_early(ending, EXIT_PLAIN);
    }
    return exit_code(VERDICT_HEALTHY, EXIT_PLAIN);
}
