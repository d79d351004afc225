/* SPDX-License-Identifier: MIT */
/*
 * The event log as the event service renders it: XML, never the message of the system's language. Asked by a worker:
 * EvtQuery has no time of its own.
 * Source: https://learn.microsoft.com/windows/win32/wes/querying-for-events
 */
#include "host/nouns/event/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/limits.h"
#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/worker.h"
#include <winevt.h>
/* clang-format on */

/*
 * FIRST_UNITS: first size of a rendered event; most have fewer. MOST_BYTES: of one within LIMIT_EVENT_BYTES, with the
 * NUL that EvtRender counts; a unit of UTF-16 is at least one byte of UTF-8.
 */
enum { BATCH = 16, FIRST_UNITS = 4096, MOST_BYTES = (LIMIT_EVENT_BYTES + 1) * sizeof(wchar_t), NAME_SIZE = 128 };

static void drop_event(EVT_HANDLE *event)
{
    if (*event != NULL) {
        (void)EvtClose(*event);
    }
}

struct batch {
    EVT_HANDLE events[BATCH];
    DWORD count;
};

static void drop_batch(struct batch *batch)
{
    for (DWORD i = 0; i < batch->count; i++) {
        drop_event(&batch->events[i]);
    }
}

/* One query and what it found. The worker's own copies: it may outlive the one who asked. */
struct event_call {
    struct worker worker;
    char channel[NAME_SIZE]; /* for messages */
    wchar_t *path, *query;
    size_t most;
    int64_t deadline_ms; /* port_now_ms */
    size_t count;
    size_t units;                   /* of all texts: what the run's own bound cuts anyhow is not rendered */
    wchar_t *xml[LIMIT_EVENTS + 1]; /* NULL: over LIMIT_EVENT_BYTES */
};

static void drop_call(struct worker *worker)
{
    struct event_call *call = (struct event_call *)worker;
    for (size_t i = 0; i < call->count; i++) {
        free(call->xml[i]);
    }
    drop_wide(&call->path);
    drop_wide(&call->query);
    free(call);
}

static void release_call(struct event_call **call)
{
    if (*call != NULL) {
        worker_release(&(*call)->worker);
    }
}

/* --- the worker --- */

/* The size is asked for by rendering: an event that does not fit says how much it needs, once. NULL: over its bound. */
static bool render(EVT_HANDLE event, const struct event_call *call, wchar_t **ret_xml, struct err *err)
{
    DWORD size = FIRST_UNITS * sizeof(wchar_t), used = 0, properties = 0, failure = ERROR_INSUFFICIENT_BUFFER;
    for (int tries = 0; tries < 2 && failure == ERROR_INSUFFICIENT_BUFFER; tries++) {
        wchar_t *xml AUTO(drop_wide) = calloc(1, size + sizeof(wchar_t));
        if (xml == NULL) {
            return err_set(err, ERR_MEMORY, 0, "no memory for an event");
        }
        if (EvtRender(NULL, event, EvtRenderEventXml, size, xml, &used, &properties)) {
            *ret_xml = xml;
            xml = NULL;
            return true;
        }
        failure = GetLastError();
        if (failure == ERROR_INSUFFICIENT_BUFFER && used > MOST_BYTES) {
            *ret_xml = NULL;
            return true;
        }
        size = used;
    }
    return windows_failed(err, failure, "render an event of", call->channel);
}

/* The gate counts UTF-8, of which there is never less than of units: what is left out here it has cut already. */
static bool wants_more(const struct event_call *call)
{
    return call->count < call->most && call->units <= LIMIT_EVENTS_BYTES;
}

static bool take(struct event_call *call, const struct batch *batch, struct err *err)
{
    for (DWORD i = 0; i < batch->count && wants_more(call); i++) {
        wchar_t *xml = NULL;
        if (!render(batch->events[i], call, &xml, err)) {
            return false;
        }
        call->xml[call->count++] = xml;
        call->units += xml != NULL ? wcslen(xml) : 0;
    }
    return true;
}

static bool take_all(struct event_call *call, EVT_HANDLE found, struct err *err)
{
    while (wants_more(call)) {
        struct batch batch AUTO(drop_batch) = {.count = 0};
        int64_t left_ms = call->deadline_ms - port_now_ms();
        if (!EvtNext(found, BATCH, batch.events, left_ms > 0 ? (DWORD)left_ms : 0, 0, &batch.count)) {
            DWORD failure = GetLastError();
            batch.count = 0;
            return failure == ERROR_NO_MORE_ITEMS || windows_failed(err, failure, "read", call->channel);
        }
        if (batch.count == 0 || !take(call, &batch, err)) {
            return batch.count == 0;
        }
    }
    return true;
}

/* A channel that does not exist is an empty list. */
static bool work(struct worker *worker, struct err *err)
{
    struct event_call *call = (struct event_call *)worker;
    EVT_HANDLE found AUTO(drop_event) =
        EvtQuery(NULL, call->path, call->query, EvtQueryChannelPath | EvtQueryReverseDirection);
    if (found != NULL) {
        return take_all(call, found, err);
    }
    DWORD failure = GetLastError();
    return failure == ERROR_EVT_CHANNEL_NOT_FOUND || windows_failed(err, failure, "query", call->channel);
}

/* --- who asks --- */

/* NULL: failed, err says why. */
static struct event_call *ask(const struct event_query *query, int64_t wait_ms, struct err *err)
{
    struct event_call *call AUTO(release_call) = calloc(1, sizeof *call);
    if (call == NULL) {
        (void)err_set(err, ERR_MEMORY, 0, "no memory to ask for events");
        return NULL;
    }
    call->worker = (struct worker){.work = work, .drop = drop_call};
    must(query->most <= COUNT_OF(call->xml));
    call->most = query->most;
    call->deadline_ms = port_now_ms() + wait_ms;
    (void)snprintf(call->channel, sizeof call->channel, "log %s", query->channel);
    if (!wide_open(query->channel, &call->path, err) || !wide_open(query->xpath, &call->query, err) ||
        !worker_run(&call->worker, call->channel, wait_ms, err)) {
        return NULL;
    }
    struct event_call *answered = call;
    call = NULL;
    return answered;
}

/* One at a time: the arena never holds more than one of them. */
static bool hand_over(const struct event_call *call, size_t index, struct arena *arena, const struct event_sink *sink)
{
    size_t mark = arena_mark(arena);
    const char *xml = call->xml[index] != NULL ? narrow(arena, call->xml[index]) : NULL;
    bool goes_on = sink->take(sink->context, xml, xml != NULL ? strlen(xml) : 0);
    arena_release(arena, mark);
    return goes_on;
}

static bool query(void *backend, const struct event_query *query, struct arena *arena, const struct event_sink *sink,
                  struct err *err)
{
    struct event_call *call AUTO(release_call) = ask(query, windows_wait_ms(backend, LIMIT_EVENTS_MS), err);
    if (call == NULL) {
        return false;
    }
    for (size_t i = 0; i < call->count && hand_over(call, i, arena, sink); i++) {
    }
    return true;
}

const struct event_ops windows_event_ops = {
    .query = query,
};
