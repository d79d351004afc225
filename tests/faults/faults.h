/* SPDX-License-Identifier: MIT */
/*
 * Faults from outside: a library that is preloaded into the shipped program and lets calls of its C library fail. The
 * program has no hook for it. What fails is said in the environment, a count from main() on:
 *
 *   FAULT_MEMORY=N[+]         the N-th allocation gives NULL; with + every later one too
 *   FAULT_FILES=N[+]:ERRNO    the N-th call that reads or changes a regular file or a folder ends with ERRNO
 *   FAULT_CLOCK=N[+]:SECONDS  from the N-th question on the wall clock is so far away; without + only at that one
 *   FAULT_REPORT=FILE         at exit: one line of JSON, how many calls of each sort there were, and allocations by
 *                             who asked for them
 *   FAULT_STRUCK=FILE         gets the name of the object whose allocation failed first
 */
#ifndef AZMEND_TESTS_FAULTS_H
#define AZMEND_TESTS_FAULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct fault {
    uint64_t at; /* 0: never */
    bool stays;
    int64_t what; /* errno, or seconds */
    _Atomic uint64_t seen;
};

extern struct fault fault_memory, fault_files, fault_clock;

/* Counts the call; true when it is one that fails. */
bool fault_strikes(struct fault *fault);
/* Notes an allocation of the object (library or program) that this code address lies in. */
void fault_note_owner(const void *code);
/* Says whose allocation fails, before it does: the process may not live to report it. */
void fault_tell_owner(const void *code);

#endif
