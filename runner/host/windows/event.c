/* SPDX-License-Identifier: MIT */
/*
 * The event log as the event service renders it: XML, never the message of the system's language. Asked by a worker:
 * EvtQuery has no time of its own.
 * Source: https://learn.microsoft.com/windows/win32/wes/querying-for-events
 */
#include "host/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/limits.h"
#include "host/port.h"

/* windows.h goes first. */
/* clang-format off */
#include "host/windows/worker.h"
#include <winevt.h>
/* clang-format on */

/* First size of a rendered event, in units. Most have fewer; a unit of UTF-16 is at least one byte of UTF-8. */
enum { BATCH = 16, FIRST_UNITS = 4096, MOST_UNITS = LIMIT_EVENT_BYTES, NAME_SIZE = 128 };

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
    wchar_t *xml[LIMIT_EVENTS];
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

/* The size is asked for by rendering: an event that does not fit says how much it needs, once. */
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
        if (failure == ERROR_INSUFFICIENT_BUFFER && used > MOST_UNITS * sizeof(wchar_t)) {
            return err_set(err, ERR_LIMIT, failure, "an event of %s has %lu bytes", call->channel, used);
        }
        size = used;
    }
    return windows_failed(err, failure, "render an event of", call->channel);
}

static bool take(struct event_call *call, const struct batch *batch, struct err *err)
{
    for (DWORD i = 0; i < batch->count && call->count < call->most; i++) {
        if (!render(batch->events[i], call, &call->xml[call->count], err)) {
            return false;
        }
        call->count++;
    }
    return true;
}

static bool take_all(struct event_call *call, EVT_HANDLE found, struct err *err)
{
    while (call->count < call->most) {
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
    call->most = query->most < LIMIT_EVENTS ? query->most : LIMIT_EVENTS;
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

bool windows_event_query(void *backend, const struct event_query *query, struct arena *arena, struct event_xml *ret_xml,
                         struct err *err)
{
    struct event_call *call AUTO(release_call) = ask(query, windows_wait_ms(backend, LIMIT_EVENTS_MS), err);
    if (call == NULL) {
        return false;
    }
    const char **items = arena_array(arena, call->count, sizeof *items);
    for (size_t i = 0; i < call->count; i++) {
        items[i] = narrow(arena, call->xml[i]);
    }
    *ret_xml = (struct event_xml){.items = items, .count = call->count};
    return true;
}
