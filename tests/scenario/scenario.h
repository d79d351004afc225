/* SPDX-License-Identifier: MIT */
/*
 * A scenario file (tests/scenarios/README.md), read: the machine it starts from, the command line, what must come out.
 * Memory: the arena given.
 */
#ifndef AZMEND_TESTS_SCENARIO_H
#define AZMEND_TESTS_SCENARIO_H

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
};

/* root: the folder of all scenarios; path: of this one, below it. */
bool scenario_load(const char *root, const char *path, struct arena *arena, struct scenario *ret_scenario,
                   struct err *err) MUST_CHECK;

/* A file of at most LIMIT_MACHINE_BYTES. */
bool scenario_read_json(const char *file, struct arena *arena, const struct json **ret_json, struct err *err)
    MUST_CHECK;

/* Does its "not" have the word? */
bool scenario_excludes(const struct scenario *scenario, const char *word);

/* base patched as RFC 7396 says, as bytes. base NULL: nothing to begin with. */
bool merge_patch(const struct json *base, const struct json *patch, struct arena *arena, struct text *ret_merged,
                 struct err *err) MUST_CHECK;

#endif
