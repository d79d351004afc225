/* SPDX-License-Identifier: MIT */
/*
 * An op: one change to the machine, planned or made. The gate makes them, the journal and the record keep them.
 *
 * A state is canonical JSON of the thing that changes ("null": absent), so that one mechanism serves every noun:
 * resume asks whether the state now equals `before` or `after`; undo writes `before` back where it equals `after`.
 */
#ifndef AZMEND_HOST_OP_H
#define AZMEND_HOST_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "host/nouns.h"

/* What a look reads and a change touches; a kind declares its nouns as bits. */
enum noun {
#define NOUN_WORD(upper, lower) NOUN_##upper,
    NOUNS(NOUN_WORD)
#undef NOUN_WORD
        NOUN_COUNT
};
#define NOUN_BIT(noun) (1U << (unsigned)(noun))
extern const char *const noun_names[NOUN_COUNT + 1];

enum op_class {
    OP_REVERSIBLE, /* undo gives the before-state back */
    OP_ONE_WAY,    /* declared in the plan; nothing gives it back (a replaced key, an activation) */
    OP_COSTLY,     /* one-way and paid for: needs a parameter (a MAK, a KMS host key) */
};
extern const char *const op_class_names[];

enum op_outcome {
    OP_PLANNED, /* dry run: would be made */
    OP_DONE,
    OP_FAILED,  /* err says why; looked at again, it stands as before */
    OP_UNKNOWN, /* it failed and does not stand as before, or nothing tells; or it is overdue and may still happen */
};
extern const char *const op_outcome_names[];

struct op {
    uint32_t sequence; /* from 1 within the run */
    uint32_t undoes;   /* sequence of the op of an earlier run that this one takes back; 0: none */
    enum noun noun;
    enum op_class class;
    enum op_outcome outcome;
    const char *verb;   /* "set", "delete", "start", "stop", "write", "rename", "install", "activate", ... */
    const char *target; /* identity for people and for undo, e.g. "HKLM\\SOFTWARE\\...|KeyManagementServiceName" */
    const char *before; /* state as canonical JSON; secrets already redacted */
    const char *after;
    const char *shown_before; /* the same for people; NULL: absent */
    const char *shown_after;
    const char *stands; /* of UNKNOWN: the state in which it was left; NULL: nothing tells */
    int64_t duration_ms;
    bool is_partial; /* it failed after a part of it was made: counted, and its outcome is UNKNOWN */
    struct err err;  /* of FAILED and UNKNOWN */
};

#endif
