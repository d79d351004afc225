/* SPDX-License-Identifier: MIT */
/* Expressions as texts for people. */
#ifndef AZMEND_ENGINE_SAY_H
#define AZMEND_ENGINE_SAY_H

#include "engine/eval.h"
#include "engine/record.h"
#include "engine/say.h"

/* What people read in place of a part that has no text of its own. */
struct stand_ins {
    const char *absent, *unknown, *empty; /* empty: a list without elements */
    const char *yes, *no;
};
/* For people. NULL expr: NULL. */
const char *scope_say(struct scope *scope, const struct expr *expr, const struct stand_ins *stand_ins);
/* In both languages. */
struct spoken say_spoken(struct scope *scope, const struct said *said);

#endif
