/* SPDX-License-Identifier: MIT */
/*
 * One arena a run: committed whole at the start, capped, freed once at the end. No allocation returns NULL; at the
 * cap the run ends through must_exhausted() (the emergency result). Main thread only.
 */
#ifndef AZMEND_BASE_ARENA_H
#define AZMEND_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

struct arena {
    char *bytes;
    size_t size; /* the cap, bytes */
    size_t used;
    size_t peak; /* highest `used` so far */
};

/* ERR_MEMORY when the system does not give size_bytes. */
bool arena_open(struct arena *arena, size_t size_bytes, struct err *err) MUST_CHECK;
void arena_close(struct arena *arena); /* takes a zeroed one */
/* Overwrites what was ever in it: where secrets were. Nothing that came from it may be used afterwards. */
void arena_wipe(struct arena *arena);

/* Zeroed, aligned for any type. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same, and whatever was there before: for a large buffer of which mostly the beginning is used. */
void *arena_uncleared(struct arena *arena, size_t size);
/* Zeroed array; a product over SIZE_MAX ends the run. */
void *arena_array(struct arena *arena, size_t count, size_t size);
char *arena_copy(struct arena *arena, const void *bytes, size_t size); /* adds a NUL behind */
char *arena_text(struct arena *arena, const char *text);
char *arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vformat(struct arena *arena, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/*
 * Scratch that is given back: what was allocated since the mark is gone with the release, so nothing of it may be kept.
 * Never around a call that keeps something in this arena: a change, a query that the host remembers, a simulated
 * machine.
 */
size_t arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, size_t mark);
/*
 * An arena of its own inside this one, for a known bound: it can be marked and released while its parent goes on. It is
 * never closed, and its memory stays with the parent's until the parent's mark is released. Ends the run when less than
 * size is left: ask arena_has first.
 */
struct arena arena_part(struct arena *arena, size_t size);

/* True when at least size bytes are left: a fix reserves before it writes its intent. */
bool arena_has(const struct arena *arena, size_t size);

/*
 * A growing array in the arena: `items` of `size` bytes each, doubled by copying (the old block stays until the end
 * of the run, so at most twice the memory). Returns the new, zeroed last element.
 */
struct arena_list {
    void *items;
    size_t count, capacity;
};
void *arena_push(struct arena *arena, struct arena_list *list, size_t size);

#endif
