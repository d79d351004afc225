/* SPDX-License-Identifier: MIT */
/*
 * A target: one parser of hostile bytes, one file. It takes any bytes and returns 0; what it must never do (crash, run
 * out of its memory, break a promise) ends the process by abort(). libFuzzer calls it with bytes it makes up
 * (AZMEND_FUZZ), replay.c with the files of a corpus.
 */
#ifndef AZMEND_TESTS_FUZZ_H
#define AZMEND_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

/* libFuzzer's name. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The memory of a run, empty again; whatever ends a run early is an abort from now on. */
struct arena *fuzz_arena(void);
/* A promise of the code under test. */
void fuzz_promise(bool holds, const char *promise);
/* False is only right with a reason for people. */
void fuzz_refused(const struct err *err);

#endif
