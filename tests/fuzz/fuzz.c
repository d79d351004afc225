/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static void fall(const char *what)
{
    (void)fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

struct arena *fuzz_arena(void)
{
    static struct arena arena;
    struct err err = {0};
    must_on_failure(fall);
    if (arena.bytes == NULL && !arena_open(&arena, LIMIT_ARENA_BYTES, &err)) {
        fall(err.text);
    }
    arena_release(&arena, 0);
    return &arena;
}

void fuzz_promise(bool holds, const char *promise)
{
    if (!holds) {
        fall(promise);
    }
}

void fuzz_refused(const struct err *err)
{
    fuzz_promise(err->code != ERR_NONE && err->text[0] != '\0', "what is refused has its reason");
}
