/* SPDX-License-Identifier: MIT */
/*
 * Inside the gate: how a change passes, the same way for every noun. Private to host/.
 *
 *     if (!gate_begin(host, &change, &op, err)) return false;    refused: mode, Azure, deadline, memory, journal
 *     if (op->outcome == OP_PLANNED) return true;                dry run: recorded, not made
 *     return gate_end(host, op, host->ops->...(...), err);       made or not: journalled, counted, logged
 */
#ifndef AZMEND_HOST_GATE_H
#define AZMEND_HOST_GATE_H

#include "host/host_ops.h"

struct change {
    enum noun noun;
    unsigned also; /* further NOUN_BITs whose looks it makes stale */
    enum op_class class;
    const char *verb, *target;
    const char *before, *after;             /* states: canonical JSON, "null": absent */
    const char *shown_before, *shown_after; /* for people; NULL: absent */
};

/* One way of changing a thing: how it stands in the notation of the op, and writing the op's before-state. */
struct way_back {
    const char *verbs[2];
    bool (*state)(struct host *host, const struct op *op, const char **ret_state, struct err *err);
    bool (*restore)(struct host *host, const struct op *op, struct err *err); /* NULL: nothing gives it back */
};

/* All ways of changing a noun, beside the changes themselves; all zero: nothing of it has a way back. */
struct noun_gate {
    const struct way_back *ways;
    size_t count;
    bool (*is_target)(const char *target); /* gate_is_target asks it; undo writes to nothing else */
};
#define NOUN_GATE(upper, lower) extern const struct noun_gate lower##_gate;
NOUNS(NOUN_GATE)
#undef NOUN_GATE

bool gate_begin(struct host *host, const struct change *change, struct op **ret_op, struct err *err) MUST_CHECK;
/*
 * made false: err is what the backend said, which does not decide: the gate looks. What stands as before has failed;
 * all else is unknown and counts as a change, and so does what was given up waiting for (ERR_TIMEOUT). Returns whether
 * it was made, or is seen to stand as wanted.
 */
bool gate_end(struct host *host, struct op *op, bool made, struct err *err) MUST_CHECK;
/* Whether a failed op may have been made all the same, seen by the state of its noun; fills op->stands. What has no
 * state says it itself: is_partial. */
bool gate_may_stand(struct host *host, struct op *op);
/* Counts a look; false with ERR_UNSUPPORTED when the backend has no such function. */
bool gate_look(struct host *host, bool supported, const char *what, struct err *err) MUST_CHECK;
/* Tells whoever watches what is waited for. */
void gate_waiting(struct host *host, const char *what);
/* A JSON text of the form printf makes; arguments must already be safe inside JSON. */
const char *gate_json_text(struct arena *arena, const char *text); /* quoted and escaped; NULL: null */

/* --- states: how a thing stands, in the notation of the ops that change it --- */

/* A file that is rewritten or deleted must fit into its journal line; larger ones are renamed. */
enum { GATE_KEPT_BYTES = 64 * 1024 };

/* {"type": 1, "hex": "..."}; absent: null; nouns/registry/gate.c. */
const char *gate_registry_state(struct arena *arena, const struct registry_value *value);

/* --- targets --- */

/* Is it what a target of this noun looks like? A journal is read back by it. */
bool gate_is_target(const struct noun_gate *gate, const char *target);
/* Parts divided by one backslash each, none of them empty, "." or "..". */
bool gate_is_chain(const char *text);

#endif
