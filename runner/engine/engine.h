/* SPDX-License-Identifier: MIT */
/*
 * Runs a plan against a host: looks as a dataflow, fixes in playbook order, at most LIMIT_PASSES passes, and a record
 * of it all. What a fix uncovers in an earlier playbook is fixed before the next one. The engine decides nothing that
 * is not in the plan and reaches the machine only through kinds.
 */
#ifndef AZMEND_ENGINE_ENGINE_H
#define AZMEND_ENGINE_ENGINE_H

#include "engine/record.h"

/* What earlier runs fixed and only a restart completes. It counts while the machine's boot id is still this one. */
struct pending {
    const char *boot_id;            /* NULL: nothing is pending */
    const char *const *finding_ids; /* "PLAYBOOK.FINDING" */
    size_t count;
};

/*
 * Who writes down what only a restart completes. It is told before anything is changed that could clear such a
 * finding, so that a run cut off later leaves the next one the knowledge; what it cannot write down is not begun.
 */
struct restart_sink {
    bool (*note)(void *context, const char *boot_id, const char *finding_id, struct err *err); /* NULL: nobody */
    void *context;
};

/*
 * What an unattended run remembers of earlier ones, so that a fault that stays costs others little: when they last
 * asked a service that all VMs share, and which fixes that nothing takes back they began (engine/distance.h).
 * False: what is about to be done cannot be written down, and is not begun.
 */
struct distance_sink {
    /* Before the first try of a step that asks; ret_until_ms: UTC, not before then; 0: now. NULL: nothing is kept. */
    bool (*ask)(void *context, int64_t *ret_until_ms, struct err *err);
    /* What each try was answered, as a text. False: no repeat in this run. */
    bool (*answered)(void *context, const char *answer);
    /* Before a fix that nothing takes back; evidence: a digest. As ask. */
    bool (*once)(void *context, const char *evidence, int64_t *ret_until_ms, struct err *err);
    void *context;
};

struct engine_options {
    enum run_mode mode;
    const char *channel; /* "console", "handler", ... */
    const char *run_id;
    int64_t probe_ms; /* --probe-timeout */
    uint64_t seed;    /* of the retry jitter */
    struct pending pending;
    const char *const *traces; /* ids of findings, at most LIMIT_TRACE_FINDINGS: engine/trace.h */
    size_t trace_count;
    struct restart_sink restarts;
    struct distance_sink distance;
    const struct narrowing *narrowing; /* what no fix may do; NULL: nothing is denied */
};

/* Always fills the record; what goes wrong is in it. The host's mode must fit options->mode. */
void engine_run(const struct plan *plan, struct host *host, const struct engine_options *options, struct arena *arena,
                struct record *ret_record);
/*
 * Looks which machine this is, and opens the Azure switch; asks no playbook and changes nothing. Fills the record up to
 * its findings: an undo begins so.
 */
void engine_identify(struct host *host, const struct engine_options *options, struct arena *arena,
                     struct record *ret_record);
/*
 * The id of the first finding that would keep every fix of this plan from being begun now (holdsFixes, holdsUnknown),
 * or NULL. Looks at the playbooks with such findings and at nothing else, and changes nothing; the mode of host and
 * options is that of a check. Memory: the arena, which can be released behind it.
 */
const char *engine_held_by(const struct plan *plan, struct host *host, const struct engine_options *options,
                           struct arena *arena);

#endif
