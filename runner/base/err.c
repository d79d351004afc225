/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/text.h"

static void (*failure_hook)(const char *what);

/* Hostile names and foreign texts end up in messages: one line stays one line, no UTF-8 sequence is left in halves,
 * and no secret passes. */
static void keep(struct err *err, char *text)
{
    redact_bytes(text, strlen(text));
    size_t size = text_cut(text, ERR_TEXT_SIZE - 1);
    for (size_t i = 0; i < size; i++) {
        bool control = (unsigned char)text[i] < ' ' || text[i] == 0x7f;
        err->text[i] = control ? ' ' : text[i];
    }
    err->text[size] = '\0';
}

/* Longer than a text may become, so that the cut is made in one place; apart, so that arguments may lie in err. */
enum { DRAFT_SIZE = ERR_TEXT_SIZE + 4 };

bool err_set(struct err *err, enum err_code code, uint32_t os, const char *format, ...)
{
    char draft[DRAFT_SIZE] = "";
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(draft, sizeof(draft), format, arguments);
    va_end(arguments);
    err->code = code;
    err->os = os;
    keep(err, draft);
    return false;
}

bool err_context(struct err *err, const char *format, ...)
{
    char draft[DRAFT_SIZE] = "";
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(draft, sizeof(draft), format, arguments);
    va_end(arguments);
    size_t used = length < 0 ? 0 : (size_t)length;
    if (used < sizeof(draft)) {
        (void)snprintf(draft + used, sizeof(draft) - used, ": %s", err->text);
    }
    keep(err, draft);
    return false;
}

const char *err_code_name(enum err_code code)
{
    static const char *const names[] = {
        [ERR_NONE] = "none",
        [ERR_INVALID] = "invalid",
        [ERR_LIMIT] = "limit",
        [ERR_MEMORY] = "memory",
        [ERR_NOT_FOUND] = "not_found",
        [ERR_DENIED] = "denied",
        [ERR_IO] = "io",
        [ERR_TIMEOUT] = "timeout",
        [ERR_UNSUPPORTED] = "unsupported",
        [ERR_REFUSED] = "refused",
        [ERR_BUSY] = "busy",
        [ERR_NETWORK] = "network",
        [ERR_INTERRUPTED] = "interrupted",
        [ERR_UNSCRIPTED] = "unscripted",
    };
    _Static_assert(COUNT_OF(names) == ERR_CODE_COUNT, "every code has its word");
    must((size_t)code < COUNT_OF(names));
    return names[code];
}

void must_on_failure(void (*hook)(const char *what))
{
    failure_hook = hook;
}

/* _Exit: what atexit would run belongs to a program that is no longer sound. The hook goes first, and only once. */
static _Noreturn void end(char *what)
{
    redact_bytes(what, strlen(what));
    void (*hook)(const char *) = failure_hook;
    failure_hook = NULL;
    (void)fprintf(stderr, "azmend: %s\n", what);
    if (hook != NULL) {
        hook(what);
    }
    _Exit(EXIT_FAILURE);
}

_Noreturn void must_fail(const char *condition, const char *file, int line)
{
    char what[ERR_TEXT_SIZE];
    (void)snprintf(what, sizeof(what), "internal error: %s does not hold (%s:%d)", condition, file, line);
    end(what);
}

_Noreturn void must_exhausted(const char *what)
{
    char text[ERR_TEXT_SIZE];
    (void)snprintf(text, sizeof(text), "out of memory: %s", what);
    end(text);
}
