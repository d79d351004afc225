/* SPDX-License-Identifier: MIT */
#include "host/gate.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/platform.h"
#include "host/restore.h"
#include "json/value.h"

const char *const noun_names[NOUN_COUNT + 1] = {
#define NOUN_NAME(upper, lower) #lower,
    NOUNS(NOUN_NAME)
#undef NOUN_NAME
};
const char *const op_class_names[] = {"reversible", "one_way", "costly", NULL};
const char *const op_outcome_names[] = {"planned", "done", "failed", "unknown", NULL};

bool host_prove_azure(struct host *host, const char *asset_tag, const char *vm_id)
{
    if (text_same(asset_tag, PLATFORM_ASSET_TAG) || (vm_id != NULL && shape_accepts(SHAPE_GUID, vm_id))) {
        host->on_azure = true;
    }
    return host->on_azure;
}

size_t host_op_count(const struct host *host)
{
    return host->log.count;
}

const struct op *host_op(const struct host *host, size_t index)
{
    must(index < host->log.count);
    return ((struct op *const *)host->log.items)[index];
}

const struct op *host_op_last(const struct host *host, enum noun noun, const char *verb, const char *target)
{
    for (size_t i = host_op_count(host); i > 0; i--) {
        const struct op *op = host_op(host, i - 1);
        if (op->noun == noun && text_equal(op->verb, verb) && text_equal(op->target, target)) {
            return op;
        }
    }
    return NULL;
}

uint32_t host_generation(const struct host *host, unsigned noun_bits)
{
    uint32_t newest = 0;
    for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
        if ((noun_bits & NOUN_BIT(noun)) != 0 && host->changed[noun] > newest) {
            newest = host->changed[noun];
        }
    }
    return newest;
}

/* --- a look --- */

bool gate_look(struct host *host, bool supported, const char *what, struct err *err)
{
    host->calls++;
    if (!supported) {
        (void)err_set(err, ERR_UNSUPPORTED, 0, "%s: not available on this machine (%s)", what, host->ops->name);
    }
    return supported;
}

void gate_waiting(struct host *host, const char *what)
{
    if (host->progress.waiting != NULL) {
        host->progress.waiting(host->progress.context, what);
    }
}

/* --- a change --- */

static bool change_allowed(const struct host *host, const struct change *change, struct err *err)
{
    must(host->mode != GATE_LOOK);
    if (!host->on_azure) {
        return err_set(err, ERR_REFUSED, 0, "%s %s: this machine is not proven to be on Azure", change->verb,
                       change->target);
    }
    if (host->mode == GATE_PLAN) {
        return true;
    }
    if (host->journal_failed) {
        return err_set(err, ERR_REFUSED, 0, "%s %s: the journal cannot be written", change->verb, change->target);
    }
    if (host->is_ending) {
        return true;
    }
    if (host->ops->clock->now_ms(host->backend) >= host->deadline_ms) {
        return err_set(err, ERR_REFUSED, 0, "%s %s: the deadline of this run has passed", change->verb, change->target);
    }
    if (!arena_has(host->arena, LIMIT_FIX_RESERVE_BYTES)) {
        return err_set(err, ERR_LIMIT, 0, "%s %s: too little memory left to record it", change->verb, change->target);
    }
    return true;
}

static struct op *op_add(struct host *host, const struct change *change)
{
    struct op *op = arena_alloc(host->arena, sizeof(*op));
    *op = (struct op){.undoes = host->undoing,
                      .noun = change->noun,
                      .class = change->class,
                      .outcome = OP_PLANNED,
                      .verb = change->verb,
                      .target = change->target,
                      .before = change->before,
                      .after = change->after,
                      .shown_before = change->shown_before,
                      .shown_after = change->shown_after};
    *(struct op **)arena_push(host->arena, &host->log, sizeof(op)) = op;
    op->sequence = (uint32_t)host->log.count;
    return op;
}

bool gate_begin(struct host *host, const struct change *change, struct op **ret_op, struct err *err)
{
    host->calls++;
    if (!change_allowed(host, change, err)) {
        return false;
    }
    struct op *op = op_add(host, change);
    host->changing = change->also | NOUN_BIT(change->noun);
    if (host->mode == GATE_PLAN) {
        *ret_op = op;
        return true;
    }
    op->outcome = OP_FAILED;
    op->duration_ms = host->ops->clock->now_ms(host->backend);
    if (host->journal.begin != NULL && !host->journal.begin(host->journal.context, op, err)) {
        op->err = *err;
        op->duration_ms = 0;
        host->journal_failed = true;
        return false;
    }
    *ret_op = op;
    return true;
}

bool gate_end(struct host *host, struct op *op, bool made, struct err *err)
{
    op->duration_ms = host->ops->clock->now_ms(host->backend) - op->duration_ms;
    if (made) {
        op->outcome = OP_DONE;
    } else {
        op->err = *err;
        op->outcome = err->code == ERR_TIMEOUT || gate_may_stand(host, op) ? OP_UNKNOWN : OP_FAILED;
    }
    if (op->outcome != OP_FAILED && !host_is_passing(op)) {
        host->changes++;
    }
    /* A failed change may have been made in part: its looks are stale as well. */
    host->generation++;
    for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
        if ((host->changing & NOUN_BIT(noun)) != 0) {
            host->changed[noun] = host->generation;
        }
    }
    struct err journal_err = {0};
    if (host->journal.end != NULL && !host->journal.end(host->journal.context, op, &journal_err)) {
        host->journal_failed = true;
    }
    bool is_as_wanted = !made && op->stands != NULL && text_same(op->stands, op->after);
    if (is_as_wanted) {
        *err = (struct err){0};
    }
    return made || is_as_wanted;
}

const char *gate_json_text(struct arena *arena, const char *text)
{
    struct buf buf AUTO(buf_clear);
    buf_init(&buf, LIMIT_REGISTRY_BYTES * 6);
    struct value value = value_text(text);
    value_write(&buf, &value);
    return arena_text(arena, buf_whole(&buf));
}
