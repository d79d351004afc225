/* SPDX-License-Identifier: MIT */
/*
 * A kind: one noun of the playbook language (service, registry_value, kms_target, ...).
 *
 * A kind looks, and may set. It never decides, logs, prints or waits without a bound. Comparing what is with what
 * is wanted is the engine's work, the same for every kind.
 *
 * A look has up to two parts: `look` asks the machine (local, at once); `next` and `read` are a pure pair for the
 * network: next(params, replies so far) names the jobs of the coming round, read(replies) turns them into facts.
 * The engine runs the rounds of all looks in one event loop. What a reply means may be the machine's to say (is this
 * signature right, does this chain hold): `verify` asks it between two rounds and keeps the answers in `local`.
 */
#ifndef AZMEND_KINDS_KIND_H
#define AZMEND_KINDS_KIND_H

#include "host/host.h"
#include "host/nouns/net/net.h"
#include "json/value.h"

struct look {
    const struct value *params; /* one per kind->params: checked, typed, default filled in; absent where none */
    struct value *cells;        /* the facts, one per kind->properties; all absent at first */
    struct arena *arena;
    void *local;                     /* what `look` and `verify` saw, for next and read; the kind's own, in the arena */
    const struct net_reply *replies; /* all rounds so far, in the order of their jobs */
    size_t reply_count;
    int64_t probe_ms; /* bound of one probe: --probe-timeout */
};

/* What a step wants: one value per kind->properties; absent: not asked for. */
struct wanted {
    const struct value *params; /* as for a look */
    const struct value *facts;  /* what the look before the change reported */
    const struct value *cells;  /* wanted values */
    const bool *differs;        /* per property: wanted and not so */
    struct arena *arena;
};

struct kind {
    const char *name, *about;
    struct columns params;
    struct columns properties;
    unsigned reads;   /* NOUN_BITs: a change to one of them makes a look stale */
    unsigned changes; /* NOUN_BITs a set may change; 0: look only */
    /*
     * Of the run's memory: the most that one look keeps, its replies among it, whatever the machine and the network
     * answer. With less left a look is not begun, and its facts are unknown.
     */
    size_t memory_bytes;
    const char *example;      /* `with` of a look, as JSON; NULL: a look needs none */
    const char *example_step; /* `with` of a step, as JSON; NULL exactly when set is */
    /* NULL: nothing local. False: the whole fact is unknown, with err as the reason. */
    bool (*look)(struct look *look, struct host *host, struct err *err);
    /* NULL: none. Local, at once, after every round and before the next; what fails becomes part of the facts. */
    void (*verify)(struct look *look, struct host *host);
    /*
     * NULL: nothing on the network. Writes at most `room` jobs of the next round and returns how many; 0: done.
     * Pure: params, local and replies in, jobs out. Job texts in the arena.
     */
    size_t (*next)(struct look *look, struct net_job *jobs, size_t room);
    /* Pure; NULL exactly when next is. Called once, after the last round. */
    void (*read)(struct look *look);
    /* NULL: look only. Makes exactly the differing properties so, through the gate. False: failed, err says why. */
    bool (*set)(struct host *host, const struct wanted *wanted, struct err *err);
};

/* The catalog, NULL-ended, sorted by name. */
extern const struct kind *const kind_catalog[];
const struct kind *kind_find(const char *name); /* NULL: no such kind */

/* Lists for column.wants. */
extern const char *const wants_true[], *const wants_false[];

/* Column constructors: a row stays a row under clang-format. */
#define BOOL_COLUMN(n, f, a)                                                                                           \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_BOOL, .flags = (f)                                                     \
    }
#define INT_COLUMN(n, lo, hi, u, f, a)                                                                                 \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_INT, .min = (lo), .max = (hi), .unit = (u), .flags = (f)               \
    }
#define TEXT_COLUMN(n, f, a)                                                                                           \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_TEXT, .flags = (f)                                                     \
    }
#define SHAPED_COLUMN(n, s, f, a)                                                                                      \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_TEXT, .shape = (s), .flags = (f)                                       \
    }
#define WORD_COLUMN(n, w, f, a)                                                                                        \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_TEXT, .words = (w), .flags = (f)                                       \
    }
#define LIST_COLUMN(n, i, f, a)                                                                                        \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_LIST, .item = (i), .flags = (f)                                        \
    }
/* A step may want only what `w` lists. */
#define WANTED_BOOL_COLUMN(n, w, f, a)                                                                                 \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_BOOL, .wants = (w), .flags = (f) | COLUMN_ENSURE                       \
    }
#define WANTED_WORD_COLUMN(n, all, w, f, a)                                                                            \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_TEXT, .words = (all), .wants = (w), .flags = (f) | COLUMN_ENSURE       \
    }
#define ROWS_COLUMN(n, c, f, a)                                                                                        \
    {                                                                                                                  \
        .name = (n), .about = (a), .base = TYPE_ROWS, .cells = (c), .flags = (f)                                       \
    }
#define COLUMNS(array)                                                                                                 \
    {                                                                                                                  \
        .items = (array), .count = COUNT_OF(array)                                                                     \
    }

#endif
