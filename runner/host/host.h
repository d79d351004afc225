/* SPDX-License-Identifier: MIT */
/*
 * The gate: the only way to the machine. Every look and every change passes here and is counted; a change must pass
 * the Azure switch, the mode, the deadline and the journal before a backend sees it.
 * What a noun can do stands in its own header: nouns/<noun>/<noun>.h; nouns.h lists them.
 */
#ifndef AZMEND_HOST_HOST_H
#define AZMEND_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/op.h"

struct host_ops;
struct noun_gate;

enum gate_mode {
    GATE_LOOK, /* check: a change is a programmer error */
    GATE_PLAN, /* dry run: the same code, every op is recorded as PLANNED and not made */
    GATE_CHANGE,
};

/*
 * Where intents and answers go before and after each change. begin returning false stops the change: what cannot be
 * journalled is not done. NULL functions: no journal (check, plan).
 */
struct journal_sink {
    void *context;
    bool (*begin)(void *context, const struct op *op, struct err *err);
    bool (*end)(void *context, const struct op *op, struct err *err);
};

/* Told before every wait, so that a person at a terminal sees why nothing moves. NULL function: nobody watches. */
struct waiting_sink {
    void *context;
    void (*waiting)(void *context, const char *what); /* "3 network answers", "the licensing service", ... */
};

/* Where a text for people goes, beside the journal. NULL function: nowhere. */
struct note_sink {
    void *context;
    bool (*keep)(void *context, const char *name, const char *text, struct err *err);
};

/* See group.h. */
struct host_group {
    int64_t end_ms; /* monotonic; 0: none is open */
    bool is_committed;
};

struct host {
    const struct noun_gate *const *nouns; /* by enum noun */
    const struct host_ops *ops;
    void *backend;
    struct arena *arena;
    struct journal_sink journal;
    struct waiting_sink progress;
    struct note_sink notes;
    struct host_group group;
    enum gate_mode mode;
    bool on_azure;   /* the Azure switch: opened by host_prove_azure */
    bool stop_asked; /* set by whoever watches the waits: no further step or try begins, what is begun is ended */
    int64_t started_ms;
    int64_t deadline_ms;           /* monotonic, absolute */
    uint64_t calls;                /* host calls so far, looks and changes */
    size_t changes;                /* ops made (OP_DONE, OP_UNKNOWN) */
    bool journal_failed;           /* an answer could not be journalled: no further change begins */
    uint32_t generation;           /* bumped with every change */
    uint32_t changed[NOUN_COUNT];  /* per noun: the generation of its last change */
    unsigned changing;             /* NOUN_BITs of the change under way */
    uint32_t undoing;              /* sequence of the op that is put back just now; 0: none */
    struct arena_list log;         /* struct op *, in order */
    struct arena_list activations; /* struct licensing_attempt: what Activate came to in this run */
    struct arena_list excerpts;    /* what was read of the event log, each purpose once (nouns/event/gate.c) */
    struct arena_list runs;        /* struct process_run: what became of the programs of this run */
    bool has_probe_rule;           /* a rule for this program's own probes was asked for: it ends with the run */
    bool is_ending;                /* what ends with the run is taken away: the deadline does not count */
    size_t net_pending;
};

/* deadline_ms from now. The arena must outlive the host. */
void host_init(struct host *host, const struct host_ops *ops, void *backend, struct arena *arena, enum gate_mode mode,
               int64_t deadline_ms);

/*
 * Opens the Azure switch. asset_tag or vm_id as looked up; NULL: not known. Only the documented SMBIOS chassis asset
 * tag or a well-formed vmId opens it. Returns whether it is open now.
 */
bool host_prove_azure(struct host *host, const char *asset_tag, const char *vm_id);

/* Ops so far, and the one at index. */
size_t host_op_count(const struct host *host);
const struct op *host_op(const struct host *host, size_t index);
/* The last op of this run by noun, verb and target; NULL: none was begun. Owned by the host. */
const struct op *host_op_last(const struct host *host, enum noun noun, const char *verb, const char *target);
/* Highest generation over the nouns in bits: a look made at a lower one is stale. */
uint32_t host_generation(const struct host *host, unsigned noun_bits);

#endif
