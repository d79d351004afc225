/* SPDX-License-Identifier: MIT */
/*
 * What must hold of a machine with several faults at once, under all built-in playbooks together. Each law prints why
 * it is broken, one line.
 *
 *   ends        no crash, in time; every result valid, stdout within its bytes
 *   looks       check and plan change nothing
 *   keeps       a licence and a key that were there are there afterwards
 *   agrees      what fix changes, plan said it would or might; what plan says would be fixed, fix tries
 *   once        a second fix changes nothing and ends no better
 *   azure       off Azure nothing is changed
 *   gives back  undo puts back what can be put back
 */
#ifndef AZMEND_TESTS_TOGETHER_H
#define AZMEND_TESTS_TOGETHER_H

#include "faults.h"
#include "overlay.h"

enum together {
    TOGETHER_ENDS,
    TOGETHER_LOOKS,
    TOGETHER_KEEPS,
    TOGETHER_AGREES,
    TOGETHER_ONCE,
    TOGETHER_AZURE,
    TOGETHER_GIVES_BACK,
    TOGETHER_COUNT
};
extern const char *const together_names[TOGETHER_COUNT + 1];

/* A fault that is put into what the fix left, to show that a law sees it. */
enum defect {
    DEFECT_NONE,
    DEFECT_KEY,     /* the key is gone */
    DEFECT_LICENSE, /* the licence is */
    DEFECT_PLAN,    /* the plan said nothing */
    DEFECT_LEFT,    /* the machine is as it was, as if nothing had been fixed */
    DEFECT_AZURE,   /* it was not Azure after all */
    DEFECT_LOUD,    /* stdout gets too much */
    DEFECT_CRASH,
    DEFECT_COUNT
};
extern const char *const defect_names[DEFECT_COUNT + 1];

enum {
    TOGETHER_REFUSED = -1, /* the simulated machine refuses the document */
    TOGETHER_SILENT = -2   /* the document says nothing about something that the fix asks for */
};
/* In a process of its own. Returns the broken laws as bits of enum together, or one of the above. */
int together_check(const struct overlay *overlay, const struct scenario *scenario, enum defect defect,
                   struct arena *arena);

#endif
