/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16 };
_Static_assert(ALIGNMENT >= _Alignof(max_align_t), "any type fits at an aligned address");

bool arena_open(struct arena *arena, size_t size_bytes, struct err *err)
{
    char *bytes = malloc(size_bytes);
    if (bytes == NULL) {
        return err_set(err, ERR_MEMORY, 0, "the system gives no %zu bytes for the run", size_bytes);
    }
    *arena = (struct arena){.bytes = bytes, .size = size_bytes};
    return true;
}

void arena_close(struct arena *arena)
{
    free(arena->bytes);
    *arena = (struct arena){0};
}

/* Volatile, or the compiler sees that nobody reads it any more and leaves it out. */
void arena_wipe(struct arena *arena)
{
    volatile char *bytes = arena->bytes;
    for (size_t i = 0; i < arena->peak; i++) {
        bytes[i] = 0;
    }
    arena->used = 0;
}

static size_t padding(const struct arena *arena)
{
    return (ALIGNMENT - arena->used % ALIGNMENT) % ALIGNMENT;
}

bool arena_has(const struct arena *arena, size_t size)
{
    size_t left = arena->size - arena->used;
    size_t lost = padding(arena);
    return lost <= left && size <= left - lost;
}

size_t arena_mark(const struct arena *arena)
{
    return arena->used;
}

void arena_release(struct arena *arena, size_t mark)
{
    must(mark <= arena->used);
    arena->used = mark;
}

/* The one place that gives memory out. Texts come unaligned: they are many, and the padding would double them. */
static char *take(struct arena *arena, size_t size)
{
    if (size > arena->size - arena->used) {
        must_exhausted("the arena of this run is full");
    }
    char *taken = arena->bytes + arena->used;
    arena->used += size;
    if (arena->used > arena->peak) {
        arena->peak = arena->used;
    }
    return taken;
}

void *arena_uncleared(struct arena *arena, size_t size)
{
    if (!arena_has(arena, size)) {
        must_exhausted("the arena of this run is full");
    }
    (void)take(arena, padding(arena));
    return take(arena, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    char *taken = arena_uncleared(arena, size);
    if (size > 0) {
        memset(taken, 0, size);
    }
    return taken;
}

struct arena arena_part(struct arena *arena, size_t size)
{
    char *bytes = arena_uncleared(arena, size);
    return (struct arena){.bytes = bytes, .size = size};
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        must_exhausted("an array larger than memory was asked for");
    }
    return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    if (size == SIZE_MAX) {
        must_exhausted("a text larger than memory was asked for");
    }
    char *copy = take(arena, size + 1);
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    copy[size] = '\0';
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vformat(arena, format, arguments);
    va_end(arguments);
    return text;
}

char *arena_vformat(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    must(length >= 0);
    size_t room = (size_t)length + 1;
    char *text = take(arena, room);
    (void)vsnprintf(text, room, format, arguments);
    return text;
}

void *arena_push(struct arena *arena, struct arena_list *list, size_t size)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        void *items = arena_array(arena, capacity, size);
        if (list->count > 0) {
            memcpy(items, list->items, list->count * size);
        }
        list->items = items;
        list->capacity = capacity;
    }
    return (char *)list->items + size * list->count++;
}
