/* SPDX-License-Identifier: MIT */
/* Finds the way back of an op in the gate of its noun. */
#include "host/restore.h"

#include "base/text.h"
#include "host/gate.h"
#include "host/op_state.h"

/* NULL: no such way, or not a target that this gate would journal. */
static const struct way_back *find_way(const struct host *host, const struct op *op)
{
    const struct noun_gate *gate = host->nouns[op->noun];
    if (!gate_is_target(gate, op->target)) {
        return NULL;
    }
    for (size_t i = 0; i < gate->count; i++) {
        for (size_t j = 0; j < COUNT_OF(gate->ways[i].verbs); j++) {
            if (text_same(gate->ways[i].verbs[j], op->verb)) {
                return &gate->ways[i];
            }
        }
    }
    return NULL;
}

bool host_state(struct host *host, const struct op *op, const char **ret_state, struct err *err)
{
    const struct way_back *way = find_way(host, op);
    return way != NULL ? way->state(host, op, ret_state, err)
                       : err_set(err, ERR_UNSUPPORTED, 0, "%s %s: nothing tells how it stands", op->verb, op->target);
}

bool gate_may_stand(struct host *host, struct op *op)
{
    const struct way_back *way = find_way(host, op);
    const char *state = NULL;
    struct err unseen = {0};
    if (way == NULL || op->is_partial) {
        return op->is_partial;
    }
    if (!way->state(host, op, &state, &unseen)) {
        return true;
    }
    bool tells = !text_same(op->before, op->after);
    op->stands = tells && state != op_state_other ? state : NULL;
    return !tells || !text_same(state, op->before);
}

bool host_restore(struct host *host, const struct op *op, struct err *err)
{
    const struct way_back *way = find_way(host, op);
    if (op->class != OP_REVERSIBLE || way == NULL || way->restore == NULL) {
        return err_set(err, ERR_UNSUPPORTED, 0, "%s %s: nothing gives it back", op->verb, op->target);
    }
    host->undoing = op->sequence;
    bool restored = way->restore(host, op, err);
    host->undoing = 0;
    return restored;
}
