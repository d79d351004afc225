/* SPDX-License-Identifier: MIT */
/*
 * The distance that an unattended run keeps. A run that nobody watches comes back by itself, and a fault that stays
 * would make it ask the same KMS, or replace the same key, again and again. What earlier runs did is remembered outside
 * the engine (struct distance_sink in engine.h); here is what it is asked about, from the columns of the kinds alone:
 *
 *   COLUMN_ASKS          a step that wants such a property asks a service that all VMs share: not before its time
 *   an `effect`          a step that nothing takes back: once on the same evidence
 *
 * What a change of this run calls for (`brings`), and what ends a group, is never held: half of it is worse than none.
 */
#ifndef AZMEND_ENGINE_DISTANCE_H
#define AZMEND_ENGINE_DISTANCE_H

#include "engine/run.h"

/* Why the fix of a finding is not begun now, in English for its steps; NULL: it is. What is held goes into the record.
 */
const char *distance_holds(struct run *run, struct playbook_run *playbook, size_t finding);
/* After each try; entry: the look behind it. False: it is not tried once more. */
bool distance_answered(struct run *run, const struct step *step, const struct look_entry *entry);
/* A change of this run was made, and a step of this kind belongs to it. */
void distance_brought(struct run *run, const char *kind);

#endif
