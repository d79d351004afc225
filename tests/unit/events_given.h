/* SPDX-License-Identifier: MIT */
/* Keeps what a backend hands over of an event log, for tests that look at it afterwards. */
#ifndef AZMEND_TESTS_EVENTS_GIVEN_H
#define AZMEND_TESTS_EVENTS_GIVEN_H

#include <string.h>

#include "base/limits.h"
#include "host/host_ops.h"

struct events_given {
    struct arena *arena;
    struct arena_list items; /* const char *: XML, newest first; NULL: over its bound */
};

static inline bool events_take(void *context, const char *xml, size_t size)
{
    struct events_given *given = context;
    const char *copy = xml != NULL ? arena_copy(given->arena, xml, size) : NULL;
    *(const char **)arena_push(given->arena, &given->items, sizeof(copy)) = copy;
    return true;
}

/* The backend's own scratch is another arena: what is kept here would be given back with it. */
static inline bool events_ask(const struct host_ops *ops, void *backend, const struct event_query *query,
                              struct events_given *given, struct err *err)
{
    struct arena scratch AUTO(arena_close) = {0};
    const struct event_sink sink = {.context = given, .take = events_take};
    given->items = (struct arena_list){0};
    return arena_open(&scratch, LIMIT_EVENTS_BYTES, err) && ops->event->query(backend, query, &scratch, &sink, err);
}

static inline const char *events_at(const struct events_given *given, size_t index)
{
    must(index < given->items.count);
    return ((const char *const *)given->items.items)[index];
}

#endif
