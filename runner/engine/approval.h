/* SPDX-License-Identifier: MIT */
/*
 * A plan by a name of its own, so that somebody can approve it and a fix can be held to it.
 *
 *     plan      approval_name(record)                   "9f2c...81d0.03ab12ff.c4d5e6f7": all of it, then each finding
 *     fix       a plan first; approval_compare(...)     the same changes of the same before-values, or nothing is done
 *
 * The name covers every planned change: its finding, what it does to what, how the thing stands before, and what it
 * becomes, and the kinds that the plan said may be due behind it. Where a file is moved to is left out: that name has
 * the time of the run in it.
 */
#ifndef AZMEND_ENGINE_APPROVAL_H
#define AZMEND_ENGINE_APPROVAL_H

#include "engine/record.h"

/* Hexadecimal digits of the whole, and of each finding. Behind them at most LIMIT_ENTRIES findings. */
enum { APPROVAL_WHOLE_DIGITS = 16, APPROVAL_PART_DIGITS = 8 };

/* Does the text look like such a name? */
bool approval_is_name(const char *text);
/* Of a plan. "": it would change nothing. False: ERR_MEMORY. */
bool approval_name(const struct record *plan, struct arena *arena, const char **ret_name, struct err *err) MUST_CHECK;
/* given: a name, as approved; plan: as it is now. The ids of the findings that would be fixed go into ret. */
bool approval_compare(const char *given, const struct record *plan, struct arena *arena,
                      struct approval_record *ret_approval, struct err *err) MUST_CHECK;

#endif
