/* SPDX-License-Identifier: MIT */
/* Records made by hand, so that the report is tested without an engine. */
#ifndef AZMEND_TESTS_RECORD_FIXTURE_H
#define AZMEND_TESTS_RECORD_FIXTURE_H

#include "engine/record.h"
#include "host/host.h"

struct fixture {
    size_t playbooks;
    size_t findings;      /* of each playbook */
    const char *text;     /* title, detail, reason, machine name, change: everything a playbook or a machine says */
    const char *japanese; /* the same in Japanese; NULL: none */
    bool only_one_state;  /* all FIXED; else all states in turn */
};

/* Memory: the arena. */
const struct record *fixture_record(const struct fixture *fixture, struct arena *arena);
/* A small one as a fix leaves it: one finding fixed, one handed off, one playbook without a finding. */
const struct record *fixture_typical(struct arena *arena);

#endif
