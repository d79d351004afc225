/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/process/process.h"

const struct process_run *host_process_last(const struct host *host, const char *program)
{
    const struct process_run *runs = host->runs.items;
    for (size_t i = host->runs.count; i > 0; i--) {
        if (text_equal(runs[i - 1].program, program)) {
            return &runs[i - 1];
        }
    }
    return NULL;
}

/* Program and arguments for people; nothing is ever run from this text. */
static const char *command_of(struct arena *arena, const struct process_order *order)
{
    const char *command = order->program;
    for (size_t i = 0; i < order->argument_count; i++) {
        command = arena_format(arena, "%s %s", command, order->arguments[i]);
    }
    return command;
}

static bool run(struct host *host, const struct process_order *order, struct err *err)
{
    int64_t left = host_left_ms(host);
    struct process_order bounded = *order;
    bounded.timeout_ms = left < LIMIT_CHILD_MS ? left : LIMIT_CHILD_MS;
    struct process_run *run = arena_push(host->arena, &host->runs, sizeof *run);
    *run = (struct process_run){.program = order->program, .utc_ms = host_utc_ms(host)};
    gate_waiting(host, order->program);
    run->ended = host->ops->process->run(host->backend, &bounded, host->arena, &run->result, err);
    return run->ended;
}

/* What the system answers before a program runs: nothing came of it. All else may have begun. */
static bool may_have_begun(const struct err *err)
{
    return err->code != ERR_NOT_FOUND && err->code != ERR_DENIED && err->code != ERR_INVALID &&
           err->code != ERR_UNSUPPORTED && err->code != ERR_UNSCRIPTED;
}

bool host_process_run(struct host *host, const struct process_order *order, struct err *err)
{
    if (host->ops->process->run == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "programs: not available on this machine (%s)", host->ops->name);
    }
    struct change change = {.noun = NOUN_PROCESS,
                            .also = NOUN_BIT(NOUN_EVENT) | NOUN_BIT(NOUN_LICENSING),
                            .class = OP_ONE_WAY,
                            .verb = "run",
                            .target = command_of(host->arena, order),
                            .before = "null",
                            .after = "{\"ran\":true}",
                            .shown_after = "ran"};
    struct op *op = NULL;
    if (!gate_begin(host, &change, &op, err)) {
        return false;
    }
    if (op->outcome == OP_PLANNED) {
        return true;
    }
    bool made = run(host, order, err);
    op->is_partial = !made && may_have_begun(err);
    return gate_end(host, op, made, err);
}

const struct noun_gate process_gate = {0};
