/* SPDX-License-Identifier: MIT */
/* What a finding is, and what a run comes to: pure tables, tested over all rows. */
#ifndef AZMEND_ENGINE_DECIDE_H
#define AZMEND_ENGINE_DECIDE_H

#include "engine/eval.h"
#include "engine/record.h"

struct decide_input {
    bool applies; /* false: appliesTo is false */
    bool applies_unknown;
    enum truth_word when; /* now */
    bool was_true;        /* `when` was true earlier in this run, and something was changed or tried since; or it is
                          false and an earlier run fixed it since the machine was started */
    bool outranked;       /* an earlier finding of the group is true */
    bool earlier_unknown; /* an earlier finding of the group is unknown */
    bool explained;
    enum truth_word refused; /* some refusal */
    bool hands_off;          /* the refusal that is true says that it is somebody else's to change */
    bool consent_missing;
    bool azure_proven;
    bool has_fix, has_handoff;
    enum run_mode mode;
    bool clears_after_reboot;
};

enum finding_state decide_state(const struct decide_input *input);
/* Would its fix run now? Only where decide_state says not_fixed because nothing has been tried yet. */
bool decide_runs(const struct decide_input *input);
/* It cannot be told: would its fix run, as far as is known, if it were present? */
bool decide_would_run(const struct decide_input *input);
/*
 * At the end of the run: what a fix did that ends with it is undone by then. What it failed to do stays not_fixed: what
 * depends on it was never seen.
 */
enum finding_state decide_closed(enum finding_state state, bool clears_with_run);
/* Does a finding in this state explain others? */
bool decide_stands(enum finding_state state);

/*
 * What one finding comes to. Handed over with commands it needs a change in Azure; without any, a setting of this
 * machine is somebody's, and that somebody has to decide.
 */
enum verdict verdict_of(const struct finding_record *record);
enum verdict verdict_worst(enum verdict left, enum verdict right);

#endif
