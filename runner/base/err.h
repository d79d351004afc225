/* SPDX-License-Identifier: MIT */
/*
 * Errors: one value on the caller's stack, nothing to free, usable without memory.
 *
 * Three families never mix: a programmer error is must(); a run error is `false` plus struct err; an outcome of the
 * machine (denied, absent, still broken) is data in the record.
 * Rule: a function that returns false has filled err and touched no ret_; one that returns true has set every ret_
 * and not touched err. Absence is a value, not an error, for every query.
 */
#ifndef AZMEND_BASE_ERR_H
#define AZMEND_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum err_code {
    ERR_NONE,        /* no error */
    ERR_INVALID,     /* malformed input: playbook, option, answer */
    ERR_LIMIT,       /* a bound of base/limits.h was reached */
    ERR_MEMORY,      /* out of memory */
    ERR_NOT_FOUND,   /* a named thing that must exist does not */
    ERR_DENIED,      /* the system refused for lack of rights */
    ERR_IO,          /* a read, write, sync or rename failed */
    ERR_TIMEOUT,     /* not finished within its bound; what it started may still go on */
    ERR_UNSUPPORTED, /* this system or this build has no such thing */
    ERR_REFUSED,     /* azmend itself refuses: not on Azure, dry run, deadline */
    ERR_BUSY,        /* somebody else holds it */
    ERR_NETWORK,     /* the network failed */
    ERR_INTERRUPTED, /* the process that did it ended before it was done */
    ERR_UNSCRIPTED,  /* the machine document says nothing about it (sim only) */
    ERR_CODE_COUNT
};

enum { ERR_TEXT_SIZE = 512 };

struct err {
    enum err_code code;
    uint32_t os;              /* GetLastError, HRESULT or errno as the system gave it; 0: none */
    char text[ERR_TEXT_SIZE]; /* English, one line: what was tried and what happened */
};

/* Fills err and returns false, so that `return err_set(...)` is the failing line. os 0: none. */
bool err_set(struct err *err, enum err_code code, uint32_t os, const char *format, ...) PRINTF_LIKE(4, 5);

/* Puts "context: " before the text; code and os stay. Returns false. */
bool err_context(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* "invalid", "denied", ...: the word used in results. */
const char *err_code_name(enum err_code code);

/*
 * A broken pre- or postcondition: prints one line, runs the hook (the emergency result), ends with exit code 1.
 * On in release builds.
 */
#define must(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))
_Noreturn void must_fail(const char *condition, const char *file, int line);

/* Called once, before the process ends through must() or an exhausted arena. May be NULL. */
void must_on_failure(void (*hook)(const char *what));

/* Out of arena or memory: same end as must(), said as what it is. */
_Noreturn void must_exhausted(const char *what);

#endif
