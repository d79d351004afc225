/* SPDX-License-Identifier: MIT */
/*
 * A scenario (tests/scenarios/README.md), read: the machine it starts from, the command line, what must come out. Those
 * of this tree and those that a team keeps beside its playbooks are read by this one reader. Memory: the arena given.
 */
#ifndef AZMEND_CHANNEL_SCENARIO_SCENARIO_H
#define AZMEND_CHANNEL_SCENARIO_SCENARIO_H

#include "base/text.h"
#include "channel/options/options.h"
#include "json/json.h"
#include "plan/plan.h"

struct expected {
    const char *finding;
    const char *state;
};

struct text {
    const char *bytes;
    size_t size;
};

struct scenario {
    const char *name;         /* "kms-target/retired-address" */
    const char *machine_file; /* a relative fileRoot starts from its folder */
    struct text machine;      /* base with the patch in it */
    struct options options;
    const struct plan *plan;
    const char *verdict;
    int64_t exit;          /* -1: what the verdict says */
    int64_t changes_count; /* -1: not told */
    const struct expected *findings;
    size_t finding_count;
    const struct json *changes; /* NULL: none */
    bool is_killed_at_every_call;
    const struct json *excluded; /* "wine", and laws that cannot hold; NULL: none */
    const struct json
        *says; /* finding -> texts that it says, with a ! in front those that it does not; NULL: not told */
    const struct json *confidence; /* finding -> its word; NULL: not told */
    const struct json *tried;      /* verb of a change -> how often; NULL: not told */
    const struct json *steps;      /* finding -> "ENSURE OUTCOME CLASS, ..."; NULL: not told */
    const struct json *near_miss;  /* findings that are nearly present, and absent; NULL: not told */
};

/* Where a scenario finds what it names. */
struct scenario_ground {
    /* A machine document to start from. */
    bool (*machine)(void *context, const char *name, struct arena *arena, const struct json **ret_json,
                    const char **ret_file, struct err *err);
    /* The playbooks that its command line names. */
    bool (*plan)(void *context, const struct options *options, struct arena *arena, const struct plan **ret_plan,
                 struct err *err);
    void *context;
    bool is_closed; /* no real file and no real connection: a machine that names one, or an option, is refused */
};

struct scenario_file {
    const struct json *json;
    const char *file; /* for messages; a relative fileRoot starts from its folder */
    const char *name; /* "kms-target/retired-address" */
};

/* ERR_INVALID: with file, line and path. */
bool scenario_read(const struct scenario_file *file, const struct scenario_ground *ground, struct arena *arena,
                   struct scenario *ret_scenario, struct err *err) MUST_CHECK;

/* A file of at most LIMIT_MACHINE_BYTES. */
bool scenario_read_json(const char *file, struct arena *arena, const struct json **ret_json, struct err *err)
    MUST_CHECK;

/* Does its "not" have the word? */
bool scenario_excludes(const struct scenario *scenario, const char *word);

/* base patched as RFC 7396 says, as bytes. base NULL: nothing to begin with. */
bool merge_patch(const struct json *base, const struct json *patch, struct arena *arena, struct text *ret_merged,
                 struct err *err) MUST_CHECK;

#endif
