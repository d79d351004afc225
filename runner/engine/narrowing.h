/* SPDX-License-Identifier: MIT */
/*
 * What the owner of a VM leaves a run to do, whoever asks for it. It is read from a policy key and from a tag of the VM
 * (channel/run/narrow.h) and can only take away: two sources leave what both leave.
 */
#ifndef AZMEND_ENGINE_NARROWING_H
#define AZMEND_ENGINE_NARROWING_H

#include "base/arena.h"

/* What a run may do at most; each takes away more. */
enum leave {
    LEAVE_FIX,   /* as it is asked */
    LEAVE_CHECK, /* look; a fix looks too, and an undo does nothing */
    LEAVE_OFF,   /* nothing */
    LEAVE_COUNT
};
extern const char *const leave_names[LEAVE_COUNT + 1];

struct narrowing {
    enum leave most;
    const char *from;            /* what says so, for people; NULL: nothing does */
    const char *const *findings; /* ids whose fix is not to run, as they were written */
    size_t finding_count;
    const char *const *nouns; /* kinds that no fix is to change */
    size_t noun_count;
    const char *const *approved; /* ids of the only findings whose fix is to run; NULL: any */
    size_t approved_count;
    const char *const *followers; /* beside those, fixes that change nothing but these kinds */
    size_t follower_count;
};

/* word: of leave_names, in any case. Any other is a mistake of whoever wrote it and leaves LEAVE_CHECK. */
void narrowing_take(struct narrowing *narrowing, const char *word, const char *from);
/* "A, B;C": separated by commas, semicolons or blanks; the arena keeps the parts. */
const char *const *narrowing_list(const char *text, struct arena *arena, size_t *ret_count);
bool narrowing_names(const char *const *items, size_t count, const char *name);
/* Does it take away anything at all? */
bool narrowing_applies(const struct narrowing *narrowing);

#endif
